//! A link: one client's connection, frame by frame, with a limit on every wait.

use std::io::ErrorKind;
use std::time::Duration;

use control::frame::{self, Decoder};
use control::{Answer, Code, ControlError, Envelope, Refusal, Reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// One client's connection.
pub(crate) struct Link {
    stream: UnixStream,
    decoder: Decoder,
    /// Octets read and not yet taken by the decoder.
    waiting: Zeroizing<Vec<u8>>,
    malformed: u32,
    /// What somebody without a role is told.
    nobody: Option<Refusal>,
}

/// The connection is over: the client left, was too slow, or spoke no sense.
#[derive(Debug)]
pub(crate) struct Gone;

impl Link {
    /// A connection that has said nothing yet.
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self {
            stream,
            decoder: Decoder::new(),
            waiting: Zeroizing::new(Vec::new()),
            malformed: 0,
            nobody: None,
        }
    }

    /// Whoever is behind it gets this answer to whatever makes no sense, as to everything else.
    pub(super) fn is_of_nobody(&mut self, answer: Refusal) {
        self.nobody = Some(answer);
    }

    /// The next request. What is no request is answered here; [`MALFORMED_MAX`] of them end the connection.
    pub(crate) async fn receive(&mut self, idle: Duration) -> Result<Envelope, Gone> {
        loop {
            if self.waiting.is_empty() && !self.decoder.is_partial() {
                within(idle, self.fill()).await?;
            }
            // A frame that has begun ends soon, however its octets come: a client that drips them holds no place here.
            match within(FRAME_TIMEOUT, self.rest_of_frame()).await? {
                Ok(envelope) => return Ok(envelope),
                Err(cause) => self.complain(&cause).await?,
            }
        }
    }

    /// Sends one answer.
    pub(crate) async fn send(&mut self, id: u64, reply: Reply) -> Result<(), Gone> {
        self.write(&encoded(id, reply)?).await
    }

    /// Sends many answers, several of them in one write.
    pub(crate) async fn send_all(
        &mut self,
        id: u64,
        replies: impl IntoIterator<Item = Reply>,
    ) -> Result<(), Gone> {
        let mut together = Zeroizing::new(Vec::with_capacity(WRITTEN_AT_ONCE));
        for reply in replies {
            let frame = encoded(id, reply)?;
            // Never longer than it began: what grows is moved, and leaves what it held where it was.
            if together.len().saturating_add(frame.len()) > WRITTEN_AT_ONCE {
                self.write(&together).await?;
                together.clear();
            }
            if frame.len() > WRITTEN_AT_ONCE {
                self.write(&frame).await?;
            } else {
                together.extend_from_slice(&frame);
            }
        }
        self.write(&together).await
    }

    async fn write(&mut self, octets: &[u8]) -> Result<(), Gone> {
        match timeout(WRITE_TIMEOUT, self.stream.write_all(octets)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }

    /// Waits until the client leaves. What it says meanwhile is kept for later, within reason.
    pub(crate) async fn left(&mut self) {
        let mut buffer = Zeroizing::new([0_u8; READ_LEN]);
        while self.waiting.len() < AHEAD_MAX && self.stream.readable().await.is_ok() {
            match self.stream.try_read(buffer.as_mut_slice()) {
                Ok(0) => return,
                Ok(count) => {
                    let octets = buffer.get(..count).unwrap_or_default();
                    self.waiting.extend_from_slice(octets);
                }
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }

    async fn rest_of_frame(&mut self) -> Result<Result<Envelope, ControlError>, Gone> {
        loop {
            match self.decoder.next_message::<Envelope>() {
                Ok(Some(envelope)) => return Ok(Ok(envelope)),
                Ok(None) => self.fill().await?,
                Err(cause) => return Ok(Err(cause)),
            }
        }
    }

    async fn fill(&mut self) -> Result<(), Gone> {
        if self.waiting.is_empty() {
            let mut buffer = Zeroizing::new([0_u8; READ_LEN]);
            match self.stream.read(buffer.as_mut_slice()).await {
                Ok(0) | Err(_) => return Err(Gone),
                Ok(count) => self
                    .waiting
                    .extend_from_slice(buffer.get(..count).unwrap_or_default()),
            }
        }
        let taken = self.decoder.feed(&self.waiting).min(self.waiting.len());
        self.waiting.drain(..taken);
        Ok(())
    }

    async fn complain(&mut self, cause: &ControlError) -> Result<(), Gone> {
        self.malformed = self.malformed.saturating_add(1);
        let why = Refusal::new(Code::Usage, cause);
        let answer = self.nobody.clone().unwrap_or(why);
        self.send(0, Reply::Refused(answer)).await?;
        let lost_step = !matches!(cause, ControlError::Malformed(_));
        if lost_step || self.malformed >= MALFORMED_MAX {
            Err(Gone)
        } else {
            Ok(())
        }
    }
}

/// The frame of an answer, or of the refusal of one that is too long.
fn encoded(id: u64, reply: Reply) -> Result<Zeroizing<Vec<u8>>, Gone> {
    frame::encode(&Answer { id, reply }).or_else(|cause| {
        let refusal = Refusal::new(
            Code::Failed,
            format_args!("the answer cannot be sent: {cause}"),
        );
        let reply = Reply::Refused(refusal);
        frame::encode(&Answer { id, reply }).map_err(|_| Gone)
    })
}

/// Waits so long, and no longer.
async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, Gone>>,
) -> Result<T, Gone> {
    timeout(patience, work).await.map_err(|_| Gone)?
}

/// Octets taken in one read.
const READ_LEN: usize = 4_096;

/// Octets a client may send ahead while it waits for something.
const AHEAD_MAX: usize = 16_384;

/// Messages without sense on one connection.
const MALFORMED_MAX: u32 = 16;

/// A frame that has begun is whole by then.
const FRAME_TIMEOUT: Duration = Duration::from_secs(10);

/// A client that takes no answer for so long is left.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Octets of several answers in one write.
const WRITTEN_AT_ONCE: usize = 16_384;
