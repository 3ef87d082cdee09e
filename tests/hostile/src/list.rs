//! Bodies of fuzz targets for what people write: the configuration, lists of cards, leavers and decisions, times; and what a
//! stranger asks a witness.

use portvakt::foreign::{self as desk, Http, Listed};
use portvaktd::foreign as daemon;

/// A configuration is taken or refused; a refusal is lines, each with its place; the same text twice is the same house.
pub fn configuration(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    match daemon::configuration(text) {
        Ok(()) => assert_eq!(daemon::needs_restart(text, text), Some(Vec::new())),
        Err(wrong) => {
            assert!(!wrong.is_empty(), "refused without a word");
            let lines = text.lines().count().max(1) + 1;
            wrong.iter().for_each(|told| check_finding(told, lines));
        }
    }
}

fn check_finding(told: &str, lines: usize) {
    let rest = told.strip_prefix("strange.toml:").expect("the file's name");
    assert!(is_one_line(told), "{told:?}");
    if let Some((line, _)) = rest.split_once(':')
        && let Ok(line) = line.parse::<usize>()
    {
        assert!((1..=lines).contains(&line), "{told:?} of {lines} lines");
    }
}

/// A list is read or refused; of a row that is not read the place is told, and nothing of what stands there. The first octet
/// chooses whose list it is.
pub fn lists(octets: &[u8]) {
    let Some((which, csv)) = octets.split_first() else {
        return;
    };
    let listed = match which % 3 {
        0 => desk::roster(csv),
        1 => desk::leavers(csv),
        _ => desk::decisions(csv).map(|rows| Listed {
            rows,
            ..Listed::default()
        }),
    };
    match listed {
        Ok(listed) => check_list(&listed, csv),
        Err(told) => assert!(is_one_line(&told) && !told.is_empty(), "{told:?}"),
    }
}

fn check_list(listed: &Listed, csv: &[u8]) {
    let told = u64::try_from(listed.problems.len()).expect("few");
    assert!(told <= listed.problems_total);
    let lines = csv.iter().filter(|octet| matches!(octet, b'\n' | b'\r'));
    let lines_max = u64::try_from(lines.count()).expect("few") + 2;
    for problem in &listed.problems {
        assert!((2..=lines_max).contains(&problem.line), "{problem:?}");
        assert!(is_one_line(&problem.message), "{problem:?}");
        assert!(!problem.message.contains(SOMEBODY), "{problem:?}");
    }
}

/// What is typed is taken or refused in one line; an instant that was taken is the same when it is written out, and where one
/// comes twice or not at all, what is proposed instead is taken.
pub fn desk_words(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    let exact = |text: &str| desk::moments(text).into_iter().next();
    for read in desk::moments(text) {
        match read {
            Ok(instant) => assert_eq!(exact(&instant), Some(Ok(instant))),
            Err(told) => {
                assert!(is_one_line(&told), "{told:?}");
                if let Some((_, either)) = told.split_once("; write ")
                    && (told.contains(" comes twice in ") || told.contains(" does not exist in "))
                    && !text.contains(" in ")
                {
                    let both = either.split_once(" or ").expect("two candidates");
                    assert!(exact(both.0).is_some_and(|read| read.is_ok()), "{told}");
                    assert!(exact(both.1).is_some_and(|read| read.is_ok()), "{told}");
                }
            }
        }
    }
    let taken = desk::words(text).into_iter().filter(|taken| *taken);
    // Bits are hex digits, a number has a colon, a length ends in a unit; a place is whatever is not empty.
    assert!(taken.count() <= 2, "{text:?}");
    assert!(desk::note_in(text).is_none_or(|_| text.contains("checkpoint=")));
    for (name, _) in daemon::users(text) {
        assert!(!name.is_empty() && !name.contains([':', '\n']));
    }
}

/// A request is the same whether it comes at once or bit by bit, as long as nothing follows it.
pub fn http_request(octets: &[u8]) {
    let Some((cut, octets)) = octets.split_first() else {
        return;
    };
    let Http::Whole(is_wanted, body) = desk::http(octets) else {
        return;
    };
    assert!(body.len() <= 64 << 10);
    let part = octets.len() * usize::from(*cut) / 256;
    match desk::http(&octets[..part]) {
        Http::Part => {}
        // Octets behind a request are none of its own.
        Http::Whole(was_wanted, earlier) => assert_eq!((was_wanted, earlier), (is_wanted, body)),
        Http::Bad => panic!("a good request was refused before it was whole"),
    }
}

/// Whether it is a line that a terminal and a journal show as it is.
fn is_one_line(told: &str) -> bool {
    !told.chars().any(char::is_control)
}

/// Whoever stands in the seeds of the lists.
const SOMEBODY: &str = "Kari";
