//! What a controller asks of a reader or tells it.

mod buzzer;
mod challenge;
mod file_transfer;
mod keep_active;
mod key_set;
mod led;
mod output;
mod receive_size;
mod text;

use core::fmt;

pub use buzzer::{BuzzerControl, BuzzerTone};
pub use challenge::RndA;
pub(crate) use file_transfer::HEAD_LEN as FILE_HEAD_LEN;
pub use file_transfer::{FileKind, FileTransfer};
pub use keep_active::KeepActive;
pub use key_set::KeySet;
pub use led::{
    LedColor, LedControl, LedControls, PermanentAction, PermanentLed, TemporaryAction, TemporaryLed,
};
pub use output::{OutputAction, OutputControl, OutputControls};
pub use receive_size::ReceiveSize;
pub use text::{Text, TextAction, TextPlace};

use crate::com_settings::ComSettings;
use crate::manufacturer::Manufacturer;
use crate::message::{MessageError, exactly, write_runs};

/// A command's code and data (OSDP 2.2, annex A).
#[derive(Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// POLL, 60: anything to say?
    Poll,
    /// ID, 61: who are you? Answered by PDID.
    Id,
    /// CAP, 62: what can you do? Answered by PDCAP.
    Cap,
    /// LSTAT, 64: tamper and power. Answered by LSTATR.
    LocalStatus,
    /// ISTAT, 65: the inputs' states. Answered by ISTATR.
    InputStatus,
    /// OSTAT, 66: the outputs' states. Answered by OSTATR.
    OutputStatus,
    /// RSTAT, 67: the state of attached readers. Answered by RSTATR.
    ReaderStatus,
    /// OUT, 68: set outputs.
    Out(OutputControls<'a>),
    /// LED, 69: set lights.
    Led(LedControls<'a>),
    /// BUZ, 6A: sound.
    Buzzer(BuzzerControl),
    /// TEXT, 6B: show a text.
    Text(Text<'a>),
    /// COMSET, 6E: another address or speed. Answered by COM.
    ComSet(ComSettings),
    /// KEYSET, 75: a new Secure Channel key.
    KeySet(KeySet),
    /// CHLNG, 76: begins the Secure Channel handshake.
    Challenge(RndA),
    /// SCRYPT, 77: the controller's cryptogram.
    ServerCryptogram([u8; 16]),
    /// ACURXSIZE, 7B: how long a reply may be.
    ReceiveSize(ReceiveSize),
    /// FILETRANSFER, 7C: a piece of a file. Answered by FTSTAT.
    FileTransfer(FileTransfer<'a>),
    /// MFG, 80: a maker's own. Answered by MFGREP or ACK.
    Manufacturer(Manufacturer<'a>),
    /// ABORT, A2: stop what you are doing, a file transfer too.
    Abort,
    /// KEEPACTIVE, A7: keep the credential powered.
    KeepActive(KeepActive),
    /// A code this version does not know, or knows and leaves to others.
    Unknown {
        /// The code.
        code: u8,
        /// Its data.
        data: &'a [u8],
    },
}

impl<'a> Command<'a> {
    /// The code on the wire.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Self::Poll => POLL,
            Self::Id => ID,
            Self::Cap => CAP,
            Self::LocalStatus => LSTAT,
            Self::InputStatus => ISTAT,
            Self::OutputStatus => OSTAT,
            Self::ReaderStatus => RSTAT,
            Self::Out(_) => OUT,
            Self::Led(_) => LED,
            Self::Buzzer(_) => BUZ,
            Self::Text(_) => TEXT,
            Self::ComSet(_) => COMSET,
            Self::KeySet(_) => KEYSET,
            Self::Challenge(_) => CHLNG,
            Self::ServerCryptogram(_) => SCRYPT,
            Self::ReceiveSize(_) => ACURXSIZE,
            Self::FileTransfer(_) => FILETRANSFER,
            Self::Manufacturer(_) => MFG,
            Self::Abort => ABORT,
            Self::KeepActive(_) => KEEPACTIVE,
            Self::Unknown { code, .. } => *code,
        }
    }

    /// The command behind a code and its data in clear.
    ///
    /// # Errors
    /// [`MessageError`] if the data does not fit the code.
    pub fn decode(code: u8, data: &'a [u8]) -> Result<Self, MessageError> {
        Ok(match code {
            POLL => bare(data, Self::Poll)?,
            ID => standard_only(data, Self::Id)?,
            CAP => standard_only(data, Self::Cap)?,
            LSTAT => bare(data, Self::LocalStatus)?,
            ISTAT => bare(data, Self::InputStatus)?,
            OSTAT => bare(data, Self::OutputStatus)?,
            RSTAT => bare(data, Self::ReaderStatus)?,
            OUT => Self::Out(OutputControls::decode(data)?),
            LED => Self::Led(LedControls::decode(data)?),
            BUZ => Self::Buzzer(BuzzerControl::decode(data)?),
            TEXT => Self::Text(Text::decode(data)?),
            COMSET => Self::ComSet(ComSettings::decode(data)?),
            KEYSET => Self::KeySet(KeySet::decode(data)?),
            CHLNG => Self::Challenge(RndA::decode(data)?),
            SCRYPT => Self::ServerCryptogram(exactly(data)?),
            ACURXSIZE => Self::ReceiveSize(ReceiveSize::decode(data)?),
            FILETRANSFER => Self::FileTransfer(FileTransfer::decode(data)?),
            MFG => Self::Manufacturer(Manufacturer::decode(data)?),
            ABORT => bare(data, Self::Abort)?,
            KEEPACTIVE => Self::KeepActive(KeepActive::decode(data)?),
            code => Self::Unknown { code, data },
        })
    }

    /// Writes the data octets, without the code, and returns how many.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        match self {
            Self::Poll
            | Self::LocalStatus
            | Self::InputStatus
            | Self::OutputStatus
            | Self::ReaderStatus
            | Self::Abort => Ok(0),
            Self::Id | Self::Cap => write_runs(out, &[&[STANDARD]]),
            Self::Out(controls) => controls.encode(out),
            Self::Led(controls) => controls.encode(out),
            Self::Buzzer(control) => control.encode(out),
            Self::Text(text) => text.encode(out),
            Self::ComSet(settings) => settings.encode(out),
            Self::KeySet(key_set) => key_set.encode(out),
            Self::Challenge(rnd_a) => rnd_a.encode(out),
            Self::ServerCryptogram(cryptogram) => write_runs(out, &[cryptogram]),
            Self::ReceiveSize(size) => size.encode(out),
            Self::FileTransfer(piece) => piece.encode(out),
            Self::Manufacturer(message) => message.encode(out),
            Self::KeepActive(keep) => keep.encode(out),
            Self::Unknown { data, .. } => write_runs(out, &[data]),
        }
    }
}

/// Shows the kind of command, never a key or unknown data.
impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Poll => f.write_str("Poll"),
            Self::Id => f.write_str("Id"),
            Self::Cap => f.write_str("Cap"),
            Self::LocalStatus => f.write_str("LocalStatus"),
            Self::InputStatus => f.write_str("InputStatus"),
            Self::OutputStatus => f.write_str("OutputStatus"),
            Self::ReaderStatus => f.write_str("ReaderStatus"),
            Self::Out(controls) => f.debug_tuple("Out").field(controls).finish(),
            Self::Led(controls) => f.debug_tuple("Led").field(controls).finish(),
            Self::Buzzer(control) => f.debug_tuple("Buzzer").field(control).finish(),
            Self::Text(text) => f.debug_tuple("Text").field(text).finish(),
            Self::ComSet(settings) => f.debug_tuple("ComSet").field(settings).finish(),
            Self::KeySet(key_set) => f.debug_tuple("KeySet").field(key_set).finish(),
            Self::Challenge(_) => f.write_str("Challenge"),
            Self::ServerCryptogram(_) => f.write_str("ServerCryptogram"),
            Self::ReceiveSize(size) => f.debug_tuple("ReceiveSize").field(size).finish(),
            Self::FileTransfer(piece) => f.debug_tuple("FileTransfer").field(piece).finish(),
            Self::Manufacturer(message) => f.debug_tuple("Manufacturer").field(message).finish(),
            Self::Abort => f.write_str("Abort"),
            Self::KeepActive(keep) => f.debug_tuple("KeepActive").field(keep).finish(),
            Self::Unknown { code, data } => {
                write!(f, "Unknown({code:#04x}, {} octets)", data.len())
            }
        }
    }
}

/// A command without data.
fn bare<'a>(data: &[u8], command: Command<'a>) -> Result<Command<'a>, MessageError> {
    exactly::<0>(data).map(|[]| command)
}

/// ID and CAP say in one octet which answer they want; only the standard one is defined, and some controllers leave the
/// octet out.
fn standard_only<'a>(data: &[u8], command: Command<'a>) -> Result<Command<'a>, MessageError> {
    match data {
        [] | [_] => Ok(command),
        [_, _, ..] => Err(MessageError::Length {
            actual: data.len(),
            needed: 1,
        }),
    }
}

const POLL: u8 = 0x60;
const ID: u8 = 0x61;
const CAP: u8 = 0x62;
const LSTAT: u8 = 0x64;
const ISTAT: u8 = 0x65;
const OSTAT: u8 = 0x66;
const RSTAT: u8 = 0x67;
const OUT: u8 = 0x68;
const LED: u8 = 0x69;
const BUZ: u8 = 0x6A;
const TEXT: u8 = 0x6B;
const COMSET: u8 = 0x6E;
const KEYSET: u8 = 0x75;
const CHLNG: u8 = 0x76;
const SCRYPT: u8 = 0x77;
const ACURXSIZE: u8 = 0x7B;
const FILETRANSFER: u8 = 0x7C;
const MFG: u8 = 0x80;
const ABORT: u8 = 0xA2;
const KEEPACTIVE: u8 = 0xA7;
const STANDARD: u8 = 0x00;

#[cfg(test)]
mod tests {
    use super::Command;
    use crate::MessageError;

    #[test]
    fn commands_without_data_take_none() {
        for code in [0x60, 0x64, 0x65, 0x66, 0x67, 0xA2] {
            let command = Command::decode(code, &[]).unwrap();
            assert_eq!((command.code(), command.encode(&mut [])), (code, Ok(0)));
            assert_eq!(
                Command::decode(code, &[0]),
                Err(MessageError::Length {
                    actual: 1,
                    needed: 0
                })
            );
        }
    }

    #[test]
    fn id_and_cap_ask_for_the_standard_answer() {
        for code in [0x61, 0x62] {
            let mut out = [0xEE; 1];
            assert_eq!(Command::decode(code, &[0]).unwrap().encode(&mut out), Ok(1));
            assert_eq!(out, [0]);
            assert_eq!(Command::decode(code, &[]), Command::decode(code, &[0]));
            assert_eq!(
                Command::decode(code, &[0, 0]),
                Err(MessageError::Length {
                    actual: 2,
                    needed: 1
                })
            );
        }
    }

    #[test]
    fn an_unknown_code_is_a_value() {
        let command = Command::decode(0xA1, &[1, 2]).unwrap();
        assert_eq!(
            command,
            Command::Unknown {
                code: 0xA1,
                data: &[1, 2]
            }
        );
        let mut out = [0; 2];
        assert_eq!(command.encode(&mut out), Ok(2));
        assert_eq!(out, [1, 2]);
    }

    #[test]
    fn a_server_cryptogram_has_sixteen_octets() {
        assert_eq!(
            Command::decode(0x77, &[7; 16]),
            Ok(Command::ServerCryptogram([7; 16]))
        );
        assert_eq!(
            Command::decode(0x77, &[7; 15]),
            Err(MessageError::Length {
                actual: 15,
                needed: 16
            })
        );
    }
}
