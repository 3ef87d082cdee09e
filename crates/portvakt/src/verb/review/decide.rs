//! `portvakt review decide`.

use std::time::Duration;

use access::IssuanceId;
use clap::{ArgGroup, Args};
use control::reply::review::ReviewDecided;
use control::request::review::{
    DECISIONS_MAX, ReviewBulk, ReviewDecision, ReviewRequest, ReviewVerdict,
};
use control::{CardKind, Moment, Reply, Request};
use indicatif::{ProgressBar, ProgressStyle};

use super::decisions::{Numbered, read};
use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutReview, Label, Say};

/// Decide items of a review: keep, change or revoke
///
/// Of a card alone it decides the card and what of its rights is undecided; with a place
/// its rights there. What is revoked is carried out at once: the card is blocked, the right
/// taken away. A change names an earlier end (--until) or places that are taken away
/// (--without); what would widen is issuing. Rights that are lapsed are named one by one.
/// Many are decided alike by --tenant, --kind or --all, or one a row in a CSV file with the
/// columns issuance, verdict and reason, and place, until and without (separated by
/// semicolons) where wanted. What is stored stays, whenever that is interrupted.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("which").required(true).multiple(true)
    .args(["issuance", "tenant", "kind", "all", "file"]))]
#[command(group = ArgGroup::new("what").args(["keep", "change", "revoke"]))]
pub(crate) struct Decide {
    /// The review
    review: u32,
    /// The card, P-…
    #[arg(conflicts_with_all = ["tenant", "kind", "all", "file"])]
    issuance: Option<IssuanceId>,
    /// Its rights on this door or group only
    #[arg(requires = "issuance")]
    place: Option<String>,
    /// It stays as it is
    #[arg(long)]
    keep: bool,
    /// It stays, with an earlier end or fewer rights
    #[arg(long, requires = "issuance")]
    change: bool,
    /// It is taken away, at once
    #[arg(long)]
    revoke: bool,
    /// Of a change: the earlier end
    #[arg(
        long,
        value_name = "TIME",
        requires = "change",
        allow_hyphen_values = true
    )]
    until: Option<String>,
    /// Of a change: a place that is taken away from the card; repeat it, or separate them with commas
    #[arg(long, value_name = "PLACE", requires = "change", value_delimiter = ',')]
    without: Vec<String>,
    /// Every undecided card of this tenant
    #[arg(long, conflicts_with = "file")]
    tenant: Option<String>,
    /// Every undecided card of this kind
    #[arg(long, conflicts_with = "file")]
    kind: Option<CardKind>,
    /// Every undecided card
    #[arg(long, conflicts_with_all = ["tenant", "kind", "file"])]
    all: bool,
    /// Decisions in this CSV file, or - for standard input
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["what", "reason"])]
    file: Option<String>,
    /// Why; it is recorded
    #[arg(long, required_unless_present = "file")]
    reason: Option<String>,
}

impl Decide {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        let decided = match &self.file {
            Some(file) => {
                let decisions = read(file, &daemon.calendar())?;
                each(&mut daemon, self.review, decisions)?
            }
            None => self.alone_or_many(desk, &mut daemon)?,
        };
        if desk.out.is_json() {
            desk.out.json(&decided)?;
        } else {
            let (cards, rights) = (decided.cards, decided.rights);
            let say = Say::AboutReview(AboutReview::Decided { cards, rights });
            desk.out.line(&desk.lang.say(&say))?;
        }
        if decided.lapsed > 0 {
            let rights = decided.lapsed;
            desk.say(&Say::AboutReview(AboutReview::LapsedLeft { rights }));
        }
        desk.say_if_dry();
        Ok(())
    }

    fn alone_or_many(self, desk: &Desk, daemon: &mut Daemon) -> Result<ReviewDecided, Failure> {
        let verdict = match (self.keep, self.change, self.revoke) {
            (true, _, _) => ReviewVerdict::Keep,
            (_, true, _) => ReviewVerdict::Change,
            (_, _, true) => ReviewVerdict::Revoke,
            (false, false, false) => {
                return Err(Failure::usage("say --keep, --change or --revoke"));
            }
        };
        let reason = self.reason.unwrap_or_default();
        let Some(issuance) = self.issuance else {
            let bulk = ReviewBulk {
                review: self.review,
                tenant: self.tenant,
                kind: self.kind,
                verdict,
                reason,
            };
            return many(daemon, bulk);
        };
        let until = match self.until {
            Some(written) => {
                let moment = Moment::from(daemon.read_time(&written)?.timestamp());
                let instant = &daemon.shown(moment);
                let what = Label::Until;
                desk.say(&Say::Understood { what, instant });
                Some(moment)
            }
            None => None,
        };
        let decision = ReviewDecision {
            issuance,
            place: self.place,
            verdict,
            until,
            without: self.without,
            reason,
        };
        ask(daemon, self.review, vec![decision])
    }
}

fn ask(
    daemon: &mut Daemon,
    review: u32,
    decisions: Vec<ReviewDecision>,
) -> Result<ReviewDecided, Failure> {
    let reply = daemon.ask(Request::Review(ReviewRequest::Decide { review, decisions }))?;
    let Reply::ReviewDecided(decided) = reply else {
        return Err(Failure::unexpected(&reply));
    };
    Ok(decided)
}

/// Every decision of a file, as many at once as a request takes. Where one of them is refused, they go one by one up to it.
fn each(
    daemon: &mut Daemon,
    review: u32,
    decisions: Vec<Numbered>,
) -> Result<ReviewDecided, Failure> {
    let bar = progress_bar(u64::try_from(decisions.len()).unwrap_or(u64::MAX));
    let mut all = ReviewDecided::default();
    for some in decisions.chunks(DECISIONS_MAX) {
        let together = some.iter().map(|row| row.decision.clone()).collect();
        match ask(daemon, review, together) {
            Ok(decided) => add(&mut all, decided),
            Err(_) => {
                for row in some {
                    let decided = ask(daemon, review, vec![row.decision.clone()]);
                    add(
                        &mut all,
                        decided.map_err(|failure| failure.at_line(row.line))?,
                    );
                }
            }
        }
        bar.inc(u64::try_from(some.len()).unwrap_or_default());
    }
    bar.finish_and_clear();
    Ok(all)
}

fn many(daemon: &mut Daemon, bulk: ReviewBulk) -> Result<ReviewDecided, Failure> {
    daemon.send(Request::Review(ReviewRequest::DecideMany(bulk)))?;
    let bar = progress_bar(0);
    loop {
        let reply = daemon.client().receive_within(Some(PAGE_TIMEOUT));
        let reply = reply.inspect_err(|_| bar.finish_and_clear())?;
        if let Reply::ReviewDecided(decided) = reply {
            bar.finish_and_clear();
            return Ok(decided);
        }
        let Reply::Progress { done, total } = reply else {
            return Err(Failure::unexpected(&reply));
        };
        bar.set_length(total);
        bar.set_position(done);
    }
}

fn add(all: &mut ReviewDecided, more: ReviewDecided) {
    all.cards += more.cards;
    all.rights += more.rights;
    all.lapsed += more.lapsed;
}

/// Hidden by itself where standard error is no terminal.
fn progress_bar(rows: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(rows);
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// How long the daemon may take for a page of cards, with others before it.
const PAGE_TIMEOUT: Duration = Duration::from_secs(300);

const EXAMPLES: &str = "\
Examples:
  portvakt review decide 4 P-3F7K2Q --keep --reason 'works here'
  portvakt review decide 4 P-3F7K2Q cellar --revoke --reason 'reads no meters any more'
  portvakt review decide 4 P-3F7K2Q --change --until '24.12.2026 15:00' --reason 'leaves then'
  portvakt review decide 4 --tenant Kommunen --keep --reason 'all of them work here'
  portvakt review decide 4 --file decisions.csv";
