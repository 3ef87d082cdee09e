//! The asking end: one blocking connection to the daemon.

use core::fmt;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::ControlError;
use crate::frame;
use crate::private::Private;
use crate::refusal::{Code, Refusal};
use crate::reply::status::Hello;
use crate::reply::{Answer, Reply};
use crate::request::{Envelope, PROTOCOL_VERSION, Request};

/// A connection on which one request is asked at a time.
///
/// [`Client::ask`] for one answer; [`Client::send`] and [`Client::receive`] for
/// streams and imports: receive until [`Reply::is_last`].
pub struct Client {
    stream: UnixStream,
    id: u64,
    doubt: Option<Private>,
}

impl Client {
    /// Connects and says hello.
    ///
    /// # Errors
    /// [`ClientError::Unreachable`] if nobody answers there; a refusal if the daemon
    /// speaks another version or does not know the user.
    pub fn connect(socket: &Path) -> Result<(Self, Hello), ClientError> {
        let unreachable = |error| ClientError::Unreachable {
            socket: socket.to_owned(),
            error,
        };
        Self::greet(UnixStream::connect(socket).map_err(unreachable)?)
    }

    /// Says hello on a connection that is there already.
    ///
    /// # Errors
    /// As [`Client::connect`], but for nobody being there.
    pub fn greet(stream: UnixStream) -> Result<(Self, Hello), ClientError> {
        stream
            .set_write_timeout(Some(ANSWER_TIMEOUT))
            .map_err(ControlError::from)?;
        let mut client = Self {
            stream,
            id: 0,
            doubt: None,
        };
        let hello = Request::Hello {
            version: PROTOCOL_VERSION,
        };
        let reply = client.ask(hello, false)?;
        if let Reply::Hello(hello) = reply {
            Ok((client, hello))
        } else {
            Err(ClientError::unexpected(&reply))
        }
    }

    /// Says from now on with every change that the asker is in doubt, and why (M4).
    pub fn doubt(&mut self, why: Option<Private>) {
        self.doubt = why;
    }

    /// Asks for what has one answer, and gives that.
    ///
    /// # Errors
    /// [`ClientError`]; what the daemon refused is [`ClientError::Refused`].
    pub fn ask(&mut self, request: Request, dry_run: bool) -> Result<Reply, ClientError> {
        self.send(request, dry_run)?;
        loop {
            let reply = self.receive()?;
            if reply.is_last() {
                return Ok(reply);
            }
        }
    }

    /// Sends a request under a new id.
    ///
    /// # Errors
    /// [`ClientError::Broken`].
    pub fn send(&mut self, request: Request, dry_run: bool) -> Result<(), ClientError> {
        self.id = self.id.wrapping_add(1);
        self.send_more(request, dry_run)
    }

    /// Sends a further part under the same id, for an import.
    ///
    /// # Errors
    /// [`ClientError::Broken`].
    pub fn send_more(&mut self, request: Request, dry_run: bool) -> Result<(), ClientError> {
        let envelope = Envelope {
            id: self.id,
            dry_run,
            doubt: self.doubt.clone().filter(|_| request.changes()),
            request,
        };
        Ok(frame::write(&mut self.stream, &envelope)?)
    }

    /// The next reply to what was sent last.
    ///
    /// # Errors
    /// [`ClientError`]; what the daemon refused is [`ClientError::Refused`].
    pub fn receive(&mut self) -> Result<Reply, ClientError> {
        self.receive_within(Some(ANSWER_TIMEOUT))
    }

    /// The next reply, waiting longer than usual, or for ever with `None`.
    ///
    /// # Errors
    /// As [`Client::receive`].
    pub fn receive_within(&mut self, timeout: Option<Duration>) -> Result<Reply, ClientError> {
        self.stream
            .set_read_timeout(timeout)
            .map_err(ControlError::from)?;
        let answer: Answer = frame::read(&mut self.stream)?.ok_or(ClientError::Closed)?;
        if let Reply::Refused(refusal) = answer.reply {
            return Err(ClientError::Refused(refusal));
        }
        if answer.id == self.id {
            Ok(answer.reply)
        } else {
            Err(ClientError::unexpected(&answer.reply))
        }
    }
}

/// Where the daemon listens unless told otherwise.
pub const SOCKET_DEFAULT: &str = "/run/portvakt/control.sock";

/// How long the daemon may take for one answer; it never waits for a person without
/// saying so first.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug)]
pub enum ClientError {
    /// Nobody answers at the socket.
    Unreachable {
        /// The socket.
        socket: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The daemon closed the connection before the last reply.
    Closed,
    /// The connection broke, or took too long.
    Broken(ControlError),
    /// The daemon refused.
    Refused(Refusal),
    /// An answer that does not belong to the question.
    Unexpected(String),
}

impl ClientError {
    /// The answer was none this question may have.
    #[must_use]
    pub fn unexpected(reply: &Reply) -> Self {
        let shown = format!("{reply:?}");
        Self::Unexpected(
            shown
                .split([' ', '('])
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// The exit code it becomes.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Unreachable { .. } | Self::Closed | Self::Broken(_) => Code::Unreachable,
            Self::Refused(refusal) => refusal.code,
            Self::Unexpected(_) => Code::Failed,
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { socket, error } => {
                write!(f, "no daemon answers at {}: {error}", socket.display())
            }
            Self::Closed => f.write_str("the daemon closed the connection"),
            Self::Broken(ControlError::Io(error)) if timed_out(error) => {
                write!(
                    f,
                    "the daemon did not answer within {} s",
                    ANSWER_TIMEOUT.as_secs()
                )
            }
            Self::Broken(error) => write!(f, "{error}"),
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Unexpected(what) => write!(
                f,
                "the daemon answered with {what}, which was not asked for"
            ),
        }
    }
}

impl std::error::Error for ClientError {}

impl From<ControlError> for ClientError {
    fn from(error: ControlError) -> Self {
        Self::Broken(error)
    }
}

fn timed_out(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;
    use crate::refusal::Refusal;

    fn hello() -> Reply {
        serde_json::from_str(
            r#"{"reply":"hello","version":1,"daemon":"0","site":"s","time_zone":"Europe/Oslo","working_day_ends":"16:00","now":"2026-11-22T08:00:00Z","operator":"kari","roles":[]}"#,
        )
        .unwrap()
    }

    /// A daemon that answers each request with the next of these.
    fn daemon(listener: UnixListener, answers: Vec<Vec<Reply>>) -> thread::JoinHandle<()> {
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for replies in answers {
                let asked: Envelope = frame::read(&mut stream).unwrap().unwrap();
                for reply in replies {
                    let answer = Answer {
                        id: asked.id,
                        reply,
                    };
                    frame::write(&mut stream, &answer).unwrap();
                }
            }
        })
    }

    #[test]
    fn a_client_says_hello_passes_over_waiting_and_hands_on_a_refusal() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("control.sock");
        let waiting = Reply::Waiting {
            reader: "main-in".into(),
            wait_s: 5,
        };
        let refused = Reply::Refused(Refusal::new(Code::Refused, "no"));
        let done = Reply::Done { warning: None };
        let answers = vec![vec![hello()], vec![waiting, done.clone()], vec![refused]];
        let daemon = daemon(UnixListener::bind(&socket).unwrap(), answers);
        let (mut client, hello) = Client::connect(&socket).unwrap();
        assert_eq!(hello.time_zone, "Europe/Oslo");
        assert_eq!(client.ask(Request::Status {}, false).unwrap(), done);
        let error = client.ask(Request::Status {}, false).unwrap_err();
        assert_eq!(
            (error.code(), error.to_string()),
            (Code::Refused, "no".into())
        );
        daemon.join().unwrap();
        assert_eq!(
            client.ask(Request::Status {}, false).unwrap_err().code(),
            Code::Unreachable
        );
    }

    #[test]
    fn nobody_there_is_unreachable_and_names_the_socket() {
        let error = Client::connect(Path::new("/nonexistent/control.sock"))
            .err()
            .unwrap();
        assert_eq!(error.code(), Code::Unreachable);
        assert!(error.to_string().contains("/nonexistent/control.sock"));
    }
}
