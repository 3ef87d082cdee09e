//! A unit of a Modbus line: where it keeps its readings.

use reader_bus::{CardMap, Coil, Justified, KeyMap, Registers};

use super::Findings;
use super::table::{Field, RegistersTable};

/// What a reader is besides a reader where it is a unit of a Modbus line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Where its readings stand; `None` for a relay board that no `[[reader]]` names.
    pub(crate) card: Option<CardMap>,
    /// Where its keys stand.
    pub(crate) keys: Option<KeyMap>,
    /// The first of its discrete inputs that a door may use, as its input 0.
    pub(crate) first_input: u16,
    /// Its relays that are strikes.
    pub(crate) coils: Vec<Coil>,
}

/// The unit of a reader: the map of its own, else that of its line, else the usual one.
pub(crate) fn parse(
    own: &Field<RegistersTable>,
    of_line: &Field<RegistersTable>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Unit> {
    let Some(field) = own.as_ref().or(of_line.as_ref()) else {
        let card = Some(USUAL);
        return Some(Unit {
            card,
            ..Unit::default()
        });
    };
    let (at, table) = (field.span(), field.get_ref());
    let mut wrong = |what: &str| findings.add(&at, format!("{owner}: registers: {what}"));
    let registers = match table.table.as_deref() {
        None | Some("input") => Registers::Input,
        Some("holding") => Registers::Holding,
        Some(_) => {
            wrong("table is \"input\" or \"holding\"");
            return None;
        }
    };
    let justified = match table.justified.as_deref() {
        None | Some("left") => Justified::Left,
        Some("right") => Justified::Right,
        Some(_) => {
            wrong("justified is \"left\" or \"right\"");
            return None;
        }
    };
    let keys = match (table.key_sequence, table.key) {
        (None, None) => None,
        (Some(sequence), Some(key)) => Some(KeyMap { sequence, key }),
        (Some(_), None) | (None, Some(_)) => {
            wrong("key_sequence and key go together");
            return None;
        }
    };
    Some(Unit {
        card: Some(CardMap {
            table: registers,
            sequence: table.sequence.unwrap_or(USUAL.sequence),
            bit_count: table.bit_count.unwrap_or(USUAL.bit_count),
            data: table.data.unwrap_or(USUAL.data),
            words: table.words.unwrap_or(USUAL.words),
            justified,
            low_word_first: table.low_word_first.unwrap_or_default(),
        }),
        keys,
        first_input: table.first_input.unwrap_or_default(),
        coils: Vec::new(),
    })
}

/// Where units keep their readings unless the file says otherwise; docs/modbus.md draws it.
const USUAL: CardMap = CardMap {
    table: Registers::Input,
    sequence: 0,
    bit_count: 1,
    data: 2,
    words: 4,
    justified: Justified::Left,
    low_word_first: false,
};

/// Modbus over Serial Line 1.02, 2.2.
pub(crate) const UNIT_MAX: u8 = 247;
