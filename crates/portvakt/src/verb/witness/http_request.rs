//! A request to a witness, read from what came so far.

use super::reply::Status;

/// A whole request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HttpRequest {
    /// What it wants.
    pub(crate) target: Target,
    /// What it brings.
    pub(crate) body: Vec<u8>,
    /// The client may ask again on the same connection.
    pub(crate) keeps: bool,
}

/// What a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A checkpoint is submitted.
    AddCheckpoint,
    /// The same path, by another method.
    OtherMethod,
    /// Another path.
    Elsewhere,
}

/// What came so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// Not all of it yet.
    Part {
        /// The client waits for a word before it sends the body.
        expects: bool,
    },
    /// All of it.
    Whole(HttpRequest),
    /// Something that is not served.
    Bad(Status),
}

/// Reads what came.
pub(crate) fn read(octets: &[u8]) -> Came {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Request::new(&mut headers);
    let len = match head.parse(octets) {
        Ok(httparse::Status::Complete(len)) if len <= HEAD_LEN_MAX => len,
        Ok(httparse::Status::Partial) if octets.len() <= HEAD_LEN_MAX => {
            return Came::Part { expects: false };
        }
        Ok(_) | Err(httparse::Error::TooManyHeaders) => return Came::Bad(Status::HeadTooLarge),
        Err(_) => return Came::Bad(Status::BadRequest),
    };
    let body_len = match body_len(&head) {
        Ok(len) => len,
        Err(status) => return Came::Bad(status),
    };
    let rest = octets.get(len..).unwrap_or_default();
    let Some(body) = rest.get(..body_len) else {
        let expects = has(&head, "expect", "100-continue");
        return Came::Part { expects };
    };
    // Nobody sends the next request before the answer to this one; who does is answered once.
    let is_all = rest.len() == body_len;
    Came::Whole(HttpRequest {
        target: target(&head),
        body: body.to_vec(),
        keeps: is_all && head.version == Some(1) && !has(&head, "connection", "close"),
    })
}

fn target(head: &httparse::Request<'_, '_>) -> Target {
    match (head.method, head.path) {
        (Some("POST"), Some(PATH)) => Target::AddCheckpoint,
        (_, Some(PATH)) => Target::OtherMethod,
        (_, _) => Target::Elsewhere,
    }
}

/// RFC 9112, 6.3, of which this server takes a length said beforehand only.
fn body_len(head: &httparse::Request<'_, '_>) -> Result<usize, Status> {
    if values(head, "transfer-encoding").next().is_some() {
        return Err(Status::LengthRequired);
    }
    let mut lens = values(head, "content-length");
    let Some(len) = lens.next() else {
        return if head.method == Some("POST") {
            Err(Status::LengthRequired)
        } else {
            Ok(0)
        };
    };
    if lens.next().is_some() || len.is_empty() || !len.iter().all(u8::is_ascii_digit) {
        return Err(Status::BadRequest);
    }
    let len = std::str::from_utf8(len)
        .ok()
        .and_then(|len| len.parse().ok());
    len.filter(|len| *len <= BODY_LEN_MAX)
        .ok_or(Status::TooLarge)
}

fn has(head: &httparse::Request<'_, '_>, name: &str, word: &str) -> bool {
    values(head, name).any(|value| value.eq_ignore_ascii_case(word.as_bytes()))
}

fn values<'a>(head: &'a httparse::Request<'_, '_>, name: &str) -> impl Iterator<Item = &'a [u8]> {
    head.headers
        .iter()
        .filter(move |header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.trim_ascii())
}

const PATH: &str = "/add-checkpoint";
/// Octets of the longest head.
const HEAD_LEN_MAX: usize = 8 * 1024;
const HEADERS_MAX: usize = 32;
/// Octets of the longest body; a submission with 63 hashes has 4 KiB.
const BODY_LEN_MAX: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn post(more: &str) -> String {
        format!("POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n{more}")
    }

    #[test]
    fn a_request_is_taken_when_all_of_it_is_there() {
        let whole = post("Content-Length: 5\r\n\r\nold 0");
        for len in 0..whole.len() {
            let came = read(&whole.as_bytes()[..len]);
            assert_eq!(came, Came::Part { expects: false }, "{len} octets");
        }
        let request = HttpRequest {
            target: Target::AddCheckpoint,
            body: b"old 0".to_vec(),
            keeps: true,
        };
        assert_eq!(read(whole.as_bytes()), Came::Whole(request));
        let waiting = post("Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n");
        assert_eq!(read(waiting.as_bytes()), Came::Part { expects: true });
    }

    #[test]
    fn what_is_not_served_has_its_status() {
        let long = format!("X: {}\r\n\r\n", "a".repeat(9_000));
        let many = "X: a\r\n".repeat(33) + "\r\n";
        for (request, status) in [
            (post("\r\n"), Status::LengthRequired),
            (
                post("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Status::LengthRequired,
            ),
            (post("Content-Length: 65537\r\n\r\n"), Status::TooLarge),
            (
                post("Content-Length: 99999999999999999999\r\n\r\n"),
                Status::TooLarge,
            ),
            (post("Content-Length: +5\r\n\r\nold 0"), Status::BadRequest),
            (
                post("Content-Length: 5\r\nContent-Length: 6\r\n\r\n"),
                Status::BadRequest,
            ),
            (post(&long), Status::HeadTooLarge),
            (post(&many), Status::HeadTooLarge),
            ("\u{16}\u{3}\u{1}".to_owned(), Status::BadRequest),
        ] {
            assert_eq!(read(request.as_bytes()), Came::Bad(status), "{request:?}");
        }
    }

    #[test]
    fn other_paths_and_methods_are_told_apart() {
        for (request, target) in [
            ("GET / HTTP/1.1\r\n\r\n", Target::Elsewhere),
            ("GET /add-checkpoint HTTP/1.0\r\n\r\n", Target::OtherMethod),
        ] {
            let Came::Whole(whole) = read(request.as_bytes()) else {
                panic!("{request}")
            };
            assert_eq!(
                (whole.target, whole.keeps),
                (target, request.contains("1.1"))
            );
        }
    }
}
