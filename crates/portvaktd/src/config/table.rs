//! The tables of the file as TOML spells them, with the place of every value; nothing is judged here but the spelling.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::Findings;

/// A value with its place, if it is there.
pub(crate) type Field<T> = Option<Spanned<T>>;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) site: Field<SiteTable>,
    pub(crate) control: Field<ControlTable>,
    pub(crate) keys: Option<KeysTable>,
    #[serde(default)]
    pub(crate) line: Vec<Spanned<LineTable>>,
    #[serde(default)]
    pub(crate) reader: Vec<Spanned<ReaderTable>>,
    #[serde(default)]
    pub(crate) door: Vec<Spanned<DoorTable>>,
    #[serde(default)]
    pub(crate) format: Vec<Spanned<FormatTable>>,
    #[serde(default)]
    pub(crate) witness: Vec<Spanned<WitnessTable>>,
    #[serde(default)]
    pub(crate) group: Vec<Spanned<GroupTable>>,
    #[serde(default)]
    pub(crate) area: Vec<Spanned<AreaTable>>,
    #[serde(default)]
    pub(crate) interlock: Vec<Spanned<InterlockTable>>,
    pub(crate) pin: Option<PinTable>,
    pub(crate) charges: Option<ChargesTable>,
    pub(crate) backup: Option<BackupTable>,
    schedule: Field<Value>,
    pub(crate) feedback: Field<FeedbackTable>,
    pub(crate) retention: Option<BTreeMap<String, Spanned<String>>>,
}

/// `[site]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteTable {
    pub(crate) name: Field<String>,
    pub(crate) origin: Field<String>,
    pub(crate) time_zone: Field<String>,
    pub(crate) data_dir: Field<String>,
    pub(crate) working_day_ends: Field<String>,
    pub(crate) classification: Field<String>,
    pub(crate) information_owner: Field<String>,
}

/// `[charges]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChargesTable {
    pub(crate) employee_card: Field<String>,
    pub(crate) lost_card: Field<String>,
}

/// `[backup]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupTable {
    pub(crate) dir: Field<String>,
}

/// `[control]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlTable {
    pub(crate) socket: Field<String>,
}

/// `[keys]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysTable {
    pub(crate) sealed_by: Field<String>,
}

/// `[[line]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineTable {
    pub(crate) name: Field<String>,
    pub(crate) device: Field<String>,
    pub(crate) protocol: Field<String>,
    pub(crate) baud: Field<i64>,
    pub(crate) reply_timeout: Field<String>,
    pub(crate) inter_character: Field<String>,
    pub(crate) grant_hold: Field<String>,
    pub(crate) turnaround: Field<String>,
    pub(crate) rs485: Field<Rs485Table>,
    pub(crate) carriage: Field<String>,
    pub(crate) pattern: Field<String>,
    pub(crate) bits: Field<i64>,
    pub(crate) parity: Field<String>,
    pub(crate) repeat_window: Field<String>,
    pub(crate) registers: Field<RegistersTable>,
}

/// `rs485 = true`, or `rs485 = { … }`
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "write true, or { rts_on_send = true, delay_before_ms = 0, delay_after_ms = 0 }"
)]
pub(crate) enum Rs485Table {
    /// `true`
    Switch(bool),
    /// `{ … }`
    Table(Rs485Fields),
}

/// `rs485 = { … }`
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rs485Fields {
    pub(crate) rts_on_send: Option<bool>,
    pub(crate) delay_before_ms: Option<u8>,
    pub(crate) delay_after_ms: Option<u8>,
}

/// `registers = { … }`: where a Modbus unit keeps its readings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistersTable {
    pub(crate) table: Option<String>,
    pub(crate) sequence: Option<u16>,
    pub(crate) bit_count: Option<u16>,
    pub(crate) data: Option<u16>,
    pub(crate) words: Option<u8>,
    pub(crate) justified: Option<String>,
    pub(crate) low_word_first: Option<bool>,
    pub(crate) key_sequence: Option<u16>,
    pub(crate) key: Option<u16>,
    pub(crate) first_input: Option<u16>,
}

/// `[[reader]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReaderTable {
    pub(crate) name: Field<String>,
    pub(crate) line: Field<String>,
    pub(crate) address: Field<i64>,
    pub(crate) enrol: Field<bool>,
    pub(crate) secure: Field<bool>,
    pub(crate) format: Field<OneOrMany>,
    pub(crate) keypad: Field<String>,
    pub(crate) registers: Field<RegistersTable>,
}

/// `[[format]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FormatTable {
    pub(crate) name: Field<String>,
    pub(crate) bits: Field<i64>,
    pub(crate) facility: Field<String>,
    pub(crate) number: Field<String>,
    #[serde(default)]
    pub(crate) parity: Vec<Spanned<ParityTable>>,
}

/// `parity = [{ even = 0, over = "1-12" }, { one = 3 }, …]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParityTable {
    pub(crate) even: Option<u16>,
    pub(crate) odd: Option<u16>,
    pub(crate) one: Option<u16>,
    pub(crate) zero: Option<u16>,
    pub(crate) over: Field<String>,
    pub(crate) taking: Option<[u16; 2]>,
}

/// `[[witness]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WitnessTable {
    pub(crate) name: Field<String>,
    pub(crate) url: Field<String>,
    pub(crate) key: Field<String>,
}

/// `[feedback]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FeedbackTable {
    pub(crate) granted: Field<SignalTable>,
    pub(crate) denied: Field<SignalTable>,
    pub(crate) wait: Field<SignalTable>,
    pub(crate) lockdown: Field<SignalTable>,
    pub(crate) second_card: Field<SignalTable>,
    pub(crate) held_soon: Field<SignalTable>,
}

/// `granted = { light = "green", for = "3s", beeps = 1 }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalTable {
    pub(crate) light: Field<String>,
    pub(crate) blink: Field<bool>,
    #[serde(rename = "for")]
    pub(crate) lasts: Field<String>,
    pub(crate) beeps: Field<i64>,
    pub(crate) text: Field<String>,
}

/// `[[door]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoorTable {
    pub(crate) name: Field<String>,
    pub(crate) entry: Field<OneOrMany>,
    pub(crate) exit: Field<OneOrMany>,
    pub(crate) strike: Field<StrikeTable>,
    pub(crate) open_for: Field<String>,
    pub(crate) contact: Field<InputTable>,
    pub(crate) exit_button: Field<InputTable>,
    pub(crate) held_after: Field<String>,
    pub(crate) warn_before_held: Field<String>,
    pub(crate) relock_on_close: Field<bool>,
    pub(crate) debounce: Field<String>,
    pub(crate) class: Field<String>,
    pub(crate) mode: Field<String>,
    pub(crate) level: Field<String>,
    pub(crate) persons: Field<PersonsTable>,
    pub(crate) escort_within: Field<String>,
    pub(crate) again_after: Field<String>,
}

/// `strike = { … }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct StrikeTable {
    pub(crate) reader: Field<String>,
    pub(crate) output: Field<i64>,
    pub(crate) modbus_coil: Field<i64>,
    pub(crate) line: Field<String>,
    pub(crate) unit: Field<i64>,
    pub(crate) timed: Field<bool>,
    pub(crate) fail: Field<String>,
    pub(crate) active: Field<String>,
}

/// `contact = { … }`, `exit_button = { … }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InputTable {
    pub(crate) reader: Field<String>,
    pub(crate) input: Field<i64>,
    pub(crate) active: Field<String>,
}

/// `persons = { count = 2, within = "30s" }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "{ count = 2, within = \"30s\" }")]
pub(crate) struct PersonsTable {
    pub(crate) count: Field<i64>,
    pub(crate) within: Field<String>,
}

/// `[[group]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupTable {
    pub(crate) name: Field<String>,
    pub(crate) doors: Field<OneOrMany>,
}

/// `[[area]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaTable {
    pub(crate) name: Field<String>,
    pub(crate) into: Field<OneOrMany>,
    pub(crate) out_of: Field<OneOrMany>,
    pub(crate) passback: Field<String>,
    pub(crate) timed: Field<String>,
}

/// `[[interlock]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InterlockTable {
    pub(crate) doors: Field<OneOrMany>,
}

/// `[pin]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PinTable {
    pub(crate) wrong_max: Field<i64>,
    pub(crate) locked_for: Field<String>,
}

/// A name, or a list of names.
#[derive(Deserialize)]
#[serde(untagged, expecting = "write one name in quotes, or a list of names")]
pub(crate) enum OneOrMany {
    /// `"a"`
    One(String),
    /// `["a", "b"]`
    Many(Vec<String>),
}

impl OneOrMany {
    /// The names in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::One(name) => vec![name],
            Self::Many(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

impl Document {
    /// A table that the product will have and this version does not: refused, or a door would be weaker than its owner believes.
    pub(crate) fn refuse_what_comes_later(&self, findings: &mut Findings<'_>) {
        if let Some(table) = &self.schedule {
            findings.add(
                &table.span(),
                "\"schedule\" is not supported by this version; remove it",
            );
        }
    }
}
