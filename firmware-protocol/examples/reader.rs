//! A reader on a serial port: `cargo run -p firmware-protocol --example reader -- /dev/ttyUSB0 KEY`, where KEY is 32 hex
//! digits. It prints what the controller wants; Enter shows it a card.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write, stdin};
use std::sync::mpsc::{Receiver, channel};

use firmware_protocol::pd::{Pd, PdConfig, REPLY_LEN_MAX, SILENCE_S};
use firmware_protocol::reply::{Capability, Function, PdId};
use firmware_protocol::secure::Scbk;
use firmware_protocol::{Address, MARK, Scanner};
use rustix::termios::{OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(path), Some(key)) = (words.next(), words.next()) else {
        return Err("give the path of a serial port and a key of 32 hex digits".into());
    };
    let mut reader = Pd::new(PdConfig {
        address: Address::new(0).ok_or("an address is 0 to 126")?,
        id: PdId::decode(&ID)?,
        capabilities: CAPABILITIES,
        key: Some(Scbk::new(u128::from_str_radix(&key, 16)?.to_be_bytes())),
        install_mode: false,
    });
    let (mut line, mut random) = (open(&path)?, File::open("/dev/urandom")?);
    let (mut scanner, mut buffer, mut quiet_100ms) = (Scanner::new(), [0; 256], 0);
    let enter = presses();
    loop {
        let len = line.read(&mut buffer)?;
        if len == 0 {
            scanner.reset(); // nothing for 100 ms: no frame is under way
            quiet_100ms += 1;
        } else {
            quiet_100ms = 0;
        }
        let mut rest = buffer.get(..len).unwrap_or_default();
        loop {
            rest = rest.get(scanner.feed(rest)..).unwrap_or_default();
            while let Some(frame) = scanner.next_frame() {
                let (mut reply, mut rnd_b) = ([MARK; REPLY_LEN_MAX + 1], [0; 8]);
                random.read_exact(&mut rnd_b)?;
                let [_, out @ ..] = &mut reply;
                if let Some(len) = reader.handle_frame(&frame, rnd_b, out) {
                    line.write_all(reply.get(..=len).unwrap_or_default())?;
                }
            }
            if rest.is_empty() {
                break;
            }
        }
        if quiet_100ms == SILENCE_S * 10 {
            reader.handle_silence();
        }
        for () in enter.try_iter() {
            println!("card shown: {:?}", reader.present_card(&CARD, CARD_BITS));
        }
        while let Some(event) = reader.poll_event() {
            println!("{event:?}"); // switch the output, store the key, light the light
        }
    }
}

/// The port, raw, at 9,600 bits per second; a read waits for 100 ms at most.
fn open(path: &str) -> Result<File, Box<dyn Error>> {
    let line = OpenOptions::new().read(true).write(true).open(path)?;
    let mut settings = tcgetattr(&line)?;
    settings.make_raw();
    settings.set_speed(9_600)?;
    settings.special_codes[SpecialCodeIndex::VMIN] = 0;
    settings.special_codes[SpecialCodeIndex::VTIME] = 1;
    tcsetattr(&line, OptionalActions::Flush, &settings)?;
    Ok(line)
}

/// One `()` each time Enter is pressed.
fn presses() -> Receiver<()> {
    let (pressed, presses) = channel();
    let tell = move |line: Result<_, _>| line.is_ok() && pressed.send(()).is_ok();
    std::thread::spawn(move || stdin().lines().all(tell));
    presses
}

const ID: [u8; 12] = [0, 0, 0, 1, 1, 0x67, 0x12, 0, 0, 1, 0, 0]; // maker, model, version, serial, firmware
const CARD: [u8; 4] = [0x80, 0x98, 0x1C, 0xC0]; // H10301, facility 1, number 12345
const CARD_BITS: u16 = 26;
const CAPABILITIES: &[Capability] = &[can(Function::OUTPUTS, 1), can(Function::SECURITY, 0)];

const fn can(function: Function, count: u8) -> Capability {
    Capability {
        function,
        compliance: 1,
        count,
    }
}
