//! `portvakt card trace`.

use clap::Args;
use control::reply::stock::Traced;
use control::{Reply, Request};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::{Label, Lang, Phrase, Say};

/// What a card in the hand is: whose, under a pseudonym, and which of the house
///
/// Only who may issue cards may ask, and the asking is logged. It does not say where the
/// card was used.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Trace {
    /// The card itself.
    #[command(flatten)]
    plastic: Plastic,
}

impl Trace {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let card = self.plastic.wanted()?;
        let mut daemon = desk.connect()?;
        let reply = daemon.ask(Request::CardTrace { card })?;
        let Reply::Traced(traced) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(traced);
        }
        let fields = fields(traced, &daemon, desk.lang);
        if fields.is_empty() {
            desk.say(&Say::Fixed(Phrase::Empty));
        }
        for (label, value) in fields {
            desk.field(label, &value)?;
        }
        Ok(())
    }
}

/// Every field that is there, in reading order.
fn fields(traced: &Traced, daemon: &Daemon, lang: Lang) -> Vec<(Label, String)> {
    let stock = traced.stock.as_ref().and_then(|row| {
        let id = row.stock?;
        Some((Label::Stock, format!("{id}, {}", lang.stock(row.state))))
    });
    let card = traced.card.as_ref().map(|card| {
        [
            Some((Label::Issuance, card.issuance.to_string())),
            Some((Label::State, lang.state(card.state).to_owned())),
            Some((Label::Kind, lang.kind(card.kind).to_owned())),
            Some((Label::Tenant, card.tenant.clone())),
            card.valid_until
                .map(|until| (Label::Until, daemon.shown(until))),
            card.lost_since
                .map(|since| (Label::LostSince, daemon.shown(since))),
        ]
    });
    let card = card.into_iter().flatten().flatten();
    stock.into_iter().chain(card).collect()
}

const EXAMPLES: &str = "\
Examples:
  portvakt card trace --present main-in
  portvakt card trace --number 123:45678 --format H10301";
