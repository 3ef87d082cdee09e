//! Figures: a long run written down range by range, a line each, so that it can be stopped and gone on with.

use std::fmt::Write as _;
use std::time::Duration;

use super::census::Census;
use super::fault::Fault;

/// What was run so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// All of it together.
    pub census: Census,
    /// The first seed after those that were run; `None` if none was.
    pub next: Option<u64>,
}

impl Figures {
    /// Reads what was written down. A last line without its end was cut off, and its range is run again.
    ///
    /// # Errors
    /// Which line is none, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut figures = Self::default();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let Some(line) = line.strip_suffix('\n') else {
                break;
            };
            let wrong = |word: &str| format!("line {number}: `{word}` is no figure of a run");
            for word in line.split(' ') {
                let (name, value) = word.split_once('=').ok_or_else(|| wrong(word))?;
                let value: u64 = value.parse().map_err(|_| wrong(word))?;
                figures.take(name, value).ok_or_else(|| wrong(word))?;
            }
        }
        Ok(figures)
    }

    /// The line of the seeds from `from` to before `to`.
    #[must_use]
    pub fn line(from: u64, to: u64, census: &Census) -> String {
        let mut line = format!("from={from} to={to} lived-us={}", census.lived.as_micros());
        let mut census = census.clone();
        let faults = census.faults.clone();
        let faults = faults.iter().map(|(fault, times)| (fault.name(), *times));
        let numbers = census.numbers().map(|(name, number)| (name, *number));
        for (name, number) in numbers.into_iter().chain(faults) {
            // A string takes whatever is written to it.
            write!(line, " {name}={number}").ok();
        }
        line.push('\n');
        line
    }

    fn take(&mut self, name: &str, value: u64) -> Option<()> {
        if let Some(fault) = Fault::ALL.iter().find(|fault| fault.name() == name) {
            *self.census.faults.entry(*fault).or_default() += value;
            return Some(());
        }
        match name {
            "from" => {}
            "to" => self.next = self.next.max(Some(value)),
            "lived-us" => self.census.lived += Duration::from_micros(value),
            other => {
                let mut numbers = self.census.numbers().into_iter();
                let (_, number) = numbers.find(|(name, _)| *name == other)?;
                *number += value;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(seeds: u64) -> Census {
        let mut census = Census {
            seeds,
            lived: Duration::from_secs(3_660),
            ..Census::default()
        };
        for (at, (_, number)) in (7..).zip(census.numbers()) {
            *number += at;
        }
        census.faults.insert(Fault::PowerCut, 3);
        census
    }

    #[test]
    fn a_run_is_gone_on_with_behind_its_last_whole_line() {
        let (one, two) = (census(10), census(20));
        let mut text = Figures::line(100, 110, &one) + &Figures::line(110, 130, &two);
        let mut both = one;
        both.add(&two);
        let wanted = Figures {
            census: both,
            next: Some(130),
        };
        assert_eq!(Figures::read(&text), Ok(wanted.clone()));
        text.push_str("from=130 to=1");
        assert_eq!(Figures::read(&text), Ok(wanted));
        assert_eq!(Figures::read(""), Ok(Figures::default()));
        let wrong = Figures::read("from=1 to=2 wishes=3\n").unwrap_err();
        assert_eq!(wrong, "line 1: `wishes=3` is no figure of a run");
    }
}
