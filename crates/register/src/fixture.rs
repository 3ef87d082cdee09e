//! Fixture: a register with a tenant, a contact, doors and an operator, for the tests of this crate.

use std::path::PathBuf;
use std::sync::Arc;

use access::role::Role;
use access::{
    CardNumber, CardTag, DoorId, GroupId, OperatorId, ScheduleId, Standing, TagKey, UtcMicros,
};
use key_store::disk::{Disk, RealDisk};
use key_store::{Entropy, Fixed, KeyStore};
use tempfile::TempDir;

use crate::{
    Activation, ActiveContact, ContactPerson, HolderFields, Kind, NewIssuance, NewOperator,
    NewSchedule, PlaceRight, Register, Roles, Shown, Text,
};

/// Octets that never repeat within a test: SHA-free, a counter spread by multiplication.
#[derive(Default)]
pub(crate) struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.0 += 1;
            let mixed = (self.0 ^ (self.0 << 29))
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(31)
                .wrapping_mul(0xBF58_476D_1CE4_E5B9);
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
    }
}

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) register: Register,
    pub(crate) operator: OperatorId,
    pub(crate) contact: ActiveContact,
    pub(crate) doors: Vec<DoorId>,
    tags: TagKey,
    restarts: u64,
}

pub(crate) fn at(seconds: i64) -> UtcMicros {
    UtcMicros::from_micros(NOON + seconds * 1_000_000)
}

pub(crate) fn text(typed: &str) -> Text {
    Text::new("test", typed).unwrap()
}

pub(crate) fn number(number: u64) -> CardNumber {
    CardNumber::Formatted {
        format: access::card::formats::H10301.name(),
        facility: 17,
        number,
    }
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(dir.path().to_path_buf()));
        let keys = Arc::new(KeyStore::create(&disk, &mut Counting(1 << 40)).unwrap());
        let path = dir.path().join("register.db");
        let mut register =
            Register::create(&path, Arc::clone(&keys), Box::new(Counting::default())).unwrap();
        let first = NewOperator {
            user: "tekla".into(),
            uid: 1001,
            roles: Roles::new(&[Role::Technician], None).unwrap(),
            trained_until: None,
        };
        let (operator, _) = register.add_operator(&first, None, at(0)).unwrap();
        let (tenant, _) = register
            .add_tenant(&text("Kommunen"), operator, at(0))
            .unwrap();
        let person = ContactPerson {
            name: text("Ola Kontakt"),
            mobile: text("90000001"),
        };
        drop(
            register
                .add_contact(tenant, &person, operator, at(0))
                .unwrap(),
        );
        let contact = register.active_contact("Kommunen", "ola kontakt").unwrap();
        let doors = register
            .reconcile_doors(&["main", "side", "store"])
            .unwrap()
            .into_iter()
            .map(|(_, id)| id)
            .collect();
        let tags = TagKey::new(*keys.fixed(Fixed::Tag).unwrap().as_bytes());
        Self {
            dir,
            keys,
            register,
            operator,
            contact,
            doors,
            tags,
            restarts: 0,
        }
    }

    /// A register as it is after its first start: the house's outbox emptied.
    pub(crate) fn settled() -> Self {
        let mut house = Self::new();
        house.settle();
        house
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("register.db")
    }

    pub(crate) fn settle(&mut self) {
        let pending = self.register.outbox_pending(usize::MAX).unwrap();
        let ids: Vec<_> = pending.iter().map(|(id, _)| *id).collect();
        self.register.outbox_done(&ids).unwrap();
    }

    /// Drops the register without any farewell to its owner and opens it again.
    pub(crate) fn restart(mut self) -> Self {
        let path = self.path();
        self.restarts += 1;
        drop(self.register);
        self.register = Register::open(
            &path,
            Arc::clone(&self.keys),
            Box::new(Counting(self.restarts << 32)),
        )
        .unwrap();
        self
    }

    pub(crate) fn tag(&self, of: u64) -> CardTag {
        self.tags.tag(&number(of))
    }

    pub(crate) fn holder(name: &str) -> HolderFields {
        HolderFields {
            name: text(name),
            firm: text("Rør og Varme AS"),
            mobile: text("+47 912 34 567"),
            identified_by: text("passport"),
        }
    }

    pub(crate) fn supplier(&self, name: &str) -> NewIssuance {
        self.new_issuance(Kind::Supplier { until: at(3600) }, name)
    }

    pub(crate) fn employee(&self, name: &str) -> NewIssuance {
        self.new_issuance(Kind::Employee { until: None }, name)
    }

    fn new_issuance(&self, kind: Kind, name: &str) -> NewIssuance {
        NewIssuance {
            kind,
            holder: Self::holder(name),
            contact: self.contact,
            rights: self
                .doors
                .iter()
                .take(2)
                .map(|door| PlaceRight::on(*door))
                .collect(),
            reason: text("repairs the boiler"),
            instead_of: None,
            valid_from: at(0),
            signed_at: at(0),
            return_duty_told: true,
            unsure: false,
            replaces: None,
        }
    }

    /// A contact of another tenant, which this adds.
    pub(crate) fn contact_elsewhere(&mut self, tenant: &str) -> ActiveContact {
        let by = self.operator;
        let (id, _) = self.register.add_tenant(&text(tenant), by, at(1)).unwrap();
        let person = ContactPerson {
            name: text("Eva Kontakt"),
            mobile: text("90000009"),
        };
        drop(self.register.add_contact(id, &person, by, at(1)).unwrap());
        self.register.active_contact(tenant, "Eva Kontakt").unwrap()
    }

    pub(crate) fn shown(&self, card: u64) -> Activation {
        Activation {
            card: number(card),
            tag: self.tag(card),
            shown: Shown::Presented {
                reader: access::ReaderId::new(1),
            },
            return_duty_told: true,
            fee: None,
        }
    }

    /// A schedule of office hours under this name.
    pub(crate) fn schedule(&mut self, name: &str) -> ScheduleId {
        let new = NewSchedule {
            name: name.to_owned(),
            zone: "Europe/Oslo".to_owned(),
            windows: vec!["mon-fri 08:00-16:00".to_owned()],
        };
        let (id, _) = self
            .register
            .set_schedule(&new, self.operator, at(1))
            .unwrap();
        id
    }

    /// A group of doors under this name.
    pub(crate) fn group(&mut self, name: &str) -> GroupId {
        self.register.reconcile_groups(&[name]).unwrap()[0].1
    }

    /// Where a card stands on the allowlist, if it is there.
    pub(crate) fn standing(&self, card: u64) -> Option<Standing> {
        let list = self.register.allowlist().unwrap();
        list.find(&self.tag(card)).map(|card| card.standing)
    }

    /// An employee with a live card.
    pub(crate) fn active_employee(&mut self, name: &str, card: u64) -> access::IssuanceId {
        let by = self.operator;
        let new = self.employee(name);
        let (id, _) = self.register.issue(&new, by, at(1)).unwrap();
        drop(self.register.arrived(id, by, at(2)).unwrap());
        drop(self.register.notify(id, by, at(2)).unwrap());
        let shown = self.shown(card);
        drop(self.register.activate(id, &shown, by, at(2)).unwrap());
        id
    }

    /// A supplier with a live card.
    pub(crate) fn active_supplier(&mut self, name: &str, card: u64) -> access::IssuanceId {
        let (id, _) = self
            .register
            .issue(&self.supplier(name), self.operator, at(1))
            .unwrap();
        drop(
            self.register
                .activate(id, &self.shown(card), self.operator, at(2))
                .unwrap(),
        );
        id
    }
}

/// 2026-11-22T12:00:00Z.
const NOON: i64 = 1_795_348_800_000_000;
