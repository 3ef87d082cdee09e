//! Trust: the reader can be believed as far as the door wants it.

use crate::plan::{Level, Trust};
use crate::reason::Reason;
use crate::rule::{Case, Rule};

/// Is the reader good enough for this door?
pub(crate) const RULE: Rule = Rule {
    name: "reader-trust",
    judge,
    saw,
    remedy,
};

fn judge(case: &Case<'_>) -> Result<(), Reason> {
    match (case.rules.map(|rules| rules.level), case.at.trust) {
        (Some(Level::Exclusion), Trust::Low) => Err(Reason::ReaderNotSecure),
        (Some(Level::Exclusion), Trust::High)
        | (Some(Level::Controlled | Level::Limited), Trust::Low | Trust::High) => Ok(()),
        (None, _) => Err(Reason::DoorLocked),
    }
}

fn saw(case: &Case<'_>) -> String {
    let trust = match case.at.trust {
        Trust::Low => "the reader's wires can be imitated",
        Trust::High => "the reader is in Secure Channel",
    };
    let level = case.rules.map_or("none", |rules| rules.level.as_str());
    format!("{trust}; the door's level is {level}")
}

fn remedy(_: &Case<'_>) -> String {
    "the card is shown at an OSDP reader with a key".to_owned()
}
