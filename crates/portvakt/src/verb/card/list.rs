//! `portvakt card list`.

use clap::Args;
use control::reply::card::CardRow;
use control::request::card::{CardList, Due};
use control::{CardKind, CardState, Moment, Private, Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// Issuances, pseudonymous
///
/// With --find also names; that reading is logged.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// Only holders whose name contains this
    #[arg(long, value_name = "NAME", conflicts_with_all = ["state", "kind", "tenant", "door", "limit"])]
    find: Option<String>,
    /// Only in this state
    #[arg(long)]
    state: Option<CardState>,
    /// Only of this kind
    #[arg(long)]
    kind: Option<CardKind>,
    /// Only of this tenant
    #[arg(long)]
    tenant: Option<String>,
    /// Only with a right at this door
    #[arg(long)]
    door: Option<String>,
    /// Only cards in somebody's hand that are due back on that day: today, tomorrow or a date
    #[arg(long, value_name = "DAY", num_args = 0..=1, default_missing_value = "today", conflicts_with = "find")]
    due: Option<String>,
    /// Only cards that ended and were not returned
    #[arg(long, conflicts_with_all = ["find", "due"])]
    overdue: bool,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let with_names = self.find.is_some();
        let due = due(desk, self.due.as_deref(), self.overdue)?;
        let request = match self.find {
            Some(name) => Request::CardFind {
                name: Private::new(name),
            },
            None => Request::CardList(CardList {
                state: self.state,
                kind: self.kind,
                tenant: self.tenant,
                door: self.door,
                limit: self.limit,
                due,
            }),
        };
        let headings: &[Label] = if with_names { &NAMED } else { &PSEUDONYMOUS };
        let lang = desk.lang;
        let sheet = Sheet::new(lang, headings);
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Card(card) = row else { return false };
            let last = if with_names {
                holder(card)
            } else {
                [card.tenant.clone(), card.doors.join(", ")]
            };
            sheet.row(cells(card, daemon, lang, last));
            true
        })
    }
}

/// When the cards that are wanted are due back; a day is one in the house's zone.
fn due(desk: &Desk, day: Option<&str>, overdue: bool) -> Result<Option<Due>, Failure> {
    if overdue {
        return Ok(Some(Due::Overdue {}));
    }
    let Some(day) = day else { return Ok(None) };
    let daemon = desk.connect()?;
    let day = daemon.calendar().day(day);
    let day = day.map_err(|error| Failure::usage(desk.lang.time_error(&error)))?;
    let [from, until] = day.map(|zoned| Moment::from(zoned.timestamp()));
    Ok(Some(Due::Between { from, until }))
}

fn cells(card: &CardRow, daemon: &Daemon, lang: Lang, last: [String; 2]) -> [String; 6] {
    let [fifth, sixth] = last;
    [
        card.issuance.to_string(),
        lang.state(card.state).to_owned(),
        lang.kind(card.kind).to_owned(),
        daemon.in_table(card.valid_until),
        fifth,
        sixth,
    ]
}

fn holder(card: &CardRow) -> [String; 2] {
    [&card.name, &card.firm].map(|text| {
        text.as_ref()
            .map_or_else(String::new, |text| text.expose().to_owned())
    })
}

const PSEUDONYMOUS: [Label; 6] = [
    Label::Issuance,
    Label::State,
    Label::Kind,
    Label::Until,
    Label::Tenant,
    Label::Doors,
];
const NAMED: [Label; 6] = [
    Label::Issuance,
    Label::State,
    Label::Kind,
    Label::Until,
    Label::Name,
    Label::Firm,
];

const EXAMPLES: &str = "\
Examples:
  portvakt card list --state active
  portvakt card list --due today
  portvakt card list --overdue
  portvakt card list --find Nordmann
  portvakt --json card list --door main";
