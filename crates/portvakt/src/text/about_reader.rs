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
    /// It answers elsewhere.
    Readdressed,
    /// It has a file.
    FileSent,
    /// A file is not sent to it any more.
    FileCancelled,
    /// Not a reader but a line, which is to be taken out of service.
    LineOut,
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
            Self::Readdressed => format!("{reader} has confirmed its new address and speed"),
            Self::FileSent => format!("{reader} has the file"),
            Self::FileCancelled => format!("{reader} is not sent the file any more"),
            Self::LineOut => format!(
                "take line {reader} out of service to look who answers on it? Its doors stay locked meanwhile [y/N] "
            ),
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
            Self::Readdressed => format!("{reader} har bekreftet ny adresse og hastighet"),
            Self::FileSent => format!("{reader} har filen"),
            Self::FileCancelled => format!("{reader} får ikke filen lenger"),
            Self::LineOut => format!(
                "ta linje {reader} ut av drift for å se hvem som svarer? Dørene der forblir låst imens [j/N] "
            ),
        }
    }
}
