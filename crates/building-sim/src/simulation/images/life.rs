//! A log's life until the power goes: flushes, seals, days that turn, spares, keys, and people who are forgotten.

use std::sync::Arc;

use access::{
    ClockQuality, Day, DoorId, Generation, Holder, IssuanceId, KeySlot, OperatorId, ReaderId,
    Reason, UtcMicros,
};
use event_log::disk::Disk;
use event_log::read::Reader;
use event_log::verify::Options;
use event_log::{
    AdminVerb, Administration, DoorEvent, DoorKind, Event, Identity, Log, LogError, Operator,
    PartOwner, Passage, PassageKind, Spares, StoreKeys, Text, Ticketed, What, Who,
};
use key_store::disk::MemDisk;
use key_store::{Fixed, KeyStore, Owner};

use super::guillotine::Guillotine;
use crate::dice::Dice;
use crate::simulation::archive::Archive;
use crate::simulation::cards::name_of;
use crate::simulation::traces::Traces;
use crate::simulation::violation::{Breach, Invariant};

/// Who lives: a log, its keys, and what was acknowledged of both.
pub(super) struct Life {
    keys: Arc<KeyStore>,
    log: Log,
    disk: Arc<dyn Disk>,
    pub(super) facts: Facts,
    holder: Holder,
    operator: Operator,
    dice: Dice,
}

/// What must be so on every image from now on.
pub(super) struct Facts {
    pub(super) archive: Archive,
    /// Seals that were acknowledged.
    pub(super) seals: u64,
    /// What is left of nobody who was forgotten.
    pub(super) traces: Traces,
    pub(super) time: UtcMicros,
    holders: u32,
}

/// What comes of one thing done: done, or the power went.
type Done = Result<(), LogError>;

impl Life {
    /// Begins on a new disk.
    pub(super) fn begin(memory: &MemDisk, mut dice: Dice) -> Result<Self, Breach> {
        let disk: Arc<dyn Disk> = Arc::new(memory.clone());
        let keys = Arc::new(KeyStore::create(&disk, &mut dice)?);
        let operator = Operator {
            id: OperatorId::new(1),
            slot: KeySlot::new(keys.allocate(Owner::Operator(1), &mut dice)?.index),
        };
        let identity = Identity {
            origin: "images.example/portvakt".to_owned(),
            signing: keys.fixed(Fixed::LogSigning)?,
        };
        let writing = StoreKeys::of_writer(Arc::clone(&keys), Box::new(dice.split()));
        let mut log = Log::create(&disk, Arc::new(writing), identity, &mut dice)?;
        let time = UtcMicros::from_micros(BEGINNING);
        log.seal(time)?;
        let mut pins = Options::default();
        for key in [Some(log.verifier_key()), log.epoch_verifier_key()] {
            let pinned = pins.pin(&key.unwrap_or_default());
            pinned.map_err(|cause| Invariant::Setting.breach(cause.to_string()))?;
        }
        let holder = allocate(&keys, 1, &mut dice)?;
        Ok(Self {
            keys,
            log,
            disk,
            facts: Facts {
                archive: Archive::new(memory.clone(), pins),
                seals: 1,
                traces: Traces::default(),
                time,
                holders: 1,
            },
            holder,
            operator,
            dice,
        })
    }

    /// Goes on, on a disk on which the power will be cut, until it is or so many things were done.
    pub(super) fn live(&mut self, under: &Guillotine) -> Result<(), Breach> {
        self.disk = Arc::new(under.clone());
        if let Err(cause) = self.reopen() {
            return must_be_cut(under, cause);
        }
        for _ in 0..ACTS_MAX {
            if let Err(cause) = self.act() {
                return must_be_cut(under, cause);
            }
        }
        Ok(())
    }

    fn reopen(&mut self) -> Done {
        let keys = Arc::new(KeyStore::open(&self.disk).map_err(LogError::Keys)?);
        let signing = keys.fixed(Fixed::LogSigning).map_err(LogError::Keys)?;
        let entropy = Box::new(self.dice.split());
        let writing = Arc::new(StoreKeys::of_writer(Arc::clone(&keys), entropy));
        (self.log, _) = Log::open(&self.disk, writing, &signing, self.facts.time)?;
        self.keys = keys;
        // A key whose making was cut off is nobody's, and one whose holder was being forgotten may be gone, or given out anew.
        let whose = self
            .keys
            .key(self.holder.slot.get())
            .map(|(owner, _)| owner);
        if whose.ok() != Some(Owner::Issuance(self.holder.issuance.get())) {
            self.next_holder()?;
        }
        Ok(())
    }

    fn act(&mut self) -> Done {
        match self.dice.below(16) {
            0..=8 => self.append(),
            9..=11 => self.seal(),
            12 => {
                self.pass(DAY_MICROS);
                self.append()
            }
            13 => Spares::of(&self.disk).prepare(),
            14 => {
                let day = Day::get(self.facts.time.day());
                let made = self.keys.day_key(day, &mut self.dice);
                made.map(drop).map_err(LogError::Keys)
            }
            _ => self.forget(),
        }
    }

    fn append(&mut self) -> Done {
        self.pass(1_000_000);
        let count = 1 + self.dice.below(20);
        let batch: Vec<Ticketed> = (0..count).map(|number| self.event(number)).collect();
        let receipts = self.log.append(&batch)?;
        self.facts.archive.acknowledged(&batch, &receipts);
        Ok(())
    }

    fn seal(&mut self) -> Done {
        self.pass(1_000_000);
        self.log.seal(self.facts.time)?;
        self.facts.seals += 1;
        Ok(())
    }

    fn forget(&mut self) -> Done {
        let (_, key) = self
            .keys
            .key(self.holder.slot.get())
            .map_err(LogError::Keys)?;
        let mut traces = Traces::default();
        traces.add(name_of(1).as_bytes());
        let noted = traces.add_key(self.disk.as_ref(), self.holder.slot, &key);
        noted.map_err(|_| LogError::Missing)?;
        let readable = Arc::new(StoreKeys::new(Arc::clone(&self.keys)));
        let reader = Reader::open(&self.disk, readable)?;
        let found = reader.parts_of(PartOwner::Holder(self.holder), 0..self.log.size())?;
        self.log.begin_erasure(found)?;
        let slot = self.keys.find(Owner::Issuance(self.holder.issuance.get()));
        if let Some(slot) = slot {
            self.keys.destroy(slot).map_err(LogError::Keys)?;
        }
        self.log.finish_erasure()?;
        self.facts.traces.extend(traces);
        self.next_holder()
    }

    fn next_holder(&mut self) -> Done {
        self.facts.holders += 1;
        let next = allocate(&self.keys, self.facts.holders, &mut self.dice);
        self.holder = next.map_err(LogError::Keys)?;
        Ok(())
    }

    fn pass(&mut self, micros: i64) {
        let time = self.facts.time.micros().saturating_add(micros);
        self.facts.time = UtcMicros::from_micros(time);
    }

    fn event(&mut self, ticket: u64) -> Ticketed {
        let (door, reader) = (DoorId::new(2), ReaderId::new(3));
        let what = match self.dice.below(4) {
            0 => What::Door(DoorEvent {
                kind: DoorKind::Opened,
                door,
                operator: Some(self.operator),
                detail: Text::new("said aloud"),
            }),
            1 => What::Administration(Administration {
                verb: AdminVerb::CardIssued,
                operator: self.operator,
                outbox: ticket,
                holder: Some(self.holder),
                holder_text: Text::new(&name_of(1)),
                operator_text: Text::new(&"word ".repeat(self.words())),
            }),
            _ => What::Passage(Passage {
                kind: PassageKind::Granted,
                door: Some(door),
                reader,
                who: Who::Holder(self.holder),
                reason: Reason::Ok,
                generation: Generation::new(1),
            }),
        };
        let event = Event {
            time: self.facts.time,
            clock: ClockQuality::Synchronised,
            late: false,
            what,
        };
        Ticketed { ticket, event }
    }

    fn words(&mut self) -> usize {
        usize::try_from(self.dice.below(160)).unwrap_or(0)
    }
}

impl Facts {
    /// A log that was opened on an image takes more, and verifies whole then.
    pub(super) fn goes_on(&self, log: &mut Log, image: &MemDisk) -> Result<(), Breach> {
        let detail = Text::new("after the power cut");
        let kind = DoorKind::Opened;
        let (door, operator) = (DoorId::new(2), None);
        let event = Event {
            time: self.time,
            clock: ClockQuality::Synchronised,
            late: false,
            what: What::Door(DoorEvent {
                kind,
                door,
                operator,
                detail,
            }),
        };
        drop(log.append(&[Ticketed { ticket: 1, event }])?);
        log.seal(self.time)?;
        let report = self.archive.verify_on(image)?;
        if (report.events, report.unsealed, report.torn) != (log.size(), 0, 0) {
            let what = format!("{} records of {}: {report:?}", report.events, log.size());
            return Err(Invariant::LogVerifies.breach(what));
        }
        Ok(())
    }
}

fn allocate(keys: &KeyStore, number: u32, dice: &mut Dice) -> Result<Holder, key_store::KeyError> {
    let issuance = IssuanceId::from_random(number);
    let slot = keys.allocate(Owner::Issuance(number), dice)?;
    let slot = KeySlot::new(slot.index);
    Ok(Holder { issuance, slot })
}

/// What fails though the power is there is no power cut.
fn must_be_cut(under: &Guillotine, cause: LogError) -> Result<(), Breach> {
    if under.has_fallen() {
        return Ok(());
    }
    Err(Invariant::LogVerifies.breach(format!("it fails on a disk that works: {cause}")))
}

/// Things done before the power goes in any case.
const ACTS_MAX: u32 = 24;
const BEGINNING: i64 = 1_795_335_243_000_000;
const DAY_MICROS: i64 = 86_400_000_000;
