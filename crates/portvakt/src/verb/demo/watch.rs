//! The log as it grows, read over a connection of its own.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use control::reply::event::EventRow;
use control::request::log::EventFilter;
use control::{Client, Moment, Reply, Request, Row};

use super::screen::Screen;
use super::tally::Tally;
use crate::failure::Failure;

/// Events on their way from the daemon to the screen, and how many of which there were.
pub(super) struct Watch {
    events: Receiver<EventRow>,
    tally: Tally,
}

impl Watch {
    /// Asks for every event from `since` on.
    pub(super) fn begin(socket: &Path, since: Moment) -> Result<Self, Failure> {
        let (mut client, _) = Client::connect(socket)?;
        let filter = EventFilter {
            since: Some(since),
            ..EventFilter::default()
        };
        client.send(Request::LogFollow(filter), false)?;
        let (sent, events) = mpsc::channel();
        thread::spawn(move || follow(&mut client, &sent));
        let tally = Tally::default();
        Ok(Self { events, tally })
    }

    /// Shows and counts what has come.
    pub(super) fn show_new(&mut self, screen: &Screen) -> Result<(), Failure> {
        while let Ok(event) = self.events.try_recv() {
            self.show(&event, screen)?;
        }
        Ok(())
    }

    /// The daemon is gone: shows and counts what was still on its way.
    pub(super) fn show_rest(mut self, screen: &Screen) -> Result<Tally, Failure> {
        while let Ok(event) = self.events.recv() {
            self.show(&event, screen)?;
        }
        Ok(self.tally)
    }

    fn show(&mut self, event: &EventRow, screen: &Screen) -> Result<(), Failure> {
        self.tally.count(event);
        screen.event(event)
    }
}

/// Ends with the connection, or when nobody shows the events any more.
fn follow(client: &mut Client, events: &Sender<EventRow>) {
    while let Ok(reply) = client.receive_within(None) {
        if let Reply::Part {
            row: Row::Event(event),
        } = reply
            && events.send(*event).is_err()
        {
            return;
        }
    }
}
