//! A demand: what a door asks of people besides a right.

use std::fmt;
use std::time::Duration;

use access::{DoorMode, DoorRules, Level, Persons};
use toml::Spanned;

use super::fitting::Wiring;
use super::table::{DoorTable, Field, PersonsTable};
use super::{Findings, period};

/// Why a door cannot have a mode, whoever asks for it: the configuration, an order, its hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// The level wants a card of everyone, and in this mode a PIN stands for it.
    Level(Level),
    /// The reader of this name has no keys, and nobody would come in there.
    NoKeys(String),
}

impl Unfit {
    /// What speaks against a mode at a door that asks for this level and has these readers.
    pub(super) fn find(
        mode: DoorMode,
        (level, readers): (Level, &[usize]),
        wiring: Wiring<'_>,
    ) -> Option<Self> {
        Self::by_level(mode, level).or_else(|| Self::by_readers(mode, readers, wiring))
    }

    fn by_level(mode: DoorMode, level: Level) -> Option<Self> {
        let is_unfit = mode == DoorMode::CardOrPin && level != Level::Controlled;
        is_unfit.then_some(Self::Level(level))
    }

    fn by_readers(mode: DoorMode, readers: &[usize], wiring: Wiring<'_>) -> Option<Self> {
        let mute = |at: &&usize| !wiring.sends_keys(**at);
        let reader = match mode {
            DoorMode::CardAndPin => readers.iter().find(mute),
            // Who has no keys to press shows a card; but somewhere there must be some.
            DoorMode::CardOrPin => {
                let first = readers.first();
                first.filter(|_| readers.iter().all(|at| mute(&at)))
            }
            DoorMode::Locked | DoorMode::Card | DoorMode::Unlocked => None,
        };
        reader.map(|at| Self::NoKeys(wiring.reader_name(*at)))
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(
                f,
                "mode \"card-or-pin\" lets a PIN stand for a card, which level \"{}\" does not; write mode \"card\" or \"card+pin\"",
                level.as_str()
            ),
            Self::NoKeys(reader) => write!(
                f,
                "a PIN is wanted at reader \"{reader}\", which has no keys; write keypad = \"4-bit\" or \"8-bit\" there, or key_sequence and key in its registers"
            ),
        }
    }
}

/// What a door asks for. The doors of its interlocks stand in [`super::Config::interlocks`]: they have no numbers yet.
pub(crate) fn parse(
    fields: &DoorTable,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<DoorRules> {
    let mode = mode(&fields.mode, owner, findings);
    let level = level(&fields.level, owner, findings);
    let persons = persons(&fields.persons, owner, findings);
    let mut within = |field: &Field<String>, key: &str, example, most| {
        let (least, most) = (Duration::from_secs(1), Duration::from_secs(most));
        let (key, example) = (format!("{owner}: {key}"), Duration::from_secs(example));
        period::optional(field.as_ref(), &key, example, least..=most, findings)
    };
    let escort_within = within(&fields.escort_within, "escort_within", 30, TOGETHER_S_MAX);
    let again_after = within(&fields.again_after, "again_after", 10, DAY_S);
    let (mode, level) = (mode?, level?);
    if let Some(field) = &fields.mode
        && let Some(unfit) = Unfit::by_level(mode, level)
    {
        findings.add(&field.span(), format!("{owner}: {unfit}"));
        return None;
    }
    Some(DoorRules {
        mode,
        level,
        persons: persons?,
        escort_within,
        again_after,
        interlock: Vec::new(),
    })
}

/// Refuses readers at which nobody could do what the door asks for.
pub(crate) fn refuse_readers(
    fields: &DoorTable,
    (rules, readers): (&DoorRules, &[usize]),
    (owner, wiring): (&str, Wiring<'_>),
    findings: &mut Findings<'_>,
) {
    let name = |position: &usize| wiring.reader_name(*position);
    if let Some(field) = &fields.level
        && rules.level == Level::Exclusion
        && let Some(low) = readers.iter().find(|at| !wiring.is_secure(**at))
    {
        let what = format!(
            "{owner}: level \"exclusion\" lets nobody in at reader \"{}\", whose wires can be imitated; use an OSDP reader with secure = true, or level \"limited\"",
            name(low)
        );
        return findings.add(&field.span(), what);
    }
    let by = |field: &Field<String>| field.as_ref().map_or(0..0, Spanned::span);
    let by_mode = Unfit::by_readers(rules.mode, readers, wiring);
    let by_mode = by_mode.map(|unfit| (unfit, by(&fields.mode)));
    let found = by_mode.or_else(|| {
        let mut at_level = readers
            .iter()
            .filter(|at| is_pin_level(rules.level, wiring, **at));
        let mute = at_level.find(|at| !wiring.sends_keys(**at))?;
        Some((Unfit::NoKeys(name(mute)), by(&fields.level)))
    });
    if let Some((unfit, at)) = found {
        findings.add(&at, format!("{owner}: {unfit}"));
    }
}

/// Whether the level alone wants a PIN at a reader.
fn is_pin_level(level: Level, wiring: Wiring<'_>, reader: usize) -> bool {
    match level {
        Level::Controlled => false,
        Level::Limited => !wiring.is_secure(reader),
        Level::Exclusion => true,
    }
}

fn mode(field: &Field<String>, owner: &str, findings: &mut Findings<'_>) -> Option<DoorMode> {
    let Some(field) = field else {
        return Some(DoorMode::Card);
    };
    let mode = DoorMode::from_name(field.get_ref());
    if mode.is_none() {
        let written = field.get_ref();
        let what = format!(
            "{owner}: mode \"{written}\" is unknown; write \"locked\", \"card\", \"card+pin\", \"card-or-pin\" or \"unlocked\""
        );
        findings.add(&field.span(), what);
    }
    mode
}

fn level(field: &Field<String>, owner: &str, findings: &mut Findings<'_>) -> Option<Level> {
    let Some(field) = field else {
        return Some(Level::Controlled);
    };
    let level = Level::from_name(field.get_ref());
    if level.is_none() {
        let written = field.get_ref();
        let what = format!(
            "{owner}: level \"{written}\" is unknown; write \"controlled\", \"limited\" or \"exclusion\""
        );
        findings.add(&field.span(), what);
    }
    level
}

/// `Some(None)` where one person is enough, `None` after a finding.
fn persons(
    field: &Field<PersonsTable>,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Option<Persons>> {
    let Some(field) = field else {
        return Some(None);
    };
    let (at, table) = (field.span(), field.get_ref());
    let owner = format!("{owner}: persons");
    let count = findings.need(table.count.as_ref(), &at, &owner, "count = 2")?;
    let Some(found) = u8::try_from(*count.get_ref())
        .ok()
        .filter(|count| (2..=PERSONS_MAX).contains(count))
    else {
        let written = count.get_ref();
        let what = format!("{owner}: count {written} is out of range; write 2 to {PERSONS_MAX}");
        findings.add(&count.span(), what);
        return None;
    };
    let limits = Duration::from_secs(1)..=Duration::from_secs(TOGETHER_S_MAX);
    let (key, default) = (format!("{owner}: within"), Duration::from_secs(30));
    let within = period::parse(table.within.as_ref(), &key, default, limits, findings);
    Some(Some(Persons {
        count: found,
        within,
    }))
}

/// The most people one door waits for.
const PERSONS_MAX: u8 = 16;
/// People who come together come within ten minutes.
const TOGETHER_S_MAX: u64 = 600;
const DAY_S: u64 = 86_400;
