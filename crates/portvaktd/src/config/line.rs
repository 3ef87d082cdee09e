//! A line: one serial device with the readers behind it.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use reader_bus::AsciiConfig;
use toml::Spanned;

use super::finding::{Finding, Place};
use super::rs485::{self, Rs485};
use super::table::{Document, Field, LineTable};
use super::{Findings, carriage, name, period};

/// The most lines one controller drives.
pub(crate) const LINES_MAX: usize = 32;

/// One `[[line]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What people call it.
    pub(crate) name: String,
    /// The tty, opened by this path each time.
    pub(crate) device: PathBuf,
    /// What is spoken on it.
    pub(crate) protocol: Protocol,
    /// Bits a second.
    pub(crate) baud: u32,
    /// How long is waited for what.
    pub(crate) timing: Timing,
    /// Whether the kernel switches the direction of the port, and how.
    pub(crate) rs485: Option<Rs485>,
    /// How readings are written on a `wiegand-ascii` line.
    pub(crate) carriage: AsciiConfig,
    /// Where it is defined.
    pub(crate) place: Place,
}

/// What is spoken on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// OSDP over RS-485.
    Osdp,
    /// A Wiegand reader behind a converter that pushes text.
    WiegandAscii,
    /// Wiegand converters and relay boards on Modbus RTU.
    WiegandModbus,
}

impl Protocol {
    /// The name in the file and in lists.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Osdp => "osdp",
            Self::WiegandAscii => "wiegand-ascii",
            Self::WiegandModbus => "wiegand-modbus",
        }
    }
}

/// How long a line waits, in milliseconds; the file spells them as durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timing {
    /// How long a reader may take to begin its reply; 200 at most (OSDP 2.2, 5.7).
    pub(crate) reply_timeout_ms: u16,
    /// The longest silence inside a frame.
    pub(crate) inter_character_ms: u16,
    /// Silence kept after a reply beyond the standard's.
    pub(crate) turnaround_ms: u8,
    /// How long the line waits after a card for the log.
    pub(crate) grant_hold_ms: u16,
}

impl Timing {
    fn parse(fields: &LineTable, owner: &str, findings: &mut Findings<'_>) -> Self {
        let mut wait = |field: &Field<String>, key: &str, default: u64, (least, most)| {
            let limits = Duration::from_millis(least)..=Duration::from_millis(most);
            let key = format!("{owner}: {key}");
            let default = Duration::from_millis(default);
            let period = period::parse(field.as_ref(), &key, default, limits, findings);
            u16::try_from(period.as_millis()).unwrap_or(u16::MAX)
        };
        Self {
            reply_timeout_ms: wait(&fields.reply_timeout, "reply_timeout", 200, (1, 200)),
            inter_character_ms: wait(
                &fields.inter_character,
                "inter_character",
                inter_character_ms(fields),
                (1, 1_000),
            ),
            turnaround_ms: u8::try_from(wait(&fields.turnaround, "turnaround", 0, (0, 100)))
                .unwrap_or(u8::MAX),
            grant_hold_ms: wait(&fields.grant_hold, "grant_hold", 5, (1, 100)),
        }
    }
}

/// USB and network adapters gather octets before they pass them on; a built-in port does not.
fn inter_character_ms(fields: &LineTable) -> u64 {
    let device = fields.device.as_ref().map_or("", |device| device.get_ref());
    let gathers = ["/dev/serial/", "ttyUSB", "ttyACM"];
    if gathers.iter().any(|sign| device.contains(sign)) {
        150
    } else {
        20
    }
}

impl Line {
    /// The finding for a device that is not there.
    pub(crate) fn missing_device(&self) -> Finding {
        let what = format!(
            "line \"{}\": device {} does not exist; connect the adapter or name the right path (ls /dev/serial/by-path)",
            self.name,
            self.device.display()
        );
        Finding {
            line: Some(self.place.0),
            what,
        }
    }
}

/// Every `[[line]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(document: &Document, findings: &mut Findings<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for table in &document.line {
        if let Some(line) = parse(table, &lines, findings) {
            lines.push(line);
        }
    }
    if document.line.is_empty() {
        findings.add_whole("there is no [[line]]; write one for each serial device");
    }
    if let Some(extra) = document.line.get(LINES_MAX) {
        findings.add(
            &extra.span(),
            format!(
                "{} lines are more than {LINES_MAX}; use a second controller",
                document.line.len()
            ),
        );
    }
    lines
}

fn parse(table: &Spanned<LineTable>, before: &[Line], findings: &mut Findings<'_>) -> Option<Line> {
    let (at, fields) = (table.span(), table.get_ref());
    let taken: Vec<(String, Place)> = before
        .iter()
        .map(|line| (line.name.clone(), line.place))
        .collect();
    let name = findings.need(fields.name.as_ref(), &at, "[[line]]", "name = \"north\"")?;
    let place = findings.place_of(&name.span());
    let name = name::parse(name, "line", &taken, findings)?;
    let owner = format!("line \"{name}\"");
    let device = device(fields, &at, before, &owner, findings);
    let protocol = protocol(fields, &at, &owner, findings);
    let baud = baud(&fields.baud, &owner, findings);
    let timing = Timing::parse(fields, &owner, findings);
    let rs485 = rs485::parse(&fields.rs485, &owner, findings);
    let carriage = match protocol {
        Some(Protocol::WiegandAscii) => carriage::parse(fields, &owner, findings),
        Some(Protocol::Osdp | Protocol::WiegandModbus) => {
            carriage::refuse(fields, &owner, findings)
        }
        None => None,
    };
    Some(Line {
        name,
        device: device?,
        protocol: protocol?,
        baud,
        timing,
        rs485: rs485?,
        carriage: carriage?,
        place,
    })
}

fn device(
    fields: &LineTable,
    at: &Range<usize>,
    before: &[Line],
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<PathBuf> {
    let field = findings.need(
        fields.device.as_ref(),
        at,
        owner,
        "device = \"/dev/serial/by-path/…\"",
    )?;
    let path = PathBuf::from(field.get_ref());
    if !path.is_absolute() {
        findings.add(
            &field.span(),
            format!(
                "{owner}: device \"{}\" is not an absolute path; write /dev/…",
                field.get_ref()
            ),
        );
        return None;
    }
    if let Some(other) = before.iter().find(|line| line.device == path) {
        findings.add(
            &field.span(),
            format!(
                "{owner}: device {} already belongs to line \"{}\" (line {})",
                path.display(),
                other.name,
                other.place
            ),
        );
        return None;
    }
    Some(path)
}

fn protocol(
    fields: &LineTable,
    at: &Range<usize>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Protocol> {
    let field = findings.need(fields.protocol.as_ref(), at, owner, "protocol = \"osdp\"")?;
    match field.get_ref().as_str() {
        "osdp" => Some(Protocol::Osdp),
        "wiegand-ascii" => Some(Protocol::WiegandAscii),
        "wiegand-modbus" => Some(Protocol::WiegandModbus),
        other => {
            findings.add(
                &field.span(),
                format!(
                    "{owner}: protocol \"{other}\" is unknown; use \"osdp\", \"wiegand-ascii\" or \"wiegand-modbus\""
                ),
            );
            None
        }
    }
}

fn baud(field: &Field<i64>, owner: &str, findings: &mut Findings<'_>) -> u32 {
    let Some(field) = field else {
        return BAUD_DEFAULT;
    };
    let known = u32::try_from(*field.get_ref())
        .ok()
        .filter(|baud| BAUDS.contains(baud));
    known.unwrap_or_else(|| {
        let rates = BAUDS.map(|baud| baud.to_string()).join(", ");
        findings.add(
            &field.span(),
            format!(
                "{owner}: baud = {} is not a rate of this bus; use one of {rates}",
                field.get_ref()
            ),
        );
        BAUD_DEFAULT
    })
}

/// OSDP 2.2, 5.4: 9600 is what a reader speaks out of the box.
const BAUD_DEFAULT: u32 = 9_600;

/// Rates that OSDP readers and their adapters offer.
const BAUDS: [u32; 8] = [
    9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
];
