//! Rig: a site with readers on its lines and a log behind it, moved on by simulated time.

mod archive;
mod house;
mod street;

use std::sync::Arc;

use access::card::formats::H10301;
use access::schedule::{Calendar, Timetable, TimetableBuilder, Window};
use access::{
    Allowlist, AllowlistBuilder, CardBits, CardEntry, ClockQuality, DoorId, Generation, Holder,
    IssuanceId, KeySlot, LineId, ModePlan, ModePlans, PinKey, ReaderId, Right, ScheduleId,
    Standing, TagKey, UtcMicros, Validity,
};
use event_log::{Event, What};
use firmware_protocol::command::{OutputAction, OutputControl};
use reader_bus::{Entropy, Uptime};
use site::{Notice, Now, Site, SiteError, SitePlan, Start};

use archive::Archive;
pub(crate) use archive::Mood;
pub(crate) use house::{DESK, HALL, MAIN, SIDE, VAULT, WIEGAND, door, plan, small};
use street::Street;

/// Midnight of some day.
pub(crate) const MIDNIGHT: UtcMicros = UtcMicros::from_micros(20_780 * 86_400_000_000);
/// Ten in the morning of that day: when every story begins.
pub(crate) const TEN: UtcMicros = UtcMicros::from_micros(MIDNIGHT.micros() + 36_000_000_000);

/// The schedule that stories set.
pub(crate) const HOURS: ScheduleId = ScheduleId::new(1);
/// One that holds from ten past ten.
pub(crate) const LATER: ScheduleId = ScheduleId::new(2);

pub(crate) struct Rig {
    pub(crate) site: Site,
    pub(crate) archive: Archive,
    /// Everything told, in order.
    pub(crate) notices: Vec<Notice>,
    /// Every output a reader was told to switch, and when.
    pub(crate) outs: Vec<Out>,
    /// How far the wall clock is off, in microseconds.
    pub(crate) clock_off: i64,
    pub(crate) quality: ClockQuality,
    street: Vec<Street>,
    up: u64,
    cards: Vec<CardEntry>,
    hours: (Arc<Timetable>, Arc<ModePlans>),
    generation: u64,
}

#[derive(Debug)]
pub(crate) struct Out {
    pub(crate) at: Uptime,
    pub(crate) reader: ReaderId,
    pub(crate) control: OutputControl,
}

impl Rig {
    /// The usual house, its readers online.
    pub(crate) fn new() -> Self {
        Self::with(plan())
    }

    /// A house after this plan, its readers online.
    pub(crate) fn with(plan: SitePlan) -> Self {
        Self::starting(plan, None)
    }

    /// A house whose log's newest event has this time.
    pub(crate) fn starting(plan: SitePlan, newest: Option<UtcMicros>) -> Self {
        let street: Vec<Street> = plan.lines.iter().map(Street::new).collect();
        let mut seed = 0;
        let mut entropy = |_line: LineId| -> Box<dyn Entropy> {
            seed += 1;
            Box::new(Counter(seed << 56))
        };
        let site = Site::new(plan, start(newest), &mut entropy).unwrap();
        let mut rig = Self {
            site,
            archive: Archive::new(),
            notices: Vec::new(),
            outs: Vec::new(),
            clock_off: 0,
            quality: ClockQuality::Synchronised,
            street,
            up: 0,
            cards: Vec::new(),
            hours: Default::default(),
            generation: 0,
        };
        for line in 0..rig.street.len() {
            let id = rig.street[line].id;
            rig.site.handle_line_up(id, rig.now());
        }
        rig.run_ms(3_000);
        rig
    }

    pub(crate) fn now(&self) -> Now {
        now_at(self.up, self.clock_off, self.quality)
    }

    /// Lets time pass.
    pub(crate) fn run_ms(&mut self, ms: u64) {
        let end = self.up + ms * 1_000;
        loop {
            self.exchange();
            let due = self
                .street
                .iter()
                .filter_map(Street::due)
                .chain(self.site.poll_timeout().map(Uptime::micros))
                .min();
            // At least a microsecond: what is due and stays due is not to stop the world.
            let next = due.unwrap_or(end).max(self.up + 1);
            if next > end {
                break;
            }
            self.up = next;
            self.site.handle_timeout(self.now());
        }
        self.up = end;
    }

    /// Lets time pass at a stroke, with the readers asleep; for minutes and hours.
    pub(crate) fn leap_s(&mut self, seconds: u64) {
        self.up += seconds * 1_000_000;
        self.site.handle_timeout(self.now());
        self.run_ms(3_000);
    }

    /// Shows a card with this number at a reader and waits a moment.
    pub(crate) fn show(&mut self, reader: ReaderId, number: u64) {
        self.show_bits(reader, &card(number));
        self.run_ms(90);
    }

    /// Shows a card and goes on as soon as the site has taken it.
    pub(crate) fn show_briefly(&mut self, reader: ReaderId, number: u64) {
        let taken = |rig: &Self| rig.site.counts().granted + rig.site.counts().denied;
        let before = taken(self);
        self.show_bits(reader, &card(number));
        while taken(self) == before {
            self.run_ms(2);
        }
        self.run_ms(10);
    }

    pub(crate) fn show_bits(&mut self, reader: ReaderId, bits: &CardBits) {
        self.seat(reader)
            .pd
            .present_card(bits.bits(), bits.count())
            .unwrap();
    }

    /// Sets the levels of a reader's inputs and waits until they are told.
    pub(crate) fn inputs(&mut self, reader: ReaderId, levels: &[bool]) {
        self.seat(reader).pd.set_inputs(levels).unwrap();
        self.run_ms(200);
    }

    /// Opens a reader's housing, or closes it, and waits until that is told.
    pub(crate) fn tamper(&mut self, reader: ReaderId, open: bool) {
        self.seat(reader).pd.set_tamper(open);
        self.run_ms(500);
    }

    /// What is wrong with a plan.
    pub(crate) fn refused(plan: SitePlan) -> SiteError {
        let mut entropy = |_line: LineId| -> Box<dyn Entropy> { Box::new(Counter(1)) };
        match Site::new(plan, start(None), &mut entropy) {
            Ok(_) => panic!("the plan was taken"),
            Err(error) => error,
        }
    }

    /// Takes a reader off its line, or puts it back.
    pub(crate) fn plug(&mut self, reader: ReaderId, plugged: bool) {
        self.seat(reader).plugged = plugged;
    }

    /// Bytes on a line, as if a reader had sent them.
    pub(crate) fn inject(&mut self, line: LineId, bytes: &[u8]) {
        self.site.handle_bytes(line, bytes, self.now());
        self.exchange();
    }

    /// Puts a card with a right on the main door, valid without end, on the list, after `change`.
    pub(crate) fn issue(&mut self, number: u64, change: impl FnOnce(&mut CardEntry)) -> Holder {
        let valid = Validity::new(MIDNIGHT, None).unwrap();
        let holder = Holder {
            issuance: IssuanceId::from_random(u32::try_from(number).unwrap()),
            slot: KeySlot::new(self.archive.slot(u32::try_from(number).unwrap())),
        };
        let tag = house_key().tag(&H10301.read(&card(number)).unwrap());
        let rights = vec![Right::on(MAIN, valid)];
        let mut entry = CardEntry {
            rights,
            ..CardEntry::new(tag, holder, Standing::Active, valid)
        };
        change(&mut entry);
        self.cards.retain(|known| known.tag != tag);
        self.cards.push(entry);
        self.swap();
        holder
    }

    /// When the outputs of a reader were told to release their doors.
    pub(crate) fn opened(&self, reader: ReaderId) -> Vec<Uptime> {
        self.outs
            .iter()
            .filter(|out| out.reader == reader)
            .filter(|out| out.control.action != OutputAction::PermanentOffAbort)
            .map(|out| out.at)
            .collect()
    }

    /// Takes a reader's power for an instant.
    pub(crate) fn restart_reader(&mut self, reader: ReaderId) {
        self.seat(reader).restart();
    }

    /// How often a reader was told to show a light.
    pub(crate) fn lights(&mut self, reader: ReaderId) -> usize {
        self.seat(reader).lights
    }

    /// Every durable event, in short: `event reader/door reason`.
    pub(crate) fn told(&self) -> Vec<String> {
        self.archive
            .durable
            .iter()
            .map(|(_, event)| told(event))
            .collect()
    }

    /// The durable passages, in short.
    pub(crate) fn passages(&self) -> Vec<String> {
        let passages = self
            .archive
            .durable
            .iter()
            .filter(|(_, event)| matches!(event.what, What::Passage(_)));
        passages.map(|(_, event)| told(event)).collect()
    }

    /// The durable events at doors, in short.
    pub(crate) fn at_doors(&self) -> Vec<String> {
        let doors = self
            .archive
            .durable
            .iter()
            .filter(|(_, event)| matches!(event.what, What::Door(_)));
        doors.map(|(_, event)| told(event)).collect()
    }

    fn swap(&mut self) {
        self.generation += 1;
        let mut builder = AllowlistBuilder::default();
        self.cards
            .iter()
            .for_each(|card| builder.add(card.clone()).unwrap());
        let generation = Generation::new(self.generation);
        let list = builder.finish(generation).unwrap();
        let (timetable, modes) = self.hours.clone();
        let list = list.with_hours(timetable, modes, generation);
        self.site.swap_allowlist(Arc::new(list));
    }

    /// Sets schedule 1, by UTC, and what the doors do by schedules and orders.
    pub(crate) fn hours(&mut self, windows: &[&str], plans: Vec<(DoorId, ModePlan)>) {
        let windows: Vec<Window> = windows.iter().map(|text| text.parse().unwrap()).collect();
        let mut timetable = TimetableBuilder::default();
        timetable.add(HOURS, "UTC", &windows).unwrap();
        let later = ["daily 10:10-10:20".parse().unwrap()];
        timetable.add(LATER, "UTC", &later).unwrap();
        let timetable = timetable.finish(Calendar::default()).unwrap();
        self.hours = (Arc::new(timetable), Arc::new(ModePlans::new(plans)));
        self.swap();
        self.run_ms(300);
    }

    /// Types keys at a reader and waits a moment.
    pub(crate) fn press(&mut self, reader: ReaderId, keys: &[u8]) {
        self.seat(reader).pd.press_keys(keys).unwrap();
        self.run_ms(200);
    }

    /// What the outputs of a reader were told to do.
    pub(crate) fn thrown(&self, reader: ReaderId) -> Vec<OutputAction> {
        let outs = self.outs.iter().filter(|out| out.reader == reader);
        outs.map(|out| out.control.action).collect()
    }

    fn seat(&mut self, reader: ReaderId) -> &mut street::Seat {
        self.street
            .iter_mut()
            .flat_map(|street| &mut street.seats)
            .find(|seat| seat.id == reader)
            .unwrap()
    }

    /// Carries everything that is ready now: frames, replies, records, receipts, notices.
    fn exchange(&mut self) {
        loop {
            let mut moved = false;
            let now = self.now();
            for street in &mut self.street {
                while let Some(frame) = self.site.poll_transmit(street.id, now) {
                    street.hear(&frame, self.up);
                    self.outs.extend(street.outs(now.up));
                    moved = true;
                }
                while let Some(reply) = street.reply(self.up) {
                    self.site.handle_bytes(street.id, &reply, now);
                    moved = true;
                }
            }
            moved |= self.archive.work(&mut self.site, now);
            while let Some(notice) = self.site.poll_notice() {
                self.notices.push(notice);
            }
            if !moved {
                return;
            }
        }
    }
}

/// The bits of a card of facility 1.
pub(crate) fn card(number: u64) -> CardBits {
    H10301.write(1, number).unwrap()
}

pub(crate) fn house_key() -> TagKey {
    TagKey::new([0x11; 32])
}

/// The key under which PINs are kept.
pub(crate) fn pin_key() -> PinKey {
    PinKey::new([0x22; 32])
}

/// An event in short.
pub(crate) fn told(event: &Event) -> String {
    let late = if event.late { " late" } else { "" };
    match &event.what {
        What::Passage(passage) => {
            let door = passage.door.map_or("-".to_owned(), |door| door.to_string());
            format!(
                "{} door {door} reader {} {}{late}",
                passage.kind.name(),
                passage.reader,
                passage.reason.as_str()
            )
        }
        What::Door(door) => format!("{} door {}{late}", door.kind.name(), door.door),
        What::Reader(reader) => format!("{} reader {}{late}", reader.kind.name(), reader.reader),
        What::System(system) => format!("{} {}{late}", system.kind.name(), system.detail.as_str()),
        What::Administration(_) | What::Reading(_) => "of the owner".to_owned(),
    }
}

fn start(newest: Option<UtcMicros>) -> Start {
    Start {
        allowlist: Arc::new(Allowlist::empty(Generation::new(0))),
        tag_key: house_key(),
        pin_key: pin_key(),
        day_key: (TEN.day(), TagKey::new([0xDA; 32])),
        newest,
        now: now_at(0, 0, ClockQuality::Synchronised),
    }
}

fn now_at(up: u64, off: i64, clock: ClockQuality) -> Now {
    let utc = TEN.micros() + i64::try_from(up).unwrap() + off;
    Now {
        up: Uptime::from_micros(up),
        utc: UtcMicros::from_micros(utc),
        clock,
    }
}

/// Octets that never repeat.
struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, octets: &mut [u8]) {
        for chunk in octets.chunks_mut(8) {
            self.0 += 1;
            let fresh = self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
            chunk.copy_from_slice(&fresh[..chunk.len()]);
        }
    }
}
