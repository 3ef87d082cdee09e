//! Wiegand converters and relay boards on one Modbus line, as one machine without clock or port.
//!
//! The far end of the standard's functions is `rmodbus`'s, so that two hands agree on the octets; "flash on" is played here.
//! A unit keeps the sequence number of its readings in input register 0, the bit count in 1, the bits left-justified from 2;
//! its inputs are discrete inputs from 0, its relays coils from 0.

use rmodbus::server::ModbusFrame;
use rmodbus::server::context::ModbusContext;
use rmodbus::server::storage::ModbusStorage;
use rmodbus::{ErrorKind, ModbusProto};

/// Units on one line.
///
/// Contract: give it what the controller sends ([`ModbusUnits::handle_bytes`]), send what it answers, then drain
/// [`ModbusUnits::poll_switched`].
pub struct ModbusUnits {
    units: Vec<Unit>,
    held: Vec<u8>,
    switched: Vec<Switched>,
}

struct Unit {
    address: u8,
    plugged: bool,
    storage: ModbusStorage<16, 16, 32, 1>,
}

/// A relay was told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switched {
    /// The unit.
    pub address: u8,
    /// The relay.
    pub coil: u16,
    /// On or off; on for a time is told as on.
    pub on: bool,
    /// The time in 100 ms, if the relay goes off by itself.
    pub time_100ms: Option<u16>,
}

impl ModbusUnits {
    /// Units with these ids.
    #[must_use]
    pub fn new(addresses: &[u8]) -> Self {
        let units = addresses.iter().map(|address| Unit {
            address: *address,
            plugged: true,
            storage: ModbusStorage::new(),
        });
        Self {
            units: units.collect(),
            held: Vec::new(),
            switched: Vec::new(),
        }
    }

    /// Octets from the controller; what the units answer.
    pub fn handle_bytes(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        let mut answers = Vec::new();
        while let Some((question, _)) = self.held.split_first_chunk::<QUESTION_LEN>() {
            let question = *question;
            if CRC.checksum(&question) == 0 {
                self.held.drain(..QUESTION_LEN);
                answers.extend(self.answer(&question));
            } else {
                self.held.remove(0);
            }
        }
        answers
    }

    /// A card is shown at a unit: `bit_count` bits, left-justified, at most 64.
    pub fn present(&mut self, address: u8, bits: &[u8], bit_count: u16) {
        if let Some(unit) = self.unit(address) {
            let words: Vec<u16> = (0..4_usize)
                .map(|word| {
                    let octet = |at: usize| bits.get(at).copied().unwrap_or(0);
                    u16::from_be_bytes([octet(word * 2), octet(word * 2 + 1)])
                })
                .collect();
            let sequence = unit.storage.get_input(0).unwrap_or(0).wrapping_add(1);
            // The registers are there: the storage is larger than that.
            unit.storage.set_inputs_bulk(1, &[bit_count]).ok();
            unit.storage.set_inputs_bulk(2, &words).ok();
            unit.storage.set_input(0, sequence).ok();
        }
    }

    /// The level of an input.
    pub fn set_input(&mut self, address: u8, input: u16, active: bool) {
        if let Some(unit) = self.unit(address) {
            unit.storage.set_discrete(input, active).ok();
        }
    }

    /// Whether a relay is on.
    #[must_use]
    pub fn is_on(&self, address: u8, coil: u16) -> bool {
        let unit = self.units.iter().find(|unit| unit.address == address);
        unit.is_some_and(|unit| unit.storage.get_coil(coil) == Ok(true))
    }

    /// A relay changes by itself: a flash ends, or somebody presses the board's own button.
    pub fn set_relay(&mut self, address: u8, coil: u16, on: bool) {
        if let Some(unit) = self.unit(address) {
            unit.storage.set_coil(coil, on).ok();
        }
    }

    /// Takes a unit off the line or puts it back.
    pub fn set_plugged(&mut self, address: u8, plugged: bool) {
        if let Some(unit) = self.unit(address) {
            unit.plugged = plugged;
        }
    }

    /// What the relays were told, in order.
    pub fn poll_switched(&mut self) -> Option<Switched> {
        (!self.switched.is_empty()).then(|| self.switched.remove(0))
    }

    fn unit(&mut self, address: u8) -> Option<&mut Unit> {
        self.units.iter_mut().find(|unit| unit.address == address)
    }

    fn answer(&mut self, question: &[u8; QUESTION_LEN]) -> Vec<u8> {
        let [
            address,
            function,
            at_high,
            at_low,
            value_high,
            value_low,
            ..,
        ] = *question;
        let Some(unit) = self.unit(address).filter(|unit| unit.plugged) else {
            return Vec::new();
        };
        let (at, value) = (
            u16::from_be_bytes([at_high, at_low]),
            u16::from_be_bytes([value_high, value_low]),
        );
        if function == WRITE_COIL {
            let (coil, time) = match at.checked_sub(FLASH_AT) {
                Some(coil) => (coil, Some(value)),
                None => (at, None),
            };
            let on = value != 0;
            if unit.storage.set_coil(coil, on).is_ok() {
                self.switched.push(Switched {
                    address,
                    coil,
                    on,
                    time_100ms: time,
                });
                return question.to_vec();
            }
        }
        unit.read(question).unwrap_or_default()
    }
}

impl Unit {
    fn read(&self, question: &[u8]) -> Result<Vec<u8>, ErrorKind> {
        let mut answer = Vec::new();
        let mut frame = ModbusFrame::new(self.address, question, ModbusProto::Rtu, &mut answer);
        frame.parse()?;
        if frame.processing_required {
            frame.process_read(&self.storage)?;
        }
        if frame.response_required {
            frame.finalize_response()?;
        }
        Ok(answer)
    }
}

const CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_MODBUS);
/// Every question that this controller asks has so many octets.
const QUESTION_LEN: usize = 8;
const WRITE_COIL: u8 = 5;
const FLASH_AT: u16 = 0x0200;
