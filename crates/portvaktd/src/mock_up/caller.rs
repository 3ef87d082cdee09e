//! Caller: one connection of one user, on which requests are asked as they stand on the wire.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use control::{Refusal, Reply};
use serde_json::{Value, json};

/// A connection.
pub(crate) struct Caller {
    stream: UnixStream,
    id: u64,
}

impl Caller {
    /// Says hello over this end.
    pub(crate) fn greet(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut caller = Self { stream, id: 0 };
        caller.ask(&json!({"verb":"hello","version":1}));
        caller
    }

    /// The last reply to a request, or the first that waits for something from here or from a reader.
    pub(crate) fn ask(&mut self, request: &Value) -> Reply {
        self.ask_within(request, json!({}))
    }

    /// The same, with more in the envelope.
    pub(crate) fn ask_within(&mut self, request: &Value, mut envelope: Value) -> Reply {
        self.id += 1;
        envelope["id"] = self.id.into();
        envelope["request"] = request.clone();
        self.ask_octets(envelope.to_string().as_bytes())
            .expect("an answer")
    }

    /// Every row of an answer.
    pub(crate) fn rows(&mut self, request: &Value) -> Vec<control::Row> {
        self.id += 1;
        let envelope = json!({"id":self.id,"request":request});
        self.say(envelope.to_string().as_bytes());
        let mut rows = Vec::new();
        while let Reply::Part { row } = self.hear().expect("an answer") {
            rows.push(row);
        }
        rows
    }

    /// The same to octets of any kind; `None` once the connection is over.
    pub(crate) fn ask_octets(&mut self, octets: &[u8]) -> Option<Reply> {
        self.say(octets);
        loop {
            let reply = self.hear()?;
            if !matches!(reply, Reply::Part { .. } | Reply::Progress { .. }) {
                return Some(reply);
            }
        }
    }

    /// Sends octets as one frame.
    pub(crate) fn say(&mut self, octets: &[u8]) {
        let len = u32::try_from(octets.len()).unwrap().to_be_bytes();
        // Whoever was cut off hears so.
        self.stream.write_all(&[&len, octets].concat()).ok();
    }

    /// The next reply.
    pub(crate) fn hear(&mut self) -> Option<Reply> {
        let mut len = [0; 4];
        self.stream.read_exact(&mut len).ok()?;
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(len)).unwrap()];
        self.stream.read_exact(&mut answer).ok()?;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        Some(serde_json::from_value(answer["reply"].clone()).unwrap())
    }
}

/// Why something was not done, if it was not.
pub(crate) fn refused(reply: Reply) -> Option<Refusal> {
    if let Reply::Refused(refusal) = reply {
        Some(refusal)
    } else {
        None
    }
}

/// Longer than any answer takes, on a loaded machine too.
const PATIENCE: Duration = Duration::from_secs(20);
