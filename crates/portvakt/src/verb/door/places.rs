//! Which doors are meant.

use clap::Args;
use control::request::house::Places;

/// Doors by name, and those of groups.
#[derive(Debug, Args)]
pub(crate) struct Doors {
    /// Names of doors
    #[arg(value_name = "DOOR")]
    doors: Vec<String>,
    /// A group of doors, as the configuration has it; may be given several times
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
}

impl Doors {
    /// Whether none is named.
    pub(crate) const fn is_empty(&self) -> bool {
        self.doors.is_empty() && self.groups.is_empty()
    }

    /// As they are asked for.
    pub(crate) fn places(self) -> Places {
        Places {
            doors: self.doors,
            groups: self.groups,
        }
    }
}
