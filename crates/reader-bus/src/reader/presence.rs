//! Presence: when a reader was heard, how long it is waited for, and whether what it tells is news.

use std::time::Duration;

use crate::Uptime;

/// When one reader was heard, and when it may be asked again.
pub(crate) struct Presence {
    heard_at: Option<Uptime>,
    /// When a POLL was last answered.
    polled_at: Option<Uptime>,
    /// Whether the reader's queue has been seen empty since it was last out of hearing.
    fresh: bool,
    longest_reply: Duration,
    full_probe_at: Uptime,
    ask_at: Uptime,
}

impl Presence {
    pub(crate) fn new() -> Self {
        Self {
            heard_at: None,
            polled_at: None,
            fresh: false,
            longest_reply: Duration::ZERO,
            full_probe_at: Uptime::START,
            ask_at: Uptime::START,
        }
    }

    pub(crate) const fn heard_at(&self) -> Option<Uptime> {
        self.heard_at
    }

    pub(crate) const fn longest_reply(&self) -> Duration {
        self.longest_reply
    }

    /// From when on the reader may be asked.
    pub(crate) const fn ask_at(&self) -> Uptime {
        self.ask_at
    }

    /// The reader is not asked before then.
    pub(crate) const fn wait_until(&mut self, then: Uptime) {
        self.ask_at = then;
    }

    /// An answer was accepted; it began so long after the question's end.
    pub(crate) fn heard(&mut self, began_after: Duration, now: Uptime) {
        self.heard_at = Some(now);
        self.ask_at = now;
        let faded = self.longest_reply - self.longest_reply / FADING;
        self.longest_reply = began_after.max(faded);
    }

    /// A POLL was answered. Says whether a card or keys in that answer are news rather than something kept: they are, once
    /// the queue has been seen empty and has been asked for ever since.
    pub(crate) fn polled(&mut self, was_empty: bool, now: Uptime) -> bool {
        if self.polled_at.is_none_or(|at| at + KEPT_AFTER <= now) {
            self.fresh = false;
        }
        self.polled_at = Some(now);
        self.fresh |= was_empty;
        self.fresh
    }

    /// Whether nothing has been heard for so long that the reader is offline.
    pub(crate) fn is_lost(&self, now: Uptime) -> bool {
        self.lost_at().is_none_or(|at| at <= now)
    }

    /// When the reader will be offline if nothing is heard.
    pub(crate) fn lost_at(&self) -> Option<Uptime> {
        self.heard_at.map(|at| at + LOST_AFTER)
    }

    /// How long an answer may take to begin. A reader that answers gets all of `most`; one that does not gets what it has
    /// ever needed and a margin, and all of it only now and then: a dead reader is not to hold up the line.
    pub(crate) fn patience(&mut self, answers: bool, most: Duration, now: Uptime) -> Duration {
        if answers {
            return most;
        }
        if now >= self.full_probe_at {
            self.full_probe_at = now + FULL_PROBE_EVERY;
            return most;
        }
        most.min(self.longest_reply + MARGIN)
    }
}

/// Nothing heard for so long is offline, and the session is over (OSDP 2.2).
pub(crate) const LOST_AFTER: Duration = Duration::from_secs(8);
/// After so long without a poll a card may have been kept.
const KEPT_AFTER: Duration = Duration::from_secs(2);
const FULL_PROBE_EVERY: Duration = Duration::from_secs(30);
/// Adapters deliver in steps of 16 ms.
const MARGIN: Duration = Duration::from_millis(20);
/// The longest reply is forgotten by a part in so many with each answer.
const FADING: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_millis(200);

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    #[test]
    fn a_card_is_news_only_after_the_queue_was_empty_and_asked_for_ever_since() {
        let mut presence = Presence::new();
        assert!(
            !presence.polled(false, at(0)),
            "the first answer may be old"
        );
        assert!(
            !presence.polled(false, at(10)),
            "and so may what was queued behind it"
        );
        presence.polled(true, at(20));
        assert!(presence.polled(false, at(2_019)));
        assert!(
            !presence.polled(false, at(4_019)),
            "two seconds without a poll"
        );
        presence.polled(true, at(4_030));
        assert!(presence.polled(false, at(4_040)));
    }

    #[test]
    fn a_silent_reader_is_waited_for_briefly_and_now_and_then_long() {
        let mut presence = Presence::new();
        presence.heard(Duration::from_millis(3), at(0));
        assert_eq!(presence.patience(true, MOST, at(0)), MOST);
        assert_eq!(
            presence.patience(false, MOST, at(1)),
            MOST,
            "the first silent probe"
        );
        assert_eq!(
            presence.patience(false, MOST, at(1_000)),
            Duration::from_millis(23)
        );
        assert_eq!(presence.patience(false, MOST, at(30_001)), MOST);
    }

    #[test]
    fn eight_seconds_of_silence_are_offline() {
        let mut presence = Presence::new();
        assert!(presence.is_lost(at(0)));
        presence.heard(Duration::ZERO, at(1_000));
        assert!(!presence.is_lost(at(8_999)));
        assert!(presence.is_lost(at(9_000)));
    }
}
