//! `reader set-key`, `reader rotate-key`, `reader pair` and `reader accept-swap`: a reader's key, and who has it.

use std::time::Duration;

use access::ReaderId;
use control::request::reader::{PAIR_FOR_S_MAX, ReaderPair};
use control::{Code, ReaderKey, Refusal, Reply};
use event_log::AdminVerb;
use key_store::KeyError;
use reader_bus::{DropCause, FailCause, Order, OrderOutcome, ReaderState, Scbk};
use tokio::time::{sleep, timeout};

use super::reader::{find, show};
use crate::bench::{GivenOrder, Stranger};
use crate::control_server::{Asker, Outlet, Stop};
use crate::fresh_key::NoFreshKey;
use crate::names::Names;

/// Gives the controller a reader's key. The record is durable before the key is, so no key is ever without one.
pub(super) async fn set_key(
    asker: &Asker,
    name: String,
    key: ReaderKey,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let id = keyed(asker, &name)?;
    let names = asker.controller.names.clone();
    let busy = asker.controller.site.ask(move |bench, _| bench.is_busy(id));
    if busy.await? {
        return Err(refused(&name, "it is still carrying out another order").into());
    }
    let offered = key.clone();
    let checked = asker
        .controller
        .desk
        .ask(move |desk| {
            desk.keys.check_reader_key(id.get(), offered.expose())?;
            desk.keys.next_reader_key(id.get())
        })
        .await?;
    let next = checked.map_err(|cause| refused_key(&name, &names, &cause))?;
    let warning = next.map(|_| GIVEN_UP.to_owned());
    if dry_run {
        return Ok(Reply::Done { warning });
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
    Ok(Reply::Done { warning })
}

/// Has a reader take another key, inside a session under the one it has.
pub(super) async fn rotate_key(asker: &Asker, name: String, dry_run: bool) -> Result<Reply, Stop> {
    let id = keyed(asker, &name)?;
    let stats = asker
        .controller
        .site
        .ask(move |bench, _| bench.site.reader_stats(id))
        .await?
        .unwrap_or_default();
    if stats.state != ReaderState::Online || stats.session_since.is_none() {
        let why = "it is not in a Secure Channel session, and a key is changed only inside one; see reader show";
        return Err(refused(&name, why).into());
    }
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    asker
        .administration(AdminVerb::ReaderKeyRotation, &name)
        .await?;
    let given = asker
        .controller
        .desk
        .ask(move |desk| desk.send_fresh_key(id, |key, _| Order::SetKey(key)))
        .await?
        .map_err(|cause| not_sent(&name, &cause))?;
    let ended = timeout(ROTATED_WITHIN, given.ended).await;
    match ended.ok().and_then(Result::ok) {
        Some(OrderOutcome::Done) => done_and_recorded(asker).await,
        outcome => Err(not_rotated(&name, outcome).into()),
    }
}

/// Opens the window in which one reader in install mode gets its first key, and waits for what becomes of it. Who leaves
/// closes it.
pub(super) async fn pair(
    asker: &Asker,
    pairing: ReaderPair,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let ReaderPair {
        reader: name,
        for_s,
        replace,
    } = pairing;
    let id = keyed(asker, &name)?;
    let open_for = window(for_s)?;
    let has_key = asker
        .controller
        .desk
        .ask(move |desk| may_have_key(desk, id))
        .await?;
    if has_key.map_err(|cause| keys_failed(&cause))? && !replace {
        return Err(refused(&name, HAS_KEY).into());
    }
    within_reach(asker, &name, id).await?;
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let over = if replace { ", over its key" } else { "" };
    let text = format!("{name} for {for_s} s{over}");
    asker
        .administration(AdminVerb::PairingOpened, &text)
        .await?;
    let given = asker
        .controller
        .desk
        .ask(move |desk| {
            desk.send_fresh_key(id, move |key, now| Order::Pair {
                key,
                until: now + open_for,
                replace,
            })
        })
        .await?
        .map_err(|cause| not_sent(&name, &cause))?;
    let waiting = Reply::Waiting {
        reader: name.clone(),
        wait_s: for_s,
    };
    let ticket = given.ticket;
    let outcome = ended_or_left(given, waiting, outlet).await;
    match outcome {
        Some(OrderOutcome::Done) => done_and_recorded(asker).await,
        Some(outcome) => Err(not_paired(&name, outcome).into()),
        None => {
            let close =
                move |bench: &mut crate::bench::Bench, now| bench.site.withdraw(ticket, now);
            asker.controller.site.ask(close).await?;
            Err(Stop::Gone)
        }
    }
}

/// Done, and what the reader has shown of it is on disk.
async fn done_and_recorded(asker: &Asker) -> Result<Reply, Stop> {
    let settled = asker.controller.ledger.log.settle().await;
    let warning = settled
        .err()
        .map(|cause| format!("it is done, and recorded as soon as the log takes it: {cause}"));
    Ok(Reply::Done { warning })
}

/// What became of an order; `None` if whoever gave it has left.
async fn ended_or_left(
    given: GivenOrder,
    waiting: Reply,
    outlet: &mut Outlet<'_>,
) -> Option<OrderOutcome> {
    outlet.say(waiting).await.ok()?;
    tokio::select! {
        outcome = given.ended => outcome.ok(),
        () = outlet.left() => None,
    }
}

/// Takes whoever has the reader's key now for the reader.
pub(super) async fn accept_swap(asker: &Asker, name: String, dry_run: bool) -> Result<Reply, Stop> {
    let id = keyed(asker, &name)?;
    let stranger = asker
        .controller
        .site
        .ask(move |bench, _| bench.stranger(id))
        .await?;
    let identity = match stranger {
        Some(Stranger {
            said: Some(identity),
            ..
        }) => identity,
        Some(Stranger { said: None, .. }) => return Err(refused(&name, SAYS_NOTHING).into()),
        None => return Err(refused(&name, "nobody else has come in its place").into()),
    };
    if dry_run {
        return show(asker, name).await;
    }
    let text = format!("{name}: {identity}");
    asker
        .administration(AdminVerb::ReaderSwapAccepted, &text)
        .await?;
    let kept = asker
        .controller
        .desk
        .ask(move |desk| {
            desk.keys
                .pin_reader_identity(id.get(), identity.to_octets())
        })
        .await?;
    kept.map_err(|cause| keys_failed(&cause))?;
    let taken = asker
        .controller
        .site
        .ask(move |bench, _| bench.accept(id, identity))
        .await?;
    taken.map_err(|cause| Refusal::new(Code::Failed, cause))?;
    let online = comes_online(asker, id);
    // Shown as it stands then, in service or not.
    timeout(ACCEPTED_WITHIN, online).await.unwrap_or(Ok(()))?;
    show(asker, name).await
}

async fn comes_online(asker: &Asker, reader: ReaderId) -> Result<(), Stop> {
    loop {
        let stats = asker
            .controller
            .site
            .ask(move |bench, _| bench.site.reader_stats(reader))
            .await?;
        if stats.is_some_and(|stats| stats.state == ReaderState::Online) {
            return Ok(());
        }
        sleep(LOOK_EVERY).await;
    }
}

/// The number of a reader that has a key, or is to have one.
fn keyed(asker: &Asker, name: &str) -> Result<ReaderId, Refusal> {
    let config = asker.controller.config();
    if !find(&config, name)?.secure {
        let why = "it is configured without Secure Channel and takes no key";
        return Err(refused(name, why));
    }
    let id = asker.controller.names.reader(name);
    id.ok_or_else(|| Refusal::new(Code::NotFound, "the reader has no number"))
}

/// Refuses a window at a reader whose line is down, or that is busy, before anything is recorded of it.
async fn within_reach(asker: &Asker, name: &str, id: ReaderId) -> Result<(), Stop> {
    let config = asker.controller.config();
    let line = config.lines.get(find(&config, name)?.line);
    let line = line.and_then(|line| asker.controller.names.line(&line.name));
    let (up, busy) = asker
        .controller
        .site
        .ask(move |bench, _| {
            let up = line.is_some_and(|line| bench.port(line).up);
            (up, bench.is_busy(id))
        })
        .await?;
    match (up, busy) {
        (true, false) => Ok(()),
        (false, _) => Err(refused(name, "its line is down; see line list").into()),
        (true, true) => Err(refused(name, &NoFreshKey::Busy.to_string()).into()),
    }
}

fn window(for_s: u16) -> Result<Duration, Refusal> {
    if (1..=PAIR_FOR_S_MAX).contains(&for_s) {
        return Ok(Duration::from_secs(u64::from(for_s)));
    }
    let what = format!(
        "a window for pairing stands open for 1 to {} s, not {for_s}",
        PAIR_FOR_S_MAX
    );
    Err(Refusal::new(Code::Usage, what))
}

fn may_have_key(desk: &crate::desk::Desk, reader: ReaderId) -> Result<bool, KeyError> {
    let has = desk.keys.reader_key(reader.get())?.is_some();
    Ok(has || desk.keys.next_reader_key(reader.get())?.is_some())
}

fn not_sent(name: &str, cause: &NoFreshKey) -> Refusal {
    let code = match cause {
        NoFreshKey::Busy | NoFreshKey::Site(_) => Code::Refused,
        NoFreshKey::Keys(_) | NoFreshKey::Stopping => Code::Failed,
    };
    let what = format!("reader \"{name}\" was told no key: {cause}");
    Refusal::new(code, what)
}

fn not_rotated(name: &str, outcome: Option<OrderOutcome>) -> Refusal {
    let what = match outcome {
        Some(outcome @ (OrderOutcome::KeyKept | OrderOutcome::Dropped(_))) => {
            format!("reader \"{name}\" has the key it had: {outcome}")
        }
        Some(OrderOutcome::Failed(FailCause::Refused(code))) => format!(
            "reader \"{name}\" has the key it had: it refused another with nak {:#04x}",
            code.code()
        ),
        Some(outcome) => format!("reader \"{name}\": {outcome}; {EITHER_KEY}"),
        None => format!("reader \"{name}\" has not answered yet; {EITHER_KEY}"),
    };
    Refusal::new(Code::Failed, what)
}

fn not_paired(name: &str, outcome: OrderOutcome) -> Refusal {
    let what = match outcome {
        OrderOutcome::Dropped(DropCause::Expired) => format!(
            "no reader proved itself under the installation key at \"{name}\" in time; the window is closed. Is it in install mode, on the right line and address?"
        ),
        OrderOutcome::Failed(FailCause::Refused(code)) => format!(
            "the reader at \"{name}\" refused its key with nak {:#04x}; the window is closed",
            code.code()
        ),
        OrderOutcome::Failed(why) => format!(
            "the reader at \"{name}\" was told a key and has not proved it: {why}. The window is closed; the key is tried on, and if the reader took it, it comes online by itself"
        ),
        OrderOutcome::Done
        | OrderOutcome::Dropped(_)
        | OrderOutcome::KeyKept
        | OrderOutcome::Restarting
        | OrderOutcome::File(_) => {
            format!("\"{name}\" was not paired: {outcome}; the window is closed")
        }
    };
    Refusal::new(Code::Failed, what)
}

fn refused(name: &str, why: &str) -> Refusal {
    Refusal::new(Code::Refused, format_args!("reader \"{name}\": {why}"))
}

fn keys_failed(cause: &KeyError) -> Refusal {
    Refusal::new(Code::Failed, format_args!("the key store: {cause}"))
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
    keys_failed(cause)
}

/// A reader that is gone is offline after 8 s, and that ends the order; a client waits 30 s.
const ROTATED_WITHIN: Duration = Duration::from_secs(20);
/// A reader that is there is in a new session by then, even on a slow line.
const ACCEPTED_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);
const EITHER_KEY: &str = "it has one of two keys, and is reached with either";
const GIVEN_UP: &str = "a key was on its way to this reader and is given up; if the reader took it, it comes back only under the key set now";
const HAS_KEY: &str = "it has a key, or may have one from a pairing that was cut off; give --replace to give that key up";
const SAYS_NOTHING: &str = "whoever has its key does not say who it is, so there is nothing to know it by; put the reader back, or pair another";
