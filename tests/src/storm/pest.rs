//! Pests: clients of the socket that keep to no form, beside those who work.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use building_sim::Dice;

/// Bothers the daemon until it is `over`. Says how often somebody got through to it.
pub(crate) fn bother(socket: &Path, over: &AtomicBool, mut dice: Dice) -> u64 {
    let mut held = Vec::new();
    let mut count = 0;
    while !over.load(Ordering::Relaxed) {
        if held.len() >= HELD {
            let count = u64::try_from(held.len()).unwrap_or(1);
            held.swap_remove(usize::try_from(dice.below(count)).unwrap_or(0));
        }
        if let Ok(stream) = UnixStream::connect(socket) {
            count += 1;
            held.extend(pestered(stream, &mut dice));
        }
        sleep(BETWEEN_PESTS);
    }
    count
}

/// Says something that nobody should, and stays or goes. That the daemon hangs up meanwhile is its good right.
fn pestered(mut stream: UnixStream, dice: &mut Dice) -> Option<UnixStream> {
    stream.set_nonblocking(true).ok()?;
    let mut noise = vec![0; usize::try_from(dice.below(9_000)).unwrap_or(0)];
    dice.throw_octets(&mut noise);
    let said = match dice.below(6) {
        0 => stream.write_all(&[]),
        1 => stream.write_all(&[0, 0, 1]),
        2 => stream.write_all(b"\xFF\xFF\xFF\xFF{"),
        3 => stream.write_all(&framed(&noise)),
        4 => stream.write_all(&framed(NESTED.repeat(500).as_bytes())),
        _ => stream.write_all(&noise),
    };
    match dice.below(3) {
        0 => return None,
        1 => stream.shutdown(Shutdown::Write).ok()?,
        _ => {}
    }
    let mut heard = [0; 512];
    // Some never listen.
    (said.is_ok() && (dice.one_in(2) || !matches!(stream.read(&mut heard), Ok(0))))
        .then_some(stream)
}

fn framed(frame: &[u8]) -> Vec<u8> {
    let len = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    [&len.to_be_bytes(), frame].concat()
}

/// So many of them stay at once: fewer than one user may have, for the operators are the same user.
const HELD: usize = 16;
const BETWEEN_PESTS: Duration = Duration::from_millis(3);
const NESTED: &str = r#"{"ask":["#;
