//! What is said about reviews of cards and rights.

/// Something about a review.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutReview<'a> {
    /// How much was decided.
    Decided {
        /// Cards.
        cards: u64,
        /// Rights.
        rights: u64,
    },
    /// Lapsed rights that were left.
    LapsedLeft {
        /// How many.
        rights: u64,
    },
    /// A report was written.
    Written {
        /// Where.
        file: &'a str,
    },
}

impl AboutReview<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match self {
            Self::Decided { cards, rights } => format!("decided: {cards} cards, {rights} rights"),
            Self::LapsedLeft { rights } => format!(
                "{rights} rights are lapsed (M22) and were left: decide each with its place, or recertify the tenant"
            ),
            Self::Written { file } => {
                format!("written to {file}; that it was printed is on record")
            }
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match self {
            Self::Decided { cards, rights } => {
                format!("avgjort: {cards} kort, {rights} rettigheter")
            }
            Self::LapsedLeft { rights } => format!(
                "{rights} rettigheter har utløpt begrunnelse (M22) og står igjen: avgjør hver av dem med sin plass, eller bekreft leietakeren på nytt"
            ),
            Self::Written { file } => {
                format!("skrevet til {file}; at den er skrevet ut, er loggført")
            }
        }
    }
}
