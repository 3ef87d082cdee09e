//! One event on one line, for people.

use control::reply::event::EventRow;

use crate::text::{Caption, Lang};

/// `2026-11-22 09:14:03  main  access-granted  P-3F7K2Q  ok`; `time` is already in the
/// site's zone. The quality of the clock is said only where it is not the best.
pub(crate) fn event_line(event: &EventRow, time: &str, lang: Lang) -> String {
    let place = event
        .door
        .as_deref()
        .or(event.reader.as_deref())
        .unwrap_or("-");
    let mut line = format!("{time}  {place:<16}  {:<18}", lang.word(&event.event));
    for part in [who(event, lang), said(event, lang)].into_iter().flatten() {
        line.push_str("  ");
        line.push_str(&part);
    }
    if event.clock != BEST_CLOCK {
        line.push_str("  ");
        line.push_str(&lang.told(&format!("(clock {})", event.clock)));
    }
    for (holds, word) in [(event.late, "late"), (event.erased, "erased")] {
        if holds {
            line.push_str(&format!("  ({})", lang.word(word)));
        }
    }
    line.trim_end().to_owned()
}

fn who(event: &EventRow, lang: Lang) -> Option<String> {
    let unknown = || {
        let tag = event.unknown.as_deref()?;
        let bits = event.bits.unwrap_or_default();
        Some(lang.told(&format!("unknown {tag} ({bits} bits)")))
    };
    let holder = event
        .issuance
        .map(|issuance| issuance.to_string())
        .or_else(unknown);
    let by = lang.caption(Caption::By);
    match (holder, &event.operator) {
        (Some(holder), Some(operator)) => Some(format!("{holder} {by} {operator}")),
        (None, Some(operator)) => Some(format!("{by} {operator}")),
        (holder, None) => holder,
    }
}

fn said(event: &EventRow, lang: Lang) -> Option<String> {
    let reason = event.reason.as_deref().map(|reason| lang.word(reason));
    match (reason, event.detail.as_deref()) {
        (Some(reason), Some(detail)) => Some(format!("{reason}: {detail}")),
        (reason, detail) => reason.or_else(|| detail.map(ToOwned::to_owned)),
    }
}

/// What the clock is said to be when all is well.
pub(crate) const BEST_CLOCK: &str = "synchronised";

#[cfg(test)]
mod tests {
    use super::*;

    fn line(json: &str) -> String {
        let base = r#"{"index":1,"time":"2026-11-22T08:14:03.123456Z","#;
        let event: EventRow = serde_json::from_str(&format!("{base}{json}}}")).unwrap();
        event_line(&event, "2026-11-22 09:14:03", Lang::En)
    }

    #[test]
    fn an_event_is_one_line_with_what_applies() {
        assert_eq!(
            line(
                r#""class":"passage","event":"access-granted","door":"main","reader":"main-in","issuance":"P-3F7K2Q","reason":"ok","generation":812,"clock":"synchronised""#
            ),
            "2026-11-22 09:14:03  main              access-granted      P-3F7K2Q  ok"
        );
        assert_eq!(
            line(
                r#""class":"passage","event":"access-denied","reader":"main-in","unknown":"00aa","bits":26,"reason":"unknown-card","clock":"unsynchronised""#
            ),
            "2026-11-22 09:14:03  main-in           access-denied       unknown 00aa (26 bits)  unknown-card  (clock unsynchronised)"
        );
        assert_eq!(
            line(
                r#""class":"administration","event":"card-blocked","issuance":"P-3F7K2Q","operator":"kari","detail":"left it","clock":"synchronised","late":true"#
            ),
            "2026-11-22 09:14:03  -                 card-blocked        P-3F7K2Q by kari  left it  (late)"
        );
        assert_eq!(
            line(r#""class":"system","event":"started","clock":"synchronised""#),
            "2026-11-22 09:14:03  -                 started"
        );
    }
}
