//! The codec: what a part says, as octets. The only file that names bincode.
//!
//! Each payload begins with one octet that says what it is; numbers are little-endian and of fixed width, texts have a
//! length of 8 octets before them. `docs/event-log-format.md` draws them; the golden tests at the foot freeze them.

use std::fmt;

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use bincode::{Decode, Encode};

/// What one part says, before it is sealed. Kinds and verbs are codes here; `parts` gives them meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// A known card at a reader.
    Passage(PassageBody),
    /// An unknown card at a reader.
    Unknown(UnknownBody),
    /// A door.
    Door(PlaceBody),
    /// The operator's share of what happened at a door.
    DoorOperator(DoorOperatorBody),
    /// A reader.
    Reader(PlaceBody),
    /// The operator's share of a change.
    Act(ActBody),
    /// The holder's share of a change.
    ActHolder(ActHolderBody),
    /// A reading.
    Reading(ReadingBody),
    /// The controller.
    System(SystemBody),
}

/// A known card at a reader: 18 octets.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct PassageBody {
    pub(crate) kind: u8,
    pub(crate) reason: u8,
    pub(crate) door: u16,
    pub(crate) reader: u16,
    pub(crate) generation: u64,
    pub(crate) issuance: u32,
}

/// An unknown card at a reader: 24 octets with its mark, as many as a passage's part has room for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct UnknownBody {
    pub(crate) kind_and_bits: u16,
    pub(crate) reason: u8,
    pub(crate) door: u16,
    pub(crate) reader: u16,
    pub(crate) generation: u64,
    pub(crate) tag: [u8; 8],
}

/// Something at a door or a reader.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct PlaceBody {
    pub(crate) kind: u8,
    pub(crate) place: u16,
    pub(crate) text: String,
}

/// The operator's share of what happened at a door.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct DoorOperatorBody {
    pub(crate) kind: u8,
    pub(crate) door: u16,
    pub(crate) operator: u16,
    pub(crate) text: String,
}

/// The operator's share of a change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ActBody {
    pub(crate) verb: u8,
    pub(crate) operator: u16,
    pub(crate) outbox: u64,
    pub(crate) text: String,
}

/// The holder's share of a change.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ActHolderBody {
    pub(crate) verb: u8,
    pub(crate) issuance: u32,
    pub(crate) text: String,
}

/// A reading.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ReadingBody {
    pub(crate) operator: u16,
    pub(crate) hits: u32,
    pub(crate) verb: String,
    pub(crate) purpose: String,
}

/// Something of the controller's own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct SystemBody {
    pub(crate) kind: u8,
    pub(crate) text: String,
}

/// Why octets are no payload. They were authenticated before, so this is a fault of the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodecError {
    /// There are none.
    Empty,
    /// The mark is none of this version.
    Mark(u8),
    /// The body does not parse.
    Body,
    /// Something other than zeros follows the body.
    Trailing,
    /// A code has no meaning in this version.
    Code(u8),
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the part is empty"),
            Self::Mark(mark) => write!(
                f,
                "the part begins with {mark}, which this version does not know"
            ),
            Self::Body => f.write_str("the part does not parse"),
            Self::Trailing => f.write_str("the part has octets behind its end"),
            Self::Code(code) => write!(
                f,
                "the part has the code {code}, which this version does not know"
            ),
        }
    }
}

impl Payload {
    /// The octets, without padding; `None` if a text is too long to be encoded at all.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        match self {
            Self::Passage(body) => with_mark(PASSAGE, body),
            Self::Unknown(body) => with_mark(UNKNOWN, body),
            Self::Door(body) => with_mark(DOOR, body),
            Self::DoorOperator(body) => with_mark(DOOR_OPERATOR, body),
            Self::Reader(body) => with_mark(READER, body),
            Self::Act(body) => with_mark(ACT, body),
            Self::ActHolder(body) => with_mark(ACT_HOLDER, body),
            Self::Reading(body) => with_mark(READING, body),
            Self::System(body) => with_mark(SYSTEM, body),
        }
    }

    /// Reads a payload and its zero padding.
    pub(crate) fn decode(octets: &[u8]) -> Result<Self, CodecError> {
        let (&mark, body) = octets.split_first().ok_or(CodecError::Empty)?;
        match mark {
            PASSAGE => whole(body).map(Self::Passage),
            UNKNOWN => whole(body).map(Self::Unknown),
            DOOR => whole(body).map(Self::Door),
            DOOR_OPERATOR => whole(body).map(Self::DoorOperator),
            READER => whole(body).map(Self::Reader),
            ACT => whole(body).map(Self::Act),
            ACT_HOLDER => whole(body).map(Self::ActHolder),
            READING => whole(body).map(Self::Reading),
            SYSTEM => whole(body).map(Self::System),
            other => Err(CodecError::Mark(other)),
        }
    }
}

fn with_mark(mark: u8, body: &impl Encode) -> Option<Vec<u8>> {
    let mut octets = vec![mark];
    octets.extend(bincode::encode_to_vec(body, CONFIG).ok()?);
    Some(octets)
}

fn whole<T: Decode<()>>(octets: &[u8]) -> Result<T, CodecError> {
    let (body, used) = bincode::decode_from_slice(octets, CONFIG).map_err(|_| CodecError::Body)?;
    let rest = octets.get(used..).ok_or(CodecError::Body)?;
    if rest.iter().any(|octet| *octet != 0) {
        return Err(CodecError::Trailing);
    }
    Ok(body)
}

/// bincode panics on a hostile length without a limit.
const CONFIG: Configuration<LittleEndian, Fixint, Limit<PAYLOAD_LEN_MAX>> =
    bincode::config::legacy().with_limit::<PAYLOAD_LEN_MAX>();
const PAYLOAD_LEN_MAX: usize = 4_096;

const PASSAGE: u8 = 1;
const UNKNOWN: u8 = 2;
const DOOR: u8 = 3;
const DOOR_OPERATOR: u8 = 4;
const READER: u8 = 5;
const ACT: u8 = 6;
const ACT_HOLDER: u8 = 7;
const READING: u8 = 8;
const SYSTEM: u8 = 9;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(len: u8, words: &str) -> Vec<u8> {
        [&[len, 0, 0, 0, 0, 0, 0, 0], words.as_bytes()].concat()
    }

    /// Frozen: these octets lie in logs that auditors hold. Never edited to make a test pass.
    fn golden() -> Vec<(Payload, Vec<u8>)> {
        [golden_places(), golden_passages(), golden_people()].concat()
    }

    fn golden_places() -> Vec<(Payload, Vec<u8>)> {
        let door = |place, words: &str| PlaceBody {
            kind: 3,
            place,
            text: words.into(),
        };
        let system = SystemBody {
            kind: 2,
            text: "s".into(),
        };
        vec![
            (
                Payload::Door(door(2, "")),
                [&[3, 3, 2, 0][..], &text(0, "")].concat(),
            ),
            (
                Payload::Reader(door(3, "x")),
                [&[5, 3, 3, 0][..], &text(1, "x")].concat(),
            ),
            (
                Payload::System(system),
                [&[9, 2][..], &text(1, "s")].concat(),
            ),
        ]
    }

    fn golden_passages() -> Vec<(Payload, Vec<u8>)> {
        let (door, reader) = (2, 3);
        let known = PassageBody {
            kind: 1,
            reason: 0,
            door,
            reader,
            generation: 812,
            issuance: 0x0102_0304,
        };
        let unknown = UnknownBody {
            kind_and_bits: 0x041A,
            reason: 1,
            door,
            reader,
            generation: 1,
            tag: [7; 8],
        };
        vec![
            (
                Payload::Passage(known),
                vec![1, 1, 0, 2, 0, 3, 0, 0x2C, 3, 0, 0, 0, 0, 0, 0, 4, 3, 2, 1],
            ),
            (
                Payload::Unknown(unknown),
                vec![
                    2, 0x1A, 4, 1, 2, 0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7,
                ],
            ),
        ]
    }

    fn golden_people() -> Vec<(Payload, Vec<u8>)> {
        let door = 2;
        let opened = DoorOperatorBody {
            kind: 1,
            door,
            operator: 9,
            text: "å".into(),
        };
        let act = ActBody {
            verb: 4,
            operator: 9,
            outbox: 5,
            text: "ok".into(),
        };
        let holder = ActHolderBody {
            verb: 4,
            issuance: 1,
            text: "t".into(),
        };
        let reading = ReadingBody {
            operator: 9,
            hits: 2,
            verb: "v".into(),
            purpose: "p".into(),
        };
        vec![
            (
                Payload::DoorOperator(opened),
                [&[4, 1, 2, 0, 9, 0][..], &text(2, "å")].concat(),
            ),
            (
                Payload::Act(act),
                [&[6, 4, 9, 0, 5, 0, 0, 0, 0, 0, 0, 0][..], &text(2, "ok")].concat(),
            ),
            (
                Payload::ActHolder(holder),
                [&[7, 4, 1, 0, 0, 0][..], &text(1, "t")].concat(),
            ),
            (
                Payload::Reading(reading),
                [&[8, 9, 0, 2, 0, 0, 0][..], &text(1, "v"), &text(1, "p")].concat(),
            ),
        ]
    }

    #[test]
    fn payloads_are_these_octets() {
        for (payload, octets) in golden() {
            assert_eq!(payload.encode().unwrap(), octets, "{payload:?}");
            assert_eq!(Payload::decode(&octets).unwrap(), payload);
            let padded = [&octets[..], &[0; 9]].concat();
            assert_eq!(Payload::decode(&padded).unwrap(), payload);
        }
    }

    #[test]
    fn what_follows_the_end_is_refused() {
        for (_, mut octets) in golden() {
            octets.extend([0, 1]);
            assert_eq!(Payload::decode(&octets), Err(CodecError::Trailing));
        }
    }

    #[test]
    fn a_hostile_length_is_refused() {
        let octets = [&[9, 2][..], &[0xFF; 8]].concat();
        assert_eq!(Payload::decode(&octets), Err(CodecError::Body));
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(payload) = Payload::decode(&octets) {
                let again = payload.encode().unwrap();
                prop_assert!(octets.starts_with(&again));
            }
        }
    }
}
