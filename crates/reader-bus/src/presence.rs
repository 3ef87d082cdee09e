//! Presence: when a reader was heard, how long it is waited for, and whether what it tells is news.

use std::time::Duration;

use crate::Uptime;

/// When one reader was heard, and when it may be asked again.
pub(crate) struct Presence {
    heard_at: Option<Uptime>,
    /// When an answer came that only a reader in service can give; an identity anybody can send is none.
    served_at: Option<Uptime>,
    /// When a POLL was last answered.
    polled_at: Option<Uptime>,
    /// Whether the reader's queue has been seen empty since it was last out of hearing.
    fresh: bool,
    /// After so long without a poll a card may have been kept.
    kept_after: Duration,
    longest_reply: Duration,
    full_probe_at: Uptime,
    /// Whether the question under way is such a probe.
    is_full_probe: bool,
    ask_at: Uptime,
    setback_at: Option<Uptime>,
    setbacks: usize,
    /// Whether something went wrong since it was last served: silence nobody asked into is none.
    troubled: bool,
}

impl Presence {
    /// A reader not heard yet. `round` is what polling every reader of the line once takes.
    pub(crate) fn new(round: Duration) -> Self {
        Self {
            heard_at: None,
            served_at: None,
            polled_at: None,
            fresh: false,
            kept_after: KEPT_AFTER.max(round * ROUNDS_MISSED),
            longest_reply: Duration::ZERO,
            full_probe_at: Uptime::START,
            is_full_probe: true,
            ask_at: Uptime::START,
            setback_at: None,
            setbacks: 0,
            troubled: false,
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

    /// An accepted answer was one that only a reader in service can give.
    pub(crate) const fn served(&mut self, now: Uptime) {
        self.served_at = Some(now);
        self.troubled = false;
    }

    /// The reader is offline: what it keeps from now on is no news when it comes back.
    pub(crate) const fn forget(&mut self) {
        self.polled_at = None;
        self.fresh = false;
    }

    /// A POLL was answered. Says whether a card or keys in that answer are news rather than something kept: they are, once
    /// the queue has been seen empty and has been asked for ever since.
    pub(crate) fn polled(&mut self, was_empty: bool, now: Uptime) -> bool {
        if self.polled_at.is_none_or(|at| at + self.kept_after <= now) {
            self.fresh = false;
        }
        self.polled_at = Some(now);
        self.fresh |= was_empty;
        self.fresh
    }

    /// Whether the reader has been asked and could not be served for so long that it is offline.
    pub(crate) fn is_lost(&self, now: Uptime) -> bool {
        self.troubled && self.served_at.is_none_or(|at| at + LOST_AFTER <= now)
    }

    /// Whether it was served last so long ago that it should be asked soon.
    pub(crate) fn is_starving(&self, now: Uptime) -> bool {
        self.served_at.is_none_or(|at| at + STARVING_AFTER <= now)
    }

    /// How long to wait before the conversation begins anew: not at all the first time, then longer and longer until there
    /// has been peace.
    pub(crate) fn setback(&mut self, now: Uptime) -> Duration {
        if self.setback_at.is_none_or(|at| at + PEACE <= now) {
            self.setbacks = 0;
        }
        self.setback_at = Some(now);
        self.troubled = true;
        let wait = AGAIN_AFTER.get(self.setbacks).copied();
        self.setbacks = self.setbacks.saturating_add(1);
        wait.unwrap_or(AGAIN_AFTER_MAX)
    }

    /// How long an answer may take to begin. All of `most` if `answers` says that the reader can be waited for; else what it
    /// lately needed, or what `others` on the line did, and a margin, and all of it only now and then: a dead reader is not
    /// to hold up the line. To be asked with each question.
    pub(crate) fn patience(
        &mut self,
        answers: bool,
        most: Duration,
        others: Option<Duration>,
        now: Uptime,
    ) -> Duration {
        self.is_full_probe = now >= self.full_probe_at;
        if answers || self.is_full_probe {
            return most;
        }
        let margin = if others.is_some() {
            MARGIN
        } else {
            MARGIN_UNKNOWN
        };
        most.min(self.longest_reply.max(others.unwrap_or_default()) + margin)
    }

    /// No answer came.
    pub(crate) fn missed(&mut self, now: Uptime) {
        self.troubled = true;
        // One that fell due while a shorter one ran is still to come.
        if self.is_full_probe {
            self.full_probe_at = now + FULL_PROBE_EVERY;
        }
    }
}

/// Nothing heard for so long is offline, and the session is over (OSDP 2.2).
const LOST_AFTER: Duration = Duration::from_secs(8);
/// A reader ends its session after 8 s without a command.
const STARVING_AFTER: Duration = Duration::from_secs(3);
/// After so long without a poll a card may have been kept, unless the line needs longer for its rounds.
const KEPT_AFTER: Duration = Duration::from_secs(2);
const ROUNDS_MISSED: u32 = 2;
/// The waits before a conversation begins anew, one after another, and all later ones.
const AGAIN_AFTER: [Duration; 2] = [Duration::ZERO, Duration::from_millis(250)];
/// With the handshake still less than a second: whoever sends a NAK in clear again and again must not keep a door shut for longer.
const AGAIN_AFTER_MAX: Duration = Duration::from_millis(500);
/// After so long without a setback the next one is the first again.
const PEACE: Duration = Duration::from_secs(10);
const FULL_PROBE_EVERY: Duration = Duration::from_secs(30);
/// How much longer than the others on its line a reader may take: their answers tell what the adapter costs.
const MARGIN: Duration = Duration::from_millis(5);
/// Where nobody answers that is not known: adapters deliver in steps of 16 ms.
const MARGIN_UNKNOWN: Duration = Duration::from_millis(20);
/// The longest reply is forgotten by a part in so many with each answer.
const FADING: u32 = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_millis(200);

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    #[test]
    fn a_card_is_news_only_after_the_queue_was_empty_and_asked_for_ever_since() {
        let mut presence = Presence::new(Duration::ZERO);
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
        let mut presence = Presence::new(Duration::ZERO);
        presence.heard(Duration::from_millis(3), at(0));
        assert_eq!(presence.patience(true, MOST, None, at(0)), MOST);
        assert_eq!(
            presence.patience(false, MOST, None, at(0)),
            MOST,
            "the first"
        );
        presence.missed(at(1));
        assert_eq!(presence.patience(true, MOST, None, at(2)), MOST);
        assert_eq!(
            presence.patience(false, MOST, None, at(1_000)),
            Duration::from_millis(23)
        );
        assert_eq!(presence.patience(false, MOST, None, at(30_001)), MOST);
    }

    #[test]
    fn the_long_wait_is_not_passed_over_because_it_fell_due_during_a_short_one() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.heard(Duration::from_millis(90), at(0));
        presence.patience(false, MOST, None, at(0));
        presence.missed(at(200));
        let short = presence.patience(false, MOST, None, at(30_150));
        assert_eq!(short, Duration::from_millis(110));
        presence.missed(at(30_260));
        assert_eq!(presence.patience(false, MOST, None, at(31_000)), MOST);
    }

    #[test]
    fn the_others_answers_tell_how_long_a_silent_reader_may_take() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.missed(at(0));
        let mut patience = |others_ms| {
            let others = Duration::from_millis(others_ms);
            presence.patience(false, MOST, Some(others), at(1_000))
        };
        assert_eq!(patience(1), Duration::from_millis(6));
        assert_eq!(
            patience(16),
            Duration::from_millis(21),
            "behind a slow adapter"
        );
        presence.heard(Duration::from_millis(40), at(2_000));
        let patience = presence.patience(false, MOST, Some(Duration::ZERO), at(3_000));
        assert_eq!(patience, Duration::from_millis(45), "a slow reader");
    }

    #[test]
    fn eight_seconds_of_silence_are_offline() {
        let mut presence = Presence::new(Duration::ZERO);
        assert!(!presence.is_lost(at(0)), "nobody has asked");
        presence.missed(at(0));
        assert!(presence.is_lost(at(0)), "never served");
        presence.served(at(1_000));
        assert!(!presence.is_lost(at(9_000)), "nobody has asked since");
        presence.missed(at(4_000));
        presence.heard(Duration::ZERO, at(5_000));
        assert!(!presence.is_lost(at(8_999)));
        assert!(
            presence.is_lost(at(9_000)),
            "saying who it is does not keep a reader in service"
        );
    }

    #[test]
    fn on_a_slow_line_a_long_round_makes_no_card_old() {
        let mut presence = Presence::new(Duration::from_secs(4));
        presence.polled(true, at(0));
        assert!(presence.polled(false, at(7_999)));
        assert!(!presence.polled(false, at(15_999)));
    }

    #[test]
    fn each_setback_waits_longer_until_there_was_peace() {
        let mut presence = Presence::new(Duration::ZERO);
        let waits = [0, 1, 2, 3, 4, 20].map(|s| presence.setback(at(s * 1_000)).as_millis());
        assert_eq!(waits, [0, 250, 500, 500, 500, 0]);
    }
}
