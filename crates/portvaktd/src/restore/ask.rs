//! The passphrase of a backup: from a file, or typed at a terminal that does not show it.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The passphrase, without blanks around it.
///
/// # Errors
/// [`Failure::Config`] where there is neither a file nor a terminal, or what the system says.
pub(super) fn passphrase(file: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(LEN_MAX));
    let len = u64::try_from(LEN_MAX).unwrap_or(u64::MAX);
    let read = match file {
        Some(path) if path != Path::new("-") => {
            File::open(path).and_then(|file| file.take(len).read_to_string(&mut text))
        }
        _ if io::stdin().is_terminal() => hidden(&mut text),
        Some(_) => io::stdin().lock().take(len).read_to_string(&mut text),
        None => {
            return Err(Failure::Config(
                "the passphrase of the backup is needed, and there is no terminal to ask at; give --passphrase-file FILE, or - for standard input".to_owned(),
            ));
        }
    };
    read.map_err(|cause| Failure::failed("the passphrase cannot be read", cause))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

fn hidden(text: &mut String) -> io::Result<usize> {
    let (stdin, mut stderr) = (io::stdin(), io::stderr());
    stderr.write_all(b"Passphrase of the backup (not shown): ")?;
    stderr.flush()?;
    let before = tcgetattr(&stdin)?;
    let mut hidden = before.clone();
    // Without ISIG an interrupt cannot leave the terminal without its echo.
    hidden
        .local_modes
        .remove(LocalModes::ECHO | LocalModes::ISIG);
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    let read = stdin.lock().read_line(text);
    tcsetattr(&stdin, OptionalActions::Flush, &before)?;
    stderr.write_all(b"\n")?;
    read
}

const LEN_MAX: usize = 4_096;
