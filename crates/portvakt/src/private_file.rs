//! A private file: a page to print, which only who asked for it may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutLife, Say};

/// Asks before a file that is there is replaced.
///
/// # Errors
/// [`Failure`] if the answer is no, or nobody can be asked.
pub(crate) fn may_replace(desk: &mut Desk, file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    let file = &file.display().to_string();
    desk.confirm(&Say::AboutLife(AboutLife::AskReplace { file }))
}

/// Writes a file anew that nobody else may read, also where one lay that others could.
///
/// # Errors
/// [`Failure`] naming the file.
pub(crate) fn write(file: &Path, page: &str) -> Result<(), Failure> {
    anew(file, page)
        .map_err(|error| Failure::failed(format!("cannot write {}: {error}", file.display())))
}

fn anew(file: &Path, page: &str) -> io::Result<()> {
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_page_is_readable_by_nobody_else_whatever_lay_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("form.html");
        fs::write(&file, "a longer text that was there before").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        anew(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
