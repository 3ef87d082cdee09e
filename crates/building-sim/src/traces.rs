//! Traces: whether any of many strings of octets occurs in any file of a folder, in one pass over each.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every place where one of these occurs: the file, and which of them. Strings shorter than eight octets are not sought.
///
/// # Errors
/// What the system says; a file that goes away meanwhile is none.
pub fn find_traces(folder: &Path, sought: &[&[u8]]) -> io::Result<Vec<(PathBuf, usize)>> {
    let mut seeker = Seeker {
        by_beginning: HashMap::new(),
        marks: vec![0; MARKS],
    };
    for (which, octets) in sought.iter().enumerate() {
        if let Some(beginning) = octets.first_chunk() {
            let beginning = u64::from_le_bytes(*beginning);
            let (place, bit) = mark(beginning);
            if let Some(marks) = seeker.marks.get_mut(place) {
                *marks |= bit;
            }
            let those = seeker.by_beginning.entry(beginning).or_default();
            those.push((which, *octets));
        }
    }
    let mut found = Vec::new();
    seeker.walk(folder, &mut found)?;
    Ok(found)
}

struct Seeker<'a> {
    /// What begins with these eight octets.
    by_beginning: HashMap<u64, Vec<(usize, &'a [u8])>>,
    /// A bit for each beginning there may be: nearly all octets are passed over by it alone.
    marks: Vec<u64>,
}

impl Seeker<'_> {
    fn walk(&self, folder: &Path, found: &mut Vec<(PathBuf, usize)>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.walk(&entry.path(), found)?;
            } else if kind.is_file() {
                match fs::read(entry.path()) {
                    Ok(octets) => {
                        let here = self.seek(&octets).into_iter();
                        found.extend(here.map(|which| (entry.path(), which)));
                    }
                    Err(gone) if gone.kind() == io::ErrorKind::NotFound => {}
                    Err(cause) => return Err(cause),
                }
            }
        }
        Ok(())
    }

    fn seek(&self, octets: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, window) in octets.windows(BEGINNING).enumerate() {
            let beginning = window.first_chunk().copied();
            let beginning = u64::from_le_bytes(beginning.unwrap_or_default());
            let (place, bit) = mark(beginning);
            if self.marks.get(place).is_none_or(|marks| marks & bit == 0) {
                continue;
            }
            let rest = octets.get(at..).unwrap_or_default();
            let those = self.by_beginning.get(&beginning).into_iter().flatten();
            let there = those.filter(|(_, sought)| rest.starts_with(sought));
            found.extend(there.map(|(which, _)| *which));
        }
        found
    }
}

/// The bit of a beginning.
fn mark(beginning: u64) -> (usize, u64) {
    let mixed = beginning.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44;
    let place = usize::try_from(mixed / 64).unwrap_or_default();
    (place, 1 << (mixed % 64))
}

const BEGINNING: usize = 8;
/// Twenty bits of a beginning are looked at.
const MARKS: usize = (1 << 20) / 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_anywhere_in_a_folder_is_found_at_every_place_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        let sought: [&[u8]; 3] = [b"Nomen Nescio", b"+999 00 000", b"nowhere at all"];
        fs::write(folder.path().join("ends"), b"xxNomen Nescio").unwrap();
        fs::write(deep.join("begins"), b"+999 00 000 and Nomen Nesci").unwrap();
        let mut found = find_traces(folder.path(), &sought).unwrap();
        found.sort();
        assert_eq!(
            found,
            [(deep.join("begins"), 1), (folder.path().join("ends"), 0)]
        );
    }

    #[test]
    fn two_that_begin_alike_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("one"),
            b"..the same beginning, and this..",
        )
        .unwrap();
        let sought: [&[u8]; 2] = [b"the same beginning, or that", b"the same beginning, and"];
        let found = find_traces(folder.path(), &sought).unwrap();
        assert_eq!(found, [(folder.path().join("one"), 1)]);
    }
}
