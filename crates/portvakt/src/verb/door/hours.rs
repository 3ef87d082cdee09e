//! `portvakt door hours`.

use clap::Args;
use control::Request;
use control::request::house::{DoorHours, HouseRequest};

use super::places::Doors;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Phrase, Say};

/// Set which mode doors have at which hours, in place of what was set before
///
/// The first schedule that holds counts; outside all of them the doors do what their
/// configuration says. With ,first-card the mode begins only once somebody of the house
/// was let in within these hours.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Hours {
    #[command(flatten)]
    doors: Doors,
    /// SCHEDULE=MODE or SCHEDULE=MODE,first-card; may be given several times
    #[arg(long = "at", value_name = "HOURS", value_parser = read, required_unless_present = "none")]
    at: Vec<DoorHours>,
    /// No hours at all
    #[arg(long, conflicts_with = "at")]
    none: bool,
}

impl Hours {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::House(HouseRequest::SetHours {
            doors: self.doors.places(),
            hours: self.at,
        });
        desk.change(request, &Say::Fixed(Phrase::Done))
    }
}

fn read(text: &str) -> Result<DoorHours, String> {
    let (schedule, rest) = text
        .split_once('=')
        .ok_or("write SCHEDULE=MODE, as in office=unlocked")?;
    let (mode, after_first_card) = match rest.split_once(',') {
        None => (rest, false),
        Some((mode, "first-card")) => (mode, true),
        Some((_, other)) => return Err(format!("\"{other}\" is unknown; write first-card")),
    };
    Ok(DoorHours {
        schedule: schedule.to_owned(),
        mode: mode.to_owned(),
        after_first_card,
    })
}

const EXAMPLES: &str = "\
Examples:
  portvakt door hours main --at office=unlocked,first-card --at night=card+pin
  portvakt door hours --group basement --none
  portvakt --json door list";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_they_are_written() {
        let read = |text| super::read(text).unwrap();
        assert_eq!(
            read("office=unlocked,first-card"),
            DoorHours {
                schedule: "office".to_owned(),
                mode: "unlocked".to_owned(),
                after_first_card: true
            }
        );
        assert!(!read("night=card+pin").after_first_card);
        assert!(super::read("office").is_err() && super::read("office=card,later").is_err());
    }
}
