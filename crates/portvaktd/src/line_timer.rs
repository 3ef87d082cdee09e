//! The timer of the lines: the kernel's own. The runtime's counts whole milliseconds, and at 115200 baud a reader's whole
//! turn takes three.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::task::yield_now;
use tokio::time::sleep;

/// Waits to the microsecond where the kernel gives a timer for it, else to the millisecond.
pub(crate) struct LineTimer {
    fine: Option<AsyncFd<OwnedFd>>,
}

impl LineTimer {
    /// Takes a timer from the kernel; to be called inside the runtime that will wait for it.
    pub(crate) fn new() -> Self {
        let fine = fine().inspect_err(|cause| {
            tracing::warn!("no timer finer than a millisecond, lines are polled slower: {cause}");
        });
        Self { fine: fine.ok() }
    }

    /// Waits so long. To be dropped at any time; the next wait is whole all the same.
    pub(crate) async fn wait(&self, span: Duration) {
        if span.is_zero() {
            // One that has run out before it is waited for is answered at once, and ports and timers would have no turn.
            yield_now().await;
        }
        if let Some(fine) = &self.fine
            && expired(fine, span).await.is_ok()
        {
            return;
        }
        sleep(span).await;
    }
}

#[expect(
    deprecated,
    reason = "its successor is unsafe to call, for types that may close what they hold; an OwnedFd does not"
)]
fn fine() -> io::Result<AsyncFd<OwnedFd>> {
    let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
    let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
    AsyncFd::with_interest(timer, Interest::READABLE)
}

async fn expired(timer: &AsyncFd<OwnedFd>, span: Duration) -> io::Result<()> {
    arm(timer.get_ref(), span)?;
    loop {
        let mut ready = timer.readable().await?;
        let mut expirations = [0; 8];
        let read = ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut expirations)?));
        // A readiness left over from an earlier wait reads as nothing.
        if let Ok(read) = read {
            return read.map(drop);
        }
    }
}

/// Sets the timer anew; what it had counted is forgotten.
fn arm(timer: &OwnedFd, span: Duration) -> io::Result<()> {
    // Zero would switch it off, and a wait that never waits would let nobody else have a turn.
    let span = span.max(Duration::from_nanos(1));
    let it_value = Timespec {
        tv_sec: i64::try_from(span.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(span.subsec_nanos()),
    };
    let once = Itimerspec {
        it_interval: Timespec::default(),
        it_value,
    };
    timerfd_settime(timer, TimerfdTimerFlags::empty(), &once)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn in_runtime<T>(work: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(work)
    }

    #[test]
    fn a_wait_takes_its_time_and_no_less() {
        let clock = Clock::start();
        in_runtime(async {
            let timer = LineTimer::new();
            let due = clock.up() + Duration::from_micros(1_500);
            timer.wait(clock.until(due)).await;
            assert_eq!(clock.until(due), Duration::ZERO);
        });
    }

    #[test]
    fn a_wait_given_up_does_not_shorten_the_next() {
        let clock = Clock::start();
        in_runtime(async {
            let timer = LineTimer::new();
            tokio::select! {
                biased;
                () = timer.wait(Duration::ZERO) => {}
                () = std::future::ready(()) => {}
            }
            // The first timer has run out by now, and nobody has read it.
            sleep(Duration::from_millis(2)).await;
            let due = clock.up() + Duration::from_millis(5);
            timer.wait(clock.until(due)).await;
            assert_eq!(clock.until(due), Duration::ZERO);
        });
    }

    #[test]
    fn a_wait_of_nothing_lets_others_have_a_turn() {
        in_runtime(async {
            let other = tokio::spawn(std::future::ready(7));
            let timer = LineTimer::new();
            while !other.is_finished() {
                timer.wait(Duration::ZERO).await;
            }
            assert_eq!(other.await.unwrap(), 7);
        });
    }

    #[test]
    fn waits_of_nothing_without_end_hold_up_no_other_timer() {
        let clock = Clock::start();
        in_runtime(async {
            let other = tokio::spawn(sleep(Duration::from_millis(5)));
            let timer = LineTimer::new();
            while !other.is_finished() {
                assert!(clock.up().micros() < 10_000_000, "nobody else had a turn");
                timer.wait(Duration::ZERO).await;
            }
        });
    }
}
