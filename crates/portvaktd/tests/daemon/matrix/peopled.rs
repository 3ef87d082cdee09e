//! Peopled: a house where each role is somebody's, what they are answered, and all that is registered there.

use std::os::unix::net::UnixStream;
use std::time::Duration;

use access::role::Role;
use control::reply::event::EventRow;
use control::request::log::EventFilter;
use control::{Answer, Refusal, Reply, Request, Row, frame};
use register::Text;
use serde_json::{Value, json};

use crate::house::{Daemon, House};
use crate::offline::{add, offline};
use crate::people::{Person, house_of, name_of, rows_as};

/// Who asks: users that every system has, each with one role.
pub(crate) const PEOPLE: [(u32, Role); 7] = [
    (1, Role::DailyManager),
    (2, Role::OperationsManager),
    (3, Role::Receptionist),
    (4, Role::Technician),
    (5, Role::ReceptionStaff),
    (6, Role::Hr),
    (7, Role::Auditor),
];
const HR: u32 = 6;
pub(crate) const RITA: u32 = 8;
pub(crate) const NEW: u32 = 9;
pub(crate) const NOBODY: u32 = 10;

/// A house where each role is somebody's, and an operator whom the managers may ask something about.
pub(crate) fn peopled() -> (House, Daemon) {
    let others: Vec<(u32, &str)> = PEOPLE
        .iter()
        .filter(|(uid, _)| *uid != HR)
        .map(|(uid, role)| (*uid, role.as_str()))
        .chain([(RITA, "receptionist,auditor")])
        .collect();
    let house = house_of(&others);
    offline(&house, |register, now| {
        let by = register.operators().unwrap()[0].id;
        let name = Text::new("tenant", "Staten").unwrap();
        let (tenant, _) = register.add_tenant(&name, by, now).unwrap();
        add(
            register,
            (&name_of(HR), HR),
            (&[Role::Hr], Some(tenant)),
            now,
        );
    });
    let daemon = house.start();
    (house, daemon)
}

/// A stream of this user.
pub(crate) fn stream_of(house: &House, uid: u32) -> UnixStream {
    let stream = Person::of(house, uid).stream().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The first answer to a request on a connection of its own; `None` if it is one that goes on in silence.
pub(crate) fn first_answer(house: &House, uid: u32, envelope: &Value) -> Option<Reply> {
    let mut stream = stream_of(house, uid);
    let hello = json!({"id":1,"request":{"verb":"hello","version":1}});
    frame::write(&mut stream, &hello).unwrap();
    let _greeting: Answer = frame::read(&mut stream).unwrap().unwrap();
    frame::write(&mut stream, envelope).unwrap();
    let answer: Option<Answer> = frame::read(&mut stream).ok()?;
    answer.map(|answer| answer.reply)
}

pub(crate) fn refusal(house: &House, uid: u32, envelope: &Value) -> Option<Refusal> {
    match first_answer(house, uid, envelope) {
        Some(Reply::Refused(refusal)) => Some(refusal),
        Some(_) | None => None,
    }
}

pub(crate) fn envelope(request: &Value) -> Value {
    json!({"id":2,"request":request})
}

/// What is registered, as far as anybody can read it: cards, operators, tenants, stock, charges, hours, generation.
pub(crate) fn registered(house: &House) -> Vec<String> {
    let lists = [
        r#"{"verb":"card-list"}"#,
        r#"{"verb":"operator","act":"list"}"#,
        r#"{"verb":"tenant-list"}"#,
        r#"{"verb":"stock","act":"list"}"#,
        r#"{"verb":"charge","act":"list"}"#,
        r#"{"verb":"schedule","act":"list"}"#,
        r#"{"verb":"holiday","act":"list"}"#,
        r#"{"verb":"retention-show"}"#,
        r#"{"verb":"door-list"}"#,
        r#"{"verb":"approval","act":"list"}"#,
    ];
    let rows = lists.iter().flat_map(|list| {
        let request: Request = serde_json::from_str(list).unwrap();
        rows_as(house, 0, request)
    });
    let mut all: Vec<String> = rows
        .map(|row| serde_json::to_string(&row).unwrap())
        .collect();
    let Reply::Status(status) = house.ask(Request::Status {}) else {
        panic!("no status")
    };
    all.push(format!("generation {}", status.generation));
    all
}

/// The refusals in the log: who, and which request.
pub(crate) fn refusals(house: &House) -> Vec<(String, String)> {
    let refused = logged(house).into_iter();
    let refused = refused.filter(|event| event.event == "refused");
    refused
        .map(|event| (event.operator.unwrap(), event.detail.unwrap()))
        .collect()
}

pub(crate) fn logged(house: &House) -> Vec<EventRow> {
    let rows = rows_as(house, 0, Request::LogShow(EventFilter::default()));
    let events = rows.into_iter().map(|row| {
        let Row::Event(event) = row else {
            panic!("{row:?}")
        };
        *event
    });
    events.collect()
}

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(2);
