//! `portvakt schedule show`.

use clap::Args;
use control::request::schedule::ScheduleRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// One schedule, a window a line
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// Its name
    schedule: String,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let lang = desk.lang;
        let columns = [Label::Schedule, Label::Holds, Label::Zone, Label::Windows];
        let sheet = Sheet::new(lang, &columns);
        let request = ScheduleRequest::Show {
            schedule: self.schedule,
        };
        desk.list(Request::Schedule(request), sheet, &|_, row, sheet| {
            let Row::Schedule(schedule) = row else {
                return false;
            };
            for (at, window) in schedule.windows.iter().enumerate() {
                let once = |text: &str| {
                    if at == 0 {
                        text.to_owned()
                    } else {
                        String::new()
                    }
                };
                sheet.row([
                    once(&schedule.schedule),
                    once(lang.yes_or_no(schedule.holds)),
                    once(&schedule.zone),
                    window.clone(),
                ]);
            }
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt schedule show office-hours";
