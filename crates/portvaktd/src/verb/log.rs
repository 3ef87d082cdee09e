//! `log show` and `log follow`: events under pseudonyms, after the reading itself is on record (M5, M28).

use std::ops::{ControlFlow, Range};
use std::time::Duration;

use access::role::Act;
use access::{DoorId, ReaderId, Reason, UtcMicros};
use control::reply::event::EventRow;
use control::request::log::EventFilter;
use control::{Code, Refusal, Reply, Row};
use event_log::read::Entry;
use event_log::{PassageKind, View};
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

use super::event_row::Spelling;
use crate::archive::{Archive, ArchiveError, Past};
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::Roster;

/// Past events, oldest first. Two passes: how many they are is on record before the first of them leaves.
pub(super) async fn show(
    asker: &Asker,
    filter: EventFilter,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    must_name_nobody(asker, "log-show", &filter).await?;
    let search = Search::read(asker, &filter)?;
    let until = asker.controller.ledger.log.state().size;
    let counting = search.clone();
    let proven = filter.proven;
    let (past, found) = apart(move || {
        if proven {
            counting.archive.prove()?;
        }
        let mut past = counting.archive.open()?;
        let found = counting.count(&mut past, 0..until)?;
        Ok((past, found))
    })
    .await?;
    let skip = filter.limit.map_or(0, |limit| found.saturating_sub(limit));
    asker
        .reading("log-show", &purpose(&filter), found - skip)
        .await?;
    stream((asker, &search), past, (0..until, skip), outlet).await?;
    Ok(outlet.end())
}

/// Events from now on, or from `since`, until the client leaves or may not read them any more.
pub(super) async fn follow(
    asker: &Asker,
    filter: EventFilter,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    must_name_nobody(asker, "log-follow", &filter).await?;
    let search = Search::read(asker, &filter)?;
    let mut state = asker.controller.ledger.log.watch();
    let mut roster = asker.controller.views.roster.clone();
    let mut next = if filter.since.is_some() {
        0
    } else {
        state.borrow().size
    };
    asker.reading("log-follow", &purpose(&filter), 0).await?;
    let archive = search.archive.clone();
    let mut past = apart(move || archive.open()).await?;
    loop {
        asker.still().await?;
        let size = state.borrow_and_update().size;
        if size > next {
            past = stream((asker, &search), past, (next..size, 0), outlet).await?;
            next = size;
        }
        tokio::select! {
            changed = state.changed() => if changed.is_err() {
                return Ok(outlet.end());
            },
            () = changed(&mut roster) => {}
            // A delegated role ends by itself.
            () = tokio::time::sleep(JUDGED_EVERY) => {}
            () = outlet.left() => return Err(Stop::Gone),
        }
    }
}

/// Waits until somebody's roles changed; for ever where nothing changes them any more.
async fn changed(roster: &mut watch::Receiver<Roster>) {
    if roster.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Reads by person are bound to a case (M28); there are none before cases can be opened, and each try is on record.
async fn must_name_nobody(asker: &Asker, verb: &str, filter: &EventFilter) -> Result<(), Refusal> {
    if filter.card.is_none() && filter.person.is_none() {
        return Ok(());
    }
    let act = Act::ReadLogByPerson;
    asker
        .must_do(act, verb, "reading the log by person")
        .await?;
    asker
        .refuse(
            verb,
            "the log is read by person inside an open case only, and this version opens none"
                .to_owned(),
        )
        .await
}

/// What is looked for, and how it is spelt.
#[derive(Clone)]
struct Search {
    archive: Archive,
    spelling: Spelling,
    door: Option<DoorId>,
    reader: Option<ReaderId>,
    reason: Option<Reason>,
    since: Option<UtcMicros>,
    until: Option<UtcMicros>,
    class: Option<&'static str>,
    denied: bool,
}

impl Search {
    fn read(asker: &Asker, filter: &EventFilter) -> Result<Self, Refusal> {
        let controller = &asker.controller;
        let names = &controller.names;
        let door = filter.door.as_ref().map(|door| {
            names
                .door(door)
                .ok_or_else(|| not_found("door", door, names.doors().map(|(name, _)| name)))
        });
        let reader = filter.reader.as_ref().map(|reader| {
            names
                .reader(reader)
                .ok_or_else(|| not_found("reader", reader, names.readers().map(|(name, _)| name)))
        });
        let reason = filter.reason.as_ref().map(|reason| {
            Reason::from_name(reason).ok_or_else(|| {
                let known: Vec<&str> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
                let what = format!("no reason \"{reason}\"; there are {}", known.join(", "));
                Refusal::new(Code::Usage, what)
            })
        });
        Ok(Self {
            archive: controller.ledger.archive.clone(),
            spelling: Spelling::new(names.clone(), controller.views.roster.clone()),
            door: door.transpose()?,
            reader: reader.transpose()?,
            reason: reason.transpose()?,
            since: filter.since.map(control::Moment::utc),
            until: filter.until.map(control::Moment::utc),
            class: filter.class.map(control::Class::as_str),
            denied: filter.denied,
        })
    }

    /// What can be told without keys.
    fn may_take(&self, entry: &Entry) -> bool {
        self.since.is_none_or(|since| entry.time >= since)
            && self.until.is_none_or(|until| entry.time < until)
            && self.class.is_none_or(|class| entry.class.name() == class)
    }

    fn takes(&self, view: &View) -> bool {
        self.door.is_none_or(|door| view.door == Some(door))
            && self.reader.is_none_or(|reader| view.reader == Some(reader))
            && self.reason.is_none_or(|reason| view.reason == Some(reason))
            && (!self.denied || view.name == Some(PassageKind::Denied.name()))
    }

    fn count(&self, past: &mut Past, range: Range<u64>) -> Result<u64, ArchiveError> {
        let of_place = self.door.is_some() || self.reader.is_some();
        let needs_keys = of_place || self.reason.is_some() || self.denied;
        let mut found = 0;
        past.each(range, &mut |record| {
            if self.may_take(record.entry) && (!needs_keys || self.takes(&record.view()?)) {
                found += 1;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Hands over what is found after the first `skip`, until nobody takes it.
    fn hand_over(
        &self,
        past: &mut Past,
        (range, mut skip): (Range<u64>, u64),
        to: &mpsc::Sender<EventRow>,
    ) -> Result<(), ArchiveError> {
        past.each(range, &mut |record| {
            if !self.may_take(record.entry) {
                return Ok(ControlFlow::Continue(()));
            }
            let view = record.view()?;
            if !self.takes(&view) {
                return Ok(ControlFlow::Continue(()));
            }
            if skip > 0 {
                skip -= 1;
                return Ok(ControlFlow::Continue(()));
            }
            let taken = to.blocking_send(self.spelling.row(record.entry, &view));
            Ok(if taken.is_ok() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })
    }
}

/// Reads on a thread of its own and sends as fast as the client takes; the past comes back to go on with.
async fn stream(
    (asker, search): (&Asker, &Search),
    mut past: Past,
    stretch: (Range<u64>, u64),
    outlet: &mut Outlet<'_>,
) -> Result<Past, Stop> {
    let (give, mut take) = mpsc::channel(ROWS_AHEAD);
    let search = search.clone();
    let reading = apart(move || {
        search.hand_over(&mut past, stretch, &give)?;
        Ok(past)
    });
    // Whoever stops taking drops its end, and the reader stops.
    let sending = async move {
        let mut sent = 0_usize;
        while let Some(row) = take.recv().await {
            if sent.is_multiple_of(ROWS_AHEAD) {
                asker.still().await?;
            }
            sent = sent.wrapping_add(1);
            outlet.row(Row::Event(Box::new(row))).await?;
        }
        Ok::<(), Stop>(())
    };
    let (past, sent) = tokio::join!(reading, sending);
    sent?;
    Ok(past?)
}

/// Has something read on a thread that may wait for the disk.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, Refusal> {
    let read = spawn_blocking(work).await;
    let read = read.map_err(|_| failed("a log reader ended early"))?;
    read.map_err(|cause| match cause {
        ArchiveError::Unproven(_) => Refusal::new(Code::Unverified, cause),
        ArchiveError::Log(_) | ArchiveError::Short { .. } => failed(&cause.to_string()),
    })
}

fn failed(what: &str) -> Refusal {
    Refusal::new(Code::Failed, what)
}

/// The question, for the record; it names no person.
fn purpose(filter: &EventFilter) -> String {
    let mut words = Vec::new();
    words.extend(filter.door.as_ref().map(|door| format!("door={door}")));
    words.extend(
        filter
            .reader
            .as_ref()
            .map(|reader| format!("reader={reader}")),
    );
    words.extend(
        filter
            .reason
            .as_ref()
            .map(|reason| format!("reason={reason}")),
    );
    words.extend(filter.since.map(|since| format!("since={since}")));
    words.extend(filter.until.map(|until| format!("until={until}")));
    words.extend(filter.class.map(|class| format!("class={class}")));
    words.extend(filter.denied.then(|| "denied".to_owned()));
    words.extend(filter.proven.then(|| "proven".to_owned()));
    words.extend(filter.limit.map(|limit| format!("limit={limit}")));
    if words.is_empty() {
        "all".to_owned()
    } else {
        words.join(" ")
    }
}

/// So often it is asked, where nothing happens, whether a reader may still read.
const JUDGED_EVERY: Duration = Duration::from_secs(5);

/// Rows read before the client took them.
const ROWS_AHEAD: usize = 64;
