//! The questions a receptionist answers when `card issue` stands alone on a terminal.

use access::IssuanceId;
use control::request::reader::ReaderRequest;
use control::{CardKind, Request, Row};

use super::form::{Form, Recipient};
use crate::ask::ask;
use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::{Label, Say};

/// Asks for what is missing, with what the daemon knows as hints.
pub(super) struct Questions<'a> {
    /// Where the person sits.
    pub(super) desk: &'a Desk,
    /// Knows doors, tenants and readers.
    pub(super) daemon: &'a mut Daemon,
}

impl Questions<'_> {
    /// Fills what `form` leaves open.
    ///
    /// # Errors
    /// [`Failure`] if the terminal or the daemon is gone.
    pub(super) fn complete(&mut self, form: &mut Form) -> Result<(), Failure> {
        let kind = self.kind(form.kind)?;
        form.kind = Some(kind);
        if form.instead_of.is_none() && kind == CardKind::Forgotten {
            form.instead_of = self.instead_of()?;
        }
        self.complete_recipient(&mut form.recipient)?;
        if form.recipient.until.is_none() && kind.must_end() {
            form.recipient.until = Some(self.until()?);
        }
        // Who somebody is not sure of gets no card yet.
        if form.plastic.source()?.is_none() && !form.recipient.uncertain {
            form.plastic = self.plastic()?;
        }
        Ok(())
    }

    /// Fills what the recipient's part leaves open.
    ///
    /// # Errors
    /// As [`Questions::complete`].
    pub(super) fn complete_recipient(&mut self, of: &mut Recipient) -> Result<(), Failure> {
        self.fill(&mut of.name, Label::Name)?;
        self.fill(&mut of.firm, Label::Firm)?;
        self.fill(&mut of.mobile, Label::Mobile)?;
        if of.tenant.is_none() {
            let tenants = self.names(Request::TenantList {});
            of.tenant = Some(self.desk.ask_field(Label::Tenant, &tenants)?);
        }
        self.fill(&mut of.contact, Label::Contact)?;
        if of.doors.is_empty() && of.rights.is_empty() {
            of.doors = self.doors()?;
        }
        self.fill(&mut of.identified_by, Label::IdentifiedBy)
    }

    fn fill(&self, field: &mut Option<String>, label: Label) -> Result<(), Failure> {
        if field.is_none() {
            *field = Some(self.desk.ask_field(label, "")?);
        }
        Ok(())
    }

    fn kind(&self, given: Option<CardKind>) -> Result<CardKind, Failure> {
        if let Some(kind) = given {
            return Ok(kind);
        }
        let lang = self.desk.lang;
        let kinds = CardKind::ALL.map(|kind| lang.kind(kind)).join(", ");
        loop {
            let answer = self.desk.ask_field(Label::Kind, &kinds)?.to_lowercase();
            let meant = |kind: &CardKind| answer == kind.as_str() || answer == lang.kind(*kind);
            if let Some(kind) = CardKind::ALL.into_iter().find(meant) {
                return Ok(kind);
            }
        }
    }

    fn doors(&mut self) -> Result<Vec<String>, Failure> {
        let known = self.names(Request::DoorList {});
        let answer = self.desk.ask_field(Label::Doors, &known)?;
        Ok(answer
            .split([',', ' '])
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// Asked again until it is a pseudonym; it may be left out, and then the doors do not tell when both cards are used.
    fn instead_of(&self) -> Result<Option<IssuanceId>, Failure> {
        loop {
            let answer = ask(&self.desk.lang.say(&Say::AskInsteadOf))?;
            if answer.is_empty() {
                return Ok(None);
            }
            match answer.parse() {
                Ok(issuance) => return Ok(Some(issuance)),
                Err(error) => eprintln!("{error}"),
            }
        }
    }

    /// Asked again until it is understood; the end of the working day is the usual one.
    fn until(&self) -> Result<String, Failure> {
        let lang = self.desk.lang;
        let ends = self.daemon.hello.working_day_ends.as_str();
        let hint = lang.say(&Say::HintEnd { ends });
        let question = format!("{} ({hint}): ", lang.label(Label::Until));
        loop {
            let answer = Some(ask(&question)?).filter(|answer| !answer.is_empty());
            let answer = answer.unwrap_or_else(|| "today".to_owned());
            match self.daemon.calendar().read(&answer) {
                Ok(_) => return Ok(answer),
                Err(error) => eprintln!("{}", lang.time_error(&error)),
            }
        }
    }

    /// The reader to present at; none means that the card is bound later.
    fn plastic(&mut self) -> Result<Plastic, Failure> {
        let readers = self.names(Request::Reader(ReaderRequest::List {}));
        let reader = ask(&self.desk.lang.say(&Say::AskReader { readers: &readers }))?;
        if reader.is_empty() {
            return Ok(Plastic::default());
        }
        Ok(Plastic::presented_at(reader))
    }

    /// A hint may be missing: the role may not read it, and the daemon says so later.
    fn names(&mut self, request: Request) -> String {
        let mut names = Vec::new();
        let listed = self.daemon.rows(request, &mut |_, row| {
            names.extend(name(row));
            Ok(())
        });
        if listed.is_err() {
            return String::new();
        }
        names.truncate(NAMES_HINTED_MAX);
        names.join(", ")
    }
}

/// What a row offers as an answer.
fn name(row: Row) -> Option<String> {
    match row {
        Row::Tenant(tenant) => Some(tenant.tenant),
        Row::Door(door) => Some(door.door),
        Row::Reader(reader) => reader.enrol.then_some(reader.reader),
        Row::Card(_) | Row::Charge(_) | Row::Line(_) | Row::Found(_) => None,
        Row::Retention(_) | Row::Event(_) | Row::Witness(_) | Row::Operator(_) => None,
        Row::Area(_) | Row::Inside(_) | Row::Leaving(_) => None,
        Row::Approval(_) | Row::Leaver(_) | Row::Right(_) | Row::Schedule(_) | Row::Holiday(_) => {
            None
        }
    }
}

/// Names shown as a hint.
const NAMES_HINTED_MAX: usize = 12;
