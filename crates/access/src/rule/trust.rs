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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{READER, Scene, WAY_OUT};
    use crate::id::ReaderId;
    use crate::pin::PinEntry;

    #[test]
    fn what_a_level_asks_of_the_reader_and_of_the_one_who_stands_there() {
        use Level::{Controlled, Exclusion, Limited};
        use Reason::{Ok, PinNeeded, ReaderNotSecure};
        let unknown = ReaderId::new(99);
        for (level, reader, alone, with_pin) in [
            (Controlled, WAY_OUT, Ok, Ok),
            (Controlled, READER, Ok, Ok),
            (Controlled, unknown, Ok, Ok),
            (Limited, WAY_OUT, PinNeeded, Ok),
            (Limited, READER, Ok, Ok),
            (Limited, unknown, PinNeeded, Ok),
            (Exclusion, WAY_OUT, ReaderNotSecure, ReaderNotSecure),
            (Exclusion, READER, PinNeeded, Ok),
            (Exclusion, unknown, ReaderNotSecure, ReaderNotSecure),
        ] {
            let mut scene = Scene::new();
            scene.door(|door| door.level = level);
            scene.at_reader(reader);
            assert_eq!(scene.reason(0), alone, "{level:?} at {reader}");
            scene.typing(PinEntry::Right);
            assert_eq!(scene.reason(0), with_pin, "{level:?} at {reader}");
        }
    }

    #[test]
    fn the_explanation_names_the_reader_and_the_level() {
        let mut scene = Scene::new();
        scene.door(|door| door.level = Level::Exclusion);
        scene.at_reader(WAY_OUT);
        let told = (
            "the reader's wires can be imitated; the door's level is exclusion".to_owned(),
            Some("the card is shown at an OSDP reader with a key".to_owned()),
        );
        assert_eq!(scene.told(&RULE, 0), told);
    }
}
