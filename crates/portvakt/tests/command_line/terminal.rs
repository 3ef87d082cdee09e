//! A person at a terminal: what is asked there, what is typed, and what of it shows.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

use control::{Reply, Request};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::fake_daemon::{FakeDaemon, reply};

/// The person's end of a pseudo-terminal, with the command line at the other.
struct Terminal {
    own_end: File,
    /// Kept open: it says whether the terminal echoes, and what was shown last is read after the program has ended.
    far_end: OwnedFd,
    program: Child,
    shown: String,
}

impl Terminal {
    /// Starts the command line with these arguments, its input and its messages at the terminal.
    fn run(daemon: &FakeDaemon, arguments: &[&str]) -> Self {
        let own_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC);
        let own_end = own_end.unwrap();
        grantpt(&own_end).unwrap();
        unlockpt(&own_end).unwrap();
        let name = ptsname(&own_end, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let far_end = open(&name, flags, Mode::empty()).unwrap();
        let mut command = daemon.command(arguments);
        command
            .stdin(Stdio::from(far_end.try_clone().unwrap()))
            .stderr(Stdio::from(far_end.try_clone().unwrap()))
            .stdout(Stdio::piped());
        Self {
            own_end: File::from(own_end),
            far_end,
            program: command.spawn().unwrap(),
            shown: String::new(),
        }
    }

    /// Waits for a question, and types an answer. A hidden one waits for the terminal to stop its echo, which a person does
    /// not see either: whoever types ahead shows it.
    fn answer(&mut self, question: &str, typed: &str, is_hidden: bool) {
        let before = self.shown.len();
        self.wait_until(|it| it.shown[before..].contains(question));
        self.wait_until(|it| it.echoes() != is_hidden);
        self.own_end
            .write_all(format!("{typed}\n").as_bytes())
            .unwrap();
    }

    fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.far_end).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    fn wait_until(&mut self, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..WAITS_MAX {
            if is_so(self) {
                return;
            }
            self.read();
        }
        panic!("not within the time; the terminal shows: {}", self.shown);
    }

    /// Takes what is shown within a moment.
    fn read(&mut self) {
        let moment = Timespec {
            tv_sec: 0,
            tv_nsec: 10_000_000,
        };
        let mut ends = [PollFd::new(&self.own_end, PollFlags::IN)];
        if poll(&mut ends, Some(&moment)).unwrap() > 0 {
            let mut octets = [0; 1_024];
            let len = self.own_end.read(&mut octets).unwrap();
            self.shown += &String::from_utf8_lossy(&octets[..len]);
        }
    }

    /// The exit code, what was written for scripts, and all that the terminal showed.
    fn ended(mut self) -> (i32, String, String) {
        let mut code = None;
        for _ in 0..WAITS_MAX {
            self.read();
            code = self.program.try_wait().unwrap();
            if code.is_some() {
                break;
            }
        }
        // What was written last is there already.
        self.read();
        assert!(self.echoes(), "the terminal is left without its echo");
        let mut out = String::new();
        let mut pipe = self.program.stdout.take().unwrap();
        pipe.read_to_string(&mut out).unwrap();
        let code = code.unwrap().code().unwrap_or(-1);
        (code, out, self.shown)
    }
}

/// Moments of ten milliseconds that a program may take on a busy machine.
const WAITS_MAX: usize = 1_000;

fn pin_set(request: &Request, _: bool) -> Vec<Reply> {
    assert!(matches!(request, Request::CardPin(_)));
    vec![reply(
        r#"{"reply":"pin-set","issuance":"P-3F7K2Q","number":"204518"}"#,
    )]
}

#[test]
fn a_pin_is_typed_twice_and_shown_nowhere() {
    let daemon = FakeDaemon::start(pin_set);
    let mut terminal = Terminal::run(&daemon, &["card", "pin", "set", "P-3F7K2Q", "--duress"]);
    for (question, typed) in [
        ("PIN (not shown)", "15926837"),
        ("once more", "15926837"),
        ("duress PIN", "26041593"),
        ("once more", "26041593"),
    ] {
        terminal.answer(question, typed, true);
    }
    let (code, out, shown) = terminal.ended();
    assert_eq!(code, 0, "{shown}");
    assert!(out.contains("204518"), "{out}");
    for pin in ["15926837", "26041593"] {
        assert!(!shown.contains(pin) && !out.contains(pin), "{shown}{out}");
    }
    assert_eq!(
        daemon.asked(),
        [
            r#"{"request":{"act":"set","duress":"26041593","issuance":"P-3F7K2Q","pin":"15926837","verb":"card-pin"}}"#
        ]
    );
}

#[test]
fn two_pins_that_differ_are_not_sent() {
    let daemon = FakeDaemon::start(pin_set);
    let mut terminal = Terminal::run(&daemon, &["card", "pin", "set", "P-3F7K2Q"]);
    terminal.answer("PIN (not shown)", "15926837", true);
    terminal.answer("once more", "15926838", true);
    let (code, out, shown) = terminal.ended();
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(!shown.contains("1592"), "{shown}");
    assert!(daemon.asked().is_empty());
}

fn issued(request: &Request, _: bool) -> Vec<Reply> {
    if matches!(request, Request::CardIssue(_)) {
        return vec![reply(
            r#"{"reply":"issued","issuance":"P-1111AA","kind":"forgotten","state":"ordered","tenant":"Kommunen","doors":["main"],"valid_from":"2026-11-23T08:00:00Z","valid_until":"2026-11-23T15:00:00Z"}"#,
        )];
    }
    vec![Reply::End { rows: 0 }]
}

#[test]
fn the_card_left_at_home_is_asked_for_until_it_is_one_or_left_out() {
    let form = "card issue --kind forgotten --name K --firm F --mobile 9 --contact O --tenant T --door main";
    let form: Vec<&str> = form.split(' ').collect();
    for (answers, sent) in [
        (&["P-1", "P-3F7K2Q"][..], r#""instead_of":"P-3F7K2Q","#),
        (&[""][..], ""),
    ] {
        let daemon = FakeDaemon::start(issued);
        let mut terminal = Terminal::run(&daemon, &form);
        for answer in answers {
            terminal.answer("the card left at home", answer, false);
        }
        terminal.answer("identified by", "passport", false);
        terminal.answer("are you unsure", "", false);
        terminal.answer("today 16:00", "", false);
        terminal.answer("at which reader", "", false);
        let (code, _, shown) = terminal.ended();
        assert_eq!(code, 0, "{shown}");
        let asked = daemon.asked().concat();
        let sent = format!(r#""identified_by":"passport",{sent}"kind":"forgotten""#);
        assert!(asked.contains(&sent), "{asked}");
    }
}

fn house(request: &Request, dry_run: bool) -> Vec<Reply> {
    let rows: &[&str] = if matches!(request, Request::TenantList {}) {
        &[r#"{"tenant":{"tenant":"Kommunen","contacts":[{"name":"Ola Hansen","mobile":"1"}]}}"#]
    } else {
        return issued(request, dry_run);
    };
    let rows = rows
        .iter()
        .map(|row| reply(&format!(r#"{{"reply":"part","row":{row}}}"#)));
    rows.chain([Reply::End { rows: 1 }]).collect()
}

#[test]
fn a_visitor_is_issued_a_card_by_answering_and_enter_takes_what_is_usual() {
    let daemon = FakeDaemon::start(house);
    let mut terminal = Terminal::run(&daemon, &["--lang", "nb", "card", "issue"]);
    for (question, typed) in [
        ("Enter: leverandør", ""),
        ("navn", "Kari"),
        ("firma", "Rør AS"),
        ("mobil", "9"),
        ("leietaker (Enter: Kommunen)", "Staten"),
        ("velg en av: Kommunen", ""),
        ("kontaktperson (Enter: Ola Hansen)", "ola"),
        ("dører", "main, yard"),
        ("identifisert ved", "pass"),
        ("er du usikker", "n"),
        ("Enter: i dag 16:00", "i går 12:00"),
        ("er allerede passert", ""),
        ("hvilken leser", ""),
    ] {
        terminal.answer(question, typed, false);
    }
    let (code, _, shown) = terminal.ended();
    assert_eq!(code, 0, "{shown}");
    let asked = daemon.asked().concat();
    for sent in [
        r#""contact":"Ola Hansen""#,
        r#""doors":["main","yard"]"#,
        r#""kind":"supplier""#,
        r#""tenant":"Kommunen""#,
        r#""valid_until":"2026-11-23T15:00:00.000000Z""#,
    ] {
        assert!(asked.contains(sent), "{sent} in {asked}");
    }
}

#[test]
fn m13_whoever_is_unsure_of_an_employee_says_so_and_no_card_is_asked_for() {
    let daemon = FakeDaemon::start(house);
    let mut terminal = Terminal::run(&daemon, &["card", "issue", "--kind", "employee"]);
    for (question, typed) in [
        ("name", "Kari"),
        ("firm", "Kommunen"),
        ("mobile", "9"),
        ("tenant", ""),
        ("contact", ""),
        ("doors", "main"),
        ("takes the place of", "P-9"),
        ("not an issuance", "P-3F7K2Q"),
        ("identified by", "nothing at hand"),
        ("are you unsure", "y"),
    ] {
        terminal.answer(question, typed, false);
    }
    let (code, _, shown) = terminal.ended();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("card vouch P-1111AA"), "{shown}");
    let asked = daemon.asked().concat();
    for sent in [r#""replaces":"P-3F7K2Q""#, r#""uncertain":true"#] {
        assert!(asked.contains(sent), "{sent} in {asked}");
    }
}
