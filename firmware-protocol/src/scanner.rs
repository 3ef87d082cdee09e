//! Finds frames in what a serial line delivers, whatever else it delivers.

use crate::frame::{
    FRAME_LEN_MAX, Frame, FrameError, HEAD_LEN, MARK, START, announced_len, verify,
};
use crate::outlet::copy;

/// Finds frames in a stream of octets split anywhere. What is not a frame is skipped by one octet, counted, and what is
/// buffered behind it is looked at again; nothing on the line can wedge it.
///
/// Contract: after [`feed`](Self::feed), call [`next_frame`](Self::next_frame) until it returns `None`; then there is room
/// again. When the line has been silent longer than the inter-character time while [`is_partial`](Self::is_partial), call
/// [`reset`](Self::reset), and `next_frame` again: a sound frame may stand behind a false start.
pub struct Scanner {
    buffer: [u8; FRAME_LEN_MAX],
    start: usize,
    end: usize,
    /// No frame reaches across this place: the line fell silent there.
    silence: usize,
    counts: ScanCounts,
}

/// What a scanner has met since it was made; each count stays at its greatest value rather than wrap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// Sound frames.
    pub frames: u64,
    /// Octets skipped, idle marks (FF) not counted.
    pub noise_octets: u64,
    /// Would-be frames with a wrong CRC or checksum.
    pub bad_check: u64,
    /// Would-be frames with an impossible length, and those broken off by silence.
    pub bad_len: u64,
}

enum Sight {
    Nothing,
    Partial,
    Noise,
    BadCheck,
    BadLength,
    Frame(usize),
}

impl Scanner {
    /// A scanner with an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        let counts = ScanCounts {
            frames: 0,
            noise_octets: 0,
            bad_check: 0,
            bad_len: 0,
        };
        Self {
            buffer: [0; FRAME_LEN_MAX],
            start: 0,
            end: 0,
            silence: 0,
            counts,
        }
    }

    /// Takes octets from the front of `bytes` and returns how many; 0 only if `bytes` is empty or `next_frame` has not
    /// been drained.
    pub fn feed(&mut self, bytes: &[u8]) -> usize {
        if self.buffer.len() - self.end.min(FRAME_LEN_MAX) < bytes.len() {
            self.compact();
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let taken = room.len().min(bytes.len());
        copy(bytes, room);
        self.end += taken;
        taken
    }

    /// The next sound frame, or `None` if more octets are needed.
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        let len = loop {
            match self.look() {
                Sight::Nothing | Sight::Partial => return None,
                Sight::Noise => self.skip_noise(),
                Sight::BadCheck => {
                    count(&mut self.counts.bad_check, 1);
                    self.skip_one();
                }
                Sight::BadLength => {
                    count(&mut self.counts.bad_len, 1);
                    self.skip_one();
                }
                Sight::Frame(len) => break len,
            }
        };
        count(&mut self.counts.frames, 1);
        let from = self.start;
        self.start += len;
        self.buffer
            .get(from..self.start)
            .and_then(|bytes| Frame::parse(bytes).ok())
    }

    /// Whether something that may become a frame is waiting for its rest.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        matches!(self.look(), Sight::Partial)
    }

    /// The line fell silent: what is buffered gets no continuation. The next `next_frame` looks for sound frames in it and
    /// drops the rest; later octets start afresh.
    pub fn reset(&mut self) {
        self.silence = self.end;
    }

    /// What has been met so far.
    #[must_use]
    pub const fn counts(&self) -> ScanCounts {
        self.counts
    }

    fn look(&self) -> Sight {
        let broken_off = self.start < self.silence;
        let end = if broken_off { self.silence } else { self.end };
        let held = self.buffer.get(self.start..end).unwrap_or_default();
        let partial = if broken_off {
            Sight::BadLength
        } else {
            Sight::Partial
        };
        match held.first() {
            None => return Sight::Nothing,
            Some(&START) => {}
            Some(_) => return Sight::Noise,
        }
        let Some(head) = held.first_chunk::<HEAD_LEN>() else {
            return partial;
        };
        let Ok(len) = announced_len(head) else {
            return Sight::BadLength;
        };
        let Some(bytes) = held.get(..len) else {
            return partial;
        };
        match verify(bytes).and_then(|()| Frame::parse(bytes)) {
            Ok(_) => Sight::Frame(len),
            Err(FrameError::Check) => Sight::BadCheck,
            Err(_) => Sight::BadLength,
        }
    }

    fn skip_noise(&mut self) {
        let held = self.buffer.get(self.start..self.end).unwrap_or_default();
        let run = held.iter().take_while(|octet| **octet != START);
        let (skipped, marks) = run.fold((0, 0), |(all, marks), octet| {
            (all + 1, marks + usize::from(*octet == MARK))
        });
        self.start += skipped;
        count(&mut self.counts.noise_octets, skipped - marks);
    }

    fn skip_one(&mut self) {
        self.start += 1;
        count(&mut self.counts.noise_octets, 1);
    }

    fn compact(&mut self) {
        let end = self.end.min(FRAME_LEN_MAX);
        let start = self.start.min(end);
        self.buffer.rotate_left(start);
        self.silence = self.silence.saturating_sub(start);
        self.end = end - start;
        self.start = 0;
    }
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

fn count(counter: &mut u64, by: usize) {
    *counter = counter.saturating_add(u64::try_from(by).unwrap_or(u64::MAX));
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use super::{FRAME_LEN_MAX, ScanCounts, Scanner};

    const POLL: [u8; 8] = [0x53, 0x00, 0x08, 0x00, 0x05, 0x60, 0xDA, 0x99];
    const ACK: [u8; 8] = [0x53, 0x80, 0x08, 0x00, 0x05, 0x40, 0x68, 0x9F];

    /// Feeds everything and returns the codes of the frames found.
    fn codes(scanner: &mut Scanner, mut bytes: &[u8]) -> Vec<u8> {
        let mut codes = Vec::new();
        loop {
            let taken = scanner.feed(bytes);
            bytes = &bytes[taken..];
            while let Some(frame) = scanner.next_frame() {
                codes.push(frame.code);
            }
            if bytes.is_empty() {
                return codes;
            }
        }
    }

    #[test]
    fn a_frame_is_found_in_noise_with_start_octets_in_it() {
        let mut scanner = Scanner::new();
        let noise = [
            0x53, 0x53, 0xFF, 0x7F, 0x12, 0x53, 0x00, 0x02, 0x00, 0x04, 0xFF, 0xFF,
        ];
        let stream = [&noise[..], &POLL, &[0xFF], &ACK].concat();
        assert_eq!(codes(&mut scanner, &stream), [0x60, 0x40]);
        let counts = scanner.counts();
        assert_eq!((counts.frames, counts.bad_check), (2, 0));
        assert_eq!(counts.noise_octets, 9); // twelve, three of them FF
    }

    #[test]
    fn a_header_split_over_two_reads_is_one_frame() {
        for split in 0..=POLL.len() {
            let mut scanner = Scanner::new();
            let mut found = codes(&mut scanner, &POLL[..split]);
            assert_eq!(scanner.is_partial(), (1..POLL.len()).contains(&split));
            found.extend(codes(&mut scanner, &POLL[split..]));
            assert_eq!((found, scanner.is_partial()), (std::vec![0x60], false));
        }
    }

    #[test]
    fn a_frame_inside_a_broken_one_is_found() {
        let mut broken = [
            &[0x53, 0x00, 0x12, 0x00, 0x04, 0x6B][..],
            &ACK,
            &[1, 2, 3, 4],
        ]
        .concat();
        broken.extend(POLL);
        let mut scanner = Scanner::new();
        assert_eq!(codes(&mut scanner, &broken), [0x40, 0x60]);
        assert_eq!(scanner.counts().bad_check, 1);
    }

    #[test]
    fn a_false_start_is_given_up_when_the_line_falls_silent() {
        let mut scanner = Scanner::new();
        let stream = [&[0x53, 0x00, 0x90, 0x05, 0x04][..], &POLL].concat();
        assert_eq!(codes(&mut scanner, &stream), []);
        assert!(scanner.is_partial());
        scanner.reset();
        assert_eq!(codes(&mut scanner, &[]), [0x60]);
        assert_eq!((scanner.is_partial(), scanner.counts().bad_len), (false, 1));
    }

    #[test]
    fn a_partial_frame_is_not_kept_across_silence() {
        let mut scanner = Scanner::new();
        assert_eq!(codes(&mut scanner, &ACK[..5]), []);
        scanner.reset();
        let stream = [&ACK[5..], &POLL].concat();
        assert_eq!(codes(&mut scanner, &stream), [0x60]);
    }

    #[test]
    fn the_longest_false_start_never_fills_the_buffer_for_good() {
        let mut scanner = Scanner::new();
        let mut stream = Vec::new();
        for _ in 0..4 * FRAME_LEN_MAX / 5 {
            stream.extend([0x53, 0x00, 0xA0, 0x05, 0x04]);
        }
        assert_eq!(codes(&mut scanner, &stream), []);
        scanner.reset();
        assert_eq!(codes(&mut scanner, &POLL), [0x60]);
        assert!(scanner.counts().bad_check > 0);
    }

    #[test]
    fn an_idle_line_is_no_noise() {
        let mut scanner = Scanner::new();
        assert_eq!(codes(&mut scanner, &[0xFF; 3000]), []);
        assert_eq!(scanner.counts(), ScanCounts::default());
    }
}
