//! The page: one self-contained HTML file, without script and without anything from elsewhere.

use std::fmt::Write as _;

use control::reply::card::CardRow;
use control::reply::form::Form;
use control::reply::right::RightRow;
use control::{Moment, Private};

use crate::daemon::Daemon;
use crate::escape::escaped;
use crate::text::{FormText, Label, Lang};

/// The form in this language, times in the house's zone.
pub(super) fn draw(form: &Form, daemon: &Daemon, lang: Lang) -> String {
    drawn(form, &|moment| daemon.on_paper(moment), lang)
}

fn drawn(form: &Form, shown: &dyn Fn(Moment) -> String, lang: Lang) -> String {
    let mut page = String::new();
    let title = escaped(lang.form(FormText::Title));
    let site = escaped(&form.site);
    // Writing to a string does not fail.
    let _written = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title} {}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header><p>{site}</p><h1>{title}</h1></header>\n",
        lang.code(),
        form.card.issuance,
    );
    holder(&mut page, &form.card, shown, lang);
    doors(&mut page, &form.rights, shown, lang);
    duties(&mut page, lang);
    signatures(&mut page, lang);
    page.push_str("</body>\n</html>\n");
    page
}

fn holder(page: &mut String, card: &CardRow, shown: &dyn Fn(Moment) -> String, lang: Lang) {
    let private = |text: &Option<Private>| {
        text.as_ref()
            .map_or_else(String::new, |text| text.expose().to_owned())
    };
    let until = card
        .valid_until
        .map_or_else(|| lang.form(FormText::NoEnd).to_owned(), shown);
    let fields = [
        (Label::Issuance, card.issuance.to_string()),
        (Label::Kind, lang.kind(card.kind).to_owned()),
        (Label::Name, private(&card.name)),
        (Label::Firm, private(&card.firm)),
        (Label::Mobile, private(&card.mobile)),
        (Label::IdentifiedBy, private(&card.identified_by)),
        (Label::Tenant, card.tenant.clone()),
        (Label::Contact, private(&card.contact)),
        (Label::From, shown(card.valid_from)),
        (Label::Until, until),
    ];
    page.push_str("<table class=\"fields\">\n");
    for (label, value) in fields {
        row(page, "th", &[&capitalised(lang.label(label)), &value]);
    }
    page.push_str("</table>\n");
}

fn doors(page: &mut String, rights: &[RightRow], shown: &dyn Fn(Moment) -> String, lang: Lang) {
    page.push_str("<table class=\"doors\">\n");
    let headings = [Label::Place, Label::Schedule, Label::From, Label::Until];
    let headings = headings.map(|label| capitalised(lang.label(label)));
    let cells: String = headings.map(|it| format!("<th>{it}</th>")).concat();
    let _written = writeln!(page, "<tr>{cells}</tr>");
    for right in rights {
        let hours = right.schedule.as_deref();
        let hours = hours.unwrap_or_else(|| lang.form(FormText::AnyHour));
        let from = right.valid_from.map_or_else(|| "–".to_owned(), shown);
        let until = right
            .valid_until
            .map_or_else(|| lang.form(FormText::AsLongAsTheCard).to_owned(), shown);
        row(page, "td", &[&right.place, hours, &from, &until]);
    }
    page.push_str("</table>\n");
}

fn duties(page: &mut String, lang: Lang) {
    let heading = escaped(lang.form(FormText::Duties));
    let _written = writeln!(page, "<h2>{heading}</h2>\n<ul>");
    for duty in [
        FormText::Return,
        FormText::Lost,
        FormText::Personal,
        FormText::Privacy,
    ] {
        let _written = writeln!(page, "<li>{}</li>", escaped(lang.form(duty)));
    }
    page.push_str("</ul>\n");
}

fn signatures(page: &mut String, lang: Lang) {
    let text = |it| escaped(lang.form(it));
    let _written = writeln!(
        page,
        "<p>{}</p>\n<div class=\"lines\"><p class=\"long\">{}</p><p>{}</p></div>\n<div class=\"lines\"><p class=\"long\">{}</p></div>",
        text(FormText::Declaration),
        text(FormText::Signature),
        text(FormText::Date),
        text(FormText::Returned),
    );
}

/// As a line of a form begins.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A row whose first cell is a `first`.
fn row(page: &mut String, first: &str, cells: &[&str]) {
    page.push_str("<tr>");
    let names = std::iter::once(first).chain(std::iter::repeat("td"));
    for (name, cell) in names.zip(cells) {
        let _written = write!(page, "<{name}>{}</{name}>", escaped(cell));
    }
    page.push_str("</tr>\n");
}

const STYLE: &str = "
@page { size: A4; margin: 20mm }
body { font: 11pt/1.45 sans-serif; color: #000; background: #fff; max-width: 170mm; margin: 2em auto }
header { border-bottom: 2px solid #000; margin-bottom: 1.2em }
header p { margin: 0; font-size: 12pt }
h1 { font-size: 18pt; margin: 0 0 .3em }
h2 { font-size: 12pt; margin: 1.4em 0 .3em }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.2em }
th, td { text-align: left; vertical-align: top; padding: .3em .6em .3em 0; border-bottom: 1px solid #bbb; overflow-wrap: anywhere }
.fields th { width: 32%; font-weight: normal; color: #444 }
.doors tr { break-inside: avoid }
ul { margin: 0 0 1.2em; padding-left: 1.2em }
.lines { display: flex; gap: 12mm; break-inside: avoid; margin-top: 16mm }
.lines p { flex: 1; margin: 0; border-top: 1px solid #000; padding-top: .2em; font-size: 9pt }
.lines .long { flex: 2 }
";

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        serde_json::from_str(
            r#"{"site":"Kommunenes \"Hus\"","card":{"issuance":"P-3F7K2Q","kind":"supplier","state":"active","tenant":"R & D",
            "doors":["main"],"valid_from":"2026-11-23T08:00:00Z","valid_until":"2026-11-23T15:00:00Z",
            "name":"<script>alert(1)</script>","firm":"Rør AS","mobile":"'900'","contact":"Ola","identified_by":"pass"},
            "rights":[{"place":"main"},{"place":"yard","schedule":"office","valid_from":"2026-11-23T08:00:00Z"}]}"#,
        )
        .unwrap()
    }

    fn page(lang: Lang) -> String {
        drawn(&form(), &|moment| moment.to_string(), lang)
    }

    #[test]
    fn m07_the_form_has_every_field_and_the_duty_to_return_the_card() {
        for (lang, duty) in [
            (Lang::En, "returned to the reception"),
            (Lang::Nb, "leveres tilbake i resepsjonen"),
        ] {
            let page = page(lang);
            for said in [
                "P-3F7K2Q",
                "Rør AS",
                "R &amp; D",
                "yard",
                "office",
                "2026-11-23T15:00",
                duty,
                &escaped(lang.form(FormText::Signature)),
                lang.kind(control::CardKind::Supplier),
            ] {
                assert!(page.contains(said), "{said} in {page}");
            }
        }
    }

    #[test]
    fn nothing_that_was_typed_becomes_markup_and_nothing_comes_from_elsewhere() {
        let page = page(Lang::En);
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("&#39;900&#39;") && page.contains("Kommunenes &quot;Hus&quot;"));
        for forbidden in [
            "<script", "src=", "href=", "url(", "@import", "http:", "https:",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }
}
