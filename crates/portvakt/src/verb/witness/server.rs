//! The server of a witness: one thread, so many connections and no more, none of which is waited for.
//!
//! Who is slow is closed after [`PATIENCE`]; where all places are taken, who has not got on for longest goes. So clients that
//! hold connections open, however many, keep nobody out who sends a request in one go.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::connection::{Answer, Connection, Fate};
use crate::clock;
use crate::failure::Failure;

/// A listener and its clients.
pub(super) struct Server {
    listener: TcpListener,
    open: Vec<Connection>,
}

impl Server {
    /// Serves who comes to this listener.
    ///
    /// # Errors
    /// [`Failure`] if the system cannot do without waiting.
    pub(super) fn new(listener: TcpListener) -> Result<Self, Failure> {
        listener.set_nonblocking(true).map_err(Failure::failed)?;
        let open = Vec::new();
        Ok(Self { listener, open })
    }

    /// Waits until something comes, at most [`TURN`], and serves it.
    ///
    /// # Errors
    /// [`Failure`] if the system takes no more waiting.
    pub(super) fn turn(&mut self, answer: Answer<'_>) -> Result<(), Failure> {
        let ready = self.wait()?;
        let now = clock::uptime();
        let mut ready = ready.into_iter();
        let somebody_comes = ready.next().unwrap_or(false);
        self.open.retain_mut(|connection| {
            let is_ready = ready.next().unwrap_or(false);
            let late = now.saturating_sub(connection.since()) > PATIENCE;
            let fate = if is_ready {
                connection.advance(answer, now)
            } else {
                Fate::Stays
            };
            fate == Fate::Stays && !late
        });
        if somebody_comes {
            self.accept(now);
        }
        Ok(())
    }

    /// Who is ready: the listener first, then the connections in their order.
    fn wait(&self) -> Result<Vec<bool>, Failure> {
        let mut watched = vec![PollFd::new(&self.listener, PollFlags::IN)];
        watched.extend(self.open.iter().map(Connection::poll_fd));
        match poll(&mut watched, Some(&TURN)) {
            Ok(_) => Ok(watched.iter().map(|it| !it.revents().is_empty()).collect()),
            Err(Errno::INTR) => Ok(Vec::new()),
            Err(cause) => Err(Failure::failed(format!("cannot wait for clients: {cause}"))),
        }
    }

    fn accept(&mut self, now: Duration) {
        for _ in 0..ACCEPTED_MAX {
            match self.listener.accept() {
                // One that is gone already, or cannot be had without waiting, is not served.
                Ok((stream, _)) => self.open.extend(Connection::new(stream, now)),
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => return,
                // No file is left for another client, or this one is gone.
                Err(_) => return self.make_room(),
            }
            if self.open.len() > CONNECTIONS_MAX {
                self.make_room();
            }
        }
    }

    /// Closes who has not got on for longest.
    fn make_room(&mut self) {
        let places = self.open.iter().enumerate();
        let oldest = places.min_by_key(|(_, connection)| connection.since());
        if let Some((at, _)) = oldest {
            self.open.remove(at);
        }
    }
}

/// Connections at a time.
const CONNECTIONS_MAX: usize = 256;
/// Clients let in at once, before those that are in are served again.
const ACCEPTED_MAX: usize = 64;
/// A request comes within so long.
const PATIENCE: Duration = Duration::from_secs(10);
/// An interrupt is looked for so often.
const TURN: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 250_000_000,
};
