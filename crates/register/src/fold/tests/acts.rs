//! Commands, as an operator or the daemon gives them.

use access::role::Role;
use access::schedule::{SpecialDay, SpecialKind};
use access::{DoorMode, ModeBySchedule, ModeOrder, OperatorId, Place, Validity};

use super::logged::Logged;
use crate::fixture::{at, text};
use crate::{
    Amendment, Change, Fee, Kind, NewEnd, NewIssuance, NewOperator, NewPin, NewWaiting, PlaceRight,
    Reach, RoleChange, Roles, Vouching,
};

/// So many commands there are.
pub(super) const ACTS: u8 = 50;

impl Logged {
    /// One command; whatever is refused changes nothing.
    pub(super) fn act(&mut self, act: u8, of: u8) {
        self.now += 1;
        let done = match act % ACTS {
            0 | 1 => self.issue(of),
            act @ 2..=6 => self.step(act, of),
            act @ 7..=12 => self.change(act, of),
            act @ 19..=23 => self.live(act, of),
            act @ 24..=31 => self.person(act, of),
            act @ 32..=39 => self.staff(act, of),
            act @ 40..=49 => self.office(act, of),
            act => self.furnish(act, of),
        };
        drop(done);
        self.drain();
    }

    /// What the desk does with an issuance between its issue and its return.
    fn live(&mut self, act: u8, of: u8) -> Done {
        let (some, by, now) = (self.some(of), self.house.operator, self.now());
        let plastic = self.house.shown(u64::from(of) + 500);
        let register = &mut self.house.register;
        let wish = Amendment {
            until: Some(NewEnd::At(at(i64::from(of)))),
            mobile: Some(text(if of > 99 { "1" } else { "2" })),
            plastic: of.is_multiple_of(5).then_some(plastic),
            ..Amendment::default()
        };
        let (superior, said) = (text(REASON), None);
        match act {
            19 => register.amend(some, (&wish, Reach::Beyond), by, now),
            20 => register.withdraw(some, by, now),
            21 => register.tell_ended(9, now),
            22 => register.vouch(some, &Vouching { superior, said }, by, now),
            _ => Ok(register.lapse(at(i64::from(of) / 4), 2, now)?.1),
        }
    }

    fn issue(&mut self, of: u8) -> Done {
        let mut new = if of.is_multiple_of(2) {
            self.house.supplier("A b=c")
        } else {
            self.house.employee("B")
        };
        new.unsure = of > 200;
        let (by, now) = (self.house.operator, self.now());
        let (id, change) = self.house.register.issue(&new, by, now)?;
        self.issued.push(id);
        Ok(change)
    }

    fn step(&mut self, act: u8, of: u8) -> Done {
        let (by, now, some) = (self.house.operator, self.now(), self.some(of));
        let shown = self.house.shown(u64::from(of));
        let register = &mut self.house.register;
        match act {
            2 => register.arrived(some, by, now),
            3 => register.notify(some, by, now),
            4 => register.activate(some, &shown, by, now),
            5 => register.block(some, &text(REASON), by, now),
            _ => register.unblock(some, &text(REASON), by, now),
        }
    }

    fn change(&mut self, act: u8, of: u8) -> Done {
        let (by, now, some) = (self.house.operator, self.now(), self.some(of));
        let (door, reason) = (self.door(of), text(REASON));
        let register = &mut self.house.register;
        match act {
            7 => {
                let later = Validity::new(at(0), Some(at(900 + i64::from(of)))).unwrap();
                let right = PlaceRight {
                    valid: Some(later),
                    ..PlaceRight::on(door)
                };
                register.grant(some, (&[right], &reason), by, now)
            }
            8 => register.revoke(some, (Place::Door(door), &reason), by, now),
            9 => {
                let chosen = |digits| access::PinDigits::chosen(digits).unwrap();
                let pin = NewPin {
                    digits: chosen("159268"),
                    duress: of.is_multiple_of(2).then(|| chosen("268159")),
                };
                register
                    .set_pin(some, &pin, by, now)
                    .map(|(_, change)| change)
            }
            10 => register.clear_pin(some, by, now),
            11 => register.return_card(some, true, by, now),
            _ => register.finish_return(some, now),
        }
    }

    fn furnish(&mut self, act: u8, of: u8) -> Done {
        let (by, now, door) = (self.house.operator, self.now(), self.door(of));
        let doors = self.house.doors.clone();
        if act == 17 {
            let hours = ModeBySchedule {
                schedule: self.house.schedule("office"),
                mode: DoorMode::Unlocked,
                after_first_card: true,
            };
            let hours = vec![hours; usize::from(of % 3)];
            return self.house.register.set_door_hours(&[door], &hours, by, now);
        }
        let register = &mut self.house.register;
        match (act, of.is_multiple_of(3)) {
            (13, _) => {
                let name = text(&format!("Tenant {of} of=us"));
                register
                    .add_tenant(&name, by, now)
                    .map(|(_, change)| change)
            }
            (14, removed) => {
                let when = format!("12-{:02}", of % 28 + 1).parse().unwrap();
                let kind = SpecialKind::new(of % 8 + 1).unwrap();
                if removed {
                    register.remove_special_day(when, by, now)
                } else {
                    register.set_special_day(SpecialDay { when, kind }, by, now)
                }
            }
            (15, true) => register.end_mode(&[door], by, now),
            (15, false) => {
                let mode = DoorMode::Unlocked;
                let until = of
                    .is_multiple_of(2)
                    .then(|| at(self.now + i64::from(of % 4)));
                register.order_mode(&[door], ModeOrder { mode, until }, by, now)
            }
            (16, false) => register.lock_down(&doors, by, now),
            (16, true) => register.release(&[door], by, now),
            _ => register.restate(at(self.now - i64::from(of)), 50, now),
        }
    }

    /// What becomes of cards in people's hands.
    fn person(&mut self, act: u8, of: u8) -> Done {
        let (some, other, by, now) = (
            self.some(of),
            self.some(of.wrapping_mul(7).wrapping_add(1)),
            self.house.operator,
            self.now(),
        );
        let (approver, reason) = ((OperatorId::new(2), Some(FEE)), text(REASON));
        let until = at(self.now + 500);
        match act {
            24 => {
                let new = NewIssuance {
                    kind: Kind::Forgotten { until },
                    instead_of: Some(other),
                    ..self.house.supplier("F")
                };
                self.issue_this(&new)
            }
            25 => {
                let new = NewIssuance {
                    kind: Kind::NewHire { until },
                    ..self.house.supplier("N")
                };
                self.issue_this(&new)
            }
            26 => {
                let new = NewIssuance {
                    replaces: Some(other),
                    ..self.house.employee("E")
                };
                self.issue_this(&new)
            }
            27 => {
                let wish = Amendment {
                    replaces: Some(other),
                    ..Amendment::default()
                };
                let register = &mut self.house.register;
                register.amend(some, (&wish, Reach::Beyond), by, now)
            }
            28 => {
                let lost = self.house.register.lose(some, FEE, by, now);
                lost.map(|(_, change)| change)
            }
            29 => {
                let found = self.house.register.found(some, 2026, by, now);
                found.map(|(_, change)| change)
            }
            30 => {
                let left = self.house.register.person_left((some, &[]), by, now);
                left.map(|(_, change)| change)
            }
            _ if of.is_multiple_of(2) => {
                let until = at(self.now + 86_400);
                self.house.register.hold(some, (until, &reason), by, now)
            }
            _ if of.is_multiple_of(3) => self.house.register.end_hold(some, by, now),
            _ => self.house.register.approve_card(some, approver, now),
        }
    }

    pub(super) fn issue_this(&mut self, new: &NewIssuance) -> Done {
        let (by, now) = (self.house.operator, self.now());
        let (id, change) = self.house.register.issue(new, by, now)?;
        self.issued.push(id);
        Ok(change)
    }

    /// Operators, and the changes for which two of them are needed.
    fn staff(&mut self, act: u8, of: u8) -> Done {
        let (some, by, now) = (self.some(of), self.house.operator, self.now());
        let whom = OperatorId::new(u16::from(of % 4) + 2);
        let until = at(self.now + i64::from(of));
        let register = &mut self.house.register;
        match act {
            32 => {
                let new = NewOperator {
                    user: format!("user{of}"),
                    uid: 2_000 + u32::from(of),
                    roles: Roles::new(&[Role::Receptionist, Role::Technician], None)?,
                    trained_until: None,
                };
                let added = register.add_operator(&new, Some(by), now);
                added.map(|(_, change)| change)
            }
            33 => {
                let wish = RoleChange {
                    add: vec![Role::Auditor],
                    remove: Vec::new(),
                    tenant: None,
                };
                register.change_roles(whom, &wish, by, now)
            }
            34 => register.record_training(whom, until, by, now),
            35 => register.delegate(whom, (Role::Technician, now, until), by, now),
            36 => register.end_delegation(whom, None, by, now),
            37 if of.is_multiple_of(5) => register.operator_left((whom, &[]), by, now),
            37 => register.expire_changes(at(self.now + i64::from(of) * 5_000)),
            38 => {
                let new = NewWaiting {
                    act: access::role::Act::ALL[0],
                    verb: "card-change",
                    issuance: of.is_multiple_of(2).then_some(some),
                    request: vec![of; 9].into(),
                    doubt: Some(text(REASON)),
                };
                let kept = register.keep_change(&new, by, now);
                kept.map(|(_, change)| change)
            }
            _ => {
                let id = crate::ApprovalId(u32::from(of % 4) + 1);
                register.refuse_change(id, &text(REASON), by, now)
            }
        }
    }
}

/// What somebody typed, as if to mislead whoever reads it back.
pub(super) const REASON: &str = "reason state=active kind=x rights=y row=z name=w";
const FEE: Fee = Fee {
    ore: 40_000,
    year: 2026,
};

pub(super) type Done = Result<Change, crate::RegisterError>;
