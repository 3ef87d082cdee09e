//! Where a log's files, its keys and its anchors are taken from, as a command line names them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::{Code, Reply, Request};
use event_log::verify::{Note, NoteError, Options};

use crate::desk::Desk;
use crate::failure::Failure;

/// The key as text, or a file with one or both; a key has slashes too, so text is tried first.
pub(super) fn pin(options: &mut Options, given: &str) -> Result<(), Failure> {
    let wrong = |error| Failure::usage(format!("--key: {error}"));
    match options.pin(given) {
        Ok(()) => Ok(()),
        Err(error) if !Path::new(given).is_file() => Err(wrong(error)),
        Err(_) => options.pin(&read_text(Path::new(given))?).map_err(wrong),
    }
}

/// The keys that a text names, a line each, or that a file with such lines does; `option` is where they were given.
///
/// # Errors
/// [`Failure`]: exit code 2 for what is no such key.
pub(crate) fn read_keys<K: FromStr<Err = NoteError>>(
    option: &str,
    given: &str,
) -> Result<Vec<K>, Failure> {
    let parse = |text: &str| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::parse).collect::<Result<Vec<K>, NoteError>>()
    };
    let wrong = |error| Failure::usage(format!("{option}: {error}"));
    match parse(given) {
        Ok(keys) => Ok(keys),
        Err(error) if !Path::new(given).is_file() => Err(wrong(error)),
        Err(_) => parse(&read_text(Path::new(given))?).map_err(wrong),
    }
}

pub(super) fn read_anchor(path: &Path) -> Result<Note, Failure> {
    let text = read_text(path)?;
    let note = note_in(&text).unwrap_or(text).parse();
    note.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// What a file says.
///
/// # Errors
/// [`Failure`] naming the file.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    File::open(path)
        .and_then(|file| io::read_to_string(file.take(TEXT_LEN_MAX)))
        .map_err(|error| Failure::failed(format!("cannot read {}: {error}", path.display())))
}

/// Where a daemon that can be asked keeps its log; only the place is taken from it.
pub(super) fn dir_of_daemon(desk: &Desk) -> PathBuf {
    let answer = desk
        .connect()
        .and_then(|mut daemon| daemon.ask(Request::LogStatus {}));
    match answer {
        Ok(Reply::LogStatus(log)) => log.dir.into(),
        Ok(_) | Err(_) => DIR_DEFAULT.into(),
    }
}

/// The log's own folder, where that or the data directory is named.
///
/// # Errors
/// [`Failure`]: exit code 4 if there is none.
pub(crate) fn log_dir(given: &Path) -> Result<PathBuf, Failure> {
    let below = given.join("log");
    let dir = if below.is_dir() {
        below
    } else {
        given.to_owned()
    };
    if dir.is_dir() {
        return Ok(dir);
    }
    Err(Failure::new(
        Code::NotFound,
        format!("no directory {}", dir.display()),
    ))
}

/// The note in a line that `log export --syslog` made, whatever a system's log wrote before it.
pub(crate) fn note_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(NOTE_MARK)?;
    let word = rest.split_whitespace().next()?;
    String::from_utf8(STANDARD.decode(word).ok()?).ok()
}

/// What stands before a note in a line of the system's log.
pub(super) const NOTE_MARK: &str = "checkpoint=";

/// Octets of the longest text that is read: keys, a note, a proof. A log's folder may be hostile.
const TEXT_LEN_MAX: u64 = 64 * 1024;
/// Where the log lies unless configured otherwise.
const DIR_DEFAULT: &str = "/var/lib/portvakt/log";
