//! A serial line made of a pseudo-terminal: the readers hold one end, the daemon opens the other
//! by a name that stays the same.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_setfl, open};
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

/// The readers' end of one line.
///
/// The daemon's end is kept open here too: a pseudo-terminal nobody has open answers each read
/// with an error, a serial port stays silent. The name is removed when the line is dropped.
#[derive(Debug)]
pub struct Line {
    readers_end: File,
    _daemon_end: File,
    device: PathBuf,
    octet_time: Duration,
}

impl Line {
    /// Lays a line in raw mode and gives its far end the name `folder/name`.
    ///
    /// # Errors
    /// What the kernel says: no pseudo-terminal left, or the name is taken.
    pub fn lay(folder: &Path, name: &str) -> io::Result<Self> {
        // Not for programs started later: a line that one of them holds never hangs up.
        let readers_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&readers_end)?;
        unlockpt(&readers_end)?;
        let terminal = ptsname(&readers_end, Vec::new())?;
        let daemon_flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let daemon_end = open(&terminal, daemon_flags, Mode::empty())?;
        let mut termios = tcgetattr(&daemon_end)?;
        termios.make_raw();
        tcsetattr(&daemon_end, OptionalActions::Now, &termios)?;
        fcntl_setfl(&readers_end, OFlags::RDWR | OFlags::NONBLOCK)?;
        let device = folder.join(name);
        symlink(terminal.to_string_lossy().as_ref(), &device)?;
        Ok(Self {
            readers_end: File::from(readers_end),
            _daemon_end: File::from(daemon_end),
            device,
            octet_time: Duration::ZERO,
        })
    }

    /// Lets every octet written take the time it takes on a wire of `baud`: start, eight, stop.
    #[must_use]
    pub fn paced(mut self, baud: u32) -> Self {
        self.octet_time = Duration::from_secs(BITS_PER_OCTET)
            .checked_div(baud)
            .unwrap_or_default();
        self
    }

    /// The path the daemon opens.
    #[must_use]
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// Waits until octets arrive, at most `within`, and takes what is there; 0 when nothing came.
    ///
    /// # Errors
    /// What the kernel says, interruptions excepted.
    pub fn read(&mut self, buffer: &mut [u8], within: Duration) -> io::Result<usize> {
        let timeout = Timespec {
            tv_sec: i64::try_from(within.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(within.subsec_nanos()),
        };
        let mut waiting = [PollFd::new(&self.readers_end, PollFlags::IN)];
        match poll(&mut waiting, Some(&timeout)) {
            Ok(0) | Err(Errno::INTR) => return Ok(0),
            Ok(_) => {}
            Err(errno) => return Err(errno.into()),
        }
        match self.readers_end.read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            taken => taken,
        }
    }

    /// Writes all of `octets`; returns when the last one has left the wire.
    ///
    /// # Errors
    /// What the kernel says; `WouldBlock` when the far end has not read for 4 KiB.
    pub fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        let count = u32::try_from(octets.len()).unwrap_or(u32::MAX);
        thread::sleep(self.octet_time.saturating_mul(count));
        self.readers_end.write_all(octets)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // Gone already is as good; there is nobody to tell of anything else.
        fs::remove_file(&self.device).ok();
    }
}

/// One start bit, eight data bits, one stop bit.
const BITS_PER_OCTET: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_pass_both_ways_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let mut line = Line::lay(folder.path(), "north").unwrap();
        let mut daemon_end = File::options()
            .read(true)
            .write(true)
            .open(line.device())
            .unwrap();
        let awkward = [0x53, 0x00, 0x0A, 0x0D, 0x03, 0x04, 0x11, 0x13, 0x7F, 0xFF];

        daemon_end.write_all(&awkward).unwrap();
        let mut buffer = [0; 32];
        let count = line.read(&mut buffer, Duration::from_secs(5)).unwrap();
        assert_eq!(&buffer[..count], &awkward);

        line.write(&awkward).unwrap();
        let mut back = [0; 10];
        daemon_end.read_exact(&mut back).unwrap();
        assert_eq!(back, awkward);
    }

    #[test]
    fn a_silent_line_reads_as_nothing_and_a_dropped_line_takes_its_name_along() {
        let folder = tempfile::tempdir().unwrap();
        let mut line = Line::lay(folder.path(), "north").unwrap();
        assert_eq!(line.read(&mut [0; 8], Duration::ZERO).unwrap(), 0);
        let device = line.device().to_path_buf();
        drop(line);
        assert!(!device.exists());
    }
}
