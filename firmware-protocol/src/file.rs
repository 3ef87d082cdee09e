//! A file on its way to a reader: the sending and the receiving end, without port, clock or memory of the contents.
//!
//! ```text
//! controller                                   reader
//! FILETRANSFER offset 0, octets            →
//!                                          ←   FTSTAT proceed, delay, longest piece
//! …
//! FILETRANSFER the last octets             →
//!                                          ←   FTSTAT finishing
//! FILETRANSFER offset = length, no octets  →
//!                                          ←   FTSTAT processed, rebooting, or why not
//! ```

mod error;
mod receiver;
mod sender;

pub use error::FileError;
pub use receiver::{FilePiece, FileReceiver};
pub use sender::{
    ASKS_MAX, FileEnd, FileSender, FileStep, REFUSALS_MAX, REFUSED_PAUSE_MS, UNFINISHED_PAUSE_MS,
};
