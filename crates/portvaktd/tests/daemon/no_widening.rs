//! No sequence of what reception staff may ask widens what any card opens (I7, M3), and nothing of what the personnel office
//! and the auditor ask changes anything.

use std::collections::BTreeMap;

use access::IssuanceId;
use control::reply::card::CardRow;
use control::reply::right::RightRow;
use control::request::card::{CardIssue, CardList};
use control::request::right::RightRequest;
use control::{CardKind, CardState, Client, ClientError, Moment, Reply, Request, Row};
use serde_json::{Value, json};

use super::house::House;
use super::matrix::{peopled, registered};
use super::people::client_of;
use super::visitors::{activate, after, changed, issued, number, tenant, wish};

const STAFF: u32 = 5;
const HR: u32 = 6;
const AUDITOR: u32 = 7;

/// Pseudo-random numbers, the same in each run (an LCG's upper bits).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

fn read(request: &Value) -> Request {
    serde_json::from_str(&request.to_string()).unwrap()
}

/// A house with cards of each kind and state, some blocked or lost by others than who asks, some of them the house's own.
fn cards(house: &House) -> Vec<IssuanceId> {
    tenant(house);
    for card in 1..=2 {
        house.ask(read(
            &json!({"verb":"stock","act":"add","card":number(card)}),
        ));
    }
    let mut all = Vec::new();
    for (at, kind) in (1..).zip([
        CardKind::Supplier,
        CardKind::Supplier,
        CardKind::NewHire,
        CardKind::Supplier,
        CardKind::NewHire,
    ]) {
        let new = CardIssue {
            card: Some(number(at)),
            return_duty_told: true,
            ..wish(house, kind)
        };
        all.push(issued(house, new).issuance.unwrap());
    }
    let ordered = issued(house, wish(house, CardKind::Employee));
    let own = issued(house, wish(house, CardKind::Employee));
    let own = own.issuance.unwrap();
    changed(house, Request::CardArrived { issuance: own });
    changed(house, Request::CardNotify { issuance: own });
    changed(house, activate(own, number(9), true));
    all.extend([ordered.issuance.unwrap(), own]);
    all
}

/// What a card opens: from when until when, if it opens at all, and where.
type Opens = Option<(Moment, Option<Moment>, Vec<RightRow>)>;

/// What every card opens now and later.
fn opened(client: &mut Client) -> BTreeMap<IssuanceId, Opens> {
    let rows = rows_of(client, Request::CardList(CardList::default()));
    let cards = rows.into_iter().map(|row| {
        let Row::Card(card) = row else {
            panic!("{row:?}")
        };
        (card.issuance, opens(client, *card))
    });
    cards.collect()
}

fn opens(client: &mut Client, card: CardRow) -> Opens {
    if card.state != CardState::Active {
        return None;
    }
    let list = RightRequest::List {
        issuance: card.issuance,
    };
    let rights = rows_of(client, Request::Right(list)).into_iter();
    let rights = rights.map(|row| {
        let Row::Right(right) = row else {
            panic!("{row:?}")
        };
        right
    });
    Some((card.valid_from, card.valid_until, rights.collect()))
}

fn rows_of(client: &mut Client, request: Request) -> Vec<Row> {
    client.send(request, false).unwrap();
    let mut rows = Vec::new();
    while let Reply::Part { row } = client.receive().unwrap() {
        rows.push(row);
    }
    rows
}

/// Whether the second opens nothing that the first does not.
fn is_within(before: &Opens, after: &Opens) -> bool {
    let Some((from, until, rights)) = after else {
        return true;
    };
    let Some((was_from, was_until, had)) = before else {
        return false;
    };
    let ends_no_later = match (was_until, until) {
        (None, _) => true,
        (Some(was), Some(is)) => is <= was,
        (Some(_), None) => false,
    };
    from >= was_from && ends_no_later && rights.iter().all(|right| had.contains(right))
}

/// A request of any kind that may touch a card, with whatever arguments.
fn any_request(dice: &mut Dice, cards: &[IssuanceId], house: &House) -> Value {
    let (card, other) = (dice.pick(cards), dice.pick(cards));
    let (when, then) = (dice.below(9_000), dice.below(9_000));
    let moment = |seconds: usize| after(house, u64::try_from(seconds).unwrap());
    let stock = dice.pick(&["S-001", "S-002", "S-003"]);
    match dice.below(24) {
        0 | 1 => json!({"verb":"card-block","issuance":card,"reason":"r"}),
        2 | 3 => json!({"verb":"card-unblock","issuance":card,"reason":"r"}),
        4 => json!({"verb":"card-lost","issuance":card}),
        5 | 6 => json!({"verb":"card-found","issuance":card}),
        7 => json!({"verb":"card-life","act":"change","issuance":card,"valid_until":moment(when)}),
        8 => {
            json!({"verb":"card-life","act":"change","issuance":card,"valid_from":moment(when),"valid_until":moment(then)})
        }
        9 => json!({"verb":"card-life","act":"change","issuance":card,"without_end":true}),
        10 => {
            json!({"verb":"card-life","act":"change","issuance":card,"firm":"F","contact":"Ola Kontakt"})
        }
        11 => {
            json!({"verb":"card-life","act":"change","issuance":card,"card":number(20),"mobile":"1"})
        }
        12 => json!({"verb":"card-life","act":"change","issuance":card,"replaces":other}),
        13 => json!({"verb":"card-life","act":"undo","issuance":card}),
        14 => json!({"verb":"card-pin","act":"clear","issuance":card}),
        15 => json!({"verb":"card-pin","act":"set","issuance":card,"pin":"159268"}),
        16 => {
            json!({"verb":"right","act":"revoke","issuance":card,"place":"front","reason":"r"})
        }
        17 => {
            json!({"verb":"right","act":"grant","issuance":card,"rights":[{"place":"front"}],"reason":"r"})
        }
        18 => json!({"verb":"stock","act":"block","stock":stock}),
        19 => json!({"verb":"stock","act":"unblock","stock":stock}),
        20 => json!({"verb":"stock","act":"found","stock":stock}),
        21 => json!({"verb":"card-notify","issuance":card}),
        22 => {
            json!({"verb":"card-activate","issuance":card,"card":number(30),"return_duty_told":true})
        }
        23 if dice.below(20) == 0 => {
            json!({"verb":"card-return","issuance":card,"form_shredded":true})
        }
        _ => json!({"verb":"card-life","act":"vouch","issuance":card,"superior":"Siv"}),
    }
}

/// How many commands: `PORTVAKT_COMMANDS`, or enough for a test of each day.
fn commands() -> usize {
    let wanted = std::env::var("PORTVAKT_COMMANDS").ok();
    wanted.map_or(1_500, |wanted| wanted.parse().unwrap())
}

/// What staff have suspended themselves, and what it opened before.
#[derive(Default)]
struct Suspended(BTreeMap<IssuanceId, Opens>);

impl Suspended {
    /// Nothing opens more than before, but for what comes back to what it was before the asker's own block or loss.
    fn judge(
        &mut self,
        request: &Value,
        before: &BTreeMap<IssuanceId, Opens>,
        after: &BTreeMap<IssuanceId, Opens>,
    ) {
        for (card, now) in after {
            let was = before.get(card).unwrap_or(&None);
            if is_within(was, now) {
                if was.is_some() && now.is_none() {
                    self.0.insert(*card, was.clone());
                }
                continue;
            }
            let verb = request["verb"].as_str().unwrap();
            assert!(
                matches!(verb, "card-unblock" | "card-found" | "stock"),
                "{request} widens {was:?} to {now:?}"
            );
            let once = self.0.get(card).unwrap_or(&None);
            assert!(
                is_within(once, now),
                "{request} gives {now:?}, not {once:?}"
            );
        }
    }
}

/// What is suspended by others than who asks later.
fn suspend(house: &House, cards: &[IssuanceId]) {
    let reason = "not yours to lift";
    let block = json!({"verb":"card-block","issuance":cards[1],"reason":reason});
    for request in [
        block,
        json!({"verb":"card-lost","issuance":cards[3]}),
        json!({"verb":"stock","act":"block","stock":"S-001"}),
    ] {
        house.ask(read(&request));
    }
}

#[test]
fn m03_no_sequence_of_reception_staff_widens_what_a_card_opens() {
    let (house, daemon) = peopled();
    let mut dice = Dice(7);
    let cards = cards(&house);
    suspend(&house, &cards);
    let (mut staff, mut root) = (client_of(&house, STAFF), client_of(&house, 0));
    let mut suspended = Suspended::default();
    let mut before = opened(&mut root);
    let (mut done, asked) = (0, commands());
    for _ in 0..asked {
        let request = any_request(&mut dice, &cards, &house);
        if let Err(refused) = staff.ask(read(&request), false) {
            assert!(matches!(refused, ClientError::Refused(_)), "{refused}");
            continue;
        }
        done += 1;
        let after = opened(&mut root);
        suspended.judge(&request, &before, &after);
        before = after;
    }
    assert!(done > 20, "{done} of {asked} commands did anything");
    assert!(daemon.stop().status.success());
}

#[test]
fn m03_reception_staff_lift_only_their_own_blocks_and_losses() {
    let (house, _daemon) = peopled();
    let cards = cards(&house);
    suspend(&house, &cards);
    let mut staff = client_of(&house, STAFF);
    let mut says = |request: Value| {
        let asked = staff.ask(read(&request), false);
        asked.map_or_else(|refused| u8::from(refused.code()), |_| 0)
    };
    for (verb, issuance) in [("card-unblock", cards[1]), ("card-found", cards[3])] {
        let mut request = json!({"verb":verb,"issuance":issuance});
        if verb == "card-unblock" {
            request["reason"] = json!("r");
        }
        assert_eq!(says(request), 3, "{verb}");
    }
    assert_eq!(
        says(json!({"verb":"stock","act":"unblock","stock":"S-001"})),
        3
    );
    let own = cards[4];
    for request in [
        json!({"verb":"card-block","issuance":own,"reason":"r"}),
        json!({"verb":"card-unblock","issuance":own,"reason":"r"}),
        json!({"verb":"card-lost","issuance":own}),
        json!({"verb":"card-found","issuance":own}),
    ] {
        assert_eq!(says(request.clone()), 0, "{request}");
    }
}

#[test]
fn nothing_that_the_personnel_office_or_the_auditor_asks_changes_anything() {
    let (house, _daemon) = peopled();
    let cards = cards(&house);
    suspend(&house, &cards);
    let before = registered(&house);
    let mut dice = Dice(11);
    for uid in [HR, AUDITOR] {
        let mut client = client_of(&house, uid);
        for _ in 0..300 {
            let request = any_request(&mut dice, &cards, &house);
            let asked = client.ask(read(&request), false);
            assert!(
                matches!(asked, Err(ClientError::Refused(_))),
                "{uid}: {request}"
            );
        }
    }
    assert_eq!(registered(&house), before);
}
