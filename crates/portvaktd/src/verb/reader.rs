//! `reader list`, `reader show` and `reader set-key`.

use access::ReaderId;
use control::reply::reader::ReaderRow;
use control::{Code, ReaderKey, Refusal, Reply, Row};
use event_log::AdminVerb;
use key_store::{KeyError, KeyStore, Weakness};
use reader_bus::{PdId, ReaderState, ReaderStats, Scbk};
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

/// Gives the controller a reader's key. The record is durable before the key is, so no key is ever without one.
pub(super) async fn set_key(
    asker: &Asker,
    name: String,
    key: ReaderKey,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let config = asker.controller.config();
    let reader = find(&config, &name)?;
    if !reader.secure {
        let what =
            format!("reader \"{name}\" is configured without Secure Channel and takes no key");
        return Err(Refusal::new(Code::Refused, what).into());
    }
    let names = asker.controller.names.clone();
    let id = names
        .reader(&name)
        .ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))?;
    let others: Vec<ReaderId> = names
        .readers()
        .map(|(_, other)| other)
        .filter(|other| *other != id)
        .collect();
    let offered = key.clone();
    let checked = asker
        .controller
        .desk
        .ask(move |desk| check(&desk.keys, &offered, &others))
        .await?;
    checked.map_err(|cause| refused_key(&name, &names, &cause))?;
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    asker.administration(AdminVerb::ReaderKeySet, &name).await?;
    let stored = key.clone();
    let set = asker
        .controller
        .desk
        .ask(move |desk| desk.keys.set_reader_key(id.get(), *stored.expose()))
        .await?;
    set.map_err(|cause| refused_key(&name, &names, &cause))?;
    let taken = asker
        .controller
        .site
        .ask(move |bench, _| bench.site.set_reader_key(id, Scbk::new(*key.expose())))
        .await?;
    taken.map_err(|cause| Refusal::new(Code::Failed, cause))?;
    Ok(Reply::Done { warning: None })
}

/// Whether the key could be set, without setting it.
fn check(keys: &KeyStore, key: &ReaderKey, others: &[ReaderId]) -> Result<(), KeyError> {
    if let Some(weakness) = Weakness::of(key.expose()) {
        return Err(KeyError::Weak { weakness });
    }
    for other in others {
        if keys
            .reader_key(other.get())?
            .is_some_and(|known| *known == *key.expose())
        {
            return Err(KeyError::Shared { with: other.get() });
        }
    }
    Ok(())
}

fn refused_key(reader: &str, names: &Names, cause: &KeyError) -> Refusal {
    if let KeyError::Shared { with } = cause {
        let other = names.reader_name(ReaderId::new(*with));
        let what =
            format!("reader \"{other}\" already has this key; give \"{reader}\" one of its own");
        return Refusal::new(Code::Refused, what);
    }
    if matches!(cause, KeyError::Weak { .. }) {
        return Refusal::new(Code::Refused, format_args!("{cause}; draw one at random"));
    }
    Refusal::new(Code::Failed, format_args!("the key store: {cause}"))
}

fn find<'c>(config: &'c Config, name: &str) -> Result<&'c Reader, Refusal> {
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
    let is_wiegand = line.is_some_and(|line| line.protocol == Protocol::WiegandAscii);
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
        polls: stats.polls,
        retries: stats.retries,
        bad_frames: stats.bad_frames.saturating_add(stats.bad_macs),
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
        ReaderState::Offline
        | ReaderState::Connecting
        | ReaderState::Swapped
        | ReaderState::Pairing => "keyed",
    }
}

/// Vendor, model, serial number and firmware, as technicians note them.
fn identity(id: &PdId) -> String {
    let [a, b, c] = id.vendor;
    let [major, minor, build] = id.firmware;
    format!(
        "vendor {a:02X}-{b:02X}-{c:02X} model {} serial {:08X} firmware {major}.{minor}.{build}",
        id.model, id.serial
    )
}
