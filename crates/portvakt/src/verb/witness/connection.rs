//! One client of a witness: its octets come when they come, and nobody waits for them.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};

use super::http_request::{Came, HttpRequest, read};
use super::reply::HttpReply;

/// A connection that never blocks.
pub(super) struct Connection {
    stream: TcpStream,
    came: Vec<u8>,
    due: Vec<u8>,
    /// Since when it has not got on: since it was opened or answered last.
    since: Duration,
    /// The client was told to go on.
    continued: bool,
    /// After what is due nothing more is answered; how many octets may still come.
    closing: Option<usize>,
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It goes on.
    Stays,
    /// It is over.
    Ends,
}

/// What answers a request.
pub(super) type Answer<'a> = &'a mut dyn FnMut(&HttpRequest) -> HttpReply;

impl Connection {
    /// A client that was accepted.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn new(stream: TcpStream, now: Duration) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            came: Vec::new(),
            due: Vec::new(),
            since: now,
            continued: false,
            closing: None,
        })
    }

    /// What to wait for.
    pub(super) fn poll_fd(&self) -> PollFd<'_> {
        let wanted = if self.due.is_empty() {
            PollFlags::IN
        } else {
            PollFlags::OUT
        };
        PollFd::new(&self.stream, wanted)
    }

    /// Since when it has not got on.
    pub(super) const fn since(&self) -> Duration {
        self.since
    }

    /// Goes on as far as it can without waiting; at most one request is answered.
    pub(super) fn advance(&mut self, answer: Answer<'_>, now: Duration) -> Fate {
        match self.go_on(answer, now) {
            Ok(fate) => fate,
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => Fate::Stays,
            Err(_) => Fate::Ends,
        }
    }

    fn go_on(&mut self, answer: Answer<'_>, now: Duration) -> io::Result<Fate> {
        self.send()?;
        let mut octets = [0; READ_LEN];
        let len = loop {
            match self.stream.read(&mut octets) {
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        if len == 0 {
            return Ok(Fate::Ends);
        }
        if let Some(left) = &mut self.closing {
            // Who is closed with octets on their way never sees the answer.
            *left = left.saturating_sub(len);
            return Ok(if *left == 0 { Fate::Ends } else { Fate::Stays });
        }
        self.came.extend(octets.get(..len).unwrap_or_default());
        match read(&self.came) {
            Came::Part { expects } => {
                if expects && !self.continued {
                    self.continued = true;
                    self.due.extend(CONTINUE);
                }
            }
            Came::Whole(request) => self.answer(&answer(&request), request.keeps, now),
            Came::Bad(status) => {
                let reply = HttpReply::new(status, "this is not served here");
                self.answer(&reply, false, now);
            }
        }
        self.send()?;
        Ok(Fate::Stays)
    }

    fn answer(&mut self, reply: &HttpReply, keeps: bool, now: Duration) {
        self.due.extend(reply.encode(keeps));
        self.came = Vec::new();
        self.continued = false;
        self.since = now;
        if !keeps {
            self.closing = Some(DISCARDED_LEN_MAX);
        }
    }

    /// Sends what is due.
    fn send(&mut self) -> io::Result<()> {
        while !self.due.is_empty() {
            match self.stream.write(&self.due) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(len) => drop(self.due.drain(..len)),
                Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
            if self.due.is_empty() && self.closing.is_some() {
                self.stream.shutdown(Shutdown::Write)?;
            }
        }
        Ok(())
    }
}

const READ_LEN: usize = 16 * 1024;
/// Octets that are still taken from a client that was refused.
const DISCARDED_LEN_MAX: usize = 1024 * 1024;
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
