//! The outbox: the register's records on their way into the log, each exactly once.

use std::collections::BTreeSet;
use std::fmt;

use access::{ClockQuality, UtcMicros};
use event_log::{AdminVerb, Administration, Event, Operator, Text, What};
use register::{Audit, AuditVerb, OutboxId, Register, RegisterError};

use crate::archive::ArchiveError;
use crate::ledger::Ledger;
use crate::log_handle::{NotLogged, Writing};

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
        let writing = ledger.log.begin_writing(events(batch, ledger));
        let written = writing.and_then(Writing::finish);
        written.map_err(OutboxError::Log)?;
        let done = numbers(batch);
        register.outbox_done(&done).map_err(OutboxError::Register)?;
    }
    Ok(())
}

/// Writes everything that is in the outbox and cannot be in the log yet, page by page. While the log writes one, the next is read
/// and earlier ones are struck off; none is handed over before the one before it is durable, nor is one left underway.
///
/// # Errors
/// As [`write`].
pub(crate) fn drain(register: &mut Register, ledger: &Ledger) -> Result<(), OutboxError> {
    let mut written: Vec<OutboxId> = Vec::new();
    let mut page = next_page(register, None)?;
    while let Some((last, _)) = page.last() {
        let writing = ledger.log.begin_writing(events(&page, ledger));
        let writing = writing.map_err(OutboxError::Log)?;
        let next = next_page(register, Some(*last));
        let struck = if written.len() >= STRUCK_AT_ONCE {
            register.outbox_done(&std::mem::take(&mut written))
        } else {
            Ok(())
        };
        writing.finish().map_err(OutboxError::Log)?;
        struck.map_err(OutboxError::Register)?;
        written.extend(numbers(&page));
        page = next?;
    }
    register
        .outbox_done(&written)
        .map_err(OutboxError::Register)
}

fn next_page(
    register: &Register,
    after: Option<OutboxId>,
) -> Result<Vec<(OutboxId, Audit)>, OutboxError> {
    let page = match after {
        Some(after) => register.outbox_after(after, BATCH_MAX),
        None => register.outbox_pending(BATCH_MAX),
    };
    page.map_err(OutboxError::Register)
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
/// Records that were written and are struck off together.
const STRUCK_AT_ONCE: usize = 8 * BATCH_MAX;

#[cfg(test)]
mod tests {
    use std::thread;

    use access::OperatorId;
    use tokio::sync::{mpsc, watch};

    use super::*;
    use crate::log_handle::{Job, LogHandle};
    use crate::mock_up::MockUp;

    /// Takes every write but the first; says how many were asked for.
    fn refuse_the_first(mut asked: mpsc::Receiver<Job>) -> usize {
        let mut writes = 0;
        while let Some(job) = asked.blocking_recv() {
            if let Job::Write(_, done) = job {
                writes += 1;
                let refused = (writes == 1).then(|| Err("the disk is full".to_owned()));
                done.send(refused.unwrap_or(Ok(()))).unwrap();
            }
        }
        writes
    }

    #[test]
    fn nothing_follows_a_page_that_the_log_refuses() {
        let house = MockUp::new();
        let of_house = house.controller.ledger.clone();
        let (_held, state) = watch::channel(of_house.log.state());
        let (jobs, asked) = mpsc::channel(64);
        let log = thread::spawn(|| refuse_the_first(asked));
        let ledger = Ledger {
            log: LogHandle::new(jobs, state),
            ..of_house
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let drained = house.controller.desk.ask(move |desk| {
            let now = ledger.clock.now().utc;
            for number in 0..=3 * BATCH_MAX {
                let name = register::Text::new("tenant", &format!("Tenant {number}")).unwrap();
                let made = desk.register.add_tenant(&name, OperatorId::new(1), now);
                assert_eq!(made.unwrap().1.records.len(), 1);
            }
            drain(&mut desk.register, &ledger)
        });
        let drained = runtime.unwrap().block_on(drained).ok().unwrap();
        assert!(matches!(drained, Err(OutboxError::Log(_))));
        assert_eq!(log.join().unwrap(), 1);
    }
}
