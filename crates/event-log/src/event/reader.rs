//! Reader events: a reader came, went, or was touched.

use access::ReaderId;

use super::Text;
use super::kinds::kinds;

kinds! {
    /// What happened to a reader.
    ReaderKind {
        /// It answers.
        Online = 1, "reader-online";
        /// It does not answer any more.
        Offline = 2, "reader-offline";
        /// Its housing was opened.
        Tamper = 3, "reader-tamper";
        /// Its housing is shut again.
        TamperCleared = 4, "reader-tamper-cleared";
        /// Another device answers at its address.
        Swapped = 5, "reader-swapped";
        /// Something on the line was not as it must be.
        SecurityAlarm = 6, "security-alarm";
        /// It reports that its supply fails.
        PowerFailure = 7, "reader-power-failure";
        /// Its supply is back.
        PowerRestored = 8, "reader-power-restored";
        /// It has proved the key that was on its way to it; the one it had is forgotten.
        KeyChanged = 9, "reader-key-changed";
        /// It has not taken the key that was on its way to it; whatever it had is in force.
        KeyKept = 10, "reader-key-kept";
        /// It came with the default key, in its window for pairing, and now has one of its own.
        Paired = 11, "reader-paired";
        /// A window for pairing closed without that.
        PairingClosed = 12, "pairing-closed";
        /// It did not carry out what an operator had it do.
        OrderFailed = 13, "reader-order-failed";
        /// Keys came that were pressed while it was not heard.
        KeysBuffered = 14, "reader-keys-buffered";
        /// It runs other firmware than in an earlier session of this run.
        FirmwareChanged = 15, "reader-firmware-changed";
        /// It answers at another address or speed from now on.
        Readdressed = 16, "reader-readdressed";
        /// It has taken a whole file.
        FileTaken = 17, "reader-file-taken";
    }
}

/// Something happened to a reader. Sealed under the house's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderEvent {
    /// What.
    pub kind: ReaderKind,
    /// Which reader.
    pub reader: ReaderId,
    /// In words.
    pub detail: Text,
}
