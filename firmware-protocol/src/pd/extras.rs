//! What a reader can do beyond the everyday: another address, files, a maker's own messages, texts.

use super::prepared::Prepared;
use super::presentation::Presentation;
use super::{Pd, PdError, PdEvent};
use crate::command::{FileKind, FileTransfer, ReceiveSize, Text, TextAction};
use crate::reply::{FileDetail, Function, NakCode};
use crate::{ComSettings, Manufacturer, Reply};

/// What a reader's firmware takes part in; nothing by itself, for each needs its events handled. What is not taken is NAK 3.
///
/// Texts are not here: a reader takes them if its capabilities have [`Function::TEXT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// The speeds COMSET may choose, bits per second; none is no COMSET.
    pub bauds: &'static [u32],
    /// FILETRANSFER.
    pub files: bool,
    /// MFG with the vendor of [`PdConfig::id`](super::PdConfig::id).
    pub manufacturer: bool,
}

impl Pd {
    /// What the firmware takes part in from now on.
    pub fn set_extras(&mut self, extras: Extras) {
        self.extras = extras;
    }

    /// What the firmware makes of the file on its way: that it is processed, that the reader restarts, or why not. When
    /// all of it is there the controller is held until this says how it ended.
    pub fn report_file(&mut self, detail: FileDetail) {
        self.files.report(detail);
    }

    /// Goes on with a file of which the first `received` octets were stored before a loss of power.
    pub fn resume_file(&mut self, kind: FileKind, total: u32, received: u32) {
        self.files.resume(kind, total, received);
    }

    /// How long storing a piece of a file takes, milliseconds; the controller waits so long after each.
    pub fn set_file_delay_ms(&mut self, delay_ms: u16) {
        self.files.set_delay_ms(delay_ms);
    }

    /// The answer to [`PdEvent::Manufacturer`], or news of the maker's own. Kept until the controller polls.
    ///
    /// # Errors
    /// [`PdError`] if the queue is full or there are more than
    /// [`MANUFACTURER_LEN_MAX`](super::MANUFACTURER_LEN_MAX) octets.
    pub fn answer_manufacturer(&mut self, data: &[u8]) -> Result<(), PdError> {
        self.enqueue(Presentation::manufacturer(data)?)
    }

    /// TEXT: for a reader with a display.
    pub(super) fn show(&mut self, text: &Text<'_>) -> Prepared {
        let display = |capability: &crate::reply::Capability| capability.function == Function::TEXT;
        if !self.config.capabilities.iter().any(display) {
            return Prepared::nak(NakCode::UnknownCommand);
        }
        if matches!(text.place().action, TextAction::Unknown(_)) {
            return Prepared::nak(NakCode::Unprocessable);
        }
        self.attach(PdEvent::Text(text.place()), text.characters())
    }

    /// COMSET: the answer still goes the old way.
    pub(super) fn prepare_move(&mut self, settings: ComSettings) -> Prepared {
        if self.extras.bauds.is_empty() {
            return Prepared::nak(NakCode::UnknownCommand);
        }
        if !self.extras.bauds.contains(&settings.baud()) {
            return Prepared::nak(NakCode::Unprocessable);
        }
        self.moving = Some(settings);
        Prepared::reply(&Reply::Com(settings))
    }

    /// After the answer to COMSET: from now on the reader is somebody else, as if just switched on.
    pub(super) fn finish_move(&mut self) {
        if let Some(settings) = self.moving.take() {
            self.config.address = settings.address();
            self.last = None;
            self.end_session();
            self.events.moved(settings);
        }
    }

    /// FILETRANSFER: while the piece before it waits for the firmware, the same may come again later.
    pub(super) fn take_file(&mut self, message: &FileTransfer<'_>) -> Prepared {
        if !self.extras.files {
            return Prepared::nak(NakCode::UnknownCommand);
        }
        if self.events.attachment_waits() {
            return Prepared::nak(NakCode::Unprocessable);
        }
        if let Some(piece) = self.files.handle_message(message) {
            let event = PdEvent::FilePiece {
                kind: piece.kind,
                total: piece.total,
                offset: piece.offset,
            };
            if !self.events.attach(event, piece.octets) {
                self.files.report(FileDetail::Abort);
            }
        }
        Prepared::reply(&Reply::FileStatus(self.files.status()))
    }

    /// MFG: the maker's answer comes with a later poll.
    pub(super) fn take_manufacturer(&mut self, message: &Manufacturer<'_>) -> Prepared {
        if !self.extras.manufacturer || message.vendor != self.config.id.vendor {
            return Prepared::nak(NakCode::UnknownCommand);
        }
        self.attach(PdEvent::Manufacturer, message.data)
    }

    /// ACURXSIZE: no reply is longer from now on.
    pub(super) fn limit_replies(&mut self, ReceiveSize { frame_len_max }: ReceiveSize) -> Prepared {
        if frame_len_max < FRAME_LEN_LEAST {
            return Prepared::nak(NakCode::Unprocessable);
        }
        self.reply_len_max = usize::from(frame_len_max);
        Prepared::reply(&Reply::Ack)
    }

    /// ABORT: a file on its way is forgotten; what else goes on, the firmware knows.
    pub(super) fn abort(&mut self) -> Prepared {
        self.files.reset();
        self.order(core::iter::once(PdEvent::Abort), 1)
    }

    fn attach(&mut self, event: PdEvent, octets: &[u8]) -> Prepared {
        if self.events.attach(event, octets) {
            Prepared::reply(&Reply::Ack)
        } else {
            Prepared::nak(NakCode::Unprocessable)
        }
    }
}

/// Every controller can receive this much (OSDP 2.2).
const FRAME_LEN_LEAST: u16 = 128;
