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
