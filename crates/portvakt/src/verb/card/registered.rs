//! What is registered: the form as it is sent, times understood and said.

use control::request::card::CardIssue;
use control::{CardKind, Moment, Private};

use super::form::Form;
use crate::daemon::{Daemon, shown};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::text::{Label, Say};

/// The request for a form that has everything but its card.
pub(super) fn registered(form: Form, desk: &Desk, daemon: &Daemon) -> Result<CardIssue, Failure> {
    let missing = || Failure::usage(desk.lang.say(&Say::Missing { options: "--kind" }));
    let kind = form.kind.ok_or_else(missing)?;
    let private = |text: Option<String>| Private::new(text.unwrap_or_default());
    let recipient = form.recipient;
    let valid_from = recipient
        .from
        .as_deref()
        .map(|text| instant(desk, daemon, Label::From, text));
    let signed_at = recipient
        .signed
        .as_deref()
        .map(|text| instant(desk, daemon, Label::Signed, text));
    let valid_until = match recipient.until.as_deref() {
        Some(text) => Some(end(desk, daemon, text)?),
        None if kind == CardKind::Forgotten => Some(end(desk, daemon, "today")?),
        None => None,
    };
    Ok(CardIssue {
        kind,
        name: private(recipient.name),
        firm: private(recipient.firm),
        mobile: private(recipient.mobile),
        contact: private(recipient.contact),
        tenant: recipient.tenant.unwrap_or_default(),
        doors: recipient.doors,
        rights: recipient.rights,
        instead_of: form.instead_of,
        valid_from: valid_from.transpose()?,
        valid_until,
        identified_by: private(recipient.identified_by),
        signed_at: signed_at.transpose()?,
        card: None,
        return_duty_told: false,
        uncertain: recipient.uncertain,
        replaces: recipient.replaces,
    })
}

/// Reads a time and says how it was understood.
pub(super) fn instant(
    desk: &Desk,
    daemon: &Daemon,
    what: Label,
    text: &str,
) -> Result<Moment, Failure> {
    let zoned = daemon.read_time(text)?;
    let instant = shown(&zoned, desk.lang);
    desk.say(&Say::Understood {
        what,
        instant: &instant,
    });
    Ok(zoned.timestamp().into())
}

/// An end, which lies ahead.
pub(super) fn end(desk: &Desk, daemon: &Daemon, text: &str) -> Result<Moment, Failure> {
    let end = daemon.read_time(text)?;
    if end.timestamp() <= daemon.hello.now.timestamp() {
        let instant = shown(&end, desk.lang);
        return Err(Failure::usage(
            desk.lang.say(&Say::EndPassed { instant: &instant }),
        ));
    }
    instant(desk, daemon, Label::Until, text)
}
