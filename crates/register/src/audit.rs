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

/// The verbs with their names, each written once.
macro_rules! verbs {
    ($($(#[$meaning:meta])* $verb:ident = $name:literal;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditVerb {
            $($(#[$meaning])* $verb,)*
        }

        impl AuditVerb {
            /// Every verb.
            pub const ALL: &[Self] = &[$(Self::$verb),*];

            /// The name of the event; stable, stored in the outbox.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$verb => $name,)*
                }
            }

            /// The verb of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$verb),)*
                    _ => None,
                }
            }
        }
    };
}

verbs! {
    /// An issuance was registered.
    CardIssued = "card-issued";
    /// Ordered plastic came.
    CardArrived = "card-arrived";
    /// The holder was told that it is here.
    CardNotified = "card-notified";
    /// A card was bound and made live.
    CardActivated = "card-activated";
    /// The card is refused everywhere until unblocked.
    CardBlocked = "card-blocked";
    /// A block was lifted.
    CardUnblocked = "card-unblocked";
    /// The card was taken back.
    CardReturned = "card-returned";
    /// A card was registered or changed by an import.
    CardImported = "card-imported";
    /// A returned card's holder was forgotten and the key destroyed.
    ShredDone = "shred-done";
    /// An operator was added.
    OperatorAdded = "operator-added";
    /// A tenant was added.
    TenantAdded = "tenant-added";
    /// A contact person was added.
    ContactAdded = "contact-added";
    /// A contact person left.
    ContactLeft = "contact-left";
    /// The shredding of a holder is held.
    ShredHeld = "shred-held";
    /// A hold was ended before its time.
    HoldEnded = "hold-ended";
    /// What the register has of somebody was said anew, before the newest record about it leaves the log.
    RegisterRestated = "register-restated";
    /// An issuance got further rights.
    RightGranted = "right-granted";
    /// Rights of an issuance on a place were taken away.
    RightRevoked = "right-revoked";
    /// An issuance got a PIN.
    PinSet = "pin-set";
    /// An issuance's PIN was taken away.
    PinCleared = "pin-cleared";
    /// A schedule was made or replaced.
    ScheduleSet = "schedule-set";
    /// A schedule was taken away.
    ScheduleRemoved = "schedule-removed";
    /// A date was made a special day.
    HolidaySet = "holiday-set";
    /// A date was made an ordinary day.
    HolidayRemoved = "holiday-removed";
    /// A mode was ordered for a door.
    DoorModeSet = "door-mode-set";
    /// Such an order was taken back.
    DoorModeEnded = "door-mode-ended";
    /// What a door does at which hours was said.
    DoorHoursSet = "door-hours-set";
    /// Doors were locked down.
    DoorsLockedDown = "doors-locked-down";
    /// Doors were released from a lockdown.
    DoorsReleased = "doors-released";
    /// An operator's roles were changed.
    OperatorRolesSet = "operator-roles-set";
    /// An operator lost every role.
    OperatorRemoved = "operator-removed";
    /// An operator's training was recorded.
    TrainingRecorded = "training-recorded";
    /// A deputy was named for a time.
    DelegationGiven = "delegation-given";
    /// A delegation was ended before its time.
    DelegationEnded = "delegation-ended";
    /// A change waits for another person's approval.
    ChangePending = "change-pending";
    /// A change was approved; its own record follows.
    ChangeApproved = "change-approved";
    /// A change was refused.
    ChangeRefused = "change-refused";
    /// Nobody approved a change in time.
    ChangeExpired = "change-expired";
    /// A tenant's employee card was approved.
    CardApproved = "card-approved";
    /// A superior vouched for a holder.
    CardVouched = "card-vouched";
    /// A card was reported lost.
    CardLost = "card-lost";
    /// A lost card was found.
    CardFound = "card-found";
    /// What an issuance says was changed.
    CardChanged = "card-changed";
    /// A card's end came.
    CardExpired = "card-expired";
    /// A tenant was charged.
    ChargeMade = "charge-made";
    /// A charge was taken back.
    ChargeReversed = "charge-reversed";
    /// Charges were handed over for invoicing.
    ChargesExported = "charges-exported";
    /// A card of the house was taken into stock.
    StockAdded = "stock-added";
    /// A card of the house was taken out of the stock.
    StockRemoved = "stock-removed";
    /// Everything that somebody who left had was ended.
    PersonLeft = "person-left";
    /// What holds for a tenant was changed.
    TenantChanged = "tenant-changed";
    /// A tenant's list of leavers was taken.
    LeaversImported = "leavers-imported";
    /// A review of cards and rights was opened.
    ReviewOpened = "review-opened";
    /// One item of a review was decided.
    ReviewDecided = "review-decided";
    /// A review was signed.
    ReviewSigned = "review-signed";
    /// A tenant's holdings were justified anew.
    TenantRecertified = "tenant-recertified";
    /// Nobody answers for a tenant any more.
    TenantWithoutContact = "tenant-without-contact";
}

impl From<Step> for AuditVerb {
    fn from(step: Step) -> Self {
        match step {
            Step::Arrive => Self::CardArrived,
            Step::Notify => Self::CardNotified,
            Step::Activate => Self::CardActivated,
            Step::Return | Step::Withdraw => Self::CardReturned,
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
    /// Schedules, special days, the modes of doors or the house's own cards are other than before: [`crate::Register::hours`] has them.
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

    /// Whether something about an operator is other than before: [`crate::Register::operators`] has them.
    #[must_use]
    pub fn new_operators(&self) -> bool {
        let mut verbs = self.records.iter().map(|(_, audit)| audit.verb);
        verbs.any(|verb| OF_OPERATORS.contains(&verb))
    }
}

/// After which somebody may do more, or less, than before.
const OF_OPERATORS: [AuditVerb; 6] = [
    AuditVerb::OperatorAdded,
    AuditVerb::OperatorRolesSet,
    AuditVerb::OperatorRemoved,
    AuditVerb::TrainingRecorded,
    AuditVerb::DelegationGiven,
    AuditVerb::DelegationEnded,
];

/// What stands in clear beside a sealed record, so that nobody changes it on its way to the log.
pub(crate) fn beside(verb: &str, at: UtcMicros, by: OperatorId) -> String {
    format!("{verb} {} {by}", at.micros())
}

/// Octets a part's text may have.
pub const AUDIT_TEXT_MAX: usize = 1_024;
