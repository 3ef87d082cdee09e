//! Street: one line with the readers' own machines on it.

use std::collections::VecDeque;

use access::{LineId, ReaderId};
use firmware_protocol::pd::{Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::{Address, MARK, Scanner};
use reader_bus::Uptime;
use site::{LinePlan, Spoken};

use super::Out;
use super::house::key;

pub(crate) struct Street {
    pub(crate) id: LineId,
    pub(crate) seats: Vec<Seat>,
    scanner: Scanner,
    replies: VecDeque<(u64, Vec<u8>)>,
    rnd_b: u64,
}

pub(crate) struct Seat {
    pub(crate) id: ReaderId,
    pub(crate) pd: Pd,
    pub(crate) plugged: bool,
    address: Address,
    /// How often it was told to show a light.
    pub(crate) lights: usize,
}

impl Seat {
    /// The same reader, fresh from its power supply.
    pub(crate) fn restart(&mut self) {
        self.pd = pd(self.address, self.id);
    }
}

impl Street {
    /// A keyed reader for every reader of the plan; none on a Wiegand line.
    pub(crate) fn new(plan: &LinePlan) -> Self {
        let readers = plan
            .readers
            .iter()
            .filter(|_| matches!(plan.spoken, Spoken::Osdp));
        let seats = readers.map(|reader| Seat {
            id: reader.id,
            pd: pd(reader.address, reader.id),
            plugged: true,
            address: reader.address,
            lights: 0,
        });
        Self {
            id: plan.id,
            seats: seats.collect(),
            scanner: Scanner::new(),
            replies: VecDeque::new(),
            rnd_b: 0,
        }
    }

    /// The readers hear what the controller sends; whoever is asked answers 2 ms later.
    pub(crate) fn hear(&mut self, mut bytes: &[u8], up: u64) {
        while !bytes.is_empty() {
            let taken = self.scanner.feed(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = self.scanner.next_frame() {
                for seat in self.seats.iter_mut().filter(|seat| seat.plugged) {
                    self.rnd_b += 1;
                    let mut reply = [0; REPLY_LEN_MAX];
                    if let Some(len) =
                        seat.pd
                            .handle_frame(&frame, self.rnd_b.to_be_bytes(), &mut reply)
                    {
                        self.replies
                            .push_back((up + 2_000, [&[MARK], &reply[..len]].concat()));
                    }
                }
            }
        }
    }

    pub(crate) fn reply(&mut self, up: u64) -> Option<Vec<u8>> {
        self.replies.front().filter(|(due, _)| *due <= up)?;
        self.replies.pop_front().map(|(_, bytes)| bytes)
    }

    pub(crate) fn due(&self) -> Option<u64> {
        self.replies.front().map(|(due, _)| *due)
    }

    /// The outputs the readers were told to switch.
    pub(crate) fn outs(&mut self, at: Uptime) -> Vec<Out> {
        let mut outs = Vec::new();
        for seat in &mut self.seats {
            while let Some(event) = seat.pd.poll_event() {
                if let PdEvent::Led(_) = event {
                    seat.lights += 1;
                }
                if let PdEvent::Output(control) = event {
                    outs.push(Out {
                        at,
                        reader: seat.id,
                        control,
                    });
                }
            }
        }
        outs
    }
}

fn pd(address: Address, reader: ReaderId) -> Pd {
    let id = PdId {
        vendor: [2, 0, 0],
        model: 1,
        version: 1,
        serial: u32::from(reader.get()),
        firmware: [1, 0, 0],
    };
    Pd::new(PdConfig {
        address,
        id,
        capabilities: CAPABILITIES,
        key: Some(key(reader)),
        install_mode: false,
    })
}

/// Two inputs, two outputs, a light, a buzzer, Secure Channel.
const CAPABILITIES: &[Capability] = &[
    Capability {
        function: Function::CONTACTS,
        compliance: 1,
        count: 2,
    },
    Capability {
        function: Function::OUTPUTS,
        compliance: 4,
        count: 2,
    },
    Capability {
        function: Function::CARD_FORMAT,
        compliance: 1,
        count: 0,
    },
    Capability {
        function: Function::LEDS,
        compliance: 4,
        count: 1,
    },
    Capability {
        function: Function::BUZZER,
        compliance: 2,
        count: 1,
    },
    Capability {
        function: Function::CRC,
        compliance: 1,
        count: 0,
    },
    Capability {
        function: Function::SECURITY,
        compliance: 1,
        count: 0,
    },
];
