//! Sessions between libosdp's own controller and libosdp's own reader, octet by octet.
//!
//! Both ends sit on one wire in memory. Their randomness is `rand()` without a seed, so the same
//! program records the same session again, up to the number of polls between two commands.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use libosdp::{
    Channel, ChannelError, ControlPanel, ControlPanelBuilder, OsdpCommand, OsdpCommandBuzzer,
    OsdpCommandLed, OsdpCommandOutput, OsdpEvent, OsdpEventCardRead, OsdpEventKeyPress, OsdpFlag,
    OsdpLedColor, OsdpLedParams, PeripheralDevice,
};

use crate::reader::description;

/// Who sent a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The controller.
    Acu,
    /// The reader.
    Pd,
}

/// One frame as it stood on the wire, mark octet included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Who sent it.
    pub sender: Sender,
    /// What was sent.
    pub octets: Vec<u8>,
}

/// How the two ends are set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Secure Channel with this key, known to both.
    Keyed([u8; 16]),
    /// The reader knows only the default key; the controller gives it this one.
    Installing([u8; 16]),
}

/// Lets a session run: handshake, a few polls, LED, buzzer, output, two cards and four keys.
///
/// # Errors
/// What libosdp says of the set-up, or that the session did not come up within ten seconds.
pub fn session(address: u8, security: Security) -> io::Result<Vec<Sent>> {
    let wire = Arc::new(Mutex::new(Wire::default()));
    let mut ends = Ends::connect(address, security, &wire).map_err(io::Error::other)?;
    ends.run_until(|ends| ends.acu.is_sc_active(0))?;
    ends.pause();
    if let Security::Installing(_) = security {
        // The controller hands the key over by itself and then shakes hands again with it.
        ends.run_until(|ends| ends.acu.is_sc_active(0))?;
        ends.pause();
    }
    for command in commands() {
        ends.acu
            .send_command(0, command)
            .map_err(io::Error::other)?;
        ends.pause();
    }
    for event in events().map_err(io::Error::other)? {
        ends.pd.notify_event(event).map_err(io::Error::other)?;
        ends.pause();
    }
    let wire = wire.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(wire.log.clone())
}

/// What the controller asks for, in order.
fn commands() -> [OsdpCommand; 3] {
    let green = OsdpLedParams {
        control_code: 2,
        on_count: 5,
        off_count: 0,
        on_color: OsdpLedColor::Green,
        off_color: OsdpLedColor::None,
        timer_count: 30,
    };
    [
        OsdpCommand::Led(OsdpCommandLed {
            temporary: green,
            ..OsdpCommandLed::default()
        }),
        OsdpCommand::Buzzer(OsdpCommandBuzzer {
            reader: 0,
            control_code: 2,
            on_count: 1,
            off_count: 1,
            rep_count: 2,
        }),
        OsdpCommand::Output(OsdpCommandOutput {
            output_no: 0,
            control_code: 5,
            timer_count: 50,
        }),
    ]
}

/// What happens at the reader, in order: facility 1, number 12345 in H10301; a 56-bit serial; keys.
fn events() -> Result<[OsdpEvent; 3], libosdp::OsdpError> {
    let h10301 = vec![0x80, 0x98, 0x1C, 0xC0];
    let serial = vec![0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80];
    Ok([
        OsdpEvent::CardRead(OsdpEventCardRead::new_wiegand(26, h10301)?),
        OsdpEvent::CardRead(OsdpEventCardRead::new_wiegand(56, serial)?),
        OsdpEvent::KeyPress(OsdpEventKeyPress::new(b"1234".to_vec())),
    ])
}

/// Controller and reader on one wire.
struct Ends {
    acu: ControlPanel,
    pd: PeripheralDevice,
}

impl Ends {
    fn connect(
        address: u8,
        security: Security,
        wire: &Arc<Mutex<Wire>>,
    ) -> Result<Self, libosdp::OsdpError> {
        let end = |sender| {
            Box::new(End {
                sender,
                wire: Arc::clone(wire),
            })
        };
        let (acu, pd) = match security {
            Security::Keyed(key) => (
                description(address)?.secure_channel_key(key),
                description(address)?.secure_channel_key(key),
            ),
            Security::Installing(key) => (
                description(address)?
                    .secure_channel_key(key)
                    .flag(OsdpFlag::InstallMode),
                description(address)?.flag(OsdpFlag::InstallMode),
            ),
        };
        let mut pd = PeripheralDevice::new(pd, end(Sender::Pd))?;
        pd.set_command_callback(|_| 0);
        let mut acu = ControlPanelBuilder::new()
            .add_channel(end(Sender::Acu), vec![acu])
            .build()?;
        acu.set_event_callback(|_, _| 0);
        Ok(Self { acu, pd })
    }

    fn run_until(&mut self, done: impl Fn(&Self) -> bool) -> io::Result<()> {
        let end = Instant::now() + Duration::from_secs(10);
        while !done(self) {
            if Instant::now() > end {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "no secure session"));
            }
            self.step();
        }
        Ok(())
    }

    /// A few of libosdp's polls long, which stand 50 ms apart.
    fn pause(&mut self) {
        let end = Instant::now() + Duration::from_millis(130);
        while Instant::now() < end {
            self.step();
        }
    }

    fn step(&mut self) {
        self.acu.refresh();
        self.pd.refresh();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Two directions and everything that went over them.
#[derive(Debug, Default)]
struct Wire {
    to_pd: VecDeque<u8>,
    to_acu: VecDeque<u8>,
    log: Vec<Sent>,
}

/// One side of the wire.
#[derive(Debug)]
struct End {
    sender: Sender,
    wire: Arc<Mutex<Wire>>,
}

impl Channel for End {
    fn get_id(&self) -> i32 {
        1
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = match self.sender {
            Sender::Acu => &mut wire.to_acu,
            Sender::Pd => &mut wire.to_pd,
        };
        let count = waiting.len().min(buf.len());
        for (place, octet) in buf.iter_mut().zip(waiting.drain(..count)) {
            *place = octet;
        }
        Ok(count)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        let mut wire = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
        match self.sender {
            Sender::Acu => wire.to_pd.extend(buf),
            Sender::Pd => wire.to_acu.extend(buf),
        }
        wire.log.push(Sent {
            sender: self.sender,
            octets: buf.to_vec(),
        });
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}
