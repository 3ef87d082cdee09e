//! OSDP readers that share one line: what the controller sends reaches all, one answers.

use firmware_protocol::pd::{Pd, PdConfig, PdError, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, MARK, Scanner};

use crate::dice::Dice;

/// Readers on one line as one machine without clock or port.
///
/// Contract: give it what the controller sends ([`Multidrop::handle_bytes`]), send what it answers,
/// then drain [`Multidrop::poll_event`].
pub struct Multidrop {
    scanner: Scanner,
    seats: Vec<Seat>,
    dice: Dice,
}

/// One reader and its place on the line.
struct Seat {
    address: Address,
    pd: Pd,
    plugged: bool,
}

/// Something a reader was told, or that happened to its session.
#[derive(Debug)]
pub struct Happening {
    /// The reader.
    pub address: Address,
    /// What happened.
    pub event: PdEvent,
}

impl Multidrop {
    /// Readers with these addresses and keys; a reader without key speaks in clear. `dice` throw
    /// their random numbers.
    #[must_use]
    pub fn new(readers: Vec<(Address, Option<Scbk>)>, dice: Dice) -> Self {
        let seats = readers.into_iter().map(|(address, key)| Seat {
            address,
            pd: Pd::new(config(address, key)),
            plugged: true,
        });
        Self {
            scanner: Scanner::new(),
            seats: seats.collect(),
            dice,
        }
    }

    /// Octets from the controller; what the readers answer, mark octets included.
    pub fn handle_bytes(&mut self, mut bytes: &[u8]) -> Vec<u8> {
        let mut answers = Vec::new();
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            while let Some(frame) = self.scanner.next_frame() {
                for seat in self.seats.iter_mut().filter(|seat| seat.plugged) {
                    let mut rnd_b = [0; 8];
                    self.dice.throw_octets(&mut rnd_b);
                    let mut reply = [0; REPLY_LEN_MAX];
                    let len = seat.pd.handle_frame(&frame, rnd_b, &mut reply);
                    if let Some(reply) = len.and_then(|len| reply.get(..len)) {
                        answers.push(MARK);
                        answers.extend_from_slice(reply);
                    }
                }
            }
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        answers
    }

    /// The line fell silent inside a frame: no continuation will come.
    pub fn handle_gap(&mut self) {
        self.scanner.reset();
    }

    /// Nothing came for [`firmware_protocol::pd::SILENCE_S`]: the readers' sessions are over.
    pub fn handle_silence(&mut self) {
        for seat in &mut self.seats {
            seat.pd.handle_silence();
        }
    }

    /// A card is shown at a reader: `bit_count` bits, left-justified.
    ///
    /// # Errors
    /// [`PdError`]; also when the reader's queue is full.
    pub fn present(&mut self, at: Address, bits: &[u8], bit_count: u16) -> Result<(), PdError> {
        self.seat(at)
            .map_or(Ok(()), |seat| seat.pd.present_card(bits, bit_count))
    }

    /// The levels of a reader's inputs, number 0 first; true is active.
    ///
    /// # Errors
    /// [`PdError`] for more inputs than a reader has.
    pub fn set_inputs(&mut self, at: Address, levels: &[bool]) -> Result<(), PdError> {
        self.seat(at)
            .map_or(Ok(()), |seat| seat.pd.set_inputs(levels))
    }

    /// Takes a reader off the line or puts it back. It loses its session, not its cards.
    pub fn set_plugged(&mut self, at: Address, plugged: bool) {
        if let Some(seat) = self.seat(at) {
            seat.plugged = plugged;
            seat.pd.handle_silence();
        }
    }

    /// What the readers were told, in no order between them.
    pub fn poll_event(&mut self) -> Option<Happening> {
        self.seats.iter_mut().find_map(|seat| {
            let address = seat.address;
            let event = seat.pd.poll_event()?;
            Some(Happening { address, event })
        })
    }

    fn seat(&mut self, at: Address) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.address == at)
    }
}

/// A reader as this building has them.
pub(crate) fn config(address: Address, key: Option<Scbk>) -> PdConfig {
    PdConfig {
        address,
        id: PdId {
            // Locally administered: nobody's.
            vendor: [0x02, 0x51, 0x4D],
            model: 1,
            version: 1,
            serial: u32::from(address.get()),
            firmware: [1, 0, 0],
        },
        capabilities: CAPABILITIES,
        key,
        install_mode: false,
    }
}

/// Two contacts, two outputs, a light, a buzzer, CRC, AES.
const CAPABILITIES: &[Capability] = &[
    capability(Function::CONTACTS, 1, 2),
    capability(Function::OUTPUTS, 4, 2),
    capability(Function::CARD_FORMAT, 1, 0),
    capability(Function::LEDS, 4, 1),
    capability(Function::BUZZER, 2, 1),
    capability(Function::CRC, 1, 0),
    capability(Function::SECURITY, 1, 0),
    capability(Function::READERS, 1, 1),
    capability(Function::VERSION, 2, 0),
];

const fn capability(function: Function, compliance: u8, count: u8) -> Capability {
    Capability {
        function,
        compliance,
        count,
    }
}

#[cfg(test)]
mod tests {
    use firmware_protocol::{Check, Direction, FRAME_LEN_MAX, Frame, Header, Sequence};

    use super::*;

    fn poll(address: u8) -> Vec<u8> {
        let header = Header {
            direction: Direction::Command,
            address: Address::new(address).unwrap(),
            sequence: Sequence::RESET,
            check: Check::Crc,
        };
        let mut out = [0; FRAME_LEN_MAX];
        let len = Frame::plain(header, 0x60, &[]).encode(&mut out).unwrap();
        [&[MARK], &out[..len]].concat()
    }

    fn line(addresses: &[u8]) -> Multidrop {
        let readers = addresses
            .iter()
            .map(|&address| (Address::new(address).unwrap(), None));
        Multidrop::new(readers.collect(), Dice::new(1))
    }

    #[test]
    fn only_the_reader_that_was_asked_answers() {
        let mut line = line(&[0, 1, 2]);
        let answer = line.handle_bytes(&poll(1));
        let frame = Frame::decode(&answer[1..]).unwrap();
        assert_eq!(
            (frame.address.get(), frame.direction),
            (1, Direction::Reply)
        );
        assert!(line.handle_bytes(&poll(9)).is_empty());
    }

    #[test]
    fn an_unplugged_reader_is_silent_and_keeps_its_card() {
        let mut line = line(&[4]);
        let address = Address::new(4).unwrap();
        line.present(address, &[0x80, 0x98, 0x1C, 0xC0], 26)
            .unwrap();
        line.set_plugged(address, false);
        assert!(line.handle_bytes(&poll(4)).is_empty());
        line.set_plugged(address, true);
        let answer = line.handle_bytes(&poll(4));
        assert_eq!(Frame::decode(&answer[1..]).unwrap().code, 0x50);
    }
}
