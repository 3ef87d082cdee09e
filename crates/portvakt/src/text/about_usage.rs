//! What is said about a command line that is wrong. The English is clap's own.

/// What is wrong with a command line, or what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AboutUsage<'a> {
    /// An option or a word too many.
    UnknownOption {
        /// It.
        what: String,
    },
    /// A verb that is none.
    UnknownVerb {
        /// It.
        what: String,
    },
    /// No verb at all.
    NoVerb,
    /// What must be given and was not.
    Missing {
        /// Options.
        options: String,
    },
    /// Two options that exclude each other, or one twice.
    Conflict {
        /// The one.
        what: String,
        /// The other.
        with: String,
    },
    /// An option without its value.
    NoValue {
        /// The option.
        option: String,
        /// Values it may have, if they are few.
        known: String,
    },
    /// A value that is none of those there are.
    NotOneOf {
        /// The option.
        option: String,
        /// The value.
        value: String,
        /// Values it may have.
        known: String,
    },
    /// A value that cannot be read.
    Unreadable {
        /// The option.
        option: String,
        /// The value.
        value: String,
        /// Why not, as the reader of it says.
        why: String,
    },
    /// What may have been meant.
    Suggested {
        /// It.
        what: &'a str,
    },
    /// How the command line is written.
    Usage {
        /// It.
        usage: &'a str,
    },
    /// Where there is more.
    More,
}

impl AboutUsage<'_> {
    /// In Norwegian.
    pub(super) fn norwegian(&self, told: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::UnknownOption { what } => format!("ukjent valg eller ord «{what}»"),
            Self::UnknownVerb { what } => format!("ukjent kommando «{what}»"),
            Self::NoVerb => "mangler en kommando".to_owned(),
            Self::Missing { options } => format!("mangler: {options}"),
            Self::Conflict { what, with } if what == with || with.is_empty() => {
                format!("{what} er gitt mer enn én gang")
            }
            Self::Conflict { what, with } => format!("{what} kan ikke gis sammen med {with}"),
            Self::NoValue { option, known } if known.is_empty() => {
                format!("{option} mangler verdi")
            }
            Self::NoValue { option, known } => {
                format!("{option} mangler verdi; velg en av: {known}")
            }
            Self::NotOneOf {
                option,
                value,
                known,
            } => format!("«{value}» passer ikke for {option}; velg en av: {known}"),
            Self::Unreadable { option, value, why } => {
                format!("«{value}» passer ikke for {option}: {}", told(why))
            }
            Self::Suggested { what } => format!("mente du {what}?"),
            Self::Usage { usage } => {
                let usage = PLACES
                    .iter()
                    .fold((*usage).to_owned(), |usage, (english, norwegian)| {
                        usage.replace(english, norwegian)
                    });
                format!("bruk: {usage}")
            }
            Self::More => "--help viser mer".to_owned(),
        }
    }
}

/// What clap writes where something of the operator's own stands.
const PLACES: [(&str, &str); 2] = [("[OPTIONS]", "[VALG]"), ("<COMMAND>", "<KOMMANDO>")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_command_line_is_explained_in_norwegian() {
        let told = |english: &str| super::super::phrasebook::norwegian(english);
        let said = |about: AboutUsage<'_>| about.norwegian(&told);
        let text = str::to_owned;
        assert_eq!(
            said(AboutUsage::Unreadable {
                option: text("<ISSUANCE>"),
                value: text("P-1"),
                why: text("not an issuance; wanted P- and six digits or letters, as in P-3F7K2Q"),
            }),
            "«P-1» passer ikke for <ISSUANCE>: ikke en utstedelse; skriv P- og seks tall eller bokstaver, som i P-3F7K2Q"
        );
        assert_eq!(
            said(AboutUsage::Conflict {
                what: text("--end"),
                with: text("--until <TIME>"),
            }),
            "--end kan ikke gis sammen med --until <TIME>"
        );
        assert_eq!(
            said(AboutUsage::Usage {
                usage: "portvakt door <COMMAND>",
            }),
            "bruk: portvakt door <KOMMANDO>"
        );
    }
}
