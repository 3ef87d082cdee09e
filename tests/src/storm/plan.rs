//! The plan of the house: which doors it has.

/// A door of the house; its reader has the same number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door {
    /// What it is called, as its reader is.
    pub(crate) name: &'static str,
    /// The line of its reader.
    pub(crate) line: usize,
    /// Its class.
    pub(crate) class: &'static str,
}

/// Every door, by the address of its reader.
pub(crate) const DOORS: [Door; 4] = [
    door("hall", 0, "standard"),
    door("store", 0, "strict"),
    door("yard", 1, "standard"),
    door("vault", 1, "strict"),
];

const fn door(name: &'static str, line: usize, class: &'static str) -> Door {
    Door { name, line, class }
}

/// How long a strike is released: no order may be longer.
pub(crate) const OPEN_FOR_S: u16 = 1;
