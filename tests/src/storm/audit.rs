//! The audit after each kill, of files that nobody writes: what the log says, and whether it says all that it must.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use access::{DoorId, IssuanceId};
use building_sim::traces::find_traces;
use event_log::read::Reader;
use event_log::verify::{Note, Options, Report, verify_dir};
use event_log::{Class, StoreKeys};
use key_store::disk::{Disk, RealDisk, SubDisk};
use key_store::{KeyStore, Owner};

use super::Breach;
use super::book::Book;
use super::plan::{DOORS, OPEN_FOR_S};
use super::readers::Out;

/// A record as the audit reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) index: u64,
    pub(crate) time: i64,
    pub(crate) class: Class,
    /// Its name, unless its holder was forgotten.
    pub(crate) name: Option<&'static str>,
    pub(crate) door: Option<DoorId>,
    pub(crate) issuance: Option<IssuanceId>,
}

/// What the auditor keeps of a house.
pub(crate) struct Auditor {
    /// The keys that `init` gave, a line each.
    verifier: String,
    /// A checkpoint that the daemon gave out, and the records it had acknowledged by then.
    pub(crate) promised: (Option<String>, u64),
    pub(crate) records: BTreeMap<u64, Record>,
    /// From here on records may be new.
    sealed: u64,
    /// Each holder's key, while there was one.
    keys: BTreeMap<u32, [u8; 32]>,
    /// The number of each door, in the order of [`DOORS`].
    doors: Vec<DoorId>,
    /// Where the newest run begins, if not at its `started`: a log that fails says that late.
    pub(crate) begins: Option<u64>,
    /// How late an unlock may come, in microseconds.
    pub(crate) late_max: i64,
}

impl Auditor {
    pub(crate) fn new(verifier: String) -> Self {
        Self {
            verifier,
            promised: (None, 0),
            records: BTreeMap::new(),
            sealed: 0,
            keys: BTreeMap::new(),
            doors: Vec::new(),
            begins: None,
            late_max: LATE_MAX,
        }
    }

    /// The keys that `init` gave.
    pub(crate) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Reads and verifies what the dead daemon left in `data`; `scratch` takes a copy of its keys.
    pub(crate) fn read(&mut self, data: &Path, scratch: &Path) -> Result<Report, Breach> {
        let report = self.verify(data)?;
        let size = report.first.saturating_add(report.events);
        if size < self.promised.1 {
            let what = format!("{} records were durable, {size} are there", self.promised.1);
            return Err(Breach::new("I4, records are gone", what));
        }
        let keys = copied_keys(data, scratch)?;
        for (slot, owner) in keys.live() {
            if let Owner::Issuance(id) = owner {
                let (_, key) = keys.key(slot.index).map_err(unreadable)?;
                self.keys.insert(id, *key.as_bytes());
            }
        }
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(data.to_path_buf()));
        let mut reader = Reader::open(&disk, Arc::new(StoreKeys::new(keys))).map_err(unreadable)?;
        self.records.retain(|index, _| *index < self.sealed);
        for entry in reader.entries(self.sealed..size).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let view = reader.view(&entry).map_err(unreadable)?;
            let record = Record {
                index: entry.index,
                time: entry.time.micros(),
                class: entry.class,
                name: view.name,
                door: view.door,
                issuance: view.issuance,
            };
            self.records.insert(entry.index, record);
        }
        self.sealed = report.sealed;
        Ok(report)
    }

    /// Which number each door has: the caretaker was let in at one after the other.
    pub(crate) fn learn_doors(&mut self) -> Result<(), Breach> {
        let let_in = self
            .records
            .values()
            .filter(|record| record.name == Some("access-granted"));
        self.doors = let_in.filter_map(|record| record.door).collect();
        self.doors.dedup();
        if self.doors.len() == DOORS.len() {
            return Ok(());
        }
        let what = format!(
            "{} of {} doors let the caretaker in",
            self.doors.len(),
            DOORS.len()
        );
        Err(Breach::new("the house", what))
    }

    fn verify(&self, data: &Path) -> Result<Report, Breach> {
        let mut options = Options::default();
        options.pin(&self.verifier).map_err(unreadable)?;
        options.anchor = match &self.promised.0 {
            Some(note) => Some(note.parse::<Note>().map_err(unreadable)?),
            None => None,
        };
        let log = RealDisk::new(data.join("log"));
        verify_dir(&log, options, &mut |_| {})
            .map_err(|finding| Breach::new("I5, the log does not verify", finding))
    }

    /// The records of the newest run: those behind its `started`.
    fn of_run(&self) -> impl Iterator<Item = &Record> {
        let started = self.records.values().rev();
        let started = started.filter(|record| record.name == Some("started"));
        let begins = started.map(|record| record.index).next();
        let begins = self.begins.or(begins).unwrap_or(0);
        self.records.range(begins..).map(|(_, record)| record)
    }

    /// Each release of a strike has a record of its own that was there before it (I3), is on time (I8) and ends by itself; no
    /// card that was dead let anybody in (I2).
    pub(crate) fn judge_doors(&self, outs: &[Out], book: &Book) -> Result<(), Breach> {
        if let Some(out) = self.unrecorded(outs)?.first() {
            let all = outs.iter().filter(|out| out.releases());
            let all: Vec<_> = all.map(|other| other.describe(out.at)).collect();
            let told = self.of_run().map(|record| describe(record, out.at));
            let (told, all) = (told.collect::<Vec<_>>().join("; "), all.join("; "));
            let what = format!(
                "{}; the run's records: {told}; all unlocks: {all}",
                out.describe(0)
            );
            return Err(Breach::new("I3, no record of an unlock", what));
        }
        self.judge_dead(book)
    }

    /// The releases that no record stands for.
    pub(crate) fn unrecorded<'a>(&self, outs: &'a [Out]) -> Result<Vec<&'a Out>, Breach> {
        if self.doors.is_empty() {
            // The house is being built, and only its caretaker is in it.
            return Ok(Vec::new());
        }
        let mut spent = BTreeSet::new();
        let mut missing = Vec::new();
        // In their order over all lines, so that none takes a record from one that came before it.
        let mut in_order: Vec<&Out> = outs.iter().filter(|out| out.releases()).collect();
        in_order.sort_by_key(|out| out.at);
        for out in in_order {
            let lasts = out.control.time_100ms;
            if out.control.action.code() != 5 || lasts == 0 || lasts > OPEN_FOR_S * 10 {
                return Err(Breach::new("a strike outlives its order", out.describe(0)));
            }
            let door = self.doors.get(usize::from(out.reader)).copied();
            let is_near = |record: &&Record| {
                record.time <= out.at + SLACK && out.at <= record.time + self.late_max
            };
            let before: Vec<&Record> = self
                .of_run()
                .filter(is_near)
                .filter(|record| !spent.contains(&record.index) && may_open(record, door))
                .collect();
            // One that tells its door first: what was let in by who is forgotten may be any door's.
            let named = before.iter().find(|record| record.name.is_some());
            match named.or_else(|| before.first()) {
                Some(record) => {
                    spent.insert(record.index);
                }
                None => missing.push(out),
            }
        }
        Ok(missing)
    }

    /// No card that was dead let anybody in (I2).
    pub(crate) fn judge_dead(&self, book: &Book) -> Result<(), Breach> {
        let dead = book.cards.iter();
        let dead = dead.filter_map(|card| Some((card.issuance?, card.dead_since?)));
        let dead: BTreeMap<IssuanceId, i64> = dead.collect();
        let let_in = self
            .of_run()
            .filter(|record| record.name == Some("access-granted"));
        for record in let_in {
            let since = record.issuance.and_then(|id| dead.get(&id));
            if since.is_some_and(|since| record.time > since + SLACK) {
                let what = format!(
                    "record {}: dead since {since:?}, let in at {}",
                    record.index, record.time
                );
                return Err(Breach::new("I2, a dead card was let in", what));
            }
        }
        Ok(())
    }

    /// Each change that was acknowledged is on record: of every card that is known, and of the forgotten by their number (I4).
    pub(crate) fn judge_changes(&self, book: &Book) -> Result<(), Breach> {
        let mut there: BTreeMap<&str, u64> = BTreeMap::new();
        let mut of_card: BTreeMap<(IssuanceId, &str), u64> = BTreeMap::new();
        for record in self.records.values() {
            let Some(name) = record.name else { continue };
            *there.entry(name).or_default() += 1;
            if let Some(id) = record.issuance {
                *of_card.entry((id, name)).or_default() += 1;
            }
        }
        for (name, acknowledged) in &book.acknowledged {
            let found = there.get(name).copied().unwrap_or(0);
            if found < *acknowledged {
                let what = format!("{name}: {acknowledged} were acknowledged, {found} are there");
                return Err(Breach::new("I4, changes are not on record", what));
            }
        }
        for card in book.cards.iter().filter(|card| !card.may_be_forgotten()) {
            let Some(id) = card.issuance else { continue };
            for name in &card.told {
                let told = card.told.iter().filter(|other| *other == name).count();
                let found = of_card.get(&(id, *name)).copied().unwrap_or(0);
                if found < u64::try_from(told).unwrap_or(u64::MAX) {
                    let what =
                        format!("{id}: {name} was acknowledged {told} times, {found} are there");
                    return Err(Breach::new("I4, a change is not on record", what));
                }
            }
        }
        Ok(())
    }

    /// Nothing of a forgotten holder is in any file below `folder`: not the name, not the mobile, not the key, not the pseudonym.
    pub(crate) fn seek_traces(&self, folder: &Path, book: &Book) -> Result<u64, Breach> {
        let mut sought: Vec<(String, Vec<u8>)> = Vec::new();
        for card in book.forgotten() {
            let Some(id) = card.issuance else { continue };
            let of = |what: &str| format!("{what} of card {}", card.number);
            sought.push((of("the name"), card.name.clone().into_bytes()));
            sought.push((of("the mobile"), card.mobile.clone().into_bytes()));
            sought.push((of("the pseudonym"), id.to_string().into_bytes()));
            if let Some(key) = self.keys.get(&id.get()) {
                sought.push((of("the key"), key.to_vec()));
            }
        }
        let needles: Vec<&[u8]> = sought.iter().map(|(_, octets)| octets.as_slice()).collect();
        let found = find_traces(folder, &needles).expect("the files can be read");
        match found.first() {
            None => Ok(u64::try_from(needles.len()).unwrap_or(u64::MAX)),
            Some((file, at)) => {
                let what = format!("{} in {}", sought[*at].0, file.display());
                Err(Breach::new("M19, a trace of somebody forgotten", what))
            }
        }
    }
}

/// A record in a few words, its time against that of an unlock.
fn describe(record: &Record, at: i64) -> String {
    let Record {
        index, name, door, ..
    } = record;
    let name = name.unwrap_or("erased");
    let door = door.map_or_else(String::new, |door| format!(" door {door}"));
    format!("{index} {name}{door} {:+} us", record.time - at)
}

/// Whether this may be what a door was opened on. What was let in by a holder who is forgotten by now says no more than its class.
fn may_open(record: &Record, door: Option<DoorId>) -> bool {
    match record.name {
        Some("access-granted" | "door-opened") => record.door == door,
        Some(_) => false,
        None => record.class == Class::Passage,
    }
}

/// The keys as they lie there, in a copy: opening a key store mends what a kill left in it, and that is the daemon's to do.
fn copied_keys(data: &Path, scratch: &Path) -> Result<Arc<KeyStore>, Breach> {
    let copy = scratch.join("keys");
    fs::create_dir_all(&copy).expect("a folder");
    for entry in fs::read_dir(data.join("keys")).expect("the keys' folder") {
        let file = entry.expect("a file").path();
        let name = file.file_name().expect("a name");
        fs::copy(&file, copy.join(name)).expect("a copy");
    }
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(scratch.to_path_buf()));
    let keys = KeyStore::open(&disk).map_err(unreadable)?;
    fs::remove_dir_all(&copy).expect("the copy goes");
    Ok(Arc::new(keys))
}

/// Whether each set of a backup that has its own name verifies alone; how many there were. They are taken away.
pub(crate) fn check_backups(folder: &Path, verifier: &str) -> Result<u64, Breach> {
    let mut whole = 0;
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let set = entry.expect("an entry").path();
        if set.extension().is_none() {
            let copy: Arc<dyn Disk> = Arc::new(RealDisk::new(set.clone()));
            let mut options = Options::default();
            options.pin(verifier).map_err(unreadable)?;
            let log = SubDisk::new(copy, "log");
            verify_dir(&log, options, &mut |_| {})
                .map_err(|finding| Breach::new("a backup's log does not verify", finding))?;
            whole += 1;
        }
        fs::remove_dir_all(&set).expect("the set goes");
    }
    Ok(whole)
}

fn unreadable(cause: impl std::fmt::Display) -> Breach {
    Breach::new("what lies there cannot be read", cause)
}

/// Two processes read one clock, which somebody may be setting right.
const SLACK: i64 = 20_000;
/// A second to live, and what a busy machine keeps the reader from noticing.
const LATE_MAX: i64 = 4_000_000;

#[cfg(test)]
mod tests;
