//! The file `allowlist.snapshot`: the whole list, then every change to it, each synced before it is acknowledged.

use std::fmt;
use std::io;
use std::sync::Arc;

use access::{Allowlist, AllowlistBuilder, CardEntry, Change};
use key_store::disk::{Disk, DiskFile};
use key_store::{Entropy, Fixed, Key32, KeyError, KeyStore};

use super::card::{self, Octets};
use super::facts::Facts;
use super::frame::{FrameKind, Framing, HEAD_LEN, Mark, SnapshotKey, frame_len};

/// Where the file lies, and the key that vouches for it.
pub(crate) struct SnapshotFile {
    disk: Arc<dyn Disk>,
    key: SnapshotKey,
}

/// Everything by which doors decide.
pub(crate) struct Picture {
    /// The cards and hours.
    pub(crate) cards: Arc<Allowlist>,
    /// The rest.
    pub(crate) facts: Facts,
    /// Of when it is.
    pub(crate) mark: Mark,
}

/// Why there is no picture.
#[derive(Debug)]
pub(crate) enum NoPicture {
    /// There is no file.
    Missing,
    /// The disk says so.
    Io(io::Error),
    /// It is not what was written: what of it is wrong.
    Damaged(&'static str),
    /// The log has newer changes than it.
    Old {
        /// Its newest record.
        found: u64,
        /// The log's.
        log: u64,
    },
}

/// A file to which changes are added.
pub(super) struct Journal {
    file: Box<dyn DiskFile>,
    framing: Framing,
    next: u32,
    at: u64,
    end: u64,
}

impl SnapshotFile {
    /// The file of the data directory that is the root of this disk.
    ///
    /// # Errors
    /// What the key store says.
    pub(crate) fn new(disk: Arc<dyn Disk>, keys: &KeyStore) -> Result<Self, KeyError> {
        Ok(Self::under(disk, &keys.fixed(Fixed::Snapshot)?))
    }

    /// The file of this disk, under this key.
    pub(crate) fn under(disk: Arc<dyn Disk>, key: &Key32) -> Self {
        let key = SnapshotKey::new(key);
        Self { disk, key }
    }

    /// Reads it: the list and every change that is whole. Whether the log has newer ones is for the caller to ask.
    ///
    /// # Errors
    /// [`NoPicture`].
    pub(crate) fn read(&self) -> Result<Picture, NoPicture> {
        let file = match self.disk.open_read(PATH) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(NoPicture::Missing);
            }
            Err(cause) => return Err(NoPicture::Io(cause)),
        };
        let mut head = [0; HEAD_LEN];
        if file.read_at(&mut head, 0).map_err(NoPicture::Io)? < HEAD_LEN {
            return Err(NoPicture::Damaged("it is too short"));
        }
        let framing = self.key.resume(head).map_err(NoPicture::Damaged)?;
        let mut drawing = Drawing::default();
        let (mut at, mut number) = (HEAD, 0);
        while let Some(octets) = next_frame(&*file, at).map_err(NoPicture::Io)? {
            // What follows the first that is not whole was never acknowledged, or the log knows better.
            let Some(frame) = framing.decode(number, &octets) else {
                break;
            };
            drawing
                .take(frame.kind, frame.payload)
                .ok_or(NoPicture::Damaged("a frame in it is none"))?;
            drawing.mark = frame.mark;
            at = at.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
            number += 1;
        }
        drawing.finish()
    }

    /// Writes it whole, durably, with room for changes behind.
    ///
    /// # Errors
    /// What the disk says; then the one before still stands.
    pub(super) fn write(
        &self,
        (cards, facts): (&Allowlist, &Facts),
        mark: Mark,
        entropy: &mut dyn Entropy,
    ) -> io::Result<Journal> {
        if self.disk.exists(NEW)? {
            self.disk.remove(NEW)?;
        }
        let mut drawn = [0; 16];
        entropy.fill(&mut drawn);
        let framing = self.key.begin(drawn);
        let file = self.disk.create(NEW)?;
        file.write_at(framing.head(), 0)?;
        let mut journal = Journal {
            file,
            framing,
            next: 0,
            at: HEAD,
            end: u64::MAX,
        };
        let mut payload = Vec::new();
        for entry in cards.entries() {
            put_card(&entry, &mut payload).ok_or(io::ErrorKind::InvalidData)?;
            if payload.len() >= PART_LEN {
                journal.write(FrameKind::Part, mark, &payload)?;
                payload.clear();
            }
        }
        put_facts(facts, &mut payload).ok_or(io::ErrorKind::InvalidData)?;
        journal.write(FrameKind::LastPart, mark, &payload)?;
        journal.make_room()?;
        journal.file.sync()?;
        self.disk.rename(NEW, PATH)?;
        self.disk.sync_dir("")?;
        Ok(journal)
    }
}

impl Journal {
    /// Adds a change, durably; `false` if there is no room for it.
    ///
    /// # Errors
    /// What the disk says; then nothing may be added any more.
    pub(super) fn add(
        &mut self,
        changes: &[Change],
        facts: Option<&Facts>,
        mark: Mark,
    ) -> io::Result<bool> {
        let mut payload = Vec::new();
        for change in changes {
            match change {
                Change::Put(entry) => {
                    put_card(entry, &mut payload).ok_or(io::ErrorKind::InvalidData)?;
                }
                Change::Remove(tag) => {
                    payload.push(REMOVED);
                    payload.extend(card::tag_octets(tag));
                }
            }
        }
        if let Some(facts) = facts {
            put_facts(facts, &mut payload).ok_or(io::ErrorKind::InvalidData)?;
        }
        if payload.is_empty() {
            payload.push(NOTHING);
        }
        let added = self.write(FrameKind::Change, mark, &payload)?;
        if added {
            self.file.sync()?;
        }
        Ok(added)
    }

    fn write(&mut self, kind: FrameKind, mark: Mark, payload: &[u8]) -> io::Result<bool> {
        let Some(octets) = self.framing.encode(self.next, kind, mark, payload) else {
            return Ok(false);
        };
        let len = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        if self.at.saturating_add(len) > self.end {
            return Ok(false);
        }
        self.file.write_at(&octets, self.at)?;
        self.at = self.at.saturating_add(len);
        self.next += 1;
        Ok(true)
    }

    /// Zeros behind the list, an eighth of it and not little, so that adding a change changes no file's length.
    fn make_room(&mut self) -> io::Result<()> {
        let room = (self.at / 8).clamp(ROOM_MIN, ROOM_MAX);
        self.end = self.at.saturating_add(room);
        let zeros = vec![0; ZEROS];
        let mut at = self.at;
        while at < self.end {
            let left = usize::try_from(self.end - at).unwrap_or(ZEROS).min(ZEROS);
            self.file
                .write_at(zeros.get(..left).unwrap_or(&zeros), at)?;
            at = at.saturating_add(u64::try_from(left).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

/// A picture as far as it was read.
#[derive(Default)]
struct Drawing {
    builder: AllowlistBuilder,
    is_whole: bool,
    changes: Vec<Change>,
    facts: Option<Facts>,
    mark: Mark,
}

impl Drawing {
    fn take(&mut self, kind: FrameKind, payload: &[u8]) -> Option<()> {
        // The list comes first and once.
        if self.is_whole != (kind == FrameKind::Change) {
            return None;
        }
        let mut from = Octets(payload);
        while !from.is_empty() {
            match from.u8()? {
                CARD => self.put(card::decode(&mut from)?, kind)?,
                REMOVED => self
                    .changes
                    .push(Change::Remove(card::tag_of(from.take()?))),
                FACTS => self.facts = Some(take_facts(&mut from)?),
                NOTHING => {}
                _ => return None,
            }
        }
        self.is_whole |= kind == FrameKind::LastPart;
        Some(())
    }

    fn put(&mut self, entry: CardEntry, kind: FrameKind) -> Option<()> {
        if kind == FrameKind::Change {
            self.changes.push(Change::Put(entry));
            return Some(());
        }
        self.builder.add(entry).ok()
    }

    fn finish(self) -> Result<Picture, NoPicture> {
        let Some(facts) = self.facts.filter(|_| self.is_whole) else {
            return Err(NoPicture::Damaged(ALTERED));
        };
        let generation = self.mark.generation();
        let cards = self.builder.finish(generation);
        let cards = cards.and_then(|cards| cards.with(&self.changes, generation));
        let cards = cards.map_err(|_| NoPicture::Damaged("its cards make no list"))?;
        let hours = facts
            .hours()
            .ok_or(NoPicture::Damaged("its hours are none"))?;
        Ok(Picture {
            cards: Arc::new(cards.with_spares(hours.spares).with_hours(
                hours.timetable,
                hours.modes,
                generation,
            )),
            facts,
            mark: self.mark,
        })
    }
}

/// What a list's only frame says, written again; `None` if it is none.
pub(crate) fn again(payload: &[u8]) -> Option<Vec<u8>> {
    let mut drawing = Drawing::default();
    drawing.take(FrameKind::LastPart, payload)?;
    let picture = drawing.finish().ok()?;
    let mut written = Vec::new();
    for entry in picture.cards.entries() {
        put_card(&entry, &mut written)?;
    }
    put_facts(&picture.facts, &mut written)?;
    Some(written)
}

/// The octets of the frame that begins here, if one does.
fn next_frame(file: &dyn DiskFile, at: u64) -> io::Result<Option<Vec<u8>>> {
    let mut lead = [0; 4];
    if file.read_at(&mut lead, at)? < lead.len() {
        return Ok(None);
    }
    let Some(len) = frame_len(lead).filter(|len| *len > 0) else {
        return Ok(None);
    };
    let mut octets = vec![0; len];
    let read = file.read_at(&mut octets, at)?;
    octets.truncate(read);
    Ok(Some(octets))
}

fn put_card(entry: &CardEntry, payload: &mut Vec<u8>) -> Option<()> {
    payload.push(CARD);
    card::encode(entry, payload)
}

fn put_facts(facts: &Facts, payload: &mut Vec<u8>) -> Option<()> {
    let text = serde_json::to_vec(facts).ok()?;
    payload.push(FACTS);
    payload.extend(u32::try_from(text.len()).ok()?.to_le_bytes());
    payload.extend(text);
    Some(())
}

fn take_facts(from: &mut Octets<'_>) -> Option<Facts> {
    let len = usize::try_from(from.u32()?).ok()?;
    let (text, rest) = from.0.split_at_checked(len)?;
    from.0 = rest;
    serde_json::from_slice(text).ok()
}

impl fmt::Display for NoPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "{PATH} is not there"),
            Self::Io(cause) => write!(f, "{PATH} cannot be read: {cause}"),
            Self::Damaged(what) => write!(f, "{PATH} is refused: {what}"),
            Self::Old { found, log } => write!(
                f,
                "{PATH} is refused: it knows of changes up to number {found}, the log of {log}"
            ),
        }
    }
}

/// The file in the data directory.
pub(crate) const PATH: &str = "allowlist.snapshot";
const NEW: &str = "allowlist.snapshot.new";
const HEAD: u64 = 32;
const ALTERED: &str = "it was altered or torn, or is of another house";
const CARD: u8 = 1;
const REMOVED: u8 = 2;
const FACTS: u8 = 3;
/// For a change that leaves the doors as they were.
const NOTHING: u8 = 4;
/// A part of the list is written when it is so long.
const PART_LEN: usize = 256 << 10;
const ROOM_MIN: u64 = 256 << 10;
const ROOM_MAX: u64 = 8 << 20;
/// Zeros that are written at once.
const ZEROS: usize = 64 << 10;
