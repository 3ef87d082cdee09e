//! Tests of the phrasebook: every line is met, fits its gaps, and is Norwegian.

use std::path::Path;

use super::super::{event_word, word};
use super::*;

#[test]
fn what_is_refused_is_said_in_norwegian_and_nothing_is_lost_of_the_rest() {
    for (english, expected) in [
        (
            "card-issue is not for the role reception-staff",
            "card-issue er ikke for rollen resepsjonsmedarbeider",
        ),
        (
            "a list that makes employees' cards live is for the roles technician and operations-manager only",
            "en liste som gjør ansattes kort gyldige er bare for rollene driftstekniker og driftsleder",
        ),
        ("the card is already blocked", "kortet er allerede sperret"),
        (
            "there is no door \"min\"; there are main, yard",
            "det finnes ingen dør «min»; det finnes main, yard",
        ),
        (
            "\"main\" stays shut: it is locked down; release it first",
            "«main» forblir lukket: den er låst ned; frigi den først",
        ),
        (
            "the card is returned; it cannot be marked as arrived",
            "kortet er levert tilbake; det kan ikke bli meldt ankommet",
        ),
        ("the disk is on fire", "the disk is on fire"),
        ("it is on fire", "it is on fire"),
    ] {
        assert_eq!(norwegian(english), expected);
    }
}

#[test]
fn what_a_rule_saw_is_said_to_its_innermost_part() {
    let saw = "the right on door group \"yard\" holds from 2026-11-22 until 2026-11-24 in the hours of schedule \"office\": \
               mon-fri 08:00-16:00 (Europe/Oslo), where it is Wed 2026-11-25 16:00:00; it is 2026-11-25";
    assert_eq!(
        norwegian(saw),
        "rettigheten til dørgruppen «yard» gjelder fra 2026-11-22 til 2026-11-24 innenfor tidsplanen «office»: \
         mon-fri 08:00-16:00 (Europe/Oslo), der klokken nå er ons 2026-11-25 16:00:00; nå er det 2026-11-25"
    );
    assert_eq!(
        norwegian("the door is in mode card+pin by an operator's order until 2026-11-25"),
        "døren har modusen kort og PIN etter en operatørs ordre til 2026-11-25"
    );
}

#[test]
fn no_line_hides_another_and_every_gap_is_filled() {
    let mut seen = std::collections::BTreeSet::new();
    for (english, norwegian) in BOOK.iter().copied().flatten() {
        assert!(seen.insert(*english), "{english:?} stands twice");
        let (gaps, filled) = (english.matches('{').count(), norwegian.matches('{').count());
        assert!(
            filled <= gaps,
            "{norwegian:?} has gaps that {english:?} has not"
        );
        let said = sample(english);
        let (found, meant) = found(&said).unwrap_or_else(|| panic!("{said:?} is not found"));
        assert_eq!(
            (found.len(), meant),
            (gaps, *norwegian),
            "{said:?} is taken for another"
        );
    }
}

/// The line with a number in every gap.
fn sample(pattern: &str) -> String {
    ["{}", "{~}", "{#}"]
        .iter()
        .fold(pattern.to_owned(), |line, gap| line.replace(gap, "7"))
}

#[test]
fn no_line_and_no_word_is_left_in_english() {
    let lines = BOOK.iter().copied().flatten();
    let words = word::WORDS.iter().chain(event_word::EVENTS);
    for (english, norwegian) in lines.chain(words) {
        if !SAME_IN_BOTH.contains(norwegian) {
            assert_ne!(english, norwegian);
        }
        let typed = ["portvakt ", "card stock", "door mode", "No such"];
        let spoken = norwegian.split([' ', ',', ';', ':', '.']);
        let left = spoken
            .filter(|word| ENGLISH.contains(word))
            .collect::<Vec<_>>();
        assert!(
            left.is_empty() || typed.iter().any(|command| norwegian.contains(command)),
            "{left:?} in {norwegian:?}"
        );
    }
}

/// Words that Norwegian spells as English does.
const SAME_IN_BOTH: &[&str] = &[
    "standard",
    "hard",
    "ok",
    "passback",
    "system",
    "PIN",
    "register: {}",
    "portvaktd init: {}",
];

/// English words that are none in Norwegian and none of a command.
const ENGLISH: &[&str] = &[
    "the", "The", "of", "is", "are", "was", "not", "and", "an", "it", "this", "that", "with",
    "which", "no", "been", "has", "have", "its", "from", "on", "or", "cannot", "must", "one", "be",
    "they", "there", "already", "nothing", "card's", "who",
];

/// What somebody may be told by the daemon's books and rules has its Norwegian: a new line is added to a page beside this one.
#[test]
fn every_line_of_the_register_and_the_rules_has_its_norwegian() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut missing = Vec::new();
    let mut looked_at = 0;
    for folder in ["register/src", "access/src/rule", "portvaktd/src/verb"] {
        for file in std::fs::read_dir(crates.join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if folder == "register/src" && !name.ends_with("error.rs") || !name.ends_with(".rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for line in spoken(&text) {
                looked_at += 1;
                if !is_known(&line) {
                    missing.push(format!("{name}: {line}"));
                }
            }
        }
    }
    assert!(looked_at > 200, "{looked_at}");
    assert!(missing.is_empty(), "{missing:#?}");
}

fn is_known(line: &str) -> bool {
    let plain = |pattern: &str| pattern.replace("{~}", "{}").replace("{#}", "{}");
    let known = BOOK
        .iter()
        .copied()
        .flatten()
        .any(|(english, _)| plain(english).contains(line));
    known || ELSEWHERE.iter().any(|part| line.contains(part))
}

/// The sentences among a file's string literals, before its tests, with plain gaps.
fn spoken(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n").replace("\\\"", "\u{1}");
    let parts = code.split("\\\n").enumerate();
    let code: String = parts
        .map(|(at, part)| if at == 0 { part } else { part.trim_start() })
        .collect();
    let literals = code.split('"').skip(1).step_by(2);
    let lines = literals.map(|literal| {
        let mut line = String::new();
        let mut rest = literal;
        while let Some((head, after)) = rest.split_once('{') {
            line.push_str(head);
            line.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        (line + rest).replace('\u{1}', "\"")
    });
    let is_sentence = |line: &String| {
        line.split(' ')
            .filter(|word| word.len() > 1 && word.bytes().all(|c| c.is_ascii_lowercase()))
            .count()
            > 2
    };
    lines.filter(is_sentence).collect()
}

/// Parts of sentences that no operator is told, or that stand in the journal only.
const ELSEWHERE: &[&str] = &[
    "the act at hand",
    "the tenant's list of leavers",
    "door or group of doors",
    "log reconcile: ",
    "the card whose number is sealed in the register",
    "the tag of another card",
    "vendor {}-{}",
    ", over its key",
    "cards that wait as",
    "what {} asks for",
    // Said as two or three lines, each of them known.
    "{} {} lost since {}",
    "{} host was let in here within {} s",
    "the door is in mode {} {}",
    "{}; the door's level is {}",
    "has not answered yet; {}",
];
