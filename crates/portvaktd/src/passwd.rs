//! The system's lists of users and groups: which name belongs to which number.
//!
//! A role needs number and name, both as registered; groups give nothing. Read anew each time, so a user that was removed
//! or renamed is noticed at the next connection.

use std::fs;
use std::io;
use std::path::Path;

/// The name of the user with this number: the first entry, as the system's own tools choose.
///
/// # Errors
/// `/etc/passwd` cannot be read.
pub(crate) fn name_of(uid: u32) -> io::Result<Option<String>> {
    let text = fs::read_to_string(Path::new(PASSWD))?;
    Ok(entries(&text)
        .find(|(_, number)| *number == uid)
        .map(|(name, _)| name.to_owned()))
}

/// The number of the user with this name.
///
/// # Errors
/// `/etc/passwd` cannot be read.
pub(crate) fn number_of(name: &str) -> io::Result<Option<u32>> {
    let text = fs::read_to_string(Path::new(PASSWD))?;
    Ok(entries(&text)
        .find(|(user, _)| *user == name)
        .map(|(_, number)| number))
}

/// The number of the group with this name.
///
/// # Errors
/// `/etc/group` cannot be read.
pub(crate) fn group_of(name: &str) -> io::Result<Option<u32>> {
    let text = fs::read_to_string(Path::new(GROUP))?;
    Ok(entries(&text)
        .find(|(group, _)| *group == name)
        .map(|(_, number)| number))
}

/// `name:password:number:…`, passwd(5) and group(5); lines of another shape are none of ours.
pub(crate) fn entries(text: &str) -> impl Iterator<Item = (&str, u32)> {
    text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        let number = fields.nth(1)?.parse::<u32>().ok()?;
        Some((name, number))
    })
}

const PASSWD: &str = "/etc/passwd";
const GROUP: &str = "/etc/group";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_lines_name_nobody() {
        let text = "# comment\n\nroot:x:0:0:root:/root:/bin/sh\n:x:0:0\nshort:x\nbad:x:minus:0\nkari:x:1000:1000::/:";
        assert_eq!(
            entries(text).collect::<Vec<_>>(),
            [("root", 0), ("kari", 1000)]
        );
    }

    #[test]
    fn root_is_known_by_name_and_number() {
        assert_eq!(name_of(0).unwrap().as_deref(), Some("root"));
        assert_eq!(number_of("root").unwrap(), Some(0));
    }
}
