//! Audit: what is recorded of a change, each part under the key of the person it is about.

use std::fmt;

use access::{Generation, Holder, KeySlot, OperatorId, UtcMicros};

use crate::state::Step;

/// The number of a record on its way to the log; never given twice, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(u64);

impl OutboxId {
    /// Wraps the stored number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number as it is stored.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditVerb {
    /// An issuance was registered.
    CardIssued,
    /// Ordered plastic came.
    CardArrived,
    /// The holder was told that it is here.
    CardNotified,
    /// A card was bound and made live.
    CardActivated,
    /// The card is refused everywhere until unblocked.
    CardBlocked,
    /// A block was lifted.
    CardUnblocked,
    /// The card was taken back.
    CardReturned,
    /// A card was registered or changed by an import.
    CardImported,
    /// A returned card's holder was forgotten and the key destroyed.
    ShredDone,
    /// An operator was added.
    OperatorAdded,
    /// A tenant was added.
    TenantAdded,
    /// A contact person was added.
    ContactAdded,
    /// A contact person left.
    ContactLeft,
    /// The shredding of a holder is held.
    ShredHeld,
    /// A hold was ended before its time.
    HoldEnded,
    /// What the register has of somebody was said anew, before the newest record about it leaves the log.
    RegisterRestated,
    /// An issuance got further rights.
    RightGranted,
    /// Rights of an issuance on a place were taken away.
    RightRevoked,
    /// An issuance got a PIN.
    PinSet,
    /// An issuance's PIN was taken away.
    PinCleared,
    /// A schedule was made or replaced.
    ScheduleSet,
    /// A schedule was taken away.
    ScheduleRemoved,
    /// A date was made a special day.
    HolidaySet,
    /// A date was made an ordinary day.
    HolidayRemoved,
    /// A mode was ordered for a door.
    DoorModeSet,
    /// Such an order was taken back.
    DoorModeEnded,
    /// What a door does at which hours was said.
    DoorHoursSet,
    /// Doors were locked down.
    DoorsLockedDown,
    /// Doors were released from a lockdown.
    DoorsReleased,
}

impl AuditVerb {
    /// Every verb.
    pub const ALL: [Self; 29] = [
        Self::CardIssued,
        Self::CardArrived,
        Self::CardNotified,
        Self::CardActivated,
        Self::CardBlocked,
        Self::CardUnblocked,
        Self::CardReturned,
        Self::CardImported,
        Self::ShredDone,
        Self::OperatorAdded,
        Self::TenantAdded,
        Self::ContactAdded,
        Self::ContactLeft,
        Self::RegisterRestated,
        Self::ShredHeld,
        Self::HoldEnded,
        Self::RightGranted,
        Self::RightRevoked,
        Self::PinSet,
        Self::PinCleared,
        Self::ScheduleSet,
        Self::ScheduleRemoved,
        Self::HolidaySet,
        Self::HolidayRemoved,
        Self::DoorModeSet,
        Self::DoorModeEnded,
        Self::DoorHoursSet,
        Self::DoorsLockedDown,
        Self::DoorsReleased,
    ];

    /// The name of the event; stable, stored in the outbox.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CardIssued => "card-issued",
            Self::CardArrived => "card-arrived",
            Self::CardNotified => "card-notified",
            Self::CardActivated => "card-activated",
            Self::CardBlocked => "card-blocked",
            Self::CardUnblocked => "card-unblocked",
            Self::CardReturned => "card-returned",
            Self::CardImported => "card-imported",
            Self::ShredDone => "shred-done",
            Self::OperatorAdded => "operator-added",
            Self::TenantAdded => "tenant-added",
            Self::ContactAdded => "contact-added",
            Self::ContactLeft => "contact-left",
            Self::RegisterRestated => "register-restated",
            Self::ShredHeld => "shred-held",
            Self::HoldEnded => "hold-ended",
            Self::RightGranted => "right-granted",
            Self::RightRevoked => "right-revoked",
            Self::PinSet => "pin-set",
            Self::PinCleared => "pin-cleared",
            Self::ScheduleSet => "schedule-set",
            Self::ScheduleRemoved => "schedule-removed",
            Self::HolidaySet => "holiday-set",
            Self::HolidayRemoved => "holiday-removed",
            Self::DoorModeSet => "door-mode-set",
            Self::DoorModeEnded => "door-mode-ended",
            Self::DoorHoursSet => "door-hours-set",
            Self::DoorsLockedDown => "doors-locked-down",
            Self::DoorsReleased => "doors-released",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }
}

impl From<Step> for AuditVerb {
    fn from(step: Step) -> Self {
        match step {
            Step::Arrive => Self::CardArrived,
            Step::Notify => Self::CardNotified,
            Step::Activate => Self::CardActivated,
            Step::Return => Self::CardReturned,
        }
    }
}

/// One record for the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Audit {
    /// What was done.
    pub verb: AuditVerb,
    /// When.
    pub at: UtcMicros,
    /// By whom.
    pub operator: OperatorId,
    /// Where the operator's key lies; the operator's part is encrypted under it.
    pub operator_slot: KeySlot,
    /// About whom, if about a holder; the holder's part is encrypted under this slot's key.
    pub holder: Option<Holder>,
    /// For the holder's part: `key=value` words, at most [`AUDIT_TEXT_MAX`] octets.
    pub holder_text: String,
    /// For the operator's part, which outlives the holder's: nothing about the holder.
    pub operator_text: String,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Audit")
            .field("verb", &self.verb)
            .field("at", &self.at)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}

/// What a change leaves to be done by the caller, in this order where it revokes: the allowlist, then the log, then the
/// answer; where it grants: the log first.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Records for the log, already durable in the outbox.
    pub records: Vec<(OutboxId, Audit)>,
    /// What is different on the allowlist.
    pub allowlist: Vec<access::Change>,
    /// Schedules, special days or the modes of doors are other than before: [`crate::Register::hours`] has them.
    pub new_hours: bool,
    /// The allowlist's number from now on.
    pub generation: Generation,
}

impl Change {
    /// The numbers of the records, for [`crate::Register::outbox_done`].
    #[must_use]
    pub fn outbox(&self) -> Vec<OutboxId> {
        self.records.iter().map(|(id, _)| *id).collect()
    }
}

/// Octets a part's text may have.
pub const AUDIT_TEXT_MAX: usize = 1_024;
