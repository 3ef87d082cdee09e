//! A question to one reader: the command, as octets that a retry repeats unchanged.

use firmware_protocol::secure::{AcuHandshake, AwaitRMac, Session};
use firmware_protocol::{Command, FRAME_LEN_MAX, Frame, Header, MARK, SecurityBlock, Sequence};
use zeroize::Zeroize;

use crate::Uptime;

/// What was asked, and how often.
pub(crate) struct Question {
    /// What.
    pub(crate) ask: Ask,
    /// The frame, mark included.
    pub(crate) octets: Vec<u8>,
    /// Its number; the answer has the same.
    pub(crate) sequence: Sequence,
    /// How often it was sent.
    pub(crate) tries: u8,
    /// How often the reader said BUSY to it.
    pub(crate) busy: u8,
}

/// What a reader can be asked or told.
pub(crate) enum Ask {
    /// Who are you?
    Id,
    /// What can you do?
    Cap,
    /// Prove that you know the key.
    Challenge(Box<AcuHandshake>),
    /// Here is our proof.
    Proof(Box<AwaitRMac>),
    /// Tamper and power?
    LocalStatus,
    /// The heads' states?
    ReaderStatus,
    /// The inputs' levels?
    Inputs,
    /// Anything new?
    Poll,
    /// Light or sound.
    Signal,
    /// The next step of an operator's order.
    Order,
    /// Open the strike.
    Unlock {
        /// Which unlock.
        ticket: u64,
        /// From then on it is not sent any more.
        expires: Uptime,
    },
}

impl Ask {
    /// Whether it belongs to the way into a session, and so may go in clear to a reader with a key.
    pub(crate) const fn leads_to_session(&self) -> bool {
        match self {
            Self::Id | Self::Cap | Self::Challenge(_) | Self::Proof(_) => true,
            Self::LocalStatus
            | Self::ReaderStatus
            | Self::Inputs
            | Self::Poll
            | Self::Signal
            | Self::Order
            | Self::Unlock { .. } => false,
        }
    }
}

impl Question {
    /// A command, sealed if there is a session. `None` if it fits no frame, or the session is over.
    pub(crate) fn new(
        ask: Ask,
        command: &Command<'_>,
        header: Header,
        session: Option<&mut Session>,
    ) -> Option<Self> {
        let mut data = [0; DATA_LEN_MAX];
        let encoded = command.encode(&mut data).ok();
        // A key may be in it. The rest, which is still zero, need not be wiped at each poll.
        let data = data.get_mut(..encoded.unwrap_or(DATA_LEN_MAX))?;
        let octets = encoded.and_then(|_| octets(&ask, (command.code(), data), header, session));
        data.zeroize();
        Some(Self {
            ask,
            octets: octets?,
            sequence: header.sequence,
            tries: 0,
            busy: 0,
        })
    }
}

/// A command's frame and the mark before it.
fn octets(
    ask: &Ask,
    (code, data): (u8, &[u8]),
    header: Header,
    session: Option<&mut Session>,
) -> Option<Vec<u8>> {
    let mut frame = [0; FRAME_LEN_MAX];
    let len = match (session, secured(ask)) {
        (Some(session), None) => session.seal(header, code, data, &mut frame).ok()?,
        (_, Some((kind, key))) => {
            let block = SecurityBlock { kind, data: &[key] };
            Frame::handshake(header, block, code, data)
                .encode(&mut frame)
                .ok()?
        }
        (None, None) => Frame::plain(header, code, data).encode(&mut frame).ok()?,
    };
    Some([&[MARK], frame.get(..len)?].concat())
}

/// The security block of a handshake command: its kind, and whether the key is a key of its own (1) or the default (0).
fn secured(ask: &Ask) -> Option<(u8, u8)> {
    match ask {
        Ask::Challenge(handshake) => {
            Some((SecurityBlock::SCS_11, u8::from(!handshake.is_default_key())))
        }
        Ask::Proof(waiting) => Some((SecurityBlock::SCS_13, u8::from(!waiting.is_default_key()))),
        Ask::Id
        | Ask::Cap
        | Ask::LocalStatus
        | Ask::ReaderStatus
        | Ask::Inputs
        | Ask::Poll
        | Ask::Signal
        | Ask::Order
        | Ask::Unlock { .. } => None,
    }
}

/// A piece of a file is the longest data we send.
const DATA_LEN_MAX: usize = FRAME_LEN_MAX;
