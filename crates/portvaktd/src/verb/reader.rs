//! `reader list` and `reader show`.

use control::reply::reader::ReaderRow;
use control::{Refusal, Reply, Row};
use reader_bus::{PdId, ReaderState, ReaderStats};
use site::Now;

use crate::bench::Bench;
use crate::config::{Config, Protocol, Reader};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::names::Names;

/// Every reader.
pub(super) async fn list(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let (config, names) = (asker.controller.config(), asker.controller.names.clone());
    let rows = asker.controller.site.ask(move |bench, now| {
        config
            .readers
            .iter()
            .map(|reader| row(bench, &config, &names, (reader, now)))
            .collect::<Vec<_>>()
    });
    outlet.rows(rows.await?.into_iter().map(Row::Reader)).await
}

/// One reader.
pub(super) async fn show(asker: &Asker, name: String) -> Result<Reply, Stop> {
    let (config, names) = (asker.controller.config(), asker.controller.names.clone());
    let reader = find(&config, &name)?.clone();
    let row = asker
        .controller
        .site
        .ask(move |bench, now| row(bench, &config, &names, (&reader, now)));
    Ok(Reply::Reader(row.await?))
}

/// The reader of this name.
pub(super) fn find<'c>(config: &'c Config, name: &str) -> Result<&'c Reader, Refusal> {
    let found = config.readers.iter().find(|reader| reader.name == name);
    found.ok_or_else(|| {
        not_found(
            "reader",
            name,
            config.readers.iter().map(|reader| reader.name.as_str()),
        )
    })
}

fn row(bench: &Bench, config: &Config, names: &Names, (reader, now): (&Reader, Now)) -> ReaderRow {
    let line = config.lines.get(reader.line);
    let id = names.reader(&reader.name);
    let stats = id
        .and_then(|id| bench.site.reader_stats(id))
        .unwrap_or_default();
    let up = line
        .and_then(|line| names.line(&line.name))
        .is_some_and(|line| bench.port(line).up);
    let is_wiegand = line.is_some_and(|line| line.protocol != Protocol::Osdp);
    let session = stats
        .session_since
        .filter(|_| stats.state == ReaderState::Online && reader.secure);
    ReaderRow {
        reader: reader.name.clone(),
        line: line.map(|line| line.name.clone()).unwrap_or_default(),
        address: reader.address,
        state: state(&stats, up).to_owned(),
        security: security(reader, &stats).to_owned(),
        trust: if is_wiegand || !reader.secure {
            "low"
        } else {
            "high"
        }
        .to_owned(),
        formats: reader.format_names.clone(),
        enrol: reader.enrol,
        tamper: id.is_some_and(|id| bench.is_tampered(id)),
        identity: id.and_then(|id| bench.identity(id)).map(|id| identity(&id)),
        known_as: id
            .and_then(|id| bench.stranger(id))
            .filter(|_| stats.state == ReaderState::Swapped)
            .map(|stranger| stranger.expected.to_string()),
        polls: stats.polls,
        retries: stats.retries,
        bad_frames: stats.bad_frames.saturating_add(stats.bad_macs),
        polls_per_s: Some(stats.polls_per_10s.div_ceil(10)),
        lost_replies: Some(stats.lost_replies),
        sessions: Some(stats.sessions),
        longest_reply_ms: Some(u64::try_from(stats.longest_reply.as_millis()).unwrap_or(u64::MAX)),
        session_age_s: session.map(|since| now.up.saturating_since(since).as_secs()),
    }
}

fn state(stats: &ReaderStats, line_up: bool) -> &'static str {
    match stats.state {
        _ if !line_up => "line-down",
        ReaderState::Offline | ReaderState::Connecting => "offline",
        ReaderState::NoKey => "no-key",
        ReaderState::Swapped => "swapped",
        ReaderState::Pairing => "pairing",
        ReaderState::Online => "online",
    }
}

fn security(reader: &Reader, stats: &ReaderStats) -> &'static str {
    match stats.state {
        _ if !reader.secure => "clear",
        ReaderState::NoKey => "no-key",
        ReaderState::Online => "secure",
        ReaderState::Offline | ReaderState::Connecting | ReaderState::Swapped => "keyed",
        ReaderState::Pairing => "default-key",
    }
}

/// Vendor, model, serial number and firmware, as technicians note them.
pub(super) fn identity(id: &PdId) -> String {
    let [a, b, c] = id.vendor;
    let [major, minor, build] = id.firmware;
    format!(
        "vendor {a:02X}-{b:02X}-{c:02X} model {} serial {:08X} firmware {major}.{minor}.{build}",
        id.model, id.serial
    )
}
