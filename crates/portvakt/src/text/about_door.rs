//! What is said about one door.

/// Something about a door whose name goes before it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutDoor<'a> {
    /// It was opened once.
    Opened,
    /// It opens for a card.
    WouldOpen {
        /// The instant in the site's zone.
        at: &'a str,
    },
    /// It stays shut for a card.
    WouldNotOpen {
        /// The instant in the site's zone.
        at: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// What would have to change for it to open.
    Remedy {
        /// The rule that refuses.
        rule: &'a str,
        /// What.
        remedy: &'a str,
    },
    /// What an event's record says, where the rules were asked again.
    RecordSays {
        /// Its reason.
        reason: &'a str,
    },
}

impl AboutDoor<'_> {
    /// In English.
    pub(super) fn english(&self, door: &str) -> String {
        match self {
            Self::Opened => format!("{door} is opened once"),
            Self::WouldOpen { at } => format!("{door} opens ({at})"),
            Self::WouldNotOpen { at, reason } => format!("{door} stays shut: {reason} ({at})"),
            Self::Remedy { rule, remedy } => format!("for {rule}: {remedy}"),
            Self::RecordSays { reason } => format!("the record says: {reason}"),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self, door: &str) -> String {
        match self {
            Self::Opened => format!("{door} er åpnet én gang"),
            Self::WouldOpen { at } => format!("{door} åpner ({at})"),
            Self::WouldNotOpen { at, reason } => format!("{door} forblir lukket: {reason} ({at})"),
            Self::Remedy { rule, remedy } => format!("for {rule}: {remedy}"),
            Self::RecordSays { reason } => format!("posten sier: {reason}"),
        }
    }
}
