//! `portvakt door mode`.

use clap::Args;
use control::request::house::HouseRequest;
use control::{Moment, Request};

use super::places::Doors;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Have doors let people in another way, until a time or until it is taken back
///
/// An order beats every schedule; a lockdown beats an order.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mode {
    /// locked, card, card+pin, card-or-pin, unlocked; usual takes an order back
    mode: String,
    #[command(flatten)]
    doors: Doors,
    /// Until just before when
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Mode {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let doors = self.doors.places();
        if self.mode == USUAL {
            if self.until.is_some() {
                return Err(Failure::usage("usual has no end; leave --until out"));
            }
            let request = Request::House(HouseRequest::EndMode { doors });
            return desk.change(request, &Say::Fixed(Phrase::Done));
        }
        let until = self
            .until
            .map(|text| desk.connect()?.read_time(&text))
            .transpose()?;
        if self.mode == OPEN && until.is_none() && !desk.global.dry_run {
            desk.confirm(&Say::Fixed(Phrase::AskUnlockedForGood))?;
        }
        let request = Request::House(HouseRequest::OrderMode {
            doors,
            mode: self.mode,
            until: until.map(|zoned| Moment::from(zoned.timestamp())),
        });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

/// What the doors do without an order.
const USUAL: &str = "usual";
/// A mode that is easily forgotten.
const OPEN: &str = "unlocked";

const EXAMPLES: &str = "\
Examples:
  portvakt door mode unlocked main --until 'today 18:00'
  portvakt door mode locked --group basement
  portvakt door mode usual main";
