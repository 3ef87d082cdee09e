//! Plan: the house as its configuration describes it, in ids instead of names.

use std::time::Duration;

use access::{
    AreaId, AreaRules, DoorId, DoorRules, FormatSet, GroupId, LineId, PinLimit, ReaderId,
    ReaderRules, Trust,
};
use reader_bus::{AsciiConfig, Feedback, Keypad, LineConfig, Protocol, Security, UnitMap};

/// Every line with its readers, and every door.
#[derive(Debug)]
pub struct SitePlan {
    /// The lines.
    pub lines: Vec<LinePlan>,
    /// The doors.
    pub doors: Vec<DoorPlan>,
    /// The areas between them.
    pub areas: Vec<(AreaId, AreaRules)>,
    /// How many wrong PINs are allowed.
    pub pin_limit: PinLimit,
    /// What readers show and sound.
    pub feedback: Feedback,
}

/// One line and the readers on it.
#[derive(Debug)]
pub struct LinePlan {
    /// The line.
    pub id: LineId,
    /// Speed and patience.
    pub config: LineConfig,
    /// What is spoken on it.
    pub spoken: Spoken,
    /// The readers, in the order the bus counts them.
    pub readers: Vec<ReaderPlan>,
}

/// What is spoken on a line, and how.
#[derive(Debug)]
pub enum Spoken {
    /// OSDP.
    Osdp,
    /// A converter pushes readings as text.
    WiegandAscii(AsciiConfig),
    /// Converters and relay boards are polled by Modbus; a map for each reader, in their order.
    WiegandModbus(Vec<UnitMap>),
}

impl Spoken {
    /// The protocol alone.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Osdp => Protocol::Osdp,
            Self::WiegandAscii(_) => Protocol::WiegandAscii,
            Self::WiegandModbus(_) => Protocol::WiegandModbus,
        }
    }
}

/// One reader.
#[derive(Debug)]
pub struct ReaderPlan {
    /// The reader.
    pub id: ReaderId,
    /// Its OSDP address; without meaning where a line has one reader only.
    pub address: reader_bus::Address,
    /// Its key, or that it has none.
    pub security: Security,
    /// The card formats it reads.
    pub formats: FormatSet,
    /// How a keypad behind its wires tells keys.
    pub keypad: Keypad,
    /// Whether cards may be presented here for activation.
    pub enrol: bool,
    /// The area it leads into.
    pub into: Option<AreaId>,
    /// The area it leads out of.
    pub out_of: Option<AreaId>,
    /// Whether it is inside, for those who leave.
    pub exit: bool,
}

impl ReaderPlan {
    /// What a decision goes by. Only OSDP can be in Secure Channel; and a reader that is to be, and has no session, gives no card.
    pub(crate) const fn rules(&self, protocol: Protocol) -> ReaderRules {
        let trust = match (protocol, &self.security) {
            (Protocol::Osdp, Security::NoKey | Security::Keyed(_) | Security::Between { .. }) => {
                Trust::High
            }
            (Protocol::Osdp, Security::Clear)
            | (Protocol::WiegandAscii | Protocol::WiegandModbus, _) => Trust::Low,
        };
        ReaderRules {
            trust,
            into: self.into,
            out_of: self.out_of,
            exit: self.exit,
        }
    }
}

/// One door.
#[derive(Debug)]
pub struct DoorPlan {
    /// The door.
    pub id: DoorId,
    /// The readers that ask for it; a reader asks for one door.
    pub entry: Vec<ReaderId>,
    /// The output that releases it.
    pub strike: Strike,
    /// How long one unlock lasts; whole tenths of a second, 100 ms to 6,553.5 s.
    pub open_for: Duration,
    /// Active while the leaf stands open.
    pub contact: Option<InputAt>,
    /// Active while somebody presses it.
    pub exit_button: Option<InputAt>,
    /// So long the leaf may stand open before the door is reported as held.
    pub held_after: Duration,
    /// So long before that the reader warns whoever stands there.
    pub warn_before_held: Option<Duration>,
    /// The strike falls as soon as the leaf is shut behind somebody, however long the unlock was to last.
    pub relock_on_close: bool,
    /// An input counts once it has had its level for so long.
    pub debounce: Duration,
    /// What happens without the log.
    pub class: DoorClass,
    /// What it asks of a card besides a right.
    pub rules: DoorRules,
    /// The groups it is in.
    pub groups: Vec<GroupId>,
}

/// An output of a reader, on whatever line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The reader.
    pub reader: ReaderId,
    /// The output's number there.
    pub output: u8,
    /// Whether the door is released while the output is off: a fail-safe strike, or a relay wired the other way round.
    pub inverted: bool,
}

impl Strike {
    /// An output that releases the door while it is on.
    #[must_use]
    pub const fn active(reader: ReaderId, output: u8) -> Self {
        Self {
            reader,
            output,
            inverted: false,
        }
    }
}

/// An input of a reader, on whatever line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputAt {
    /// The reader.
    pub reader: ReaderId,
    /// The input's number there.
    pub input: u8,
    /// Whether it tells by being inactive: a contact that is closed while the leaf is.
    pub inverted: bool,
}

impl InputAt {
    /// An input that tells by being active.
    #[must_use]
    pub const fn active(reader: ReaderId, input: u8) -> Self {
        Self {
            reader,
            input,
            inverted: false,
        }
    }
}

/// What a door does while its record cannot be made durable (architecture, decision 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorClass {
    /// Once the log has failed, opens for known cards from a bounded memory ring for a while.
    Standard,
    /// Stays shut.
    Strict,
}
