//! A serial line made of a pseudo-terminal: the reader holds one end, the daemon opens the other.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use libosdp::{Channel, ChannelError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_setfl, open};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The reader's end of the line, and the name of the daemon's end.
///
/// The daemon's end is kept open here as well: a pseudo-terminal nobody has open answers every
/// read with an error, a real serial port stays silent.
#[derive(Debug)]
pub struct PtyLine {
    reader_end: File,
    _daemon_end: File,
    device: PathBuf,
}

impl PtyLine {
    /// Opens a new line in raw mode.
    ///
    /// # Errors
    /// What the kernel says when it has no pseudo-terminal left.
    pub fn open() -> io::Result<Self> {
        let reader_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&reader_end)?;
        unlockpt(&reader_end)?;
        let name = ptsname(&reader_end, Vec::new())?;
        let device = PathBuf::from(name.to_string_lossy().into_owned());
        let daemon_end = open(&device, OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
        let mut termios = tcgetattr(&daemon_end)?;
        termios.make_raw();
        tcsetattr(&daemon_end, OptionalActions::Now, &termios)?;
        fcntl_setfl(&reader_end, OFlags::RDWR | OFlags::NONBLOCK)?;
        Ok(Self {
            reader_end: File::from(reader_end),
            _daemon_end: File::from(daemon_end),
            device,
        })
    }

    /// The path the daemon opens.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// A second handle on the reader's end, to wait on while the first belongs to the reader.
    ///
    /// # Errors
    /// What the kernel says when no descriptor is left.
    pub fn waiter(&self) -> io::Result<Waiter> {
        self.reader_end.try_clone().map(Waiter)
    }
}

/// Sleeps until octets arrive on the line.
#[derive(Debug)]
pub struct Waiter(File);

impl Waiter {
    /// Returns when there is something to read, at the latest after a millisecond: the reader's
    /// own timers want to be looked at too.
    ///
    /// # Errors
    /// What the kernel says, interruptions excepted.
    pub fn wait_1ms(&self) -> io::Result<()> {
        let timeout = Timespec {
            tv_sec: 0,
            tv_nsec: 1_000_000,
        };
        match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }
}

impl Channel for PtyLine {
    fn get_id(&self) -> i32 {
        1
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize, ChannelError> {
        self.reader_end.read(buf).map_err(silent)
    }

    fn write(&mut self, buf: &[u8]) -> Result<usize, ChannelError> {
        self.reader_end.write(buf).map_err(silent)
    }

    fn flush(&mut self) -> Result<(), ChannelError> {
        self.reader_end.flush().map_err(silent)
    }

    fn close(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}

fn silent(error: io::Error) -> ChannelError {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted => ChannelError::WouldBlock,
        _ => ChannelError::TransportError,
    }
}
