//! `portvakt log export --tiles`: the log for tools that others wrote.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use control::Code;
use event_log::disk::RealDisk;
use event_log::verify::Options;
use event_log::{ExportError, Exported, export_tiles};
use serde_json::json;

use super::source::read_text;
use super::verify::progress_bar;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// Exports the log of this directory to a folder, which is made if there is none.
pub(super) fn export(desk: &mut Desk, dir: &Path, to: &Path) -> Result<(), Failure> {
    let mut options = Options::default();
    options
        .pin(&read_text(&dir.join("verifier"))?)
        .map_err(|error| Failure::failed(format!("verifier: {error}")))?;
    let key = options
        .key
        .ok_or_else(|| Failure::failed("verifier: there is no key of a log in it"))?;
    make(to).map_err(|error| Failure::failed(format!("cannot make {}: {error}", to.display())))?;
    let (log, folder) = (RealDisk::new(dir.to_owned()), RealDisk::new(to.to_owned()));
    let bar = progress_bar();
    let exported = export_tiles(&log, &key, &folder, &mut |progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    match exported {
        Ok(exported) => show(desk, to, &exported),
        Err(cause) => Err(refused(to, &cause)),
    }
}

/// The folder, durably, and not those above it.
fn make(to: &Path) -> io::Result<()> {
    if to.is_dir() {
        return Ok(());
    }
    fs::create_dir(to)?;
    let above = to.parent().filter(|above| !above.as_os_str().is_empty());
    File::open(above.unwrap_or(Path::new(".")))?.sync_all()
}

fn show(desk: &mut Desk, to: &Path, exported: &Exported) -> Result<(), Failure> {
    let root = STANDARD.encode(exported.root);
    if desk.out.is_json() {
        return desk.out.json(&json!({
            "tiles": to,
            "origin": exported.origin,
            "events": exported.size,
            "first": exported.first,
            "root": root,
            "files_written": exported.files,
        }));
    }
    desk.field(Label::Tiles, &to.display().to_string())?;
    desk.field(Label::Origin, &exported.origin)?;
    desk.field(Label::Events, &exported.size.to_string())?;
    desk.field(Label::Root, &root)
}

/// What is not as it was signed or exported is exit code 6, as `log verify` has it.
fn refused(to: &Path, cause: &ExportError) -> Failure {
    match cause {
        ExportError::Log(log) => super::prove::unproven(log),
        ExportError::OtherLog
        | ExportError::Longer
        | ExportError::OtherPast { .. }
        | ExportError::Differs { .. } => {
            Failure::new(Code::Unverified, format!("{}: {cause}", to.display()))
        }
        ExportError::Pruned { .. } => Failure::failed(cause),
        ExportError::Foreign { .. } | ExportError::Gap { .. } | ExportError::Io { .. } => {
            Failure::failed(format!("{}: {cause}", to.display()))
        }
    }
}
