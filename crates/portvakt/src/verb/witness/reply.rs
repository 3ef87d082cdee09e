//! What a witness answers over HTTP.

/// An answer: what became of the request, and a short text.
pub(super) struct HttpReply {
    status: Status,
    kind: &'static str,
    body: String,
}

/// The statuses of C2SP tlog-witness, and those of HTTP itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// The checkpoint is cosigned.
    Ok,
    /// This is no submission.
    BadRequest,
    /// No known key signed it.
    Forbidden,
    /// The log is not watched, or there is nothing at this path.
    NotFound,
    /// Something else than POST.
    MethodNotAllowed,
    /// Another size was vouched for.
    Conflict,
    /// The body's length is not said beforehand.
    LengthRequired,
    /// The body is longer than any submission.
    TooLarge,
    /// The log does not go on from what was vouched for.
    Unprocessable,
    /// The head is longer than any of a client.
    HeadTooLarge,
    /// The witness's own disk fails.
    Failed,
}

impl HttpReply {
    /// A refusal, or whatever else a person may read.
    pub(super) fn new(status: Status, text: &str) -> Self {
        Self::of(status, format!("{text}\n"))
    }

    /// A body as it is.
    pub(super) const fn of(status: Status, body: String) -> Self {
        Self {
            status,
            kind: "text/plain; charset=utf-8",
            body,
        }
    }

    /// The size that was vouched for.
    pub(super) fn size(seen: u64) -> Self {
        Self {
            status: Status::Conflict,
            kind: "text/x.tlog.size",
            body: format!("{seen}\n"),
        }
    }

    /// The octets on the wire.
    pub(super) fn encode(&self, keeps: bool) -> Vec<u8> {
        let (code, reason) = self.status.line();
        let connection = if keeps { "keep-alive" } else { "close" };
        let allow = if self.status == Status::MethodNotAllowed {
            "Allow: POST\r\n"
        } else {
            ""
        };
        format!(
            "HTTP/1.1 {code} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{allow}Connection: {connection}\r\n\r\n{}",
            self.kind,
            self.body.len(),
            self.body
        )
        .into_bytes()
    }
}

impl Status {
    const fn line(self) -> (u16, &'static str) {
        match self {
            Self::Ok => (200, "OK"),
            Self::BadRequest => (400, "Bad Request"),
            Self::Forbidden => (403, "Forbidden"),
            Self::NotFound => (404, "Not Found"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::Conflict => (409, "Conflict"),
            Self::LengthRequired => (411, "Length Required"),
            Self::TooLarge => (413, "Content Too Large"),
            Self::Unprocessable => (422, "Unprocessable Content"),
            Self::HeadTooLarge => (431, "Request Header Fields Too Large"),
            Self::Failed => (500, "Internal Server Error"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_these_octets() {
        assert_eq!(
            String::from_utf8(HttpReply::size(812).encode(true)).unwrap(),
            "HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n812\n"
        );
    }
}
