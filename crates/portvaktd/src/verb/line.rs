//! `line list`.

use access::LineId;
use control::reply::line::LineRow;
use control::{Reply, Row};
use reader_bus::ReaderState;

use crate::bench::Bench;
use crate::config::{Config, Line};
use crate::control_server::{Asker, Outlet, Stop};
use crate::names::Names;

/// Every line.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let (config, names) = (asker.controller.config(), asker.controller.names.clone());
    let rows = asker
        .controller
        .site
        .ask(move |bench, _| rows(bench, &config, &names))
        .await?;
    outlet.rows(rows.into_iter().map(Row::Line)).await
}

fn rows(bench: &Bench, config: &Config, names: &Names) -> Vec<LineRow> {
    let lines = config.lines.iter().enumerate();
    lines
        .filter_map(|(at, line)| {
            names
                .line(&line.name)
                .map(|id| row(bench, config, (at, line, id), names))
        })
        .collect()
}

fn row(
    bench: &Bench,
    config: &Config,
    (at, line, id): (usize, &Line, LineId),
    names: &Names,
) -> LineRow {
    let readers: Vec<_> = config
        .readers
        .iter()
        .filter(|reader| reader.line == at)
        .collect();
    let online = readers
        .iter()
        .filter(|reader| is_online(bench, names, &reader.name));
    let stats = bench.site.line_stats(id).unwrap_or_default();
    let port = bench.port(id);
    LineRow {
        line: line.name.clone(),
        device: line.device.display().to_string(),
        protocol: line.protocol.as_str().to_owned(),
        baud: line.baud,
        up: port.up,
        readers: u32::try_from(readers.len()).unwrap_or(u32::MAX),
        online: u32::try_from(online.count()).unwrap_or(u32::MAX),
        frames: stats.scan.frames,
        noise_octets: stats.scan.noise_octets,
        bad_frames: stats.scan.bad_check.saturating_add(stats.scan.bad_len),
        warning: port.why,
    }
}

/// Whether the reader of this name is in service.
pub(super) fn is_online(bench: &Bench, names: &Names, reader: &str) -> bool {
    let stats = names
        .reader(reader)
        .and_then(|id| bench.site.reader_stats(id));
    stats.is_some_and(|stats| stats.state == ReaderState::Online)
}
