//! The ledger: the log as those see it who write into it and look things up in it, and the clock they do it by.

use std::sync::Arc;

use crate::archive::Archive;
use crate::clock::Clock;
use crate::log_handle::LogHandle;

/// The log's writer, the log's past, and the only clock.
#[derive(Clone)]
pub(crate) struct Ledger {
    /// The log's writer.
    pub(crate) log: LogHandle,
    /// The log's past.
    pub(crate) archive: Archive,
    /// The only clock.
    pub(crate) clock: Arc<Clock>,
}
