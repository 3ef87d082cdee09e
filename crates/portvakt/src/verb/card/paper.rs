//! `portvakt card form`.

mod page;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use access::IssuanceId;
use clap::Args;
use control::request::life::LifeRequest;
use control::{Reply, Request};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutLife, Say};

/// The form for the holder's signature, as one HTML page to print
///
/// What is registered of the holder, the doors and times, the end and the duty to return
/// the card. Printing it is logged. The paper is shredded when the card is returned, and so
/// is the file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Form {
    /// The issuance, P-…
    issuance: IssuanceId,
    /// Into this file, which only you may read [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

impl Form {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        if let Some(file) = self.to.as_deref().filter(|file| file.exists()) {
            let file = &file.display().to_string();
            desk.confirm(&Say::AboutLife(AboutLife::AskReplace { file }))?;
        }
        let mut daemon = desk.connect()?;
        let issuance = self.issuance;
        let reply = daemon.ask(Request::CardLife(LifeRequest::Form { issuance }))?;
        let Reply::Form(form) = &reply else {
            return Err(Failure::unexpected(&reply));
        };
        if desk.out.is_json() {
            return desk.out.json(form);
        }
        let page = page::draw(form, &daemon, desk.lang);
        match self.to {
            Some(file) => write(&file, &page).map_err(|error| {
                Failure::failed(format!("cannot write {}: {error}", file.display()))
            }),
            None => desk.out.line(page.trim_end()),
        }
    }
}

/// Writes a file anew that nobody else may read, also where one lay that others could.
fn write(file: &Path, page: &str) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(file)?;
    file.write_all(page.as_bytes())?;
    file.sync_all()
}

const EXAMPLES: &str = "\
Examples:
  portvakt card form P-3F7K2Q --to form.html
  portvakt --lang nb card form P-3F7K2Q > form.html";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_form_is_readable_by_nobody_else_whatever_lay_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("form.html");
        fs::write(&file, "a longer text that was there before").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        write(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
