//! The daemon's program, where something is to be done that only it can.

use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The one beside this program; otherwise the one on PATH.
pub(crate) fn find() -> PathBuf {
    std::env::current_exe()
        .ok()
        .map(|own| own.with_file_name(PROGRAM))
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| PathBuf::from(PROGRAM))
}

/// It cannot be started.
pub(crate) fn not_started(program: &Path, error: &io::Error) -> Failure {
    let program = program.display();
    Failure::failed(format_args!(
        "{program} cannot be started: {error}; build it with cargo build"
    ))
}

const PROGRAM: &str = "portvaktd";
