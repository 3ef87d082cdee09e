//! `portvakt approval show`.

use clap::Args;
use control::request::approval::ApprovalRequest;
use control::{Private, Reply, Request, Row, Waiting};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Everything that was asked, names included; the reading is logged
///
/// For who asked, and for those who may approve it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// What waits: A-… for a change, B-… for the cards of an import, P-… for one card
    #[arg(value_name = "WHAT")]
    approval: Waiting,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let approval = self.approval;
        if matches!(approval, Waiting::Batch(_) | Waiting::Card(_)) {
            return holders(desk, approval);
        }
        let mut daemon = desk.connect()?;
        let reply = daemon.ask(Request::Approval(ApprovalRequest::Show { approval }))?;
        let Reply::Approval(view) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(view);
        }
        let row = &view.row;
        desk.field(Label::Approval, &row.approval.to_string())?;
        desk.field(Label::AskedBy, &row.asked_by)?;
        desk.field(Label::Since, &daemon.shown(row.since))?;
        if let Some(until) = row.until {
            desk.field(Label::Until, &daemon.shown(until))?;
        }
        desk.field(Label::Approvers, &row.approvers.join(", "))?;
        if let Some(doubt) = &view.doubt {
            desk.field(Label::Doubt, doubt.expose())?;
        }
        let asked = view.asked.iter();
        let lang = desk.lang;
        let asked = asked.map(|field| (lang.word(&field.field), field.value.expose()));
        desk.fields(asked)
    }
}

/// Whose cards wait.
fn holders(desk: &mut Desk, approval: Waiting) -> Result<(), Failure> {
    let lang = desk.lang;
    let sheet = Sheet::new(lang, &HOLDERS);
    let request = Request::Approval(ApprovalRequest::Show { approval });
    desk.list(request, sheet, &|daemon, row, sheet| {
        let Row::Card(card) = row else { return false };
        let shown = |text: &Option<Private>| {
            let text = text.as_ref().map(|text| text.expose().to_owned());
            text.unwrap_or_default()
        };
        sheet.row([
            card.issuance.to_string(),
            lang.state(card.state).to_owned(),
            shown(&card.name),
            shown(&card.firm),
            card.doors.join(", "),
            daemon.in_table(card.valid_until),
        ]);
        true
    })
}

const HOLDERS: [Label; 6] = [
    Label::Issuance,
    Label::State,
    Label::Name,
    Label::Firm,
    Label::Doors,
    Label::Until,
];

const EXAMPLES: &str = "\
Examples:
  portvakt approval show A-12
  portvakt approval show B-3";
