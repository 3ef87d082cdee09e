//! The controller's end of a file transfer.

use super::FileError;
use crate::command::{FILE_HEAD_LEN, FileKind, FileTransfer};
use crate::reply::{FileDetail, FileStatus};

/// Sends a file to a reader, at the reader's pace. It holds no contents: the caller serves them by offset and length.
///
/// Contract: wait [`wait_ms`](Self::wait_ms) from the last answer on, look at [`next_step`](Self::next_step), serve what it asks for to
/// [`message`](Self::message) and send that; then give the answer to [`handle_status`](Self::handle_status), or a NAK to
/// [`handle_refusal`](Self::handle_refusal). No answer at all, or a new session: the same step again. To give up, send
/// ABORT and drop the sender; [`acknowledged`](Self::acknowledged) says where another can [`resume`](Self::resume).
#[derive(Debug)]
pub struct FileSender {
    kind: FileKind,
    total: u32,
    /// The next octet to send; all before it have been answered for.
    offset: u32,
    piece_len_max: u16,
    /// Octets of the piece that waits for its answer; 0 if that is a question.
    under_way: Option<u16>,
    /// Whether the reader has said yes to anything yet.
    accepted: bool,
    refusals: u8,
    asks: u16,
    wait_ms: u16,
    exclusive: bool,
    poll_answer_waits: bool,
    end: Option<FileEnd>,
}

/// What the sender wants next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum FileStep {
    /// Serve `len` octets of the file from `offset` on.
    Piece {
        /// Where they begin.
        offset: u32,
        /// How many, at least one.
        len: u16,
    },
    /// Serve no octets: the reader has all and is asked how it goes.
    Ask,
    /// The file is there.
    Done(FileEnd),
}

/// How a file arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileEnd {
    /// The reader has processed it.
    Processed,
    /// The reader restarts with it: it will be gone for a while, and its session is over.
    Rebooting,
}

/// How often in a row a piece may be answered by NAK.
pub const REFUSALS_MAX: u8 = 5;

/// How long a piece that was answered by NAK waits, milliseconds.
pub const REFUSED_PAUSE_MS: u16 = 200;

/// How often a reader that has everything is asked whether it has finished.
pub const ASKS_MAX: u16 = 1_500;

/// The least time between two of those questions, milliseconds.
pub const UNFINISHED_PAUSE_MS: u16 = 200;

impl FileSender {
    /// A file of `total` octets for a reader that takes frames of `frame_len_max` octets (`Function::RECEIVE_SIZE`; every
    /// reader takes 128).
    ///
    /// # Errors
    /// [`FileError::Empty`]; [`FileError::FrameLen`] if not a single octet fits into a frame.
    pub fn new(kind: FileKind, total: u32, frame_len_max: u16) -> Result<Self, FileError> {
        if total == 0 {
            return Err(FileError::Empty);
        }
        let piece_len_max = piece_len_in(frame_len_max).ok_or(FileError::FrameLen {
            actual: frame_len_max,
            needed: FRAME_LEN_LEAST,
        })?;
        Ok(Self {
            kind,
            total,
            offset: 0,
            piece_len_max,
            under_way: None,
            accepted: false,
            refusals: 0,
            asks: 0,
            wait_ms: 0,
            exclusive: false,
            poll_answer_waits: false,
            end: None,
        })
    }

    /// Begins at `offset`, up to which the reader has acknowledged an earlier transfer of this very file. If the reader
    /// does not go along, the transfer begins at 0.
    ///
    /// # Errors
    /// [`FileError::Offset`] behind the file's end.
    pub fn resume(mut self, offset: u32) -> Result<Self, FileError> {
        if offset > self.total {
            return Err(FileError::Offset {
                actual: offset,
                total: self.total,
            });
        }
        self.offset = offset;
        Ok(self)
    }

    /// What to serve next. Asked twice, it says the same.
    pub fn next_step(&self) -> FileStep {
        let left = self.total - self.offset;
        match self.end {
            Some(end) => FileStep::Done(end),
            None if left == 0 => FileStep::Ask,
            None => FileStep::Piece {
                offset: self.offset,
                len: u16::try_from(left).map_or(self.piece_len_max, |l| l.min(self.piece_len_max)),
            },
        }
    }

    /// The message to send, made of the octets served.
    ///
    /// # Errors
    /// [`FileError::Served`] if they are not as many as [`next_step`](Self::next_step) asks for.
    pub fn message<'a>(&mut self, octets: &'a [u8]) -> Result<FileTransfer<'a>, FileError> {
        let needed = match self.next_step() {
            FileStep::Piece { len, .. } => len,
            FileStep::Ask | FileStep::Done(_) => 0,
        };
        if octets.len() != usize::from(needed) {
            return Err(FileError::Served {
                actual: octets.len(),
                needed: usize::from(needed),
            });
        }
        self.under_way = Some(needed);
        Ok(FileTransfer::new(
            self.kind,
            self.total,
            self.offset,
            octets,
        )?)
    }

    /// FTSTAT has come.
    ///
    /// # Errors
    /// [`FileError`]: the transfer is over, except after [`FileError::Unasked`].
    pub fn handle_status(&mut self, status: &FileStatus) -> Result<(), FileError> {
        let sent = self.under_way.take().ok_or(FileError::Unasked)?;
        self.refusals = 0;
        self.wait_ms = status.delay_ms;
        self.exclusive = !status.interleave;
        self.poll_answer_waits = status.poll_answer_waits;
        let shorter = self.shorten(status.message_len_max);
        match status.detail {
            FileDetail::Proceed
            | FileDetail::Processed
            | FileDetail::Rebooting
            | FileDetail::Finishing => {
                self.accept(sent);
                self.look_at_end(status.detail)
            }
            FileDetail::Abort if !self.accepted && (shorter || self.offset > 0) => {
                // The reader wants shorter pieces, or does not know what it is to go on with.
                self.offset = if shorter { self.offset } else { 0 };
                Ok(())
            }
            detail @ (FileDetail::Abort
            | FileDetail::Unrecognized
            | FileDetail::Malformed
            | FileDetail::Unknown(_)) => Err(FileError::Refused {
                detail,
                acknowledged: self.offset,
            }),
        }
    }

    /// NAK has come: the same again after a pause.
    ///
    /// # Errors
    /// [`FileError::Naks`] after [`REFUSALS_MAX`] in a row; the transfer is over.
    pub fn handle_refusal(&mut self) -> Result<(), FileError> {
        self.under_way = None;
        self.refusals = self.refusals.saturating_add(1);
        self.wait_ms = REFUSED_PAUSE_MS;
        if self.refusals >= REFUSALS_MAX {
            return Err(FileError::Naks {
                limit: REFUSALS_MAX,
            });
        }
        Ok(())
    }

    /// How long to wait from the last answer on, milliseconds, before the next step.
    #[must_use]
    pub const fn wait_ms(&self) -> u16 {
        self.wait_ms
    }

    /// The reader wants no other command until the transfer is over.
    #[must_use]
    pub const fn is_exclusive(&self) -> bool {
        self.exclusive
    }

    /// The reader has something to say to a POLL.
    #[must_use]
    pub const fn poll_answer_waits(&self) -> bool {
        self.poll_answer_waits
    }

    /// How far the reader has the file, octets.
    #[must_use]
    pub const fn acknowledged(&self) -> u32 {
        self.offset
    }

    /// Octets of the whole file.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.total
    }

    fn accept(&mut self, sent: u16) {
        self.accepted = true;
        self.offset = self.offset.saturating_add(u32::from(sent)).min(self.total);
    }

    /// With everything sent, what the reader says of the whole.
    fn look_at_end(&mut self, detail: FileDetail) -> Result<(), FileError> {
        if self.offset < self.total {
            return if detail == FileDetail::Rebooting {
                Err(FileError::Early {
                    acknowledged: self.offset,
                })
            } else {
                Ok(())
            };
        }
        self.end = match detail {
            FileDetail::Processed => Some(FileEnd::Processed),
            FileDetail::Rebooting => Some(FileEnd::Rebooting),
            FileDetail::Proceed
            | FileDetail::Finishing
            | FileDetail::Abort
            | FileDetail::Unrecognized
            | FileDetail::Malformed
            | FileDetail::Unknown(_) => None,
        };
        if self.end.is_none() {
            self.wait_ms = self.wait_ms.max(UNFINISHED_PAUSE_MS);
            self.asks = self.asks.saturating_add(1);
        }
        if self.asks > ASKS_MAX {
            return Err(FileError::Unfinished { limit: ASKS_MAX });
        }
        Ok(())
    }

    /// The reader wants messages of at most so many octets. Whether that means the frame or the piece, a piece that keeps
    /// the frame within it suits both. Returns whether pieces are shorter now.
    fn shorten(&mut self, message_len_max: u16) -> bool {
        let wanted = match message_len_max {
            0 => self.piece_len_max,
            max => piece_len_in(max).unwrap_or_else(|| max.min(PIECE_LEN_LEAST)),
        };
        let shorter = wanted < self.piece_len_max;
        if shorter {
            self.piece_len_max = wanted;
        }
        shorter
    }
}

/// The longest piece in a sealed frame of at most `frame_len_max` octets; `None` if there is no room for any.
fn piece_len_in(frame_len_max: u16) -> Option<u16> {
    let blocks = frame_len_max.min(FRAME_LEN_TOP).checked_sub(AROUND_DATA)? / BLOCK_LEN;
    blocks
        .checked_mul(BLOCK_LEN)?
        .checked_sub(BEFORE_PIECE + PADDING_LEAST)
        .filter(|len| *len > 0)
}

/// Octets around the data of a sealed frame: header 5, security block 2, code 1, MAC 4, CRC 2.
const AROUND_DATA: u16 = 14;
const BLOCK_LEN: u16 = 16;
const PADDING_LEAST: u16 = 1;
const BEFORE_PIECE: u16 = 11;
const _: () = assert!(BEFORE_PIECE as usize == FILE_HEAD_LEN);
/// Octets of a piece in the shortest sealed frame that can carry one.
const PIECE_LEN_LEAST: u16 = BLOCK_LEN - BEFORE_PIECE - PADDING_LEAST;
const FRAME_LEN_LEAST: u16 = AROUND_DATA + BLOCK_LEN;
const FRAME_LEN_TOP: u16 = 1440;
const _: () = assert!(FRAME_LEN_TOP as usize == crate::FRAME_LEN_MAX);
