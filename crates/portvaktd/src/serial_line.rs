//! A serial line: one tty, opened by its path, read and written until it goes away, then opened again.
//!
//! Unplugged adapters show as reads of nothing, hang-ups or errors; each closes the port, so that the kernel frees its
//! name and the adapter comes back under the same one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::LineId;
use reader_bus::Uptime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::time::{sleep, timeout};
use tokio_serial::{SerialPortBuilderExt, SerialStream};

use crate::adapter;
use crate::clock::Clock;
use crate::config::Rs485;
use crate::port_survey::{self, SurveyOrder};

/// What a line tells the site's task.
#[derive(Debug)]
pub(crate) enum LineInput {
    /// The port is open.
    Up(LineId),
    /// The port is closed, and why.
    Down(LineId, String),
    /// Octets came.
    Octets(LineId, Vec<u8>),
}

/// One line's port and its two bounded channels.
pub(crate) struct SerialLine {
    pub(crate) id: LineId,
    /// The line's name, for the journal.
    pub(crate) name: String,
    pub(crate) device: PathBuf,
    pub(crate) baud: u32,
    /// Whether the kernel switches the port's direction.
    pub(crate) rs485: Option<Rs485>,
    pub(crate) clock: Arc<Clock>,
    /// Frames to send, each with its mark.
    pub(crate) frames: Receiver<Vec<u8>>,
    pub(crate) inputs: Sender<LineInput>,
    /// Orders to look who answers.
    pub(crate) surveys: Receiver<SurveyOrder>,
    /// One that waits for the port to be free.
    pub(crate) survey: Option<SurveyOrder>,
}

/// Why the task ends: the site is gone.
struct Closed;

impl SerialLine {
    /// Runs until the site's task ends.
    pub(crate) async fn run(mut self) {
        let mut said = String::new();
        loop {
            if let Some(order) = self.survey.take() {
                self.look_around(order).await;
            }
            let why = match open(&self.device, self.baud, self.rs485) {
                Ok(port) => {
                    tracing::info!(line = %self.name, "line up");
                    said.clear();
                    let Ok(why) = self.carry(port).await else {
                        return;
                    };
                    why
                }
                Err(cause) => format!("device {} cannot be opened: {cause}", self.device.display()),
            };
            if why != said {
                tracing::warn!(line = %self.name, "line down: {why}");
                said.clone_from(&why);
            }
            let ended = if self.survey.is_some() {
                self.tell(LineInput::Down(self.id, why)).await
            } else {
                self.rest(why).await
            };
            if ended.is_err() {
                return;
            }
        }
    }

    /// Carries octets both ways; the answer is why the port had to be closed.
    async fn carry(&mut self, mut port: SerialStream) -> Result<String, Closed> {
        self.tell(LineInput::Up(self.id)).await?;
        let mut budget = Budget::new(self.baud);
        let mut buffer = [0_u8; READ_LEN];
        loop {
            tokio::select! {
                frame = self.frames.recv() => {
                    let frame = frame.ok_or(Closed)?;
                    let begun = self.clock.up();
                    match timeout(WRITE_TIMEOUT, port.write_all(&frame)).await {
                        Ok(Ok(())) => self.drop_stale(begun),
                        Ok(Err(cause)) => return Ok(format!("write failed: {cause}")),
                        Err(_) => return Ok(format!("write took longer than {WRITE_TIMEOUT:?}")),
                    }
                }
                Some(order) = self.surveys.recv() => {
                    self.survey = Some(order);
                    return Ok("out of service while it is looked who answers on it".to_owned());
                }
                read = port.read(&mut buffer) => match read {
                    Ok(0) => return Ok("the device hung up".to_owned()),
                    Ok(count) => {
                        let octets = buffer.get(..count).unwrap_or_default().to_vec();
                        self.tell(LineInput::Octets(self.id, octets)).await?;
                        if let Some(pause) = budget.spend(count, &self.clock) {
                            sleep(pause).await;
                        }
                    }
                    Err(cause) => return Ok(format!("read failed: {cause}")),
                },
            }
        }
    }

    /// Throws away what waited behind a write that took so long: nobody counts on it any more, and an unlock is never sent late.
    fn drop_stale(&mut self, begun: Uptime) {
        let took = self.clock.up().micros().saturating_sub(begun.micros());
        if Duration::from_micros(took) > STALE_AFTER {
            while self.frames.try_recv().is_ok() {}
        }
    }

    /// Waits before the next try; frames for a port that is not there are thrown away.
    async fn rest(&mut self, why: String) -> Result<(), Closed> {
        self.tell(LineInput::Down(self.id, why)).await?;
        let pause = sleep(REOPEN_AFTER);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return Ok(()),
                frame = self.frames.recv() => drop(frame.ok_or(Closed)?),
                Some(order) = self.surveys.recv() => {
                    self.survey = Some(order);
                    return Ok(());
                }
            }
        }
    }

    /// Nobody else speaks meanwhile; frames that were on their way are thrown away.
    async fn look_around(&mut self, order: SurveyOrder) {
        let open = |baud| open(&self.device, baud, self.rs485);
        port_survey::look_around(order, &self.device, &self.clock, open).await;
        while self.frames.try_recv().is_ok() {}
    }

    async fn tell(&self, input: LineInput) -> Result<(), Closed> {
        self.inputs.send(input).await.map_err(|_| Closed)
    }
}

fn open(device: &Path, baud: u32, rs485: Option<Rs485>) -> tokio_serial::Result<SerialStream> {
    if let Some(how) = rs485 {
        adapter::switch_direction(device, how).map_err(no_rs485)?;
    }
    // The exclusive mark outlives a killed daemon on a pseudo-terminal whose other end still holds it.
    let pseudo = device
        .canonicalize()
        .is_ok_and(|path| path.starts_with("/dev/pts"));
    tokio_serial::new(device.to_string_lossy(), baud)
        .exclusive(!pseudo)
        .open_native_async()
}

/// A line that would send and hear at once is worse than none.
fn no_rs485(cause: std::io::Error) -> std::io::Error {
    let what = format!(
        "its driver does not switch RS-485 direction ({cause}); remove rs485 if the adapter does it"
    );
    std::io::Error::new(cause.kind(), what)
}

/// How much a line may say: twice what its baud carries. A pseudo-terminal or a broken driver that says more is read
/// only so fast, and no other line waits for it.
struct Budget {
    octets_per_window: u64,
    window: u64,
    spent: u64,
}

impl Budget {
    fn new(baud: u32) -> Self {
        let octets_per_second = u64::from(baud) / BITS_PER_OCTET;
        Self {
            octets_per_window: (octets_per_second / 5).max(1_024),
            window: 0,
            spent: 0,
        }
    }

    /// Counts octets read; the pause to make when the window's budget is gone.
    fn spend(&mut self, octets: usize, clock: &Clock) -> Option<Duration> {
        let micros = clock.up().micros();
        let window = micros / WINDOW_MICROS;
        if window != self.window {
            (self.window, self.spent) = (window, 0);
        }
        self.spent = self
            .spent
            .saturating_add(u64::try_from(octets).unwrap_or(u64::MAX));
        let rest = WINDOW_MICROS - micros % WINDOW_MICROS;
        (self.spent > self.octets_per_window).then(|| Duration::from_micros(rest))
    }
}

/// Octets taken in one read; a frame is seldom longer.
const READ_LEN: usize = 512;

/// A port that takes no octet for so long is closed.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// What is written in time for its answer is not stale: OSDP 2.2, 5.7 gives a reader 200 ms.
const STALE_AFTER: Duration = Duration::from_millis(200);

/// bus.md: reopened by path within 2 s.
const REOPEN_AFTER: Duration = Duration::from_millis(500);

/// One octet on the wire: start bit, 8 data bits, stop bit.
const BITS_PER_OCTET: u64 = 10;

/// A tenth of a second.
const WINDOW_MICROS: u64 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_say_twice_what_its_baud_carries() {
        let clock = Clock::start();
        let mut budget = Budget::new(115_200);
        assert_eq!(budget.spend(2_000, &clock), None);
        let pause = budget.spend(2_000, &clock);
        assert!(
            pause.is_none_or(|pause| pause <= Duration::from_millis(100)),
            "{pause:?}"
        );
    }
}
