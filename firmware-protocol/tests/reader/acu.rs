//! The controller's end of the line, as plain as a test can have it.

use firmware_protocol::command::{OutputAction, OutputControl, RndA};
use firmware_protocol::pd::{Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, ClientCryptogram, Function, Nak, NakCode, PdId};
use firmware_protocol::secure::{AcuHandshake, Header, Scbk, Session};
use firmware_protocol::{Address, Check, Command, Direction, Frame, SecurityBlock, Sequence};

pub(crate) const KEY: [u8; 16] = *b"sixteen octets !";
pub(crate) const ID: PdId = PdId {
    vendor: [1, 2, 3],
    model: 4,
    version: 5,
    serial: 6,
    firmware: [7, 8, 9],
};
pub(crate) const CAPABILITIES: &[Capability] = &[
    Capability {
        function: Function::OUTPUTS,
        compliance: 1,
        count: 2,
    },
    Capability {
        function: Function::SECURITY,
        compliance: 1,
        count: 0,
    },
    Capability {
        function: Function::TEXT,
        compliance: 1,
        count: 1,
    },
];
pub(crate) const RND_B: [u8; 8] = [0xB0; 8];

/// The controller's end: numbers its frames, seals them in a session, keeps the last one for a retry.
pub(crate) struct Acu {
    pub(crate) pd: Pd,
    pub(crate) address: Address,
    pub(crate) sequence: Sequence,
    pub(crate) session: Option<Session>,
    pub(crate) sent: Vec<u8>,
}

/// A reply as far as a test looks at it: code, data, and whether it came in the session.
#[derive(Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) code: u8,
    pub(crate) data: Vec<u8>,
    pub(crate) secure: bool,
}

impl Acu {
    pub(crate) fn new(key: Option<[u8; 16]>, install_mode: bool) -> Self {
        let key = key.map(Scbk::new);
        let config = PdConfig {
            address: Address::new(6).unwrap(),
            id: ID,
            capabilities: CAPABILITIES,
            key,
            install_mode,
        };
        Self {
            pd: Pd::new(config),
            address: Address::new(6).unwrap(),
            sequence: Sequence::RESET,
            session: None,
            sent: Vec::new(),
        }
    }

    pub(crate) fn header(&self) -> Header {
        Header {
            direction: Direction::Command,
            address: self.address,
            sequence: self.sequence,
            check: Check::Crc,
        }
    }

    /// Sends the command with the next number, in the session if there is one, and returns the reply's octets.
    pub(crate) fn send(&mut self, command: &Command<'_>) -> Option<Vec<u8>> {
        let (mut data, mut out) = ([0; 512], [0; 600]);
        let len = command.encode(&mut data).unwrap();
        let header = self.header();
        let len = match &mut self.session {
            Some(session) => session
                .seal(header, command.code(), &data[..len], &mut out)
                .unwrap(),
            None => Frame::plain(header, command.code(), &data[..len])
                .encode(&mut out)
                .unwrap(),
        };
        self.sent = out[..len].to_vec();
        self.sequence = self.sequence.next();
        self.send_again()
    }

    /// The last frame once more, the same octets.
    pub(crate) fn send_again(&mut self) -> Option<Vec<u8>> {
        let mut out = [0; REPLY_LEN_MAX];
        let len = self
            .pd
            .handle_frame(&Frame::decode(&self.sent).unwrap(), RND_B, &mut out)?;
        Some(out[..len].to_vec())
    }

    pub(crate) fn hear(&mut self, octets: &[u8]) -> Heard {
        let frame = Frame::decode(octets).unwrap();
        assert_eq!(frame.direction, Direction::Reply);
        let mut plain = [0; REPLY_LEN_MAX];
        match &mut self.session {
            Some(session) if frame.security.is_some() => {
                let opened = session.open(&frame, &mut plain).unwrap();
                Heard {
                    code: opened.code,
                    data: opened.data.to_vec(),
                    secure: true,
                }
            }
            _ => {
                self.session = None;
                Heard {
                    code: frame.code,
                    data: frame.data.to_vec(),
                    secure: false,
                }
            }
        }
    }

    pub(crate) fn ask(&mut self, command: &Command<'_>) -> Heard {
        let octets = self.send(command).unwrap();
        self.hear(&octets)
    }

    /// A frame of the handshake: `octet` says which key.
    pub(crate) fn shake(&mut self, kind: u8, octet: u8, command: &Command<'_>) -> Vec<u8> {
        let (mut data, mut out) = ([0; 64], [0; 128]);
        let len = command.encode(&mut data).unwrap();
        let block = SecurityBlock {
            kind,
            data: &[octet],
        };
        let frame = Frame::handshake(self.header(), block, command.code(), &data[..len]);
        let len = frame.encode(&mut out).unwrap();
        self.sent = out[..len].to_vec();
        self.sequence = self.sequence.next();
        self.send_again().unwrap()
    }

    /// The whole handshake; the reader's refusal, if it refuses.
    pub(crate) fn begin_session(&mut self, key: &Scbk) -> Result<(), Nak> {
        let acu = AcuHandshake::new(key, [0xA0; 8]);
        let octet = u8::from(!acu.is_default_key());
        let octets = self.shake(
            SecurityBlock::SCS_11,
            octet,
            &Command::Challenge(RndA(acu.challenge())),
        );
        let frame = Frame::decode(&octets).unwrap();
        if frame.code == 0x41 {
            return Err(Nak::decode(frame.data).unwrap());
        }
        let reply = ClientCryptogram::decode(frame.data).unwrap();
        assert_eq!(reply.client_id, ID.client_id());
        let acu = acu.client_cryptogram(&reply).unwrap();
        assert_eq!(octet, u8::from(!acu.is_default_key()), "SCRYPT's key");
        let cryptogram = Command::ServerCryptogram(acu.server_cryptogram());
        let octets = self.shake(SecurityBlock::SCS_13, octet, &cryptogram);
        let frame = Frame::decode(&octets).unwrap();
        assert_eq!(
            frame.security,
            Some(SecurityBlock {
                kind: SecurityBlock::SCS_14,
                data: &[1]
            })
        );
        self.session = Some(acu.r_mac_i(frame.data.try_into().unwrap()).unwrap());
        Ok(())
    }

    pub(crate) fn in_session() -> Self {
        let mut acu = Self::new(Some(KEY), false);
        acu.begin_session(&Scbk::new(KEY)).unwrap();
        assert_eq!(acu.pd.poll_event(), Some(PdEvent::SessionUp));
        acu
    }
}

pub(crate) fn heard(code: u8, data: &[u8]) -> Heard {
    Heard {
        code,
        data: data.to_vec(),
        secure: true,
    }
}

pub(crate) fn refused(code: NakCode) -> Heard {
    Heard {
        code: 0x41,
        data: vec![code.code()],
        secure: false,
    }
}

pub(crate) fn unlock(output: u8) -> OutputControl {
    OutputControl {
        output,
        action: OutputAction::TimedOn,
        time_100ms: 30,
    }
}
