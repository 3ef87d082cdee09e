//! The reader's end of our protocol code, held against a controller that others wrote.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use firmware_protocol::command::{OutputAction, OutputControl};
use firmware_protocol::pd::{Pd, PdConfig, PdEvent, REPLY_LEN_MAX};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, MARK, Scanner};
use libosdp::{
    Channel, ChannelError, ControlPanel, ControlPanelBuilder, OsdpCommand, OsdpCommandOutput,
    OsdpEvent, OsdpFlag, PdInfoBuilder,
};

const ADDRESS: u8 = 7;
const KEY: [u8; 16] = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
const H10301: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_libosdp_controller_reads_a_card_at_our_reader_and_opens_its_output() {
    let reader = Reader::new(PdConfig {
        key: Some(Scbk::new(KEY)),
        ..config()
    });
    let (mut acu, cards) = controller(&reader, OsdpFlag::EnforceSecure);
    run_until(&mut acu, |acu| acu.is_sc_active(0));

    reader.pd(|pd| pd.present_card(&H10301, 26).unwrap());
    let mut seen = None;
    run_until(&mut acu, |_| {
        seen = cards.try_recv().ok();
        seen.is_some()
    });
    assert_eq!(seen, Some((26, H10301.to_vec())));

    let unlock = OsdpCommandOutput {
        output_no: 0,
        control_code: 5,
        timer_count: 50,
    };
    acu.send_command(0, OsdpCommand::Output(unlock)).unwrap();
    let expected = OutputControl {
        output: 0,
        action: OutputAction::TimedOn,
        time_100ms: 50,
    };
    run_until(&mut acu, |_| {
        reader.pd(|pd| {
            core::iter::from_fn(|| pd.poll_event()).any(|event| event == PdEvent::Output(expected))
        })
    });
}

#[test]
fn a_libosdp_controller_gives_our_reader_its_key() {
    let reader = Reader::new(PdConfig {
        install_mode: true,
        ..config()
    });
    let (mut acu, _cards) = controller(&reader, OsdpFlag::InstallMode);
    let mut key = None;
    run_until(&mut acu, |_| {
        reader.pd(|pd| {
            while let Some(event) = pd.poll_event() {
                if let PdEvent::KeySet(set) = event {
                    key = Some(set);
                }
            }
        });
        key.is_some()
    });
    assert!(key == Some(Scbk::new(KEY)));
    run_until(&mut acu, |acu| acu.is_sc_active(0));
}

fn controller(reader: &Reader, flag: OsdpFlag) -> (ControlPanel, mpsc::Receiver<(usize, Vec<u8>)>) {
    let info = PdInfoBuilder::new()
        .address(i32::from(ADDRESS))
        .and_then(|info| info.baud_rate(115_200))
        .unwrap()
        .secure_channel_key(KEY)
        .flag(flag);
    let mut acu = ControlPanelBuilder::new()
        .add_channel(Box::new(reader.clone()), vec![info])
        .build()
        .unwrap();
    let (cards, cards_seen) = mpsc::channel();
    acu.set_event_callback(move |_, event| {
        if let OsdpEvent::CardRead(card) = event {
            cards.send((card.nr_bits, card.data)).ok();
        }
        0
    });
    (acu, cards_seen)
}

fn run_until(acu: &mut ControlPanel, mut done: impl FnMut(&ControlPanel) -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done(acu) {
        assert!(Instant::now() < end, "nothing within {PATIENCE:?}");
        acu.refresh();
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn config() -> PdConfig {
    PdConfig {
        address: Address::new(ADDRESS).unwrap(),
        id: PdId {
            vendor: [2, 0, 0],
            model: 1,
            version: 1,
            serial: 7,
            firmware: [1, 0, 0],
        },
        capabilities: CAPABILITIES,
        key: None,
        install_mode: false,
    }
}

/// Our reader at the far end of a wire in memory: what the controller writes is answered at once.
#[derive(Clone)]
struct Reader(Arc<Mutex<Wired>>);

struct Wired {
    scanner: Scanner,
    pd: Pd,
    to_acu: VecDeque<u8>,
    frames: u8,
}

impl Reader {
    fn new(config: PdConfig) -> Self {
        Self(Arc::new(Mutex::new(Wired {
            scanner: Scanner::new(),
            pd: Pd::new(config),
            to_acu: VecDeque::new(),
            frames: 0,
        })))
    }

    fn pd<T>(&self, act: impl FnOnce(&mut Pd) -> T) -> T {
        act(&mut self.0.lock().unwrap().pd)
    }
}

impl Channel for Reader {
    fn get_id(&self) -> i32 {
        1
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        let mut wired = self.0.lock().unwrap();
        let count = wired.to_acu.len().min(buf.len());
        for (place, octet) in buf.iter_mut().zip(wired.to_acu.drain(..count)) {
            *place = octet;
        }
        Ok(count)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        let wired = &mut *self.0.lock().unwrap();
        assert_eq!(wired.scanner.feed(buf), buf.len());
        while let Some(frame) = wired.scanner.next_frame() {
            wired.frames += 1;
            let mut reply = [0; REPLY_LEN_MAX];
            if let Some(len) = wired.pd.handle_frame(&frame, [wired.frames; 8], &mut reply) {
                wired.to_acu.push_back(MARK);
                wired.to_acu.extend(&reply[..len]);
            }
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}

const CAPABILITIES: &[Capability] = &[
    capability(Function::OUTPUTS, 4, 1),
    capability(Function::CARD_FORMAT, 1, 0),
    capability(Function::CRC, 1, 0),
    capability(Function::SECURITY, 1, 0),
    capability(Function::READERS, 1, 1),
];

const fn capability(function: Function, compliance: u8, count: u8) -> Capability {
    Capability {
        function,
        compliance,
        count,
    }
}
