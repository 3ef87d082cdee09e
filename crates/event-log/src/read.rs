//! Reading: records in order, opened with the keys there are. Only the daemon does this; auditors verify without keys.

mod expired;
mod find;
mod indexing;
mod of;
mod outlived;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use access::{ClockQuality, Day, UtcMicros};
use key_store::disk::{Disk, SubDisk};

pub use expired::Expired;
pub use find::PartsOf;
pub use indexing::Indexed;
pub use outlived::Outlived;

use crate::error::LogError;
use crate::event::Class;
use crate::keys::Keys;
use crate::record::{BodyKey, CodecError, HANDLE_LEN, InstanceId, Payload, Seat, View};
use crate::scrub::half_erased;
use crate::segment::{Found, Segments, Sighting, Walk, path_of};
use crate::tiles::Spot;

/// A record, still shut.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its leaf number.
    pub index: u64,
    /// The class of the event.
    pub class: Class,
    /// When.
    pub time: UtcMicros,
    /// How far that may be believed.
    pub clock: ClockQuality,
    /// Written after the fact.
    pub late: bool,
    run: u32,
    header: Vec<u8>,
    parts: Vec<(Vec<u8>, bool)>,
}

impl Entry {
    /// The octets of the last part as they lie there.
    #[must_use]
    pub fn last_part(&self) -> &[u8] {
        self.parts.last().map_or(&[], |(part, _)| part)
    }
}

/// Reads a log while its writer goes on.
pub struct Reader {
    disk: Arc<dyn Disk>,
    keys: Arc<dyn Keys>,
    instance: InstanceId,
    living: Option<LivingKeys>,
    handles: Option<Handles>,
}

/// Who has which handle on a day: the place among the keys.
struct Handles {
    day: Day,
    owners: HashMap<[u8; HANDLE_LEN], usize>,
}

/// The keys of everybody who has one, derived once, and the state of the key store that they are of.
struct LivingKeys {
    stamp: Option<u64>,
    keys: Vec<BodyKey>,
}

impl Reader {
    /// Opens the log in `log/` of this disk for reading.
    ///
    /// # Errors
    /// [`LogError::Missing`], [`LogError::Damaged`], or what the disk says.
    pub fn open(disk: &Arc<dyn Disk>, keys: Arc<dyn Keys>) -> Result<Self, LogError> {
        let disk: Arc<dyn Disk> = Arc::new(SubDisk::new(Arc::clone(disk), "log"));
        let segments = Segments::list(disk.as_ref())?;
        let instance = segments.head(disk.as_ref(), segments.last())?.instance;
        Ok(Self::new(&disk, &keys, instance))
    }

    /// A reader of the log in this folder.
    pub(crate) fn new(disk: &Arc<dyn Disk>, keys: &Arc<dyn Keys>, instance: InstanceId) -> Self {
        Self {
            disk: Arc::clone(disk),
            keys: Arc::clone(keys),
            instance,
            living: None,
            handles: None,
        }
    }

    /// The index of the oldest record there is; 0 in a log that has not reached its two years.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn first_index(&self) -> Result<u64, LogError> {
        let segments = Segments::list(self.disk.as_ref())?;
        Ok(segments
            .head(self.disk.as_ref(), segments.first())?
            .first_index())
    }

    /// The records of these indices, in order; one entry in memory at a time. It ends early where the log does, and begins
    /// where the log does: records that are pruned are passed over.
    ///
    /// # Errors
    /// As [`Reader::open`]; [`LogError::Pruned`] if records leave the log meanwhile.
    pub fn entries(&self, range: Range<u64>) -> Result<Entries, LogError> {
        let segments = Segments::list(self.disk.as_ref())?;
        let segment = segments.that_holds(self.disk.as_ref(), range.start)?;
        let walk = walk_of(self.disk.as_ref(), segment)?;
        let next = next_of(self.disk.as_ref(), &segments, segment)?;
        Ok(Entries {
            disk: Arc::clone(&self.disk),
            segments,
            segment,
            next,
            walk,
            range,
            failed: false,
            stale: false,
            left: Vec::new(),
        })
    }

    /// What a record says to somebody with these keys.
    ///
    /// # Errors
    /// [`LogError::Damaged`] if a part opens and makes no sense, or what the key store says.
    pub fn view(&mut self, entry: &Entry) -> Result<View, LogError> {
        self.look_at_keys()?;
        let mut view = View::default();
        let bound = [&self.instance[..], &entry.header].concat();
        for (number, (part, scrubbed)) in (0_u8..).zip(&entry.parts) {
            let key = if *scrubbed {
                None
            } else {
                self.key_of(entry.time.day(), part)
            };
            let seat = Seat {
                run: entry.run,
                index: entry.index,
                part: number,
            };
            let Some(plain) = key.and_then(|key| key.open(seat, &bound, part)) else {
                view.erased = view.erased.saturating_add(1);
                continue;
            };
            let said = Payload::decode(&plain).and_then(|payload| view.add(payload));
            said.map_err(|fault| strange(entry, fault))?;
        }
        Ok(view)
    }

    /// Derives the keys there are, if any was made or destroyed since.
    fn look_at_keys(&mut self) -> Result<(), LogError> {
        let stamp = self.keys.stamp();
        let is_same = |living: &LivingKeys| living.stamp == stamp && stamp.is_some();
        if self.living.as_ref().is_some_and(is_same) {
            return Ok(());
        }
        let mut keys = Vec::new();
        for owner in self.keys.owners() {
            match self.keys.key(owner) {
                Ok(key) => keys.push(BodyKey::derive(&key, &self.instance)),
                // Destroyed since the list was made.
                Err(key_store::KeyError::NoKey { .. }) => {}
                Err(cause) => return Err(cause.into()),
            }
        }
        self.living = Some(LivingKeys { stamp, keys });
        self.handles = None;
        Ok(())
    }

    /// The keys of whoever has the handle before a part, if they still have any.
    fn key_of(&mut self, day: Day, part: &[u8]) -> Option<&BodyKey> {
        let handle = part.first_chunk::<HANDLE_LEN>()?;
        let living = self.living.as_ref()?;
        let is_of_day = |handles: &Handles| handles.day == day;
        if !self.handles.as_ref().is_some_and(is_of_day) {
            let keys = living.keys.iter().enumerate();
            let owners = keys.map(|(place, key)| (key.handle(day), place)).collect();
            self.handles = Some(Handles { day, owners });
        }
        let place = self.handles.as_ref()?.owners.get(handle)?;
        living.keys.get(*place)
    }
}

/// Records in order; see [`Reader::entries`].
pub struct Entries {
    disk: Arc<dyn Disk>,
    segments: Segments,
    segment: u32,
    /// The segment behind this one, and the index it begins with.
    next: Option<(u32, u64)>,
    walk: Walk,
    range: Range<u64>,
    failed: bool,
    stale: bool,
    /// Where the records of the segments ended that were walked through.
    left: Vec<Spot>,
}

impl Iterator for Entries {
    type Item = Result<Entry, LogError>;

    /// The next record. `None` at the end of the range or of the log; asked again later, it goes on where the log has grown.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.step().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

impl Entries {
    /// Moves the end of the range, for a reader who follows a growing log.
    pub fn extend_to(&mut self, end: u64) {
        self.range.end = end;
        // What was read ahead may be zeros where records lie by now.
        self.walk.look_again();
        self.stale = true;
    }

    fn step(&mut self) -> Result<Option<Entry>, LogError> {
        self.sight(&mut |_, record| Some(entry(record)))
    }

    /// Shows record after record, each with its place, until `see` gives something. `None` at the end of the range or the log.
    fn sight<T>(
        &mut self,
        see: &mut dyn FnMut(Spot, &Sighting<'_>) -> Option<T>,
    ) -> Result<Option<T>, LogError> {
        if self.stale {
            // A flush may have failed since: then its records are in a newer segment, and this one's are not to be believed.
            self.list_again()?;
            self.stale = false;
        }
        let mut doubted = None;
        while self.walk.index() < self.range.end {
            self.enter_next_segments()?;
            let spot = Spot {
                segment: self.segment,
                offset: self.walk.offset(),
            };
            let index = self.walk.index();
            match self
                .walk
                .next()
                .map_err(LogError::io("a segment cannot be read"))?
            {
                Found::Record(record) if index >= self.range.start => {
                    if let Some(seen) = see(spot, &record) {
                        return Ok(Some(seen));
                    }
                }
                Found::Record(_) => {}
                Found::End if self.next.is_none() => {
                    self.walk.look_again();
                    self.list_again()?;
                    if self.next.is_none() && doubted == Some(index) {
                        match self.half_erased(spot, see)? {
                            Half::Seen(seen) => return Ok(Some(seen)),
                            Half::Passed => {}
                            Half::NotHere => return Ok(None),
                        }
                    }
                    doubted = Some(index);
                }
                // Somebody may be erasing a part of it this moment.
                Found::End if doubted != Some(index) => {
                    doubted = Some(index);
                    std::thread::yield_now();
                    self.walk.look_again();
                }
                Found::End => match self.half_erased(spot, see)? {
                    Half::Seen(seen) => return Ok(Some(seen)),
                    Half::Passed => {}
                    Half::NotHere => return Err(damaged(self.disk.as_ref(), spot, index)?),
                },
            }
        }
        Ok(None)
    }

    /// The next record, if an erasure stopped in the midst of it: as it is when that is done.
    fn half_erased<T>(
        &mut self,
        spot: Spot,
        see: &mut dyn FnMut(Spot, &Sighting<'_>) -> Option<T>,
    ) -> Result<Half<T>, LogError> {
        let begins = self.range.start;
        let seen = half_erased(self.disk.as_ref(), &mut self.walk, |record| {
            let wanted = record.index >= begins;
            wanted.then(|| see(spot, record)).flatten()
        })?;
        Ok(match seen {
            Some(Some(seen)) => Half::Seen(seen),
            Some(None) => Half::Passed,
            None => Half::NotHere,
        })
    }

    fn list_again(&mut self) -> Result<(), LogError> {
        let segments = Segments::list(self.disk.as_ref())?;
        self.next = next_of(self.disk.as_ref(), &segments, self.segment)?;
        self.segments = segments;
        Ok(())
    }

    /// Goes over to the newest segment that begins with the next record, if one does: of several, all but the newest failed at
    /// once and hold nothing that was acknowledged.
    fn enter_next_segments(&mut self) -> Result<(), LogError> {
        while let Some((segment, first)) = self.next
            && first == self.walk.index()
        {
            self.left.push(Spot {
                segment: self.segment,
                offset: self.walk.offset(),
            });
            self.segment = segment;
            self.walk = walk_of(self.disk.as_ref(), segment)?;
            self.next = next_of(self.disk.as_ref(), &self.segments, segment)?;
        }
        Ok(())
    }
}

/// What became of a record that may be half erased.
enum Half<T> {
    Seen(T),
    Passed,
    NotHere,
}

/// What is wrong where no record is and one should be: a segment that left the log meanwhile has its file used again.
fn damaged(disk: &dyn Disk, spot: Spot, index: u64) -> Result<LogError, LogError> {
    let is_there = disk.exists(&path_of(spot.segment));
    if !is_there.map_err(LogError::io("a segment cannot be read"))? {
        return Ok(LogError::Pruned { oldest: None });
    }
    Ok(LogError::Damaged {
        segment: spot.segment,
        offset: spot.offset,
        what: format!("record {index} is damaged"),
    })
}

fn next_of(
    disk: &dyn Disk,
    segments: &Segments,
    segment: u32,
) -> Result<Option<(u32, u64)>, LogError> {
    let next = segments.after(disk, segment)?;
    Ok(next.map(|head| (head.segment, head.first_index())))
}

fn walk_of(disk: &dyn Disk, segment: u32) -> Result<Walk, LogError> {
    let (file, head) = Segments::open_read(disk, segment)?;
    Ok(Walk::new(file, segment, head.first_index()))
}

fn entry(record: &Sighting<'_>) -> Entry {
    let header = &record.header;
    Entry {
        index: record.index,
        class: header.class,
        time: header.time,
        clock: header.clock,
        late: header.late,
        run: header.run,
        header: record.header_octets().to_vec(),
        parts: record
            .parts()
            .map(|(part, scrubbed)| (part.to_vec(), scrubbed))
            .collect(),
    }
}

fn strange(entry: &Entry, fault: CodecError) -> LogError {
    LogError::Record {
        index: entry.index,
        what: fault.to_string(),
    }
}
