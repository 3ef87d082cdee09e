//! The door opens while the control socket is under attack from every side at once.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use control::{Envelope, Request, frame};

use super::day::{CARD, issue_in_person, set_key, wait_online};
use super::house::House;

/// Clients who mean no good, until dropped.
struct Attack {
    over: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    attackers: Vec<JoinHandle<()>>,
}

impl Attack {
    fn begin(house: &House) -> Self {
        let ways: [fn(&mut UnixStream) -> std::io::Result<()>; 5] =
            [nonsense, oversized, unknown_fields, one_octet, a_storm];
        let over = Arc::new(AtomicBool::new(false));
        let sent = Arc::new(AtomicU64::new(0));
        let attackers = ways.into_iter().map(|way| {
            let (socket, over, sent) = (house.socket(), Arc::clone(&over), Arc::clone(&sent));
            std::thread::spawn(move || {
                let mut hoard = Vec::new();
                while !over.load(Ordering::Relaxed) {
                    let Ok(mut stream) = UnixStream::connect(&socket) else {
                        continue;
                    };
                    stream.set_write_timeout(Some(BRIEF)).unwrap();
                    stream.set_read_timeout(Some(BRIEF)).unwrap();
                    while !over.load(Ordering::Relaxed) && way(&mut stream).is_ok() {
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                    // Some stay connected and say nothing more.
                    if hoard.len() < 3 {
                        hoard.push(stream);
                    }
                }
            })
        });
        let attackers = attackers.collect();
        Self {
            over,
            sent,
            attackers,
        }
    }

    fn end(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        for attacker in self.attackers {
            attacker.join().unwrap();
        }
        self.sent.load(Ordering::Relaxed)
    }
}

fn nonsense(stream: &mut UnixStream) -> std::io::Result<()> {
    framed(stream, b"[[[[\xFF\x00")
}

fn oversized(stream: &mut UnixStream) -> std::io::Result<()> {
    stream.write_all(&u32::MAX.to_be_bytes())?;
    stream.write_all(&[b'7'; 4_096])?;
    heard(stream)
}

fn unknown_fields(stream: &mut UnixStream) -> std::io::Result<()> {
    framed(
        stream,
        br#"{"id":1,"root":true,"request":{"verb":"status"}}"#,
    )
}

fn one_octet(stream: &mut UnixStream) -> std::io::Result<()> {
    stream.write_all(&[0])?;
    sleep(Duration::from_millis(20));
    Ok(())
}

/// What may be asked, as fast as the socket takes it, and no answer ever read.
fn a_storm(stream: &mut UnixStream) -> std::io::Result<()> {
    for request in [Request::Hello { version: 1 }, Request::Status {}] {
        let envelope = Envelope {
            id: 1,
            dry_run: false,
            doubt: None,
            request,
        };
        stream.write_all(&frame::encode(&envelope).unwrap())?;
    }
    Ok(())
}

fn framed(stream: &mut UnixStream, octets: &[u8]) -> std::io::Result<()> {
    let len = u32::try_from(octets.len()).unwrap().to_be_bytes();
    stream.write_all(&[&len, octets].concat())?;
    heard(stream)
}

/// Something came back; a connection that was closed is no longer of use.
fn heard(stream: &mut UnixStream) -> std::io::Result<()> {
    match stream.read(&mut [0; 4_096])? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

#[test]
fn no_client_of_the_socket_slows_a_door() {
    let house = House::new();
    let daemon = house.start();
    set_key(&house);
    wait_online(&house);
    issue_in_person(&house);
    let attack = Attack::begin(&house);
    sleep(Duration::from_millis(500));
    for time in 0..8 {
        house.reader.present(&CARD.0, CARD.1);
        assert!(house.reader.is_unlocked_within(BOUND), "time {time}");
        // The strike falls back before the card is shown again.
        sleep(Duration::from_millis(1_200));
    }
    let sent = attack.end();
    assert!(sent > 1_000, "{sent} messages are no attack");
    assert!(daemon.stop().status.success());
}

/// Ten times and more what card to lock takes on a loaded machine.
const BOUND: Duration = Duration::from_secs(2);
/// A client that hears nothing for so long goes its way.
const BRIEF: Duration = Duration::from_millis(200);
