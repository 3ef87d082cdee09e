//! A day at the house: a reader comes online, a card is issued in person, opens, is returned, opens no more.

use std::thread::sleep;
use std::time::Duration;

use control::reply::status::Status;
use control::request::TenantContact;
use control::request::card::CardReturn;
use control::request::card::{CardIssue, CardSource};
use control::request::log::EventFilter;
use control::request::reader::ReaderRequest;
use control::{CardKind, Client, Moment, Private, ReaderKey, Reply, Request, Row};
use event_log::disk::RealDisk;
use event_log::verify::{Options, verify_dir};

use super::house::House;
use super::reader::KEY;
use super::restart::wait_kept;

/// H10301 1:1.
pub(crate) const CARD: ([u8; 4], u16) = ([0x80, 0x80, 0x00, 0x80], 26);
/// H10301 1:2, which nobody registered.
const UNKNOWN: ([u8; 4], u16) = ([0x80, 0x80, 0x01, 0x00], 26);
/// The same with wrong parity.
const STRANGER: ([u8; 4], u16) = ([0x80, 0x80, 0x01, 0x40], 26);

pub(crate) fn status(house: &House) -> Status {
    let Reply::Status(status) = house.ask(Request::Status {}) else {
        panic!("no status")
    };
    *status
}

fn polls(house: &House) -> u64 {
    let Reply::Reader(row) = house.ask(Request::Reader(ReaderRequest::Show {
        reader: "front".into(),
    })) else {
        panic!("no reader")
    };
    row.polls
}

/// Online, and polled a few times since: a card that was there before the first polls may have been kept while the reader
/// was away, and is never granted.
pub(crate) fn wait_online(house: &House) {
    let mut since = None;
    for _ in 0..500 {
        if status(house).readers_online == 0 {
            since = None;
        } else if polls(house) >= *since.get_or_insert_with(|| polls(house)) + 5 {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!(
        "the reader does not come online: {:?}",
        status(house).warnings
    );
}

pub(crate) fn set_key(house: &House) {
    let hex: String = KEY.iter().map(|octet| format!("{octet:02x}")).collect();
    let key = ReaderKey::from_hex(&hex).unwrap();
    assert!(matches!(
        house.ask(Request::Reader(ReaderRequest::SetKey {
            reader: "front".into(),
            key
        })),
        Reply::Done { .. }
    ));
}

/// Issues a supplier's card that is presented at the reader.
pub(crate) fn issue_in_person(house: &House) -> access::IssuanceId {
    house.ask(Request::TenantAdd {
        tenant: "Kommunen".into(),
    });
    let contact = Request::TenantContact(TenantContact {
        tenant: "Kommunen".into(),
        name: Private::new("Ola Kontakt"),
        mobile: Private::new("90000001"),
    });
    house.ask(contact);
    let until = status(house)
        .now
        .utc()
        .saturating_add(Duration::from_secs(3_600));
    let wish = CardIssue {
        kind: CardKind::Supplier,
        name: Private::new("Kari Nordmann"),
        firm: Private::new("Rør AS"),
        mobile: Private::new("90000002"),
        contact: Private::new("Ola Kontakt"),
        tenant: "Kommunen".into(),
        doors: vec!["front".into()],
        rights: Vec::new(),
        instead_of: None,
        valid_from: None,
        valid_until: Some(Moment::from(until)),
        identified_by: Private::new("passport"),
        signed_at: None,
        card: Some(CardSource::Present {
            reader: "front".into(),
            wait_s: 10,
        }),
        return_duty_told: true,
        uncertain: false,
        replaces: None,
    };
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::CardIssue(Box::new(wish)), false)
        .unwrap();
    assert!(matches!(client.receive().unwrap(), Reply::Waiting { .. }));
    house.reader.present(&CARD.0, CARD.1);
    let Reply::Issued(issued) = client.receive().unwrap() else {
        panic!("not issued")
    };
    issued.issuance.unwrap()
}

/// The names of all events.
pub(crate) fn events(house: &House) -> Vec<String> {
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::LogShow(EventFilter::default()), false)
        .unwrap();
    let mut names = Vec::new();
    while let Reply::Part {
        row: Row::Event(event),
    } = client.receive().unwrap()
    {
        names.push(event.event);
    }
    names
}

/// Whether the door opens for a card.
pub(crate) fn opens(house: &House, card: ([u8; 4], u16)) -> bool {
    house.reader.present(&card.0, card.1);
    house.reader.is_unlocked_within(Duration::from_secs(5))
}

pub(crate) fn stays_shut(house: &House, card: ([u8; 4], u16)) -> bool {
    house.reader.present(&card.0, card.1);
    !house.reader.is_unlocked_within(Duration::from_millis(700))
}

#[test]
fn a_card_opens_from_its_issue_to_its_return() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    assert!(stays_shut(&house, STRANGER));
    let issuance = issue_in_person(&house);
    assert!(opens(&house, CARD));
    let count = |name: &str| events(&house).iter().filter(|event| *event == name).count();
    assert_eq!((count("access-granted"), count("access-denied")), (1, 1));
    wait_kept(&house, issuance);
    house.ask(Request::CardReturn(CardReturn {
        issuance,
        form_shredded: true,
    }));
    assert!(stays_shut(&house, CARD));
    assert_eq!(
        (
            count("card-returned"),
            count("shred-done"),
            count("access-denied")
        ),
        (1, 1, 2)
    );
    assert_eq!(
        (count("access-granted"), count("erased")),
        (0, 1),
        "the holder is forgotten"
    );
    assert!(daemon.stop().status.success());
    must_be_nowhere(&house, issuance);
}

/// Name, firm, mobile, card and pseudonym are in no file, and the log says how many parts it lost and verifies.
pub(crate) fn must_be_nowhere(house: &House, issuance: access::IssuanceId) {
    let pseudonym = issuance.to_string();
    let number = issuance.get().to_le_bytes();
    let traces: [&[u8]; 6] = [
        b"Kari Nordmann",
        "Rør AS".as_bytes(),
        b"90000002",
        &CARD.0,
        pseudonym.as_bytes(),
        &number,
    ];
    for (file, octets) in house.snapshot() {
        // The register keeps the pseudonym's number alone, so that it is never given again.
        let kept = usize::from(file.ends_with("register.db"));
        for trace in &traces[..traces.len() - kept] {
            let found = octets.windows(trace.len()).any(|window| window == *trace);
            assert!(!found, "{} of {trace:02X?}", file.display());
        }
    }
    let log = RealDisk::new(house.data().join("log"));
    let report = verify_dir(&log, Options::default(), &mut |_| {}).unwrap();
    // Issued, activated, let in once, returned.
    assert!(report.scrubbed >= 4, "{report:?}");
    assert_eq!(report.unsealed, 0);
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    assert!(opens(&house, CARD));
    let before = status(&house).log.size;
    daemon.kill();
    let daemon = house.start();
    wait_online(&house);
    assert!(opens(&house, CARD));
    assert!(status(&house).log.size > before);
    assert!(
        events(&house).contains(&"log-gap".to_owned()),
        "an unclean end is told"
    );
    assert!(daemon.stop().status.success());
}

#[test]
fn an_operator_opens_a_door_and_says_why() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    let open = Request::DoorOpen {
        door: "front".into(),
        reason: "a parcel".into(),
    };
    assert!(matches!(house.ask(open), Reply::Done { .. }));
    assert!(house.reader.is_unlocked_within(Duration::from_secs(1)));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_bad_file_keeps_the_old_configuration() {
    let house = House::new();
    let daemon = house.start();
    house.configure("colour = \"red\"");
    daemon.signal(rustix::process::Signal::HUP);
    sleep(Duration::from_millis(300));
    assert_eq!(status(&house).site, "Test house");
    let left = daemon.stop();
    let said = super::house::text(&left.stderr);
    assert!(
        left.status.success()
            && said.contains("unknown key `colour`")
            && said.contains("old one stays"),
        "{said}"
    );
}

#[test]
fn an_adapter_that_comes_back_is_opened_again() {
    let mut house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    house.replug();
    for _ in 0..200 {
        if status(&house).lines_up == 0 {
            break;
        }
        sleep(Duration::from_millis(10));
    }
    wait_online(&house);
    assert!(opens(&house, CARD));
    assert!(events(&house).contains(&"line-down".to_owned()));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_dry_run_changes_nothing() {
    let house = House::new();
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let add = Request::TenantAdd {
        tenant: "Kommunen".into(),
    };
    assert!(matches!(client.ask(add, true), Ok(Reply::Done { .. })));
    assert!(matches!(
        client.ask(Request::TenantList {}, false),
        Ok(Reply::End { rows: 0 })
    ));
    assert!(!events(&house).contains(&"tenant-added".to_owned()));
}

#[test]
fn what_the_role_table_refuses_is_logged() {
    let house = House::with_roles("auditor");
    let _daemon = house.start();
    let (mut client, hello) = Client::connect(&house.socket()).unwrap();
    assert_eq!(hello.roles, ["auditor"]);
    let open = Request::DoorOpen {
        door: "front".into(),
        reason: "curious".into(),
    };
    let refused = client.ask(open, false).unwrap_err();
    assert_eq!(u8::from(refused.code()), 3, "{refused}");
    assert!(events(&house).contains(&"refused".to_owned()));
}

#[test]
fn a_follower_sees_what_happens_after_it_asked() {
    let house = House::new();
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    client
        .send(Request::LogFollow(EventFilter::default()), false)
        .unwrap();
    // Its own reading comes first; from then on it misses nothing.
    let mut next = || {
        let Reply::Part {
            row: Row::Event(event),
        } = client.receive().unwrap()
        else {
            panic!("a row")
        };
        event.event
    };
    while next() != "log-read" {}
    house.ask(Request::TenantAdd {
        tenant: "Kommunen".into(),
    });
    while next() != "tenant-added" {}
}

#[test]
fn an_unknown_card_is_read_from_memory_and_leaves_no_trace() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    assert!(stays_shut(&house, UNKNOWN));
    let Reply::LastRead(read) = house.ask(Request::CardLastRead {
        reader: "front".into(),
    }) else {
        panic!("nothing was read")
    };
    assert_eq!(
        (read.bits, read.raw.expose(), read.live),
        (26, "80800100", true)
    );
    let h10301 = read
        .readings
        .iter()
        .find(|reading| reading.format == "H10301")
        .unwrap();
    assert_eq!(h10301.number.as_ref().unwrap().expose(), "1:2");
    assert!(h10301.used);
    assert!(
        events(&house).contains(&"log-read".to_owned()),
        "{:?}",
        events(&house)
    );
    let said = daemon.stop();
    let needle = UNKNOWN.0;
    for (file, octets) in house.snapshot() {
        assert!(
            !octets.windows(4).any(|four| four == needle),
            "{}",
            file.display()
        );
    }
    let said = super::house::text(&said.stderr);
    assert!(!said.contains("80800100"), "{said}");
}

#[test]
fn who_may_not_issue_reads_no_card() {
    let house = House::with_roles("auditor");
    let _daemon = house.start();
    let (mut client, _) = Client::connect(&house.socket()).unwrap();
    let wish = Request::CardLastRead {
        reader: "front".into(),
    };
    let refused = client.ask(wish, false).unwrap_err();
    assert!(
        refused.to_string().contains("not for the role"),
        "{refused}"
    );
}
