//! `log reconcile`: whether every row of the register is what the log says of it (I6).

use std::ops::{ControlFlow, Range};
use std::time::Duration;

use access::{IssuanceId, UtcMicros};
use control::reply::integrity::{Difference, Reconciled};
use control::request::integrity::IntegrityRequest;
use control::{Code, Refusal, Reply};
use event_log::{AdminVerb, Class, SystemKind, View};
use key_store::Owner;
use register::{AuditVerb, Disagreement, Fold, SaidIssuance, Subject, Telling, compared_words};
use tokio::sync::mpsc;

use super::log::apart;
use crate::archive::{Archive, ArchiveError, Past};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, refusal};
use crate::own_event::own_event;

/// Does what is asked.
pub(super) async fn answer(
    asker: &Asker,
    wish: IntegrityRequest,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match wish {
        IntegrityRequest::Reconcile {} => reconcile(asker, outlet).await,
    }
}

/// The log is folded while the register goes on; rows are compared a page at a time; what does not agree is looked at once more
/// while nothing changes.
async fn reconcile(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    asker.reading("log-reconcile", "all", 0).await?;
    let ledger = &asker.controller.ledger;
    let size = ledger.log.state().size;
    let fold = fold_whole(ledger.archive.clone(), size, outlet).await?;
    let mut work = Comparison {
        fold,
        rows: 0,
        doubted: Vec::new(),
        read: size,
    };
    let mut after = None;
    loop {
        let page = asker.controller.desk.ask(move |desk| {
            let page = desk.register.said_of_issuances(after, PAGE);
            page.map_err(|cause| refusal(&cause))
        });
        let page = page.await??;
        after = page.last().map(|said| said.id);
        if after.is_none() {
            break;
        }
        work.compare(&page);
        // Whoever waits for a change comes first.
        tokio::time::sleep(BETWEEN_PAGES).await;
    }
    let ended = asker.controller.desk.ask(move |desk| work.finish(desk));
    let found = ended.await??;
    told(asker, &found).await?;
    Ok(Reply::Reconciled(found))
}

/// What the log says of everything, as far as it is now; tells how far it is.
async fn fold_whole(archive: Archive, size: u64, outlet: &mut Outlet<'_>) -> Result<Fold, Stop> {
    let (tell, mut told) = mpsc::channel(1);
    let work = apart(move || {
        let (mut past, mut fold) = (archive.open()?, Fold::default());
        let mut at = 0;
        while at < size {
            let until = at.saturating_add(STRETCH).min(size);
            take(&mut past, &mut fold, at..until)?;
            at = until;
            // A word about the progress that finds no place is followed by another.
            tell.try_send(at).ok();
        }
        Ok(fold)
    });
    tokio::pin!(work);
    loop {
        tokio::select! {
            folded = &mut work => return Ok(folded?),
            Some(done) = told.recv() => outlet.say(Reply::Progress { done, total: size }).await?,
        }
    }
}

/// Takes these records.
fn take(past: &mut Past, fold: &mut Fold, range: Range<u64>) -> Result<(), ArchiveError> {
    past.each(range, &mut |record| {
        let (event, at) = (record.entry.index, record.entry.time);
        match record.entry.class {
            Class::Administration => take_act(&record.view()?, fold, (event, at)),
            Class::System => take_own(&record.view()?, fold, (event, at)),
            Class::Passage | Class::Door | Class::Reader | Class::Reading => {}
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// What an operator did.
fn take_act(view: &View, fold: &mut Fold, (event, at): (u64, UtcMicros)) {
    fold.take_outbox(view.outbox, event);
    if let Some(verb) = view.name.and_then(AuditVerb::from_name) {
        fold.take(&Telling {
            verb,
            issuance: view.issuance,
            holder_text: view.holder_text.as_str(),
            operator_text: view.detail.as_str(),
            at,
            event,
        });
    }
}

/// What the controller says of itself.
fn take_own(view: &View, fold: &mut Fold, (event, at): (u64, UtcMicros)) {
    let is = |kind: SystemKind| view.name == Some(kind.name());
    if event == 0 && is(SystemKind::Initialised) {
        fold.take_beginning();
    }
    if is(SystemKind::NamesNumbered) {
        fold.take_name(view.detail.as_str(), at, event);
    }
}

/// What does not agree is on record, without a name: an issuance's pseudonym is under its own key only.
async fn told(asker: &Asker, found: &Reconciled) -> Result<(), Refusal> {
    let counts = format!(
        "events={} rows={} differences={}",
        found.events, found.rows, found.differences
    );
    asker.administration(AdminVerb::Reconciled, &counts).await?;
    let Some(first) = &found.first else {
        return Ok(());
    };
    let kind = first.what.split(' ').next().unwrap_or_default();
    let event = first
        .event
        .map_or_else(|| "-".to_owned(), |event| event.to_string());
    let detail = format!(
        "{} differences; the first: {kind}, event {event}",
        found.differences
    );
    tracing::error!(
        "log reconcile: the register is not what the log says: {}",
        found.differences
    );
    let ledger = &asker.controller.ledger;
    let alarm = own_event(ledger.clock.now(), SystemKind::RegisterDiffers, &detail);
    let written = ledger.log.write(vec![alarm]).await;
    written.map_err(|cause| Refusal::new(Code::Failed, cause))
}

/// A comparison on its way.
struct Comparison {
    fold: Fold,
    rows: u64,
    /// Rows that did not agree when they were looked at first.
    doubted: Vec<IssuanceId>,
    /// Events that were folded.
    read: u64,
}

impl Comparison {
    fn compare(&mut self, page: &[SaidIssuance]) {
        for said in page {
            self.rows += 1;
            let agrees = self.fold.settle(said.id, &said.telling()).is_ok();
            if !(agrees && said.is_card_its_own) {
                self.doubted.push(said.id);
            }
        }
    }

    /// At the desk, where nothing changes meanwhile.
    fn finish(mut self, desk: &mut Desk) -> Result<Reconciled, Refusal> {
        desk.catch_up()?;
        let unread = |cause: ArchiveError| Refusal::new(Code::Failed, cause);
        let state = desk.ledger.log.state();
        let mut past = desk.ledger.archive.open().map_err(unread)?;
        take(&mut past, &mut self.fold, self.read..state.size).map_err(unread)?;
        let mut left: Vec<IssuanceId> =
            self.fold.expected().chain(self.doubted.drain(..)).collect();
        left.sort_unstable();
        left.dedup();
        let mut all = Vec::new();
        for id in left {
            all.extend(self.differs(desk, id)?);
        }
        let now = desk.ledger.clock.now().utc;
        let now = state.newest.map_or(now, |newest| now.max(newest));
        let lost = self.fold.take_lost_links();
        let cut = desk.register.cut_links(&lost, now);
        let cut = cut.map_err(|cause| refusal(&cause))?;
        all.extend(cut.into_iter().map(Fold::lost_link));
        let house = desk.register.said_of_house(now);
        let house = house.map_err(|cause| refusal(&cause))?;
        all.extend(self.fold.house_against(&house, now));
        // Those of which the log knows nothing come last.
        all.sort_by_key(|it| it.event.unwrap_or(u64::MAX));
        let rows = self
            .rows
            .saturating_add(u64::try_from(house.house_len()).unwrap_or(u64::MAX));
        Ok(Reconciled {
            events: state.size,
            rows,
            differences: u64::try_from(all.len()).unwrap_or(u64::MAX),
            first: all
                .first()
                .map(|it| difference(&mut past, it))
                .transpose()
                .map_err(unread)?,
        })
    }

    fn differs(&mut self, desk: &Desk, id: IssuanceId) -> Result<Option<Disagreement>, Refusal> {
        let said = desk.register.said_of_issuance(id);
        let Some(said) = said.map_err(|cause| refusal(&cause))? else {
            // Forgotten since its records were read: the key is gone.
            let is_forgotten = desk.keys.find(Owner::Issuance(id.get())).is_none();
            return Ok(self.fold.missing(id).filter(|_| !is_forgotten));
        };
        let settled = self.fold.settle(id, &said.telling());
        Ok(match settled {
            Err(differs) => Some(differs),
            Ok(()) if said.is_card_its_own => None,
            Ok(()) => Some(Disagreement {
                subject: Subject::Issuance(id),
                event: None,
                expected: Some("the card whose number is sealed in the register".to_owned()),
                found: Some("the tag of another card".to_owned()),
            }),
        })
    }
}

/// All of it at the desk, for stories without a socket.
#[cfg(test)]
pub(crate) fn compared(desk: &mut Desk) -> Reconciled {
    let size = desk.ledger.log.state().size;
    let (mut past, mut fold) = (desk.ledger.archive.open().unwrap(), Fold::default());
    take(&mut past, &mut fold, 0..size).unwrap();
    let mut work = Comparison {
        fold,
        rows: 0,
        doubted: Vec::new(),
        read: size,
    };
    let all = desk.register.said_of_issuances(None, u32::MAX);
    work.compare(&all.unwrap());
    work.finish(desk).unwrap()
}

/// As it is told; what an issuance should be stands in its newest record.
fn difference(past: &mut Past, of: &Disagreement) -> Result<Difference, ArchiveError> {
    let mut expected = of.expected.clone();
    if let (Some(event), None, Subject::Issuance(_)) = (of.event, &expected, &of.subject) {
        past.each(event..event + 1, &mut |record| {
            expected = compared_words(record.view()?.holder_text.as_str());
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(Difference {
        what: of.subject.to_string(),
        event: of.event,
        expected,
        found: of.found.clone(),
    })
}

/// Rows read at the desk at once: some milliseconds.
const PAGE: u32 = 256;
const BETWEEN_PAGES: Duration = Duration::from_millis(1);
/// Events folded between two words about the progress.
const STRETCH: u64 = 65_536;
