//! The form of M7: what is written down of a recipient, as far as it was given.

use access::IssuanceId;
use clap::Args;
use control::CardKind;
use control::request::right::WantedRight;

use crate::plastic::Plastic;
use crate::wanted::wanted;

/// What is registered of a recipient; what the command line left out is asked for.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// employee, forgotten, new-hire or supplier
    #[arg(long)]
    pub(super) kind: Option<CardKind>,
    /// Who, for whom, where to and until when.
    #[command(flatten)]
    pub(super) recipient: Recipient,
    /// The employee's card that was left at home; with --kind forgotten
    #[arg(long, value_name = "ISSUANCE")]
    pub(super) instead_of: Option<IssuanceId>,
    /// The card itself.
    #[command(flatten)]
    pub(super) plastic: Plastic,
}

/// Who is to hold a card of whatever kind, and what for.
#[derive(Debug, Args)]
pub(super) struct Recipient {
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
    /// A door or a group of doors, behind an @ a schedule; repeat it, or separate them with commas
    #[arg(long = "right", value_name = "PLACE[@SCHEDULE]", value_delimiter = ',', value_parser = wanted)]
    pub(super) rights: Vec<WantedRight>,
    /// First instant the card opens [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) from: Option<String>,
    /// The instant it no longer opens
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) until: Option<String>,
    /// Who or what identified the recipient
    #[arg(long, value_name = "HOW")]
    pub(super) identified_by: Option<String>,
    /// When the recipient signed for it [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) signed: Option<String>,
    /// You are not sure of the person: no card is made live before a superior vouches (card vouch)
    #[arg(long)]
    pub(super) uncertain: bool,
    /// The new hire's card that this employee card takes the place of once it is live
    #[arg(long, value_name = "ISSUANCE")]
    pub(super) replaces: Option<IssuanceId>,
}

impl Form {
    /// Options that must still be given.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let needs_end = self
            .kind
            .is_some_and(|kind| kind.must_end() && kind != CardKind::Forgotten);
        let kind = self.kind.is_none().then_some("--kind");
        let others = self.recipient.missing(needs_end);
        kind.into_iter().chain(others).collect()
    }
}

impl Recipient {
    /// Options that must still be given, with or without an end.
    pub(super) fn missing(&self, needs_end: bool) -> Vec<&'static str> {
        [
            ("--name", self.name.is_none()),
            ("--firm", self.firm.is_none()),
            ("--mobile", self.mobile.is_none()),
            ("--contact", self.contact.is_none()),
            ("--tenant", self.tenant.is_none()),
            ("--door", self.doors.is_empty() && self.rights.is_empty()),
            ("--until", self.until.is_none() && needs_end),
            ("--identified-by", self.identified_by.is_none()),
        ]
        .into_iter()
        .filter_map(|(option, missing)| missing.then_some(option))
        .collect()
    }
}
