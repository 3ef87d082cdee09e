//! Input: a level that counts once it has stood for a while.

use std::time::Duration;

use reader_bus::Uptime;

/// One input behind its debounce.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Input {
    level: Option<bool>,
    /// Another level, and since when it stands.
    coming: Option<(bool, Uptime)>,
}

impl Input {
    /// A level was told. Gives the level that counts, if one was settled by it: the first ever counts at once.
    pub(crate) fn hear(&mut self, level: bool, debounce: Duration, up: Uptime) -> Option<bool> {
        if self.level.is_none() || debounce.is_zero() {
            self.level = Some(level);
            self.coming = None;
            return Some(level);
        }
        if self.level == Some(level) {
            self.coming = None;
            return Some(level);
        }
        let since = self.coming.map_or(up, |(_, since)| since);
        self.coming = Some((level, since));
        self.tick(debounce, up)
    }

    /// The level that counts from now on, if another has stood for long enough.
    pub(crate) fn tick(&mut self, debounce: Duration, up: Uptime) -> Option<bool> {
        let (level, _) = self.coming.filter(|(_, since)| *since + debounce <= up)?;
        self.coming = None;
        self.level = Some(level);
        Some(level)
    }

    /// When another level will have stood for long enough.
    pub(crate) fn due(&self, debounce: Duration) -> Option<Uptime> {
        self.coming.map(|(_, since)| since + debounce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_millis(50);

    fn at(ms: u64) -> Uptime {
        Uptime::from_micros(ms * 1_000)
    }

    #[test]
    fn the_first_level_counts_at_once() {
        let mut input = Input::default();
        assert_eq!(input.hear(true, LONG, at(0)), Some(true));
    }

    #[test]
    fn a_contact_that_flaps_is_heard_when_it_rests() {
        let mut input = Input::default();
        input.hear(false, LONG, at(0));
        for ms in [10, 30, 50] {
            assert_eq!(input.hear(true, LONG, at(ms)), None);
            assert_eq!(input.hear(false, LONG, at(ms + 10)), Some(false));
        }
        assert_eq!(input.hear(true, LONG, at(100)), None);
        assert_eq!(input.due(LONG), Some(at(150)));
        assert_eq!(input.tick(LONG, at(149)), None);
        assert_eq!(input.tick(LONG, at(150)), Some(true));
        assert_eq!((input.tick(LONG, at(999)), input.due(LONG)), (None, None));
    }

    #[test]
    fn a_level_told_again_keeps_its_beginning() {
        let mut input = Input::default();
        input.hear(false, LONG, at(0));
        input.hear(true, LONG, at(10));
        assert_eq!(input.hear(true, LONG, at(59)), None);
        assert_eq!(input.hear(true, LONG, at(60)), Some(true));
    }

    #[test]
    fn without_debounce_every_level_counts() {
        let mut input = Input::default();
        for (ms, level) in [(0, false), (1, true), (2, false)] {
            assert_eq!(input.hear(level, Duration::ZERO, at(ms)), Some(level));
        }
    }
}
