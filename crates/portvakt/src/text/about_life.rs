//! What is said about an issuance between its issue and its return.

/// Something about an issuance.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutLife<'a> {
    /// What to do next with one that has no plastic yet.
    ActivateNext {
        /// The issuance.
        issuance: &'a str,
    },
    /// What to do next with one whose plastic is to come.
    ArriveNext {
        /// The issuance.
        issuance: &'a str,
    },
    /// What to do next with one somebody was unsure of.
    VouchNext {
        /// The issuance.
        issuance: &'a str,
    },
    /// A holder is not forgotten before then.
    HeldUntil {
        /// The instant in the site's zone.
        until: &'a str,
    },
    /// An answer that is none of these.
    OneOf {
        /// Their names.
        known: &'a str,
    },
    /// Is the person at the desk unsure of who it is?
    AskUnsure,
    /// Which new hire's card does an employee's take the place of?
    AskReplaces,
    /// Is a file to be replaced?
    AskReplace {
        /// The file.
        file: &'a str,
    },
}

impl AboutLife<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match self {
            Self::ActivateNext { issuance } => format!(
                "no card is bound to it yet: portvakt card activate {issuance} --present READER --return-duty-told"
            ),
            Self::ArriveNext { issuance } => format!(
                "when its card is here: portvakt card arrived {issuance}, then card notify, then card activate"
            ),
            Self::VouchNext { issuance } => format!(
                "it waits for the superior's word: portvakt card vouch {issuance} --superior NAME --confirmed"
            ),
            Self::HeldUntil { until } => {
                format!("the holder is not forgotten before {until}: held for a case")
            }
            Self::OneOf { known } => format!("one of: {known}"),
            Self::AskUnsure => {
                "are you unsure of who it is? Then it waits for the superior's word [y/N] "
                    .to_owned()
            }
            Self::AskReplaces => {
                "a new hire's card that it takes the place of (P-XXXXXX; Enter: none): ".to_owned()
            }
            Self::AskReplace { file } => format!("{file} is there already; replace it? [y/N] "),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match self {
            Self::ActivateNext { issuance } => format!(
                "ingen kort er knyttet til det ennå: portvakt card activate {issuance} --present LESER --return-duty-told"
            ),
            Self::ArriveNext { issuance } => format!(
                "når kortet er kommet: portvakt card arrived {issuance}, så card notify, så card activate"
            ),
            Self::VouchNext { issuance } => format!(
                "det venter på nærmeste leder: portvakt card vouch {issuance} --superior NAVN --confirmed"
            ),
            Self::HeldUntil { until } => format!("holdes tilbake, glemmes ikke før {until}"),
            Self::OneOf { known } => format!("velg en av: {known}"),
            Self::AskUnsure => {
                "er du usikker på hvem det er? Da venter kortet på nærmeste leder [j/N] ".to_owned()
            }
            Self::AskReplaces => {
                "kortet til en nyansatt som dette erstatter (P-XXXXXX; Enter: ingen): ".to_owned()
            }
            Self::AskReplace { file } => format!("{file} finnes allerede; erstatte den? [j/N] "),
        }
    }
}
