//! Cards: one in any state there is, made by the requests that lead there.

use std::time::Duration;

use access::IssuanceId;
use control::{Moment, Reply, Row};
use serde_json::{Value, json};

use super::caller::Caller;
use super::{MockUp, ROOT};
use crate::passwd;

/// Where a card stands when something is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stand {
    /// No such card was ever issued.
    Unknown,
    /// An employee's, the plastic is not here.
    Ordered,
    /// An employee's, the plastic is here.
    Arrived,
    /// An employee's, the holder was told.
    Notified,
    /// An employee's that the tenant's personnel office has not approved (M16).
    Unapproved,
    /// A visitor's without plastic.
    Issued,
    /// A visitor's for whom nobody has vouched yet (M13).
    Unsure,
    /// A visitor's that does not hold yet.
    Early,
    /// A visitor's that holds.
    Active,
    /// An employee's that holds.
    Employee,
    /// A new employee's that holds.
    NewHire,
    /// A visitor's whose end has passed.
    Expired,
    /// A visitor's that is blocked.
    Blocked,
    /// A visitor's that is lost.
    Lost,
    /// Returned, and its shredding is held.
    Held,
    /// Returned, and its holder forgotten.
    Returned,
}

impl Stand {
    /// Every one, in the order of a card's life.
    pub(crate) const ALL: [Self; 16] = [
        Self::Unknown,
        Self::Ordered,
        Self::Arrived,
        Self::Notified,
        Self::Unapproved,
        Self::Issued,
        Self::Unsure,
        Self::Early,
        Self::Active,
        Self::Employee,
        Self::NewHire,
        Self::Expired,
        Self::Blocked,
        Self::Lost,
        Self::Held,
        Self::Returned,
    ];

    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "never issued",
            Self::Ordered => "ordered",
            Self::Arrived => "arrived",
            Self::Notified => "notified",
            Self::Unapproved => "not approved by hr",
            Self::Issued => "issued",
            Self::Unsure => "not vouched for",
            Self::Early => "not yet valid",
            Self::Active => "active",
            Self::Employee => "active employee",
            Self::NewHire => "active new hire",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Held => "returned, held",
            Self::Returned => "returned",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Ordered | Self::Arrived | Self::Notified | Self::Unapproved | Self::Employee => {
                "employee"
            }
            Self::NewHire => "new-hire",
            Self::Unknown
            | Self::Issued
            | Self::Unsure
            | Self::Early
            | Self::Active
            | Self::Expired
            | Self::Blocked
            | Self::Lost
            | Self::Held
            | Self::Returned => "supplier",
        }
    }
}

/// Somebody at the desk who brings cards into any state.
pub(crate) struct Office<'a> {
    house: &'a MockUp,
    desk: Caller,
    plastic: u64,
    reviewed: u32,
    oldest: Option<IssuanceId>,
}

impl<'a> Office<'a> {
    /// At work in this house, with a second tenant whose employees' cards its personnel office approves.
    pub(crate) fn open(house: &'a MockUp) -> Self {
        let mut office = Self {
            house,
            desk: house.call(ROOT),
            plastic: 1_000,
            reviewed: 0,
            oldest: None,
        };
        for request in [
            json!({"verb":"tenant","act":"responsible","tenant":"Kommunen","name":"Ola","mobile":"+47 900 00 001"}),
            json!({"verb":"tenant-contact","tenant":"Kommunen","name":"Eva","mobile":"+47 900 00 002"}),
            json!({"verb":"tenant","act":"add","tenant":"Staten","responsible":"Ola","mobile":"+47 900 00 003"}),
            json!({"verb":"tenant","act":"rule","tenant":"Staten","employee_cards_by_hr":true}),
            json!({"verb":"schedule","act":"set","schedule":"office","windows":["mon-fri 08:00-16:00"]}),
            json!({"verb":"holiday","act":"set","day":"12-25","kind":"holiday"}),
        ] {
            office.done(&request);
        }
        office
    }

    /// Whoever says nothing for long is cut off.
    pub(crate) fn come_back(&mut self) {
        self.desk = self.house.call(ROOT);
    }

    /// An instant so many seconds from now.
    pub(crate) fn after(&self, seconds: u64) -> Moment {
        let now = self.house.controller.ledger.clock.now().utc;
        Moment::from(now.saturating_add(Duration::from_secs(seconds)))
    }

    /// A card number that nothing has yet.
    pub(crate) fn plastic(&mut self) -> Value {
        self.plastic += 1;
        json!({"credential":{"number":{"format":"H10301","facility":7,"number":self.plastic}}})
    }

    /// Has something done that must be.
    pub(crate) fn done(&mut self, request: &Value) -> Reply {
        let reply = self.desk.ask(request);
        assert!(!matches!(reply, Reply::Refused(_)), "{request}: {reply:?}");
        reply
    }

    /// Every row of an answer.
    pub(crate) fn rows(&mut self, request: &Value) -> Vec<Row> {
        self.desk.rows(request)
    }

    /// A card of the house that nobody holds.
    pub(crate) fn stock(&mut self) -> String {
        let card = self.plastic();
        let Reply::Stock(row) = self.done(&json!({"verb":"stock","act":"add","card":card})) else {
            panic!("no card of the house")
        };
        row.stock.unwrap().to_string()
    }

    /// A card that stands there.
    pub(crate) fn card(&mut self, stand: Stand) -> IssuanceId {
        if stand == Stand::Unknown {
            return "P-222222".parse().unwrap();
        }
        let issuance = self.issue(stand);
        let about = |verb: &str| json!({"verb":verb,"issuance":issuance});
        match stand {
            Stand::Unknown | Stand::Ordered | Stand::Unapproved | Stand::Issued | Stand::Unsure => {
            }
            Stand::Arrived => drop(self.done(&about("card-arrived"))),
            Stand::Notified => self.tell(issuance),
            Stand::Employee => {
                self.tell(issuance);
                self.activate(issuance);
            }
            Stand::Early | Stand::Active | Stand::NewHire | Stand::Expired => {
                self.activate(issuance);
            }
            Stand::Blocked => {
                self.activate(issuance);
                self.done(
                    &json!({"verb":"card-block","issuance":issuance,"reason":"seen elsewhere"}),
                );
            }
            Stand::Lost => {
                self.activate(issuance);
                self.done(&about("card-lost"));
            }
            Stand::Held => {
                self.activate(issuance);
                let until = self.after(86_400);
                self.done(&json!({"verb":"card-hold","issuance":issuance,"until":until,"reason":"case 2026-7"}));
                self.take_back(issuance);
            }
            Stand::Returned => {
                self.activate(issuance);
                self.take_back(issuance);
            }
        }
        issuance
    }

    fn issue(&mut self, stand: Stand) -> IssuanceId {
        let mut wish = self.wish(stand.kind());
        match stand {
            Stand::Expired => wish["valid_until"] = json!(self.after(SHORT_S)),
            Stand::Early => wish["valid_from"] = json!(self.after(1_800)),
            Stand::Unsure => wish["uncertain"] = json!(true),
            Stand::Unapproved => wish["tenant"] = json!("Staten"),
            Stand::Unknown
            | Stand::Ordered
            | Stand::Arrived
            | Stand::Notified
            | Stand::Issued
            | Stand::Active
            | Stand::Employee
            | Stand::NewHire
            | Stand::Blocked
            | Stand::Lost
            | Stand::Held
            | Stand::Returned => {}
        }
        self.issued(&wish)
    }

    /// What comes of a wish for a card.
    pub(crate) fn issued(&mut self, wish: &Value) -> IssuanceId {
        let Reply::Issued(issued) = self.done(wish) else {
            panic!("nothing was issued")
        };
        let issuance = issued.issuance.unwrap();
        self.oldest.get_or_insert(issuance);
        issuance
    }

    /// The first card that was issued here.
    pub(crate) fn oldest(&self) -> IssuanceId {
        self.oldest.unwrap()
    }

    /// A review that is open, of everything that is there now.
    pub(crate) fn review(&mut self) -> u32 {
        // One that is open already is not opened again.
        let open = self.desk.ask(&json!({"verb":"review","act":"open"}));
        if let Reply::Review(row) = open {
            self.reviewed = row.review;
        }
        self.reviewed
    }

    /// A change of a card that waits for another person's approval.
    pub(crate) fn asked_in_doubt(&mut self, card: IssuanceId) -> String {
        let request = json!({"verb":"card-block","issuance":card,"reason":"odd"});
        let mut receptionist = self.house.call(RECEPTIONIST);
        let asked = receptionist.ask_within(&request, json!({"doubt":"is it hers at all?"}));
        let Reply::Pending(pending) = asked else {
            panic!("{asked:?}")
        };
        pending.approval.to_string()
    }

    /// An operator who may be asked about.
    pub(crate) fn somebody(&self) -> String {
        passwd::name_of(8).unwrap().unwrap()
    }

    /// What is asked to have a card of this kind issued, without plastic.
    pub(crate) fn wish(&self, kind: &str) -> Value {
        let mut wish = json!({
            "verb":"card-issue","kind":kind,"name":"Kari Nordmann","firm":"Rør AS","mobile":"+47 900 00 000",
            "contact":"Ola","tenant":"Kommunen","doors":["main"],"identified_by":"passport","return_duty_told":false
        });
        if kind != "employee" {
            wish["valid_until"] = json!(self.after(3_600));
        }
        wish
    }

    fn tell(&mut self, issuance: IssuanceId) {
        for verb in ["card-arrived", "card-notify"] {
            self.done(&json!({"verb":verb,"issuance":issuance}));
        }
    }

    fn activate(&mut self, issuance: IssuanceId) {
        let card = self.plastic();
        self.done(&json!({"verb":"card-activate","issuance":issuance,"card":card,"return_duty_told":true}));
    }

    fn take_back(&mut self, issuance: IssuanceId) {
        self.done(&json!({"verb":"card-return","issuance":issuance,"form_shredded":true}));
    }
}

/// So soon a card ends that is to be one whose end has passed.
pub(crate) const SHORT_S: u64 = 2;

/// Who asks in doubt.
const RECEPTIONIST: u32 = 3;
