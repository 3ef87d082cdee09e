//! A log, its keys and its disk, all in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use access::{
    ClockQuality, DoorId, Generation, Holder, IssuanceId, KeySlot, OperatorId, ReaderId, Reason,
    UnknownTag, UtcMicros,
};
use event_log::disk::{Disk, MemDisk, SubDisk};
use event_log::verify::{Finding, Options, Report, verify_dir};
use event_log::{
    AdminVerb, Administration, DoorEvent, DoorKind, Event, Identity, Log, LogError, Operator,
    Passage, PassageKind, ReaderEvent, ReaderKind, Reading, Receipt, Recovery, StoreKeys,
    SystemEvent, SystemKind, Text, Ticketed, What, Who,
};
use key_store::{Entropy, Fixed, KeyStore, Owner};

pub(crate) const ORIGIN: &str = "test.example/portvakt";
pub(crate) const START: i64 = 1_795_335_243_000_000;

/// Guessable octets, which is as good as any in a test.
pub(crate) struct Seeded(pub(crate) u64);

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
    }
}

pub(crate) struct House {
    pub(crate) mem: MemDisk,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) holder: Holder,
    pub(crate) operator: Operator,
}

impl House {
    pub(crate) fn new() -> (Self, Log) {
        Self::seeded(0)
    }

    pub(crate) fn seeded(seed: u64) -> (Self, Log) {
        let mem = MemDisk::new();
        let disk: Arc<dyn Disk> = Arc::new(mem.clone());
        let keys = Arc::new(KeyStore::create(&disk, &mut Seeded(seed + 7)).unwrap());
        let holder = Holder {
            issuance: IssuanceId::from_random(77),
            slot: KeySlot::new(
                keys.allocate(Owner::Issuance(77), &mut Seeded(8))
                    .unwrap()
                    .index,
            ),
        };
        let operator = Operator {
            id: OperatorId::new(1),
            slot: KeySlot::new(
                keys.allocate(Owner::Operator(1), &mut Seeded(9))
                    .unwrap()
                    .index,
            ),
        };
        let signing = keys.fixed(Fixed::LogSigning).unwrap();
        let identity = Identity {
            origin: ORIGIN.to_owned(),
            signing,
        };
        let store_keys = writer_keys(&keys);
        let log = Log::create(&disk, store_keys, identity, &mut Seeded(seed + 10)).unwrap();
        (
            Self {
                mem,
                disk,
                keys,
                holder,
                operator,
            },
            log,
        )
    }

    /// The same house after a restart; the key store is read anew.
    pub(crate) fn reopened(&self) -> Self {
        self.reopened_on(self.mem.clone())
    }

    /// The same on another disk.
    pub(crate) fn reopened_on(&self, mem: MemDisk) -> Self {
        let disk: Arc<dyn Disk> = Arc::new(mem.clone());
        let keys = Arc::new(KeyStore::open(&disk).unwrap());
        Self {
            mem,
            disk,
            keys,
            holder: self.holder,
            operator: self.operator,
        }
    }

    pub(crate) fn store_keys(&self) -> Arc<StoreKeys> {
        Arc::new(StoreKeys::new(Arc::clone(&self.keys)))
    }

    pub(crate) fn open_log(&self) -> Result<(Log, Option<Recovery>), LogError> {
        self.open_log_at(at(0))
    }

    /// The log, opened by a clock that says this.
    pub(crate) fn open_log_at(&self, now: UtcMicros) -> Result<(Log, Option<Recovery>), LogError> {
        let signing = self.keys.fixed(Fixed::LogSigning).unwrap();
        Log::open(&self.disk, writer_keys(&self.keys), &signing, now)
    }

    pub(crate) fn verify(&self) -> Result<Report, Finding> {
        self.verify_with(Options::default())
    }

    pub(crate) fn verify_with(&self, options: Options) -> Result<Report, Finding> {
        verify_dir(
            &SubDisk::new(Arc::clone(&self.disk), "log"),
            options,
            &mut |_| {},
        )
    }

    /// An event of one of seven kinds.
    pub(crate) fn event(&self, number: u64) -> Ticketed {
        let time = UtcMicros::from_micros(START + i64::try_from(number).unwrap() * 1_000);
        let event = Event {
            time,
            clock: ClockQuality::Synchronised,
            late: number.is_multiple_of(5),
            what: self.what(number),
        };
        Ticketed {
            ticket: number,
            event,
        }
    }

    fn what(&self, number: u64) -> What {
        let (door, reader) = (DoorId::new(2), ReaderId::new(3));
        let detail = Text::new("said aloud");
        match number % 7 {
            0 => What::System(SystemEvent {
                kind: SystemKind::Started,
                detail,
            }),
            1 => What::Door(DoorEvent {
                kind: DoorKind::Opened,
                door,
                operator: Some(self.operator),
                detail,
            }),
            2 => What::Reader(ReaderEvent {
                kind: ReaderKind::Online,
                reader,
                detail,
            }),
            3 => What::Administration(Administration {
                verb: AdminVerb::CardIssued,
                operator: self.operator,
                outbox: number,
                holder: Some(self.holder),
                holder_text: Text::new("until tomorrow"),
                operator_text: detail,
            }),
            4 => What::Reading(Reading {
                operator: self.operator,
                verb: Text::new("log-show"),
                purpose: detail,
                hits: 3,
            }),
            5 => self.passage(
                Who::Unknown {
                    tag: UnknownTag::new([7; 8]),
                    bit_count: 26,
                },
                Reason::UnknownCard,
            ),
            _ => self.passage(Who::Holder(self.holder), Reason::Ok),
        }
    }

    pub(crate) fn passage(&self, who: Who, reason: Reason) -> What {
        let kind = if reason == Reason::Ok {
            PassageKind::Granted
        } else {
            PassageKind::Denied
        };
        let (door, reader) = (Some(DoorId::new(2)), ReaderId::new(3));
        What::Passage(Passage {
            kind,
            door,
            reader,
            who,
            reason,
            generation: Generation::new(812),
        })
    }

    pub(crate) fn batch(&self, numbers: std::ops::Range<u64>) -> Vec<Ticketed> {
        numbers.map(|number| self.event(number)).collect()
    }
}

/// The keys as the one writer has them. Fresh ones differ from run to run, or a renewed key would be the old one.
pub(crate) fn writer_keys(keys: &Arc<KeyStore>) -> Arc<StoreKeys> {
    static SEED: AtomicU64 = AtomicU64::new(1_000);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    Arc::new(StoreKeys::of_writer(
        Arc::clone(keys),
        Box::new(Seeded(seed)),
    ))
}

/// The indices of receipts, checked to be in order.
pub(crate) fn indices(receipts: Vec<Receipt>) -> Vec<u64> {
    receipts.iter().map(Receipt::index).collect()
}

pub(crate) fn at(micros: i64) -> UtcMicros {
    UtcMicros::from_micros(START + micros)
}
