//! `portvakt card issue`.

use clap::Args;
use control::Request;
use control::request::card::CardIssue;

use super::answer;
use super::form::Form;
use super::questions::Questions;
use super::registered::registered;
use crate::ask;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Say;

/// Register a recipient; with a card at hand also activate it
///
/// What is missing is asked for on a terminal. Times are read in the site's zone:
/// 2026-11-23 16:00, 24.12.2026 15:00, today 16:00, +3d or RFC 3339. A forgotten card
/// ends with the working day unless told otherwise.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Issue {
    /// What is registered.
    #[command(flatten)]
    form: Form,
    /// The holder was told to return the card
    #[arg(long)]
    return_duty_told: bool,
}

impl Issue {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(mut self, desk: &mut Desk) -> Result<(), Failure> {
        let missing = self.form.missing();
        if !missing.is_empty() && !ask::can_ask() {
            let options = missing.join(", ");
            return Err(Failure::usage(
                desk.lang.say(&Say::Missing { options: &options }),
            ));
        }
        // A wrong number or a duty not told is found before anybody is asked anything.
        let given = self.form.plastic.source()?;
        let told = answer::return_duty(desk, self.return_duty_told, given.as_ref())?;
        let mut daemon = desk.connect()?;
        if !missing.is_empty() {
            Questions {
                desk,
                daemon: &mut daemon,
            }
            .complete(&mut self.form)?;
        }
        let card = self.form.plastic.source()?;
        let return_duty_told = answer::return_duty(desk, told, card.as_ref())?;
        let request = CardIssue {
            card,
            return_duty_told,
            ..registered(self.form, desk, &daemon)?
        };
        answer::issue(desk, &mut daemon, Request::CardIssue(Box::new(request)))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card issue --kind supplier --name 'Kari Nordmann' --firm 'Rør AS' \\
    --mobile '+47 900 00 000' --contact 'Ola Hansen' --tenant Kommunen --door main \\
    --until 'today 16:00' --identified-by passport --present main-in --return-duty-told
  portvakt card issue --kind employee --right main --right cellar@office-hours
  portvakt card issue --kind employee --replaces P-3F7K2Q
  portvakt card issue --kind forgotten --instead-of P-3F7K2Q";
