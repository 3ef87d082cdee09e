//! A full line: 32 readers others wrote under the real daemon, and 32 of ours under their controller.

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use building_sim::{Dice, Multidrop};
use firmware_protocol::Address;
use firmware_protocol::secure::Scbk;
use libosdp::{
    Channel, ChannelError, ControlPanel, ControlPanelBuilder, OsdpEvent, OsdpFlag, PdInfoBuilder,
};
use peers::controller::PATIENCE;
use peers::{Controller, LibosdpReaders};

const READERS: u8 = 32;
/// 26 bits in H10301: facility 1, number 12345.
const CARD: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0];
/// Longer than an unlock may live (1 s): what has not come by now never comes.
const LONG_ENOUGH: Duration = Duration::from_secs(3);

#[test]
fn thirty_two_libosdp_readers_share_a_line_and_each_opens_its_own_door() {
    let keys: Vec<(u8, [u8; 16])> = (0..READERS).map(|at| (at, key(at))).collect();
    let readers = LibosdpReaders::start(&keys).unwrap();
    let house = Controller::start_many(readers.device(), READERS);
    furnish(&house);
    wait_until(|| secure_readers(&house).len() == usize::from(READERS));
    wait_until(|| readers.in_secure_channel().len() == usize::from(READERS));

    for at in [0, 17, 31] {
        assert_opens(&readers, at);
    }
    assert_eq!(
        readers.next_output(LONG_ENOUGH),
        None,
        "one card, one unlock"
    );
    let granted = house.events(3, |event| event["event"] == "access-granted");
    let mut doors: Vec<&str> = granted
        .iter()
        .filter_map(|event| event["door"].as_str())
        .collect();
    doors.sort_unstable();
    assert_eq!(doors, ["d0", "d17", "d31"]);

    readers.take_off(17);
    let lost = house.events(1, |event| event["event"] == "reader-offline");
    assert_eq!(lost[0]["reader"], "r17");
    for at in [16, 18] {
        assert_opens(&readers, at);
    }
    let secure = secure_readers(&house);
    assert_eq!(secure.len(), usize::from(READERS) - 1, "{secure:?}");
    assert!(!secure.contains("r17"));
    // Still the one: nobody else was lost, for however short a time.
    assert_eq!(
        house
            .events(1, |event| event["event"] == "reader-offline")
            .len(),
        1
    );
    assert!(!house.stop_and_verify().is_empty());
}

#[test]
fn thirty_two_of_our_readers_share_a_line_under_a_libosdp_controller() {
    let keyed = (0..READERS).map(|at| (address(at), Some(Scbk::new(key(at)))));
    let readers = OurReaders(Arc::new(Mutex::new(Wired {
        readers: Multidrop::new(keyed.collect(), Dice::new(32)),
        to_acu: VecDeque::new(),
    })));
    let (mut acu, cards) = controller(&readers);
    run_until(&mut acu, |acu| {
        (0..READERS).all(|at| acu.is_sc_active(i32::from(at)))
    });
    for at in [0, 17, 31] {
        readers.act(|readers| readers.present(address(at), &CARD, 26).unwrap());
        let mut seen = None;
        run_until(&mut acu, |_| {
            seen = cards.try_recv().ok();
            seen.is_some()
        });
        assert_eq!(seen, Some((i32::from(at), 26, CARD.to_vec())));
    }
    assert!((0..READERS).all(|at| acu.is_sc_active(i32::from(at))));
}

/// Tells the house every reader's key, and a card that may pass every door.
fn furnish(house: &Controller) {
    for at in 0..READERS {
        let hex = key(at).iter().fold(String::new(), |mut hex, octet| {
            write!(hex, "{octet:02x}").unwrap();
            hex
        });
        let reader = format!("r{at}");
        house.portvakt_reading(&["reader", "set-key", &reader, "--key-file", "-"], &hex);
    }
    house.portvakt(&["tenant", "add", "Peer Ltd"]);
    house.portvakt(&[
        "tenant", "contact", "Peer Ltd", "--name", "Con Tact", "--mobile", "+999 00",
    ]);
    let doors: Vec<String> = (0..READERS).map(|at| format!("d{at}")).collect();
    let roster = format!(
        "number,format,name,firm,mobile,contact,tenant,doors,kind\n\
         1:12345,H10301,Nomen Nescio,Peer Ltd,+999 01,Con Tact,Peer Ltd,{},employee\n",
        doors.join(";")
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roster.csv");
    std::fs::write(&file, roster).unwrap();
    house.portvakt(&["card", "import", file.to_str().unwrap(), "--yes"]);
}

fn assert_opens(readers: &LibosdpReaders, at: u8) {
    readers.present(at, &CARD, 26);
    let (to, output) = readers.next_output(PATIENCE).expect("the door opens");
    assert_eq!(
        (to, output.output, output.control, output.time_100ms),
        (at, 0, 5, 50)
    );
}

fn secure_readers(house: &Controller) -> BTreeSet<String> {
    let rows = house.rows(&["reader", "list"]);
    let secure = rows.iter().filter(|row| row["security"] == "secure");
    secure
        .filter_map(|row| row["reader"].as_str().map(str::to_owned))
        .collect()
}

fn wait_until(done: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < end, "not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Every reader has a key of its own.
fn key(at: u8) -> [u8; 16] {
    let mut key = *b"\x31\x85\x02\xE9\x77\x1C\xD4\x60\x0B\xA8\x5F\x93\x2E\xC6\x14\x7D";
    key[15] ^= at;
    key
}

fn address(at: u8) -> Address {
    Address::new(at).unwrap()
}

/// Reader, count of bits, bits.
type Card = (i32, usize, Vec<u8>);

fn controller(readers: &OurReaders) -> (ControlPanel, mpsc::Receiver<Card>) {
    let infos = (0..READERS).map(|at| {
        PdInfoBuilder::new()
            .address(i32::from(at))
            .and_then(|info| info.baud_rate(115_200))
            .unwrap()
            .secure_channel_key(key(at))
            .flag(OsdpFlag::EnforceSecure)
    });
    let mut acu = ControlPanelBuilder::new()
        .add_channel(Box::new(readers.clone()), infos.collect())
        .build()
        .unwrap();
    let (cards, cards_seen) = mpsc::channel();
    acu.set_event_callback(move |reader, event| {
        if let OsdpEvent::CardRead(card) = event {
            cards.send((reader, card.nr_bits, card.data)).ok();
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

/// Our readers at the far end of a wire in memory: what the controller writes is answered at once.
#[derive(Clone)]
struct OurReaders(Arc<Mutex<Wired>>);

struct Wired {
    readers: Multidrop,
    to_acu: VecDeque<u8>,
}

impl OurReaders {
    fn act<T>(&self, act: impl FnOnce(&mut Multidrop) -> T) -> T {
        act(&mut self.0.lock().unwrap().readers)
    }
}

impl Channel for OurReaders {
    fn get_id(&self) -> i32 {
        1
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        let to_acu = &mut self.0.lock().unwrap().to_acu;
        let count = to_acu.len().min(buf.len());
        for (place, octet) in buf.iter_mut().zip(to_acu.drain(..count)) {
            *place = octet;
        }
        Ok(count)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        let wired = &mut *self.0.lock().unwrap();
        wired.to_acu.extend(wired.readers.handle_bytes(buf));
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}
