//! Card states: every request that names a card × every state a card can be in. Each either leads on, as docs/card-states.md
//! says, or is refused in one line and leaves everything as it was.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::thread::{scope, sleep};
use std::time::Duration;

use access::IssuanceId;
use control::{Code, Refusal, Reply};
use serde_json::{Value, json};

use super::caller::Caller;
use super::card_wishes::{CardWish, WISHES};
use super::cards::{Office, SHORT_S, Stand};
use super::golden::{golden, named};
use super::sight::Sight;
use super::stock_states::{STOCK_WISHES, StockStand, StockWish, stock_state, stocked};
use super::{MockUp, ROOT};

/// A house in which one request after another is asked of cards in every state.
struct Round<'a> {
    house: &'a MockUp,
    office: Office<'a>,
    asker: Caller,
}

impl Round<'_> {
    /// What comes of a request: a mark for the table, or nothing if something was done.
    fn tried(&mut self, request: &Value, told: &str) -> Option<String> {
        let before = Sight::of(self.house);
        let reply = asked_twice(self.house, &mut self.asker, request, told);
        match reply {
            None => Some("told".to_owned()),
            Some(Reply::Refused(refusal)) => {
                before.must_hold(self.house, &mut self.asker, told);
                must_be_one_clear_line(&refusal, told);
                Some(u8::from(refusal.code).to_string())
            }
            Some(Reply::Pending(_)) => Some("waits".to_owned()),
            Some(_) => None,
        }
    }

    /// The marks of a card in each state.
    fn of_cards(&mut self, wish: &CardWish, expired: IssuanceId) -> Vec<String> {
        // All of them first: a review is of what was there when it was opened.
        let cards = Stand::ALL.map(|stand| {
            if stand == Stand::Expired {
                return expired;
            }
            self.office.card(stand)
        });
        let asked = Stand::ALL.into_iter().zip(cards);
        let marks = asked.map(|(stand, card)| {
            let request = (wish.about)(&mut self.office, card);
            let told = format!("{} of a card {}", wish.name, stand.name());
            let mark = self.tried(&request, &told);
            mark.unwrap_or_else(|| self.stands(card))
        });
        marks.collect()
    }

    /// The marks of a card of the house in each state.
    fn of_stock(&mut self, (name, about): &StockWish) -> Vec<String> {
        let marks = StockStand::ALL.map(|stand| {
            let stock = stocked(&mut self.office, stand);
            let request = about(&mut self.office, &stock);
            let told = format!("{name} of a card of the house {}", stand.name());
            let mark = self.tried(&request, &told);
            mark.unwrap_or_else(|| stock_state(&mut self.office, &stock))
        });
        marks.into()
    }

    /// Where a card stands now.
    fn stands(&mut self, card: IssuanceId) -> String {
        let shown = self.asker.ask(&json!({"verb":"card-show","issuance":card}));
        if let Reply::Card(row) = &shown {
            return format!("**{}**", row.state);
        }
        let Reply::Refused(refusal) = shown else {
            panic!("{shown:?}")
        };
        assert!(refusal.message.contains("is forgotten"), "{refusal}");
        "**forgotten**".to_owned()
    }
}

/// The answer to a request that is rehearsed before it is asked for; nothing if it only reads, and is allowed.
fn asked_twice(house: &MockUp, asker: &mut Caller, request: &Value, told: &str) -> Option<Reply> {
    let parsed: control::Request = serde_json::from_str(&request.to_string()).unwrap();
    if !parsed.changes() {
        let reply = asker.ask(request);
        return matches!(reply, Reply::Refused(_)).then_some(reply);
    }
    let before = Sight::of(house);
    let rehearsed = asker.ask_within(request, json!({"dry_run":true}));
    before.must_hold(house, asker, told);
    let done = asker.ask(request);
    assert_alike(&rehearsed, &done, told);
    Some(done)
}

/// What is refused when it is rehearsed is refused in the same words when it is asked for, and the reverse.
fn assert_alike(rehearsed: &Reply, done: &Reply, told: &str) {
    match (rehearsed, done) {
        (Reply::Refused(one), Reply::Refused(other)) => assert_eq!(one, other, "{told}"),
        (Reply::Refused(one), other) => panic!("{told}: rehearsed {one}, done {other:?}"),
        (one, Reply::Refused(other)) => panic!("{told}: rehearsed {one:?}, done {other}"),
        _ => {}
    }
}

fn must_be_one_clear_line(refusal: &Refusal, told: &str) {
    let says = refusal.message.as_str();
    assert!(
        matches!(refusal.code, Code::Usage | Code::Refused | Code::NotFound),
        "{told}: {:?} {says}",
        refusal.code
    );
    assert!(
        !says.trim().is_empty() && says.lines().count() == 1,
        "{told}: {says}"
    );
    for private in [
        "Kari", "Nordmann", "Rør", "900 00", "passport", "Ola", "Eva",
    ] {
        assert!(!says.contains(private), "{told}: {says}");
    }
}

/// The rows of the table for some requests.
fn rows(wishes: &[CardWish]) -> Vec<String> {
    let house = MockUp::new();
    let mut office = Office::open(&house);
    let asker = house.call(ROOT);
    let expired: Vec<IssuanceId> = wishes.iter().map(|_| office.card(Stand::Expired)).collect();
    sleep(Duration::from_secs(SHORT_S));
    let mut round = Round {
        house: &house,
        office,
        asker,
    };
    let rows = wishes.iter().zip(expired);
    let rows = rows.map(|(wish, expired)| row(wish.name, &round.of_cards(wish, expired)));
    rows.collect()
}

fn stock_rows() -> Vec<String> {
    let house = MockUp::new();
    let mut round = Round {
        house: &house,
        office: Office::open(&house),
        asker: house.call(ROOT),
    };
    let rows = STOCK_WISHES.iter();
    rows.map(|wish| row(wish.0, &round.of_stock(wish)))
        .collect()
}

fn row(name: &str, marks: &[String]) -> String {
    format!("| {name} | {} |", marks.join(" | "))
}

fn head(names: &[&str]) -> String {
    format!(
        "| asked | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    )
}

fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let (one, other) = WISHES.split_at(WISHES.len() / 2);
    let (mut all, stock) = scope(|scope| {
        let halves = [one, other].map(|half| scope.spawn(|| rows(half)));
        let stock = scope.spawn(stock_rows);
        let halves = halves.map(|half| half.join().unwrap());
        (halves.concat(), stock.join().unwrap())
    });
    all.insert(0, head(&Stand::ALL.map(Stand::name)));
    all.push(STOCK_INTRODUCTION.to_owned());
    all.push(head(&StockStand::ALL.map(StockStand::name)));
    all.extend(stock);
    for row in all {
        writeln!(page, "{row}").unwrap();
    }
    page
}

#[test]
fn m17_every_request_about_a_card_in_every_state_leads_on_or_is_refused_and_changes_nothing() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/card-states.md");
    let made = page();
    if std::env::var_os("PORTVAKT_WRITE_STATES").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let differing = written
        .lines()
        .zip(made.lines())
        .find(|(is, becomes)| is != becomes);
    assert_eq!(
        differing, None,
        "PORTVAKT_WRITE_STATES=1 writes docs/card-states.md"
    );
    assert_eq!(written.lines().count(), made.lines().count());
}

#[test]
fn every_request_that_names_a_card_is_in_the_table_of_states() {
    let house = MockUp::new();
    let mut office = Office::open(&house);
    let card = office.card(Stand::Active);
    let asked: BTreeSet<String> = WISHES
        .iter()
        .map(|wish| named(&(wish.about)(&mut office, card)))
        .collect();
    let names_a_card = |request: &Value| request.to_string().contains("P-3F7K2Q");
    for request in golden().iter().filter(|request| names_a_card(request)) {
        let name = named(request);
        assert!(asked.contains(&name), "{name} names a card");
    }
}

const INTRODUCTION: &str = "\
# What may be asked of a card, by where it stands

Made by a test that asks each in a house: as technician and operations manager, of a card in each state, once rehearsed and once for
real. A word in bold is where the card stands afterwards; *told*: something is read, nothing changes; *waits*: it waits for another person's
approval. A number is a refusal's exit code: 2 the request itself is wrong, 3 a rule refuses it, 4 there is no such card. A refusal
changes nothing: not the register, not what the doors decide by.

";

const STOCK_INTRODUCTION: &str = "\n## Of a card of the house\n";
