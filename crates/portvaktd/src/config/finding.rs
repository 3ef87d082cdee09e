//! A finding: one thing wrong in the configuration file, with its line and what would be right.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;

/// One thing wrong: the line (from 1; none when it is about the whole file) and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Line in the file, counted from 1.
    pub(crate) line: Option<usize>,
    /// What is wrong and what would be right.
    pub(crate) what: String,
}

/// The line in which something is defined, counted from 1. Two definitions are the same wherever they stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(pub(crate) usize);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Everything wrong in one file; Display prints one line each.
#[derive(Clone, Debug)]
pub(crate) struct ConfigError {
    file: PathBuf,
    findings: Vec<Finding>,
}

impl ConfigError {
    /// The file could not be read at all.
    pub(crate) fn unreadable(file: &Path, cause: &std::io::Error) -> Self {
        let what = format!(
            "the configuration cannot be read: {cause}; name an existing file with --config"
        );
        Self {
            file: file.to_path_buf(),
            findings: vec![Finding { line: None, what }],
        }
    }

    /// Everything that is wrong, as it is printed.
    pub(crate) fn told(&self) -> impl Iterator<Item = String> {
        let file = self.file.display();
        self.findings.iter().map(move |finding| match finding.line {
            Some(line) => format!("{file}:{line}: {}", one_line(&finding.what)),
            None => format!("{file}: {}", one_line(&finding.what)),
        })
    }

    /// `Ok` when there is nothing wrong.
    pub(crate) fn unless_empty(file: &Path, findings: Vec<Finding>) -> Result<(), Self> {
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Self {
                file: file.to_path_buf(),
                findings,
            })
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, told) in self.told().enumerate() {
            let separator = if nth == 0 { "" } else { "\n" };
            write!(f, "{separator}{told}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Collects findings while a file is parsed; knows where its lines begin.
pub(crate) struct Findings<'a> {
    file: &'a Path,
    text: &'a str,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Nothing found yet in `text`, which came from `file`.
    pub(crate) fn new(file: &'a Path, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    /// Adds what is wrong at the octets `at`.
    pub(crate) fn add(&mut self, at: &Range<usize>, what: impl Into<String>) {
        let line = Some(self.line_of(at));
        self.found.push(Finding {
            line,
            what: what.into(),
        });
    }

    /// Adds what is wrong with a thing defined at `place`.
    pub(crate) fn add_at(&mut self, place: Place, what: impl Into<String>) {
        self.found.push(Finding {
            line: Some(place.0),
            what: what.into(),
        });
    }

    /// Adds what is wrong with the file as a whole.
    pub(crate) fn add_whole(&mut self, what: impl Into<String>) {
        self.found.push(Finding {
            line: None,
            what: what.into(),
        });
    }

    /// The field of a table, or a finding that says how to write it.
    pub(crate) fn need<'t, T>(
        &mut self,
        field: Option<&'t Spanned<T>>,
        table: &Range<usize>,
        owner: &str,
        example: &str,
    ) -> Option<&'t Spanned<T>> {
        if field.is_none() {
            self.add(table, format!("{owner} is not complete; write {example}"));
        }
        field
    }

    /// What the TOML parser refused, as one of ours.
    pub(crate) fn syntax(mut self, cause: &toml::de::Error) -> ConfigError {
        let message = cause
            .message()
            .replace("unknown field", "unknown key")
            .replace('\n', "; ");
        match cause.span() {
            Some(at) => self.add(&at, message),
            None => self.add_whole(message),
        }
        ConfigError {
            file: self.file.to_path_buf(),
            findings: self.found,
        }
    }

    /// What was parsed, unless something was found. A missing value always came with a finding.
    pub(crate) fn finish<T>(mut self, parsed: Option<T>) -> Result<T, ConfigError> {
        self.stop_if_any()?;
        parsed.ok_or_else(|| self.refusal())
    }

    /// Ends the parse here when something was found.
    pub(crate) fn stop_if_any(&mut self) -> Result<(), ConfigError> {
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(self.refusal())
        }
    }

    fn refusal(&mut self) -> ConfigError {
        self.found.sort_by_key(|finding| finding.line);
        ConfigError {
            file: self.file.to_path_buf(),
            findings: std::mem::take(&mut self.found),
        }
    }

    /// The place of a span.
    pub(crate) fn place_of(&self, at: &Range<usize>) -> Place {
        Place(self.line_of(at))
    }

    /// The line of a span, counted from 1.
    fn line_of(&self, at: &Range<usize>) -> usize {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        before.bytes().filter(|octet| *octet == b'\n').count() + 1
    }
}

/// A sentence may quote what stands in the file: a finding stays one line, and a terminal shows it and obeys nothing in it.
fn one_line(what: &str) -> String {
    let mut line = String::with_capacity(what.len());
    for letter in what.chars() {
        if letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

/// Names in quotes, separated by commas: for "one of these" sentences.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect();
    if quoted.is_empty() {
        "none".to_owned()
    } else {
        quoted.join(", ")
    }
}
