//! `portvakt card order`.

use clap::Args;
use control::{CardKind, Request};

use super::answer;
use super::form::{Form, Recipient};
use super::questions::Questions;
use super::registered::registered;
use crate::ask;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::plastic::Plastic;
use crate::text::Say;

/// Order an employee's card
///
/// It is registered without its plastic: when that comes it is marked with card arrived,
/// the holder is told (card notify), and at the desk it is activated (card activate).
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Order {
    /// What is registered.
    #[command(flatten)]
    recipient: Recipient,
}

impl Order {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut form = Form {
            kind: Some(CardKind::Employee),
            recipient: self.recipient,
            instead_of: None,
            plastic: Plastic::default(),
        };
        let missing = form.missing();
        if !missing.is_empty() && !ask::can_ask() {
            let options = missing.join(", ");
            return Err(Failure::usage(
                desk.lang.say(&Say::Missing { options: &options }),
            ));
        }
        let mut daemon = desk.connect()?;
        if !missing.is_empty() {
            Questions {
                desk,
                daemon: &mut daemon,
            }
            .complete_recipient(CardKind::Employee, &mut form.recipient)?;
        }
        let request = registered(form, desk, &daemon)?;
        answer::issue(desk, &mut daemon, Request::CardIssue(Box::new(request)))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card order --name 'Kari Nordmann' --firm Kommunen --mobile '+47 900 00 000' \\
    --contact 'Ola Hansen' --tenant Kommunen --door main --identified-by 'Ola Hansen'
  portvakt card order --replaces P-3F7K2Q";
