//! A story of two years: cards that nobody returned are forgotten, held ones when their hold is over, and the register is what the
//! log says, although most of it has left.

use std::path::{Path, PathBuf};
use std::time::Duration;

use access::card::{CardNumber, formats};
use access::role::Role;
use access::schedule::{SpecialDay, SpecialKind};
use access::{CardTag, IssuanceId, OperatorId, Place, ReaderId};
use key_store::Owner;
use register::{
    Activation, ContactPerson, HolderFields, Kind, NewIssuance, NewOperator, PlaceRight, Register,
    Roles, Shown, State, Text,
};

use super::*;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Effect;
use crate::house::House;
use crate::init;
use crate::opening::Stores;
use crate::verb::integrity::compared;

const DAY: Duration = Duration::from_secs(86_400);

/// A house without anybody at its doors.
struct Quiet {
    folder: tempfile::TempDir,
    controller: Arc<Controller>,
    clock: Arc<Clock>,
    _rest: (Held, tokio::runtime::Runtime),
}

/// What must not end before the story does.
type Held = (crate::data_dir::DataDir, crate::reload::Reload);

/// What may be nowhere once a holder is forgotten.
struct Traces {
    issuance: IssuanceId,
    /// As its slot has it; the bare key is nowhere anyway.
    sealed_key: [u8; 32],
    tag: CardTag,
}

fn text(typed: &str) -> Text {
    Text::new("test", typed).unwrap()
}

fn number(number: u64) -> CardNumber {
    CardNumber::Formatted {
        format: formats::H10301.name(),
        facility: 17,
        number,
    }
}

impl Quiet {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portvakt.toml");
        let (data, socket) = (folder.path().join("data"), folder.path().join("socket"));
        let config = format!(
            "[site]\nname = \"Test house\"\norigin = \"test.example/portvakt\"\ntime_zone = \"Europe/Oslo\"\ndata_dir = {data:?}\n\
             [control]\nsocket = {socket:?}\n[[line]]\nname = \"north\"\ndevice = \"/dev/null\"\nprotocol = \"osdp\"\n\
             [[reader]]\nname = \"front\"\nline = \"north\"\naddress = 0\nenrol = true\nformat = \"H10301\"\n\
             [[door]]\nname = \"front\"\nentry = \"front\"\nstrike = {{ reader = \"front\", output = 0 }}\n"
        );
        std::fs::write(&file, config).unwrap();
        let config = Config::load(&file).unwrap();
        let clock = Arc::new(Clock::start());
        let first = NewOperator {
            user: "tekla".to_owned(),
            uid: 1_001,
            roles: Roles::new(&[Role::Technician, Role::OperationsManager], None).unwrap(),
            trained_until: None,
        };
        init::make(&config, &[first], &clock).unwrap();
        let stores = Stores::open(&config, &clock).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let house = {
            let _context = runtime.enter();
            House::assemble(config, stores, Arc::clone(&clock), Vec::new()).unwrap()
        };
        let mut site = house.site_task;
        std::thread::spawn(move || {
            let bus = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            bus.unwrap().block_on(site.run());
        });
        Self {
            folder,
            controller: house.controller,
            clock,
            _rest: ((house.data_dir, house.reload), runtime),
        }
    }

    fn at_the_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> T {
        let (_, runtime) = &self._rest;
        runtime.block_on(self.controller.desk.ask(work)).unwrap()
    }

    fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(
            &mut Register,
            UtcMicros,
        ) -> Result<(T, register::Change), register::RegisterError>
        + Send
        + 'static,
    ) -> T {
        self.at_the_desk(|desk| desk.change(Effect::Gives, false, work))
            .unwrap()
    }

    fn round(&self) {
        let (_, runtime) = &self._rest;
        let done = runtime.block_on(round(&self.controller, &mut Swept::default()));
        assert!(done.unwrap(), "the clock counts as synchronised");
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A supplier with a live card that ends tomorrow.
    fn supplier(&self, name: &'static str, card: u64) -> Traces {
        let tag = self.at_the_desk(move |desk| desk.tag_key.tag(&number(card)));
        let issuance = self.change(move |register, now| {
            let new = NewIssuance {
                kind: Kind::Supplier {
                    until: now.saturating_add(DAY),
                },
                holder: HolderFields {
                    name: text(name),
                    firm: text("Rør AS"),
                    mobile: text("90000002"),
                    identified_by: text("passport"),
                },
                contact: register.active_contact("Kommunen", "Ola Kontakt")?,
                rights: vec![PlaceRight {
                    place: Place::Door(register.door_named("front")?.unwrap()),
                    valid: None,
                    schedule: None,
                }],
                reason: text("repairs the boiler"),
                instead_of: None,
                valid_from: now,
                signed_at: now,
                return_duty_told: true,
                unsure: false,
                replaces: None,
            };
            register.issue(&new, BY, now)
        });
        self.change(move |register, now| {
            let shown = Activation {
                card: number(card),
                tag,
                shown: Shown::Presented {
                    reader: ReaderId::new(1),
                },
                return_duty_told: true,
                fee: None,
            };
            let change = register.activate(issuance, &shown, BY, now)?;
            Ok(((), change))
        });
        let owner = Owner::Issuance(issuance.get());
        let slot = self.at_the_desk(move |desk| desk.keys.find(owner).unwrap());
        let slots = std::fs::read(self.data().join("keys/slots.bin")).unwrap();
        // After a head as long as a slot; in each 16 octets and then the key, sealed.
        let at = (usize::try_from(slot.index).unwrap() + 1) * 64 + 16;
        Traces {
            issuance,
            sealed_key: slots[at..at + 32].try_into().unwrap(),
            tag,
        }
    }

    fn state(&self, of: &Traces) -> Option<State> {
        let id = of.issuance;
        self.at_the_desk(move |desk| desk.register.find(id).ok().map(|row| row.state))
    }

    fn has_key(&self, of: &Traces) -> bool {
        let owner = Owner::Issuance(of.issuance.get());
        self.at_the_desk(move |desk| desk.keys.find(owner).is_some())
    }

    /// In how many files of the data directory any of it is.
    fn places(&self, of: &Traces) -> usize {
        let wanted = [of.sealed_key.as_slice(), of.tag.as_bytes().as_slice()];
        files(&self.data())
            .into_iter()
            .filter(|file| {
                wanted
                    .iter()
                    .any(|octets| file.windows(octets.len()).any(|it| it == *octets))
            })
            .count()
    }

    fn differences(&self) -> (u64, Option<control::reply::integrity::Difference>) {
        let found = self.at_the_desk(compared);
        (found.differences, found.first)
    }

    /// Waits for the seal on the newest record, so that it bears the time of now.
    fn sealed(&self) {
        let log = self.controller.ledger.log.clone();
        let is_sealed = || {
            let state = log.state();
            state.sealed == state.size
        };
        assert!((0..10_000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            is_sealed()
        }));
    }

    /// A week, and at its end a record and a seal.
    fn week(&self, number: u64) {
        self.later(7 * DAY, number);
    }

    /// What nobody records is no time that the log bears out.
    fn later(&self, time: Duration, number: u64) {
        self.clock.advance(time);
        self.change(move |register, now| {
            let day = SpecialDay {
                when: format!("12-{:02}", number % 28 + 1).parse().unwrap(),
                kind: SpecialKind::new(u8::try_from(number % 8).unwrap() + 1).unwrap(),
            };
            Ok(((), register.set_special_day(day, BY, now)?))
        });
        self.sealed();
    }
}

/// What is in every file. The daemon is at work: if it puts one in another's place meanwhile, all are read again.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    loop {
        match read_all(folder) {
            Ok(all) => return all,
            Err(gone) => assert_eq!(gone.kind(), std::io::ErrorKind::NotFound),
        }
    }
}

fn read_all(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(read_all(&path)?);
        } else {
            all.push(std::fs::read(path)?);
        }
    }
    Ok(all)
}

const BY: OperatorId = OperatorId::new(1);

#[test]
fn m19_m20_who_never_returned_a_card_is_forgotten_two_years_after_its_end_and_who_is_held_later() {
    let house = Quiet::new();
    house.change(|register, now| register.add_tenant(&text("Kommunen"), BY, now));
    house.change(|register, now| {
        let tenant = register.tenant("Kommunen")?;
        let person = ContactPerson {
            name: text("Ola Kontakt"),
            mobile: text("90000001"),
        };
        register.add_contact(tenant, &person, BY, now)
    });
    let (kari, per) = (
        house.supplier("Kari", 54_321),
        house.supplier("Per", 54_322),
    );
    assert!(house.places(&kari) > 0 && house.places(&per) > 0);
    assert!(house.has_key(&kari) && house.has_key(&per));
    house.sealed();
    // The cards ended the day before.
    house.later(2 * DAY, 0);
    for week in 0..104 {
        house.week(week);
        if week % 26 == 0 {
            house.round();
        }
    }
    house.round();
    assert_eq!(house.differences(), (0, None));
    assert_eq!(house.state(&kari), Some(State::Active), "730 days");
    let held = per.issuance;
    house.change(move |register, now| {
        let reason = text("case 2028-7");
        let until = now.saturating_add(60 * DAY);
        Ok(((), register.hold(held, (until, &reason), BY, now)?))
    });
    house.week(104);
    house.round();
    assert_eq!(house.state(&kari), None, "737 days");
    assert_eq!((house.places(&kari), house.has_key(&kari)), (0, false));
    assert_eq!(house.state(&per), Some(State::Returned), "dead, and held");
    assert!(house.places(&per) > 0);
    assert_eq!(house.differences(), (0, None));
    for week in 105..114 {
        house.week(week);
    }
    house.round();
    assert_eq!(house.state(&per), None);
    assert_eq!((house.places(&per), house.has_key(&per)), (0, false));
    let first = house.at_the_desk(|desk| desk.ledger.archive.read(|reader| reader.first_index()));
    assert!(first.unwrap() > 0, "the beginning has left the log");
    assert_eq!(house.differences(), (0, None));
}
