//! The page of a report: one HTML file without a script and without anything from elsewhere, to be printed from any browser.

use std::fmt::Write as _;

use control::Moment;
use control::reply::review::{ReviewDay, ReviewReport, ReviewSigned};
use control::request::review::ReviewVerdict;

use super::plot;
use super::tables::{Counts, Group, Tables};
use crate::escape::escaped;
use crate::text::{Caption, Lang};

/// All that stands on the paper.
pub(super) struct Paper<'a> {
    pub(super) lang: Lang,
    pub(super) head: &'a ReviewReport,
    pub(super) days: &'a [ReviewDay],
    pub(super) tables: &'a Tables,
    /// An instant as people read it.
    pub(super) shown: &'a dyn Fn(Moment) -> String,
}

impl Paper<'_> {
    /// The file.
    pub(super) fn html(&self) -> String {
        let (review, lang) = (&self.head.review, self.lang.code());
        let title = format!(
            "{}, {}",
            self.of(Caption::ReviewTitle),
            escaped(&review.quarter)
        );
        let marks = self.marks();
        let sections = [
            format!("<h1>{title}</h1>\n{}", self.facts()),
            self.section(Caption::Totals, &self.totals()),
            self.section(Caption::Plot, &self.plot()),
            self.section(Caption::ByTenant, &self.by_tenant()),
            self.section(Caption::Single, &self.single()),
            self.section(Caption::Proof, &self.proof()),
        ];
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <div class=\"paper\">\n<header><div class=\"marks\">{marks}</div></header>\n<main>\n{}</main>\n\
             <footer><div class=\"marks\">{marks}</div></footer>\n</div>\n\
             </body>\n</html>\n",
            sections.concat()
        )
    }

    /// A caption, ready for the page.
    fn of(&self, caption: Caption) -> String {
        escaped(self.lang.caption(caption))
    }

    fn section(&self, heading: Caption, content: &str) -> String {
        format!(
            "<section>\n<h2>{}</h2>\n{content}</section>\n",
            self.of(heading)
        )
    }

    fn note(&self, caption: Caption) -> String {
        format!("<p class=\"note\">{}</p>\n", self.of(caption))
    }

    /// Classification and information owner (M35), with room to write where the configuration does not say.
    fn marks(&self) -> String {
        let mark = |caption, said: &Option<String>| {
            let said = said.as_deref().map_or_else(
                || "<span class=\"blank\"></span>".to_owned(),
                |said| format!("<b>{}</b>", escaped(said)),
            );
            format!("<span>{}: {said}</span>", self.of(caption))
        };
        [
            mark(Caption::Classification, &self.head.classification),
            mark(Caption::InformationOwner, &self.head.information_owner),
        ]
        .concat()
    }

    fn facts(&self) -> String {
        let review = &self.head.review;
        let by = |at, who: &str| {
            let (at, by) = ((self.shown)(at), self.lang.caption(Caption::By));
            escaped(&format!("{at}, {by} {who}"))
        };
        let at_opening = format!(
            "{} {}, {} {}",
            review.cards,
            self.of(Caption::Cards),
            review.rights,
            self.of(Caption::Rights)
        );
        let mut facts = vec![
            (Caption::House, escaped(&self.head.site)),
            (Caption::Quarter, escaped(&review.quarter)),
            (Caption::Number, review.review.to_string()),
            (Caption::Opened, by(review.opened_at, &review.opened_by)),
            (Caption::AtOpening, at_opening),
        ];
        if let Some(signed) = &review.signed {
            facts.push((Caption::Signed, by(signed.at, &signed.by)));
            facts.push((Caption::Own, signed.own.to_string()));
        }
        let warning = if review.signed.is_some() {
            String::new()
        } else {
            format!("<p class=\"open\">{}</p>\n", self.of(Caption::NotSigned))
        };
        let pseudonymous = self.note(Caption::Pseudonymous);
        format!("{warning}{}{pseudonymous}", self.listed(&facts))
    }

    fn listed(&self, facts: &[(Caption, String)]) -> String {
        let mut html = String::from("<dl>\n");
        for (caption, said) in facts {
            // Writing to a string does not fail.
            let _written = writeln!(html, "<dt>{}</dt><dd>{said}</dd>", self.of(*caption));
        }
        html + "</dl>\n"
    }

    /// Signed figures where there are some; otherwise those of the tables.
    fn totals(&self) -> String {
        let mut rows: Vec<(String, Counts, Counts)> = Vec::new();
        let note = match &self.head.review.signed {
            Some(signed) => {
                rows.extend(signed_rows(signed, self.lang));
                Caption::TotalsNote
            }
            None => {
                for kind in control::CardKind::ALL {
                    let groups = self
                        .tables
                        .groups
                        .values()
                        .filter(|group| group.kind == kind);
                    let (cards, rights) = summed(groups);
                    if (cards, rights) != Default::default() {
                        rows.push((self.lang.kind(kind).to_owned(), cards, rights));
                    }
                }
                Caption::OpenTotalsNote
            }
        };
        let with_undecided = self.head.review.signed.is_none();
        let rows = rows
            .into_iter()
            .map(|(kind, cards, rights)| (vec![kind], cards, rights));
        let rows: Vec<Line> = rows.collect();
        self.counted(&[Caption::Kind], &rows, with_undecided) + &self.note(note)
    }

    fn by_tenant(&self) -> String {
        let groups = self.tables.groups.iter();
        let rows = groups.map(|((tenant, _), group)| {
            let names = vec![tenant.clone(), self.lang.kind(group.kind).to_owned()];
            (names, group.cards, group.rights)
        });
        let rows: Vec<Line> = rows.collect();
        let heads = [Caption::Tenant, Caption::Kind];
        let with_undecided = self.head.review.signed.is_none();
        self.counted(&heads, &rows, with_undecided) + &self.note(Caption::TableNote)
    }

    /// A table of counts with its sums.
    fn counted(&self, heads: &[Caption], rows: &[Line], with_undecided: bool) -> String {
        let columns = if with_undecided { 4 } else { 3 };
        let names = [
            Caption::Kept,
            Caption::Changed,
            Caption::Revoked,
            Caption::Undecided,
        ];
        let mut html = String::from("<table>\n<thead><tr>");
        for head in heads {
            let _written = write!(html, "<th rowspan=\"2\">{}</th>", self.of(*head));
        }
        for head in [Caption::CardsColumn, Caption::RightsColumn] {
            let head = self.of(head);
            let _written = write!(html, "<th class=\"over\" colspan=\"{columns}\">{head}</th>");
        }
        html.push_str("</tr>\n<tr>");
        for name in names.iter().take(columns).chain(names.iter().take(columns)) {
            let _written = write!(html, "<th class=\"count\">{}</th>", self.of(*name));
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        let (mut cards, mut rights) = (Counts::default(), Counts::default());
        for (names, of_cards, of_rights) in rows {
            html.push_str(&line(names, [*of_cards, *of_rights], columns));
            (cards, rights) = (cards.with(*of_cards), rights.with(*of_rights));
        }
        let mut sum = vec![self.lang.caption(Caption::Sum).to_owned()];
        sum.resize(heads.len(), String::new());
        html.push_str("</tbody>\n<tfoot>\n");
        html.push_str(&line(&sum, [cards, rights], columns));
        html + "</tfoot>\n</table>\n"
    }

    fn plot(&self) -> String {
        plot::panels(self.days, self.lang) + &self.note(Caption::PlotNote)
    }

    fn single(&self) -> String {
        let groups = self.tables.groups.iter();
        groups
            .map(|((tenant, _), group)| self.group(tenant, group))
            .collect()
    }

    fn group(&self, tenant: &str, group: &Group) -> String {
        let (tenant, kind) = (escaped(tenant), escaped(self.lang.kind(group.kind)));
        let mut html = format!("<h3>{tenant}, {kind}</h3>\n");
        if !group.single.is_empty() {
            let heads = [Caption::Issuance, Caption::Card, Caption::RightsColumn];
            let heads = heads.map(|head| format!("<th>{}</th>", self.of(head)));
            let _written = writeln!(html, "<table><thead><tr>{}</tr></thead>", heads.concat());
            for single in &group.single {
                let rights = single.rights.iter().map(|(place, verdict)| {
                    format!("{} <i>{}</i>", escaped(place), self.verdict(*verdict))
                });
                let rights: Vec<String> = rights.collect();
                let _written = writeln!(
                    html,
                    "<tr><td class=\"mono\">{}</td><td>{}</td><td>{}</td></tr>",
                    single.issuance,
                    self.verdict(single.card),
                    rights.join(", ")
                );
            }
            html.push_str("</table>\n");
        }
        if !group.kept.is_empty() {
            let kept: Vec<String> = group.kept.iter().map(ToString::to_string).collect();
            let (heading, kept) = (self.of(Caption::Kept), kept.join(" "));
            let _written = writeln!(
                html,
                "<p class=\"kept\">{heading}: <span class=\"mono\">{kept}</span></p>"
            );
        }
        if group.unlisted > 0 {
            let (number, note) = (group.unlisted, self.of(Caption::NotListed));
            let _written = writeln!(html, "<p class=\"note\">{number}: {note}</p>");
        }
        html
    }

    fn verdict(&self, verdict: Option<ReviewVerdict>) -> String {
        self.of(match verdict {
            Some(ReviewVerdict::Keep) => Caption::Kept,
            Some(ReviewVerdict::Change) => Caption::Changed,
            Some(ReviewVerdict::Revoke) => Caption::Revoked,
            None => Caption::Undecided,
        })
    }

    fn proof(&self) -> String {
        let review = &self.head.review;
        let mono = |text: &str| format!("<span class=\"mono\">{}</span>", escaped(text));
        let former = review.former.as_deref().map(mono);
        let former = former.unwrap_or_else(|| self.of(Caption::First));
        let mut facts = vec![(Caption::FormerHash, former)];
        if let Some(signed) = &review.signed {
            let log = format!(
                "{}<br>{} {} {}",
                escaped(&self.head.origin),
                signed.log_size,
                self.of(Caption::Records),
                mono(&signed.log_root)
            );
            facts.push((Caption::Log, log));
            facts.push((Caption::DecisionsHash, mono(&signed.decisions)));
            facts.push((Caption::Hash, mono(&signed.hash)));
        }
        let (note, line) = (
            self.note(Caption::ProofNote),
            self.of(Caption::PaperSignature),
        );
        let listed = self.listed(&facts);
        format!(
            "{listed}{note}<p class=\"sign\"><span class=\"blank wide\"></span><br>{line}</p>\n"
        )
    }
}

/// A row of a table of counts: what it is of, then cards and rights.
type Line = (Vec<String>, Counts, Counts);

fn line(names: &[String], counts: [Counts; 2], columns: usize) -> String {
    let mut html = String::from("<tr>");
    for name in names {
        let _written = write!(html, "<td>{}</td>", escaped(name));
    }
    for number in counts
        .iter()
        .flat_map(|counts| counts.each().into_iter().take(columns))
    {
        let class = if number == 0 { "count zero" } else { "count" };
        let _written = write!(html, "<td class=\"{class}\">{number}</td>");
    }
    html + "</tr>\n"
}

fn summed<'g>(groups: impl Iterator<Item = &'g Group>) -> (Counts, Counts) {
    groups.fold(
        Default::default(),
        |(cards, rights): (Counts, Counts), group| {
            (cards.with(group.cards), rights.with(group.rights))
        },
    )
}

fn signed_rows(signed: &ReviewSigned, lang: Lang) -> Vec<(String, Counts, Counts)> {
    let mut rows = Vec::new();
    for kind in control::CardKind::ALL {
        let (mut cards, mut rights) = (Counts::default(), Counts::default());
        for count in signed
            .counts
            .iter()
            .filter(|count| count.kind == kind.as_str())
        {
            let of = if count.of == "card" {
                &mut cards
            } else {
                &mut rights
            };
            of.add(Some(count.verdict), count.number);
        }
        if (cards, rights) != Default::default() {
            rows.push((lang.kind(kind).to_owned(), cards, rights));
        }
    }
    rows
}

/// For the screen and for A4; head and foot are on every printed page.
const STYLE: &str = include_str!("page.css");

#[cfg(test)]
mod tests;
