//! The reader of these tests, held against its own kind: if this fails, the fault is not ours.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use libosdp::{
    Channel, ChannelError, ControlPanel, ControlPanelBuilder, OsdpCommand, OsdpCommandOutput,
    OsdpEvent, PdInfoBuilder,
};
use peers::LibosdpReader;
use rustix::fs::OFlags;

const KEY: [u8; 16] = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
const H10301: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_libosdp_reader_on_a_pseudo_terminal_speaks_secure_channel() {
    let reader = LibosdpReader::start(3, KEY).unwrap();
    let (cards, cards_seen) = mpsc::channel();
    let mut acu = controller(&reader);
    acu.set_event_callback(move |_, event| {
        if let OsdpEvent::CardRead(card) = event {
            cards.send((card.nr_bits, card.data)).unwrap();
        }
        0
    });
    run_until(&mut acu, |acu| acu.is_sc_active(0));
    assert!(reader.in_secure_channel());

    reader.present(&H10301, 26);
    let mut seen = None;
    run_until(&mut acu, |_| {
        seen = cards_seen.try_recv().ok();
        seen.is_some()
    });
    assert_eq!(seen, Some((26, H10301.to_vec())));

    let unlock = OsdpCommandOutput {
        output_no: 0,
        control_code: 5,
        timer_count: 50,
    };
    acu.send_command(0, OsdpCommand::Output(unlock)).unwrap();
    let mut output = None;
    run_until(&mut acu, |_| {
        output = reader.next_output(Duration::ZERO);
        output.is_some()
    });
    let output = output.unwrap();
    assert_eq!(
        (output.output, output.control, output.time_100ms),
        (0, 5, 50)
    );
}

fn controller(reader: &LibosdpReader) -> ControlPanel {
    let device = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(i32::try_from((OFlags::NOCTTY | OFlags::NONBLOCK).bits()).unwrap())
        .open(reader.device())
        .unwrap();
    let info = PdInfoBuilder::new()
        .address(3)
        .and_then(|info| info.baud_rate(115_200))
        .unwrap()
        .secure_channel_key(KEY);
    ControlPanelBuilder::new()
        .add_channel(Box::new(Port(device)), vec![info])
        .build()
        .unwrap()
}

fn run_until(acu: &mut ControlPanel, mut done: impl FnMut(&ControlPanel) -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done(acu) {
        assert!(Instant::now() < end, "nothing within {PATIENCE:?}");
        acu.refresh();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The controller's end of the line.
struct Port(File);

impl Channel for Port {
    fn get_id(&self) -> i32 {
        2
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        Ok(self.0.read(buf)?)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        Ok(self.0.write(buf)?)
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}
