//! Beside: work without a clock of its own, done with what the tests leave of the processors.

use std::io::{self, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Steps that run one after another in the background; what they print is told at the end. Dropped before, they are ended.
pub(crate) struct Beside {
    steps: Option<JoinHandle<io::Result<Vec<Done>>>>,
    enough: Arc<AtomicBool>,
}

/// A step that has ended.
struct Done {
    step: String,
    output: Output,
}

impl Beside {
    /// Begins with the first; none begins once one has failed.
    pub(crate) fn begin(steps: Vec<(String, Command)>) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&enough);
        Self {
            steps: Some(thread::spawn(move || run_all(steps, &ends))),
            enough,
        }
    }

    /// Waits for all of them and tells what they printed.
    ///
    /// # Errors
    /// One of them failed, or could not be started.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let Some(steps) = self.steps.take() else {
            return Ok(());
        };
        let done = steps
            .join()
            .map_err(|_| io::Error::other("a step in the background panicked"))??;
        for Done { step, output } in done {
            eprintln!("== {step}");
            io::stdout().write_all(&output.stdout)?;
            if !output.status.success() {
                io::stderr().write_all(&output.stderr)?;
                return Err(io::Error::other(format!("{step}: {}", output.status)));
            }
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.enough.store(true, Ordering::Relaxed);
        if let Some(steps) = self.steps.take() {
            // Whoever drops it has an error of its own to tell.
            drop(steps.join());
        }
    }
}

fn run_all(steps: Vec<(String, Command)>, enough: &AtomicBool) -> io::Result<Vec<Done>> {
    let mut done = Vec::new();
    for (step, mut command) in steps {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| io::Error::other(format!("{step}: {error}")))?;
        let output = waited_for(child, enough)?;
        let failed = !output.status.success();
        done.push(Done { step, output });
        if failed || enough.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(done)
}

/// Few lines are printed, so that they wait in the pipe.
fn waited_for(mut child: Child, enough: &AtomicBool) -> io::Result<Output> {
    while child.try_wait()?.is_none() {
        if enough.load(Ordering::Relaxed) {
            child.kill()?;
        }
        thread::sleep(LOOK_EVERY);
    }
    child.wait_with_output()
}

/// A command that runs only while nobody else wants the processor, where the system has a word for that.
pub(crate) fn polite(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let idle = ["chrt", "--idle", "0"];
    let nice = ["nice", "-n", "19"];
    let words = [idle, nice].into_iter().find(works);
    match words {
        Some([first, rest @ ..]) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
        None => Command::new(program),
    }
}

fn works(words: &[&str; 3]) -> bool {
    let [first, rest @ ..] = words;
    let mut trial = Command::new(first);
    let trial = trial.args(rest).arg("true");
    let trial = trial.stdout(Stdio::null()).stderr(Stdio::null());
    trial.status().is_ok_and(|status| status.success())
}

const LOOK_EVERY: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> (String, Command) {
        let mut command = polite("sh");
        command.args(["-c", script]);
        (script.to_owned(), command)
    }

    #[test]
    fn a_step_that_fails_is_told_and_none_follows() {
        assert!(
            Beside::begin(vec![shell("true"), shell("true")])
                .finish()
                .is_ok()
        );
        let error = Beside::begin(vec![shell("true"), shell("exit 3"), shell("true")]);
        let error = error.finish().unwrap_err().to_string();
        assert!(error.starts_with("exit 3: exit status: 3"), "{error}");
    }

    #[test]
    fn what_is_given_up_does_not_go_on() {
        let trace = std::env::temp_dir().join(format!("beside-{}", std::process::id()));
        let next = format!("touch {}", trace.display());
        drop(Beside::begin(vec![shell("exec sleep 30"), shell(&next)]));
        assert!(!trace.exists());
    }
}
