//! `portvakt card issue`.

use clap::Args;
use control::request::card::CardIssue;
use control::{CardKind, Moment, Private, Request};

use super::answer;
use super::questions::Questions;
use crate::ask;
use crate::daemon::{Daemon, shown};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::{Label, Say};

/// Register a recipient; with a card at hand also activate it
///
/// What is missing is asked for on a terminal. Times are read in the site's zone:
/// 2026-11-23 16:00, 24.12.2026 15:00, today 16:00, +3d or RFC 3339. A forgotten card
/// ends with the working day unless told otherwise.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Issue {
    /// employee, forgotten, new-hire or supplier
    #[arg(long)]
    pub(super) kind: Option<CardKind>,
    /// The recipient's name
    #[arg(long)]
    pub(super) name: Option<String>,
    /// The recipient's firm
    #[arg(long)]
    pub(super) firm: Option<String>,
    /// The recipient's mobile
    #[arg(long)]
    pub(super) mobile: Option<String>,
    /// The tenant's contact person
    #[arg(long)]
    pub(super) contact: Option<String>,
    /// The tenant visited or worked for
    #[arg(long)]
    pub(super) tenant: Option<String>,
    /// A door; repeat it, or separate names with commas
    #[arg(long = "door", value_name = "DOOR", value_delimiter = ',')]
    pub(super) doors: Vec<String>,
    /// First instant the card opens [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) from: Option<String>,
    /// The instant it no longer opens
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) until: Option<String>,
    /// Who or what identified the recipient
    #[arg(long, value_name = "HOW")]
    pub(super) identified_by: Option<String>,
    /// The holder was told to return the card
    #[arg(long)]
    return_duty_told: bool,
    /// The card itself.
    #[command(flatten)]
    pub(super) plastic: Plastic,
}

impl Issue {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(mut self, desk: &mut Desk) -> Result<(), Failure> {
        let missing = self.missing();
        if !missing.is_empty() && !ask::can_ask() {
            let options = missing.join(", ");
            return Err(Failure::usage(
                desk.lang.say(&Say::Missing { options: &options }),
            ));
        }
        // A wrong number or a duty not told is found before anybody is asked anything.
        let given = self.plastic.source()?;
        let told = answer::return_duty(desk, self.return_duty_told, given.as_ref())?;
        let mut daemon = desk.connect()?;
        if !missing.is_empty() {
            Questions {
                desk,
                daemon: &mut daemon,
            }
            .complete(&mut self)?;
        }
        let card = self.plastic.source()?;
        let return_duty_told = answer::return_duty(desk, told, card.as_ref())?;
        let request = CardIssue {
            card,
            return_duty_told,
            ..self.registered(desk, &daemon)?
        };
        answer::issue(desk, &mut daemon, Request::CardIssue(Box::new(request)))
    }

    /// Options that must still be given.
    fn missing(&self) -> Vec<&'static str> {
        let needs_end = self
            .kind
            .is_some_and(|kind| kind.must_end() && kind != CardKind::Forgotten);
        [
            ("--kind", self.kind.is_none()),
            ("--name", self.name.is_none()),
            ("--firm", self.firm.is_none()),
            ("--mobile", self.mobile.is_none()),
            ("--contact", self.contact.is_none()),
            ("--tenant", self.tenant.is_none()),
            ("--door", self.doors.is_empty()),
            ("--until", self.until.is_none() && needs_end),
            ("--identified-by", self.identified_by.is_none()),
        ]
        .into_iter()
        .filter_map(|(option, missing)| missing.then_some(option))
        .collect()
    }

    /// What is registered, times understood and said.
    fn registered(self, desk: &Desk, daemon: &Daemon) -> Result<CardIssue, Failure> {
        let kind = self.kind.ok_or_else(|| Failure::usage("no kind"))?;
        let private = |text: Option<String>| Private::new(text.unwrap_or_default());
        let valid_from = self
            .from
            .as_deref()
            .map(|text| instant(desk, daemon, Label::From, text));
        let valid_until = match self.until.as_deref() {
            Some(text) => Some(end(desk, daemon, text)?),
            None if kind == CardKind::Forgotten => Some(end(desk, daemon, "today")?),
            None => None,
        };
        Ok(CardIssue {
            kind,
            name: private(self.name),
            firm: private(self.firm),
            mobile: private(self.mobile),
            contact: private(self.contact),
            tenant: self.tenant.unwrap_or_default(),
            doors: self.doors,
            valid_from: valid_from.transpose()?,
            valid_until,
            identified_by: private(self.identified_by),
            card: None,
            return_duty_told: false,
        })
    }
}

/// Reads a time and says how it was understood.
fn instant(desk: &Desk, daemon: &Daemon, what: Label, text: &str) -> Result<Moment, Failure> {
    let zoned = daemon.read_time(text)?;
    let instant = shown(&zoned, desk.lang);
    desk.say(&Say::Understood {
        what,
        instant: &instant,
    });
    Ok(zoned.timestamp().into())
}

/// An end, which lies ahead.
fn end(desk: &Desk, daemon: &Daemon, text: &str) -> Result<Moment, Failure> {
    let end = instant(desk, daemon, Label::Until, text)?;
    if end <= daemon.hello.now {
        return Err(Failure::usage(format!(
            "the end {} has already passed",
            daemon.shown(end)
        )));
    }
    Ok(end)
}

const EXAMPLES: &str = "\
Examples:
  portvakt card issue --kind supplier --name 'Kari Nordmann' --firm 'Rør AS' \\
    --mobile '+47 900 00 000' --contact 'Ola Hansen' --tenant Kommunen --door main \\
    --until 'today 16:00' --identified-by passport --present main-in --return-duty-told
  portvakt card issue --kind forgotten";
