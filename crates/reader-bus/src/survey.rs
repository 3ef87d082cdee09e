//! Survey: who answers on a line at one speed, for a technician who does not know.

use std::time::Duration;

use firmware_protocol::reply::{Function, PdId};
use firmware_protocol::{
    Address, Check, Command, Direction, FRAME_LEN_MAX, Frame, Header, MARK, Reply, Scanner,
    Sequence,
};

use crate::Uptime;
use crate::pace::Pace;

/// Asks for ID and CAP at 7F, which a lone reader answers whatever its address, and then at every address. In clear, and
/// nothing else: a reader answers these before any session.
///
/// Contract: that of [`Bus`](crate::Bus), on a line that nobody else uses; over when [`poll_timeout`](Self::poll_timeout)
/// says `None`.
pub struct Survey {
    scanner: Scanner,
    pace: Pace,
    patience: Duration,
    /// Who is asked, last first.
    left: Vec<Address>,
    asked: Option<Asked>,
    found: Option<Found>,
    octets: Vec<u8>,
    steps: (u16, u16),
}

/// Who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The address it answered at; 7F is a reader alone on its line.
    pub address: u8,
    /// Who it says it is.
    pub id: PdId,
    /// Whether it says that it knows Secure Channel; `None` if it does not say.
    pub secure: Option<bool>,
}

struct Asked {
    address: Address,
    until: Uptime,
    /// Who it is, once that is known; then it is asked what it can do.
    id: Option<PdId>,
    /// Whether that is to be asked now.
    goes_on: bool,
}

impl Survey {
    /// A survey at `baud` that gives every address `patience` to begin its answer.
    #[must_use]
    pub fn new(baud: u32, patience: Duration) -> Self {
        let every = (0..Address::BROADCAST.get()).rev().filter_map(Address::new);
        let mut left: Vec<Address> = every.collect();
        left.push(Address::BROADCAST);
        let all = u16::try_from(left.len()).unwrap_or(u16::MAX);
        Self {
            scanner: Scanner::new(),
            pace: Pace::new(baud),
            patience,
            left,
            asked: None,
            found: None,
            octets: Vec::new(),
            steps: (0, all),
        }
    }

    /// Addresses asked, of how many.
    #[must_use]
    pub const fn progress(&self) -> (u16, u16) {
        self.steps
    }

    /// Takes what the port delivered, split anywhere.
    pub fn handle_bytes(&mut self, mut bytes: &[u8], now: Uptime) {
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            while let Some(frame) = self.scanner.next_frame() {
                let Some(mut asked) = self.asked.take() else {
                    break;
                };
                let is_answer =
                    frame.direction == Direction::Reply && frame.address == asked.address;
                let reply = Reply::decode(frame.code, frame.data);
                match (asked.id, reply) {
                    (None, Ok(Reply::PdId(id))) if is_answer => {
                        asked.id = Some(id);
                        (asked.until, asked.goes_on) = (now, true);
                        self.asked = Some(asked);
                    }
                    (Some(id), Ok(reply)) if is_answer => {
                        let secure = if let Reply::PdCap(capabilities) = reply {
                            let mut all = capabilities.iter();
                            let said = all.find(|one| one.function == Function::SECURITY);
                            Some(said.is_some_and(|said| said.compliance & 1 == 1))
                        } else {
                            None
                        };
                        let address = asked.address.get();
                        self.found = Some(Found {
                            address,
                            id,
                            secure,
                        });
                    }
                    (_, _) => self.asked = Some(asked),
                }
            }
            bytes = bytes.get(taken.max(1)..).unwrap_or_default();
        }
    }

    /// Lets time pass: who has not answered is not there, and who has not said what it can do is told without.
    pub fn handle_timeout(&mut self, now: Uptime) {
        let silent = self
            .asked
            .take_if(|asked| asked.until <= now && !asked.goes_on);
        if let Some(Asked {
            address,
            id: Some(id),
            ..
        }) = silent
        {
            let (address, secure) = (address.get(), None);
            self.found = Some(Found {
                address,
                id,
                secure,
            });
        }
    }

    /// The next frame to write.
    pub fn poll_transmit(&mut self, now: Uptime) -> Option<&[u8]> {
        if let Some(asked) = self.asked.take_if(|asked| asked.goes_on) {
            self.put(asked.address, asked.id, now);
            return Some(&self.octets);
        }
        if self.asked.is_some() || self.found.is_some() {
            return None;
        }
        let address = self.left.pop()?;
        self.steps.0 = self.steps.0.saturating_add(1);
        self.scanner.reset();
        self.put(address, None, now);
        Some(&self.octets)
    }

    /// When to call [`handle_timeout`](Self::handle_timeout); `None` once it is over.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Uptime> {
        match &self.asked {
            Some(asked) => Some(asked.until),
            None if self.left.is_empty() && self.found.is_none() => None,
            None => Some(Uptime::START),
        }
    }

    /// The next reader found.
    pub fn poll_found(&mut self) -> Option<Found> {
        self.found.take()
    }

    fn put(&mut self, address: Address, id: Option<PdId>, now: Uptime) {
        let command = if id.is_none() {
            Command::Id
        } else {
            Command::Cap
        };
        let (mut data, mut frame) = ([0; 8], [0; FRAME_LEN_MAX]);
        let header = Header {
            direction: Direction::Command,
            address,
            sequence: Sequence::RESET,
            check: Check::Crc,
        };
        let len = command.encode(&mut data).ok();
        let data = len.and_then(|len| data.get(..len)).unwrap_or_default();
        let len = Frame::plain(header, command.code(), data).encode(&mut frame);
        let frame = len.ok().and_then(|len| frame.get(..len));
        self.octets = [&[MARK], frame.unwrap_or_default()].concat();
        let answer = self.pace.octets(self.octets.len() + ANSWER_OCTETS);
        let until = now + answer + self.patience;
        let goes_on = false;
        self.asked = Some(Asked {
            address,
            until,
            id,
            goes_on,
        });
    }
}

/// PDCAP of a reader that can do everything, silence before it included.
const ANSWER_OCTETS: usize = 64;

#[cfg(test)]
mod tests {
    use firmware_protocol::pd::{Pd, PdConfig, REPLY_LEN_MAX};
    use firmware_protocol::reply::Capability;

    use super::*;

    fn reader(address: u8) -> Pd {
        Pd::new(PdConfig {
            address: Address::new(address).unwrap(),
            id: PdId {
                vendor: [2, 0, 0],
                model: 1,
                version: 1,
                serial: u32::from(address),
                firmware: [1, 0, 0],
            },
            capabilities: &[Capability {
                function: Function::SECURITY,
                compliance: 1,
                count: 0,
            }],
            key: None,
            install_mode: false,
        })
    }

    fn survey(readers: &mut [Pd]) -> (Vec<Found>, u64) {
        let mut survey = Survey::new(9_600, Duration::from_millis(50));
        let (mut up, mut found) = (0, Vec::new());
        let mut scanner = Scanner::new();
        while let Some(due) = survey.poll_timeout() {
            up = due.micros().max(up + 1);
            let now = Uptime::from_micros(up);
            survey.handle_timeout(now);
            if let Some(octets) = survey.poll_transmit(now) {
                let octets = octets.to_vec();
                let mut rest = octets.as_slice();
                let mut answers = Vec::new();
                while !rest.is_empty() {
                    rest = &rest[scanner.feed(rest)..];
                    while let Some(frame) = scanner.next_frame() {
                        for reader in &mut *readers {
                            let mut reply = [0; REPLY_LEN_MAX];
                            let len = reader.handle_frame(&frame, [1; 8], &mut reply);
                            answers.extend_from_slice(&reply[..len.unwrap_or(0)]);
                        }
                    }
                }
                survey.handle_bytes(&answers, Uptime::from_micros(up + 10));
            }
            found.extend(survey.poll_found());
        }
        (found, up)
    }

    #[test]
    fn a_lone_reader_is_found_at_7f_and_at_its_address() {
        let (found, took) = survey(&mut [reader(42)]);
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.address, one.id.serial, one.secure))
            .collect();
        assert_eq!(told, [(0x7F, 42, Some(true)), (42, 42, Some(true))]);
        assert!(took < 30_000_000, "{took} µs");
    }

    #[test]
    fn every_reader_of_a_line_is_found_and_nobody_else() {
        let (found, _) = survey(&mut [reader(0), reader(126)]);
        let told: Vec<_> = found
            .iter()
            .filter(|one| one.address != 0x7F)
            .map(|one| one.address)
            .collect();
        assert_eq!(told, [0, 126]);
        assert_eq!(survey(&mut []).0, []);
    }
}
