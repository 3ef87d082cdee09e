//! A file of the disk in memory: what it holds, what of that is durable, and what a power cut leaves of the rest.

/// One file: its octets as programs see them, and as the medium has them.
#[derive(Clone, Default)]
pub(super) struct MemFile {
    live: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Unsynced>,
}

#[derive(Clone)]
enum Unsynced {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

impl MemFile {
    pub(super) fn live(&self) -> &[u8] {
        &self.live
    }

    /// Puts octets on the medium as if they had always been there.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self {
            live: bytes.clone(),
            durable: bytes,
            unsynced: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8], at: usize) {
        overwrite(&mut self.live, bytes, at);
        self.unsynced.push(Unsynced::Write {
            at,
            bytes: bytes.to_vec(),
        });
    }

    pub(super) fn set_len(&mut self, len: usize) {
        self.live.resize(len, 0);
        self.unsynced.push(Unsynced::Length(len));
    }

    pub(super) fn sync(&mut self) {
        for change in std::mem::take(&mut self.unsynced) {
            match change {
                Unsynced::Write { at, bytes } => overwrite(&mut self.durable, &bytes, at),
                Unsynced::Length(len) => self.durable.resize(len, 0),
            }
        }
    }

    /// Some sectors of what was unsynced reach the medium, the others never will: a power cut, or a failed sync.
    pub(super) fn lose(&mut self, chance: &mut Chance) {
        let mood = chance.below(3);
        for change in std::mem::take(&mut self.unsynced) {
            match change {
                Unsynced::Write { at, bytes } => self.tear(&bytes, at, mood, chance),
                Unsynced::Length(len) if chance.keeps(mood) => self.durable.resize(len, 0),
                Unsynced::Length(_) => {}
            }
        }
    }

    pub(super) fn forget_live(&mut self) {
        self.live.clone_from(&self.durable);
    }

    fn tear(&mut self, bytes: &[u8], at: usize, mood: u64, chance: &mut Chance) {
        let (mut rest, mut at) = (bytes, at);
        while !rest.is_empty() {
            let to_boundary = SECTOR_LEN.saturating_sub(at % SECTOR_LEN);
            let (sector, after) = rest.split_at(to_boundary.min(rest.len()));
            if chance.keeps(mood) {
                overwrite(&mut self.durable, sector, at);
            }
            at = at.saturating_add(sector.len());
            rest = after;
        }
    }
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

fn overwrite(target: &mut Vec<u8>, bytes: &[u8], at: usize) {
    let end = at.saturating_add(bytes.len());
    if target.len() < end {
        target.resize(end, 0);
    }
    if let Some(place) = target.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}

/// What a disk writes whole or not at all.
pub(super) const SECTOR_LEN: usize = 512;
