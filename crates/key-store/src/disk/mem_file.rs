//! A file of the disk in memory: what it holds, what of that is durable, and what a power cut leaves of the rest.

use super::mem_pages::{Pages, is_zero};

/// One file: its octets as programs see them, and as the medium has them.
#[derive(Clone, Default)]
pub(super) struct MemFile {
    live: Pages,
    durable: Pages,
    unsynced: Vec<Unsynced>,
}

#[derive(Clone)]
enum Unsynced {
    Write { at: usize, octets: Vec<u8> },
    Zeros { at: usize, len: usize },
    Length(usize),
}

impl MemFile {
    pub(super) const fn live(&self) -> &Pages {
        &self.live
    }

    /// Puts octets on the medium as if they had always been there.
    pub(super) fn of(octets: &[u8]) -> Self {
        let live = Pages::of(octets);
        Self {
            durable: live.clone(),
            live,
            unsynced: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, octets: &[u8], at: usize) {
        self.live.write(octets, at);
        self.unsynced.push(if is_zero(octets) {
            let len = octets.len();
            Unsynced::Zeros { at, len }
        } else {
            let octets = octets.to_vec();
            Unsynced::Write { at, octets }
        });
    }

    pub(super) fn set_len(&mut self, len: usize) {
        self.live.set_len(len);
        self.unsynced.push(Unsynced::Length(len));
    }

    pub(super) fn sync(&mut self) {
        for change in std::mem::take(&mut self.unsynced) {
            match change {
                Unsynced::Write { at, octets } => self.durable.write(&octets, at),
                Unsynced::Zeros { at, len } => {
                    sectors(at, len, |at, len| self.durable.write(zeros(len), at));
                }
                Unsynced::Length(len) => self.durable.set_len(len),
            }
        }
    }

    /// Some sectors of what was unsynced reach the medium, the others never will: a power cut, or a failed sync.
    pub(super) fn lose(&mut self, chance: &mut Chance) {
        let mood = chance.below(3);
        for change in std::mem::take(&mut self.unsynced) {
            match change {
                Unsynced::Write { at, octets } => {
                    let mut rest = octets.as_slice();
                    sectors(at, octets.len(), |at, len| {
                        let (sector, after) = rest.split_at_checked(len).unwrap_or_default();
                        rest = after;
                        if chance.keeps(mood) {
                            self.durable.write(sector, at);
                        }
                    });
                }
                Unsynced::Zeros { at, len } => sectors(at, len, |at, len| {
                    if chance.keeps(mood) {
                        self.durable.write(zeros(len), at);
                    }
                }),
                Unsynced::Length(len) if chance.keeps(mood) => self.durable.set_len(len),
                Unsynced::Length(_) => {}
            }
        }
    }

    pub(super) fn forget_live(&mut self) {
        self.live.clone_from(&self.durable);
    }
}

/// Visits the parts of `len` octets at `at` that lie in one sector each: where one begins, and its length.
fn sectors(at: usize, len: usize, mut visit: impl FnMut(usize, usize)) {
    let end = at.saturating_add(len);
    let mut at = at;
    while at < end {
        let here = SECTOR_LEN.saturating_sub(at % SECTOR_LEN).min(end - at);
        visit(at, here);
        at = at.saturating_add(here);
    }
}

/// Part of a sector of zeros.
fn zeros(len: usize) -> &'static [u8] {
    static ZEROS: [u8; SECTOR_LEN] = [0; SECTOR_LEN];
    ZEROS.get(..len).unwrap_or(&ZEROS)
}

/// A small repeatable source of chance (SplitMix64).
#[derive(Clone)]
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.draw().checked_rem(limit).unwrap_or(0)
    }

    /// Moods: 0 nothing reaches the medium, 1 everything does, else each sector by the toss of a coin.
    fn keeps(&mut self, mood: u64) -> bool {
        match mood {
            0 => false,
            1 => true,
            _ => self.below(2) == 0,
        }
    }
}

/// What a disk writes whole or not at all.
pub(super) const SECTOR_LEN: usize = 512;
