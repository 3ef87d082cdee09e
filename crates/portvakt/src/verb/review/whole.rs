//! How a review as a whole is shown.

use control::reply::review::ReviewRow;
use control::{Reply, Request};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::Label;

/// Asks for a change of a review and shows how it stands.
pub(super) fn change(desk: &mut Desk, request: Request) -> Result<(), Failure> {
    let mut daemon = desk.connect()?;
    let reply = daemon.ask(request)?;
    let Reply::Review(review) = &reply else {
        return Err(Failure::unexpected(&reply));
    };
    if desk.out.is_json() {
        desk.out.json(review)?;
    } else {
        for (label, value) in fields(review, &daemon) {
            desk.field(label, &value)?;
        }
    }
    desk.say_if_dry();
    Ok(())
}

fn fields(review: &ReviewRow, daemon: &Daemon) -> Vec<(Label, String)> {
    let by = |at, by: &str| format!("{}, {by}", daemon.shown(at));
    let mut fields = vec![
        (Label::Review, review.review.to_string()),
        (Label::Quarter, review.quarter.clone()),
        (Label::Opened, by(review.opened_at, &review.opened_by)),
        (Label::Cards, review.cards.to_string()),
        (Label::Rights, review.rights.to_string()),
    ];
    if let Some(former) = &review.former {
        fields.push((Label::FormerHash, former.clone()));
    }
    if let Some(signed) = &review.signed {
        fields.push((Label::Signed, by(signed.at, &signed.by)));
        fields.push((Label::OwnIssued, signed.own.to_string()));
        for count in &signed.counts {
            let what = format!("{} {}, {}", count.kind, count.of, count.verdict.as_str());
            fields.push((Label::Decided, format!("{} ({what})", count.number)));
        }
        fields.push((Label::Hash, signed.hash.clone()));
    }
    fields
}
