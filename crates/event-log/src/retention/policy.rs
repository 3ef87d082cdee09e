//! The policy: how long each class is kept, as a signed note beside the log, `log/retention`.
//!
//! ```text
//! ORIGIN/retention
//! time_us 1795335243123456
//! passage 90d
//! door 2y
//! …                          a line for each class
//!
//! — ORIGIN BASE64(key id ‖ signature)
//! ```

use std::fmt::{self, Write};
use std::str::FromStr;
use std::time::Duration;

use access::UtcMicros;
use key_store::disk::Disk;

use crate::error::LogError;
use crate::event::Class;
use crate::note::{Note, Signer, VerifierKey};
use crate::text_file;

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Two years of the calendar, the most there is.
    TwoYears,
    /// So many times 24 hours, at most [`Keep::DAYS_MAX`].
    Days(u16),
}

impl Keep {
    /// No two years of the calendar are shorter.
    pub const DAYS_MAX: u16 = 730;

    /// The shorter of the two.
    #[must_use]
    pub fn shorter_of(self, other: Self) -> Self {
        match (self, other) {
            (Self::Days(days), Self::Days(others)) => Self::Days(days.min(others)),
            (Self::TwoYears, keep) | (keep, Self::TwoYears) => keep,
        }
    }

    /// Until when something of this time is kept.
    #[must_use]
    pub fn until(self, time: UtcMicros) -> UtcMicros {
        match self {
            Self::TwoYears => time.years_later(2),
            Self::Days(days) => time.saturating_add(DAY.saturating_mul(u32::from(days))),
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoYears => f.write_str("2y"),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}

impl FromStr for Keep {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        if text == "2y" {
            return Ok(Self::TwoYears);
        }
        let wrong = || PolicyError::Length {
            found: text.to_owned(),
        };
        let days = text.strip_suffix('d').ok_or_else(wrong)?;
        let plain = !days.is_empty() && days.bytes().all(|octet| octet.is_ascii_digit());
        let number: u16 = days.parse().ok().filter(|_| plain).ok_or_else(wrong)?;
        if (1..=Self::DAYS_MAX).contains(&number) && number.to_string() == days {
            Ok(Self::Days(number))
        } else {
            Err(wrong())
        }
    }
}

/// How long each class is kept. What operators did and read, and what the controller says of itself, stays two years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    keep: [Keep; Class::ALL.len()],
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            keep: [Keep::TwoYears; Class::ALL.len()],
        }
    }
}

impl Policy {
    /// How long events of this class are kept.
    #[must_use]
    pub fn of(&self, class: Class) -> Keep {
        let place = Class::ALL.iter().position(|other| *other == class);
        place
            .and_then(|place| self.keep.get(place))
            .copied()
            .unwrap_or(Keep::TwoYears)
    }

    /// The same, but events of this class are kept so long.
    ///
    /// # Errors
    /// [`PolicyError::Fixed`] for a class that always stays two years.
    pub fn with(mut self, class: Class, keep: Keep) -> Result<Self, PolicyError> {
        if keep != Keep::TwoYears && !may_be_shorter(class) {
            return Err(PolicyError::Fixed { class });
        }
        for (place, other) in self.keep.iter_mut().zip(Class::ALL) {
            if *other == class {
                *place = keep;
            }
        }
        Ok(self)
    }

    /// For each class the shorter of the two.
    #[must_use]
    pub fn shortened_to(mut self, most: &Self) -> Self {
        for (keep, most) in self.keep.iter_mut().zip(most.keep) {
            *keep = keep.shorter_of(most);
        }
        self
    }

    /// What is signed.
    fn text(&self, origin: &str, time: UtcMicros) -> String {
        let mut text = format!("{origin}{NAME_END}\n{TIME_MARK}{}\n", time.micros());
        for class in Class::ALL {
            // Writing to a String cannot fail.
            let _infallible = writeln!(text, "{} {}", class.name(), self.of(*class));
        }
        text
    }

    fn parse(text: &str, origin: &str) -> Option<(Self, UtcMicros)> {
        let mut lines = text.lines();
        let name = lines.next()?.strip_suffix(NAME_END)?;
        let time = lines.next()?.strip_prefix(TIME_MARK)?.parse().ok()?;
        let mut policy = Self::default();
        for class in Class::ALL {
            let (named, keep) = lines.next()?.split_once(' ')?;
            if named != class.name() {
                return None;
            }
            policy = policy.with(*class, keep.parse().ok()?).ok()?;
        }
        let whole = name == origin && lines.next().is_none();
        whole.then_some((policy, UtcMicros::from_micros(time)))
    }

    /// Makes the signed policy durable.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn store(
        &self,
        disk: &dyn Disk,
        signer: &Signer,
        (origin, time): (&str, UtcMicros),
    ) -> Result<(), LogError> {
        let note = signer.sign(&self.text(origin, time));
        disk.put_whole(PATH, note.as_bytes())
            .map_err(LogError::io("log/retention cannot be written"))
    }

    /// The policy that is signed in the log in this folder, whose key this is.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`], or what the disk says.
    pub fn signed_in(folder: &dyn Disk, key: &VerifierKey) -> Result<Self, LogError> {
        Self::load(folder, key).map(|(policy, _)| policy)
    }

    /// The policy of the log whose key this is, and since when it holds; two years for everything where none was ever set.
    ///
    /// # Errors
    /// [`LogError::DamagedFile`] if it is not signed by this key, or what the disk says.
    pub(crate) fn load(
        disk: &dyn Disk,
        key: &VerifierKey,
    ) -> Result<(Self, Option<UtcMicros>), LogError> {
        let unread = LogError::io("log/retention cannot be read");
        if !disk.exists(PATH).map_err(&unread)? {
            return Ok((Self::default(), None));
        }
        let octets = text_file::octets(disk, PATH).map_err(&unread)?;
        let text = String::from_utf8(octets).map_err(|_| damaged("it is not text"))?;
        let note: Note = text.parse().map_err(|_| damaged("it is no signed note"))?;
        let text = note
            .verify(key)
            .map_err(|_| damaged("it is not signed by this log's key"))?;
        let (policy, since) =
            Self::parse(text, key.name()).ok_or(damaged("it is no policy of this log"))?;
        Ok((policy, Some(since)))
    }
}

/// Why something is no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyError {
    /// It names no length of time.
    Length {
        /// What was found.
        found: String,
    },
    /// The class always stays two years.
    Fixed {
        /// The class.
        class: Class,
    },
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found } => write!(
                f,
                "\"{found}\" is no time to keep events for; write 2y, or days from 1d to {}d",
                Keep::DAYS_MAX
            ),
            Self::Fixed { class } => write!(
                f,
                "events of class {} always stay two years: what operators did and what the controller says of itself is not shortened",
                class.name()
            ),
        }
    }
}

impl std::error::Error for PolicyError {}

const fn may_be_shorter(class: Class) -> bool {
    match class {
        Class::Passage | Class::Door | Class::Reader => true,
        Class::Administration | Class::Reading | Class::System => false,
    }
}

const fn damaged(what: &'static str) -> LogError {
    LogError::DamagedFile {
        file: "log/retention",
        what,
    }
}

const PATH: &str = "retention";
const NAME_END: &str = "/retention";
const TIME_MARK: &str = "time_us ";
const DAY: Duration = Duration::from_secs(86_400);

#[cfg(test)]
mod tests {
    use key_store::Key32;
    use key_store::disk::MemDisk;

    use super::*;

    const ORIGIN: &str = "house.example/portvakt";

    fn policy() -> Policy {
        Policy::default()
            .with(Class::Passage, Keep::Days(90))
            .unwrap()
    }

    #[test]
    fn a_policy_is_this_note() {
        let time = UtcMicros::from_micros(7);
        assert_eq!(
            policy().text(ORIGIN, time),
            "house.example/portvakt/retention\ntime_us 7\npassage 90d\ndoor 2y\nreader 2y\nadministration 2y\nreading 2y\nsystem 2y\n"
        );
        let (disk, signer) = (MemDisk::new(), Signer::new(ORIGIN, &Key32::new([1; 32])));
        let key = signer.verifier();
        assert_eq!(
            Policy::load(&disk, &key).unwrap(),
            (Policy::default(), None)
        );
        policy().store(&disk, &signer, (ORIGIN, time)).unwrap();
        assert_eq!(Policy::load(&disk, &key).unwrap(), (policy(), Some(time)));
        let other = Signer::new(ORIGIN, &Key32::new([2; 32])).verifier();
        assert!(Policy::load(&disk, &other).is_err());
    }

    #[test]
    fn a_policy_of_another_log_or_with_lines_too_many_or_too_few_is_none() {
        let text = policy().text(ORIGIN, UtcMicros::from_micros(7));
        assert!(Policy::parse(&text, ORIGIN).is_some());
        assert!(Policy::parse(&text, "other.example/portvakt").is_none());
        assert!(Policy::parse(&format!("{text}door 2y\n"), ORIGIN).is_none());
        assert!(Policy::parse(&text.replace("system 2y\n", ""), ORIGIN).is_none());
        assert!(Policy::parse(&text.replace("system 2y", "system 9d"), ORIGIN).is_none());
        assert!(Policy::parse(&text.replace("90d", "731d"), ORIGIN).is_none());
    }

    #[test]
    fn what_operators_did_is_not_shortened_and_nothing_is_lengthened() {
        for class in [Class::Administration, Class::Reading, Class::System] {
            let refused = Policy::default().with(class, Keep::Days(90)).unwrap_err();
            assert_eq!(refused, PolicyError::Fixed { class });
        }
        for text in [
            "0d", "731d", "+9d", "09d", "d", "3y", "2Y", "90", "", "65536d",
        ] {
            assert!(text.parse::<Keep>().is_err(), "{text}");
        }
        assert_eq!("730d".parse(), Ok(Keep::Days(730)));
        assert_eq!("2y".parse(), Ok(Keep::TwoYears));
    }
}
