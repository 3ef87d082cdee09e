//! The command line's binary: parses, starts, exits.

use std::process::ExitCode;

fn main() -> ExitCode {
    portvakt::run()
}
