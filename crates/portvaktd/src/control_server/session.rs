//! A session: one client from its first frame to its last.

use std::sync::Arc;
use std::time::Duration;

use access::role::Act;
use control::{Code, Envelope, PROTOCOL_VERSION, Refusal, Reply, Request};
use tokio::time::timeout;

use super::asker::{Asker, Leave};
use super::deferral;
use super::link::{Gone, Link};
use super::policy;
use crate::controller::Controller;
use crate::verb;

/// One connection and who is behind it.
pub(crate) struct Session {
    link: Link,
    uid: u32,
    controller: Arc<Controller>,
    greeted: bool,
}

impl Session {
    /// A connection of the user with this number.
    pub(crate) fn new(link: Link, uid: u32, controller: Arc<Controller>) -> Self {
        Self {
            link,
            uid,
            controller,
            greeted: false,
        }
    }

    /// Answers until the client leaves. Whoever is not greeted soon is not waited for, whatever they say meanwhile.
    pub(crate) async fn run(mut self) {
        if let Err(refusal) = Asker::recognise(self.uid, &self.controller) {
            self.link.is_of_nobody(refusal);
        }
        let Ok(Ok(())) = timeout(GREETING_MAX, self.greet()).await else {
            return;
        };
        while let Ok(envelope) = self.link.receive(IDLE_MAX).await {
            if self.answer(envelope).await.is_err() {
                return;
            }
        }
    }

    async fn greet(&mut self) -> Result<(), Gone> {
        while !self.greeted {
            let envelope = self.link.receive(GREETING_MAX).await?;
            self.answer(envelope).await?;
        }
        Ok(())
    }

    async fn answer(&mut self, envelope: Envelope) -> Result<(), Gone> {
        let id = envelope.id;
        match self.judge(&envelope).await {
            Ok((asker, leave)) => {
                self.greeted = true;
                verb::answer((&asker, leave), envelope, &mut self.link).await
            }
            Err(refusal) => self.link.send(id, Reply::Refused(refusal)).await,
        }
    }

    /// Who asks, if they may. Looked up anew for each request: a role that ended is gone at once.
    async fn judge(&self, envelope: &Envelope) -> Result<(Asker, Leave), Refusal> {
        let asker = Asker::recognise(self.uid, &self.controller)?;
        if let Request::Hello { version } = envelope.request {
            speaks_our_version(version)?;
        } else if !self.greeted {
            return Err(Refusal::new(Code::Usage, "say hello first"));
        }
        let (verb, act) = policy::of(&envelope.request);
        if envelope.dry_run && !envelope.request.changes() {
            return Err(Refusal::new(
                Code::Usage,
                format_args!("{verb} changes nothing, so it has no dry run"),
            ));
        }
        let asker = asker.asking(verb, act);
        let mut leave = asker.may(act, verb).await?;
        if envelope.doubt.is_some() {
            deferral::in_doubt(&envelope.request, (verb, act))?;
            // Whoever is in doubt may not do it at once, whatever the table says of that.
            asker.may(Act::DoubtfulChange, verb).await?;
            leave = Leave::IfApproved(Act::DoubtfulChange);
        }
        Ok((asker, leave))
    }
}

fn speaks_our_version(version: u32) -> Result<(), Refusal> {
    if version == PROTOCOL_VERSION {
        return Ok(());
    }
    let what = format!(
        "this daemon speaks version {PROTOCOL_VERSION} of the control protocol, not {version}; use its own portvakt"
    );
    Err(Refusal::new(Code::Usage, what))
}

/// A client that has not said who it wants is not waited for.
const GREETING_MAX: Duration = Duration::from_secs(10);

/// An operator may think for so long between two requests.
const IDLE_MAX: Duration = Duration::from_secs(900);
