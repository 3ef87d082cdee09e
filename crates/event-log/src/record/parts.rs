//! Parts: how an event is shared out among keys. One person, one part.

use access::{DoorId, UtcMicros};

use super::codec::{
    ActBody, ActHolderBody, DoorOperatorBody, PassageBody, Payload, PlaceBody, ReadingBody,
    SystemBody, UnknownBody,
};
use super::seal::{HANDLE_LEN, TAG_LEN};
use crate::event::{
    Administration, DoorEvent, Passage, PassageKind, ReaderEvent, Reading, SystemEvent, What, Who,
};
use crate::keys::PartOwner;

/// One part before it is sealed: under whose key, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Whose key.
    pub(crate) owner: PartOwner,
    /// What it says.
    pub(crate) payload: Payload,
}

impl Share {
    /// The octets to be sealed, padded so that the part has one of few lengths; `None` if they fit in none.
    pub(crate) fn padded(&self) -> Option<Vec<u8>> {
        let mut plain = self.payload.encode()?;
        let fits = |len: &&usize| **len >= plain.len() + HANDLE_LEN + TAG_LEN;
        let part = PART_LENS.iter().find(fits)?;
        plain.resize(part - HANDLE_LEN - TAG_LEN, 0);
        Some(plain)
    }
}

/// Who gets which share of an event. `time` tells whose day an unknown card belongs to.
pub(crate) fn shares_of(what: &What, time: UtcMicros) -> Vec<Share> {
    match what {
        What::Passage(passage) => vec![passage_share(passage, time)],
        What::Door(door) => door_shares(door),
        What::Reader(reader) => vec![reader_share(reader)],
        What::Administration(act) => act_shares(act),
        What::Reading(reading) => vec![reading_share(reading)],
        What::System(system) => vec![system_share(system)],
    }
}

fn passage_share(passage: &Passage, time: UtcMicros) -> Share {
    let Passage {
        kind,
        door,
        reader,
        who,
        reason,
        generation,
    } = passage;
    let (door, reader) = (door.map_or(NO_DOOR, DoorId::get), reader.get());
    let (reason, generation) = (reason.code(), generation.get());
    match who {
        Who::Holder(holder) => Share {
            owner: PartOwner::Holder(*holder),
            payload: Payload::Passage(PassageBody {
                kind: kind.code(),
                reason,
                door,
                reader,
                generation,
                issuance: holder.issuance.get(),
            }),
        },
        Who::Unknown { tag, bit_count } => Share {
            owner: PartOwner::Day(time.day()),
            payload: Payload::Unknown(UnknownBody {
                kind_and_bits: kind_and_bits(*kind, *bit_count),
                reason,
                door,
                reader,
                generation,
                tag: *tag.as_bytes(),
            }),
        },
    }
}

fn door_shares(event: &DoorEvent) -> Vec<Share> {
    let (kind, door) = (event.kind.code(), event.door.get());
    let words = event.detail.as_str().to_owned();
    let Some(operator) = event.operator else {
        let payload = Payload::Door(PlaceBody {
            kind,
            place: door,
            text: words,
        });
        return vec![Share {
            owner: PartOwner::House,
            payload,
        }];
    };
    let house = Payload::Door(PlaceBody {
        kind,
        place: door,
        text: String::new(),
    });
    let own = Payload::DoorOperator(DoorOperatorBody {
        kind,
        door,
        operator: operator.id.get(),
        text: words,
    });
    vec![
        Share {
            owner: PartOwner::House,
            payload: house,
        },
        Share {
            owner: PartOwner::Operator(operator),
            payload: own,
        },
    ]
}

fn reader_share(event: &ReaderEvent) -> Share {
    let body = PlaceBody {
        kind: event.kind.code(),
        place: event.reader.get(),
        text: event.detail.as_str().to_owned(),
    };
    Share {
        owner: PartOwner::House,
        payload: Payload::Reader(body),
    }
}

fn act_shares(act: &Administration) -> Vec<Share> {
    let own = Payload::Act(ActBody {
        verb: act.verb.code(),
        operator: act.operator.id.get(),
        outbox: act.outbox,
        text: act.operator_text.as_str().to_owned(),
    });
    let mut shares = vec![Share {
        owner: PartOwner::Operator(act.operator),
        payload: own,
    }];
    if let Some(holder) = act.holder {
        let body = ActHolderBody {
            verb: act.verb.code(),
            issuance: holder.issuance.get(),
            text: act.holder_text.as_str().to_owned(),
        };
        shares.push(Share {
            owner: PartOwner::Holder(holder),
            payload: Payload::ActHolder(body),
        });
    }
    shares
}

fn reading_share(reading: &Reading) -> Share {
    let body = ReadingBody {
        operator: reading.operator.id.get(),
        hits: reading.hits,
        verb: reading.verb.as_str().to_owned(),
        purpose: reading.purpose.as_str().to_owned(),
    };
    Share {
        owner: PartOwner::Operator(reading.operator),
        payload: Payload::Reading(body),
    }
}

fn system_share(system: &SystemEvent) -> Share {
    let body = SystemBody {
        kind: system.kind.code(),
        text: system.detail.as_str().to_owned(),
    };
    Share {
        owner: PartOwner::House,
        payload: Payload::System(body),
    }
}

/// Kind in the upper 6 bits, bit count in the lower 10: a read of more than 1,023 bits is noted as one of 1,023.
fn kind_and_bits(kind: PassageKind, bit_count: u16) -> u16 {
    (u16::from(kind.code()) << BIT_COUNT_BITS) | bit_count.min(BIT_COUNT_MAX)
}

/// The two halves of [`kind_and_bits`].
pub(super) fn kind_code_and_bits(both: u16) -> (u8, u16) {
    let [kind, _] = (both >> BIT_COUNT_BITS).to_le_bytes();
    (kind, both & BIT_COUNT_MAX)
}

/// The lengths a part may have, handle and tag included: a length tells which of six, and nothing else. A passage's is the first.
const PART_LENS: [usize; 6] = [48, 112, 240, 496, 1_008, 2_224];
/// Door and reader numbers begin at 1.
pub(super) const NO_DOOR: u16 = 0;
const BIT_COUNT_BITS: u16 = 10;
const BIT_COUNT_MAX: u16 = 0x3FF;

#[cfg(test)]
mod tests {
    use access::{
        Generation, Holder, IssuanceId, KeySlot, OperatorId, ReaderId, Reason, UnknownTag,
    };

    use super::*;
    use crate::event::{AdminVerb, Operator, Text};

    fn passage(who: Who) -> What {
        What::Passage(Passage {
            kind: PassageKind::Denied,
            door: Some(DoorId::new(2)),
            reader: ReaderId::new(3),
            who,
            reason: Reason::Expired,
            generation: Generation::new(u64::MAX),
        })
    }

    #[test]
    fn every_passage_has_one_part_of_one_length() {
        let holder = Holder {
            issuance: IssuanceId::from_random(u32::MAX),
            slot: KeySlot::new(7),
        };
        let unknown = Who::Unknown {
            tag: UnknownTag::new([255; 8]),
            bit_count: 26,
        };
        for (who, owner) in [
            (Who::Holder(holder), PartOwner::Holder(holder)),
            (unknown, PartOwner::Day(access::Day::new(1))),
        ] {
            let shares = shares_of(&passage(who), UtcMicros::from_micros(86_400_000_000));
            assert_eq!(shares.len(), 1);
            assert_eq!(shares[0].owner, owner);
            assert_eq!(
                shares[0].padded().unwrap().len() + HANDLE_LEN + TAG_LEN,
                PART_LENS[0]
            );
        }
    }

    #[test]
    fn an_act_is_shared_between_the_operator_and_the_holder() {
        let act = |holder| {
            What::Administration(Administration {
                verb: AdminVerb::CardIssued,
                operator: Operator {
                    id: OperatorId::new(1),
                    slot: KeySlot::new(4),
                },
                outbox: 1,
                holder,
                holder_text: Text::new(&"x".repeat(1_024)),
                operator_text: Text::new(&"y".repeat(1_024)),
            })
        };
        let holder = Holder {
            issuance: IssuanceId::from_random(1),
            slot: KeySlot::new(7),
        };
        let shares = shares_of(&act(Some(holder)), UtcMicros::from_micros(0));
        let owners: Vec<PartOwner> = shares.iter().map(|share| share.owner).collect();
        assert_eq!(
            owners,
            [
                PartOwner::Operator(Operator {
                    id: OperatorId::new(1),
                    slot: KeySlot::new(4),
                }),
                PartOwner::Holder(holder)
            ]
        );
        assert!(shares.iter().all(|share| share.padded().is_some()));
        assert_eq!(shares_of(&act(None), UtcMicros::from_micros(0)).len(), 1);
    }

    #[test]
    fn kind_and_bits_share_two_octets() {
        for (kind, bits, noted) in [
            (PassageKind::Granted, 0, 0),
            (PassageKind::Buffered, 200, 200),
            (PassageKind::Denied, u16::MAX, 1_023),
        ] {
            assert_eq!(
                kind_code_and_bits(kind_and_bits(kind, bits)),
                (kind.code(), noted)
            );
        }
    }
}
