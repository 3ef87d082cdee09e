//! What is said about one reader.

/// Something about a reader, said with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AboutReader {
    /// It has another key.
    KeyRotated,
    /// A window for pairing stands open.
    PairingOpen {
        /// For how long.
        wait_s: u16,
    },
    /// It got its first key.
    Paired,
}

impl AboutReader {
    /// In English.
    pub(super) fn english(self, reader: &str) -> String {
        match self {
            Self::KeyRotated => format!("{reader} has a new key and stands in a session under it"),
            Self::PairingOpen { wait_s } => format!(
                "pairing {reader}: the window is open for {wait_s} s. Whoever taps the wire now learns the key: pair on a bench cable"
            ),
            Self::Paired => {
                format!("{reader} has a key of its own and stands in a session under it")
            }
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(self, reader: &str) -> String {
        match self {
            Self::KeyRotated => format!("{reader} har fått ny nøkkel og er i en økt under den"),
            Self::PairingOpen { wait_s } => format!(
                "parer {reader}: vinduet er åpent i {wait_s} s. Den som avlytter ledningen nå, får nøkkelen: par over en benkkabel"
            ),
            Self::Paired => format!("{reader} har fått sin egen nøkkel og er i en økt under den"),
        }
    }
}
