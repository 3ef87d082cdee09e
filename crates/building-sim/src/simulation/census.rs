//! Census: what happened in a run, counted; and the trace by which two runs are compared.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use reader_bus::Uptime;

use super::fault::Fault;

/// What happened in one run or in many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Runs.
    pub seeds: u64,
    /// Simulated time, the quiet end of each run included.
    pub lived: Duration,
    /// How often each fault struck.
    pub faults: BTreeMap<Fault, u64>,
    /// Starts of the controller after the first.
    pub restarts: u64,
    /// Cards shown.
    pub shown: u64,
    /// Cards let in.
    pub granted: u64,
    /// Cards refused.
    pub denied: u64,
    /// Strikes released at readers.
    pub unlocks: u64,
    /// Of them by the relay of a Modbus unit.
    pub by_relay: u64,
    /// Of them from the memory ring, while the log had failed.
    pub ring_unlocks: u64,
    /// Records acknowledged.
    pub records: u64,
    /// Changes that operators made and were told of.
    pub changes: u64,
    /// Frames that the controller sent.
    pub frames: u64,
    /// PINs typed.
    pub typed: u64,
    /// Cards refused because they were on the wrong side of a door.
    pub wrong_side: u64,
    /// Cards refused because another door of the lock was not shut.
    pub interlocked: u64,
    /// Cards let in where several persons are wanted.
    pub together: u64,
    /// Cards refused for want of company.
    pub alone: u64,
    /// Holders of returned cards who were forgotten.
    pub forgotten: u64,
    /// Octets and words of theirs that were looked for on the disk, and not found.
    pub traces: u64,
    /// Times that a whole log was verified.
    pub verified: u64,
}

impl Census {
    /// A fault struck.
    pub(super) fn struck(&mut self, fault: Fault) {
        *self.faults.entry(fault).or_default() += 1;
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.lived += other.lived;
        for (fault, times) in &other.faults {
            *self.faults.entry(*fault).or_default() += times;
        }
        let mut other = other.clone();
        for ((_, number), (_, more)) in self.numbers().into_iter().zip(other.numbers()) {
            *number += *more;
        }
    }

    /// What is counted besides time and faults, and what each number is called.
    pub(super) fn numbers(&mut self) -> [(&'static str, &mut u64); 19] {
        [
            ("seeds", &mut self.seeds),
            ("restarts", &mut self.restarts),
            ("shown", &mut self.shown),
            ("granted", &mut self.granted),
            ("denied", &mut self.denied),
            ("unlocks", &mut self.unlocks),
            ("by-relay", &mut self.by_relay),
            ("ring-unlocks", &mut self.ring_unlocks),
            ("records", &mut self.records),
            ("changes", &mut self.changes),
            ("frames", &mut self.frames),
            ("typed", &mut self.typed),
            ("wrong-side", &mut self.wrong_side),
            ("interlocked", &mut self.interlocked),
            ("together", &mut self.together),
            ("alone", &mut self.alone),
            ("forgotten", &mut self.forgotten),
            ("traces", &mut self.traces),
            ("verified", &mut self.verified),
        ]
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = self.lived.as_secs() / 3_600;
        writeln!(f, "seeds: {}, building-hours: {hours}", self.seeds)?;
        let faults: Vec<String> = self
            .faults
            .iter()
            .map(|(fault, times)| format!("{} {times}", fault.name()))
            .collect();
        let all: u64 = self.faults.values().sum();
        writeln!(f, "faults: {all} ({})", faults.join(", "))?;
        writeln!(
            f,
            "restarts: {}, cards shown: {}, granted: {}, denied: {}, unlocks: {} ({} from memory, {} by Modbus)",
            self.restarts,
            self.shown,
            self.granted,
            self.denied,
            self.unlocks,
            self.ring_unlocks,
            self.by_relay
        )?;
        writeln!(
            f,
            "frames: {}, records: {}, operators' changes: {}, whole logs verified: {}",
            self.frames, self.records, self.changes, self.verified
        )?;
        writeln!(
            f,
            "PINs typed: {}, holders forgotten: {}, of whom {} traces were looked for",
            self.typed, self.forgotten, self.traces
        )?;
        write!(
            f,
            "refused: on the wrong side {}, by an interlock {}, for want of company {}; let in together: {}",
            self.wrong_side, self.interlocked, self.alone, self.together
        )
    }
}

/// Everything that happened, as one number; and in words for whoever wants to read along.
#[derive(Debug, Default)]
pub(super) struct Trace {
    hash: DefaultHasher,
    aloud: bool,
}

impl Trace {
    /// A trace; `aloud` prints it to standard output.
    pub(super) fn new(aloud: bool) -> Self {
        Self {
            hash: DefaultHasher::new(),
            aloud,
        }
    }

    /// Something happened: a word for it, and what it is about.
    pub(super) fn note(&mut self, at: Uptime, what: &'static str, about: &[u64]) {
        (at.micros(), what, about).hash(&mut self.hash);
        if self.aloud {
            println!("{:>16.6} {what} {about:?}", at.micros() as f64 / 1e6);
        }
    }

    /// The same with words that are made only for whoever reads along.
    pub(super) fn tell(&mut self, at: Uptime, what: &'static str, told: &dyn fmt::Debug) {
        (at.micros(), what).hash(&mut self.hash);
        if self.aloud {
            println!("{:>16.6} {what} {told:?}", at.micros() as f64 / 1e6);
        }
    }

    /// Octets went by.
    pub(super) fn octets(&mut self, at: Uptime, octets: &[u8]) {
        (at.micros(), octets).hash(&mut self.hash);
    }

    /// All of it as one number.
    pub(super) fn fingerprint(&self) -> u64 {
        self.hash.finish()
    }
}
