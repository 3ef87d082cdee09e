//! Relay boards: which relays of which Modbus units are strikes.

use std::ops::Range;

use access::card::{FormatSet, RAW};
use reader_bus::{Coil, Keypad};
use toml::Spanned;

use super::Findings;
use super::line::{Line, Protocol};
use super::reader::Reader;
use super::table::{Document, StrikeTable};
use super::unit::{UNIT_MAX, Unit};

/// Adds to `readers` the relay boards that the doors' strikes name, and to each its relays; a board that no `[[reader]]`
/// names is called after its line and its unit id.
pub(crate) fn add_all(
    document: &Document,
    lines: &[Line],
    readers: &mut Vec<Reader>,
    findings: &mut Findings<'_>,
) {
    for door in &document.door {
        if let Some(strike) = &door.get_ref().strike
            && let Some(found) = board(strike, lines, readers, findings)
            && let Some(coil) = coil(strike.get_ref())
            && let Some(reader) = readers.get_mut(found)
            && !reader
                .unit
                .coils
                .iter()
                .any(|other| other.number == coil.number)
        {
            reader.unit.coils.push(coil);
        }
    }
    for (position, line) in lines.iter().enumerate() {
        let is_empty = !readers.iter().any(|reader| reader.line == position);
        if is_empty && line.protocol == Protocol::WiegandModbus {
            let what = format!(
                "line \"{0}\" has neither reader nor relay; write a [[reader]] with line = \"{0}\", or a strike {{ modbus-coil = 0, line = \"{0}\" }}",
                line.name
            );
            findings.add_at(line.place, what);
        }
    }
}

/// The position of the unit whose relay a strike is; added where it is not there yet. `None` for any other strike.
fn board(
    strike: &Spanned<StrikeTable>,
    lines: &[Line],
    readers: &mut Vec<Reader>,
    findings: &mut Findings<'_>,
) -> Option<usize> {
    let table = strike.get_ref();
    table.modbus_coil.as_ref()?;
    let (at, line) = (strike.span(), table.line.as_ref()?);
    // A line that is not there, or no Modbus line, is told when the door is read.
    let position = lines
        .iter()
        .position(|known| known.name == *line.get_ref())?;
    let line = lines.get(position)?;
    if line.protocol != Protocol::WiegandModbus {
        return None;
    }
    let address = address(table)?;
    let is_it = |reader: &Reader| reader.line == position && reader.address == address;
    if let Some(known) = readers.iter().position(is_it) {
        return Some(known);
    }
    readers.push(implicit(line, position, address, &at, findings)?);
    readers.len().checked_sub(1)
}

fn implicit(
    line: &Line,
    position: usize,
    address: u8,
    at: &Range<usize>,
    findings: &mut Findings<'_>,
) -> Option<Reader> {
    Some(Reader {
        name: format!("{}-{address}", line.name),
        line: position,
        address,
        enrol: false,
        keypad: Keypad::None,
        secure: false,
        formats: FormatSet::from_names(&[RAW]).ok()?,
        format_names: Vec::new(),
        unit: Unit::default(),
        place: findings.place_of(at),
    })
}

/// The relay of a strike that is one.
pub(crate) fn coil(strike: &StrikeTable) -> Option<Coil> {
    let number = u8::try_from(*strike.modbus_coil.as_ref()?.get_ref()).ok()?;
    let timed = strike.timed.as_ref().is_none_or(|timed| *timed.get_ref());
    Some(Coil { number, timed })
}

/// The unit id of a strike that is a relay; 1 where it is not written.
pub(crate) fn address(strike: &StrikeTable) -> Option<u8> {
    let Some(unit) = &strike.unit else {
        return Some(1);
    };
    u8::try_from(*unit.get_ref())
        .ok()
        .filter(|unit| (1..=UNIT_MAX).contains(unit))
}
