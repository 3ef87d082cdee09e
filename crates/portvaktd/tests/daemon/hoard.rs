//! A thousand connections of somebody without a role, and frames without sense by the ten thousand, beside a door that is
//! worked: it opens as soon as it does without them, and operators are answered.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use control::{Reply, Request};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::day::{CARD, issue_in_person, set_key, wait_online};
use super::house::{Daemon, House};
use super::people::{Person, house_of};

/// Something that goes on beside, until it is ended.
struct Beside {
    over: Arc<AtomicBool>,
    count: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

impl Beside {
    /// So many threads of this user that do this over and over; each turn says how much it did.
    fn begin<S: Send + 'static>(
        house: &House,
        (threads, uid): (usize, u32),
        start: fn() -> S,
        turn: fn(&Person, &mut S) -> u64,
    ) -> Self {
        let (over, count) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicU64::new(0)),
        );
        let threads = (0..threads).map(|_| {
            let (over, count) = (Arc::clone(&over), Arc::clone(&count));
            let person = Person::of(house, uid);
            std::thread::spawn(move || {
                let mut state = start();
                while !over.load(Ordering::Relaxed) {
                    count.fetch_add(turn(&person, &mut state), Ordering::Relaxed);
                }
            })
        });
        Self {
            threads: threads.collect(),
            over,
            count,
        }
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.count.load(Ordering::Relaxed)
    }
}

/// Keeps a thousand connections: some say nothing, some drip a frame, some have closed their half; what was cut off comes
/// again.
fn hoard(person: &Person, held: &mut Vec<UnixStream>) -> u64 {
    held.retain_mut(|stream| !is_over(stream));
    let mut new = 0;
    while held.len() < HOARD {
        let Ok(mut stream) = person.stream() else {
            break;
        };
        stream.set_nonblocking(true).unwrap();
        match new % 4 {
            0 => {}
            1 => drop(stream.write_all(&[0, 0, 1])),
            2 => drop(stream.write_all(b"\x00\x00\x01\x00{\"id\":1")),
            _ => {
                stream.write_all(&[0, 0]).ok();
                stream.shutdown(Shutdown::Write).ok();
            }
        }
        held.push(stream);
        new += 1;
    }
    for stream in held.iter_mut().step_by(7) {
        stream.write_all(&[0]).ok();
    }
    sleep(Duration::from_millis(50));
    new
}

fn is_over(stream: &mut UnixStream) -> bool {
    match stream.read(&mut [0; 512]) {
        Ok(0) => true,
        Ok(_) => false,
        Err(cause) => cause.kind() != ErrorKind::WouldBlock,
    }
}

/// Sends one connection's worth of frames without sense, and hears what is said to each.
fn nonsense(person: &Person, told: &mut u64) -> u64 {
    let Ok(mut stream) = person.stream() else {
        return 0;
    };
    stream.set_read_timeout(Some(BRIEF)).unwrap();
    stream.set_write_timeout(Some(BRIEF)).unwrap();
    let mut octets = Vec::new();
    for at in 0..IN_ONE_CONNECTION {
        let frame = NONSENSE[usize::try_from((*told + at) % NONSENSE_COUNT).unwrap()];
        octets.extend(u32::try_from(frame.len()).unwrap().to_be_bytes());
        octets.extend(frame);
    }
    *told += 1;
    if stream.write_all(&octets).is_err() {
        return 0;
    }
    let mut heard = 0;
    let mut len = [0; 4];
    while heard < IN_ONE_CONNECTION && stream.read_exact(&mut len).is_ok() {
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(len)).unwrap()];
        if stream.read_exact(&mut answer).is_err() {
            break;
        }
        heard += 1;
    }
    heard
}

/// A house whose door is worked, with a card that opens it.
fn worked() -> (House, Daemon) {
    let house = house_of(&[]);
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    (house, daemon)
}

/// How long it takes from card to lock: the median of some times.
fn latency(house: &House) -> Duration {
    let mut times: Vec<Duration> = (0..OPENINGS).map(|_| opened(house)).collect();
    times.sort();
    times[times.len() / 2]
}

#[allow(
    clippy::disallowed_methods,
    reason = "how long a door takes is what is asked here"
)]
fn opened(house: &House) -> Duration {
    let begun = Instant::now();
    house.reader.present(&CARD.0, CARD.1);
    assert!(house.reader.is_unlocked_within(Duration::from_secs(5)));
    let took = begun.elapsed();
    // The strike falls back before the card is shown again.
    sleep(Duration::from_millis(1_200));
    took
}

fn must_be_as_soon(quiet: Duration, beside: Duration) {
    eprintln!("card to lock: {quiet:?} alone, {beside:?} beside it");
    assert!(beside <= quiet * 10 + GRACE, "{quiet:?} {beside:?}");
}

fn must_have_little_open(daemon: &Daemon) {
    if let Some(open) = daemon.descriptors() {
        assert!(open < DESCRIPTORS_MAX, "{open}");
    }
}

#[test]
fn a_stranger_with_a_thousand_connections_keeps_no_operator_out_and_no_door_shut() {
    let most = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: most,
        maximum: most,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let (house, daemon) = worked();
    let quiet = latency(&house);
    let hoard = Beside::begin(&house, (1, NOBODY), Vec::new, hoard);
    while hoard.count() < 1_000 {
        sleep(Duration::from_millis(20));
    }
    for _ in 0..20 {
        assert!(matches!(house.ask(Request::Status {}), Reply::Status(_)));
    }
    let beside = latency(&house);
    must_have_little_open(&daemon);
    let connected = hoard.end();
    eprintln!("{connected} connections");
    must_be_as_soon(quiet, beside);
    assert!(daemon.stop().status.success());
}

/// How many frames: `PORTVAKT_FRAMES`, or enough for a test of each day.
fn frames() -> u64 {
    let wanted = std::env::var("PORTVAKT_FRAMES").ok();
    wanted.map_or(10_000, |wanted| wanted.parse().unwrap())
}

#[test]
fn frames_without_sense_slow_no_door() {
    let (house, daemon) = worked();
    let quiet = latency(&house);
    let attack = Beside::begin(&house, (3, ROOT), || 0, nonsense);
    let mut slowest = latency(&house);
    while attack.count() < frames() {
        slowest = slowest.max(latency(&house));
    }
    must_have_little_open(&daemon);
    let answered = attack.end();
    eprintln!("{answered} frames without sense were answered");
    must_be_as_soon(quiet, slowest);
    assert!(matches!(house.ask(Request::Status {}), Reply::Status(_)));
    assert!(daemon.stop().status.success());
}

#[test]
fn a_client_that_drips_a_frame_is_left_within_seconds() {
    let house = House::new();
    let _daemon = house.start();
    let mut stream = UnixStream::connect(house.socket()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut turns = 0;
    // A frame of 256 octets, one every half second: it would take two minutes.
    while turns < 60 && stream.write_all(&[0, 0, 1, 0][turns.min(3)..][..1]).is_ok() {
        turns += 1;
        if matches!(stream.read(&mut [0; 8]), Ok(0)) {
            break;
        }
    }
    assert!((10..40).contains(&turns), "left after {turns} half seconds");
}

/// What no daemon makes sense of.
const NONSENSE: [&[u8]; 10] = [
    b"",
    b"{}",
    b"[[[[[[[[\xff\x00",
    b"{\"id\":1,\"root\":true,\"request\":{\"verb\":\"status\"}}",
    b"{\"id\":1,\"request\":{\"verb\":\"obey\"}}",
    b"{\"id\":-1,\"request\":{\"verb\":\"status\"}}",
    b"{\"id\":1,\"request\":{\"verb\":\"card-block\",\"issuance\":\"P-\"}}",
    b"{\"id\":1,\"request\":{\"verb\":\"house\",\"act\":7}}",
    b"{\"id\":1e999,\"request\":null}",
    b"\"\\ud800\"",
];
const NONSENSE_COUNT: u64 = 10;

/// One connection takes so many before it is closed.
const IN_ONE_CONNECTION: u64 = 16;

/// Connections held at once.
const HOARD: usize = 1_000;

/// An operator.
const ROOT: u32 = 0;

/// A user without a role.
const NOBODY: u32 = 10;

/// What the daemon has open at most: places for connections, and its own files.
const DESCRIPTORS_MAX: usize = 256;

/// Openings of which one is the median.
const OPENINGS: usize = 3;

/// What a loaded machine may take besides.
const GRACE: Duration = Duration::from_millis(250);

/// A client that hears nothing for so long goes its way.
const BRIEF: Duration = Duration::from_secs(2);
