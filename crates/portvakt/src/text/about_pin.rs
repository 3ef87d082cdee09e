//! What is said about PINs, never one of them.

/// Something about a PIN.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutPin<'a> {
    /// Which PIN?
    Ask,
    /// Which duress PIN?
    AskDuress,
    /// The same again.
    AskAgain,
    /// What was typed twice differs.
    Differs,
    /// Off a terminal none can be typed.
    NoTerminal,
    /// An issuance has one.
    Set {
        /// The issuance.
        issuance: &'a str,
        /// What is typed before it where no card is shown.
        number: &'a str,
    },
}

impl AboutPin<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match self {
            Self::Ask => "PIN (not shown): ".to_owned(),
            Self::AskDuress => "duress PIN (not shown): ".to_owned(),
            Self::AskAgain => "once more: ".to_owned(),
            Self::Differs => "the two are not the same; nothing was changed".to_owned(),
            Self::NoTerminal => {
                "a PIN is typed at a terminal; without one give --pin-file".to_owned()
            }
            Self::Set { issuance, number } => {
                format!("{issuance}  PIN set; without a card: {number}, then the PIN")
            }
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match self {
            Self::Ask => "PIN (vises ikke): ".to_owned(),
            Self::AskDuress => "PIN under tvang (vises ikke): ".to_owned(),
            Self::AskAgain => "en gang til: ".to_owned(),
            Self::Differs => "de to er ikke like; ingenting er endret".to_owned(),
            Self::NoTerminal => {
                "PIN tastes ved en terminal; uten terminal: gi --pin-file".to_owned()
            }
            Self::Set { issuance, number } => {
                format!("{issuance}  PIN er satt; uten kort: {number}, deretter PIN")
            }
        }
    }
}
