//! `portvakt card show`.

use access::IssuanceId;
use clap::Args;
use control::reply::card::CardRow;
use control::{Private, Reply, Request};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutBackup, Label, Lang, Say};

/// One issuance with its holder; the reading is logged
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The issuance, P-…
    issuance: IssuanceId,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let reply = daemon.ask(Request::CardShow {
            issuance: self.issuance,
        })?;
        let Reply::Card(card) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(card);
        }
        for (label, value) in fields(card, &daemon, desk.lang) {
            desk.field(label, &value)?;
        }
        Ok(())
    }
}

/// Every field that is there, in reading order.
fn fields(card: &CardRow, daemon: &Daemon, lang: Lang) -> Vec<(Label, String)> {
    let private = |text: &Option<Private>| text.as_ref().map(|text| text.expose().to_owned());
    [
        (Label::Issuance, Some(card.issuance.to_string())),
        (Label::State, Some(lang.state(card.state).to_owned())),
        (Label::Kind, Some(lang.kind(card.kind).to_owned())),
        (
            Label::Name,
            private(&card.name)
                .or_else(|| Some(lang.say(&Say::AboutBackup(AboutBackup::HolderUnknown)))),
        ),
        (Label::Firm, private(&card.firm)),
        (Label::Mobile, private(&card.mobile)),
        (Label::Tenant, Some(card.tenant.clone())),
        (Label::Contact, private(&card.contact)),
        (Label::IdentifiedBy, private(&card.identified_by)),
        (
            Label::Signed,
            card.signed_at.map(|signed| daemon.shown(signed)),
        ),
        (Label::VouchedBy, private(&card.vouched_by)),
        (Label::Doors, Some(card.doors.join(", "))),
        (Label::From, Some(daemon.shown(card.valid_from))),
        (
            Label::Until,
            card.valid_until.map(|until| daemon.shown(until)),
        ),
        (Label::Stock, card.stock.map(|stock| stock.to_string())),
        (
            Label::LostSince,
            card.lost_since.map(|since| daemon.shown(since)),
        ),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect()
}

const EXAMPLES: &str = "\
Examples:
  portvakt card show P-3F7K2Q";
