//! `line list`.

use access::LineId;
use control::reply::line::LineRow;
use control::{Reply, Row};
use reader_bus::{ReaderState, ReaderStats};

use crate::adapter;
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
    let of_readers = readers.iter().filter_map(|reader| {
        let id = names.reader(&reader.name)?;
        bench.site.reader_stats(id)
    });
    let of_readers: Vec<ReaderStats> = of_readers.collect();
    let total = |what: &dyn Fn(&ReaderStats) -> u64| of_readers.iter().map(what).sum::<u64>();
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
        polls_per_s: Some(
            total(&|stats| u64::from(stats.polls_per_10s))
                .div_ceil(10)
                .try_into()
                .unwrap_or(u32::MAX),
        ),
        retries: Some(total(&|stats| stats.retries)),
        reply_timeout_ms: Some(line.timing.reply_timeout_ms),
        inter_character_ms: Some(line.timing.inter_character_ms),
        turnaround_ms: Some(line.timing.turnaround_ms),
        warning: port.why.or_else(|| adapter::warning(&line.device)),
    }
}

/// Whether the reader of this name is in service.
pub(super) fn is_online(bench: &Bench, names: &Names, reader: &str) -> bool {
    let stats = names
        .reader(reader)
        .and_then(|id| bench.site.reader_stats(id));
    stats.is_some_and(|stats| stats.state == ReaderState::Online)
}
