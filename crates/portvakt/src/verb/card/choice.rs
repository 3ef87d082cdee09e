//! A choice: an answer that is one of the names there are, or the beginning of only one of them.

use crate::ask::ask;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutLife, Label, Say};

/// Names to choose from; Enter takes the usual one.
pub(super) struct Choice<'a> {
    /// What is asked for.
    pub(super) label: Label,
    /// Every name there is; none where that is not known, and any answer is taken.
    pub(super) known: &'a [String],
    /// What is meant most often.
    pub(super) usual: Option<&'a str>,
}

impl Choice<'_> {
    /// Asked until it is one of them.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub(super) fn one(&self, desk: &Desk) -> Result<String, Failure> {
        self.asked(desk, &|answer| self.meant(answer))
    }

    /// Asked until each is one of them; several stand with commas or blanks between them.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub(super) fn several(&self, desk: &Desk) -> Result<Vec<String>, Failure> {
        self.asked(desk, &|answer| {
            let names = answer.split([',', ' ']).filter(|name| !name.is_empty());
            names.map(|name| self.meant(name)).collect()
        })
    }

    fn asked<T>(&self, desk: &Desk, read: &dyn Fn(&str) -> Option<T>) -> Result<T, Failure> {
        let name = desk.lang.label(self.label);
        let question = match self.hint() {
            hint if hint.is_empty() => format!("{name}: "),
            hint => format!("{name} ({hint}): "),
        };
        loop {
            let typed = ask(&question)?;
            let answer = match self.usual {
                Some(usual) if typed.is_empty() => usual,
                Some(_) | None => &typed,
            };
            if answer.is_empty() {
                continue;
            }
            if let Some(meant) = read(answer) {
                return Ok(meant);
            }
            let known = &self.known.join(", ");
            desk.say(&Say::AboutLife(AboutLife::OneOf { known }));
        }
    }

    fn hint(&self) -> String {
        let mut others = self.known.iter().map(String::as_str);
        let shown: Vec<&str> = others.by_ref().take(NAMES_HINTED_MAX).collect();
        let more = others.next().map(|_| "…");
        let shown = shown.into_iter().chain(more).collect::<Vec<_>>().join(", ");
        match self.usual {
            Some(usual) if self.known.len() > 1 => format!("{shown}; Enter: {usual}"),
            Some(usual) => format!("Enter: {usual}"),
            None => shown,
        }
    }

    /// The name itself, or the only one that begins so; upper and lower case alike.
    fn meant(&self, answer: &str) -> Option<String> {
        if self.known.is_empty() {
            return Some(answer.to_owned());
        }
        let answer = answer.to_lowercase();
        let same = |name: &&String| name.to_lowercase() == answer;
        if let Some(name) = self.known.iter().find(same) {
            return Some(name.clone());
        }
        let mut begin = self
            .known
            .iter()
            .filter(|name| name.to_lowercase().starts_with(&answer));
        begin.next().filter(|_| begin.next().is_none()).cloned()
    }
}

/// Names shown in a question.
const NAMES_HINTED_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_name_or_the_beginning_of_only_one() {
        let known = ["main", "Mainland", "side"].map(str::to_owned);
        let choice = Choice {
            label: Label::Doors,
            known: &known,
            usual: None,
        };
        for (answer, meant) in [
            ("MAIN", Some("main")),
            ("s", Some("side")),
            ("mainl", Some("Mainland")),
            ("m", None),
            ("cellar", None),
        ] {
            assert_eq!(choice.meant(answer).as_deref(), meant, "{answer}");
        }
        assert_eq!(choice.hint(), "main, Mainland, side");
        let usual = Choice {
            usual: Some("side"),
            ..choice
        };
        assert_eq!(usual.hint(), "main, Mainland, side; Enter: side");
        let unknown = Choice {
            known: &[],
            usual: None,
            ..usual
        };
        assert_eq!(unknown.meant("cellar").as_deref(), Some("cellar"));
    }
}
