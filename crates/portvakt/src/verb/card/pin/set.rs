//! `portvakt card pin set`.

use access::IssuanceId;
use clap::Args;
use control::request::pin::PinRequest;
use control::{Private, Reply, Request};
use zeroize::Zeroizing;

use crate::ask;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutPin, Say};

/// Give an issuance a PIN, in place of the one it has
///
/// Four to eight digits, typed twice by whoever is to know them; they are not shown.
/// Those that anybody would try first are refused. The answer tells the number that is
/// typed before the PIN at a door that asks for no card.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Also ask for a duress PIN, which opens as well and raises a silent alarm
    #[arg(long)]
    duress: bool,
    /// The file with the PIN in its first line, and a duress PIN in its second if there is
    /// to be one; or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "duress")]
    pin_file: Option<String>,
}

impl Set {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let (pin, duress) = match &self.pin_file {
            Some(file) => of_file(file)?,
            None => self.typed(desk)?,
        };
        let request = PinRequest::Set {
            issuance: self.issuance,
            pin,
            duress,
        };
        let reply = desk.connect()?.ask(Request::CardPin(request))?;
        let Reply::PinSet(set) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            desk.out.json(set)?;
        } else if let Some(number) = &set.number {
            let issuance = &set.issuance.to_string();
            let say = Say::AboutPin(AboutPin::Set { issuance, number });
            desk.out.line(&desk.lang.say(&say))?;
        }
        desk.say_if_dry();
        Ok(())
    }

    fn typed(&self, desk: &Desk) -> Result<(Private, Option<Private>), Failure> {
        if !ask::can_ask() {
            let say = Say::AboutPin(AboutPin::NoTerminal);
            return Err(Failure::usage(desk.lang.say(&say)));
        }
        let pin = twice(desk, AboutPin::Ask)?;
        let duress = self.duress.then(|| twice(desk, AboutPin::AskDuress));
        Ok((pin, duress.transpose()?))
    }
}

/// What was typed twice and is the same.
fn twice(desk: &Desk, question: AboutPin<'_>) -> Result<Private, Failure> {
    let ask = |what| ask::ask_hidden(&desk.lang.say(&Say::AboutPin(what)));
    let (first, again) = (ask(question)?, ask(AboutPin::AskAgain)?);
    if *first == *again {
        Ok(Private::new(first.as_str()))
    } else {
        let say = Say::AboutPin(AboutPin::Differs);
        Err(Failure::usage(desk.lang.say(&say)))
    }
}

fn of_file(file: &str) -> Result<(Private, Option<Private>), Failure> {
    let text: Zeroizing<String> = ask::read_secret(file)?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next(), lines.next()) {
        (Some(pin), duress, None) => Ok((Private::new(pin), duress.map(Private::new))),
        (_, _, _) => Err(Failure::usage(
            "a PIN file has the PIN in one line, and a duress PIN in another if there is one",
        )),
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt card pin set P-3F7K2Q
  portvakt card pin set P-3F7K2Q --duress
  portvakt card pin set P-3F7K2Q --pin-file -";
