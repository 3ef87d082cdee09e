//! `[backup]`: where backups are written.

use std::path::{Path, PathBuf};

use super::Findings;
use super::table::Document;

/// The directory, if there is to be one. Not in the data directory: what is lost with it is no backup, and who is forgotten there
/// is looked for in every file of it.
pub(crate) fn parse(
    document: &Document,
    data_dir: Option<&Path>,
    findings: &mut Findings<'_>,
) -> Option<PathBuf> {
    let field = document.backup.as_ref()?.dir.as_ref()?;
    let dir = PathBuf::from(field.get_ref());
    if !dir.is_absolute() || data_dir.is_some_and(|data| dir.starts_with(data)) {
        findings.add(
            &field.span(),
            format!("[backup] dir \"{}\" is not an absolute path outside data_dir; write dir = \"/var/backups/portvakt\"", field.get_ref()),
        );
        return None;
    }
    Some(dir)
}
