//! The site as everybody but its task sees it: a bounded queue of questions, each asked on the site's own task.

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;

use site::Now;

use crate::bench::Bench;

/// Something to be done on the site's task; short, and never waiting.
pub(crate) type Question = Box<dyn FnOnce(&mut Bench, Now) + Send>;

/// The queue of questions.
#[derive(Clone)]
pub(crate) struct SiteHandle {
    questions: Sender<Question>,
}

/// The site's task has ended: the daemon is stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SiteStopped;

impl SiteHandle {
    /// A handle, and the end the site's task reads.
    pub(crate) fn new() -> (Self, Receiver<Question>) {
        let (questions, asked) = mpsc::channel(QUESTIONS_MAX);
        (Self { questions }, asked)
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// [`SiteStopped`].
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Bench, Now) -> T + Send + 'static,
    ) -> Result<T, SiteStopped> {
        let (answer, answered) = oneshot::channel();
        self.questions
            .send(boxed(question, answer))
            .await
            .map_err(|_| SiteStopped)?;
        answered.await.map_err(|_| SiteStopped)
    }

    /// As [`SiteHandle::ask`], on a thread that may wait.
    ///
    /// # Errors
    /// [`SiteStopped`].
    pub(crate) fn ask_blocking<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Bench, Now) -> T + Send + 'static,
    ) -> Result<T, SiteStopped> {
        let (answer, answered) = oneshot::channel();
        self.questions
            .blocking_send(boxed(question, answer))
            .map_err(|_| SiteStopped)?;
        answered.blocking_recv().map_err(|_| SiteStopped)
    }
}

fn boxed<T: Send + 'static>(
    question: impl FnOnce(&mut Bench, Now) -> T + Send + 'static,
    answer: oneshot::Sender<T>,
) -> Question {
    // An asker who left needs no answer.
    Box::new(move |bench, now| {
        answer.send(question(bench, now)).ok();
    })
}

/// Questions that may queue.
const QUESTIONS_MAX: usize = 64;
