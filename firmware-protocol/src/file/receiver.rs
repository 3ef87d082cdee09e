//! The reader's end of a file transfer.

use core::fmt;

use crate::command::{FileKind, FileTransfer};
use crate::reply::{FileDetail, FileStatus};

/// Takes a file piece by piece, in order, each octet once.
///
/// Contract: give each FILETRANSFER to [`handle_message`](Self::handle_message), store the piece it hands out, if any, at
/// its offset, and answer with [`status`](Self::status). A file that cannot be stored, or is not liked, is refused by
/// [`report`](Self::report), before or after that answer. When all is there the status is
/// [`FileDetail::Finishing`]; the controller then asks until `report` has said how it ended.
///
/// A piece at offset 0 begins a new file. The piece that came last may come again, for its answer may have been lost. Any
/// other that does not go on where the last one ended is answered by [`FileDetail::Abort`] and changes nothing, so that a
/// transfer goes on after a lost session.
#[derive(Debug)]
pub struct FileReceiver {
    piece_len_max: u16,
    delay_ms: u16,
    incoming: Option<Incoming>,
    /// How the file stands.
    standing: FileDetail,
    /// What the last message deserves.
    answer: FileDetail,
}

/// Octets of a file and where they belong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FilePiece<'a> {
    /// What sort of file it is.
    pub kind: FileKind,
    /// Octets of the whole file.
    pub total: u32,
    /// Where in the file these begin.
    pub offset: u32,
    /// The octets, at least one.
    pub octets: &'a [u8],
}

/// A file of which something is there.
#[derive(Clone, Copy, Debug)]
struct Incoming {
    kind: FileKind,
    total: u32,
    /// Where the last piece began.
    last: u32,
    /// Where the next one begins.
    next: u32,
}

impl FileReceiver {
    /// Nothing received yet. Longer pieces than `piece_len_max` octets are refused.
    #[must_use]
    pub const fn new(piece_len_max: u16) -> Self {
        Self {
            piece_len_max,
            delay_ms: 0,
            incoming: None,
            standing: FileDetail::Proceed,
            answer: FileDetail::Proceed,
        }
    }

    /// Goes on with a file of which the first `received` octets have been stored, before a loss of power perhaps. The
    /// controller may begin at 0 all the same.
    pub fn resume(&mut self, kind: FileKind, total: u32, received: u32) {
        self.reset();
        self.incoming = Some(Incoming {
            kind,
            total,
            last: received,
            next: received,
        });
    }

    /// How long the controller shall wait after each piece, milliseconds: what storing one takes.
    pub fn set_delay_ms(&mut self, delay_ms: u16) {
        self.delay_ms = delay_ms;
    }

    /// A FILETRANSFER has come: the piece to store, if it brings one.
    pub fn handle_message<'a>(&mut self, message: &FileTransfer<'a>) -> Option<FilePiece<'a>> {
        self.answer = self.standing;
        if message.is_empty() {
            if !self.is_same_file(message) {
                self.answer = FileDetail::Abort;
            }
            return None;
        }
        if message.len() > self.piece_len_max {
            self.answer = FileDetail::Abort;
            return None;
        }
        if message.offset() == 0 {
            self.reset();
        } else if self.standing.ends() || self.is_repeated(message) {
            return None;
        } else if !self.goes_on_with(message) {
            self.answer = FileDetail::Abort;
            return None;
        }
        Some(self.take(message))
    }

    /// What the firmware makes of the file: that it is processed, or why not. Until the file is all there only a refusal
    /// counts.
    pub fn report(&mut self, detail: FileDetail) {
        if self.incoming.is_some() && (detail.ends() || self.is_complete()) {
            self.standing = detail;
            self.answer = detail;
        }
    }

    /// The answer to the message just handled.
    #[must_use]
    pub const fn status(&self) -> FileStatus {
        FileStatus {
            delay_ms: self.delay_ms,
            detail: self.answer,
            message_len_max: self.piece_len_max,
            ..FileStatus::PROCEED
        }
    }

    /// Octets received so far, from the file's beginning.
    #[must_use]
    pub fn received(&self) -> u32 {
        self.incoming.map_or(0, |incoming| incoming.next)
    }

    /// Forgets the file: the controller has sent ABORT, or a new one begins.
    pub fn reset(&mut self) {
        self.incoming = None;
        self.standing = FileDetail::Proceed;
        self.answer = FileDetail::Proceed;
    }

    fn take<'a>(&mut self, message: &FileTransfer<'a>) -> FilePiece<'a> {
        self.incoming = Some(Incoming {
            kind: message.kind(),
            total: message.total(),
            last: message.offset(),
            next: end_of(message),
        });
        if self.is_complete() {
            self.standing = FileDetail::Finishing;
        }
        self.answer = self.standing;
        FilePiece {
            kind: message.kind(),
            total: message.total(),
            offset: message.offset(),
            octets: message.octets(),
        }
    }

    fn is_complete(&self) -> bool {
        self.incoming
            .is_some_and(|incoming| incoming.next == incoming.total)
    }

    fn is_repeated(&self, message: &FileTransfer<'_>) -> bool {
        self.is_same_file(message)
            && self.incoming.is_some_and(|incoming| {
                incoming.last == message.offset() && incoming.next == end_of(message)
            })
    }

    fn goes_on_with(&self, message: &FileTransfer<'_>) -> bool {
        self.is_same_file(message) && self.received() == message.offset()
    }

    fn is_same_file(&self, message: &FileTransfer<'_>) -> bool {
        self.incoming.is_some_and(|incoming| {
            incoming.kind == message.kind() && incoming.total == message.total()
        })
    }
}

impl fmt::Debug for FilePiece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, offset, total) = (self.octets.len(), self.offset, self.total);
        write!(
            f,
            "FilePiece({:?}, {len} octets at {offset} of {total})",
            self.kind
        )
    }
}

/// Where the message's piece ends; it never goes past the file.
fn end_of(message: &FileTransfer<'_>) -> u32 {
    message.offset().saturating_add(u32::from(message.len()))
}

#[cfg(test)]
mod tests {
    use super::FileReceiver;
    use crate::command::{FileKind, FileTransfer};
    use crate::reply::FileDetail;

    const FILE: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    fn piece(offset: u8, len: u8) -> FileTransfer<'static> {
        let (from, to) = (usize::from(offset), usize::from(offset + len));
        FileTransfer::new(FileKind::Opaque, 10, u32::from(offset), &FILE[from..to]).unwrap()
    }

    /// Gives the piece and returns how many octets came out, and the answer.
    fn give(receiver: &mut FileReceiver, message: &FileTransfer<'_>) -> (usize, FileDetail) {
        let piece = receiver.handle_message(message);
        if let Some(piece) = piece {
            assert_eq!(u32::from(piece.octets[0]), piece.offset);
        }
        (
            piece.map_or(0, |piece| piece.octets.len()),
            receiver.status().detail,
        )
    }

    #[test]
    fn a_file_comes_in_order_and_ends_when_the_firmware_says_so() {
        let mut receiver = FileReceiver::new(4);
        receiver.set_delay_ms(30);
        assert_eq!(give(&mut receiver, &piece(0, 4)), (4, FileDetail::Proceed));
        assert_eq!(give(&mut receiver, &piece(4, 4)), (4, FileDetail::Proceed));
        receiver.report(FileDetail::Processed); // too early to count
        assert_eq!(
            give(&mut receiver, &piece(8, 2)),
            (2, FileDetail::Finishing)
        );
        assert_eq!(
            give(&mut receiver, &piece(8, 2)),
            (0, FileDetail::Finishing)
        );
        receiver.report(FileDetail::Processed);
        assert_eq!(
            give(&mut receiver, &piece(10, 0)),
            (0, FileDetail::Processed)
        );
        let status = receiver.status();
        assert_eq!((status.delay_ms, status.message_len_max), (30, 4));
        assert_eq!(receiver.received(), 10);
    }

    #[test]
    fn gaps_overlaps_and_oversize_are_refused_and_change_nothing() {
        let mut receiver = FileReceiver::new(4);
        let refused = (0, FileDetail::Abort);
        assert_eq!(give(&mut receiver, &piece(4, 4)), refused); // no beginning
        assert_eq!(give(&mut receiver, &piece(0, 4)).0, 4);
        assert_eq!(give(&mut receiver, &piece(5, 4)), refused); // a gap
        assert_eq!(give(&mut receiver, &piece(3, 4)), refused); // an overlap
        assert_eq!(give(&mut receiver, &piece(4, 5)), refused); // too long
        let other = FileTransfer::new(FileKind::Opaque, 11, 4, &[4]).unwrap();
        assert_eq!(give(&mut receiver, &other), refused); // of another file
        assert_eq!(give(&mut receiver, &piece(4, 4)), (4, FileDetail::Proceed));
    }

    #[test]
    fn a_file_that_is_not_liked_stays_refused_until_another_begins() {
        let mut receiver = FileReceiver::new(4);
        receiver.report(FileDetail::Malformed); // of no file
        assert_eq!(give(&mut receiver, &piece(0, 4)), (4, FileDetail::Proceed));
        receiver.report(FileDetail::Unrecognized);
        assert_eq!(receiver.status().detail, FileDetail::Unrecognized);
        assert_eq!(
            give(&mut receiver, &piece(4, 4)),
            (0, FileDetail::Unrecognized)
        );
        assert_eq!(give(&mut receiver, &piece(0, 4)), (4, FileDetail::Proceed));
    }

    #[test]
    fn a_file_goes_on_where_it_was_before_a_loss_of_power() {
        let mut receiver = FileReceiver::new(4);
        receiver.resume(FileKind::Opaque, 10, 8);
        assert_eq!(give(&mut receiver, &piece(4, 4)), (0, FileDetail::Abort));
        assert_eq!(
            give(&mut receiver, &piece(8, 2)),
            (2, FileDetail::Finishing)
        );
        receiver.resume(FileKind::Opaque, 10, 8);
        assert_eq!(give(&mut receiver, &piece(0, 4)), (4, FileDetail::Proceed));
        receiver.reset();
        assert_eq!(receiver.received(), 0);
    }
}
