//! Administration: what an operator changed, or was refused.

use access::Holder;

use super::kinds::kinds;
use super::{Operator, Text};

kinds! {
    /// What an operator did.
    AdminVerb {
        /// Registered a holder and their rights.
        CardIssued = 1, "card-issued";
        /// Noted that the ordered plastic came.
        CardArrived = 2, "card-arrived";
        /// Told the holder.
        CardNotified = 3, "card-notified";
        /// Bound a card and made it live.
        CardActivated = 4, "card-activated";
        /// Denied it everywhere for now.
        CardBlocked = 5, "card-blocked";
        /// Lifted that.
        CardUnblocked = 6, "card-unblocked";
        /// Took it back.
        CardReturned = 7, "card-returned";
        /// Registered and activated it from a list.
        CardImported = 8, "card-imported";
        /// A holder's key is destroyed; names slot and generation, and no holder.
        ShredDone = 9, "shred-done";
        /// Gave a person a role.
        OperatorAdded = 10, "operator-added";
        /// Registered a tenant.
        TenantAdded = 11, "tenant-added";
        /// Registered a contact person.
        ContactAdded = 12, "contact-added";
        /// A contact person left.
        ContactLeft = 13, "contact-left";
        /// Gave a reader its key.
        ReaderKeySet = 14, "reader-key-set";
        /// Asked for something the role does not allow.
        Refused = 15, "refused";
        /// Had a reader take another key.
        ReaderKeyRotation = 16, "reader-key-rotation";
        /// Opened a window in which a reader may be paired.
        PairingOpened = 17, "pairing-opened";
        /// Took another reader for the one that was known.
        ReaderSwapAccepted = 18, "reader-swap-accepted";
        /// A reader is to answer at another address or speed.
        ReaderReaddressing = 19, "reader-readdressing";
        /// A file is on its way to a reader.
        ReaderFileSent = 20, "reader-file-sent";
        /// A file on its way to a reader was taken back.
        ReaderFileCancelled = 21, "reader-file-cancelled";
        /// A line was taken out of service to see who answers on it.
        LineSurvey = 22, "line-survey";
        /// Set for how long a class of events is kept.
        RetentionSet = 23, "retention-set";
        /// Said anew what the register has of a holder, before the last record about it leaves.
        RegisterRestated = 24, "register-restated";
        /// Held the shredding of a holder.
        ShredHeld = 25, "shred-held";
        /// Ended a hold before its time.
        HoldEnded = 26, "hold-ended";
        /// Gave an issuance further rights.
        RightGranted = 27, "right-granted";
        /// Took rights on a place away from an issuance.
        RightRevoked = 28, "right-revoked";
        /// Gave an issuance a PIN.
        PinSet = 29, "pin-set";
        /// Took an issuance's PIN away.
        PinCleared = 30, "pin-cleared";
        /// Made a schedule, or replaced one.
        ScheduleSet = 31, "schedule-set";
        /// Took a schedule away.
        ScheduleRemoved = 32, "schedule-removed";
        /// Made a date a special day.
        HolidaySet = 33, "holiday-set";
        /// Made a date an ordinary day.
        HolidayRemoved = 34, "holiday-removed";
        /// Ordered a mode for a door.
        DoorModeSet = 35, "door-mode-set";
        /// Took such an order back.
        DoorModeEnded = 36, "door-mode-ended";
        /// Said what a door does at which hours.
        DoorHoursSet = 37, "door-hours-set";
        /// Locked doors down.
        DoorsLockedDown = 38, "doors-locked-down";
        /// Released doors from a lockdown.
        DoorsReleased = 39, "doors-released";
        /// The time of a clock whose jump was held is taken.
        ClockConfirmed = 40, "clock-confirmed";
        /// Where cards are is known no more, so that they may enter anew.
        AreaForgiven = 41, "area-forgiven";
        /// Gave an operator other roles.
        OperatorRolesSet = 42, "operator-roles-set";
        /// Took every role from an operator.
        OperatorRemoved = 43, "operator-removed";
        /// Recorded that an operator was trained.
        TrainingRecorded = 44, "training-recorded";
        /// Named a deputy for a time.
        DelegationGiven = 45, "delegation-given";
        /// Ended a delegation before its time.
        DelegationEnded = 46, "delegation-ended";
        /// Asked for a change that another person has to approve.
        ChangePending = 47, "change-pending";
        /// Approved a change that somebody else asked for.
        ChangeApproved = 48, "change-approved";
        /// Refused a change that somebody else asked for.
        ChangeRefused = 49, "change-refused";
        /// Let a change expire that nobody approved in time.
        ChangeExpired = 50, "change-expired";
        /// Approved a tenant's employee card.
        CardApproved = 51, "card-approved";
        /// Recorded that a superior vouches for a holder.
        CardVouched = 52, "card-vouched";
        /// Reported a card lost.
        CardLost = 53, "card-lost";
        /// Noted that a lost card was found.
        CardFound = 54, "card-found";
        /// Changed what an issuance says.
        CardChanged = 55, "card-changed";
        /// Was the issuer of a card whose end came.
        CardExpired = 56, "card-expired";
        /// Charged a tenant.
        ChargeMade = 57, "charge-made";
        /// Took a charge back.
        ChargeReversed = 58, "charge-reversed";
        /// Handed charges over for invoicing.
        ChargesExported = 59, "charges-exported";
        /// Took a card of the house into stock.
        StockAdded = 60, "stock-added";
        /// Ended everything that somebody who left had.
        PersonLeft = 61, "person-left";
        /// Changed what holds for a tenant.
        TenantChanged = 62, "tenant-changed";
        /// Took a tenant's list of leavers.
        LeaversImported = 63, "leavers-imported";
        /// Opened a review of cards and rights.
        ReviewOpened = 64, "review-opened";
        /// Decided one item of a review.
        ReviewDecided = 65, "review-decided";
        /// Signed a review.
        ReviewSigned = 66, "review-signed";
        /// Justified a tenant's holdings anew.
        TenantRecertified = 67, "tenant-recertified";
        /// Made a backup.
        BackupCreated = 68, "backup-created";
        /// Compared the register with the log.
        Reconciled = 69, "reconciled";
        /// Printed a form or a report.
        FormPrinted = 70, "form-printed";
        /// Left a tenant without anybody who answers for it.
        TenantWithoutContact = 71, "tenant-without-contact";
        /// Took a card of the house out of the stock.
        StockRemoved = 72, "stock-removed";
    }
}

/// An operator's act: who, what and when under the operator's key; about whom under the holder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administration {
    /// What was done.
    pub verb: AdminVerb,
    /// Who did it.
    pub operator: Operator,
    /// The outbox row this comes from; 0 for none. It makes the record repeatable after a crash.
    pub outbox: u64,
    /// About whom.
    pub holder: Option<Holder>,
    /// In words, about the holder; gone with the holder's key.
    pub holder_text: Text,
    /// In words, about the act; no holder in it.
    pub operator_text: Text,
}
