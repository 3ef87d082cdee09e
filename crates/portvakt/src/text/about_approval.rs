//! What is said about what waits for another person.

/// Something about a change or a card that waits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutApproval<'a> {
    /// It was kept.
    Pending {
        /// Under which name.
        approval: &'a str,
        /// Until when it may be approved.
        until: &'a str,
    },
    /// It was approved and done.
    Approved {
        /// Under which name.
        approval: &'a str,
        /// What was done.
        verb: &'a str,
        /// The issuance, or how many; empty where there is none.
        about: &'a str,
    },
    /// It was refused or withdrawn.
    Refused {
        /// Under which name.
        approval: &'a str,
    },
}

impl AboutApproval<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match self {
            Self::Pending { approval, until } => {
                format!(
                    "pending {approval}  until {until}  nothing is done before another person approves it"
                )
            }
            Self::Approved {
                approval,
                verb,
                about,
            } => format!("{approval}  approved and done: {verb} {about}")
                .trim_end()
                .to_owned(),
            Self::Refused { approval } => format!("{approval}  waits no more; nothing was done"),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match self {
            Self::Pending { approval, until } => {
                format!(
                    "venter {approval}  til {until}  ingenting blir gjort før en annen godkjenner det"
                )
            }
            Self::Approved {
                approval,
                verb,
                about,
            } => format!("{approval}  godkjent og utført: {verb} {about}")
                .trim_end()
                .to_owned(),
            Self::Refused { approval } => {
                format!("{approval}  venter ikke lenger; ingenting er gjort")
            }
        }
    }
}
