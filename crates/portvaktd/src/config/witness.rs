//! `[[witness]]`: somebody on another machine whose word on the log's length the daemon keeps. The daemon itself never calls.

use event_log::WitnessKey;
use toml::Spanned;

use super::finding::Place;
use super::table::{Document, WitnessTable};
use super::{Findings, name};

/// A witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Witness {
    /// What people call it.
    pub(crate) name: String,
    /// Where `portvakt witness push` asks it.
    pub(crate) url: String,
    /// By what its word is checked.
    pub(crate) key: WitnessKey,
    place: Place,
}

/// Every `[[witness]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(document: &Document, findings: &mut Findings<'_>) -> Vec<Witness> {
    let mut witnesses: Vec<Witness> = Vec::new();
    for table in &document.witness {
        if let Some(witness) = parse(table, &witnesses, findings) {
            witnesses.push(witness);
        }
    }
    if let Some(extra) = document.witness.get(WITNESSES_MAX) {
        let what =
            format!("more than {WITNESSES_MAX} [[witness]] tables; three or four are plenty");
        findings.add(&extra.span(), what);
    }
    witnesses
}

fn parse(
    table: &Spanned<WitnessTable>,
    before: &[Witness],
    findings: &mut Findings<'_>,
) -> Option<Witness> {
    let (at, fields) = (table.span(), table.get_ref());
    let example = "name = \"auditor\"";
    let named = findings.need(fields.name.as_ref(), &at, "[[witness]]", example)?;
    let taken: Vec<(String, Place)> = before
        .iter()
        .map(|witness| (witness.name.clone(), witness.place))
        .collect();
    let called = name::parse(named, "witness", &taken, findings);
    let owner = format!("witness \"{}\"", named.get_ref());
    let url = findings.need(fields.url.as_ref(), &at, &owner, URL_EXAMPLE);
    let key = findings.need(fields.key.as_ref(), &at, &owner, KEY_EXAMPLE);
    let url = url_of(url?, &owner, findings);
    let key = key_of(key?, &owner, before, findings);
    Some(Witness {
        name: called?,
        url: url?,
        key: key?,
        place: findings.place_of(&at),
    })
}

fn url_of(field: &Spanned<String>, owner: &str, findings: &mut Findings<'_>) -> Option<String> {
    let url = field.get_ref();
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |rest: &str| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()) && !rest.contains(['?', '#'])
    };
    if rest.is_some_and(is_plain) && url.len() <= URL_LEN_MAX {
        return Some(url.clone());
    }
    let what = format!("{owner}: \"{url}\" is no address of a witness; write {URL_EXAMPLE}");
    findings.add(&field.span(), what);
    None
}

fn key_of(
    field: &Spanned<String>,
    owner: &str,
    before: &[Witness],
    findings: &mut Findings<'_>,
) -> Option<WitnessKey> {
    let key: WitnessKey = match field.get_ref().parse() {
        Ok(key) => key,
        Err(error) => {
            let what = format!("{owner}: {error}; write the key that portvakt witness run printed");
            findings.add(&field.span(), what);
            return None;
        }
    };
    if let Some(other) = before.iter().find(|other| other.key == key) {
        let what = format!(
            "{owner}: this is the key of witness \"{}\"; one that is asked twice is one witness",
            other.name
        );
        findings.add(&field.span(), what);
        return None;
    }
    Some(key)
}

/// Most witnesses of a house.
const WITNESSES_MAX: usize = 16;
const URL_LEN_MAX: usize = 512;
const URL_EXAMPLE: &str = "url = \"https://witness.example\"";
const KEY_EXAMPLE: &str = "key = \"NAME+01234567+BASE64\", as portvakt witness run printed it";
