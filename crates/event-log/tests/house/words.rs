//! Words: what is wrong is said in one line, with what it is about, and differently for each thing.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io;

use event_log::read::Indexed;
use event_log::verify::Finding;
use event_log::witness::Declined;
use event_log::{
    Class, ExportError, Keep, LogError, LogFault, NoteError, PolicyError, ProofError, Recovery,
};

fn no_luck() -> io::Error {
    io::Error::other("no such luck")
}

/// Each with the words that must be in it.
fn told(all: &[(&dyn Display, &str)]) {
    let mut seen = BTreeSet::new();
    for (word, holds) in all {
        let said = word.to_string();
        assert!(said.contains(holds), "{said}");
        assert!(!said.contains('\n') && !said.ends_with('.'), "{said}");
        assert!(said.len() > 15 && seen.insert(said.clone()), "{said}");
    }
}

#[test]
fn what_is_wrong_with_a_log_is_said_with_where() {
    let damaged = LogError::Damaged {
        segment: 3,
        offset: 4_711,
        what: "no record".to_owned(),
    };
    let file = LogError::DamagedFile {
        file: "log/seals",
        what: "no seal",
    };
    let record = LogError::Record {
        index: 12,
        what: "no such person".to_owned(),
    };
    let truncated = LogError::Truncated {
        signed: 70,
        found: 69,
    };
    let io = LogError::Io {
        what: "a segment cannot be read",
        source: no_luck(),
    };
    told(&[
        (&LogError::Missing, "portvaktd init"),
        (&LogError::Exists, "never replaced"),
        (&LogError::Origin(NoteError::Name), "no space and no plus"),
        (&io, "a segment cannot be read: no such luck"),
        (&damaged, "segment 3, octet 4711: no record"),
        (&file, "log/seals: no seal"),
        (
            &truncated,
            "69 records, its own checkpoint was signed for 70",
        ),
        (&LogError::Inconsistent { signed: 70 }, "first 70 records"),
        (&record, "record 12: no such person"),
        (
            &LogError::Pruned { oldest: Some(5) },
            "oldest one there is 5",
        ),
        (&LogError::Pruned { oldest: None }, "ask again"),
        (&LogError::Early { cut: 9 }, "record 9"),
        (&LogError::TooLong, "does not fit"),
    ]);
    for (error, fault) in [
        (io, LogFault::Circumstances),
        (LogError::Early { cut: 1 }, LogFault::Circumstances),
        (LogError::Pruned { oldest: None }, LogFault::Left),
        (record, LogFault::Absent),
        (damaged, LogFault::Unsound),
    ] {
        assert_eq!(error.fault(), fault, "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_note_or_a_proof_is_said() {
    told(&[
        (&NoteError::Key, "NAME+01234567+BASE64"),
        (&NoteError::KeyId, "copy it again"),
        (&NoteError::Algorithm, "another kind"),
        (&NoteError::Name, "no space and no plus"),
        (&NoteError::Form, "no signed note"),
        (&NoteError::Long { actual: 99_999 }, "99999 octets"),
        (&NoteError::Unsigned, "not signed by the key given"),
        (&NoteError::Signature, "signature is wrong"),
        (&ProofError::Form, "no proof"),
        (
            &ProofError::Note(NoteError::Unsigned),
            "checkpoint: the note is not signed",
        ),
        (&ProofError::Origin, "another log"),
        (&ProofError::Index, "does not cover"),
        (&ProofError::Root, "signed root"),
    ]);
}

#[test]
fn why_a_witness_or_an_export_declines_is_said() {
    let io = ExportError::Io {
        path: "tile/0/000".to_owned(),
        source: no_luck(),
    };
    let foreign = ExportError::Foreign {
        name: "holiday.jpg".to_owned(),
    };
    let differs = ExportError::Differs {
        path: "tile/0/001".to_owned(),
    };
    let gap = ExportError::Gap {
        until: 300,
        first: 512,
    };
    told(&[
        (&Declined::Form, "no submission"),
        (&Declined::UnknownLog, "not watched"),
        (&Declined::Unsigned, "not signed by a known key"),
        (&Declined::OldSize, "above the checkpoint's"),
        (&Declined::Conflict { seen: 8 }, "first 8 records"),
        (&Declined::Fork { seen: 9 }, "first 9 records"),
        (&Declined::Inconsistent, "does not go on"),
        (
            &Declined::Memory(LogError::TooLong),
            "keep it in mind: the event",
        ),
        (&ExportError::Log(LogError::TooLong), "does not fit"),
        (&ExportError::Pruned { first: 300 }, "record 300"),
        (&gap, "300 records, and the first that can be added is 512"),
        (&io, "tile/0/000: no such luck"),
        (&foreign, "holiday.jpg"),
        (&ExportError::OtherLog, "another log"),
        (&ExportError::Longer, "more records than the log"),
        (&ExportError::OtherPast { size: 70 }, "first 70 records"),
        (&differs, "tile/0/001"),
    ]);
}

#[test]
fn policies_and_what_goes_on_record_are_said() {
    let length = PolicyError::Length {
        found: "3y".to_owned(),
    };
    let fixed = PolicyError::Fixed {
        class: Class::Administration,
    };
    let recovery = Recovery {
        octets: 31,
        hash: [0xA5; 32],
    };
    let indexed = Indexed {
        segment: 2,
        hash: [0x0B; 32],
        is_new: true,
    };
    let finding = Finding {
        index: Some(7),
        what: "it is not what was signed".to_owned(),
    };
    told(&[
        (&length, "\"3y\" is no time"),
        (&fixed, "administration"),
        (&recovery, "31 octets, SHA-256 a5a5"),
        (&indexed, "segment 2; SHA-256 of its index 0b0b"),
        (&finding, "record 7: it is not"),
    ]);
    assert_eq!(Keep::TwoYears.to_string(), "2y");
}
