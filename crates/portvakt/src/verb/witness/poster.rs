//! Asking a witness over HTTP (C2SP tlog-witness).

use std::time::Duration;

use event_log::witness::Submission;
use ureq::Agent;

use crate::failure::Failure;

/// A witness that can be asked.
pub(super) struct Poster {
    agent: Agent,
    url: String,
}

/// What it answered.
pub(super) enum Answered {
    /// Signature lines.
    Cosigned(String),
    /// It has seen so many records.
    Seen(u64),
    /// The log does not go on from what it has seen.
    Inconsistent,
    /// Something else.
    Refused(String),
}

impl Poster {
    /// The witness at this URL, its submission prefix.
    pub(super) fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("portvakt/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: Agent::new_with_config(config),
            url: format!("{}/add-checkpoint", url.trim_end_matches('/')),
        }
    }

    /// Submits a checkpoint.
    ///
    /// # Errors
    /// [`Failure`] if nobody answers, or something that is no witness.
    pub(super) fn post(&self, submission: &Submission) -> Result<Answered, Failure> {
        let unanswered =
            |error: ureq::Error| Failure::failed(format!("no witness at {}: {error}", self.url));
        let sent = self.agent.post(&self.url).send(submission.to_string());
        let mut response = sent.map_err(unanswered)?;
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(BODY_LEN_MAX)
            .read_to_string()
            .map_err(unanswered)?;
        let first_line = body.lines().next().unwrap_or_default();
        match status {
            200 => Ok(Answered::Cosigned(body)),
            409 => match first_line.parse() {
                Ok(seen) => Ok(Answered::Seen(seen)),
                Err(_) => Ok(Answered::Refused(format!("{status}, without a size"))),
            },
            422 => Ok(Answered::Inconsistent),
            _ => {
                let said: String = first_line
                    .chars()
                    .filter(|character| !character.is_control())
                    .take(SAID_CHARS_MAX)
                    .collect();
                Ok(Answered::Refused(format!("{status}, {said}")))
            }
        }
    }
}

/// A witness answers within so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Octets of the longest answer.
const BODY_LEN_MAX: u64 = 16 * 1024;
/// Characters of an answer that are shown.
const SAID_CHARS_MAX: usize = 120;
