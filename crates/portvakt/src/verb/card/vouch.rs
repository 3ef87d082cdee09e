//! `portvakt card vouch`.

use access::IssuanceId;
use clap::{ArgGroup, Args};
use control::request::life::LifeRequest;
use control::{Private, Request};

use super::answer;
use crate::desk::Desk;
use crate::failure::Failure;

/// Enter a superior's word for a holder somebody was unsure of
///
/// Such a card is issued with --uncertain; it can be activated only after this. Who vouched
/// is sealed with the holder, and forgotten with the holder.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("word").required(true))]
pub(crate) struct Vouch {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// The superior's name
    #[arg(long, value_name = "NAME")]
    superior: String,
    /// What the superior said
    #[arg(long, value_name = "WHAT", group = "word")]
    said: Option<String>,
    /// The superior confirmed who it is
    #[arg(long, group = "word")]
    confirmed: bool,
}

impl Vouch {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        debug_assert!(self.confirmed || self.said.is_some(), "clap wants one");
        let request = LifeRequest::Vouch {
            issuance: self.issuance,
            superior: Private::new(self.superior),
            said: self.said.map(Private::new),
        };
        answer::change(desk, Request::CardLife(request))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card vouch P-3F7K2Q --superior 'Siv Hansen' --confirmed
  portvakt card vouch P-3F7K2Q --superior 'Siv Hansen' --said 'begins on Monday'";
