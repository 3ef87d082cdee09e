//! The classes of events in the log.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

/// What an event is about; clear in every record's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A card at a door.
    Passage,
    /// A door itself: forced, held, opened by an operator.
    Door,
    /// A reader: online, offline, tamper.
    Reader,
    /// An operator changed something.
    Administration,
    /// An operator read something personal.
    Reading,
    /// The controller itself.
    System,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 6] = [
        Self::Passage,
        Self::Door,
        Self::Reader,
        Self::Administration,
        Self::Reading,
        Self::System,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passage => "passage",
            Self::Door => "door",
            Self::Reader => "reader",
            Self::Administration => "administration",
            Self::Reading => "reading",
            Self::System => "system",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or_else(|| {
                format!(
                    "unknown class {text}, one of {}",
                    Self::ALL.map(Self::as_str).join(", ")
                )
            })
    }
}
