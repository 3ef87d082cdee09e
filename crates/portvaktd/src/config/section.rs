//! `[site]`, `[control]` and `[keys]`: who this house is and where its things lie.

use std::ops::Range;
use std::path::PathBuf;

use access::WorkingDay;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::Findings;
use super::table::{Document, Field, SiteTable};

/// The house itself.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// What people call the house.
    pub(crate) name: String,
    /// The log's identity, pinned by verifiers.
    pub(crate) origin: String,
    /// The IANA zone of civil times typed and shown; it exists.
    pub(crate) time_zone: String,
    /// Register, keys and log live here.
    pub(crate) data_dir: PathBuf,
    /// When a forgotten-card visitor's day ends, civil time.
    pub(crate) working_day_ends: Time,
    /// How what is printed is classified (M35); written by hand where the file does not say.
    pub(crate) classification: Option<String>,
    /// Who owns the information in it.
    pub(crate) information_owner: Option<String>,
    /// The control socket.
    pub(crate) socket: PathBuf,
}

impl Section {
    /// When the working day ends, and forgotten cards with it (M9).
    pub(crate) fn working_day(&self) -> Option<WorkingDay> {
        let zone = TimeZone::get(&self.time_zone).ok()?;
        Some(WorkingDay::new(zone, self.working_day_ends))
    }

    /// The three tables; what is wrong becomes a finding.
    pub(crate) fn parse(document: &Document, findings: &mut Findings<'_>) -> Option<Self> {
        refuse_other_seals(document, findings);
        let socket = socket(document, findings);
        let Some(table) = &document.site else {
            findings.add_whole("there is no [site]; write name, origin, time_zone, data_dir and working_day_ends in it");
            return None;
        };
        let (at, site) = (table.span(), table.get_ref());
        let name = filled(
            &site.name,
            &at,
            "[site]: name",
            "name = \"Kommunenes Hus\"",
            findings,
        );
        let origin = origin(site, &at, findings);
        let zone = time_zone(site, &at, findings);
        let data_dir = path(
            &site.data_dir,
            &at,
            "data_dir = \"/var/lib/portvakt\"",
            findings,
        );
        let working_day_ends = working_day_ends(site, findings);
        let classification = printed(&site.classification, "classification", findings);
        let information_owner = printed(&site.information_owner, "information_owner", findings);
        Some(Self {
            name: name?,
            origin: origin?,
            time_zone: zone?,
            data_dir: data_dir?,
            working_day_ends: working_day_ends?,
            classification: classification?,
            information_owner: information_owner?,
            socket: socket?,
        })
    }
}

fn refuse_other_seals(document: &Document, findings: &mut Findings<'_>) {
    let Some(field) = document
        .keys
        .as_ref()
        .and_then(|keys| keys.sealed_by.as_ref())
    else {
        return;
    };
    match field.get_ref().as_str() {
        "file" => {}
        "credential" => findings.add(
            &field.span(),
            "sealed_by = \"credential\" is not supported by this version; write \"file\"",
        ),
        other => findings.add(
            &field.span(),
            format!("sealed_by = \"{other}\" is unknown; write \"file\""),
        ),
    }
}

fn socket(document: &Document, findings: &mut Findings<'_>) -> Option<PathBuf> {
    let Some(table) = &document.control else {
        return Some(PathBuf::from(SOCKET_DEFAULT));
    };
    let Some(field) = &table.get_ref().socket else {
        return Some(PathBuf::from(SOCKET_DEFAULT));
    };
    let path = PathBuf::from(field.get_ref());
    if !path.is_absolute() {
        findings.add(
            &field.span(),
            format!(
                "socket \"{}\" is not an absolute path; write \"{SOCKET_DEFAULT}\"",
                path.display()
            ),
        );
        return None;
    }
    if field.get_ref().len() > SOCKET_LEN_MAX {
        let length = field.get_ref().len();
        findings.add(&field.span(), format!("socket path of {length} octets is longer than the {SOCKET_LEN_MAX} the system takes; use a shorter one"));
        return None;
    }
    Some(path)
}

fn filled(
    field: &Field<String>,
    at: &Range<usize>,
    what: &str,
    example: &str,
    findings: &mut Findings<'_>,
) -> Option<String> {
    let field = findings.need(field.as_ref(), at, "[site]", example)?;
    let text = field.get_ref().trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        findings.add(
            &field.span(),
            format!("{what} is empty or has control characters; write {example}"),
        );
        return None;
    }
    Some(text.to_owned())
}

/// Something that is printed on papers, if it is given.
fn printed(
    field: &Field<String>,
    key: &str,
    findings: &mut Findings<'_>,
) -> Option<Option<String>> {
    let Some(given) = field else {
        return Some(None);
    };
    let example = format!("{key} = \"...\", or leave it out");
    let what = format!("[site]: {key}");
    filled(field, &given.span(), &what, &example, findings).map(Some)
}

fn path(
    field: &Field<String>,
    at: &Range<usize>,
    example: &str,
    findings: &mut Findings<'_>,
) -> Option<PathBuf> {
    let text = filled(field, at, "[site]: data_dir", example, findings)?;
    let path = PathBuf::from(&text);
    if path.is_absolute() {
        return Some(path);
    }
    let at = field
        .as_ref()
        .map_or_else(|| at.clone(), toml::Spanned::span);
    findings.add(
        &at,
        format!("[site]: \"{text}\" is not an absolute path; write {example}"),
    );
    None
}

/// C2SP tlog-checkpoint: an origin is one line without spaces or plus signs where it names a key.
fn origin(site: &SiteTable, at: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let example = "origin = \"kommuneneshus.example/portvakt\"";
    let text = filled(&site.origin, at, "[site]: origin", example, findings)?;
    if text.len() <= ORIGIN_LEN_MAX && !text.contains([' ', '+']) && text.is_ascii() {
        return Some(text);
    }
    let at = site
        .origin
        .as_ref()
        .map_or_else(|| at.clone(), toml::Spanned::span);
    findings.add(
        &at,
        format!(
            "[site]: origin \"{text}\" must be plain ASCII without spaces or \"+\"; write {example}"
        ),
    );
    None
}

fn time_zone(site: &SiteTable, at: &Range<usize>, findings: &mut Findings<'_>) -> Option<String> {
    let field = findings.need(
        site.time_zone.as_ref(),
        at,
        "[site]",
        "time_zone = \"Europe/Oslo\"",
    )?;
    match TimeZone::get(field.get_ref()) {
        Ok(_) => Some(field.get_ref().clone()),
        Err(_) => {
            findings.add(
                &field.span(),
                format!(
                    "[site]: time_zone \"{}\" is not in the IANA database; write \"Europe/Oslo\"",
                    field.get_ref()
                ),
            );
            None
        }
    }
}

fn working_day_ends(site: &SiteTable, findings: &mut Findings<'_>) -> Option<Time> {
    let Some(field) = &site.working_day_ends else {
        return Some(Time::constant(16, 0, 0, 0));
    };
    match Time::strptime("%H:%M", field.get_ref()) {
        Ok(time) => Some(time),
        Err(_) => {
            findings.add(
                &field.span(),
                format!(
                    "[site]: working_day_ends = \"{}\" is not a time of day; write \"16:00\"",
                    field.get_ref()
                ),
            );
            None
        }
    }
}

/// interfaces: where the command line looks when nobody says otherwise.
const SOCKET_DEFAULT: &str = "/run/portvakt/control.sock";

/// `sockaddr_un`: 108 octets with the closing zero.
const SOCKET_LEN_MAX: usize = 107;

/// Keeps the origin a line of the checkpoint.
const ORIGIN_LEN_MAX: usize = 128;
