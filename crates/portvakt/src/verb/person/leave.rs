//! `portvakt person leave`.

use access::IssuanceId;
use clap::Args;
use control::reply::person::LeavingRow;
use control::request::person::PersonRequest;
use control::{Private, Reply, Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{AboutTenant, Label, Phrase, Say};

/// Somebody leaves: their cards, PINs and rights as an operator end in one step
///
/// What they have is shown first: the card and what is linked with it, such as one that
/// stands in for it; and other cards of the same tenant, name and mobile, which end only
/// with --with-others. What ended is due back: card return forgets the holder.
///
/// With --operator an operator leaves: every role, training and delegation of theirs ends,
/// and the cards that are named as theirs. Another manager has to approve it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Leave {
    /// Any card of theirs, P-…; with --operator any number
    #[arg(value_name = "ISSUANCE", required_unless_present = "operator")]
    cards: Vec<IssuanceId>,
    /// End also the other cards of the same name and mobile
    #[arg(long, conflicts_with = "operator")]
    with_others: bool,
    /// The operator who leaves, by user name
    #[arg(long, value_name = "USER")]
    operator: Option<String>,
}

impl Leave {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match (self.operator, self.cards.as_slice()) {
            (Some(user), _) => leave_operator(desk, user, self.cards),
            (None, [issuance]) => {
                let holder = Holder {
                    issuance: *issuance,
                    with_others: self.with_others,
                };
                holder.leave(desk)
            }
            (None, _) => {
                let say = Say::AboutTenant(AboutTenant::OneCard);
                Err(Failure::usage(desk.lang.say(&say)))
            }
        }
    }
}

/// An operator is one no more, and the cards that are named as theirs end.
fn leave_operator(desk: &mut Desk, user: String, cards: Vec<IssuanceId>) -> Result<(), Failure> {
    if !desk.global.dry_run {
        let (user, cards) = (
            user.as_str(),
            u64::try_from(cards.len()).unwrap_or(u64::MAX),
        );
        desk.confirm(&Say::AboutTenant(AboutTenant::AskOperatorLeave {
            user,
            cards,
        }))?;
    }
    let request = PersonRequest::LeaveOperator { user, cards };
    desk.change(Request::Person(request), &Say::Fixed(Phrase::Done))
}

/// A holder who leaves.
struct Holder {
    issuance: IssuanceId,
    with_others: bool,
}

impl Holder {
    fn leave(&self, desk: &mut Desk) -> Result<(), Failure> {
        let mut daemon = desk.connect()?;
        // To look at it there is no need to be in doubt.
        daemon.client().doubt(None);
        let found = self.ask(&mut daemon, Vec::new(), true)?;
        let further = found.iter().filter(|row| !row.ends);
        let further: Vec<IssuanceId> = further.map(|row| row.issuance).collect();
        let goes_on = if self.with_others { 0 } else { further.len() };
        let others = if self.with_others {
            further
        } else {
            Vec::new()
        };
        self.show(desk, &daemon, &found)?;
        if goes_on > 0 {
            let cards = u64::try_from(goes_on).unwrap_or(u64::MAX);
            desk.say(&Say::AboutTenant(AboutTenant::OthersGoOn { cards }));
        }
        if desk.global.dry_run {
            desk.say_if_dry();
            return Ok(());
        }
        let cards = u64::try_from(found.len() - goes_on).unwrap_or(u64::MAX);
        desk.confirm(&Say::AboutTenant(AboutTenant::AskPersonLeave { cards }))?;
        let doubt = desk.global.doubt.as_deref().map(Private::new);
        daemon.client().doubt(doubt);
        self.ask(&mut daemon, others, false)?;
        desk.done(None, &Say::AboutTenant(AboutTenant::PersonLeft { cards }))
    }

    /// What they have, and of each whether it ends, or would.
    fn ask(
        &self,
        daemon: &mut Daemon,
        others: Vec<IssuanceId>,
        dry_run: bool,
    ) -> Result<Vec<LeavingRow>, Failure> {
        let issuance = self.issuance;
        let request = Request::Person(PersonRequest::Leave { issuance, others });
        let mut rows = Vec::new();
        let reply = daemon.parts((request, dry_run), &mut |_, row| {
            if let Row::Leaving(row) = row {
                rows.push(row);
            }
            Ok(())
        })?;
        if matches!(reply, Reply::End { .. }) {
            Ok(rows)
        } else {
            Err(Failure::unexpected(&reply))
        }
    }

    fn show(&self, desk: &mut Desk, daemon: &Daemon, rows: &[LeavingRow]) -> Result<(), Failure> {
        let headings = [Label::Issuance, Label::Kind, Label::Until, Label::Ends];
        let mut sheet = Sheet::new(desk.lang, &headings);
        for row in rows {
            let row = LeavingRow {
                ends: row.ends || self.with_others,
                ..row.clone()
            };
            if desk.out.is_json() {
                desk.out.row(&Row::Leaving(row))?;
                continue;
            }
            sheet.row([
                row.issuance.to_string(),
                desk.lang.kind(row.kind).to_owned(),
                daemon.in_table(row.valid_until),
                desk.lang.yes_or_no(row.ends).to_owned(),
            ]);
        }
        desk.out.sheet(&sheet)?;
        desk.out.flush()
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt person leave P-3F7K2Q --dry-run
  portvakt person leave P-3F7K2Q --with-others
  portvakt person leave --operator rita P-3F7K2Q";
