//! `portvakt schedule list`.

use clap::Args;
use control::request::schedule::ScheduleRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::Label;

/// Every schedule
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let lang = desk.lang;
        let columns = [Label::Schedule, Label::Holds, Label::Zone, Label::Windows];
        let sheet = Sheet::new(lang, &columns);
        let request = Request::Schedule(ScheduleRequest::List {});
        desk.list(request, sheet, &|_, row, sheet| {
            let Row::Schedule(schedule) = row else {
                return false;
            };
            sheet.row([
                schedule.schedule.clone(),
                lang.yes_or_no(schedule.holds).to_owned(),
                schedule.zone.clone(),
                schedule.windows.join("; "),
            ]);
            true
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt schedule list
  portvakt --json schedule list";
