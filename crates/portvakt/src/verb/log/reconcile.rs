//! `portvakt log reconcile`.

use std::time::Duration;

use clap::Args;
use control::reply::integrity::{Difference, Reconciled};
use control::request::integrity::IntegrityRequest;
use control::{Client, Code, Reply, Request};

use super::verify::progress_bar;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// Compares every row of the register with what the log says of it
///
/// Exits 6 and names the first difference if somebody changed the register behind the daemon's back.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reconcile {}

impl Reconcile {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let found = wait(daemon.client())?;
        if desk.out.is_json() {
            desk.out.json(&found)?;
        } else {
            show(desk, &found)?;
        }
        match found.differences {
            0 => Ok(()),
            count => Err(Failure::new(
                Code::Unverified,
                format_args!("the register is not what the log says: {count} differences"),
            )),
        }
    }
}

fn wait(client: &mut Client) -> Result<Reconciled, Failure> {
    let bar = progress_bar();
    client.send(Request::Integrity(IntegrityRequest::Reconcile {}), false)?;
    loop {
        let reply = client.receive_within(Some(SILENCE_MAX))?;
        if let Reply::Reconciled(found) = reply {
            bar.finish_and_clear();
            return Ok(found);
        }
        let Reply::Progress { done, total } = reply else {
            return Err(Failure::unexpected(&reply));
        };
        bar.set_length(total);
        bar.set_position(done);
    }
}

fn show(desk: &mut Desk, found: &Reconciled) -> Result<(), Failure> {
    desk.field(Label::Events, &found.events.to_string())?;
    desk.field(Label::Rows, &found.rows.to_string())?;
    desk.field(Label::Differences, &found.differences.to_string())?;
    let Some(first) = &found.first else {
        return Ok(());
    };
    let Difference {
        what,
        event,
        expected,
        found,
    } = first;
    let event = event.map_or_else(|| "-".to_owned(), |event| event.to_string());
    let or_none = |words: &Option<String>| words.clone().unwrap_or_else(|| "-".to_owned());
    desk.field(Label::First, what)?;
    desk.field(Label::Event, &event)?;
    desk.field(Label::Expected, &or_none(expected))?;
    desk.field(Label::Found, &or_none(found))
}

/// How long the daemon may be silent: it compares a million rows in less.
const SILENCE_MAX: Duration = Duration::from_secs(600);

const EXAMPLES: &str = "\
Examples:
  portvakt log reconcile
  portvakt --json log reconcile | jq .differences";
