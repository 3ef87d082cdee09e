//! A long log: years of a busy house, written as fast as a log takes them.

use std::sync::Arc;
use std::time::Duration;

use access::{
    ClockQuality, DoorId, Generation, Holder, IssuanceId, KeySlot, ReaderId, Reason, UnknownTag,
    UtcMicros,
};
use event_log::disk::Disk;
use event_log::{
    DoorEvent, DoorKind, Event, Identity, Log, LogError, Passage, PassageKind, ReaderEvent,
    ReaderKind, StoreKeys, Text, Ticketed, What, Who,
};
use key_store::{Fixed, KeyError, KeyStore, Owner};

use crate::dice::Dice;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct LongLog {
    /// Events in all.
    pub events: u64,
    /// Cards that come and go.
    pub cards: u32,
    /// Over how long they are spread.
    pub span: Duration,
    /// The same seed writes the same events.
    pub seed: u64,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The verifier keys, as `portvaktd init` prints them.
    pub keys: Vec<String>,
    /// Everybody who has a card.
    pub holders: Vec<Holder>,
}

impl LongLog {
    /// Makes keys and a log on an empty disk. `progress` is told after each epoch how many events there are.
    ///
    /// # Errors
    /// What key store and log say.
    pub fn write(
        &self,
        disk: &Arc<dyn Disk>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Written, LogError> {
        let mut dice = Dice::new(self.seed);
        let keys = Arc::new(KeyStore::create(disk, &mut dice)?);
        let holders = self.holders(&keys, &mut dice)?;
        let identity = Identity {
            origin: ORIGIN.to_owned(),
            signing: keys.fixed(Fixed::LogSigning)?,
        };
        let writing = StoreKeys::of_writer(keys, Box::new(dice.split()));
        let mut log = Log::create(disk, Arc::new(writing), identity, &mut dice)?;
        let step = self.span.as_micros() / u128::from(self.events.max(1));
        let step = Duration::from_micros(u64::try_from(step).unwrap_or(u64::MAX));
        let (mut now, mut sealed) = (BEGIN, BEGIN);
        let mut batch = Vec::with_capacity(BATCH);
        for number in 0..self.events {
            now = now.saturating_add(step);
            batch.push(Ticketed {
                ticket: number,
                event: event(&mut dice, &holders, now),
            });
            let is_last = number + 1 == self.events;
            let is_quiet = now.saturating_since(sealed) >= QUIET;
            if batch.len() == BATCH || is_quiet || is_last {
                drop(log.append(&batch)?);
                batch.clear();
            }
            if (number + 1).is_multiple_of(EPOCH) || is_quiet || is_last {
                sealed = log.seal(now)?.time;
                progress(number + 1);
            }
        }
        let keys = [Some(log.verifier_key()), log.epoch_verifier_key()];
        Ok(Written {
            keys: keys.into_iter().flatten().collect(),
            holders,
        })
    }

    fn holders(&self, keys: &KeyStore, dice: &mut Dice) -> Result<Vec<Holder>, KeyError> {
        let owners: Vec<Owner> = (0..self.cards).map(Owner::Issuance).collect();
        let slots = keys.allocate_many(&owners, dice)?;
        let holder = |(number, slot): (u32, key_store::Slot)| Holder {
            issuance: IssuanceId::from_random(number),
            slot: KeySlot::new(slot.index),
        };
        Ok((0..self.cards).zip(slots).map(holder).collect())
    }
}

/// Mostly passages; now and then a door, a reader, or a card that nobody knows.
fn event(dice: &mut Dice, holders: &[Holder], time: UtcMicros) -> Event {
    let place = u16::try_from(dice.below(40)).unwrap_or(0) + 1;
    let what = match dice.below(100) {
        0..4 => What::Door(DoorEvent {
            kind: DoorKind::Held,
            door: DoorId::new(place),
            operator: None,
            detail: Text::new(""),
        }),
        4 => What::Reader(ReaderEvent {
            kind: ReaderKind::Online,
            reader: ReaderId::new(place),
            detail: Text::new(""),
        }),
        throw => What::Passage(passage(dice, holders, (place, throw))),
    };
    Event {
        time,
        clock: ClockQuality::Synchronised,
        late: false,
        what,
    }
}

fn passage(dice: &mut Dice, holders: &[Holder], (place, throw): (u16, u64)) -> Passage {
    let cards = u64::try_from(holders.len()).unwrap_or(u64::MAX);
    let card = usize::try_from(dice.below(cards)).unwrap_or(0);
    let known = holders.get(card).filter(|_| throw > 6);
    let who = known.map_or_else(
        || Who::Unknown {
            tag: UnknownTag::new(dice.throw().to_be_bytes()),
            bit_count: 26,
        },
        |holder| Who::Holder(*holder),
    );
    let (kind, reason) = match (known, throw) {
        (None, _) => (PassageKind::Denied, Reason::UnknownCard),
        (Some(_), 90..) => (PassageKind::Denied, Reason::NoRight),
        (Some(_), _) => (PassageKind::Granted, Reason::Ok),
    };
    Passage {
        kind,
        door: Some(DoorId::new(place)),
        reader: ReaderId::new(place),
        who,
        reason,
        generation: Generation::new(1),
    }
}

const ORIGIN: &str = "long.example/portvakt";
/// 2024-11-22T00:00:00Z.
const BEGIN: UtcMicros = UtcMicros::from_micros(1_732_233_600_000_000);
/// Events of one flush.
const BATCH: usize = 512;
/// An epoch is sealed after so long at the latest; a daemon would seal it after five minutes.
const QUIET: Duration = Duration::from_secs(86_400);
/// Events of one epoch.
const EPOCH: u64 = 1_024;

#[cfg(test)]
mod tests {
    use event_log::disk::{MemDisk, SubDisk};
    use event_log::verify::{Options, verify_dir};

    use super::*;

    #[test]
    fn what_it_writes_verifies_and_is_the_same_for_the_same_seed() {
        let plan = LongLog {
            events: 3_000,
            cards: 20,
            span: Duration::from_secs(86_400),
            seed: 5,
        };
        let roots: Vec<[u8; 32]> = (0..2)
            .map(|_| {
                let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
                let written = plan.write(&disk, &mut |_| {}).unwrap();
                let mut options = Options::default();
                options.pin(&written.keys.join("\n")).unwrap();
                let folder = SubDisk::new(disk, "log");
                let report = verify_dir(&folder, options, &mut |_| {}).unwrap();
                assert_eq!(
                    (report.events, report.unsealed, report.epochs),
                    (3_000, 0, 3)
                );
                report.root
            })
            .collect();
        assert_eq!(roots[0], roots[1]);
    }
}
