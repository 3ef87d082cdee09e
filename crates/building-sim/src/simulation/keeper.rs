//! Keeper: who is where is kept over a restart, as the daemon keeps it: a file that is written whole, a second after there is news.

use std::io;
use std::sync::Arc;

use access::{AreaId, IssuanceId, ReaderId, UtcMicros, Whereabouts};
use key_store::disk::{Disk, MemDisk};

use super::muster::People;

/// The file, and what it may hold.
#[derive(Default)]
pub(super) struct Keeper {
    /// What was written to its end.
    written: Option<Arc<People>>,
    /// What was begun since then and refused.
    begun: Vec<Arc<People>>,
    /// Something else is to be in it.
    pub(super) is_behind: bool,
}

impl Keeper {
    /// Writes the file. Says whether the disk took it.
    pub(super) fn write(&mut self, people: Arc<People>, disk: &MemDisk) -> io::Result<()> {
        let kept = disk.put_whole(PATH, &encode(&people));
        if kept.is_ok() {
            self.begun.clear();
            self.written = Some(people);
        } else {
            self.begun.push(people);
        }
        self.is_behind = kept.is_err();
        kept
    }

    /// What an earlier run left: the last that was written to its end, or what was begun after that.
    pub(super) fn read(&self, disk: &MemDisk) -> Result<People, String> {
        let Some(octets) = disk.contents(PATH) else {
            if self.written.is_some() {
                return Err(format!("{PATH} is gone"));
            }
            return Ok(People::new());
        };
        let found = decode(&octets).ok_or_else(|| format!("{PATH} is torn"))?;
        let mut known = self.written.iter().chain(&self.begun);
        if known.any(|known| **known == found) {
            return Ok(found);
        }
        Err(format!("{PATH} is none that was written last: {found:?}"))
    }
}

/// Whether a file on this disk tells of a card.
pub(super) fn tells_of(card: IssuanceId, disk: &MemDisk) -> bool {
    let files = disk.files().into_iter();
    let mut of = files.filter(|path| path.starts_with(PATH));
    of.any(|path| {
        let octets = disk.contents(&path).unwrap_or_default();
        let (cards, _) = octets.as_chunks::<CARD_LEN>();
        cards
            .iter()
            .any(|octets| decode_card(octets).is_some_and(|(known, _)| known == card))
    })
}

fn encode(people: &People) -> Vec<u8> {
    let mut octets = Vec::with_capacity(people.len() * CARD_LEN);
    for (card, known) in people {
        octets.extend_from_slice(&card.get().to_le_bytes());
        octets.extend_from_slice(&known.reader.get().to_le_bytes());
        octets.extend_from_slice(&number(known.area).to_le_bytes());
        octets.extend_from_slice(&known.at.micros().to_le_bytes());
        let (area, at) = known.entered.unzip();
        octets.extend_from_slice(&number(area).to_le_bytes());
        let at = at.map_or(0, UtcMicros::micros);
        octets.extend_from_slice(&at.to_le_bytes());
    }
    octets
}

fn decode(octets: &[u8]) -> Option<People> {
    let (cards, rest) = octets.as_chunks::<CARD_LEN>();
    let people = cards.iter().map(decode_card).collect::<Option<People>>();
    people.filter(|_| rest.is_empty())
}

fn decode_card(octets: &[u8; CARD_LEN]) -> Option<(IssuanceId, Whereabouts)> {
    let [c0, c1, c2, c3, r0, r1, a0, a1, rest @ ..] = *octets;
    let (at, rest) = rest.split_first_chunk()?;
    let (area, entered_at) = rest.split_first_chunk()?;
    let time = |octets| UtcMicros::from_micros(i64::from_le_bytes(octets));
    let entered = area_of(u16::from_le_bytes(*area));
    let known = Whereabouts {
        area: area_of(u16::from_le_bytes([a0, a1])),
        entered: entered.zip(entered_at.first_chunk().map(|at| time(*at))),
        reader: ReaderId::new(u16::from_le_bytes([r0, r1])),
        at: time(*at),
    };
    Some((
        IssuanceId::new(u32::from_le_bytes([c0, c1, c2, c3]))?,
        known,
    ))
}

/// No area has the number 0.
fn number(area: Option<AreaId>) -> u16 {
    area.map_or(0, AreaId::get)
}

fn area_of(number: u16) -> Option<AreaId> {
    (number != 0).then_some(AreaId::new(number))
}

const PATH: &str = "occupancy.snapshot";
const CARD_LEN: usize = 26;

#[cfg(test)]
mod tests {
    use key_store::disk::{Fault, FaultOn};

    use super::*;

    fn people(cards: &[u32]) -> Arc<People> {
        let known = |card: &u32| {
            let at = UtcMicros::from_micros(1_000 + i64::from(*card));
            let area = card.is_multiple_of(2).then_some(AreaId::new(2));
            let known = Whereabouts {
                area,
                entered: (!card.is_multiple_of(3)).then_some((AreaId::new(1), at)),
                reader: ReaderId::new(7),
                at,
            };
            (IssuanceId::from_random(*card), known)
        };
        Arc::new(cards.iter().map(known).collect())
    }

    #[test]
    fn what_was_written_last_is_read_again_and_nothing_older() {
        let (disk, mut keeper) = (MemDisk::new(), Keeper::default());
        assert_eq!(keeper.read(&disk), Ok(People::new()));
        keeper.write(people(&[1, 2, 3]), &disk).unwrap();
        let before = disk.contents(PATH).unwrap();
        assert_eq!(keeper.read(&disk), Ok((*people(&[1, 2, 3])).clone()));
        keeper.write(people(&[2]), &disk).unwrap();
        assert_eq!(keeper.read(&disk), Ok((*people(&[2])).clone()));
        let (gone, there) = (IssuanceId::from_random(1), IssuanceId::from_random(2));
        assert!(!tells_of(gone, &disk) && tells_of(there, &disk));
        disk.put(PATH, before);
        assert!(keeper.read(&disk).is_err() && tells_of(gone, &disk));
        assert!(keeper.read(&MemDisk::new()).is_err(), "it is gone");
    }

    #[test]
    fn what_was_never_written_to_its_end_need_not_be_there() {
        let (disk, mut keeper) = (MemDisk::new(), Keeper::default());
        disk.inject(Some(Fault {
            on: FaultOn::Write,
            after: 0,
            times: 1,
            errno: 5,
        }));
        assert!(keeper.write(people(&[1]), &disk).is_err());
        assert_eq!(keeper.read(&MemDisk::new()), Ok(People::new()));
    }
}
