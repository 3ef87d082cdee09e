//! `portvakt review show`.

use clap::Args;
use control::reply::review::{ReviewItem, ReviewRight};
use control::request::review::{ReviewRequest, ReviewShow, ReviewVerdict};
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// The cards of a review with their rights, under pseudonyms
///
/// To decide no name is needed; card show tells one, and that is logged. Behind a right
/// stands what was decided of it, or that it is lapsed (nobody justified it for a year) or
/// for the next review (granted after this one was opened). A card of which something was
/// recorded since is marked as changed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The review [default: the open one, or else the newest]
    review: Option<u32>,
    /// Only cards of which something is undecided
    #[arg(long)]
    undecided: bool,
    /// Only cards of this tenant
    #[arg(long)]
    tenant: Option<String>,
}

impl Show {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let columns = [
            Label::Issuance,
            Label::State,
            Label::Kind,
            Label::Until,
            Label::Tenant,
            Label::Decided,
            Label::Rights,
        ];
        let (lang, sheet) = (desk.lang, Sheet::new(desk.lang, &columns));
        let request = ReviewRequest::Show(ReviewShow {
            review: self.review,
            undecided: self.undecided,
            tenant: self.tenant,
        });
        desk.list(Request::Review(request), sheet, &|daemon, row, sheet| {
            let Row::ReviewItem(item) = row else {
                return false;
            };
            let rights = item.rights.iter().map(|right| told(right, lang));
            sheet.row([
                item.issuance.to_string(),
                lang.state(item.state).to_owned(),
                lang.kind(item.kind).to_owned(),
                daemon.in_table(item.valid_until),
                item.tenant.clone(),
                of_card(item, lang),
                rights.collect::<Vec<_>>().join(", "),
            ]);
            true
        })
    }
}

fn of_card(item: &ReviewItem, lang: Lang) -> String {
    let decided = item.decided.map(|verdict| word(verdict, lang));
    let changed = item.changed.then(|| lang.label(Label::Changed));
    let words: Vec<&str> = decided.into_iter().chain(changed).collect();
    words.join(", ")
}

fn told(right: &ReviewRight, lang: Lang) -> String {
    let word = match right.decided {
        Some(verdict) => Some(word(verdict, lang)),
        None if right.later => Some(lang.label(Label::NextReview)),
        None if right.lapsed => Some(lang.label(Label::Lapsed)),
        None => None,
    };
    let place = &right.place;
    word.map_or_else(|| place.clone(), |word| format!("{place} ({word})"))
}

fn word(verdict: ReviewVerdict, lang: Lang) -> &'static str {
    lang.label(match verdict {
        ReviewVerdict::Keep => Label::Kept,
        ReviewVerdict::Change => Label::Changed,
        ReviewVerdict::Revoke => Label::Revoked,
    })
}

const EXAMPLES: &str = "\
Examples:
  portvakt review show
  portvakt review show --undecided --tenant Kommunen
  portvakt --json review show 4";
