//! The outbox: the register's records on their way into the log, each exactly once.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use access::ClockQuality;
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

/// Writes everything that is in the outbox and cannot be in the log yet, page by page. While the log writes some, the next is read
/// and earlier ones are struck off.
///
/// # Errors
/// As [`write`].
pub(crate) fn drain(register: &mut Register, ledger: &Ledger) -> Result<(), OutboxError> {
    let mut underway: VecDeque<(Writing, Vec<OutboxId>)> = VecDeque::new();
    let mut written: Vec<OutboxId> = Vec::new();
    let mut last = None;
    loop {
        let page = next_page(register, last)?;
        let is_end = page.is_empty();
        if let Some((newest, _)) = page.last() {
            last = Some(*newest);
            let writing = ledger.log.begin_writing(events(&page, ledger));
            underway.push_back((writing.map_err(OutboxError::Log)?, numbers(&page)));
        }
        let wanted = if is_end { 0 } else { UNDERWAY_MAX };
        while underway.len() > wanted
            && let Some((writing, records)) = underway.pop_front()
        {
            writing.finish().map_err(OutboxError::Log)?;
            written.extend(records);
        }
        if is_end || written.len() >= STRUCK_AT_ONCE {
            register
                .outbox_done(&written)
                .map_err(OutboxError::Register)?;
            written.clear();
        }
        if is_end {
            return Ok(());
        }
    }
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
    loop {
        let pending = register
            .outbox_pending(BATCH_MAX)
            .map_err(OutboxError::Register)?;
        let Some(oldest) = pending.iter().map(|(_, audit)| audit.at).min() else {
            return Ok(replayed);
        };
        let logged: BTreeSet<u64> = ledger
            .archive
            .outbox_since(ledger.log.state().size, oldest)
            .map_err(OutboxError::Archive)?;
        let (there, missing): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|(id, _)| logged.contains(&id.get()));
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
/// Pages that wait for the log: while it syncs one, the next is at hand.
const UNDERWAY_MAX: usize = 2;
