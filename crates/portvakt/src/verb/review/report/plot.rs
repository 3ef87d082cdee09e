//! The plot of a report: how many cards of each kind were out, one small panel a kind, drawn in the file itself.

use std::fmt::Write as _;

use control::CardKind;
use control::reply::review::ReviewDay;

use crate::escape::escaped;
use crate::text::{Caption, Lang};

/// The panels, two beside each other.
pub(super) fn panels(days: &[ReviewDay], lang: Lang) -> String {
    let mut html = String::from("<div class=\"panels\">\n");
    for (at, kind) in CardKind::ALL.into_iter().enumerate() {
        let values: Vec<u64> = days
            .iter()
            .filter_map(|day| day.out.get(at).copied())
            .collect();
        let name = escaped(lang.kind(kind));
        let drawn = if values.iter().any(|value| *value > 0) {
            Panel { days, values }.draw(&name)
        } else {
            format!(
                "<p class=\"none\">{}</p>",
                escaped(lang.caption(Caption::NoneOut))
            )
        };
        // Writing to a string does not fail.
        let _written = writeln!(
            html,
            "<figure><figcaption>{name}</figcaption>{drawn}</figure>"
        );
    }
    html.push_str("</div>\n");
    html
}

/// One kind over the days.
struct Panel<'a> {
    days: &'a [ReviewDay],
    values: Vec<u64>,
}

impl Panel<'_> {
    fn draw(&self, name: &str) -> String {
        let top = round_up(self.values.iter().copied().max().unwrap_or(1));
        let mut line = String::new();
        for (at, value) in self.values.iter().enumerate() {
            let (x, y) = (self.x(at), y(*value, top));
            let command = if at == 0 { 'M' } else { 'H' };
            // A step a day: the count of a day holds to its end.
            let _written = match command {
                'M' => write!(line, "M{LEFT} {y}H{}", self.x(at + 1)),
                _ => write!(line, "V{y}H{}", self.x(at + 1)),
            };
            debug_assert!(x <= self.x(at + 1));
        }
        let right = self.x(self.values.len());
        let mut svg =
            format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{name}\">\n");
        for part in [0, top / 2, top] {
            let y = y(part, top);
            let _written = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{END}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{part}</text>",
                LEFT - 5,
                y + 4
            );
        }
        svg.push_str(&self.months());
        let last = self.values.last().copied().unwrap_or_default();
        let _written = writeln!(
            svg,
            "<path class=\"area\" d=\"{line}V{BASE}H{LEFT}Z\"/><path class=\"line\" d=\"{line}\"/>\
             <text class=\"last\" x=\"{}\" y=\"{}\">{last}</text>\n</svg>",
            right + 4,
            y(last, top) + 5
        );
        svg
    }

    /// A mark at the first day of each month, and the month behind it.
    fn months(&self) -> String {
        let mut marks = String::new();
        for (at, day) in self.days.iter().enumerate() {
            let Some(month) = day.day.strip_suffix("-01") else {
                continue;
            };
            let x = self.x(at);
            let _written = writeln!(
                marks,
                "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{BASE}\" y2=\"{}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{}\">{}</text>",
                BASE + 4,
                x + 2,
                BASE + 15,
                escaped(month)
            );
        }
        marks
    }

    /// Where the day of this place begins; a quarter always takes the whole width.
    fn x(&self, at: usize) -> u64 {
        let at = u64::try_from(at).unwrap_or(u64::MAX).min(QUARTER_DAYS);
        LEFT + (END - LEFT) * at / QUARTER_DAYS
    }
}

/// Where a value stands, from the top.
fn y(value: u64, top: u64) -> u64 {
    let height = (BASE - TOP).saturating_mul(value) / top.max(1);
    BASE.saturating_sub(height)
}

/// The end of a scale: even, and one, two or five times a power of ten where it is long.
fn round_up(most: u64) -> u64 {
    let mut step = 2_u64;
    for factor in [2, 5, 2].into_iter().cycle().take(60) {
        // Four steps of a scale: little of it stays empty.
        let wanted = most.div_ceil(step).saturating_mul(step);
        if wanted / step <= 5 {
            return wanted.max(2);
        }
        // 2, 4, 20, 40, 200, …: each halves evenly.
        step = step.saturating_mul(factor);
    }
    most
}

const WIDTH: u64 = 360;
const HEIGHT: u64 = 150;
const LEFT: u64 = 40;
const END: u64 = 318;
const TOP: u64 = 12;
const BASE: u64 = 128;
/// A quarter has 90 to 92 days.
const QUARTER_DAYS: u64 = 92;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_holds_its_values_and_halves_evenly() {
        for most in (1..2_000).chain([999_999, 1_000_000, u64::from(u32::MAX)]) {
            let top = round_up(most);
            assert!(top >= most && top.is_multiple_of(2), "{most} {top}");
            assert!(top <= most * 2, "{most} {top}");
        }
    }

    #[test]
    fn a_kind_without_cards_has_no_axes() {
        let day = |day: &str, out| ReviewDay {
            day: day.to_owned(),
            out,
        };
        let days = [
            day("2026-10-01", [3, 0, 0, 0]),
            day("2026-10-02", [4, 0, 0, 0]),
        ];
        let html = panels(&days, Lang::En);
        assert_eq!(html.matches("<svg").count(), 1);
        assert_eq!(html.matches("none in this quarter").count(), 3);
        assert!(html.contains(">2026-10</text>") && html.contains(">4</text>"));
        assert_eq!(panels(&[], Lang::Nb).matches("<svg").count(), 0);
    }
}
