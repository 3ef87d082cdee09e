//! Readings: who looked something up, recorded before anything is shown.

use super::{Operator, Text};

/// An operator read something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Who.
    pub operator: Operator,
    /// What they asked, such as `log-show`.
    pub verb: Text,
    /// The question and its purpose, without personal data.
    pub purpose: Text,
    /// How many things it named; 0 where that is not known beforehand.
    pub hits: u32,
}

impl Reading {
    /// The name people and scripts see.
    pub const NAME: &'static str = "log-read";
}
