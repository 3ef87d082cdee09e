//! The technician's office: sets keys, enrols people, blocks and takes back cards.

use std::path::Path;
use std::thread;
use std::time::Duration;

use access::IssuanceId;
use building_sim::{PEOPLE, Person};
use control::reply::status::Hello;
use control::request::card::{CardIssue, CardSource};
use control::{CardKind, Client, ClientError, Credential, Moment, Private, ReaderKey, Reply, Request, Row};
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
        Err(Failure::failed("portvaktd did not answer within 10 s of its start"))
    }

    /// The log's verifier key, noted down before anything has happened.
    pub(super) fn verifier(&mut self) -> Result<String, Failure> {
        match self.client.ask(Request::LogStatus {}, false)? {
            Reply::LogStatus(status) => Ok(status.verifier),
            other => Err(Failure::unexpected(&other)),
        }
    }

    /// Gives the readers their keys, waits until they speak Secure Channel, and enrols everybody:
    /// the issuances, in the order of [`PEOPLE`].
    pub(super) fn enrol(&mut self, stage: &mut Stage) -> Result<Vec<IssuanceId>, Failure> {
        for reader in stage.readers() {
            let hex: String = reader.key.iter().map(|octet| format!("{octet:02x}")).collect();
            let key = ReaderKey::from_hex(&hex).ok_or_else(|| Failure::failed("no key"))?;
            let reader = reader.name.to_owned();
            self.do_it(Request::ReaderSetKey { reader, key })?;
        }
        self.wait_until_secure(stage.readers().len())?;
        let tenant = TENANT.to_owned();
        self.do_it(Request::TenantAdd { tenant: tenant.clone() })?;
        self.do_it(Request::TenantContact {
            tenant,
            name: Private::new(CONTACT),
            mobile: Private::new("+999 00 000 100"),
        })?;
        let now = self.now()?;
        let mut issuances = Vec::new();
        for (person, terms) in PEOPLE.iter().zip(TERMS) {
            issuances.push(self.issue(person, terms, now, stage)?);
        }
        Ok(issuances)
    }

    /// Denies a card from now on.
    pub(super) fn block(&mut self, issuance: IssuanceId) -> Result<(), Failure> {
        let reason = "reported lost".to_owned();
        self.do_it(Request::CardBlock { issuance, reason })
    }

    /// Takes a card back; its holder is forgotten.
    pub(super) fn take_back(&mut self, issuance: IssuanceId) -> Result<(), Failure> {
        let form_shredded = true;
        self.do_it(Request::CardReturn { issuance, form_shredded })
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
            doors: terms.doors.iter().map(|door| (*door).to_owned()).collect(),
            valid_from: None,
            valid_until: terms.valid_for_s.map(until),
            identified_by: Private::new("passport"),
            card: Some(terms.source(person)),
            return_duty_told: true,
        };
        self.client.send(Request::CardIssue(Box::new(request)), false)?;
        loop {
            match self.client.receive()? {
                Reply::Waiting { .. } => stage.present(person, ENROLMENT)?,
                Reply::Issued(issued) => {
                    return issued.issuance.ok_or_else(|| Failure::failed("nothing was issued"));
                }
                other => return Err(Failure::unexpected(&other)),
            }
        }
    }

    fn wait_until_secure(&mut self, count: usize) -> Result<(), Failure> {
        for _ in 0..PAUSES_MAX {
            if self.secure_readers()? == count {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
        Err(Failure::failed("the readers were not in Secure Channel within 10 s"))
    }

    fn secure_readers(&mut self) -> Result<usize, Failure> {
        self.client.send(Request::ReaderList {}, false)?;
        let mut secure = 0;
        loop {
            match self.client.receive()? {
                Reply::Part { row: Row::Reader(row) } => {
                    secure += usize::from(row.security == "secure");
                }
                Reply::End { .. } => return Ok(secure),
                other => return Err(Failure::unexpected(&other)),
            }
        }
    }

    fn now(&mut self) -> Result<Moment, Failure> {
        match self.client.ask(Request::Status {}, false)? {
            Reply::Status(status) => Ok(status.now),
            other => Err(Failure::unexpected(&other)),
        }
    }

    fn do_it(&mut self, request: Request) -> Result<(), Failure> {
        self.client.ask(request, false)?;
        Ok(())
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

/// In the order of [`PEOPLE`]; the sixth is the visitor whose time will be up.
const TERMS: &[Terms] = &[
    terms(CardKind::Employee, &["main", "office"], None),
    terms(CardKind::Supplier, &["main", "office"], Some(DAY_S)),
    terms(CardKind::Supplier, &["main", "yard"], Some(DAY_S)),
    terms(CardKind::Supplier, &["main"], Some(DAY_S)),
    terms(CardKind::NewHire, &["main", "archive"], Some(DAY_S)),
    terms(CardKind::Supplier, &["main"], Some(4)),
    terms(CardKind::Supplier, &["main", "office"], Some(DAY_S)),
    Terms {
        in_person: true,
        ..terms(CardKind::Supplier, &["main", "yard"], Some(DAY_S))
    },
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
const PAUSE: Duration = Duration::from_millis(50);
/// 10 s.
const PAUSES_MAX: u32 = 200;
