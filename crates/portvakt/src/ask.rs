//! Questions to the person at the terminal: asked on standard error, answered on
//! standard input.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Whether somebody is there to be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The answer to `question`, without the line's end.
///
/// # Errors
/// [`Failure`] if the terminal is gone.
pub(crate) fn ask(question: &str) -> Result<String, Failure> {
    let mut stderr = io::stderr();
    stderr.write_all(question.as_bytes())?;
    stderr.flush()?;
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer)? == 0 {
        return Err(Failure::usage(
            "the terminal was closed while an answer was due",
        ));
    }
    Ok(answer.trim().to_owned())
}

/// What a small secret file holds, or standard input for `-`; a terminal does not echo
/// what is typed.
///
/// # Errors
/// [`Failure`] naming the file, never what it holds.
pub(crate) fn read_secret(path: &str) -> Result<Zeroizing<String>, Failure> {
    let cannot = |error: io::Error| Failure::failed(format!("cannot read {path}: {error}"));
    let mut text = Zeroizing::new(String::with_capacity(SECRET_LEN_MAX));
    if path != "-" {
        let file = File::open(path).map_err(cannot)?;
        file.take(SECRET_LEN_MAX as u64)
            .read_to_string(&mut text)
            .map_err(cannot)?;
    } else if can_ask() {
        read_hidden("key (not shown): ", &mut text).map_err(cannot)?;
    } else {
        let stdin = io::stdin().lock();
        stdin
            .take(SECRET_LEN_MAX as u64)
            .read_to_string(&mut text)
            .map_err(cannot)?;
    }
    Ok(text)
}

/// What is typed at the terminal after `question`, which does not echo it; without blanks around it.
///
/// # Errors
/// [`Failure`] if the terminal is gone.
pub(crate) fn ask_hidden(question: &str) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(SECRET_LEN_MAX));
    read_hidden(question, &mut text)?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

fn read_hidden(question: &str, text: &mut String) -> io::Result<()> {
    let mut stderr = io::stderr();
    stderr.write_all(question.as_bytes())?;
    stderr.flush()?;
    let stdin = io::stdin();
    let before = tcgetattr(&stdin)?;
    let mut hidden = before.clone();
    // Without ISIG an interrupt cannot leave the terminal without its echo.
    hidden
        .local_modes
        .remove(LocalModes::ECHO | LocalModes::ISIG);
    tcsetattr(&stdin, OptionalActions::Flush, &hidden)?;
    let read = stdin.lock().read_line(text);
    tcsetattr(&stdin, OptionalActions::Now, &before)?;
    stderr.write_all(b"\n")?;
    read.map(|_| ())
}

/// Octets a secret file may have; 32 hex digits and a line's end need 34.
const SECRET_LEN_MAX: usize = 256;
