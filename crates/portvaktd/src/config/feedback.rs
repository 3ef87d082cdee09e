//! Feedback: what readers show and sound to the person in front of them.

use std::time::Duration;

use reader_bus::{CAPTION_LEN_MAX, Caption, Feedback, LedColor, Light, Signal, Sound};
use toml::Spanned;

use super::table::{Document, Field, SignalTable};
use super::{Findings, period};

/// `[feedback]`: the usual patterns, but for those the file describes; each is described whole.
pub(crate) fn parse(document: &Document, findings: &mut Findings<'_>) -> Feedback {
    let mut feedback = Feedback::default();
    let Some(table) = &document.feedback else {
        return feedback;
    };
    let table = table.get_ref();
    let patterns = [
        ("granted", &table.granted, &mut feedback.granted),
        ("denied", &table.denied, &mut feedback.denied),
        ("wait", &table.wait, &mut feedback.wait),
        ("lockdown", &table.lockdown, &mut feedback.lockdown),
        ("second-card", &table.second_card, &mut feedback.second_card),
        ("held-soon", &table.held_soon, &mut feedback.held_soon),
    ];
    for (occasion, field, pattern) in patterns {
        if let Some(field) = field {
            *pattern = signal(field, &format!("[feedback] {occasion}"), findings);
        }
    }
    feedback
}

fn signal(field: &Spanned<SignalTable>, owner: &str, findings: &mut Findings<'_>) -> Signal {
    let table = field.get_ref();
    let limits = Duration::from_millis(100)..=Duration::from_secs(60);
    let key = format!("{owner}: for");
    let lasts = period::parse(table.lasts.as_ref(), &key, USUALLY, limits, findings);
    let time_100ms = u16::try_from(lasts.as_millis() / 100).unwrap_or(u16::MAX);
    let light = color(&table.light, owner, findings).map(|color| Light {
        color,
        blinks: table.blink.as_ref().is_some_and(|blink| *blink.get_ref()),
        time_100ms,
    });
    Signal {
        light,
        sound: beeps(&table.beeps, owner, findings),
        text: caption(&table.text, lasts, owner, findings),
    }
}

fn color(field: &Field<String>, owner: &str, findings: &mut Findings<'_>) -> Option<LedColor> {
    let field = field.as_ref()?;
    match field.get_ref().as_str() {
        "none" => None,
        "red" => Some(LedColor::Red),
        "green" => Some(LedColor::Green),
        "amber" => Some(LedColor::Amber),
        "blue" => Some(LedColor::Blue),
        "magenta" => Some(LedColor::Magenta),
        "cyan" => Some(LedColor::Cyan),
        "white" => Some(LedColor::White),
        other => {
            let what = format!(
                "{owner}: light = \"{other}\" is no colour of a reader; write red, green, amber, blue, magenta, cyan, white or none"
            );
            findings.add(&field.span(), what);
            None
        }
    }
}

fn beeps(field: &Field<i64>, owner: &str, findings: &mut Findings<'_>) -> Option<Sound> {
    let field = field.as_ref()?;
    match u8::try_from(*field.get_ref()) {
        Ok(0) => None,
        Ok(beeps @ 1..=BEEPS_MAX) => Some(Sound { beeps }),
        Ok(_) | Err(_) => {
            let what = format!(
                "{owner}: beeps = {} is out of range; write 0 to {BEEPS_MAX}",
                field.get_ref()
            );
            findings.add(&field.span(), what);
            None
        }
    }
}

fn caption(
    field: &Field<String>,
    lasts: Duration,
    owner: &str,
    findings: &mut Findings<'_>,
) -> Option<Caption> {
    let field = field.as_ref().filter(|field| !field.get_ref().is_empty())?;
    let time_s = u8::try_from(lasts.as_secs().max(1)).unwrap_or(u8::MAX);
    let caption = Caption::new(field.get_ref(), time_s);
    if caption.is_none() {
        let what = format!(
            "{owner}: text is 1 to {CAPTION_LEN_MAX} plain characters (letters a to z, digits, signs); displays have no others"
        );
        findings.add(&field.span(), what);
    }
    caption
}

const USUALLY: Duration = Duration::from_secs(2);
const BEEPS_MAX: u8 = 10;
