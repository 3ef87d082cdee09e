//! The daemon's binary: parses, starts, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    portvaktd::run()
}
