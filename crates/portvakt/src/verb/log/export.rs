//! `portvakt log export`: the newest checkpoint, to be kept where the log's keeper cannot reach it; or the log as tiles.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{ArgGroup, Args};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::source::{NOTE_MARK, dir_of_daemon, log_dir, read_text};
use super::tiles;
use crate::desk::Desk;
use crate::failure::Failure;

/// Copy the newest signed checkpoint, or the log as tiles, out of the log
///
/// A checkpoint is a few hundred characters that say how long the log is and what its root
/// is. Kept elsewhere it is an anchor: log verify --anchor then finds an end that was cut
/// off and a past that was written anew. Tiles are the whole log without a person in it, in
/// the form of C2SP tlog-tiles, for tools that others wrote; exported to the same folder
/// again, only what is new is written. Needs the log's files, no daemon and no secret.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("what").required(true))]
pub(crate) struct Export {
    /// The checkpoint
    #[arg(long, group = "what")]
    checkpoint: bool,
    /// The log as tiles, into this folder: new, empty, or a former export of this log
    #[arg(long, value_name = "DIR", group = "what", conflicts_with = "way")]
    tiles: Option<PathBuf>,
    /// The log's directory, or the data directory it is in [default: the daemon's]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Into this file [default: standard output]
    #[arg(long, value_name = "FILE", group = "way")]
    out: Option<PathBuf>,
    /// As a QR code on the terminal, for a telephone
    #[arg(long, group = "way")]
    qr: bool,
    /// As a line to the system's log, which may be on another machine
    #[arg(long, group = "way")]
    syslog: bool,
}

impl Export {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let dir = log_dir(&self.dir.unwrap_or_else(|| dir_of_daemon(desk)))?;
        if let Some(to) = self.tiles {
            return tiles::export(desk, &dir, &to);
        }
        debug_assert!(self.checkpoint, "clap wants it");
        let note = read_text(&dir.join("checkpoint"))?;
        if self.qr {
            let code = QrCode::new(note.as_bytes());
            let code = code.map_err(|error| Failure::failed(format!("no QR code: {error}")))?;
            // Light on dark, as terminals are.
            let drawn = code
                .render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .build();
            return desk.out.line(&drawn);
        }
        if self.syslog {
            return to_syslog(&line_of(&note), Path::new(SYSLOG));
        }
        match self.out {
            Some(file) => fs::write(&file, note).map_err(|error| {
                Failure::failed(format!("cannot write {}: {error}", file.display()))
            }),
            None => desk.out.line(note.trim_end()),
        }
    }
}

/// A checkpoint in one line: what people look for in clear, and the note itself for `log verify --anchor`.
fn line_of(note: &str) -> String {
    let mut lines = note.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (origin, size, root) = (next(), next(), next());
    format!(
        "log={origin} size={size} root={root} {NOTE_MARK}{}",
        STANDARD.encode(note)
    )
}

fn to_syslog(line: &str, socket: &Path) -> Result<(), Failure> {
    let unsent = |error| Failure::failed(format!("no system log at {}: {error}", socket.display()));
    let datagram = UnixDatagram::unbound().map_err(unsent)?;
    let message = format!("<{PRIORITY}>portvakt: {line}");
    datagram
        .send_to(message.as_bytes(), socket)
        .map_err(unsent)?;
    Ok(())
}

const SYSLOG: &str = "/dev/log";
/// RFC 5424, 6.2.1: facility 13, log audit; severity 5, notice.
const PRIORITY: u8 = 13 * 8 + 5;

const EXAMPLES: &str = "\
Examples:
  portvakt log export --checkpoint --out 2026-q4.checkpoint
  portvakt log export --checkpoint --qr
  portvakt log export --checkpoint --syslog
  portvakt log export --tiles /media/audit/tiles --dir /var/lib/portvakt/log";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verb::log::source::note_in;

    const NOTE: &str =
        "house.example/portvakt\n12\nAAAA\ntime_us 5\n\n— house.example/portvakt BBBB\n";

    #[test]
    fn a_checkpoint_comes_back_from_a_line_of_the_systems_log() {
        let line = line_of(NOTE);
        assert!(line.starts_with("log=house.example/portvakt size=12 root=AAAA checkpoint="));
        let logged = format!("Nov 26 13:00:00 door portvakt: {line}\n");
        assert_eq!(note_in(&logged).as_deref(), Some(NOTE));
        assert_eq!(note_in("Nov 26 13:00:00 door sshd: hello"), None);
    }

    #[test]
    fn a_line_arrives_at_the_systems_log() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("log");
        let system = UnixDatagram::bind(&socket).unwrap();
        to_syslog("log=x", &socket).unwrap();
        let mut octets = [0; 100];
        let len = system.recv(&mut octets).unwrap();
        assert_eq!(&octets[..len], b"<109>portvakt: log=x");
        assert!(to_syslog("log=x", &folder.path().join("none")).is_err());
    }
}
