//! The outbox: the register's records on their way into the log, each exactly once.

use std::collections::BTreeSet;
use std::fmt;

use access::ClockQuality;
use event_log::{AdminVerb, Administration, Event, Operator, Text, What};
use register::{Audit, AuditVerb, OutboxId, Register, RegisterError};

use crate::archive::ArchiveError;
use crate::ledger::Ledger;
use crate::log_handle::NotLogged;

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
        let quality = ledger.clock.now().clock;
        let events = batch
            .iter()
            .map(|(id, audit)| event(*id, audit, quality))
            .collect();
        ledger
            .log
            .write_blocking(events)
            .map_err(OutboxError::Log)?;
        let done: Vec<OutboxId> = batch.iter().map(|(id, _)| *id).collect();
        register.outbox_done(&done).map_err(OutboxError::Register)?;
    }
    Ok(())
}

/// Writes everything that is in the outbox and cannot be in the log yet, page by page.
///
/// # Errors
/// As [`write`].
pub(crate) fn drain(register: &mut Register, ledger: &Ledger) -> Result<(), OutboxError> {
    loop {
        let page = register
            .outbox_pending(BATCH_MAX)
            .map_err(OutboxError::Register)?;
        if page.is_empty() {
            return Ok(());
        }
        write(register, ledger, &page)?;
    }
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
