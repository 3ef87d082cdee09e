//! Commands of the office: reviews, tenants, lists, charges and the house's own cards.

use access::IssuanceId;

use super::acts::{Done, REASON};
use super::logged::Logged;
use crate::fixture::{at, number, text};
use crate::import::fixture::{Sheet, terms};
use crate::{Bulk, ChargeSpan, ContactPerson, Leaver, Wish};

impl Logged {
    /// Reviews, tenants, charges and the house's own cards.
    pub(super) fn office(&mut self, act: u8, of: u8) -> Done {
        let (by, now) = (self.house.operator, self.now());
        match act {
            40 | 41 => self.stock(act, of),
            42 => {
                let quarter = format!("20{:02}-Q{}", 26 + of / 64, of % 4 + 1);
                let quarter = quarter.parse().unwrap();
                let opened = self.house.register.open_review(quarter, by, now);
                opened.map(|(_, change)| change)
            }
            43 => {
                let review = self.house.register.review(None)?;
                let bulk = Bulk {
                    after: None,
                    tenant: None,
                    kind: None,
                    wish: Wish::Keep,
                    reason: text(REASON),
                };
                let page = self.house.register.decide_page(review.id, &bulk, by, now);
                page.map(|(_, change)| change)
            }
            44 => {
                let review = self.house.register.review(None)?;
                let log = (9, [of; 32]);
                let signed = self.house.register.sign_review(review.id, log, by, now);
                signed.map(|(_, change)| change)
            }
            45 => {
                let span = ChargeSpan {
                    only_new: true,
                    ..ChargeSpan::default()
                };
                let exported = self.house.register.export_charges(&span, by, now);
                exported.map(|(_, change)| change)
            }
            _ => self.tenant(act, of),
        }
    }

    fn stock(&mut self, act: u8, of: u8) -> Done {
        let (by, now) = (self.house.operator, self.now());
        let card = u64::from(of % 16);
        let tag = self.house.tag(card);
        let id = access::StockId::new(u32::from(of % 4) + 1).unwrap();
        let register = &mut self.house.register;
        match (act, of % 3) {
            (40, _) => {
                let added = register.add_stock((&number(card), tag), by, now);
                added.map(|(_, change)| change)
            }
            (_, 0) => register.block_stock(id, by, now),
            (_, 1) => register.unblock_stock(id, by, now),
            (_, _) if of > 127 => register.remove_stock(id, by, now),
            (_, _) => register.stock_found(id, by, now),
        }
    }

    fn tenant(&mut self, act: u8, of: u8) -> Done {
        let (by, now) = (self.house.operator, self.now());
        let tenant = crate::TenantId::new(u32::from(of % 3) + 1);
        match (act, of % 4) {
            (46, 0) => {
                let register = &mut self.house.register;
                register.set_cards_by_hr(tenant, of > 127, by, now)
            }
            (46, 1) => {
                let reason = text(REASON);
                self.house.register.recertify(tenant, &reason, by, now)
            }
            (46, _) => {
                let contact = crate::ContactId(u32::from(of % 5) + 1);
                self.house.register.set_responsible(contact, by, now)
            }
            (47, _) => {
                let person = ContactPerson {
                    name: text(&format!("Contact {of}")),
                    mobile: text("1"),
                };
                let added = self.house.register.add_contact(tenant, &person, by, now);
                added.map(|(_, change)| change)
            }
            (48, _) => self.leavers(of),
            (_, _) => self.import(of),
        }
    }

    fn leavers(&mut self, of: u8) -> Done {
        let (by, now) = (self.house.operator, self.now());
        let names = ["A b=c", "B", "N", "Contact 8", "Contact 9"];
        let row = Leaver {
            line: 2,
            name: names[usize::from(of) % names.len()],
            mobile: None,
            firm: None,
            ends: of.is_multiple_of(2).then(|| at(self.now + 50)),
        };
        let register = &mut self.house.register;
        let plan = register.leavers_plan("Kommunen", [row].into_iter(), &mut |_| {})?;
        let left = register.leavers(&plan, by, now, &mut |_| {});
        left.map(|(_, change)| change)
    }

    fn import(&mut self, of: u8) -> Done {
        let (by, now) = (self.house.operator, self.now());
        let card = u64::from(of % 32);
        let sheet = Sheet::new(&[("I", card), ("J", card + 100)]);
        let sheet = sheet.with_doors(0, if of > 127 { &["main"] } else { &["side"] });
        let plan = self
            .house
            .register
            .import_plan(sheet.rows(&self.house), terms(), now)?;
        let _imported = self.house.register.import(&plan, by, now, &mut |_| {})?;
        let said = self.house.register.said_of_issuances(None, u32::MAX)?;
        let known: Vec<IssuanceId> = said.into_iter().map(|said| said.id).collect();
        let new = known.into_iter().filter(|id| !self.issued.contains(id));
        let new: Vec<IssuanceId> = new.collect();
        self.issued.extend(new);
        self.house.register.restate(at(0), 1, now)
    }
}
