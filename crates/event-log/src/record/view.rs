//! A view: what a record says to somebody who has some of its keys.

use access::{DoorId, Generation, IssuanceId, OperatorId, ReaderId, Reason, UnknownTag};

use super::codec::{CodecError, Payload};
use super::parts::{NO_DOOR, kind_code_and_bits};
use crate::event::{AdminVerb, DoorKind, PassageKind, ReaderKind, Reading, SystemKind, Text};

/// Everything a record's opened parts say, and how many parts stayed shut. What is not there is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The event's name, such as `access-granted`; `None` if the part that says so is gone.
    pub name: Option<&'static str>,
    /// The door.
    pub door: Option<DoorId>,
    /// The reader.
    pub reader: Option<ReaderId>,
    /// The holder's pseudonym.
    pub issuance: Option<IssuanceId>,
    /// An unknown card's tag of the day, and its bit count.
    pub unknown: Option<(UnknownTag, u16)>,
    /// Why a card was let in or not.
    pub reason: Option<Reason>,
    /// By which allowlist.
    pub generation: Option<Generation>,
    /// Which operator.
    pub operator: Option<OperatorId>,
    /// The outbox row an administration record comes from; 0 for none.
    pub outbox: u64,
    /// A reading: what was asked.
    pub verb: Option<Text>,
    /// A reading: how many things it named.
    pub hits: Option<u32>,
    /// In words: detail, purpose, the operator's text.
    pub detail: Text,
    /// In words, about the holder.
    pub holder_text: Text,
    /// Parts overwritten by their hash, or whose key is gone.
    pub erased: u8,
}

impl View {
    /// Adds what one opened part says.
    pub(crate) fn add(&mut self, payload: Payload) -> Result<(), CodecError> {
        match payload {
            Payload::Passage(body) => {
                self.name = Some(known(PassageKind::from_code(body.kind), body.kind)?.name());
                self.add_decision((body.door, body.reader), body.reason, body.generation)?;
                self.issuance = IssuanceId::new(body.issuance);
            }
            Payload::Unknown(body) => {
                let (kind, bits) = kind_code_and_bits(body.kind_and_bits);
                self.name = Some(known(PassageKind::from_code(kind), kind)?.name());
                self.add_decision((body.door, body.reader), body.reason, body.generation)?;
                self.unknown = Some((UnknownTag::new(body.tag), bits));
            }
            Payload::Door(body) => {
                self.add_door(body.kind, body.place)?;
                self.add_detail(&body.text);
            }
            Payload::DoorOperator(body) => {
                self.add_door(body.kind, body.door)?;
                self.operator = Some(OperatorId::new(body.operator));
                self.add_detail(&body.text);
            }
            Payload::Reader(body) => {
                self.name = Some(known(ReaderKind::from_code(body.kind), body.kind)?.name());
                self.reader = Some(ReaderId::new(body.place));
                self.add_detail(&body.text);
            }
            Payload::Act(_) | Payload::ActHolder(_) | Payload::Reading(_) | Payload::System(_) => {
                return self.add_act(payload);
            }
        }
        Ok(())
    }

    fn add_act(&mut self, payload: Payload) -> Result<(), CodecError> {
        match payload {
            Payload::Act(body) => {
                self.name = Some(known(AdminVerb::from_code(body.verb), body.verb)?.name());
                self.operator = Some(OperatorId::new(body.operator));
                self.outbox = body.outbox;
                self.add_detail(&body.text);
            }
            Payload::ActHolder(body) => {
                self.name = Some(known(AdminVerb::from_code(body.verb), body.verb)?.name());
                self.issuance = IssuanceId::new(body.issuance);
                self.holder_text = Text::new(&body.text);
            }
            Payload::Reading(body) => {
                self.name = Some(Reading::NAME);
                self.operator = Some(OperatorId::new(body.operator));
                self.verb = Some(Text::new(&body.verb));
                self.hits = Some(body.hits);
                self.add_detail(&body.purpose);
            }
            Payload::System(body) => {
                self.name = Some(known(SystemKind::from_code(body.kind), body.kind)?.name());
                self.add_detail(&body.text);
            }
            Payload::Passage(_)
            | Payload::Unknown(_)
            | Payload::Door(_)
            | Payload::DoorOperator(_)
            | Payload::Reader(_) => {}
        }
        Ok(())
    }

    fn add_decision(
        &mut self,
        (door, reader): (u16, u16),
        reason: u8,
        generation: u64,
    ) -> Result<(), CodecError> {
        self.door = (door != NO_DOOR).then(|| DoorId::new(door));
        self.reader = Some(ReaderId::new(reader));
        self.reason = Some(known(Reason::from_code(reason), reason)?);
        self.generation = Some(Generation::new(generation));
        Ok(())
    }

    fn add_door(&mut self, kind: u8, door: u16) -> Result<(), CodecError> {
        self.name = Some(known(DoorKind::from_code(kind), kind)?.name());
        self.door = Some(DoorId::new(door));
        Ok(())
    }

    fn add_detail(&mut self, words: &str) {
        if !words.is_empty() {
            self.detail = Text::new(words);
        }
    }
}

fn known<T>(found: Option<T>, code: u8) -> Result<T, CodecError> {
    found.ok_or(CodecError::Code(code))
}
