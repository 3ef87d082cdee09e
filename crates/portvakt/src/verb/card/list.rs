//! `portvakt card list`.

use clap::Args;
use control::reply::card::CardRow;
use control::request::card::CardList;
use control::{CardKind, CardState, Private, Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

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
            }),
        };
        let headings: &[Label] = if with_names { &NAMED } else { &PSEUDONYMOUS };
        let sheet = Sheet::new(desk.lang, headings);
        desk.list(request, sheet, &|daemon, row, sheet| {
            let Row::Card(card) = row else { return false };
            if with_names {
                sheet.row(named(card, daemon));
            } else {
                sheet.row(pseudonymous(card, daemon));
            }
            true
        })
    }
}

fn pseudonymous(card: &CardRow, daemon: &Daemon) -> [String; 6] {
    [
        card.issuance.to_string(),
        card.state.to_string(),
        card.kind.to_string(),
        daemon.in_table(card.valid_until),
        card.tenant.clone(),
        card.doors.join(", "),
    ]
}

fn named(card: &CardRow, daemon: &Daemon) -> [String; 6] {
    let private = |text: &Option<Private>| {
        text.as_ref()
            .map_or_else(String::new, |text| text.expose().to_owned())
    };
    [
        card.issuance.to_string(),
        card.state.to_string(),
        card.kind.to_string(),
        daemon.in_table(card.valid_until),
        private(&card.name),
        private(&card.firm),
    ]
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
  portvakt card list --find Nordmann
  portvakt --json card list --door main";
