//! A register from a backup under the keys of the next life of the house.

mod after;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use access::role::Role;
use access::{IssuanceId, PinDigits, Standing, UtcMicros};
use key_store::disk::{Disk, RealDisk};
use key_store::{Fixed, KeyStore, Owner, open_backup};
use tempfile::TempDir;

use super::*;
use crate::fixture::{Counting, House, at, number, text};
use crate::import::fixture::{Sheet, terms};
use crate::{
    Amendment, Fold, LifeError, NewOperator, NewPin, Reach, Roles, Sought, Standings, Telling,
    census,
};

const PASSPHRASE: &str = "correct horse battery";
const FEE: crate::Fee = crate::Fee {
    ore: 40_000,
    year: 2026,
};

/// What a backup has of a house: the register and the keys.
struct Backup {
    dir: TempDir,
    keys: Vec<u8>,
}

impl Backup {
    fn of(house: &House) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let copy = dir.path().join("register.db");
        house.register.copy_to(&copy).unwrap();
        let keys = house.keys.backup(PASSPHRASE, &[], &mut Counting::default());
        let keys = keys.unwrap();
        Self { dir, keys }
    }

    /// The register under new keys, its life not begun yet.
    fn restored(&self, life: u32) -> (TempDir, Arc<KeyStore>, Register) {
        let dir = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.path().to_path_buf()));
        let keys = open_backup(&self.keys, PASSPHRASE).unwrap();
        let keys = KeyStore::restore(&disk, (&keys, life), &mut Counting::default()).unwrap();
        let (keys, path) = (Arc::new(keys), dir.path().join("register.db"));
        std::fs::copy(self.dir.path().join("register.db"), &path).unwrap();
        let register = Register::open(&path, Arc::clone(&keys), Box::new(Counting::default()));
        (dir, keys, register.unwrap())
    }

    fn begun(
        &self,
        standings: Option<&Standings>,
    ) -> (TempDir, Arc<KeyStore>, Register, LifeBegun) {
        let (dir, keys, mut register) = self.restored(2);
        let begun = register.begin_life((2, at(10), at(10)), standings, at(100));
        (dir, keys, register, begun.unwrap())
    }
}

fn standings(house: &House) -> Standings {
    let mut all = house.register.standings().unwrap();
    let mut after = None;
    loop {
        let page = house.register.standings_page(after, 2).unwrap();
        after = page.last();
        if after.is_none() {
            // As it comes back from where it was kept.
            return all.to_string().parse().unwrap();
        }
        all.take(page);
    }
}

/// Restates the whole register and compares it with what was said.
fn assert_is_the_fold_of_what_is_said(register: &mut Register, now: UtcMicros) {
    let mut fold = Fold::default();
    let pending = register.outbox_pending(usize::MAX).unwrap();
    let done: Vec<_> = pending.iter().map(|(id, _)| *id).collect();
    register.outbox_done(&done).unwrap();
    loop {
        let change = register.restate(now, 3, now).unwrap();
        if change.records.is_empty() {
            break;
        }
        for (event, (_, audit)) in change.records.iter().enumerate() {
            fold.take(&Telling {
                verb: audit.verb,
                issuance: audit.holder.map(|holder| holder.issuance),
                holder_text: &audit.holder_text,
                operator_text: &audit.operator_text,
                at: audit.at,
                event: event as u64,
            });
        }
        register.outbox_done(&change.outbox()).unwrap();
    }
    for said in register.said_of_issuances(None, 1_000).unwrap() {
        assert!(said.is_card_its_own);
        fold.settle(said.id, &said.telling()).unwrap();
    }
    assert_eq!(fold.expected().count(), 0);
    let names = register.names_to_tell(UtcMicros::from_micros(1)).unwrap();
    for name in &names {
        fold.take_name(&name.words(), now, 0);
    }
    let house = register.said_of_house(now).unwrap();
    assert_eq!(fold.house_against(&house, now), []);
    register.check().unwrap();
}

fn standing(register: &Register, house: &House, card: u64) -> Option<Standing> {
    let list = register.allowlist().unwrap();
    list.find(&house.tag(card)).map(|card| card.standing)
}

fn holds(dir: &Path, sought: &[u8]) -> bool {
    let files = std::fs::read_dir(dir).unwrap();
    let mut files = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    files.any(|path| {
        let octets = std::fs::read(path).unwrap();
        octets.windows(sought.len()).any(|window| window == sought)
    })
}

#[test]
fn doors_know_the_cards_and_nobody_knows_the_holders() {
    let mut house = House::settled();
    let kari = house.active_employee("Kari Nordmann", 7);
    let pin = NewPin {
        digits: PinDigits::chosen("159268").unwrap(),
        duress: None,
    };
    drop(
        house
            .register
            .set_pin(kari, &pin, house.operator, at(4))
            .unwrap(),
    );
    house.settle();
    let backup = Backup::of(&house);
    let counted = census(&backup.dir.path().join("register.db")).unwrap();
    assert_eq!(
        (counted.cards, counted.visitors, counted.operators),
        (1, 0, 1)
    );
    let (dir, keys, mut register, begun) = backup.begun(Some(&standings(&house)));
    assert_eq!(
        begun,
        LifeBegun {
            cards: 1,
            ..LifeBegun::default()
        }
    );
    let (before, after) = (
        house.register.entry(kari).unwrap(),
        register.entry(kari).unwrap(),
    );
    let (before, mut after) = (before.unwrap(), after.unwrap());
    let key = |keys: &KeyStore, of: &access::CardEntry| keys.key(of.holder.slot.get()).unwrap().1;
    let (old, new) = (key(&house.keys, &before), key(&keys, &after));
    assert_ne!(old.as_bytes(), new.as_bytes(), "a key of its own");
    after.holder = before.holder;
    assert_eq!(before, after);
    assert!(register.generation().unwrap() > house.register.generation().unwrap());
    assert!(register.newest_record().unwrap() > house.register.newest_record().unwrap());
    assert_eq!(keys.live().len(), 2, "the operator's and the card's");
    nobody_knows_the_holder(&register, kari);
    assert_is_the_fold_of_what_is_said(&mut register, at(101));
    assert!(!holds(dir.path(), b"Nordmann"));
    let known = register.restored().unwrap().unwrap();
    assert_eq!(
        (known.life, known.unnamed, known.is_reviewed),
        (2, 1, false)
    );
}

fn nobody_knows_the_holder(register: &Register, of: IssuanceId) {
    let view = register.show(of).unwrap();
    assert!(view.holder.is_none() && view.number.is_none() && view.row.is_unnamed);
    assert_eq!(view.contact.name.expose(), "Ola Kontakt");
    let mut found = 0;
    let mut count = |_| {
        found += 1;
        ControlFlow::Continue(())
    };
    let sought = Sought {
        part: "",
        after: None,
        rows: usize::MAX,
    };
    register.find_by_name(sought, &mut count).unwrap();
    assert_eq!(found, 0);
}

#[test]
fn a_holder_is_registered_anew_as_a_whole_and_by_whoever_may_issue() {
    let mut house = House::settled();
    let kari = house.active_employee("Kari", 7);
    house.settle();
    let (_dir, _, mut register, _) = Backup::of(&house).begun(Some(&standings(&house)));
    let by = house.operator;
    let part = Amendment {
        name: Some(text("Kari")),
        firm: Some(text("Rør AS")),
        mobile: Some(text("91234567")),
        ..Amendment::default()
    };
    let whole = Amendment {
        identified_by: Some(text("passport")),
        ..part.clone()
    };
    assert_eq!(register.reach(kari, &part).unwrap(), Reach::Beyond);
    let refused = register
        .amend(kari, (&part, Reach::Beyond), by, at(200))
        .unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Life(LifeError::HolderUnknown)
    ));
    let refused = register
        .amend(kari, (&whole, Reach::Template), by, at(200))
        .unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Life(LifeError::BeyondTemplate)
    ));
    drop(
        register
            .amend(kari, (&whole, Reach::Beyond), by, at(200))
            .unwrap(),
    );
    let view = register.show(kari).unwrap();
    assert_eq!(view.holder.unwrap().name.expose(), "Kari");
    assert!(!view.row.is_unnamed);
    assert_eq!(register.restored().unwrap().unwrap().unnamed, 0);
    // From here on as ever.
    let refused = register
        .amend(kari, (&whole, Reach::Beyond), by, at(201))
        .unwrap_err();
    assert!(matches!(
        refused,
        RegisterError::Life(LifeError::HolderKnown)
    ));
    let mobile = Amendment {
        mobile: Some(text("90000000")),
        ..Amendment::default()
    };
    assert_eq!(register.reach(kari, &mobile).unwrap(), Reach::Template);
    drop(
        register
            .amend(kari, (&mobile, Reach::Template), by, at(202))
            .unwrap(),
    );
    assert_is_the_fold_of_what_is_said(&mut register, at(203));
}

#[test]
fn every_act_works_on_a_card_whose_holder_nobody_knows_and_it_is_forgotten_in_the_end() {
    let mut house = House::settled();
    let kari = house.active_employee("Kari", 7);
    house.settle();
    let (_dir, keys, mut register, _) = Backup::of(&house).begun(Some(&standings(&house)));
    let by = house.operator;
    let held = register.held_by_holder_of(kari).unwrap();
    assert_eq!((held.own.len(), held.others.len()), (1, 0));
    drop(register.block(kari, &text("seen"), by, at(200)).unwrap());
    drop(register.unblock(kari, &text("found"), by, at(201)).unwrap());
    drop(register.lose(kari, FEE, by, at(202)).unwrap());
    assert_eq!(standing(&register, &house, 7), Some(Standing::Lost));
    drop(register.return_card(kari, true, by, at(203)).unwrap());
    let pending = register.outbox_pending(usize::MAX).unwrap();
    let done: Vec<_> = pending.iter().map(|(id, _)| *id).collect();
    register.outbox_done(&done).unwrap();
    drop(register.finish_return(kari, at(204)).unwrap());
    assert!(matches!(register.show(kari), Err(RegisterError::Forgotten)));
    assert!(keys.find(Owner::Issuance(kari.get())).is_none());
    assert_eq!(standing(&register, &house, 7), None);
}

#[test]
fn what_was_about_to_be_forgotten_is_and_the_next_restore_begins_from_there() {
    let mut house = House::settled();
    let by = house.operator;
    let kari = house.active_supplier("Kari", 1);
    house.active_employee("Per", 2);
    drop(house.register.return_card(kari, true, by, at(20)).unwrap());
    house.settle();
    let (dir, keys, mut register, begun) = Backup::of(&house).begun(None);
    assert_eq!((begun.gone, begun.cards), (1, 1));
    assert_is_the_fold_of_what_is_said(&mut register, at(101));
    (house.register, house.keys, house.dir) = (register, keys, dir);
    let backup = Backup::of(&house);
    let (_dir, _, mut register) = backup.restored(3);
    let begun = register
        .begin_life((3, at(200), at(200)), None, at(300))
        .unwrap();
    assert_eq!((begun.gone, begun.cards), (0, 1));
    assert_eq!(standing(&register, &house, 2), Some(Standing::Active));
    assert_eq!(register.restored().unwrap().unwrap().life, 3);
    assert_is_the_fold_of_what_is_said(&mut register, at(301));
}

#[test]
fn a_list_brings_the_names_and_numbers_of_a_whole_house_back() {
    let mut house = House::settled();
    let kari = house.active_employee("Kari", 7);
    house.settle();
    let (_dir, keys, mut register, _) = Backup::of(&house).begun(None);
    let sheet = Sheet::new(&[("Kari Nordmann", 7)]);
    let plan = register
        .import_plan(sheet.rows(&house), terms(), at(200))
        .unwrap();
    assert_eq!(
        (plan.difference().changed, plan.difference().refused),
        (1, 0)
    );
    let _imported = register
        .import(&plan, house.operator, at(200), &mut |_| {})
        .unwrap();
    let view = register.show(kari).unwrap();
    assert_eq!(view.holder.unwrap().name.expose(), "Kari Nordmann");
    assert_eq!(view.number, Some(number(7)));
    assert!(!view.row.is_unnamed && keys.fixed(Fixed::Tag).is_ok());
    assert_is_the_fold_of_what_is_said(&mut register, at(201));
}
