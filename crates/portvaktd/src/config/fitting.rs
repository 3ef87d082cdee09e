//! A fitting of a door: the output that is its strike, the inputs that are its contact and its exit button.

use std::ops::Range;

use reader_bus::Keypad;
use toml::Spanned;

use super::line::{Line, Protocol};
use super::reader::Reader;
use super::table::{Field, InputTable, StrikeTable};
use super::{Findings, board, name};

/// An output of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutputAt {
    /// Position of the reader in [`super::Config::readers`].
    pub(crate) reader: usize,
    /// Number of the output at that reader.
    pub(crate) output: u8,
    /// Whether the door is released while the output is off.
    pub(crate) inverted: bool,
}

impl OutputAt {
    /// Whether both are the same terminals, however they are wired.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        (self.reader, self.output) == (other.reader, other.output)
    }
}

/// An input of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InputAt {
    /// Position of the reader in [`super::Config::readers`].
    pub(crate) reader: usize,
    /// Number of the input at that reader.
    pub(crate) input: u8,
    /// Whether it tells by being inactive.
    pub(crate) inverted: bool,
}

/// The readers a fitting may be wired to, and their lines.
#[derive(Clone, Copy)]
pub(crate) struct Wiring<'a> {
    /// Every line of the file.
    pub(crate) lines: &'a [Line],
    /// Every reader of the file.
    pub(crate) readers: &'a [Reader],
}

impl Wiring<'_> {
    /// The strike of the door `owner`, or a finding.
    pub(crate) fn strike(
        self,
        field: &Spanned<StrikeTable>,
        owner: &str,
        findings: &mut Findings<'_>,
    ) -> Option<OutputAt> {
        let (at, strike) = (field.span(), field.get_ref());
        let owner = format!("{owner}: strike");
        refuse_mixture(strike, &owner, findings)?;
        let fails_safe = one_of(&strike.fail, &owner, "fail", ["secure", "safe"], findings)?;
        let active_low = one_of(&strike.active, &owner, "active", ["high", "low"], findings)?;
        // What releases by losing its power, behind a relay that gives power while it is off, is locked by that relay's rest.
        let inverted = fails_safe != active_low;
        if strike.modbus_coil.is_some() {
            return self.relay(field, inverted, &owner, findings);
        }
        let reader = findings.need(strike.reader.as_ref(), &at, &owner, STRIKE_EXAMPLE)?;
        let reader = self.reader_with(reader, &owner, ("outputs", Self::is_wiegand), findings)?;
        let output = findings.need(strike.output.as_ref(), &at, &owner, "output = 0")?;
        let output = channel(output, &owner, "output", findings)?;
        Some(OutputAt {
            reader,
            output,
            inverted,
        })
    }

    /// An input of the door `owner`: `Some(None)` when it has none, `None` after a finding.
    pub(crate) fn input(
        self,
        field: &Field<InputTable>,
        owner: &str,
        findings: &mut Findings<'_>,
    ) -> Option<Option<InputAt>> {
        let Some(field) = field else {
            return Some(None);
        };
        let (at, table) = (field.span(), field.get_ref());
        let example = "{ reader = \"READER\", input = 0 }";
        let reader = findings.need(table.reader.as_ref(), &at, owner, example)?;
        let reader = self.reader_with(reader, owner, ("inputs", Self::is_pushed), findings)?;
        let input = findings.need(table.input.as_ref(), &at, owner, "input = 0")?;
        let input = channel(input, owner, "input", findings)?;
        let inverted = one_of(&table.active, owner, "active", ["high", "low"], findings)?;
        Some(Some(InputAt {
            reader,
            input,
            inverted,
        }))
    }

    /// The position of the reader named in `field`, or a finding.
    fn reader(
        self,
        field: &Spanned<String>,
        owner: &str,
        findings: &mut Findings<'_>,
    ) -> Option<usize> {
        name::find(field, owner, "reader", self.names(), findings)
    }

    /// The names of the readers, in the order of their positions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.readers.iter().map(|reader| reader.name.as_str())
    }

    /// The name of the reader at `position`.
    pub(crate) fn reader_name(self, position: usize) -> String {
        let reader = self.readers.get(position);
        reader.map(|reader| reader.name.clone()).unwrap_or_default()
    }

    /// True when whoever is at its wires can imitate the reader at `position`: Wiegand, and OSDP in clear.
    pub(crate) fn is_imitable(self, position: usize) -> bool {
        let in_clear = |reader: &Reader| !reader.secure;
        self.is_wiegand(position) || self.readers.get(position).is_some_and(in_clear)
    }

    /// True when the reader at `position` is behind a Wiegand converter.
    pub(crate) fn is_wiegand(self, position: usize) -> bool {
        let line = self
            .readers
            .get(position)
            .and_then(|reader| self.lines.get(reader.line));
        line.is_some_and(|line| line.protocol != Protocol::Osdp)
    }

    /// True when the reader at `position` is believed: it speaks in Secure Channel only.
    pub(crate) fn is_secure(self, position: usize) -> bool {
        let reader = self.readers.get(position);
        reader.is_some_and(|reader| reader.secure)
    }

    /// True when keys may come from the reader at `position`. OSDP has a message for them and text may be a key, so only a Modbus
    /// unit is known to have none.
    pub(crate) fn sends_keys(self, position: usize) -> bool {
        let Some(reader) = self.readers.get(position) else {
            return false;
        };
        let is_polled = self
            .lines
            .get(reader.line)
            .is_none_or(|line| line.protocol == Protocol::WiegandModbus);
        !is_polled || reader.unit.keys.is_some() || reader.keypad != Keypad::None
    }

    fn is_pushed(self, position: usize) -> bool {
        let reader = self.readers.get(position);
        let line = reader.and_then(|reader| self.lines.get(reader.line));
        line.is_some_and(|line| line.protocol == Protocol::WiegandAscii)
    }

    /// The relay that a strike is.
    fn relay(
        self,
        field: &Spanned<StrikeTable>,
        inverted: bool,
        owner: &str,
        findings: &mut Findings<'_>,
    ) -> Option<OutputAt> {
        let (at, strike) = (field.span(), field.get_ref());
        let example = "strike = { modbus-coil = 0, line = \"LINE\", unit = 1 }";
        let line = findings.need(strike.line.as_ref(), &at, owner, example)?;
        let names = self.lines.iter().map(|line| line.name.as_str());
        let position = name::find(line, owner, "line", names, findings)?;
        let line = self.lines.get(position)?;
        let problem = match (board::address(strike), board::coil(strike)) {
            _ if line.protocol != Protocol::WiegandModbus => {
                "a modbus-coil is on a line of protocol \"wiegand-modbus\""
            }
            (None, _) => "unit is the board's id, 1 to 247",
            (_, None) => "modbus-coil is 0 to 255",
            (Some(_), Some(_)) if inverted => {
                "a modbus-coil is off whenever nothing is asked of it, which would release this door; wire it so that it releases while it is on, or use a reader's output"
            }
            (Some(address), Some(coil)) => {
                let is_it = |reader: &Reader| reader.line == position && reader.address == address;
                let reader = self.readers.iter().position(is_it)?;
                let output = coil.number;
                return Some(OutputAt {
                    reader,
                    output,
                    inverted,
                });
            }
        };
        findings.add(&at, format!("{owner}: {problem}"));
        None
    }

    /// The reader named, unless it `lacks` what is asked for.
    fn reader_with(
        self,
        field: &Spanned<String>,
        owner: &str,
        (what, lacks): (&str, fn(Self, usize) -> bool),
        findings: &mut Findings<'_>,
    ) -> Option<usize> {
        let position = self.reader(field, owner, findings)?;
        if lacks(self, position) {
            let name = field.get_ref();
            let what =
                format!("{owner}: Wiegand reader \"{name}\" has no {what}; name an OSDP reader");
            findings.add(&field.span(), what);
            return None;
        }
        Some(position)
    }
}

/// How a strike is written.
pub(crate) const STRIKE_EXAMPLE: &str = "strike = { reader = \"READER\", output = 0 }";

/// A strike is an output or a relay, and has the keys of what it is.
fn refuse_mixture(strike: &StrikeTable, owner: &str, findings: &mut Findings<'_>) -> Option<()> {
    let mut refused = |at: Range<usize>, what: &str| findings.add(&at, format!("{owner}: {what}"));
    let spans = [
        strike.line.as_ref().map(Spanned::span),
        strike.unit.as_ref().map(Spanned::span),
        strike.timed.as_ref().map(Spanned::span),
    ];
    let stray = spans.into_iter().flatten().next();
    if let Some(at) = stray.filter(|_| strike.modbus_coil.is_none()) {
        refused(
            at,
            "line, unit and timed go with modbus-coil; an output needs reader and output only",
        );
        return None;
    }
    if let Some(reader) = strike
        .reader
        .as_ref()
        .filter(|_| strike.modbus_coil.is_some())
    {
        refused(
            reader.span(),
            "a strike is either a reader's output or a modbus-coil; keep one",
        );
        return None;
    }
    Some(())
}

/// Whether `field` says the second of two words; where it says nothing, the first is meant.
fn one_of(
    field: &Field<String>,
    owner: &str,
    key: &str,
    [usual, other]: [&str; 2],
    findings: &mut Findings<'_>,
) -> Option<bool> {
    let Some(field) = field else {
        return Some(false);
    };
    let written = field.get_ref();
    if written != usual && written != other {
        let what =
            format!("{owner}: {key} \"{written}\" is unknown; write \"{usual}\" or \"{other}\"");
        findings.add(&field.span(), what);
        return None;
    }
    Some(written == other)
}

fn channel(
    field: &Spanned<i64>,
    owner: &str,
    what: &str,
    findings: &mut Findings<'_>,
) -> Option<u8> {
    let number = u8::try_from(*field.get_ref()).ok();
    if number.is_none() {
        let written = field.get_ref();
        findings.add(
            &field.span(),
            format!("{owner}: {what} {written} is out of range; write 0 to 255"),
        );
    }
    number
}
