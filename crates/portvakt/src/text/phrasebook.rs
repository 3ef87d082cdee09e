//! What the daemon and the command line say in English, and the same in Norwegian: a refusal, a warning, what a rule saw.
//!
//! The English line is the key, with a gap for what differs: `{}` and `{#}`, which begins with a digit, stay as they are, `{~}`
//! is looked up in its turn. In the Norwegian line gaps are filled in order, or by their number, `{2}`. A line that is not here is shown in English: a wrong
//! word is worse than a foreign one.

mod cards;
mod house;
mod log;
mod machine;
mod rules;
mod typed;

use std::borrow::Cow;

use super::word;

/// Lines in English and Norwegian.
macro_rules! lines {
    ($($english:literal => $norwegian:literal;)*) => {
        pub(super) const LINES: &[(&str, &str)] = &[$(($english, $norwegian),)*];
    };
}
use lines;

/// A line or a word in Norwegian, or as it is.
pub(super) fn norwegian(english: &str) -> String {
    said(english, DEPTH_MAX).into_owned()
}

fn said(english: &str, depth: u8) -> Cow<'_, str> {
    if let Some(word) = word::norwegian(english) {
        return Cow::Borrowed(word);
    }
    if let Some(separator) = LISTED.iter().find(|of| english.contains(**of))
        && let Some(words) = listed(english, separator)
    {
        return Cow::Owned(words);
    }
    let found = found(english).filter(|_| depth > 0);
    found.map_or(Cow::Borrowed(english), |(gaps, norwegian)| {
        let gaps = gaps.into_iter().map(|gap| match gap {
            Gap::AsIs(text) => Cow::Borrowed(text),
            Gap::Said(text) => said(text, depth - 1),
        });
        Cow::Owned(filled(norwegian, &gaps.collect::<Vec<_>>()))
    })
}

/// Words in a row, if each of them is one.
fn listed(english: &str, separator: &str) -> Option<String> {
    let words: Option<Vec<_>> = english.split(separator).map(word::norwegian).collect();
    let joint = if separator == " and " {
        " og "
    } else {
        separator
    };
    words.map(|words| words.join(joint))
}

/// The line that says most of this: the one with most characters outside its gaps.
fn found(english: &str) -> Option<(Vec<Gap<'_>>, &'static str)> {
    let all = BOOK.iter().copied().flatten();
    let meant = all.filter_map(|(pattern, norwegian)| {
        gaps(pattern, english).map(|gaps| (literal_len(pattern), gaps, *norwegian))
    });
    meant
        .max_by_key(|(len, _, _)| *len)
        .map(|(_, gaps, norwegian)| (gaps, norwegian))
}

/// What stands in a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap<'a> {
    /// A name or a number.
    AsIs(&'a str),
    /// Something to be said in the same language.
    Said(&'a str),
}

/// What stands in the gaps of `pattern`, if `text` is made by it.
fn gaps<'a>(pattern: &str, text: &'a str) -> Option<Vec<Gap<'a>>> {
    let (head, mut pattern) = up_to_gap(pattern);
    let mut text = text.strip_prefix(head)?;
    let mut gaps = Vec::new();
    while let Some((kind, after)) = pattern {
        let (literal, next) = up_to_gap(after);
        // The last piece is the end of the text, any other the nearest.
        let end = match (next, literal.is_empty()) {
            (None, _) => text.len().checked_sub(literal.len())?,
            (Some(_), true) => return None,
            (Some(_), false) => text.find(literal)?,
        };
        let (gap, rest) = text.split_at_checked(end)?;
        text = rest.strip_prefix(literal)?;
        if kind == INSTANT && !gap.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        gaps.push(if kind == SAID {
            Gap::Said(gap)
        } else {
            Gap::AsIs(gap)
        });
        pattern = next;
    }
    text.is_empty().then_some(gaps)
}

/// The text before the first gap; and the gap's kind with what comes after.
fn up_to_gap(pattern: &str) -> (&str, Option<(&str, &str)>) {
    let Some((head, after)) = pattern.split_once('{') else {
        return (pattern, None);
    };
    let (gap, rest) = after.split_once('}').unwrap_or((after, ""));
    (head, Some((gap, rest)))
}

fn literal_len(pattern: &str) -> usize {
    let (head, mut rest) = up_to_gap(pattern);
    let mut len = head.len();
    while let Some((_, after)) = rest {
        let (literal, next) = up_to_gap(after);
        len += literal.len();
        rest = next;
    }
    len
}

/// The Norwegian line with its gaps filled.
fn filled(pattern: &str, gaps: &[Cow<'_, str>]) -> String {
    let mut line = String::new();
    let mut rest = pattern;
    for at in 0.. {
        let Some((head, after)) = rest.split_once('{') else {
            break;
        };
        let (number, after) = after.split_once('}').unwrap_or(("", after));
        let at = number
            .parse::<usize>()
            .map_or(at, |number| number.saturating_sub(1));
        line.push_str(head);
        line.push_str(gaps.get(at).map_or("", AsRef::as_ref));
        rest = after;
    }
    line + rest
}

/// What is said within a gap has gaps, and so on, to this depth.
const DEPTH_MAX: u8 = 4;

/// How a gap is written whose text is said in the same language.
const SAID: &str = "~";

/// How a gap is written that takes only what begins with a digit, as an instant does.
const INSTANT: &str = "#";

/// What stands between words in a row.
const LISTED: [&str; 2] = [", ", " and "];

const BOOK: [&[(&str, &str)]; 6] = [
    cards::LINES,
    house::LINES,
    log::LINES,
    machine::LINES,
    rules::LINES,
    typed::LINES,
];

#[cfg(test)]
mod tests;
