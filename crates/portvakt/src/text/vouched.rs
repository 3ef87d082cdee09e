//! How far a witness vouches for a log.

/// A witness's word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vouched<'a> {
    /// The witness's name.
    pub(crate) witness: &'a str,
    /// Records, from the first on.
    pub(crate) size: u64,
    /// When it said so.
    pub(crate) at: &'a str,
}

impl Vouched<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        let Self { witness, size, at } = self;
        match size.checked_sub(1) {
            Some(last) => format!("witnessed by {witness} up to record {last} at {at}"),
            None => format!("witnessed by {witness} as still empty at {at}"),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        let Self { witness, size, at } = self;
        match size.checked_sub(1) {
            Some(last) => format!("bevitnet av {witness} til og med post {last}, {at}"),
            None => format!("bevitnet av {witness} som ennå tom, {at}"),
        }
    }
}
