//! Hearing: which frames are the answer to the question at hand, and what they make of the conversation.

use std::time::Duration;

use firmware_protocol::reply::{ClientCryptogram, Function, NakCode, PdCap};
use firmware_protocol::secure::{AcuHandshake, AwaitRMac, SecureError};
use firmware_protocol::{Check, Frame, Reply, SecurityBlock, Sequence};
use zeroize::Zeroizing;

use super::{FRAME_LEN_LEAST, Head, PROBE_EVERY, Phase, Reader};
use crate::question::Ask;
use crate::stats::count;
use crate::{Alarm, FailCause, Scbk, Security, Uptime};

/// What a frame was to the question at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Not its answer.
    Stray,
    /// Its answer; the line is free again.
    Answer,
    /// Its answer, and it brought a card to be decided.
    Card,
}

impl Reader {
    /// Takes a frame in the reader's name, whose first octet came so long after the question's last.
    pub(crate) fn hear(&mut self, frame: &Frame<'_>, began_after: Duration, now: Uptime) -> Heard {
        let Some(question) = &mut self.question else {
            return Heard::Stray;
        };
        if frame.security.is_none() && Reply::decode(frame.code, frame.data) == Ok(Reply::Busy) {
            question.busy = question.busy.saturating_add(1);
            return self.busy(now);
        }
        let restarts = self.session.is_some() && frame.sequence == Sequence::RESET;
        if frame.check != self.check || (frame.sequence != question.sequence && !restarts) {
            count(&mut self.stats.bad_frames);
            return Heard::Stray;
        }
        if self.session.is_some() {
            return self.hear_sealed(frame, began_after, now);
        }
        let Some(question) = self.question.take() else {
            return Heard::Stray;
        };
        self.accepted(began_after, now);
        if matches!(self.security, Security::Clear) && !matches!(question.ask, Ask::Id | Ask::Cap) {
            self.presence.served(now);
        }
        match Reply::decode(frame.code, frame.data) {
            Ok(reply) => self.hear_clear(question.ask, frame.security, reply, now),
            Err(_) => self.unreadable(question.ask, frame.code, now),
        }
    }

    /// The reader wants to be asked again; the same octets.
    fn busy(&mut self, now: Uptime) -> Heard {
        count(&mut self.stats.busy);
        if self
            .question
            .as_ref()
            .is_some_and(|question| question.busy > BUSY_MAX)
        {
            self.give_up(now);
        } else {
            self.presence.wait_until(now + BUSY_WAIT);
        }
        Heard::Answer
    }

    fn accepted(&mut self, began_after: Duration, now: Uptime) {
        self.answers = true;
        self.presence.heard(began_after, now);
    }

    /// In a session: the MAC is checked before anything else.
    fn hear_sealed(&mut self, frame: &Frame<'_>, began_after: Duration, now: Uptime) -> Heard {
        let Some(session) = &mut self.session else {
            return Heard::Stray;
        };
        if frame.sequence == Sequence::RESET && frame.security.is_some() {
            return self.session_falls(now);
        }
        let mut plain = Zeroizing::new(vec![0; frame.data.len()]);
        match session.open(frame, plain.as_mut_slice()) {
            Ok(opened) => {
                let Some(question) = self.question.take() else {
                    return Heard::Stray;
                };
                self.accepted(began_after, now);
                self.presence.served(now);
                match Reply::decode(opened.code, opened.data) {
                    Ok(reply) => self.served(question.ask, reply, opened.encrypted, now),
                    Err(_) => self.unreadable(question.ask, opened.code, now),
                }
            }
            Err(
                SecureError::Direction
                | SecureError::OutOfTurn
                | SecureError::Long { .. }
                | SecureError::Room { .. },
            ) => {
                count(&mut self.stats.bad_frames);
                Heard::Stray
            }
            Err(SecureError::Mac | SecureError::Padding) => {
                count(&mut self.stats.bad_macs);
                self.session_falls(now)
            }
            Err(SecureError::NotSecure | SecureError::Dead) => {
                match Reply::decode(frame.code, frame.data) {
                    Ok(Reply::Raw(_) | Reply::Keypad(_)) => self.alarm(Alarm::CardInClear, now),
                    // A reader that has just been switched on knows no session; that is no attack.
                    Ok(Reply::Nak(_)) => {}
                    // Some readers drop the session with the key before they confirm; the handshake shows what is true.
                    Ok(Reply::Ack) if self.is_told_a_key() => {
                        return self.resume(now);
                    }
                    Ok(_) | Err(_) => self.alarm(Alarm::ReplyInClear, now),
                }
                self.session_falls(now)
            }
        }
    }

    /// A session is over before its time: another is begun at once.
    fn session_falls(&mut self, now: Uptime) -> Heard {
        if self.alarms.fall(now) {
            self.alarm(Alarm::SessionsFalling, now);
        }
        self.resume(now)
    }

    /// Takes the conversation up again from number 0.
    pub(super) fn resume(&mut self, now: Uptime) -> Heard {
        self.lose_question(FailCause::SessionLost);
        let phase = self.after_loss();
        self.begin_anew(phase);
        let wait = self.presence.setback(now);
        self.presence.wait_until(now + wait);
        Heard::Answer
    }

    /// Outside a session: the way into service, or all there is for a reader in clear.
    fn hear_clear(
        &mut self,
        ask: Ask,
        block: Option<SecurityBlock<'_>>,
        reply: Reply<'_>,
        now: Uptime,
    ) -> Heard {
        let kind = block.map(|block| block.kind);
        match (ask, reply) {
            (Ask::Id, Reply::PdId(id)) => {
                self.news.extend(self.status.identity(self.index, id));
                self.identified(now);
            }
            (Ask::Cap, Reply::PdCap(capabilities)) => self.capable(&capabilities, now),
            // A reader that does not say what it can do is served all the same.
            (Ask::Cap, Reply::Nak(_)) => self.next_after_cap(now),
            (Ask::Challenge(handshake), Reply::ClientCryptogram(proof))
                if kind == Some(SecurityBlock::SCS_12) =>
            {
                self.proved(handshake, &proof, now);
            }
            (Ask::Proof(waiting), Reply::RMacI(mac)) if kind == Some(SecurityBlock::SCS_14) => {
                self.begin_session(waiting, mac, now)
            }
            (_, Reply::Raw(_) | Reply::Keypad(_)) if !matches!(self.security, Security::Clear) => {
                self.alarm(Alarm::CardInClear, now);
                self.start_over(now);
            }
            (Ask::Challenge(_) | Ask::Proof(_), Reply::Nak(_)) => {
                self.handshake_failed(Alarm::ChallengeRefused, now)
            }
            (Ask::Challenge(_) | Ask::Proof(_), _) => {
                self.handshake_failed(Alarm::HandshakeBroken, now)
            }
            (Ask::Id | Ask::Cap, _) => {
                self.begin_anew(Phase::Absent);
                self.presence.wait_until(now + PROBE_EVERY);
            }
            (ask, reply) => return self.served(ask, reply, false, now),
        }
        Heard::Answer
    }

    fn identified(&mut self, now: Uptime) {
        if matches!(self.phase, Phase::NoKey) {
            self.presence.wait_until(now + PROBE_EVERY);
        } else if self.in_service {
            // It has only been lost for a moment, and has said what it can do.
            self.next_after_cap(now);
        } else {
            self.phase = Phase::Heard;
        }
    }

    /// What a reader claims never changes how it is secured; a claim against its key is told.
    fn capable(&mut self, capabilities: &PdCap<'_>, now: Uptime) {
        let of = |function| {
            capabilities
                .iter()
                .find(|capability| capability.function == function)
        };
        // A reader that speaks of its longest message wants to know ours (Annex B, function 11).
        self.size_due = of(Function::MESSAGE_SIZE).is_some();
        // Low octet first (Annex B, function 10).
        let takes = of(Function::RECEIVE_SIZE)
            .map(|size| u16::from_le_bytes([size.compliance, size.count]));
        self.frame_len_max = takes
            .unwrap_or(0)
            .clamp(FRAME_LEN_LEAST, self.frame_len_most);
        let has =
            |function| of(function).is_some_and(|found| found.count > 0 || found.compliance > 0);
        self.head = Head {
            light: has(Function::LEDS),
            sound: has(Function::BUZZER),
            text: has(Function::TEXT),
        };
        if of(Function::CRC).is_some_and(|crc| crc.compliance > 0) {
            self.check = Check::Crc;
        }
        let denies =
            of(Function::SECURITY).is_none_or(|security| security.compliance & AES_128 == 0);
        if denies && self.security.is_keyed() {
            self.alarm(Alarm::SecureChannelDenied, now);
        }
        self.next_after_cap(now);
    }

    fn next_after_cap(&mut self, now: Uptime) {
        // Whatever it claims: the house may have wired an input.
        self.inputs_at = Some(now);
        self.phase = match self.security {
            Security::Keyed(_) | Security::Between { .. } => Phase::Challenge,
            Security::Clear => Phase::LocalStatus,
            Security::NoKey if self.is_pairing() => Phase::Challenge,
            Security::NoKey => {
                self.presence.wait_until(now + PROBE_EVERY);
                Phase::NoKey
            }
        };
    }

    fn proved(&mut self, handshake: Box<AcuHandshake>, proof: &ClientCryptogram, now: Uptime) {
        let rnd_a = handshake.challenge();
        let newest = handshake.client_cryptogram(proof).ok();
        self.under_old = newest.is_none();
        match newest.or_else(|| self.proved_under_old(rnd_a, proof)) {
            Some(waiting) => self.phase = Phase::Proof(Box::new(waiting)),
            None => {
                let knows_default = AcuHandshake::new(&Scbk::DEFAULT, rnd_a)
                    .client_cryptogram(proof)
                    .is_ok();
                let what = if knows_default {
                    Alarm::DefaultKey
                } else {
                    Alarm::WrongKey
                };
                self.handshake_failed(what, now);
            }
        }
    }

    /// A reader that was told another key may still have the one it had: its proof shows that without a second challenge.
    fn proved_under_old(&self, rnd_a: [u8; 8], proof: &ClientCryptogram) -> Option<AwaitRMac> {
        let Security::Between { old: Some(old), .. } = &self.security else {
            return None;
        };
        AcuHandshake::new(old, rnd_a).client_cryptogram(proof).ok()
    }

    fn begin_session(&mut self, waiting: Box<AwaitRMac>, mac: [u8; 16], now: Uptime) {
        let in_install_mode = waiting.is_default_key();
        match waiting.r_mac_i(&mac) {
            Ok(session) if in_install_mode => {
                self.session = Some(session);
                self.phase = Phase::Pairing;
            }
            Ok(session) => {
                self.session = Some(session);
                self.stats.session_since = Some(now);
                self.key_proved(self.under_old);
                self.phase = Phase::Identity;
            }
            Err(_) => self.handshake_failed(Alarm::HandshakeBroken, now),
        }
    }

    fn handshake_failed(&mut self, what: Alarm, now: Uptime) {
        // A reader that is paired may not have taken its key yet; that is no alarm.
        if !(self.is_pairing() && self.own_turn) {
            self.alarm(what, now);
        }
        self.start_over(now);
    }

    /// An answer whose data contradicts its code.
    pub(super) fn unreadable(&mut self, ask: Ask, code: u8, now: Uptime) -> Heard {
        count(&mut self.stats.bad_frames);
        if matches!(ask, Ask::Id | Ask::Cap | Ask::Challenge(_) | Ask::Proof(_)) {
            self.start_over(now);
            return Heard::Answer;
        }
        self.served(ask, Reply::Unknown { code, data: &[] }, false, now)
    }

    /// Whether a refusal says that the two ends have lost each other.
    pub(super) fn is_lost_thread(code: NakCode) -> bool {
        matches!(code, NakCode::BadSequence | NakCode::SecurityRequired)
    }
}

/// How long a busy reader is left alone.
const BUSY_WAIT: Duration = Duration::from_millis(20);
/// So often a reader may be busy with one question.
const BUSY_MAX: u8 = 100;
/// Annex B, function 9: compliance bit 0.
const AES_128: u8 = 1;
