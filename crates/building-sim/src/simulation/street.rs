//! Street: the lines of a simulated building and the readers on them, good ones and bad ones.

mod contact;

use std::time::Duration;

use access::{CardBits, DoorId, LineId, ReaderId};
use firmware_protocol::pd::{PdEvent, REPLY_LEN_MAX};
use firmware_protocol::{Address, Frame, MARK, Scanner};
use reader_bus::Uptime;

use super::board::Board;
use super::fault::Fault;
use super::hostile;
use super::plan::Plan;
use super::seat::{Out, Seat};
use super::violation::{Breach, Invariant};
use crate::dice::Dice;

/// Every line.
pub(super) struct Street {
    pub(super) wires: Vec<Wire>,
    idle_answer: Duration,
    /// So long after a card the line runs at its true pace.
    busy_for: Duration,
    dice: Dice,
}

/// One line.
pub(super) struct Wire {
    pub(super) id: LineId,
    /// The readers, at the addresses of their places; a Wiegand line has one.
    pub(super) seats: Vec<Seat>,
    /// Whether it is a Wiegand reader's.
    pub(super) wiegand: bool,
    /// The Modbus unit, on a line that has no readers.
    pub(super) board: Option<Board>,
    /// Whether faults strike here. A line without any is to notice nothing of those of the others.
    pub(super) is_struck: bool,
    /// Whether its port is open.
    pub(super) is_up: bool,
    scanner: Scanner,
    noisy: bool,
    echoes: bool,
    /// Until then the readers answer as fast as they can.
    busy_until: Uptime,
    /// Answers that somebody has listened to.
    overheard: Vec<Vec<u8>>,
}

/// What comes back of a frame that the controller sent.
pub(super) struct Answer {
    /// When it has arrived.
    pub(super) at: Uptime,
    /// What arrives.
    pub(super) octets: Vec<u8>,
    /// The card in it, if there is one: its number.
    pub(super) card: Option<u16>,
}

impl Street {
    /// Lays the lines and hangs the readers.
    pub(super) fn lay(plan: &Plan, mut dice: Dice) -> Result<Self, Breach> {
        let mut wires = Vec::new();
        let mut reader = 0;
        for line in 0..plan.lines {
            let wiegand = plan.wiegand && line > 0 && line + 1 == plan.lines;
            let mut seats = Vec::new();
            for address in 0..if wiegand { 1 } else { plan.readers } {
                reader += 1;
                let place = Address::new(address);
                let place = place.ok_or_else(|| Invariant::Setting.breach("too many readers"))?;
                let mut seat = Seat::new(ReaderId::new(reader), place, &mut dice);
                if plan.interlocks {
                    seat.tell_levels();
                }
                seats.push(seat);
            }
            let is_struck = line % 2 == 1 || (plan.lines == 1 && !dice.one_in(4));
            wires.push(Wire {
                seats,
                wiegand,
                ..Wire::quiet(LineId::new(line + 1), is_struck)
            });
        }
        if plan.modbus {
            wires.push(Wire::of_board(plan, reader, &wires));
        }
        Ok(Self {
            wires,
            idle_answer: plan.idle_answer,
            busy_for: plan.busy_for,
            dice,
        })
    }

    /// The wire of this line.
    pub(super) fn wire(&mut self, line: LineId) -> Option<&mut Wire> {
        self.wires.iter_mut().find(|wire| wire.id == line)
    }

    /// A reader.
    pub(super) fn seat(&mut self, reader: ReaderId) -> Option<&mut Seat> {
        let mut seats = self.wires.iter_mut().flat_map(|wire| &mut wire.seats);
        seats.find(|seat| seat.reader == reader)
    }

    /// A frame leaves the controller at this moment: the readers hear it, and one may answer.
    pub(super) fn hear(&mut self, line: LineId, frame: &[u8], at: Uptime) -> Option<Answer> {
        let (idle, dice) = (self.idle_answer, &mut self.dice);
        let wire = self.wires.iter_mut().find(|wire| wire.id == line)?;
        let heard = weather(frame.to_vec(), wire.noisy, dice);
        let arrived = at + travel(frame);
        let (answer, card) = match &mut wire.board {
            Some(board) => (board.hear(&heard, arrived, dice), None),
            None => wire.answer(&heard, arrived, dice),
        };
        let mut octets = weather(answer, wire.noisy, dice);
        if wire.echoes {
            octets = [frame, &octets].concat();
        }
        let is_busy = arrived < wire.busy_until;
        let pause = if is_busy { TURNAROUND } else { idle };
        (!octets.is_empty()).then(|| Answer {
            at: arrived + pause + travel(&octets),
            octets,
            card,
        })
    }

    /// A card is shown at a reader. On a Wiegand line it is there at once.
    pub(super) fn show(
        &mut self,
        reader: ReaderId,
        (number, bits): (u16, &CardBits),
        at: Uptime,
    ) -> Option<(LineId, Vec<u8>)> {
        let wires = self.wires.iter_mut();
        let mut of = wires.filter(|wire| wire.seats.iter().any(|seat| seat.reader == reader));
        let wire = of.next()?;
        if wire.wiegand {
            let pushed = crate::ascii_reader::pushed(FACILITY, number);
            let heard = weather(pushed, wire.noisy, &mut self.dice);
            return Some((wire.id, heard));
        }
        wire.busy_until = at + self.busy_for;
        let seat = wire.seats.iter_mut().find(|seat| seat.reader == reader)?;
        seat.show(number, bits);
        None
    }

    /// Keys are pressed at a reader.
    pub(super) fn press(&mut self, reader: ReaderId, keys: &[u8], at: Uptime) {
        let busy_until = at + self.busy_for;
        for wire in &mut self.wires {
            if let Some(seat) = wire.seats.iter_mut().find(|seat| seat.reader == reader) {
                seat.press(keys);
                wire.busy_until = wire.busy_until.max(busy_until);
            }
        }
    }

    /// What the readers were told to switch, up to this moment.
    pub(super) fn outs(&mut self, line: LineId, up: Uptime) -> Vec<Out> {
        let mut outs = Vec::new();
        let wire = self.wire(line);
        let board = wire.and_then(|wire| wire.board.as_mut());
        outs.extend(board.into_iter().flat_map(|board| board.outs(up)));
        let seats = self.wire(line).into_iter().flat_map(|wire| &mut wire.seats);
        for seat in seats {
            while let Some(event) = seat.poll_event() {
                if let PdEvent::Output(control) = event {
                    let reader = seat.reader;
                    outs.push(Out { reader, control });
                }
            }
        }
        outs
    }

    /// Everything is as it should be again.
    pub(super) fn mend_all(&mut self) {
        for wire in &mut self.wires {
            (wire.noisy, wire.echoes, wire.is_up) = (false, false, true);
            wire.seats.iter_mut().for_each(Seat::mend);
            wire.board.iter_mut().for_each(Board::mend);
        }
    }
}

impl Wire {
    /// The line of a Modbus unit behind all others. It is the strike of the Wiegand reader's door, which has no contact else, or of the
    /// last door.
    fn of_board(plan: &Plan, last: u16, wires: &[Self]) -> Self {
        let has_wiegand = wires.iter().any(|wire| wire.wiegand);
        let is_inside = plan.areas && plan.readers.is_multiple_of(2) && !has_wiegand;
        let door = DoorId::new(last - u16::from(is_inside));
        let is_struck = Dice::new(plan.seed ^ BOARD_DICE).one_in(2);
        Self {
            board: Some(Board::new(ReaderId::new(last + 1), door, !plan.switched)),
            ..Self::quiet(LineId::new(plan.lines + 1), is_struck)
        }
    }

    /// A line with nothing on it, on which nothing is amiss yet.
    fn quiet(id: LineId, is_struck: bool) -> Self {
        Self {
            id,
            seats: Vec::new(),
            wiegand: false,
            board: None,
            is_struck,
            is_up: true,
            scanner: Scanner::new(),
            noisy: false,
            echoes: false,
            busy_until: Uptime::START,
            overheard: Vec::new(),
        }
    }

    /// A fault strikes here, on some reader or on all.
    pub(super) fn strike(&mut self, fault: Fault, dice: &mut Dice) {
        let count = u64::try_from(self.seats.len()).unwrap_or(1);
        let one = usize::try_from(dice.below(count)).unwrap_or(0);
        if let Some(board) = &mut self.board {
            // On such a line an echo is a confirmation; nobody is to leave it on.
            if fault == Fault::Echo {
                return;
            }
            board.strike(fault);
        }
        let seat = self.seats.get_mut(one);
        match fault {
            Fault::Noise => self.noisy = true,
            Fault::Echo => self.echoes = true,
            Fault::LineDown => self.is_up = false,
            Fault::Unplugged => seat.into_iter().for_each(Seat::unplug),
            Fault::ReaderRestart => seat.into_iter().for_each(Seat::restart),
            Fault::Hostile => seat.into_iter().for_each(|seat| seat.is_hostile = true),
            Fault::Impostor => seat.into_iter().for_each(|seat| seat.replace(dice)),
            Fault::PowerCut
            | Fault::Kill
            | Fault::CutAgain
            | Fault::DiskFull
            | Fault::WriteError
            | Fault::SyncError
            | Fault::SlowSync
            | Fault::Drift
            | Fault::ClockBack
            | Fault::ClockAhead
            | Fault::ClockLost
            | Fault::Unsynchronised
            | Fault::Rush => {}
        }
    }

    /// Whether a reader, or a unit, hangs here.
    pub(super) fn has(&self, reader: ReaderId) -> bool {
        let of_board = self.board.iter().map(|board| board.reader);
        let of_seats = self.seats.iter().map(|seat| seat.reader);
        of_board.chain(of_seats).any(|known| known == reader)
    }

    /// What a fault did here is over.
    pub(super) fn mend(&mut self, fault: Fault) {
        match fault {
            Fault::Noise => self.noisy = false,
            Fault::Echo => self.echoes = false,
            Fault::LineDown => self.is_up = true,
            Fault::Unplugged
            | Fault::ReaderRestart
            | Fault::Hostile
            | Fault::Impostor
            | Fault::PowerCut
            | Fault::Kill
            | Fault::CutAgain
            | Fault::DiskFull
            | Fault::WriteError
            | Fault::SyncError
            | Fault::SlowSync
            | Fault::Drift
            | Fault::ClockBack
            | Fault::ClockAhead
            | Fault::ClockLost
            | Fault::Unsynchronised
            | Fault::Rush => {
                self.seats.iter_mut().for_each(Seat::mend);
                self.board.iter_mut().for_each(Board::mend);
            }
        }
    }

    /// The readers' side of a frame: what is answered, and the card in it.
    fn answer(&mut self, octets: &[u8], at: Uptime, dice: &mut Dice) -> (Vec<u8>, Option<u16>) {
        let mut said = (Vec::new(), None);
        let mut rest = octets;
        while !rest.is_empty() {
            let taken = self.scanner.feed(rest);
            while let Some(frame) = self.scanner.next_frame() {
                let mut seats = self.seats.iter_mut();
                let Some(seat) = seats.find(|seat| seat.address == frame.address) else {
                    continue;
                };
                said = heard(seat, &frame, at, &self.overheard, dice);
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        // Each burst is one frame: what is left of a damaged one gets no continuation.
        self.scanner.reset();
        if self.is_struck && dice.one_in(OVERHEARD_ONE_IN) && !said.0.is_empty() {
            self.overheard.truncate(OVERHEARD_MAX - 1);
            self.overheard.insert(0, said.0.clone());
        }
        said
    }
}

/// A seat hears a frame that is for it, or somebody does in its place.
fn heard(
    seat: &mut Seat,
    frame: &Frame<'_>,
    at: Uptime,
    overheard: &[Vec<u8>],
    dice: &mut Dice,
) -> (Vec<u8>, Option<u16>) {
    let mut reply = [0; REPLY_LEN_MAX];
    let len = seat.hear(frame, at, dice, &mut reply);
    let honest = len.and_then(|len| reply.get(..len)).unwrap_or_default();
    if seat.is_hostile {
        return (hostile::answer(frame, honest, overheard, dice), None);
    }
    if honest.is_empty() {
        return (Vec::new(), None);
    }
    (
        [&[MARK], honest].concat(),
        seat.handed_over(code_of(honest)),
    )
}

/// The code of a reply, which is in clear.
fn code_of(reply: &[u8]) -> Option<u8> {
    Frame::decode(reply).ok().map(|frame| frame.code)
}

/// Noise: once in a while an octet is flipped, lost or added.
fn weather(mut octets: Vec<u8>, noisy: bool, dice: &mut Dice) -> Vec<u8> {
    if !noisy || octets.is_empty() || !dice.one_in(NOISE_ONE_IN) {
        return octets;
    }
    let count = u64::try_from(octets.len()).unwrap_or(1);
    let at = usize::try_from(dice.below(count)).unwrap_or(0);
    match dice.below(3) {
        0 => octets.truncate(at),
        1 => octets.insert(at, dice.throw().to_le_bytes()[0]),
        _ => octets
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|octet| *octet ^= 0x10),
    }
    octets
}

/// How long octets are on the wire.
fn travel(octets: &[u8]) -> Duration {
    let bits = u32::try_from(octets.len()).unwrap_or(u32::MAX);
    Duration::from_secs(1).saturating_mul(bits.saturating_mul(10)) / BAUD
}

/// Bits a second on every OSDP line.
pub(super) const BAUD: u32 = 115_200;
/// The facility code of every card.
pub(super) const FACILITY: u8 = 57;
/// What readers take to begin their answer (OSDP 2.2: nominally 3 ms).
const TURNAROUND: Duration = Duration::from_millis(3);
/// One frame in so many is damaged while a line is noisy.
const NOISE_ONE_IN: u64 = 6;
/// One answer in so many is kept by whoever listens, and so many of them.
const OVERHEARD_ONE_IN: u64 = 16;
const OVERHEARD_MAX: usize = 8;
const BOARD_DICE: u64 = 0x5EED_0F9A_11A5_0016;
