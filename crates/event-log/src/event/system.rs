//! System events: the controller and the log itself.

use super::Text;
use super::kinds::kinds;

kinds! {
    /// What happened to the controller.
    SystemKind {
        /// The log and the register were made.
        Initialised = 1, "initialised";
        /// The daemon started.
        Started = 2, "started";
        /// The daemon stopped in order.
        Stopped = 3, "stopped";
        /// The end of the log was torn and cut, or the log takes records again.
        LogRecovered = 4, "log-recovered";
        /// Events are missing, and how many at most.
        LogGap = 5, "log-gap";
        /// A configuration was taken into use.
        ConfigurationLoaded = 6, "configuration-loaded";
        /// A forward jump of the clock is held.
        ClockHeld = 7, "clock-held";
        /// A line's port is open.
        LineUp = 8, "line-up";
        /// A line's port is closed.
        LineDown = 9, "line-down";
        /// Segments have outlived their two years and are about to leave.
        SegmentDeleted = 10, "segment-deleted";
        /// The time for which a class of events is kept was changed by the configuration.
        RetentionSet = 11, "retention-set";
        /// A segment is complete and was indexed.
        SegmentIndexed = 12, "segment-indexed";
        /// The disk is full, and the log goes on with its emergency reserve.
        DiskFull = 13, "disk-full";
        /// The log was begun anew from a backup; names the one that it goes on from.
        Restored = 14, "restored";
        /// Doors are locked down.
        LockedDown = 15, "locked-down";
        /// A lockdown is over.
        LockdownReleased = 16, "lockdown-released";
        /// The time of a held clock is taken.
        ClockConfirmed = 17, "clock-confirmed";
        /// A quarter is over whose review nobody has signed.
        ReviewOverdue = 18, "review-overdue";
        /// The register is not what the log says.
        RegisterDiffers = 19, "register-differs";
        /// The register cannot be used; the doors go on by the last list that was kept.
        RegisterUnusable = 20, "register-unusable";
        /// A tenant has nobody who answers for it.
        TenantWithoutContact = 21, "tenant-without-contact";
        /// What a number of a door, reader, group or area is called.
        NamesNumbered = 22, "names-numbered";
    }
}

/// Something happened to the controller. Sealed under the house's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemEvent {
    /// What.
    pub kind: SystemKind,
    /// In words.
    pub detail: Text,
}
