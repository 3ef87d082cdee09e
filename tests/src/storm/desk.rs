//! The desks: operators who ask the daemon for one thing after another until it is killed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use access::UtcMicros;
use building_sim::Dice;
use control::request::backup::BackupRequest;
use control::request::card::{CardIssue, CardReason, CardReturn, CardSource};
use control::request::import::ImportRow;
use control::request::reader::ReaderRequest;
use control::{CardKind, Client, ClientError, Credential, Moment, Private, Reply, Request};

use super::book::{Book, Card, Job, Verb};
use super::house::{CONTACT, TENANT};
use super::plan::DOORS;
use super::present::utc_micros;
use super::readers::FACILITY;

/// What the operators share.
pub(crate) type Shared = Mutex<Book>;

/// The book, for a moment.
pub(crate) fn open(book: &Shared) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One operator's work until the daemon is gone or `over`; `begun` hears of each request that is on its way.
pub(crate) fn work(
    socket: &Path,
    book: &Shared,
    begun: &Sender<Verb>,
    over: &AtomicBool,
    mut dice: Dice,
) {
    let Ok((mut client, _)) = Client::connect(socket) else {
        return;
    };
    while !over.load(Ordering::Relaxed) {
        let chosen = open(book).choose(&mut dice);
        let Some(job) = chosen else { continue };
        let asked = ask(&mut client, book, &job, begun, &mut dice);
        let mut book = open(book);
        match asked {
            Ok(reply) => book.done(&job, &reply),
            Err(ClientError::Refused(refusal)) => book.refuse(&job, &refusal.to_string()),
            Err(_) => {
                book.cut_off += 1;
                return;
            }
        }
    }
}

fn ask(
    client: &mut Client,
    book: &Shared,
    job: &Job,
    begun: &Sender<Verb>,
    dice: &mut Dice,
) -> Result<Reply, ClientError> {
    let cards: Vec<Card> = {
        let book = open(book);
        job.cards.iter().map(|at| book.cards[*at].clone()).collect()
    };
    if job.verb == Verb::Import {
        return import(client, &cards, begun);
    }
    client.send(request(job.verb, cards.first(), dice), false)?;
    // Nobody may be waiting to kill.
    begun.send(job.verb).ok();
    loop {
        let reply = client.receive()?;
        if reply.is_last() {
            return Ok(reply);
        }
    }
}

fn import(client: &mut Client, cards: &[Card], begun: &Sender<Verb>) -> Result<Reply, ClientError> {
    let rows = u64::try_from(cards.len()).unwrap_or(u64::MAX);
    client.send(Request::CardImportBegin { rows }, false)?;
    client.receive()?;
    let rows = (2_u64..)
        .zip(cards)
        .map(|(line, card)| row(line, card))
        .collect();
    client.send_more(Request::CardImportRows { rows }, false)?;
    client.send_more(Request::CardImportEnd {}, false)?;
    begun.send(Verb::Import).ok();
    loop {
        let reply = client.receive()?;
        if reply.is_last() {
            return Ok(reply);
        }
    }
}

fn request(verb: Verb, card: Option<&Card>, dice: &mut Dice) -> Request {
    let door = dice.pick(&DOORS).map_or("", |door| door.name).to_owned();
    let issuance = card.and_then(|card| card.issuance);
    match (verb, card, issuance) {
        (Verb::Issue, Some(card), _) => Request::CardIssue(Box::new(wish(card))),
        (Verb::Block, _, Some(issuance)) => Request::CardBlock(reason(issuance)),
        (Verb::Unblock, _, Some(issuance)) => Request::CardUnblock(reason(issuance)),
        (Verb::Lost, _, Some(issuance)) => Request::CardLost { issuance },
        (Verb::Found, _, Some(issuance)) => Request::CardFound { issuance },
        (Verb::Return, _, Some(issuance)) => Request::CardReturn(CardReturn {
            issuance,
            form_shredded: true,
        }),
        (Verb::Rotate, ..) => Request::Reader(ReaderRequest::RotateKey { reader: door }),
        (Verb::Backup, ..) => Request::Backup(BackupRequest::Create {
            passphrase: Private::new("correct horse battery"),
        }),
        _ => Request::DoorOpen {
            door,
            reason: "a parcel".to_owned(),
        },
    }
}

fn reason(issuance: access::IssuanceId) -> CardReason {
    CardReason {
        issuance,
        reason: "left behind".to_owned(),
    }
}

/// A supplier's card that opens every door.
pub(crate) fn wish(card: &Card) -> CardIssue {
    CardIssue {
        kind: CardKind::Supplier,
        name: Private::new(card.name.clone()),
        firm: Private::new("Skrøne Rør & Varme"),
        mobile: Private::new(card.mobile.clone()),
        contact: Private::new(CONTACT),
        tenant: TENANT.to_owned(),
        doors: DOORS.iter().map(|door| door.name.to_owned()).collect(),
        rights: Vec::new(),
        instead_of: None,
        valid_from: None,
        valid_until: Some(tomorrow()),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: Some(CardSource::Credential(credential(card))),
        return_duty_told: true,
        uncertain: false,
        replaces: None,
    }
}

fn row(line: u64, card: &Card) -> ImportRow {
    ImportRow {
        line,
        card: credential(card),
        name: Private::new(card.name.clone()),
        firm: Private::new("Fabel Arkiv"),
        mobile: Private::new(card.mobile.clone()),
        contact: Private::new(CONTACT),
        tenant: TENANT.to_owned(),
        doors: DOORS.iter().map(|door| door.name.to_owned()).collect(),
        valid_from: None,
        valid_until: None,
        kind: CardKind::Employee,
    }
}

fn credential(card: &Card) -> Credential {
    Credential::Number {
        format: "H10301".to_owned(),
        facility: FACILITY,
        number: u64::from(card.number),
    }
}

fn tomorrow() -> Moment {
    let now = UtcMicros::from_micros(utc_micros());
    Moment::from(now.saturating_add(Duration::from_secs(86_400)))
}
