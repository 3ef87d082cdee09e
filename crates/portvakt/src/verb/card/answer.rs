//! How a change to a card is shown, whichever verb made it.

use control::reply::card::{Changed, Issued};
use control::request::card::CardSource;
use control::{CardKind, CardState, Code, Reply, Request};

use crate::ask;
use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{AboutCharge, AboutLife, Phrase, Say};

/// Asks for a change of state and shows where the issuance stands.
pub(super) fn change(desk: &mut Desk, request: Request) -> Result<(), Failure> {
    let mut daemon = desk.connect()?;
    change_over(desk, &mut daemon, request)
}

/// [`change`], over a connection there is.
pub(super) fn change_over(
    desk: &mut Desk,
    daemon: &mut Daemon,
    request: Request,
) -> Result<(), Failure> {
    let reply = daemon.ask(request)?;
    let Reply::Changed(changed) = &reply else {
        return Err(Failure::unexpected(&reply));
    };
    if desk.out.is_json() {
        desk.out.json(changed)?;
    } else {
        let issuance = changed.issuance.to_string();
        let say = Say::CardIs {
            issuance: &issuance,
            state: changed.state,
        };
        desk.out.line(&desk.lang.say(&say))?;
        say_more(desk, daemon, changed)?;
    }
    desk.say_if_dry();
    Ok(())
}

/// What there is to say besides: a hold, what was charged, and what goes with a returned card.
fn say_more(desk: &mut Desk, daemon: &Daemon, changed: &Changed) -> Result<(), Failure> {
    if let Some(until) = changed.held_until {
        let until = &daemon.shown(until);
        let held = Say::AboutLife(AboutLife::HeldUntil { until });
        desk.out.line(&desk.lang.say(&held))?;
    }
    if changed.already {
        desk.say(&Say::Fixed(Phrase::ReturnedBefore));
    }
    let booked = changed.charge.as_ref().map(|charge| AboutCharge::Booked {
        voucher: &charge.voucher,
        tenant: &charge.tenant,
        ore: charge.ore,
    });
    let never_came = changed.was_lost.then_some(AboutCharge::NeverCame);
    let not_exported = AboutCharge::NotExported {
        count: changed.unexported,
        is_held: changed.held_until.is_some(),
    };
    let not_exported = (changed.unexported > 0).then_some(not_exported);
    for what in [booked, never_came, not_exported].into_iter().flatten() {
        desk.out.line(&desk.lang.say(&Say::AboutCharge(what)))?;
    }
    Ok(())
}

/// Asks for an issuance or an activation and shows it.
pub(super) fn issue(desk: &mut Desk, daemon: &mut Daemon, request: Request) -> Result<(), Failure> {
    let uncertain = matches!(&request, Request::CardIssue(issue) if issue.uncertain);
    let reply = daemon.ask(request)?;
    let Reply::Issued(issued) = &reply else {
        return Err(Failure::unexpected(&reply));
    };
    if desk.out.is_json() {
        desk.out.json(issued)?;
    } else {
        let line = issued_line(desk, daemon, issued);
        desk.out.line(&line)?;
        say_what_is_next(desk, issued, uncertain);
    }
    desk.say_if_dry();
    Ok(())
}

/// Makes sure that the holder was told to return the card (M15), where one is bound.
pub(super) fn return_duty(
    desk: &Desk,
    told: bool,
    card: Option<&CardSource>,
) -> Result<bool, Failure> {
    if told || card.is_none() {
        return Ok(told);
    }
    if !ask::can_ask() {
        return Err(Failure::usage(
            desk.lang.say(&Say::Fixed(Phrase::ReturnDutyNotTold)),
        ));
    }
    if desk.ask_yes(&Say::Fixed(Phrase::AskReturnDuty))? {
        return Ok(true);
    }
    Err(Failure::new(
        Code::Refused,
        desk.lang.say(&Say::Fixed(Phrase::ReturnDutyNotTold)),
    ))
}

fn issued_line(desk: &Desk, daemon: &Daemon, issued: &Issued) -> String {
    let issuance = issued
        .issuance
        .map_or_else(|| "-".to_owned(), |id| id.to_string());
    let until = issued.valid_until.map(|until| daemon.shown(until));
    let end = desk.lang.say(&Say::Ends {
        until: until.as_deref(),
    });
    desk.lang.say(&Say::Issued {
        issuance: &issuance,
        kind: issued.kind,
        state: issued.state,
        end: &end,
        doors: &issued.doors.join(", "),
    })
}

fn say_what_is_next(desk: &Desk, issued: &Issued, uncertain: bool) {
    let Some(issuance) = issued.issuance else {
        return;
    };
    let issuance = &issuance.to_string();
    match (issued.state, issued.kind) {
        (CardState::Active, _) => {}
        (_, _) if uncertain => desk.say(&Say::AboutLife(AboutLife::VouchNext { issuance })),
        (_, CardKind::Employee) => desk.say(&Say::AboutLife(AboutLife::ArriveNext { issuance })),
        (_, CardKind::Forgotten | CardKind::NewHire | CardKind::Supplier) => {
            desk.say(&Say::AboutLife(AboutLife::ActivateNext { issuance }));
        }
    }
}
