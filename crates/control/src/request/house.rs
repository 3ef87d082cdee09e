//! What is asked of the doors' modes, of lockdowns, areas and the clock.

use core::fmt;

use access::IssuanceId;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::moment::Moment;

/// One wish; the tag is `act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum HouseRequest {
    /// Gives doors another mode, whatever their schedules say.
    OrderMode {
        /// Which doors; naming none is refused.
        #[serde(deserialize_with = "object")]
        doors: Places,
        /// `locked`, `card`, `card+pin`, `card-or-pin`, `unlocked`.
        mode: String,
        /// Until just before when; without, until it is taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Moment>,
    },
    /// Takes such orders back.
    EndMode {
        /// Which doors; naming none is refused.
        #[serde(deserialize_with = "object")]
        doors: Places,
    },
    /// Which mode doors have at which hours, instead of what was set before.
    SetHours {
        /// Which doors; naming none is refused.
        #[serde(deserialize_with = "object")]
        doors: Places,
        /// The first whose schedule holds counts; none at all leaves the configuration's mode.
        hours: Vec<DoorHours>,
    },
    /// No card opens these doors until they are released. Naming none is the whole house.
    LockDown {
        /// Which doors.
        #[serde(deserialize_with = "object")]
        doors: Places,
    },
    /// Ends a lockdown. Naming none is the whole house.
    Release {
        /// Which doors.
        #[serde(deserialize_with = "object")]
        doors: Places,
    },
    /// Opens the door of a reader, to see that it is wired as it should be.
    TestOpen {
        /// The reader's name.
        reader: String,
    },
    /// Every area, and how many are in it; streams [`crate::reply::Row::Area`].
    AreaList {},
    /// Who is in an area, pseudonymous; a logged reading. Streams [`crate::reply::Row::Inside`].
    AreaMuster {
        /// The area's name; all of them if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        area: Option<String>,
    },
    /// Forgets where one card is, so that it may enter anywhere once.
    AreaForgiveCard {
        /// Which issuance.
        issuance: IssuanceId,
    },
    /// Forgets it of every card in an area.
    AreaForgive {
        /// The area's name.
        area: String,
    },
    /// Takes the time of a clock whose jump is held.
    ConfirmClock {
        /// What the operator's own clock says, which must be close.
        now: Moment,
    },
    /// Why a card was let in or not, by the event's place in the log; a logged reading.
    WhyEvent {
        /// The place.
        index: u64,
    },
}

/// Doors, by their own names and by those of their groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Names of doors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doors: Vec<String>,
    /// Names of groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

/// Reads an object only. The derived reading takes an array as well, and an empty one would be the whole house.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Places, D::Error> {
    struct Object;
    impl<'de> Visitor<'de> for Object {
        type Value = Places;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with doors and groups")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Places, A::Error> {
            Places::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_map(Object)
}

/// The mode of a door in the hours of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorHours {
    /// The schedule's name.
    pub schedule: String,
    /// The mode.
    pub mode: String,
    /// It begins only once somebody of the house was let in within these hours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_first_card: bool,
}

impl HouseRequest {
    /// Whether it would change something.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match self {
            Self::OrderMode { .. }
            | Self::EndMode { .. }
            | Self::SetHours { .. }
            | Self::LockDown { .. }
            | Self::Release { .. }
            | Self::TestOpen { .. }
            | Self::AreaForgiveCard { .. }
            | Self::AreaForgive { .. }
            | Self::ConfirmClock { .. } => true,
            Self::AreaList {} | Self::AreaMuster { .. } | Self::WhyEvent { .. } => false,
        }
    }
}
