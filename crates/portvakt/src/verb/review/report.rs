//! `portvakt review report`.

mod page;
mod plot;
mod tables;

use std::path::PathBuf;

use clap::Args;
use control::reply::review::ReviewDay;
use control::request::review::ReviewRequest;
use control::{Request, Row};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::private_file;
use crate::text::{AboutReview, Say};
use page::Paper;
use tables::Tables;

/// Print a review as one HTML file, under pseudonyms
///
/// Counts, decisions by tenant and kind, the cards that were out over the quarter, who
/// signed when, and the hashes. The file needs nothing beside it and holds no script; print
/// it from any browser. In head and foot stand classification and information owner, from
/// [site] of the configuration or to be written by hand. That it was printed is logged.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Report {
    /// The review [default: the open one, or else the newest]
    review: Option<u32>,
    /// Into this file, which only you may read
    #[arg(long, value_name = "FILE.html")]
    to: PathBuf,
}

impl Report {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        private_file::may_replace(desk, &self.to)?;
        let mut daemon = desk.connect()?;
        let (mut head, mut days) = (None, Vec::<ReviewDay>::new());
        let mut tables = Tables::default();
        let review = self.review;
        let request = Request::Review(ReviewRequest::Report { review });
        daemon.rows(request, &mut |_, row| {
            if let Row::ReviewItem(item) = row {
                tables.add(&item);
            } else if let Row::ReviewDay(day) = row {
                days.push(day);
            } else if let Row::ReviewReport(report) = row {
                head = Some(*report);
            } else {
                let what = "the daemon sent a row that was not asked for";
                return Err(Failure::failed(what));
            }
            Ok(())
        })?;
        let head = head.ok_or_else(|| Failure::failed("the daemon sent no report"))?;
        let paper = Paper {
            lang: desk.lang,
            head: &head,
            days: &days,
            tables: &tables,
            shown: &|moment| daemon.shown(moment),
        };
        let file = self.to.display().to_string();
        private_file::write(&self.to, &paper.html())?;
        if desk.out.is_json() {
            let review = head.review.review;
            let said = serde_json::json!({ "review": review, "file": file });
            return desk.out.json(&said);
        }
        let said = Say::AboutReview(AboutReview::Written { file: &file });
        desk.out.line(&desk.lang.say(&said))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt review report --to 2026-q4.html
  portvakt review report 4 --to 2026-q4.html --lang nb";
