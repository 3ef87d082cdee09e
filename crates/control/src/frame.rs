//! Frames: a length as u32 big-endian, then that many octets of JSON.
//!
//! [`read`] and [`write`] are for a blocking end; [`Decoder`] is for one that is fed
//! octets as they come. Whatever passed through a buffer here is zeroed afterwards,
//! since a frame may hold a reader's key.

use std::io::{ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::{Zeroize, Zeroizing};

use crate::error::ControlError;

/// Octets of JSON a frame may hold.
pub const FRAME_LEN_MAX: usize = 64 * 1024;
/// Octets of the length prefix.
const PREFIX_LEN: usize = 4;

/// `message` as one frame, prefix included.
///
/// # Errors
/// [`ControlError::TooLong`] if its JSON is longer than [`FRAME_LEN_MAX`].
pub fn encode<T: Serialize>(message: &T) -> Result<Zeroizing<Vec<u8>>, ControlError> {
    let mut frame = Zeroizing::new(vec![0_u8; PREFIX_LEN]);
    serde_json::to_writer(&mut *frame, message).map_err(|e| ControlError::malformed(&e))?;
    let len = frame.len().saturating_sub(PREFIX_LEN);
    let prefix = checked_len(len)?.to_be_bytes();
    for (octet, value) in frame.iter_mut().zip(prefix) {
        *octet = value;
    }
    Ok(frame)
}

/// Writes `message` as one frame and flushes.
///
/// # Errors
/// As [`encode`], and [`ControlError::Io`].
pub fn write<T: Serialize>(to: &mut impl Write, message: &T) -> Result<(), ControlError> {
    let frame = encode(message)?;
    to.write_all(&frame)?;
    to.flush()?;
    Ok(())
}

/// Reads one message; `None` if the other end closed between frames.
///
/// # Errors
/// [`ControlError`]; only [`ControlError::Malformed`] leaves the stream in step.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> Result<Option<T>, ControlError> {
    let mut prefix = [0_u8; PREFIX_LEN];
    match fill(from, &mut prefix)? {
        0 => return Ok(None),
        PREFIX_LEN => {}
        len => {
            return Err(ControlError::CutShort {
                len,
                announced: PREFIX_LEN,
            });
        }
    }
    let announced = announced_len(prefix)?;
    let mut json = Zeroizing::new(vec![0_u8; announced]);
    let len = fill(from, &mut json)?;
    if len < announced {
        return Err(ControlError::CutShort { len, announced });
    }
    parse(&json).map(Some)
}

/// Takes frames out of octets that come in pieces of any size.
///
/// Contract: [`Decoder::feed`] what came, then call [`Decoder::next_message`] until it gives
/// `Ok(None)`; feed what was not taken again. Memory is bounded by one frame.
#[derive(Default)]
pub struct Decoder {
    held: Vec<u8>,
}

impl Decoder {
    /// An empty decoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes octets from the start of `bytes`; says how many.
    #[must_use]
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        let room = (PREFIX_LEN + FRAME_LEN_MAX).saturating_sub(self.held.len());
        let (taken, _) = bytes.split_at(room.min(bytes.len()));
        self.held.extend_from_slice(taken);
        taken.len()
    }

    /// The next whole message, or `None` until more octets come.
    ///
    /// # Errors
    /// [`ControlError::TooLong`]: close the connection.
    /// [`ControlError::Malformed`]: that frame is gone, the next may be well.
    pub fn next_message<T: DeserializeOwned>(&mut self) -> Result<Option<T>, ControlError> {
        let Some((prefix, rest)) = self.held.split_first_chunk::<PREFIX_LEN>() else {
            return Ok(None);
        };
        let announced = announced_len(*prefix)?;
        let Some(json) = rest.get(..announced) else {
            return Ok(None);
        };
        let message = parse(json);
        self.drop_front(PREFIX_LEN + announced);
        message.map(Some)
    }

    /// Whether a frame has begun and is not whole: a client that stays so is slow
    /// or hostile.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.held.is_empty()
    }

    fn drop_front(&mut self, len: usize) {
        if let Some(front) = self.held.get_mut(..len) {
            front.zeroize();
        }
        self.held.drain(..len.min(self.held.len()));
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        self.held.zeroize();
    }
}

fn checked_len(len: usize) -> Result<u32, ControlError> {
    let too_long = ControlError::TooLong {
        len,
        max: FRAME_LEN_MAX,
    };
    if len > FRAME_LEN_MAX {
        return Err(too_long);
    }
    u32::try_from(len).map_err(|_| too_long)
}

fn announced_len(prefix: [u8; PREFIX_LEN]) -> Result<usize, ControlError> {
    let len = usize::try_from(u32::from_be_bytes(prefix)).unwrap_or(usize::MAX);
    if len > FRAME_LEN_MAX {
        return Err(ControlError::TooLong {
            len,
            max: FRAME_LEN_MAX,
        });
    }
    Ok(len)
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(json).map_err(|error| ControlError::malformed(&error))
}

/// Reads until `into` is full or the stream ends; says how many octets came.
fn fill(from: &mut impl Read, into: &mut [u8]) -> Result<usize, ControlError> {
    let mut len = 0;
    while let Some(rest) = into.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(read) => len += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::refusal::Code;
    use crate::reply::{Answer, Reply};
    use crate::request::{Envelope, Request};

    const STATUS: &[u8] = b"\x00\x00\x00\x24{\"id\":7,\"request\":{\"verb\":\"status\"}}";

    fn status() -> Envelope {
        Envelope {
            id: 7,
            dry_run: false,
            doubt: None,
            request: Request::Status {},
        }
    }

    #[test]
    fn a_frame_is_its_length_and_its_json() {
        assert_eq!(&**encode(&status()).unwrap(), STATUS);
        let back: Envelope = read(&mut &*STATUS).unwrap().unwrap();
        assert_eq!((back.id, back.dry_run), (7, false));
        assert!(matches!(back.request, Request::Status {}));
        assert!(read::<Envelope>(&mut &b""[..]).unwrap().is_none());
    }

    #[test]
    fn an_oversized_frame_is_refused_before_it_is_read() {
        let announced = u32::try_from(FRAME_LEN_MAX + 1).unwrap().to_be_bytes();
        let error = read::<Envelope>(&mut &announced[..]).unwrap_err();
        assert!(matches!(
            error,
            ControlError::TooLong {
                len: 65_537,
                max: 65_536
            }
        ));
        let mut decoder = Decoder::new();
        assert_eq!(decoder.feed(&announced), 4);
        assert!(decoder.next_message::<Envelope>().unwrap_err().is_fatal());
    }

    #[test]
    fn a_message_too_long_for_a_frame_is_not_sent() {
        let mut sent = Vec::new();
        let error = write(&mut sent, &"x".repeat(FRAME_LEN_MAX)).unwrap_err();
        assert!(matches!(error, ControlError::TooLong { .. }));
        assert!(sent.is_empty());
        assert!(write(&mut sent, &"x".repeat(FRAME_LEN_MAX - 2)).is_ok());
    }

    #[test]
    fn a_frame_cut_short_is_told_from_a_clean_end() {
        for len in 1..STATUS.len() {
            let error = read::<Envelope>(&mut &STATUS[..len]).unwrap_err();
            assert!(
                matches!(error, ControlError::CutShort { .. }),
                "{len}: {error}"
            );
        }
    }

    #[test]
    fn a_malformed_frame_leaves_the_stream_in_step_and_names_no_value() {
        let mut bytes = encode(&serde_json::json!({"id": "Kari Nordmann"}))
            .unwrap()
            .to_vec();
        bytes.extend_from_slice(STATUS);
        let mut decoder = Decoder::new();
        assert_eq!(decoder.feed(&bytes), bytes.len());
        let error = decoder.next_message::<Envelope>().unwrap_err();
        assert!(!error.is_fatal());
        assert!(!error.to_string().contains("Kari"), "{error}");
        assert_eq!(decoder.next_message::<Envelope>().unwrap().unwrap().id, 7);
        assert!(!decoder.is_partial());
    }

    #[test]
    fn a_decoder_holds_no_more_than_one_frame() {
        let mut decoder = Decoder::new();
        let flood = vec![0xFF; 3 * FRAME_LEN_MAX];
        assert_eq!(decoder.feed(&flood), PREFIX_LEN + FRAME_LEN_MAX);
        assert_eq!(decoder.feed(&flood), 0);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut decoder = Decoder::new();
            let _taken = decoder.feed(&bytes);
            while let Ok(Some(_)) = decoder.next_message::<Envelope>() {}
            let _answer = read::<Answer>(&mut &bytes[..]);
        }

        #[test]
        fn garbage_json_is_answered_not_fatal(text in "[\\PC]{0,200}") {
            let mut bytes = u32::try_from(text.len()).unwrap().to_be_bytes().to_vec();
            bytes.extend_from_slice(text.as_bytes());
            if let Err(error) = read::<Envelope>(&mut &bytes[..]) {
                prop_assert!(!error.is_fatal());
            }
        }

        #[test]
        fn frames_survive_any_cutting(cuts in proptest::collection::vec(1_usize..40, 1..60)) {
            let answer = Answer {
                id: 3,
                reply: Reply::Refused(crate::Refusal::new(Code::NotFound, "no door øst")),
            };
            let stream: Vec<u8> = (0..5).flat_map(|_| encode(&answer).unwrap().to_vec()).collect();
            let (mut decoder, mut rest, mut seen) = (Decoder::new(), &stream[..], 0);
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, tail) = rest.split_at((*cut).min(rest.len()));
                prop_assert_eq!(decoder.feed(piece), piece.len());
                rest = tail;
                while let Some(back) = decoder.next_message::<Answer>().unwrap() {
                    prop_assert_eq!(&back, &answer);
                    seen += 1;
                }
            }
            prop_assert_eq!(seen, 5);
        }
    }
}
