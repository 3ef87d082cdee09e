//! Trouble: faults strike lines, disk and clock, and are over after a while.

use std::time::Duration;

use access::{ClockQuality, LineId};
use event_log::disk::{Fault as DiskFault, FaultOn};

use super::Scene;
use super::agenda::Turn;
use super::fault::Fault;
use super::violation::Breach;

impl Scene {
    /// Writes down when a fault strikes next.
    pub(super) fn next_strike(&mut self, fault: Fault) {
        let mean = mean_seconds(fault);
        let after = Duration::from_millis(self.mischief.below(2_000 * mean));
        self.agenda.add(self.up + after, Turn::Strike(fault));
    }

    pub(super) fn strike(&mut self, fault: Fault) -> Result<(), Breach> {
        self.next_strike(fault);
        self.trace.note(self.up, fault.name(), &[]);
        match fault {
            Fault::Noise
            | Fault::Unplugged
            | Fault::ReaderRestart
            | Fault::Hostile
            | Fault::Echo
            | Fault::Impostor
            | Fault::LineDown => self.strike_line(fault),
            // Most find it in the middle of a flush, where it hurts.
            Fault::PowerCut | Fault::Kill if self.mischief.one_in(3) => self.crash(fault)?,
            Fault::PowerCut | Fault::Kill => self.dies_in_flush = Some(fault),
            // Strikes with a start, which looks for it.
            Fault::CutAgain | Fault::ClockLost => {}
            Fault::DiskFull | Fault::WriteError | Fault::SyncError | Fault::SlowSync => {
                self.strike_disk(fault);
            }
            Fault::Drift | Fault::ClockBack | Fault::ClockAhead | Fault::Unsynchronised => {
                self.strike_clock(fault);
            }
            Fault::Rush => self.rush(),
        }
        Ok(())
    }

    /// One of the lines that faults may strike.
    fn strike_line(&mut self, fault: Fault) {
        let struck = self.street.wires.iter().filter(|wire| wire.is_struck);
        let lines: Vec<LineId> = struck.map(|wire| wire.id).collect();
        let Some(line) = self.mischief.pick(&lines).copied() else {
            return;
        };
        self.census.struck(fault);
        if let Some(wire) = self.street.wire(line) {
            wire.strike(fault, &mut self.mischief);
        }
        if fault == Fault::LineDown {
            self.ask_site(|site, now| site.handle_line_down(line, now));
        }
        let lasts = Duration::from_millis(500 + self.mischief.below(40_000));
        self.agenda.add(self.up + lasts, Turn::Mend { line, fault });
    }

    /// What a fault did to a line is over.
    pub(super) fn mend(&mut self, line: LineId, fault: Fault) {
        if let Some(wire) = self.street.wire(line) {
            wire.mend(fault);
        }
        if fault == Fault::LineDown {
            self.ask_site(|site, now| site.handle_line_up(line, now));
        }
    }

    fn strike_disk(&mut self, fault: Fault) {
        if !self.office.is_open() {
            return;
        }
        self.census.struck(fault);
        let failing = |on, after, times| {
            Some(DiskFault {
                on,
                after,
                times,
                errno: EIO,
            })
        };
        let after = self.mischief.below(4);
        let times = if self.mischief.one_in(2) {
            1 + self.mischief.below(6)
        } else {
            u64::MAX
        };
        let disk = &self.office.disk;
        match fault {
            Fault::DiskFull => disk.limit(Some(disk.octets())),
            Fault::WriteError => disk.inject(failing(FaultOn::Write, after, times)),
            Fault::SyncError => disk.inject(failing(FaultOn::Sync, after, times)),
            Fault::Noise
            | Fault::Unplugged
            | Fault::ReaderRestart
            | Fault::Hostile
            | Fault::Echo
            | Fault::Impostor
            | Fault::LineDown
            | Fault::PowerCut
            | Fault::Kill
            | Fault::CutAgain
            | Fault::ClockLost
            | Fault::Rush
            | Fault::SlowSync
            | Fault::Drift
            | Fault::ClockBack
            | Fault::ClockAhead
            | Fault::Unsynchronised => {}
        }
        // Now and then for longer than the memory ring lets anybody in.
        let longest = if self.mischief.one_in(12) {
            1_800_000
        } else {
            60_000
        };
        let lasts = Duration::from_millis(1_000 + self.mischief.below(longest));
        if fault == Fault::SlowSync {
            self.slow_until = self.up + lasts.min(SLOW_AT_MOST);
        }
        self.agenda.add(self.up + lasts, Turn::Heal(fault));
    }

    fn strike_clock(&mut self, fault: Fault) {
        self.census.struck(fault);
        let seconds = |most| i64::try_from(most).unwrap_or(0) * 1_000_000;
        match fault {
            Fault::Drift => {
                let ppm = i64::try_from(self.mischief.below(400)).unwrap_or(0) - 200;
                self.clock.drift(ppm, self.up);
            }
            Fault::ClockBack => {
                let most = self.mischief.pick(&[5, 600, 7_200, 300_000]).copied();
                let by = 1 + self.mischief.below(most.unwrap_or(5));
                self.clock.step(-seconds(by));
            }
            Fault::ClockAhead => {
                let most = self.mischief.pick(&[5, 600, 7_200, 100_000_000]).copied();
                let by = 1 + self.mischief.below(most.unwrap_or(5));
                self.clock.step(seconds(by));
                self.hourglass.set();
            }
            Fault::Noise
            | Fault::Unplugged
            | Fault::ReaderRestart
            | Fault::Hostile
            | Fault::Echo
            | Fault::Impostor
            | Fault::LineDown
            | Fault::PowerCut
            | Fault::Kill
            | Fault::CutAgain
            | Fault::ClockLost
            | Fault::Rush
            | Fault::DiskFull
            | Fault::WriteError
            | Fault::SyncError
            | Fault::SlowSync
            | Fault::Unsynchronised => {}
        }
        let quality = match self.mischief.below(8) {
            0 => ClockQuality::Unknown,
            1..=3 => ClockQuality::Synchronised,
            _ => ClockQuality::Unsynchronised,
        };
        if fault != Fault::Drift {
            self.clock.believe(quality);
        }
        let lasts = Duration::from_millis(5_000 + self.mischief.below(600_000));
        self.agenda.add(self.up + lasts, Turn::Heal(fault));
    }

    /// What a fault did to the machine is over. A clock may have been right: an operator says so.
    pub(super) fn heal_machine(&mut self, fault: Fault) {
        match fault {
            Fault::DiskFull => self.office.disk.limit(None),
            Fault::WriteError | Fault::SyncError => self.office.disk.inject(None),
            Fault::ClockAhead if self.mischief.one_in(4) && self.is_near() => {
                self.hourglass.vouch(self.now());
                self.ask_site(|site, now| {
                    // Whether it was held is all the same.
                    let _was_held: bool = site.confirm_clock(now);
                });
                self.clock.believe(ClockQuality::Synchronised);
            }
            Fault::ClockBack | Fault::ClockAhead | Fault::ClockLost | Fault::Unsynchronised => {
                self.clock.set_right(self.up);
            }
            Fault::Noise
            | Fault::Unplugged
            | Fault::ReaderRestart
            | Fault::Hostile
            | Fault::Echo
            | Fault::Impostor
            | Fault::LineDown
            | Fault::PowerCut
            | Fault::Kill
            | Fault::CutAgain
            | Fault::Rush
            | Fault::SlowSync
            | Fault::Drift => {}
        }
    }

    /// Whether the wall clock is not so far ahead that nobody could work any more once it was believed.
    fn is_near(&self) -> bool {
        let off = self.now().utc.saturating_since(self.clock.truth(self.up));
        off < Duration::from_secs(7_300)
    }

    /// A crowd comes at once, to all readers.
    fn rush(&mut self) {
        self.census.struck(Fault::Rush);
        let people = u64::try_from(self.desk.people()).unwrap_or(1);
        for _ in 0..40 {
            let person = usize::try_from(self.mischief.below(people)).unwrap_or(0);
            let comes = Duration::from_millis(self.mischief.below(5_000));
            self.agenda.add(self.up + comes, Turn::Again { person });
        }
    }
}

/// How long it is on average until a fault strikes.
const fn mean_seconds(fault: Fault) -> u64 {
    match fault {
        Fault::Noise
        | Fault::Unplugged
        | Fault::ReaderRestart
        | Fault::Hostile
        | Fault::Echo
        | Fault::Impostor => 360,
        Fault::LineDown | Fault::Rush => 600,
        Fault::PowerCut | Fault::Kill => 900,
        Fault::DiskFull | Fault::WriteError | Fault::SyncError | Fault::SlowSync => 800,
        Fault::Drift | Fault::ClockBack | Fault::ClockAhead | Fault::Unsynchronised => 1_200,
        // They strike with others.
        Fault::CutAgain | Fault::ClockLost => 1_000_000,
    }
}

const EIO: i32 = 5;
/// No disk is slow for longer.
const SLOW_AT_MOST: Duration = Duration::from_secs(120);
