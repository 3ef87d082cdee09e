//! The outbox: the register's records on their way into the log, each exactly once.

use std::collections::BTreeSet;
use std::fmt;

use access::{ClockQuality, UtcMicros};
use event_log::{AdminVerb, Administration, Event, Operator, Text, What};
use register::{Audit, AuditVerb, OutboxId, Register, RegisterError};

use crate::archive::ArchiveError;
use crate::ledger::Ledger;
use crate::log_handle::{Follows, NotLogged};

/// Why a record is still in the outbox.
#[derive(Debug)]
pub(crate) enum OutboxError {
    /// The log refused.
    Log(NotLogged),
    /// The register refused.
    Register(RegisterError),
    /// The log's past cannot be read, so it is not known what is in it.
    Archive(ArchiveError),
}

/// Writes records to the log and strikes them off.
///
/// # Errors
/// [`OutboxError`]; what is not struck off is written again by [`replay`].
pub(crate) fn write(
    register: &mut Register,
    ledger: &Ledger,
    records: &[(OutboxId, Audit)],
) -> Result<(), OutboxError> {
    for batch in records.chunks(BATCH_MAX) {
        let written = ledger.log.write_blocking(events(batch, ledger));
        written.map_err(OutboxError::Log)?;
        let done = numbers(batch);
        register.outbox_done(&done).map_err(OutboxError::Register)?;
    }
    Ok(())
}

/// Writes everything that is in the outbox and cannot be in the log yet, page by page. While the log writes one, the one behind the
/// next is read and earlier ones are struck off; none is handed over before the one before it is durable, nor is one left underway.
///
/// # Errors
/// As [`write`].
pub(crate) fn drain(register: &mut Register, ledger: &Ledger) -> Result<(), OutboxError> {
    let mut written: Vec<OutboxId> = Vec::new();
    let mut page = Page::read(register.outbox_pending(PAGE_MAX), ledger)?;
    let mut next = page.next(register, ledger)?;
    while !page.numbers.is_empty() {
        let follows = if next.numbers.is_empty() {
            Follows::Nothing
        } else {
            Follows::More
        };
        let writing = ledger.log.begin_writing(page.events, follows);
        let writing = writing.map_err(OutboxError::Log)?;
        let after = next.next(register, ledger);
        let struck = if written.len() >= STRUCK_AT_ONCE {
            register.outbox_done(&std::mem::take(&mut written))
        } else {
            Ok(())
        };
        writing.finish().map_err(OutboxError::Log)?;
        struck.map_err(OutboxError::Register)?;
        written.extend(page.numbers);
        (page, next) = (next, after?);
    }
    register
        .outbox_done(&written)
        .map_err(OutboxError::Register)
}

/// Some records in a row, as the log has them.
#[derive(Default)]
struct Page {
    numbers: Vec<OutboxId>,
    events: Vec<Event>,
}

impl Page {
    fn read(
        records: Result<Vec<(OutboxId, Audit)>, RegisterError>,
        ledger: &Ledger,
    ) -> Result<Self, OutboxError> {
        let records = records.map_err(OutboxError::Register)?;
        Ok(Self {
            numbers: numbers(&records),
            events: events(&records, ledger),
        })
    }

    /// The one behind it; nothing is behind nothing.
    fn next(&self, register: &Register, ledger: &Ledger) -> Result<Self, OutboxError> {
        match self.numbers.last() {
            Some(last) => Self::read(register.outbox_after(*last, PAGE_MAX), ledger),
            None => Ok(Self::default()),
        }
    }
}

fn events(records: &[(OutboxId, Audit)], ledger: &Ledger) -> Vec<Event> {
    let quality = ledger.clock.now().clock;
    let events = records.iter();
    events
        .map(|(id, audit)| event(*id, audit, quality))
        .collect()
}

fn numbers(records: &[(OutboxId, Audit)]) -> Vec<OutboxId> {
    records.iter().map(|(id, _)| *id).collect()
}

/// Writes what an earlier run or an earlier failure left; a record that reached the log all the same is only struck off.
///
/// # Errors
/// [`OutboxError`].
pub(crate) fn replay(register: &mut Register, ledger: &Ledger) -> Result<usize, OutboxError> {
    let mut replayed = 0;
    // Read once for all pages of the same age: what is written here is struck off here.
    let mut logged: Option<(UtcMicros, BTreeSet<u64>)> = None;
    loop {
        let pending = register
            .outbox_pending(BATCH_MAX)
            .map_err(OutboxError::Register)?;
        let Some(oldest) = pending.iter().map(|(_, audit)| audit.at).min() else {
            return Ok(replayed);
        };
        let known = match logged.take().filter(|(since, _)| *since <= oldest) {
            Some((_, known)) => known,
            None => ledger
                .archive
                .outbox_since(ledger.log.state().size, oldest)
                .map_err(OutboxError::Archive)?,
        };
        let (there, missing): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|(id, _)| known.contains(&id.get()));
        logged = Some((oldest, known));
        let struck: Vec<OutboxId> = there.iter().map(|(id, _)| *id).collect();
        register
            .outbox_done(&struck)
            .map_err(OutboxError::Register)?;
        write(register, ledger, &missing)?;
        replayed += missing.len();
    }
}

/// The record as an event: what was done, under the operator's key; about whom, under the holder's.
pub(crate) fn event(id: OutboxId, audit: &Audit, clock: ClockQuality) -> Event {
    let what = Administration {
        verb: verb(audit.verb),
        operator: Operator {
            id: audit.operator,
            slot: audit.operator_slot,
        },
        outbox: id.get(),
        holder: audit.holder,
        holder_text: Text::new(&audit.holder_text),
        operator_text: Text::new(&audit.operator_text),
    };
    Event {
        time: audit.at,
        clock,
        late: false,
        what: What::Administration(what),
    }
}

/// The log's verb of the same name for each of the register's.
macro_rules! same_verbs {
    ($verb:expr; $($name:ident)*) => {
        match $verb {
            $(AuditVerb::$name => AdminVerb::$name,)*
        }
    };
}

fn verb(verb: AuditVerb) -> AdminVerb {
    same_verbs! { verb;
        CardIssued CardArrived CardNotified CardActivated CardBlocked CardUnblocked CardReturned
        CardImported ShredDone OperatorAdded TenantAdded ContactAdded ContactLeft ShredHeld
        HoldEnded RegisterRestated RightGranted RightRevoked PinSet PinCleared ScheduleSet
        ScheduleRemoved HolidaySet HolidayRemoved DoorModeSet DoorModeEnded DoorHoursSet
        DoorsLockedDown DoorsReleased OperatorRolesSet OperatorRemoved TrainingRecorded
        DelegationGiven DelegationEnded ChangePending ChangeApproved ChangeRefused ChangeExpired
        CardApproved CardVouched CardLost CardFound CardChanged CardExpired ChargeMade
        ChargeReversed ChargesExported StockAdded StockRemoved PersonLeft TenantChanged
        LeaversImported ReviewOpened ReviewDecided ReviewSigned TenantRecertified
        TenantWithoutContact
    }
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(cause) => cause.fmt(f),
            Self::Register(cause) => cause.fmt(f),
            Self::Archive(cause) => cause.fmt(f),
        }
    }
}

/// Records written with one flush.
const BATCH_MAX: usize = 512;
/// Records of a long list that are written at a time: some milliseconds' work, for which a door's record may have to wait.
const PAGE_MAX: usize = 2 * BATCH_MAX;
/// Records that were written and are struck off together.
const STRUCK_AT_ONCE: usize = 8 * PAGE_MAX;

#[cfg(test)]
mod tests {
    use std::thread;

    use access::OperatorId;
    use tokio::sync::{mpsc, watch};

    use super::*;
    use crate::desk::Desk;
    use crate::log_handle::{Job, LogHandle};
    use crate::mock_up::MockUp;

    /// Takes every write but the first; says how many were asked for.
    fn refuse_the_first(mut asked: mpsc::Receiver<Job>) -> usize {
        let mut writes = 0;
        while let Some(job) = asked.blocking_recv() {
            if let Job::Write(_, _, done) = job {
                writes += 1;
                let refused = (writes == 1).then(|| Err("the disk is full".to_owned()));
                done.send(refused.unwrap_or(Ok(()))).unwrap();
            }
        }
        writes
    }

    fn add_tenant(desk: &mut Desk, number: usize, now: UtcMicros) {
        let name = register::Text::new("tenant", &format!("Tenant {number}")).unwrap();
        let made = desk.register.add_tenant(&name, OperatorId::new(1), now);
        assert_eq!(made.unwrap().1.records.len(), 1);
    }

    /// What the desk's thread says of its own house.
    fn asked<T: Send + 'static>(
        house: &MockUp,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let answer = house.controller.desk.ask(work);
        runtime.unwrap().block_on(answer).ok().unwrap()
    }

    #[test]
    fn a_long_list_hurries_the_seal_with_its_last_page_only() {
        let house = MockUp::new();
        let ledger = house.controller.ledger.clone();
        asked(&house, move |desk| {
            let now = ledger.clock.now().utc;
            add_tenant(desk, 1, now);
            let page = Page::read(desk.register.outbox_pending(1), &ledger).unwrap();
            let writing = ledger.log.begin_writing(page.events, Follows::More);
            writing.unwrap().finish().unwrap();
            ledger.log.upkeep(|_, _| Ok(())).unwrap();
            let state = ledger.log.state();
            assert!(state.sealed < state.size);
            desk.register.outbox_done(&page.numbers).unwrap();
            add_tenant(desk, 2, now);
            drain(&mut desk.register, &ledger).unwrap();
            ledger.log.upkeep(|_, _| Ok(())).unwrap();
            let after = ledger.log.state();
            assert_eq!((after.sealed, after.size), (state.size + 1, state.size + 1));
        });
    }

    #[test]
    fn a_long_list_is_sealed_every_eight_pages() {
        let house = MockUp::new();
        let ledger = house.controller.ledger.clone();
        asked(&house, move |desk| {
            add_tenant(desk, 1, ledger.clock.now().utc);
            let page = Page::read(desk.register.outbox_pending(1), &ledger).unwrap();
            desk.register.outbox_done(&page.numbers).unwrap();
            let before = ledger.log.state().sealed;
            for written in 1..=8 {
                let events = vec![page.events[0].clone(); PAGE_MAX];
                let writing = ledger.log.begin_writing(events, Follows::More);
                writing.unwrap().finish().unwrap();
                ledger.log.upkeep(|_, _| Ok(())).unwrap();
                let state = ledger.log.state();
                let sealed = if written < 8 { before } else { state.size };
                assert_eq!(state.sealed, sealed, "after {written} pages");
            }
        });
    }

    #[test]
    fn nothing_follows_a_page_that_the_log_refuses() {
        let house = MockUp::new();
        let of_house = house.controller.ledger.clone();
        let (_held, state) = watch::channel(of_house.log.state());
        let (jobs, queued) = mpsc::channel(64);
        let log = thread::spawn(|| refuse_the_first(queued));
        let ledger = Ledger {
            log: LogHandle::new(jobs, state),
            ..of_house
        };
        let drained = asked(&house, move |desk| {
            let now = ledger.clock.now().utc;
            (0..=3 * PAGE_MAX).for_each(|number| add_tenant(desk, number, now));
            drain(&mut desk.register, &ledger)
        });
        assert!(matches!(drained, Err(OutboxError::Log(_))));
        assert_eq!(log.join().unwrap(), 1);
    }
}
