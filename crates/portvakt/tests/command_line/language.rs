//! Norwegian everywhere: sample answers of every verb, in which no English is left.

use control::Reply;

use crate::fake_daemon::{Answers, FakeDaemon, reply};
use crate::refused;
use control::Code;

/// A verb, and what the daemon answers to it in these samples.
const SAMPLES: &[(&str, Answers)] = &[
    ("status", |_, _| vec![reply(STATUS)]),
    ("card list", |_, _| rows(&[CARD])),
    ("card show P-3F7K2Q", |_, _| vec![reply(SHOWN)]),
    ("card block P-3F7K2Q --reason x", |_, _| {
        vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"blocked"}"#,
        )]
    }),
    ("card lost P-3F7K2Q", |_, _| {
        vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"lost","charge":{"voucher":"2026-0007","tenant":"Kommunen","ore":40000}}"#,
        )]
    }),
    ("card return P-3F7K2Q", |_, _| {
        vec![reply(
            r#"{"reply":"changed","issuance":"P-3F7K2Q","state":"returned","was_lost":true,"unexported":1}"#,
        )]
    }),
    ("card trace --stock S-014", |_, _| {
        vec![reply(
            r#"{"reply":"traced","stock":{"stock":"S-014","state":"lost","issuance":"P-3F7K2Q"}}"#,
        )]
    }),
    ("card stock list", |_, _| {
        rows(&[r#"{"stock":{"stock":"S-014","state":"in-house"}}"#])
    }),
    ("charge list", |_, _| {
        rows(&[
            r#"{"charge":{"voucher":"2026-0008","at":"2026-11-22T08:00:00.000000Z","tenant":"Kommunen","kind":"lost-card","ore":40000}}"#,
        ])
    }),
    ("right list P-3F7K2Q", |_, _| {
        rows(&[
            r#"{"right":{"place":"yard","justified_at":"2026-11-22T08:00:00.000000Z","lapsed":true}}"#,
        ])
    }),
    ("door list", |_, _| {
        rows(&[
            r#"{"door":{"door":"main","mode":"card+pin","by":"configuration","class":"strict","entry":["main-in"],"strike":"main-in:0","ready":true,"open":false,"open_for_ms":5000}}"#,
            r#"{"door":{"door":"side","mode":"locked","by":"first card of office","class":"standard","entry":["side-in"],"strike":"side-in:0","ready":false,"open":true,"open_for_ms":5000,"locked_down":true}}"#,
        ])
    }),
    ("line list", |_, _| {
        rows(&[
            r#"{"line":{"line":"north","device":"/dev/ttyUSB0","protocol":"osdp","baud":115200,"up":false,"readers":2,"online":1,"frames":9,"noise_octets":0,"bad_frames":0}}"#,
        ])
    }),
    ("area list", |_, _| {
        rows(&[
            r#"{"area":{"area":"loftet","inside":3,"passback":"soft","into":["loft-in"],"out_of":["loft-out"]}}"#,
        ])
    }),
    ("area muster", |_, _| {
        rows(&[
            r#"{"inside":{"area":"loftet","issuance":"P-3F7K2Q","since":"2026-11-22T08:00:00.000000Z","reader":"loft-in"}}"#,
        ])
    }),
    ("tenant list", |_, _| {
        rows(&[
            r#"{"tenant":{"tenant":"Kommunen","contacts":[{"name":"Ola","mobile":"1","responsible":true}],"cards":7}}"#,
        ])
    }),
    ("operator list", |_, _| {
        rows(&[
            r#"{"operator":{"operator":"rita","uid":1002,"roles":["receptionist","reception-staff"],"delegations":[{"role":"daily-manager","from":"2026-12-24T00:00:00.000000Z","until":"2026-12-27T00:00:00.000000Z","by":"dina"}]}}"#,
        ])
    }),
    ("review list", |_, _| {
        rows(&[
            r#"{"review":{"review":3,"quarter":"2026-Q4","opened_at":"2026-11-22T08:00:00.000000Z","opened_by":"kari","cards":12,"rights":30,"undecided":{"cards":1,"rights":2}}}"#,
        ])
    }),
    ("review show", |_, _| {
        rows(&[
            r#"{"review-item":{"issuance":"P-3F7K2Q","kind":"employee","state":"active","tenant":"Kommunen","changed":true,"decided":"change","rights":[{"place":"yard","lapsed":true},{"place":"main","later":true},{"place":"side","decided":"revoke"}]}}"#,
        ])
    }),
    ("retention show", |_, _| {
        rows(&[r#"{"retention":{"class":"passage","keep":"90d","at_most":"2y","first":812}}"#])
    }),
    ("schedule list", |_, _| {
        rows(&[
            r#"{"schedule":{"schedule":"kontor","zone":"Europe/Oslo","windows":["mon-fri 08:00-16:00"],"holds":true}}"#,
        ])
    }),
    ("holiday list", |_, _| {
        rows(&[r#"{"holiday":{"day":"12-25","kind":"holiday"}}"#])
    }),
    ("approval show A-12", |_, _| {
        vec![reply(
            r#"{"reply":"approval","row":{"approval":"A-12","verb":"card-block","asked_by":"rita","issuance":"P-3F7K2Q","since":"2026-11-22T08:00:00.000000Z","approvers":["kari"]},"doubt":"syk?","asked":[{"field":"reason","value":"borte"}]}"#,
        )]
    }),
    ("log show", |_, _| {
        rows(&[
            r#"{"event":{"index":7,"time":"2026-11-23T08:14:03.123456Z","class":"passage","event":"access-denied","door":"main","reader":"main-in","unknown":"00aa","bits":26,"reason":"unknown-card","clock":"unsynchronised","late":true}}"#,
            r#"{"event":{"index":8,"time":"2026-11-23T08:14:03.123456Z","class":"administration","event":"card-blocked","issuance":"P-3F7K2Q","operator":"kari","clock":"synchronised","erased":true}}"#,
        ])
    }),
    ("log status", |_, _| {
        vec![reply(
            r#"{"reply":"log-status","dir":"/var/lib/portvakt/log","origin":"o","verifier":"o+1+k","size":9,"root":"r","sealed":0,"durable":true}"#,
        )]
    }),
    ("why P-3F7K2Q main", |_, _| vec![reply(WHY)]),
    ("why P-3F7K2Q min", |_, _| {
        refused(Code::NotFound, "there is no door \"min\"; there are main")
    }),
    ("tenant add Staten --responsible Kari --mobile 9", |_, _| {
        refused(Code::Refused, "a tenant of that name exists")
    }),
    ("door open main --reason bud", |_, _| {
        refused(
            Code::Failed,
            "\"main\" stays shut: it is locked down; release it first",
        )
    }),
    // What never reaches the daemon.
    ("door explode", |_, _| Vec::new()),
    ("door list --all", |_, _| Vec::new()),
    ("card block", |_, _| Vec::new()),
    ("card block P-1 --reason x", |_, _| Vec::new()),
    ("card list --kind guest", |_, _| Vec::new()),
    ("card hold P-3F7K2Q --end --until +1d", |_, _| Vec::new()),
    ("operator add rita --role janitor", |_, _| Vec::new()),
    (
        "tenant rule Kommunen --employee-cards-by-hr maybe",
        |_, _| Vec::new(),
    ),
    ("door hours main --at office", |_, _| Vec::new()),
];

const STATUS: &str = r#"{"reply":"status","site":"Huset","daemon":"0.1.0","started":"2026-11-23T07:00:00Z","now":"2026-11-23T08:00:00Z","clock":"unsynchronised","generation":7,"cards":12,"overdue":1,"doors":2,"lines":2,"lines_up":1,"readers":3,"readers_online":2,"log":{"dir":"/log","origin":"o","verifier":"o+1+k","size":9,"root":"r","sealed":0,"durable":true},"register":"usable","warnings":["line \"north\" is down: not opened yet","1 card lost since 2026-11-22T08:00:00Z; see card list --state lost"]}"#;
const CARD: &str = r#"{"card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-22T08:00:00.000000Z","valid_until":"2026-11-22T15:00:00.000000Z"}}"#;
const SHOWN: &str = r#"{"reply":"card","issuance":"P-3F7K2Q","kind":"supplier","state":"lost","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-22T08:00:00.000000Z","lost_since":"2026-11-22T09:00:00.000000Z","name":"Kari","firm":"Rør AS","mobile":"9","contact":"Ola","identified_by":"kollega"}"#;
const WHY: &str = r#"{"reply":"why","issuance":"P-3F7K2Q","door":"main","at":"2026-11-23T08:00:00Z","generation":812,"clock":"synchronised","rules":[{"rule":"known","saw":"the card of P-3F7K2Q","verdict":"pass"},{"rule":"standing","saw":"the card is active","verdict":"pass"},{"rule":"validity","saw":"the card holds from 2026-11-21T08:00:00.000000Z until 2026-11-21T15:00:00.000000Z; it is 2026-11-23T08:00:00.000000Z","verdict":"expired","remedy":"the card is extended, or another is issued"},{"rule":"right","saw":"the right on door group \"yard\" holds always in the hours of schedule \"kontor\": mon-fri 08:00-16:00 (Europe/Oslo), where it is Mon 2026-11-23 17:00:00, a holiday; it is 2026-11-23T16:00:00.000000Z","verdict":"holiday","remedy":"the schedule's hours have come, or the card has a right with other hours (right grant)"}],"allowed":false,"reason":"expired","recorded":"outside-schedule","note":"Who was where, what was typed, and lockdowns are not of that moment but of now."}"#;

fn rows(rows: &[&str]) -> Vec<Reply> {
    let parts = rows.iter();
    let parts = parts.map(|row| reply(&format!(r#"{{"reply":"part","row":{row}}}"#)));
    parts.chain([Reply::End { rows: 1 }]).collect()
}

/// What is said on both outputs, a line each.
fn said(answers: Answers, lang: &str, line: &str) -> Vec<String> {
    let daemon = FakeDaemon::start(answers);
    let mut arguments = vec!["--lang", lang];
    arguments.extend(line.split(' '));
    let ran = daemon.run(&arguments);
    assert!(ran.code < 5, "{line}: {}", ran.err);
    let all = format!("{}{}", ran.out, ran.err);
    let home = daemon.dir.path().display().to_string();
    all.lines().map(|line| line.replace(&home, "")).collect()
}

#[test]
fn no_answer_in_norwegian_has_english_in_it() {
    let mut left = Vec::new();
    for (line, answers) in SAMPLES {
        for spoken in said(*answers, "nb", line) {
            // Behind these stands what is typed, and that is the same in every language.
            let own = TYPED.iter().fold(spoken.as_str(), |own, typed| {
                own.split(typed).next().unwrap_or_default()
            });
            let words = own.split([' ', ',', ';', ':', '(', ')', '«', '»', '=']);
            let words = words.filter(|word| ENGLISH.contains(word));
            left.extend(words.map(|word| format!("{line}: {word} in {spoken}")));
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn no_line_is_the_same_in_both_languages() {
    for (line, answers) in SAMPLES {
        let english = said(*answers, "en", line);
        for spoken in said(*answers, "nb", line) {
            let same = english.contains(&spoken);
            let listed = SAME_IN_BOTH.iter().any(|same| spoken.starts_with(same));
            assert!(!same || listed, "{line}: {spoken:?}");
        }
    }
}

#[test]
fn a_wrong_command_line_says_what_would_be_right() {
    for (line, said_in_norwegian) in [
        ("door explode", "ukjent kommando «explode»"),
        ("door list --all", "ukjent valg eller ord «--all»"),
        ("card block P-3F7K2Q --reson x", "mente du --reason?"),
        ("card block P-3F7K2Q", "mangler: --reason <REASON>"),
        ("card list --lang nb --due=30.13.2026", "forstår ikke tiden"),
        ("--yes", "mangler en kommando"),
    ] {
        let spoken = said(|_, _| Vec::new(), "nb", line).join("\n");
        assert!(spoken.contains(said_in_norwegian), "{line}: {spoken}");
    }
}

#[test]
fn help_is_norwegian_on_standard_output_and_english_where_that_is_asked_for() {
    let daemon = FakeDaemon::start(|_, _| Vec::new());
    let ran = daemon.run(&["--lang", "nb", "card", "issue", "--help"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in ["Registrer en mottaker", "Bruk: portvakt card issue [VALG]"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let ran = daemon.run(&["--lang", "en", "card", "issue", "--help"]);
    assert!(ran.out.starts_with("Register a recipient"), "{}", ran.out);
}

/// What stands before something that is typed.
const TYPED: &[&str] = &[" se ", "bruk: ", "velg en av", "roller er", "skriv "];

/// Lines of names and figures only.
const SAME_IN_BOTH: &[&str] = &[
    "",
    "passback",
    "12-25",
    "register",
    "url",
    "log ",
    "S-014",
    "2026-11-22",
    "P-3F7K2Q  2026",
    "Kommunen",
    "yard",
    "hash",
    "rita",
];

/// Words that Norwegian has not, of sentences and of what the daemon sends.
const ENGLISH: &[&str] = &[
    "the",
    "The",
    "of",
    "is",
    "are",
    "was",
    "not",
    "and",
    "an",
    "it",
    "this",
    "with",
    "which",
    "no",
    "been",
    "has",
    "have",
    "its",
    "cannot",
    "must",
    "there",
    "already",
    "nothing",
    "error",
    "found",
    "invalid",
    "value",
    "unexpected",
    "argument",
    "required",
    "provided",
    "following",
    "Usage",
    "information",
    "tip",
    "similar",
    "unrecognized",
    "one",
    "up",
    "down",
    "online",
    "offline",
    "locked",
    "unlocked",
    "configuration",
    "strict",
    "ready",
    "closed",
    "open",
    "synchronised",
    "unsynchronised",
    "usable",
    "never",
    "durable",
    "generation",
    "pass",
    "expired",
    "holiday",
    "unknown-card",
    "access-denied",
    "card-blocked",
    "by",
    "late",
    "erased",
    "outside-schedule",
    "known",
    "standing",
    "validity",
    "active",
    "lost",
    "supplier",
    "soft",
    "receptionist",
    "daily-manager",
    "technician",
    "passage",
    "Mon",
    "reason",
    "doors",
    "until",
];
