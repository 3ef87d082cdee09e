//! The questions a receptionist answers when `card issue` stands alone on a terminal.

use access::IssuanceId;
use control::reply::tenant::TenantRow;
use control::request::reader::ReaderRequest;
use control::{CardKind, Request, Row};

use super::choice::Choice;
use super::form::{Form, Recipient};
use crate::ask::ask;
use crate::daemon::{Daemon, shown};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::{AboutLife, Label, Say};
use crate::until::UntilError;

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
            form.instead_of = self.issuance(&Say::AskInsteadOf)?;
        }
        self.complete_recipient(kind, &mut form.recipient)?;
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
    pub(super) fn complete_recipient(
        &mut self,
        kind: CardKind,
        of: &mut Recipient,
    ) -> Result<(), Failure> {
        self.fill(&mut of.name, Label::Name)?;
        self.fill(&mut of.firm, Label::Firm)?;
        self.fill(&mut of.mobile, Label::Mobile)?;
        self.house(of)?;
        if of.doors.is_empty() && of.rights.is_empty() {
            let known = self.names(Request::DoorList {});
            of.doors = choice(Label::Doors, &known).several(self.desk)?;
        }
        if of.replaces.is_none() && kind == CardKind::Employee {
            of.replaces = self.issuance(&Say::AboutLife(AboutLife::AskReplaces))?;
        }
        // Whoever said on the command line how the person was identified is sure.
        if of.identified_by.is_none() {
            self.fill(&mut of.identified_by, Label::IdentifiedBy)?;
            of.uncertain =
                of.uncertain || self.desk.ask_yes(&Say::AboutLife(AboutLife::AskUnsure))?;
        }
        Ok(())
    }

    fn fill(&self, field: &mut Option<String>, label: Label) -> Result<(), Failure> {
        if field.is_none() {
            *field = Some(self.desk.ask_field(label, "")?);
        }
        Ok(())
    }

    /// Whom they visit or work for, and who answers for them there.
    fn house(&mut self, of: &mut Recipient) -> Result<(), Failure> {
        if of.tenant.is_some() && of.contact.is_some() {
            return Ok(());
        }
        let tenants = self.tenants();
        let tenant = match of.tenant.take() {
            Some(given) => given,
            None => {
                let known: Vec<String> = tenants.iter().map(|row| row.tenant.clone()).collect();
                choice(Label::Tenant, &known).one(self.desk)?
            }
        };
        if of.contact.is_none() {
            let row = tenants.iter().find(|row| row.tenant == tenant);
            let contacts = row.map_or(&[][..], |row| &row.contacts);
            let known = contacts.iter().map(|it| it.name.expose().to_owned());
            let known: Vec<String> = known.collect();
            of.contact = Some(choice(Label::Contact, &known).one(self.desk)?);
        }
        of.tenant = Some(tenant);
        Ok(())
    }

    /// A visitor's most often: a supplier.
    fn kind(&self, given: Option<CardKind>) -> Result<CardKind, Failure> {
        if let Some(kind) = given {
            return Ok(kind);
        }
        let lang = self.desk.lang;
        let known = CardKind::ALL.map(|kind| lang.kind(kind).to_owned());
        let chosen = Choice {
            label: Label::Kind,
            known: &known,
            usual: Some(lang.kind(CardKind::Supplier)),
        };
        let chosen = chosen.one(self.desk)?;
        let meant = |kind: &CardKind| lang.kind(*kind) == chosen;
        Ok(CardKind::ALL
            .into_iter()
            .find(meant)
            .unwrap_or(CardKind::Supplier))
    }

    /// Another card that this one stands in for or takes the place of: asked again until it is a pseudonym, or left out.
    fn issuance(&self, question: &Say<'_>) -> Result<Option<IssuanceId>, Failure> {
        loop {
            let answer = ask(&self.desk.lang.say(question))?;
            if answer.is_empty() {
                return Ok(None);
            }
            match answer.parse() {
                Ok(issuance) => return Ok(Some(issuance)),
                Err(error) => eprintln!("{}", self.desk.lang.told(&error.to_string())),
            }
        }
    }

    /// Asked again until it is understood and lies ahead; the end of the working day is the usual one, the next day's once
    /// this one's is over.
    fn until(&self) -> Result<String, Failure> {
        let (lang, daemon) = (self.desk.lang, &self.daemon);
        let ends = daemon.hello.working_day_ends.as_str();
        let lies_ahead = |text: &str| {
            let end = daemon.calendar().read(text)?;
            Ok::<_, UntilError>((end.timestamp() > daemon.hello.now.timestamp(), end))
        };
        let is_today = lies_ahead("today").is_ok_and(|(ahead, _)| ahead);
        let hint = lang.say(&Say::HintEnd { ends, is_today });
        let question = format!("{} ({hint}): ", lang.label(Label::Until));
        loop {
            let typed = ask(&question)?;
            let answer = match (typed.is_empty(), is_today) {
                (false, _) => typed,
                (true, true) => "today".to_owned(),
                (true, false) => format!("tomorrow {ends}"),
            };
            match lies_ahead(&answer) {
                Ok((true, _)) => return Ok(answer),
                Ok((false, end)) => {
                    let instant = &shown(&end, lang);
                    self.desk.say(&Say::EndPassed { instant });
                }
                Err(error) => eprintln!("{}", lang.time_error(&error)),
            }
        }
    }

    /// The reader to present at; none means that the card is bound later. Asked again until there is such a reader.
    fn plastic(&mut self) -> Result<Plastic, Failure> {
        let known = self.names(Request::Reader(ReaderRequest::List {}));
        let readers = known.join(", ");
        loop {
            let reader = ask(&self.desk.lang.say(&Say::AskReader { readers: &readers }))?;
            if reader.is_empty() {
                return Ok(Plastic::default());
            }
            if known.is_empty() || known.contains(&reader) {
                return Ok(Plastic::presented_at(reader));
            }
            let known = &readers;
            self.desk.say(&Say::AboutLife(AboutLife::OneOf { known }));
        }
    }

    /// They may be missing: the role may not read them, and the daemon says so later.
    fn tenants(&mut self) -> Vec<TenantRow> {
        let mut tenants = Vec::new();
        let listed = self.daemon.rows(Request::TenantList {}, &mut |_, row| {
            if let Row::Tenant(tenant) = row {
                tenants.push(tenant);
            }
            Ok(())
        });
        listed.map_or_else(|_| Vec::new(), |_| tenants)
    }

    /// The names of doors or of readers where cards are enrolled; they may be missing, too.
    fn names(&mut self, request: Request) -> Vec<String> {
        let mut names = Vec::new();
        let listed = self.daemon.rows(request, &mut |_, row| {
            if let Row::Door(door) = row {
                names.push(door.door);
            } else if let Row::Reader(reader) = row
                && reader.enrol
            {
                names.push(reader.reader);
            }
            Ok(())
        });
        listed.map_or_else(|_| Vec::new(), |_| names)
    }
}

/// A choice in which Enter takes the only name there is.
fn choice(label: Label, known: &[String]) -> Choice<'_> {
    let usual = known.first().filter(|_| known.len() == 1);
    Choice {
        label,
        known,
        usual: usual.map(String::as_str),
    }
}
