//! A reader: its line, its address, what it reads, and whether cards may be activated at it.

use std::ops::RangeInclusive;

use access::card::{FormatSet, Layout};
use reader_bus::Keypad;
use toml::Spanned;

use super::finding::Place;
use super::line::{Line, Protocol};
use super::table::{Document, Field, ReaderTable, RegistersTable};
use super::unit::{self, UNIT_MAX, Unit};
use super::{Findings, name};

/// The most readers one line carries: addresses 0 to 126.
const ADDRESS_MAX: u8 = 0x7E;

/// One `[[reader]]`.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// What people call it.
    pub(crate) name: String,
    /// Position of its line in [`super::Config::lines`].
    pub(crate) line: usize,
    /// OSDP address, 0 on a Wiegand line.
    pub(crate) address: u8,
    /// Cards may be presented here for activation.
    pub(crate) enrol: bool,
    /// How a keypad behind its wires tells keys.
    pub(crate) keypad: Keypad,
    /// Only Secure Channel is spoken with it.
    pub(crate) secure: bool,
    /// The card formats it reads.
    pub(crate) formats: FormatSet,
    /// The names of these formats, for `reader show`.
    pub(crate) format_names: Vec<String>,
    /// What it is as a unit of a Modbus line.
    pub(crate) unit: Unit,
    /// Where it is defined.
    pub(crate) place: Place,
}

/// The formats are compared by their names.
impl PartialEq for Reader {
    fn eq(&self, other: &Self) -> bool {
        let of = |reader: &Self| (reader.line, reader.address, reader.enrol, reader.secure);
        of(self) == of(other)
            && (self.keypad, &self.unit) == (other.keypad, &other.unit)
            && self.name == other.name
            && self.format_names == other.format_names
    }
}

/// Every `[[reader]]`; what is wrong becomes a finding.
pub(crate) fn parse_all(
    document: &Document,
    lines: &[Line],
    own: &[Layout],
    findings: &mut Findings<'_>,
) -> Vec<Reader> {
    let mut readers: Vec<Reader> = Vec::new();
    for table in &document.reader {
        if let Some(reader) = parse(document, table, (lines, own), &readers, findings) {
            readers.push(reader);
        }
    }
    for (position, line) in lines.iter().enumerate() {
        // A Modbus line may have relays only.
        if line.protocol != Protocol::WiegandModbus
            && !readers.iter().any(|reader| reader.line == position)
            && document.reader.len() == readers.len()
        {
            findings.add_at(
                line.place,
                format!(
                    "line \"{}\" has no reader; write a [[reader]] with line = \"{}\"",
                    line.name, line.name
                ),
            );
        }
    }
    readers
}

fn parse(
    document: &Document,
    table: &Spanned<ReaderTable>,
    (lines, own): (&[Line], &[Layout]),
    before: &[Reader],
    findings: &mut Findings<'_>,
) -> Option<Reader> {
    let (at, fields) = (table.span(), table.get_ref());
    let taken: Vec<(String, Place)> = before
        .iter()
        .map(|reader| (reader.name.clone(), reader.place))
        .collect();
    let name = findings.need(
        fields.name.as_ref(),
        &at,
        "[[reader]]",
        "name = \"main-in\"",
    )?;
    let place = findings.place_of(&name.span());
    let name = name::parse(name, "reader", &taken, findings)?;
    let owner = format!("reader \"{name}\"");
    let line = findings.need(
        fields.line.as_ref(),
        &at,
        &owner,
        "line = \"NAME\", one of the [[line]] tables",
    )?;
    let position = name::find(
        line,
        &owner,
        "line",
        lines.iter().map(|line| line.name.as_str()),
        findings,
    )?;
    let protocol = lines.get(position)?.protocol;
    let wired = Wired {
        table,
        owner: &owner,
        line: position,
        protocol,
    };
    let address = wired.address(before, findings);
    let secure = wired.secure(findings);
    let (formats, format_names) = wired.formats(own, findings)?;
    let of_line = document
        .line
        .get(position)
        .map(|line| &line.get_ref().registers);
    let unit = wired.unit(of_line.unwrap_or(&None), findings);
    let keypad = wired.keypad(findings);
    let enrol = fields.enrol.as_ref().is_some_and(|enrol| *enrol.get_ref());
    Some(Reader {
        name,
        line: position,
        address: address?,
        enrol,
        keypad: keypad?,
        unit: unit?,
        secure: secure?,
        formats,
        format_names,
        place,
    })
}

/// A reader table whose line is known.
struct Wired<'a> {
    table: &'a Spanned<ReaderTable>,
    owner: &'a str,
    line: usize,
    protocol: Protocol,
}

impl Wired<'_> {
    fn address(&self, before: &[Reader], findings: &mut Findings<'_>) -> Option<u8> {
        let fields = self.table.get_ref();
        match self.protocol {
            Protocol::Osdp => self.numbered(0..=ADDRESS_MAX, before, findings),
            Protocol::WiegandAscii => self.only_reader(before, fields, findings),
            Protocol::WiegandModbus => self.numbered(1..=UNIT_MAX, before, findings),
        }
    }

    fn numbered(
        &self,
        possible: RangeInclusive<u8>,
        before: &[Reader],
        findings: &mut Findings<'_>,
    ) -> Option<u8> {
        let owner = self.owner;
        let field = self.table.get_ref().address.as_ref();
        let field = findings.need(
            field,
            &self.table.span(),
            owner,
            &format!(
                "address = {} ({} to {})",
                possible.start(),
                possible.start(),
                possible.end()
            ),
        )?;
        let Some(address) = u8::try_from(*field.get_ref())
            .ok()
            .filter(|address| possible.contains(address))
        else {
            findings.add(
                &field.span(),
                format!(
                    "{owner}: address {} is out of range; write {} to {}",
                    field.get_ref(),
                    possible.start(),
                    possible.end()
                ),
            );
            return None;
        };
        let used: Vec<&Reader> = before
            .iter()
            .filter(|reader| reader.line == self.line)
            .collect();
        if let Some(other) = used.iter().find(|reader| reader.address == address) {
            let free = possible
                .clone()
                .find(|free| used.iter().all(|reader| reader.address != *free));
            let advice = free
                .map(|free| format!("; {free} is free"))
                .unwrap_or_default();
            findings.add(
                &field.span(),
                format!(
                    "{owner}: address {address} is already used on this line by reader \"{}\" (line {}){advice}",
                    other.name, other.place
                ),
            );
            return None;
        }
        Some(address)
    }

    fn only_reader(
        &self,
        before: &[Reader],
        fields: &ReaderTable,
        findings: &mut Findings<'_>,
    ) -> Option<u8> {
        let owner = self.owner;
        if let Some(field) = &fields.address {
            findings.add(
                &field.span(),
                format!("{owner}: a wiegand-ascii line has no addresses; remove it"),
            );
            return None;
        }
        if let Some(other) = before.iter().find(|reader| reader.line == self.line) {
            findings.add(
                &self.table.span(),
                format!("{owner}: a wiegand-ascii line carries one reader, and \"{}\" is already there; use another [[line]]", other.name),
            );
            return None;
        }
        Some(0)
    }

    fn secure(&self, findings: &mut Findings<'_>) -> Option<bool> {
        let field = self.table.get_ref().secure.as_ref();
        let secure = field.is_none_or(|secure| *secure.get_ref());
        if secure && self.protocol != Protocol::Osdp {
            let at = field.map_or_else(|| self.table.span(), Spanned::span);
            findings.add(
                &at,
                format!(
                    "{}: a Wiegand reader cannot be secure; write secure = false to accept that",
                    self.owner
                ),
            );
            return None;
        }
        Some(secure)
    }

    fn unit(&self, of_line: &Field<RegistersTable>, findings: &mut Findings<'_>) -> Option<Unit> {
        let own = &self.table.get_ref().registers;
        if self.protocol == Protocol::WiegandModbus {
            return unit::parse(own, of_line, self.owner, findings);
        }
        if let Some(field) = own {
            let what = format!(
                "{}: registers are for protocol \"wiegand-modbus\" only; remove them",
                self.owner
            );
            findings.add(&field.span(), what);
            return None;
        }
        Some(Unit::default())
    }

    fn keypad(&self, findings: &mut Findings<'_>) -> Option<Keypad> {
        let Some(field) = &self.table.get_ref().keypad else {
            return Some(Keypad::None);
        };
        match field.get_ref().as_str() {
            "none" => Some(Keypad::None),
            "4-bit" => Some(Keypad::FourBits),
            "8-bit" => Some(Keypad::EightBits),
            other => {
                let what = format!(
                    "{}: keypad \"{other}\" is unknown; write \"4-bit\", \"8-bit\" or \"none\" (keys that come as text or in OSDP's own message need nothing)",
                    self.owner
                );
                findings.add(&field.span(), what);
                None
            }
        }
    }

    fn formats(
        &self,
        own: &[Layout],
        findings: &mut Findings<'_>,
    ) -> Option<(FormatSet, Vec<String>)> {
        let field = self.table.get_ref().format.as_ref();
        let field = findings.need(
            field,
            &self.table.span(),
            self.owner,
            "format = \"H10301\", a list of formats, or \"raw\"",
        )?;
        let names = field.get_ref().names();
        match FormatSet::of_house(&names, own) {
            Ok(formats) => Some((
                formats,
                names.iter().map(|name| (*name).to_owned()).collect(),
            )),
            Err(cause) => {
                findings.add(&field.span(), format!("{}: {cause}", self.owner));
                None
            }
        }
    }
}
