//! How a reader answers a frame, in clear, in the handshake and in a session.

use zeroize::Zeroize;

use super::link::Link;
use super::prepared::Prepared;
use super::{Pd, REPLY_LEN_MAX};
use crate::command::RndA;
use crate::reply::NakCode;
use crate::secure::{PdHandshake, Scbk};
use crate::{Command, Direction, FRAME_LEN_MAX, Frame, Header, Reply, SecurityBlock};

impl Pd {
    /// Writes the answer to a frame in sequence and returns its length.
    pub(super) fn answer(
        &mut self,
        frame: &Frame<'_>,
        rnd_b: [u8; 8],
        out: &mut [u8],
    ) -> Option<usize> {
        match frame.security {
            None => self.answer_clear(frame, out),
            Some(block) => match block.kind {
                SecurityBlock::SCS_11 => self.answer_challenge(frame, block, rnd_b, out),
                SecurityBlock::SCS_13 => self.answer_cryptogram(frame, out),
                SecurityBlock::SCS_15 | SecurityBlock::SCS_17 => self.answer_sealed(frame, out),
                _ => refuse(frame, NakCode::SecurityUnsupported, out),
            },
        }
    }

    /// A frame without security block. In a session it is a stranger's.
    fn answer_clear(&mut self, frame: &Frame<'_>, out: &mut [u8]) -> Option<usize> {
        if matches!(self.link, Link::Secure { .. }) {
            self.end_session();
            return refuse(frame, NakCode::SecurityRequired, out);
        }
        let prepared = self.act(Command::decode(frame.code, frame.data));
        Frame::plain(reply_header(frame), prepared.code(), prepared.data())
            .encode(out.get_mut(..self.reply_room())?)
            .ok()
            .or_else(|| refuse(frame, NakCode::Unprocessable, out))
    }

    /// CHLNG: the security block says whether SCBK-D (0) or the reader's own key is meant.
    fn answer_challenge(
        &mut self,
        frame: &Frame<'_>,
        block: SecurityBlock<'_>,
        rnd_b: [u8; 8],
        out: &mut [u8],
    ) -> Option<usize> {
        self.end_session();
        let Ok(Command::Challenge(RndA(rnd_a))) = Command::decode(frame.code, frame.data) else {
            return refuse(frame, NakCode::BadLength, out);
        };
        let default_key = block.data.first() == Some(&SCB_DEFAULT_KEY);
        let printed_key = Scbk::DEFAULT;
        let key = if default_key {
            self.config.install_mode.then_some(&printed_key)
        } else {
            self.config.key.as_ref()
        };
        let Some(key) = key else {
            return refuse(frame, NakCode::SecurityUnsupported, out);
        };
        let (cryptogram, handshake) =
            PdHandshake::challenged(key, rnd_a, rnd_b, self.config.id.client_id());
        self.link = Link::Challenged {
            handshake,
            default_key,
        };
        let octet = if default_key {
            SCB_DEFAULT_KEY
        } else {
            SCB_OWN_KEY
        };
        shake(
            frame,
            SecurityBlock::SCS_12,
            octet,
            &Reply::ClientCryptogram(cryptogram),
            out,
        )
    }

    /// SCRYPT: the session stands if the controller knows the key.
    fn answer_cryptogram(&mut self, frame: &Frame<'_>, out: &mut [u8]) -> Option<usize> {
        let was = core::mem::replace(&mut self.link, Link::Clear);
        let command = Command::decode(frame.code, frame.data);
        if let (
            Link::Challenged {
                handshake,
                default_key,
            },
            Ok(Command::ServerCryptogram(cryptogram)),
        ) = (was, command)
            && let Ok((r_mac_i, session)) = handshake.server_cryptogram(&cryptogram)
        {
            self.link = Link::Secure {
                session,
                default_key,
            };
            self.events.session(true);
            return shake(
                frame,
                SecurityBlock::SCS_14,
                SCB_ACCEPTED,
                &Reply::RMacI(r_mac_i),
                out,
            );
        }
        self.events.session(false);
        refuse(frame, NakCode::SecurityRequired, out)
    }

    /// A frame of a session; one that cannot be opened ends it.
    fn answer_sealed(&mut self, frame: &Frame<'_>, out: &mut [u8]) -> Option<usize> {
        let mut plain = [0; FRAME_LEN_MAX];
        // What is opened is no longer than what came; the rest need not be wiped at each poll.
        let plain = plain.get_mut(..frame.data.len())?;
        let len = self.answer_opened(frame, plain, out);
        plain.zeroize();
        len
    }

    fn answer_opened(
        &mut self,
        frame: &Frame<'_>,
        plain: &mut [u8],
        out: &mut [u8],
    ) -> Option<usize> {
        let opened = match &mut self.link {
            Link::Secure { session, .. } => session.open(frame, plain).ok(),
            Link::Clear | Link::Challenged { .. } => None,
        };
        let Some(opened) = opened else {
            self.end_session();
            return refuse(frame, NakCode::SecurityRequired, out);
        };
        let prepared = if opened.encrypted || opened.data.is_empty() {
            self.act(Command::decode(opened.code, opened.data))
        } else {
            Prepared::nak(NakCode::SecurityRequired)
        };
        let room = self.reply_room();
        let Link::Secure { session, .. } = &mut self.link else {
            return None;
        };
        let (header, too_long) = (reply_header(frame), Prepared::nak(NakCode::Unprocessable));
        session
            .seal(
                header,
                prepared.code(),
                prepared.data(),
                out.get_mut(..room)?,
            )
            .or_else(|_| session.seal(header, too_long.code(), too_long.data(), out))
            .ok()
    }

    /// Octets a reply may have: what we can send and the controller can take.
    fn reply_room(&self) -> usize {
        self.reply_len_max.min(REPLY_LEN_MAX)
    }
}

/// A refusal outside any session.
pub(super) fn refuse(frame: &Frame<'_>, code: NakCode, out: &mut [u8]) -> Option<usize> {
    let nak = Prepared::nak(code);
    Frame::plain(reply_header(frame), nak.code(), nak.data())
        .encode(out)
        .ok()
}

/// A reply of the handshake, its security block carrying one octet.
fn shake(
    frame: &Frame<'_>,
    kind: u8,
    octet: u8,
    reply: &Reply<'_>,
    out: &mut [u8],
) -> Option<usize> {
    let prepared = Prepared::reply(reply);
    let block = SecurityBlock {
        kind,
        data: &[octet],
    };
    Frame::handshake(reply_header(frame), block, prepared.code(), prepared.data())
        .encode(out)
        .ok()
}

/// An answer has its command's address, sequence number and kind of check.
fn reply_header(frame: &Frame<'_>) -> Header {
    Header {
        direction: Direction::Reply,
        ..frame.header()
    }
}

const SCB_DEFAULT_KEY: u8 = 0;
const SCB_OWN_KEY: u8 = 1;
const SCB_ACCEPTED: u8 = 1;
