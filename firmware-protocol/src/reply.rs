//! What a reader answers.

mod client_cryptogram;
mod file_status;
mod keypad;
mod local_status;
mod manufacturer_status;
mod nak;
mod pd_cap;
mod pd_id;
mod raw_card;
mod states;

use core::fmt;

pub use client_cryptogram::ClientCryptogram;
pub use file_status::{FileDetail, FileStatus};
pub use keypad::Keypad;
pub use local_status::LocalStatus;
pub use manufacturer_status::ManufacturerStatus;
pub use nak::{Nak, NakCode};
pub use pd_cap::{Capability, Function, PdCap};
pub use pd_id::PdId;
pub use raw_card::RawCard;
pub use states::{InputStatus, OutputStatus, ReaderState, ReaderStatus};

use crate::com_settings::ComSettings;
use crate::manufacturer::Manufacturer;
use crate::message::{MessageError, exactly, write_runs};

/// A reply's code and data (OSDP 2.2, annex A).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    /// ACK, 40: done, nothing to say.
    Ack,
    /// NAK, 41: refused, and why.
    Nak(Nak),
    /// PDID, 45: who the reader is.
    PdId(PdId),
    /// PDCAP, 46: what the reader can do.
    PdCap(PdCap<'a>),
    /// LSTATR, 48: tamper and power.
    LocalStatus(LocalStatus),
    /// ISTATR, 49: the inputs' states.
    InputStatus(InputStatus<'a>),
    /// OSTATR, 4A: the outputs' states.
    OutputStatus(OutputStatus<'a>),
    /// RSTATR, 4B: the state of attached readers.
    ReaderStatus(ReaderStatus<'a>),
    /// RAW, 50: a card.
    Raw(RawCard<'a>),
    /// KEYPAD, 53: keys pressed.
    Keypad(Keypad<'a>),
    /// COM, 54: the address and speed the reader has from now on.
    Com(ComSettings),
    /// CCRYPT, 76: the reader's cryptogram.
    ClientCryptogram(ClientCryptogram),
    /// RMAC_I, 78: the initial reply MAC.
    RMacI([u8; 16]),
    /// BUSY, 79: ask again with the same sequence number; always sequence 0, never secured.
    Busy,
    /// FTSTAT, 7A: how far the reader is with a file.
    FileStatus(FileStatus),
    /// MFGSTATR, 83: a maker's own status.
    ManufacturerStatus(ManufacturerStatus<'a>),
    /// MFGERRR, 84: a maker's own error.
    ManufacturerError(ManufacturerStatus<'a>),
    /// MFGREP, 90: a maker's own answer.
    Manufacturer(Manufacturer<'a>),
    /// A code this version does not know, or knows and leaves to others.
    Unknown {
        /// The code.
        code: u8,
        /// Its data.
        data: &'a [u8],
    },
}

impl<'a> Reply<'a> {
    /// The code on the wire.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Self::Ack => ACK,
            Self::Nak(_) => NAK,
            Self::PdId(_) => PDID,
            Self::PdCap(_) => PDCAP,
            Self::LocalStatus(_) => LSTATR,
            Self::InputStatus(_) => ISTATR,
            Self::OutputStatus(_) => OSTATR,
            Self::ReaderStatus(_) => RSTATR,
            Self::Raw(_) => RAW,
            Self::Keypad(_) => KEYPAD,
            Self::Com(_) => COM,
            Self::ClientCryptogram(_) => CCRYPT,
            Self::RMacI(_) => RMAC_I,
            Self::Busy => BUSY,
            Self::FileStatus(_) => FTSTAT,
            Self::ManufacturerStatus(_) => MFGSTATR,
            Self::ManufacturerError(_) => MFGERRR,
            Self::Manufacturer(_) => MFGREP,
            Self::Unknown { code, .. } => *code,
        }
    }

    /// The reply behind a code and its data in clear.
    ///
    /// # Errors
    /// [`MessageError`] if the data does not fit the code.
    pub fn decode(code: u8, data: &'a [u8]) -> Result<Self, MessageError> {
        Ok(match code {
            ACK => exactly::<0>(data).map(|[]| Self::Ack)?,
            NAK => Self::Nak(Nak::decode(data)?),
            PDID => Self::PdId(PdId::decode(data)?),
            PDCAP => Self::PdCap(PdCap::decode(data)?),
            LSTATR => Self::LocalStatus(LocalStatus::decode(data)?),
            ISTATR => Self::InputStatus(InputStatus::decode(data)),
            OSTATR => Self::OutputStatus(OutputStatus::decode(data)),
            RSTATR => Self::ReaderStatus(ReaderStatus::decode(data)),
            RAW => Self::Raw(RawCard::decode(data)?),
            KEYPAD => Self::Keypad(Keypad::decode(data)?),
            COM => Self::Com(ComSettings::decode(data)?),
            CCRYPT => Self::ClientCryptogram(ClientCryptogram::decode(data)?),
            RMAC_I => Self::RMacI(exactly(data)?),
            BUSY => exactly::<0>(data).map(|[]| Self::Busy)?,
            FTSTAT => Self::FileStatus(FileStatus::decode(data)?),
            MFGSTATR => Self::ManufacturerStatus(ManufacturerStatus::decode(data)),
            MFGERRR => Self::ManufacturerError(ManufacturerStatus::decode(data)),
            MFGREP => Self::Manufacturer(Manufacturer::decode(data)?),
            code => Self::Unknown { code, data },
        })
    }

    /// Writes the data octets, without the code, and returns how many.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        match self {
            Self::Ack | Self::Busy => Ok(0),
            Self::Nak(nak) => nak.encode(out),
            Self::PdId(id) => id.encode(out),
            Self::PdCap(capabilities) => capabilities.encode(out),
            Self::LocalStatus(status) => status.encode(out),
            Self::InputStatus(status) => status.encode(out),
            Self::OutputStatus(status) => status.encode(out),
            Self::ReaderStatus(status) => status.encode(out),
            Self::Raw(card) => card.encode(out),
            Self::Keypad(keypad) => keypad.encode(out),
            Self::Com(settings) => settings.encode(out),
            Self::ClientCryptogram(cryptogram) => cryptogram.encode(out),
            Self::RMacI(mac) => write_runs(out, &[mac]),
            Self::FileStatus(status) => status.encode(out),
            Self::ManufacturerStatus(status) | Self::ManufacturerError(status) => {
                status.encode(out)
            }
            Self::Manufacturer(message) => message.encode(out),
            Self::Unknown { data, .. } => write_runs(out, &[data]),
        }
    }
}

/// Shows the kind of reply, never a card, a key press or unknown data.
impl fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ack => f.write_str("Ack"),
            Self::Nak(nak) => f.debug_tuple("Nak").field(nak).finish(),
            Self::PdId(id) => f.debug_tuple("PdId").field(id).finish(),
            Self::PdCap(capabilities) => f.debug_tuple("PdCap").field(capabilities).finish(),
            Self::LocalStatus(status) => f.debug_tuple("LocalStatus").field(status).finish(),
            Self::InputStatus(status) => f.debug_tuple("InputStatus").field(status).finish(),
            Self::OutputStatus(status) => f.debug_tuple("OutputStatus").field(status).finish(),
            Self::ReaderStatus(status) => f.debug_tuple("ReaderStatus").field(status).finish(),
            Self::Raw(card) => f.debug_tuple("Raw").field(card).finish(),
            Self::Keypad(keypad) => f.debug_tuple("Keypad").field(keypad).finish(),
            Self::Com(settings) => f.debug_tuple("Com").field(settings).finish(),
            Self::ClientCryptogram(_) => f.write_str("ClientCryptogram"),
            Self::RMacI(_) => f.write_str("RMacI"),
            Self::Busy => f.write_str("Busy"),
            Self::FileStatus(status) => f.debug_tuple("FileStatus").field(status).finish(),
            Self::ManufacturerStatus(status) => {
                f.debug_tuple("ManufacturerStatus").field(status).finish()
            }
            Self::ManufacturerError(status) => {
                f.debug_tuple("ManufacturerError").field(status).finish()
            }
            Self::Manufacturer(message) => f.debug_tuple("Manufacturer").field(message).finish(),
            Self::Unknown { code, data } => {
                write!(f, "Unknown({code:#04x}, {} octets)", data.len())
            }
        }
    }
}

const ACK: u8 = 0x40;
const NAK: u8 = 0x41;
const PDID: u8 = 0x45;
const PDCAP: u8 = 0x46;
const LSTATR: u8 = 0x48;
const ISTATR: u8 = 0x49;
const OSTATR: u8 = 0x4A;
const RSTATR: u8 = 0x4B;
const RAW: u8 = 0x50;
const KEYPAD: u8 = 0x53;
const COM: u8 = 0x54;
const CCRYPT: u8 = 0x76;
const RMAC_I: u8 = 0x78;
const BUSY: u8 = 0x79;
const FTSTAT: u8 = 0x7A;
const MFGSTATR: u8 = 0x83;
const MFGERRR: u8 = 0x84;
const MFGREP: u8 = 0x90;

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Reply;
    use crate::MessageError;

    #[test]
    fn ack_and_busy_carry_nothing() {
        for (code, reply) in [(0x40, Reply::Ack), (0x79, Reply::Busy)] {
            assert_eq!(Reply::decode(code, &[]), Ok(reply));
            assert_eq!((reply.code(), reply.encode(&mut [])), (code, Ok(0)));
            assert_eq!(
                Reply::decode(code, &[0]),
                Err(MessageError::Length {
                    actual: 1,
                    needed: 0
                })
            );
        }
    }

    #[test]
    fn an_initial_mac_has_sixteen_octets() {
        assert_eq!(Reply::decode(0x78, &[7; 16]), Ok(Reply::RMacI([7; 16])));
        assert_eq!(
            Reply::decode(0x78, &[7; 17]),
            Err(MessageError::Length {
                actual: 17,
                needed: 16
            })
        );
    }

    #[test]
    fn an_unknown_code_is_a_value_and_its_data_is_not_shown() {
        for code in [0x51, 0x59, 0x57, 0xB1] {
            // FMT, a card as characters; EXT_PDID; BIOREADR; XRD
            let reply = Reply::decode(code, &[0, 1, 2]).unwrap();
            assert_eq!((reply.code(), reply.encode(&mut [0; 3])), (code, Ok(3)));
        }
        let reply = Reply::decode(0x51, &[0xCA, 0xFE]).unwrap();
        assert_eq!(
            reply,
            Reply::Unknown {
                code: 0x51,
                data: &[0xCA, 0xFE]
            }
        );
        assert_eq!(std::format!("{reply:?}"), "Unknown(0x51, 2 octets)");
    }
}
