//! A card in the snapshot: every octet that a decision about it needs, and no name.

use access::{
    CardEntry, CardTag, DoorId, GroupId, Holder, IssuanceId, KeySlot, Pin, PinHash, PinNumber,
    Place, Right, ScheduleId, Standing, UtcMicros, Validity,
};

/// Writes a card behind what is there; layout in docs/data-directory.md.
pub(super) fn encode(entry: &CardEntry, octets: &mut Vec<u8>) -> Option<()> {
    let rights = u16::try_from(entry.rights.len()).ok()?;
    octets.extend(tag_octets(&entry.tag));
    octets.extend(entry.holder.issuance.get().to_le_bytes());
    octets.extend(entry.holder.slot.get().to_le_bytes());
    octets.push(standing_code(entry.standing));
    let until = entry.valid.until();
    let duress = entry.pin.as_ref().and_then(|pin| pin.duress);
    octets.push(
        bit(entry.visitor, VISITOR)
            | bit(until.is_some(), ENDS)
            | bit(entry.pin.is_some(), HAS_PIN)
            | bit(duress.is_some(), HAS_DURESS)
            | bit(entry.twin.is_some(), HAS_TWIN),
    );
    octets.extend(entry.valid.from().micros().to_le_bytes());
    octets.extend(until.map_or_else(Vec::new, |until| until.micros().to_le_bytes().to_vec()));
    if let Some(pin) = &entry.pin {
        octets.extend(pin.number.get().to_le_bytes());
        octets.extend(pin.hash.as_bytes());
        octets.extend(duress.iter().flat_map(PinHash::as_bytes));
    }
    octets.extend(
        entry
            .twin
            .map_or_else(Vec::new, |twin| twin.get().to_le_bytes().to_vec()),
    );
    octets.extend(rights.to_le_bytes());
    for right in &entry.rights {
        encode_right(right, entry.valid, octets);
    }
    Some(())
}

/// What is kept of a tag: the octets that a list goes by.
pub(super) fn tag_octets(tag: &CardTag) -> [u8; TAG_LEN] {
    let [kept @ .., _, _, _, _] = *tag.as_bytes();
    kept
}

/// The tag of these octets.
pub(super) fn tag_of(octets: [u8; TAG_LEN]) -> CardTag {
    let mut whole = [0; 16];
    for (place, octet) in whole.iter_mut().zip(octets) {
        *place = octet;
    }
    CardTag::new(whole)
}

/// Reads a card from the front; `None` for what [`encode`] never writes.
pub(super) fn decode(from: &mut Octets<'_>) -> Option<CardEntry> {
    let tag = tag_of(from.take()?);
    let holder = Holder {
        issuance: IssuanceId::new(from.u32()?)?,
        slot: KeySlot::new(from.u32()?),
    };
    let standing = standing_of(from.u8()?)?;
    let flags = from.u8()?;
    let has = |flag| flags & flag != 0;
    let begin = from.time()?;
    let until = if has(ENDS) { Some(from.time()?) } else { None };
    let valid = Validity::new(begin, until).ok()?;
    let pin = if has(HAS_PIN) {
        Some(decode_pin(from, has(HAS_DURESS))?)
    } else {
        None
    };
    let twin = if has(HAS_TWIN) {
        Some(IssuanceId::new(from.u32()?)?)
    } else {
        None
    };
    let count = from.u16()?;
    let rights: Option<Vec<Right>> = (0..count).map(|_| decode_right(from, valid)).collect();
    Some(CardEntry {
        tag,
        holder,
        standing,
        valid,
        rights: rights?,
        visitor: has(VISITOR),
        pin,
        twin,
    })
}

/// Octets that are read from the front.
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl Octets<'_> {
    /// Whether all were read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// So many of them.
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    /// One.
    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take().map(u8::from_le_bytes)
    }

    /// A number, little-endian.
    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    /// A number, little-endian.
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    /// Microseconds since 1970, little-endian.
    pub(super) fn time(&mut self) -> Option<UtcMicros> {
        let micros = self.take().map(i64::from_le_bytes);
        micros.map(UtcMicros::from_micros)
    }
}

fn encode_right(right: &Right, card: Validity, octets: &mut Vec<u8>) {
    let (is_group, number) = match right.place {
        Place::Door(door) => (false, door.get()),
        Place::Group(group) => (true, group.get()),
    };
    let as_card = right.valid == card;
    let until = right.valid.until().filter(|_| !as_card);
    octets.push(
        bit(is_group, GROUP)
            | bit(right.schedule.is_some(), AT_HOURS)
            | bit(as_card, AS_CARD)
            | bit(until.is_some(), RIGHT_ENDS),
    );
    octets.extend(number.to_le_bytes());
    octets.extend(
        right
            .schedule
            .map_or_else(Vec::new, |at| at.get().to_le_bytes().to_vec()),
    );
    if !as_card {
        octets.extend(right.valid.from().micros().to_le_bytes());
    }
    octets.extend(until.map_or_else(Vec::new, |until| until.micros().to_le_bytes().to_vec()));
}

fn decode_right(from: &mut Octets<'_>, card: Validity) -> Option<Right> {
    let flags = from.u8()?;
    let has = |flag| flags & flag != 0;
    let number = from.u16()?;
    let place = if has(GROUP) {
        Place::Group(GroupId::new(number))
    } else {
        Place::Door(DoorId::new(number))
    };
    let schedule = if has(AT_HOURS) {
        Some(ScheduleId::new(from.u16()?))
    } else {
        None
    };
    let valid = if has(AS_CARD) {
        card
    } else {
        let begin = from.time()?;
        let until = if has(RIGHT_ENDS) {
            Some(from.time()?)
        } else {
            None
        };
        Validity::new(begin, until).ok()?
    };
    Some(Right {
        place,
        valid,
        schedule,
    })
}

fn decode_pin(from: &mut Octets<'_>, has_duress: bool) -> Option<Pin> {
    Some(Pin {
        number: PinNumber::new(from.u32()?)?,
        hash: PinHash::new(from.take()?),
        duress: if has_duress {
            Some(PinHash::new(from.take()?))
        } else {
            None
        },
    })
}

const fn standing_code(standing: Standing) -> u8 {
    match standing {
        Standing::Active => 1,
        Standing::Pending => 2,
        Standing::Blocked => 3,
        Standing::Lost => 4,
        Standing::Returned => 5,
    }
}

fn standing_of(code: u8) -> Option<Standing> {
    let all = [
        Standing::Active,
        Standing::Pending,
        Standing::Blocked,
        Standing::Lost,
        Standing::Returned,
    ];
    all.into_iter()
        .find(|standing| standing_code(*standing) == code)
}

fn bit(is_set: bool, flag: u8) -> u8 {
    if is_set { flag } else { 0 }
}

/// Octets of a tag that are kept.
pub(super) const TAG_LEN: usize = 12;
const VISITOR: u8 = 1;
const ENDS: u8 = 2;
const HAS_PIN: u8 = 4;
const HAS_DURESS: u8 = 8;
const HAS_TWIN: u8 = 16;
const GROUP: u8 = 1;
const AT_HOURS: u8 = 2;
const AS_CARD: u8 = 4;
const RIGHT_ENDS: u8 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UtcMicros {
        UtcMicros::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn every_card_is_read_as_it_was_written() {
        let valid = Validity::new(at(10), Some(at(20))).unwrap();
        let always = Validity::new(at(0), None).unwrap();
        let holder = |number| Holder {
            issuance: IssuanceId::new(number).unwrap(),
            slot: KeySlot::new(number + 1),
        };
        let tag = |number| tag_of([number; TAG_LEN]);
        let plain = CardEntry::new(tag(1), holder(1), Standing::Active, always);
        let whole = CardEntry {
            rights: vec![
                Right::on(DoorId::new(7), valid),
                Right {
                    place: Place::Group(GroupId::new(9)),
                    valid: Validity::new(at(11), Some(at(12))).unwrap(),
                    schedule: Some(ScheduleId::new(3)),
                },
                Right::on(DoorId::new(8), always),
            ],
            visitor: true,
            pin: Some(Pin {
                number: PinNumber::new(1_234).unwrap(),
                hash: PinHash::new([5; 16]),
                duress: Some(PinHash::new([6; 16])),
            }),
            twin: Some(IssuanceId::new(77).unwrap()),
            ..CardEntry::new(tag(2), holder(2), Standing::Lost, valid)
        };
        let mut octets = Vec::new();
        encode(&plain, &mut octets).unwrap();
        encode(&whole, &mut octets).unwrap();
        let mut from = Octets(&octets);
        assert_eq!(decode(&mut from), Some(plain));
        assert_eq!(decode(&mut from), Some(whole));
        assert!(from.is_empty());
        for cut in 0..octets.len() {
            let mut from = Octets(&octets[..cut]);
            let read = decode(&mut from).and_then(|_| decode(&mut from));
            assert_eq!(read, None, "{cut}");
        }
    }
}
