//! The help of the verbs in Norwegian. The English, which is the key, stands at each verb, where clap takes it from.

mod cards;
mod house;
mod machine;
mod people;

/// Paragraphs of help in English and Norwegian.
macro_rules! helps {
    ($($english:literal => $norwegian:literal;)*) => {
        pub(super) const LINES: &[(&str, &str)] = &[$(($english, $norwegian),)*];
    };
}
use helps;

/// A help in Norwegian, paragraph by paragraph; one that is not here stays as it is.
pub(super) fn norwegian(english: &str) -> String {
    let paragraphs = english.split("\n\n");
    let said = paragraphs.map(|text| paragraph(text).unwrap_or(text));
    said.collect::<Vec<_>>().join("\n\n")
}

/// One paragraph, if it is here.
pub(super) fn paragraph(english: &str) -> Option<&'static str> {
    let all = BOOK.iter().copied().flatten();
    let mut found = all.filter(|(text, _)| *text == english);
    found.next().map(|(_, norwegian)| *norwegian)
}

/// The English of all that is here.
#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    BOOK.iter().copied().flatten().map(|(english, _)| *english)
}

/// What clap writes around the help, as it is shown.
pub(super) fn frame(shown: &str) -> String {
    FRAME
        .iter()
        .fold(shown.to_owned(), |shown, (english, norwegian)| {
            shown.replace(english, norwegian)
        })
}

/// Longer texts before their beginnings.
const FRAME: &[(&str, &str)] = &[
    ("Usage:", "Bruk:"),
    ("Commands:", "Kommandoer:"),
    ("Arguments:", "Argumenter:"),
    ("Options:", "Valg:"),
    ("Examples:", "Eksempler:"),
    ("Example:", "Eksempel:"),
    ("[OPTIONS]", "[VALG]"),
    ("<COMMAND>", "<KOMMANDO>"),
    ("[COMMAND]", "[KOMMANDO]"),
    ("[default:", "[ellers:"),
    // A narrow terminal breaks the line between the two words.
    ("[possible", "[mulige"),
    (" values:", " verdier:"),
    ("[env:", "[miljø:"),
];

const BOOK: [&[(&str, &str)]; 4] = [cards::LINES, house::LINES, machine::LINES, people::LINES];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_paragraph_stands_twice_or_is_left_in_english() {
        let mut seen = BTreeSet::new();
        for (english, norwegian) in BOOK.iter().copied().flatten() {
            assert!(seen.insert(*english), "{english:?} stands twice");
            assert_ne!(english, norwegian);
            let words = norwegian.split([' ', ',', ';', ':', '.', '(', ')']);
            let left: Vec<&str> = words.filter(|word| ENGLISH.contains(word)).collect();
            assert!(left.is_empty(), "{left:?} in {norwegian:?}");
        }
    }

    #[test]
    fn a_paragraph_that_is_not_here_stays_english_beside_one_that_is() {
        assert_eq!(norwegian("Not here\n\nWhy"), "Not here\n\nHvorfor");
    }

    /// English words that are none in Norwegian, of no command and no column of a file.
    const ENGLISH: &[&str] = &[
        "the", "The", "of", "is", "are", "was", "not", "and", "it", "this", "that", "with",
        "which", "been", "has", "have", "its", "from", "cannot", "must", "one", "there", "already",
        "who", "whose",
    ];
}
