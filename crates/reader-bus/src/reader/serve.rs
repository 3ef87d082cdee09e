//! Serving: what the answers of a reader in service mean.

use firmware_protocol::Reply;

use super::{Heard, Phase, Reader};
use crate::question::Ask;
use crate::stats::count;
use crate::{Alarm, Bits, BusEvent, FailCause, Keys, Levels, Uptime};

impl Reader {
    /// An answer that was accepted; `encrypted` says whether its data came so.
    pub(super) fn served(
        &mut self,
        ask: Ask,
        reply: Reply<'_>,
        encrypted: bool,
        now: Uptime,
    ) -> Heard {
        if let Ask::Unlock { ticket, .. } = ask {
            self.news.push(unlocked(ticket, &reply));
        }
        if let Reply::Nak(nak) = reply
            && Self::is_lost_thread(nak.code)
        {
            if matches!(ask, Ask::Order) {
                self.order_interrupted();
            }
            return self.resume(now);
        }
        match ask {
            Ask::LocalStatus => {
                self.tell(reply);
                self.phase = Phase::ReaderStatus;
            }
            Ask::ReaderStatus => {
                self.tell(reply);
                self.enter_service();
            }
            Ask::Poll => return self.polled(reply, encrypted, now),
            Ask::Inputs => {
                if matches!(reply, Reply::Nak(_)) {
                    self.inputs_at = None;
                }
                self.tell(reply);
            }
            Ask::Order => return self.order_answered(&reply, now),
            Ask::Unlock { .. } | Ask::Signal => self.tell(reply),
            Ask::Id => self.vouched(reply, now),
            Ask::Cap | Ask::Challenge(_) | Ask::Proof(_) => {}
        }
        Heard::Answer
    }

    fn enter_service(&mut self) {
        self.phase = Phase::Serving;
        count(&mut self.stats.sessions);
        let reader = self.index;
        let resumed = std::mem::replace(&mut self.in_service, true);
        self.news.push(if resumed {
            BusEvent::Resumed { reader }
        } else {
            let secure = self.session.is_some();
            BusEvent::Online { reader, secure }
        });
        self.standing_due = self.standing.is_some();
    }

    fn polled(&mut self, reply: Reply<'_>, encrypted: bool, now: Uptime) -> Heard {
        let nothing_new = matches!(reply, Reply::Ack);
        let live = self.presence.polled(nothing_new, now);
        self.keen = !nothing_new;
        let trusted = encrypted || self.session.is_none();
        let reader = self.index;
        match reply {
            Reply::Raw(_) | Reply::Keypad(_) if !trusted => {
                self.alarm(Alarm::CardNotEncrypted, now);
                Heard::Answer
            }
            Reply::Raw(card) => {
                self.news.push(BusEvent::Card {
                    reader,
                    bits: Bits::new(card.bits()),
                    bit_count: card.bit_count(),
                    live,
                });
                if live { Heard::Card } else { Heard::Answer }
            }
            Reply::Keypad(keypad) => {
                self.news.push(BusEvent::Keys {
                    reader,
                    keys: Keys::from_osdp(keypad.keys()),
                    live,
                });
                Heard::Answer
            }
            Reply::Ack
            | Reply::Nak(_)
            | Reply::PdId(_)
            | Reply::PdCap(_)
            | Reply::LocalStatus(_)
            | Reply::InputStatus(_)
            | Reply::OutputStatus(_)
            | Reply::ReaderStatus(_)
            | Reply::ClientCryptogram(_)
            | Reply::RMacI(_)
            | Reply::Busy
            | Reply::Com(_)
            | Reply::FileStatus(_)
            | Reply::ManufacturerStatus(_)
            | Reply::ManufacturerError(_)
            | Reply::Manufacturer(_)
            | Reply::Unknown { .. } => {
                self.tell(reply);
                Heard::Answer
            }
        }
    }

    /// States, wherever they come; whatever else a reader says is let pass.
    fn tell(&mut self, reply: Reply<'_>) {
        match reply {
            Reply::LocalStatus(told) => self.news.extend(self.status.local(self.index, told)),
            Reply::ReaderStatus(told) => self.news.extend(self.status.heads(self.index, told)),
            Reply::InputStatus(told) => self
                .news
                .extend(self.status.inputs(self.index, Levels::new(told.iter()))),
            Reply::OutputStatus(told) => self
                .news
                .extend(self.status.outputs(self.index, Levels::new(told.iter()))),
            Reply::Ack
            | Reply::Nak(_)
            | Reply::PdId(_)
            | Reply::PdCap(_)
            | Reply::Raw(_)
            | Reply::Keypad(_)
            | Reply::ClientCryptogram(_)
            | Reply::RMacI(_)
            | Reply::Busy
            | Reply::Com(_)
            | Reply::FileStatus(_)
            | Reply::ManufacturerStatus(_)
            | Reply::ManufacturerError(_)
            | Reply::Manufacturer(_)
            | Reply::Unknown { .. } => {}
        }
    }
}

fn unlocked(ticket: u64, reply: &Reply<'_>) -> BusEvent {
    let code = reply.code();
    if matches!(reply, Reply::Ack | Reply::OutputStatus(_)) {
        return BusEvent::UnlockAcked { ticket };
    }
    let why = if let Reply::Nak(nak) = reply {
        FailCause::Refused(nak.code)
    } else {
        FailCause::Unexpected { code }
    };
    BusEvent::UnlockFailed { ticket, why }
}

#[cfg(test)]
mod tests {
    use firmware_protocol::reply::{Keypad, RawCard};
    use firmware_protocol::secure::{AcuHandshake, PdHandshake, Scbk, Session};

    use super::*;
    use crate::{Address, ReaderConfig, ReaderIndex, Security};

    fn in_session() -> Reader {
        let key = Scbk::new(*b"a key of its own");
        let config = ReaderConfig {
            address: Address::new(0).unwrap(),
            security: Security::Keyed(key.clone()),
        };
        let mut reader = Reader::new(ReaderIndex::new(0), config, std::time::Duration::ZERO);
        reader.session = Some(session(&key));
        reader.phase = Phase::Serving;
        reader
    }

    fn session(key: &Scbk) -> Session {
        let acu = AcuHandshake::new(key, [1; 8]);
        let (proof, pd) = PdHandshake::challenged(key, [1; 8], [2; 8], [3; 8]);
        let waiting = acu.client_cryptogram(&proof).unwrap();
        let (mac, _) = pd.server_cryptogram(&waiting.server_cryptogram()).unwrap();
        waiting.r_mac_i(&mac).unwrap()
    }

    #[test]
    fn a_card_with_a_mac_but_not_encrypted_is_refused_and_told() {
        let card = Reply::Raw(RawCard::new(0, 1, 26, &[1, 2, 3, 4]).unwrap());
        let keys = Reply::Keypad(Keypad::new(0, b"1234").unwrap());
        for reply in [card, keys] {
            let mut reader = in_session();
            let heard = reader.served(Ask::Poll, reply, false, Uptime::START);
            assert_eq!(heard, Heard::Answer);
            let what = Alarm::CardNotEncrypted;
            let alarm = BusEvent::SecurityAlarm {
                reader: ReaderIndex::new(0),
                what,
            };
            assert_eq!(reader.take_news().collect::<Vec<_>>(), [alarm]);
        }
    }

    #[test]
    fn no_reply_code_of_all_wedges_a_session() {
        for code in 0..=u8::MAX {
            for data in [&[][..], &[0], &[6, 1, 2, 3], &[1; 40]] {
                let mut reader = in_session();
                let now = Uptime::from_micros(5);
                let heard = match Reply::decode(code, data) {
                    Ok(reply) => reader.served(Ask::Poll, reply, true, now),
                    Err(_) => reader.unreadable(Ask::Poll, code, now),
                };
                assert_ne!(heard, Heard::Stray, "{code:02X}");
                // It is asked on at once: in its session, or after a NAK that says it has none, for a new one.
                assert!(reader.ask_at() <= now, "{code:02X} {data:02x?}");
                reader.take_news().for_each(drop);
                reader.ask(None, now, &mut Zeros);
                assert!(reader.octets().is_some(), "{code:02X} {data:02x?}");
            }
        }
    }

    #[test]
    fn a_reader_that_lost_its_session_gets_no_question_in_clear() {
        let mut reader = in_session();
        reader.session = None;
        reader.in_service = true;
        reader.presence.served(Uptime::START);
        let unlock = crate::unlock::Throw {
            ticket: 4,
            output: 0,
            inverted: false,
            released_100ms: Some(5),
            expires: Uptime::from_micros(9),
        };
        reader.ask(Some(unlock), Uptime::START, &mut Zeros);
        assert_eq!(reader.octets(), None);
        let why = FailCause::SessionLost;
        assert_eq!(
            reader.take_news().collect::<Vec<_>>(),
            [BusEvent::UnlockFailed { ticket: 4, why }]
        );
    }

    struct Zeros;

    impl crate::Entropy for Zeros {
        fn fill(&mut self, _octets: &mut [u8]) {}
    }
}
