//! The name of a line, a reader, a door, a group or an area: what people type and events show, so it is short, plain and used once.

use toml::Spanned;

use super::Findings;
use super::finding::{Place, listed};
use super::table::OneOrMany;

/// The longest name, in characters.
const NAME_LEN_MAX: usize = 48;

/// A name that may be used, and is not in `taken`; otherwise a finding.
pub(crate) fn parse(
    field: &Spanned<String>,
    what: &str,
    taken: &[(String, Place)],
    findings: &mut Findings<'_>,
) -> Option<String> {
    let name = field.get_ref();
    if !is_plain(name) {
        findings.add(
            &field.span(),
            format!("{what} name \"{name}\" cannot be used; take 1 to {NAME_LEN_MAX} letters, digits, \"-\", \"_\" or \".\""),
        );
        return None;
    }
    if let Some((_, line)) = taken.iter().find(|(other, _)| other == name) {
        findings.add(
            &field.span(),
            format!(
                "{what} \"{name}\" is already defined in line {line}; give each a name of its own"
            ),
        );
        return None;
    }
    Some(name.clone())
}

/// The position of `name` among `names`, or a finding that lists the right ones.
pub(crate) fn find<'n>(
    field: &Spanned<String>,
    owner: &str,
    what: &str,
    names: impl Iterator<Item = &'n str> + Clone,
    findings: &mut Findings<'_>,
) -> Option<usize> {
    let wanted = field.get_ref();
    let position = names.clone().position(|name| name == wanted);
    if position.is_none() {
        let known = listed(names);
        findings.add(
            &field.span(),
            format!("{owner}: {what} \"{wanted}\" is not defined; defined are {known}"),
        );
    }
    position
}

/// The positions of `field`'s names among `names`, each once; a finding for a list that is empty, that names a thing twice or one
/// that is not there.
pub(crate) fn find_each<'n>(
    field: &Spanned<OneOrMany>,
    owner: &str,
    what: &str,
    names: impl Iterator<Item = &'n str> + Clone,
    findings: &mut Findings<'_>,
) -> Option<Vec<usize>> {
    let at = field.span();
    let wanted = field.get_ref().names();
    if wanted.is_empty() {
        findings.add(
            &at,
            format!("{owner} is without a {what}; name at least one"),
        );
        return None;
    }
    let mut found = Vec::with_capacity(wanted.len());
    for name in wanted {
        let spanned = Spanned::new(at.clone(), name.to_owned());
        let position = find(&spanned, owner, what, names.clone(), findings)?;
        if found.contains(&position) {
            findings.add(
                &at,
                format!("{owner}: {what} \"{name}\" is named twice; name it once"),
            );
            return None;
        }
        found.push(position);
    }
    Some(found)
}

fn is_plain(name: &str) -> bool {
    let length = name.chars().count();
    (1..=NAME_LEN_MAX).contains(&length)
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
