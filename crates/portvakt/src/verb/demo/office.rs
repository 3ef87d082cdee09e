//! The technician's office: sets keys, enrols people, blocks and takes back cards.

use std::path::Path;
use std::thread;
use std::time::Duration;

use access::IssuanceId;
use building_sim::Person;
use building_sim::person::{ADA, BO, CECILIE, DIDRIK, EIRA, FINN, GRO, HASSE};
use control::reply::status::{Hello, Status};
use control::request::TenantContact;
use control::request::card::CardReason;
use control::request::card::CardReturn;
use control::request::card::{CardIssue, CardSource};
use control::request::house::{HouseRequest, Places};
use control::request::reader::ReaderRequest;
use control::{
    CardKind, Client, ClientError, Credential, Moment, Private, ReaderKey, Reply, Request, Row,
};
use jiff::SignedDuration;

use super::daemon::Daemon;
use super::stage::{ENROLMENT, Stage};
use crate::failure::Failure;

/// A connection to the daemon on which the technician works.
pub(super) struct Office {
    client: Client,
}

impl Office {
    /// Waits until the daemon answers.
    pub(super) fn open(socket: &Path, daemon: &mut Daemon) -> Result<(Self, Hello), Failure> {
        for _ in 0..PAUSES_MAX {
            match Client::connect(socket) {
                Ok((client, hello)) => return Ok((Self { client }, hello)),
                Err(ClientError::Unreachable { .. }) => {}
                Err(other) => return Err(other.into()),
            }
            daemon.must_run()?;
            thread::sleep(PAUSE);
        }
        Err(Failure::failed(
            "portvaktd did not answer within 10 s of its start",
        ))
    }

    /// The controller's state, the log's verifier key in it.
    pub(super) fn status(&mut self) -> Result<Status, Failure> {
        let reply = self.client.ask(Request::Status {}, false)?;
        let Reply::Status(status) = reply else {
            return Err(Failure::unexpected(&reply));
        };
        Ok(*status)
    }

    /// Gives the readers their keys and waits until they speak Secure Channel.
    pub(super) fn set_keys(&mut self, stage: &Stage) -> Result<(), Failure> {
        for reader in stage.readers() {
            let hex: String = reader
                .key
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect();
            let key = ReaderKey::from_hex(&hex).ok_or_else(|| Failure::failed("no key"))?;
            let reader = reader.name.to_owned();
            self.do_it(Request::Reader(ReaderRequest::SetKey { reader, key }))?;
        }
        self.wait_until_secure(stage.readers().len())
    }

    /// Enrols everybody.
    pub(super) fn enrol(&mut self, stage: &mut Stage) -> Result<Enrolled, Failure> {
        let tenant = TENANT.to_owned();
        self.do_it(Request::TenantAdd {
            tenant: tenant.clone(),
        })?;
        self.do_it(Request::TenantContact(TenantContact {
            tenant,
            name: Private::new(CONTACT),
            mobile: Private::new("+999 00 000 100"),
        }))?;
        let now = self.status()?.now;
        let mut enrolled = Vec::new();
        for (person, terms) in TERMS {
            enrolled.push((person.number, self.issue(person, terms, now, stage)?));
        }
        Ok(Enrolled(enrolled))
    }

    /// A card is reported lost: denied from now on, and its use is an alarm.
    pub(super) fn lose(&mut self, issuance: IssuanceId) -> Result<(), Failure> {
        self.do_it(Request::CardLost { issuance })
    }

    /// Asks in doubt for a card to be blocked: it waits for another person.
    pub(super) fn block_in_doubt(&mut self, issuance: IssuanceId) -> Result<(), Failure> {
        let reason = "seen at the wrong door".to_owned();
        self.client.doubt(Some(Private::new("was it really him?")));
        let asked = self
            .client
            .ask(Request::CardBlock(CardReason { issuance, reason }), false);
        self.client.doubt(None);
        let reply = asked?;
        if let Reply::Pending(_) = reply {
            Ok(())
        } else {
            Err(Failure::unexpected(&reply))
        }
    }

    /// Nobody comes in at any door.
    pub(super) fn lock_down(&mut self) -> Result<(), Failure> {
        let doors = Places::default();
        self.do_it(Request::House(HouseRequest::LockDown { doors }))
    }

    /// Those who may come in do again.
    pub(super) fn release(&mut self) -> Result<(), Failure> {
        let doors = Places::default();
        self.do_it(Request::House(HouseRequest::Release { doors }))
    }

    /// Takes a card back; its holder is forgotten.
    pub(super) fn take_back(&mut self, issuance: IssuanceId) -> Result<(), Failure> {
        let form_shredded = true;
        self.do_it(Request::CardReturn(CardReturn {
            issuance,
            form_shredded,
        }))
    }

    fn issue(
        &mut self,
        person: &Person,
        terms: &Terms,
        now: Moment,
        stage: &mut Stage,
    ) -> Result<IssuanceId, Failure> {
        let until = |seconds| Moment::from(now.timestamp() + SignedDuration::from_secs(seconds));
        let request = CardIssue {
            kind: terms.kind,
            name: Private::new(person.name),
            firm: Private::new(person.firm),
            mobile: Private::new(person.mobile),
            contact: Private::new(CONTACT),
            tenant: TENANT.to_owned(),
            rights: Vec::new(),
            instead_of: None,
            doors: terms.doors.iter().map(|door| (*door).to_owned()).collect(),
            valid_from: None,
            valid_until: terms.valid_for_s.map(until),
            identified_by: Private::new("passport"),
            signed_at: None,
            card: Some(terms.source(person)),
            return_duty_told: true,
            uncertain: false,
            replaces: None,
        };
        self.client
            .send(Request::CardIssue(Box::new(request)), false)?;
        let mut reply = self.client.receive()?;
        if let Reply::Waiting { .. } = reply {
            stage.present(person, ENROLMENT)?;
            reply = self.client.receive()?;
        }
        let Reply::Issued(issued) = reply else {
            return Err(Failure::unexpected(&reply));
        };
        issued
            .issuance
            .ok_or_else(|| Failure::failed("nothing was issued"))
    }

    fn wait_until_secure(&mut self, count: usize) -> Result<(), Failure> {
        for _ in 0..PAUSES_MAX {
            if self.secure_readers()? == count {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        Err(Failure::failed(
            "the readers were not in Secure Channel within 10 s",
        ))
    }

    fn secure_readers(&mut self) -> Result<usize, Failure> {
        self.client
            .send(Request::Reader(ReaderRequest::List {}), false)?;
        let mut secure = 0;
        loop {
            let reply = self.client.receive()?;
            if reply.is_last() {
                return Ok(secure);
            }
            if let Reply::Part {
                row: Row::Reader(row),
            } = reply
            {
                secure += usize::from(row.security == "secure");
            }
        }
    }

    fn do_it(&mut self, request: Request) -> Result<(), Failure> {
        self.client.ask(request, false)?;
        Ok(())
    }
}

/// Who has which issuance, by the number of the card.
pub(super) struct Enrolled(Vec<(u16, IssuanceId)>);

impl Enrolled {
    /// Somebody's issuance.
    pub(super) fn of(&self, person: &Person) -> Result<IssuanceId, Failure> {
        let found = self.0.iter().find(|(number, _)| *number == person.number);
        let nobody = || Failure::failed(format_args!("{} has no card", person.name));
        found.map(|(_, issuance)| *issuance).ok_or_else(nobody)
    }
}

/// On what terms somebody gets a card.
struct Terms {
    kind: CardKind,
    doors: &'static [&'static str],
    /// From enrolment; none for an employee.
    valid_for_s: Option<i64>,
    /// Shows it at the enrolment reader; otherwise its number is typed.
    in_person: bool,
}

impl Terms {
    const fn in_person(mut self) -> Self {
        self.in_person = true;
        self
    }

    fn source(&self, person: &Person) -> CardSource {
        if self.in_person {
            let reader = ENROLMENT.to_owned();
            return CardSource::Present { reader, wait_s: 10 };
        }
        CardSource::Credential(Credential::Number {
            format: "H10301".to_owned(),
            facility: u32::from(person.facility),
            number: u64::from(person.number),
        })
    }
}

const TERMS: &[(Person, Terms)] = &[
    (ADA, terms(CardKind::Employee, &["main", "office"], None)),
    (
        BO,
        terms(CardKind::Supplier, &["main", "office"], Some(DAY_S)),
    ),
    (
        CECILIE,
        terms(CardKind::Supplier, &["main", "yard"], Some(DAY_S)),
    ),
    (DIDRIK, terms(CardKind::Supplier, &["main"], Some(DAY_S))),
    (
        EIRA,
        terms(CardKind::NewHire, &["main", "archive"], Some(DAY_S)),
    ),
    (FINN, terms(CardKind::Supplier, &["main"], Some(SHORT_S))),
    (
        GRO,
        terms(CardKind::Supplier, &["main", "office"], Some(DAY_S)),
    ),
    (
        HASSE,
        terms(CardKind::Supplier, &["main", "yard"], Some(DAY_S)).in_person(),
    ),
];

const fn terms(kind: CardKind, doors: &'static [&'static str], valid_for_s: Option<i64>) -> Terms {
    Terms {
        kind,
        doors,
        valid_for_s,
        in_person: false,
    }
}

const TENANT: &str = "Luftslott Drift AS";
const CONTACT: &str = "Ine Vert";
const DAY_S: i64 = 86_400;
/// Over before the story comes to it.
const SHORT_S: i64 = 5;
const PAUSE: Duration = Duration::from_millis(50);
/// 10 s.
const PAUSES_MAX: u32 = 200;
