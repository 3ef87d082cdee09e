//! `card change`: what an issuance says, within what was issued or beyond it, which is issuing (M3).

use access::IssuanceId;
use access::role::Act;
use control::reply::card::Changed;
use control::request::life::CardChange;
use control::{Moment, Private, Refusal, Reply};
use register::{Activation, Amendment, NewEnd, Reach, RegisterError, Text};

use super::plastic::{self, Plastic};
use super::wording::{state_of, text};
use crate::control_server::{Asker, Outlet, Stop};
use crate::desk::{Desk, Effect, refusal};

/// Changes it, all of what was asked or nothing.
pub(super) async fn change(
    asker: &Asker,
    wish: CardChange,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let written = Written::read(&wish)?;
    if wish.card.is_some() || wish.contact.is_some() {
        must_issue(asker).await?;
    }
    let issuance = wish.issuance;
    let desk = &asker.controller.desk;
    // Before anybody is sent to a reader.
    let known = desk.ask(move |desk| desk.register.find(issuance));
    known.await?.map_err(|cause| refusal(&cause))?;
    let plastic = match wish.card {
        Some(source) => Some(plastic::find(asker, source, outlet).await?),
        None => None,
    };
    let asker = &asker.still().await?;
    let reached = desk.ask(move |desk| {
        let amendment = written.amendment(desk, plastic.as_ref())?;
        let reach = desk.register.reach(issuance, &amendment)?;
        Ok::<_, RegisterError>((amendment, reach))
    });
    let (amendment, reach) = reached.await?.map_err(|cause| refusal(&cause))?;
    // What takes away is at the doors first.
    let effect = match reach {
        Reach::Template => Effect::Revokes,
        Reach::Beyond => {
            must_issue(asker).await?;
            Effect::Gives
        }
    };
    let by = asker.operator.id;
    let changed = desk.ask(move |desk| {
        desk.change(effect, dry_run, |register, now| {
            let change = register.amend(issuance, (&amendment, reach), by, now)?;
            Ok(((), change))
        })?;
        stands(desk, issuance)
    });
    Ok(Reply::Changed(changed.await??))
}

async fn must_issue(asker: &Asker) -> Result<(), Refusal> {
    let what = "a change beyond what was issued";
    asker.must_do(Act::WidenCard, "card-change", what).await
}

/// What is to be different, every word of it read.
struct Written {
    issuance: IssuanceId,
    amendment: Amendment,
    contact: Option<Text>,
}

impl Written {
    fn read(wish: &CardChange) -> Result<Self, Refusal> {
        let line = |field, typed: &Option<Private>| {
            let typed = typed.as_ref();
            typed.map(|typed| text(field, typed.expose())).transpose()
        };
        let until = wish.valid_until.map(|until| NewEnd::At(until.utc()));
        let amendment = Amendment {
            from: wish.valid_from.map(Moment::utc),
            until: if wish.without_end {
                Some(NewEnd::Never)
            } else {
                until
            },
            name: line("name", &wish.name)?,
            firm: line("firm", &wish.firm)?,
            mobile: line("mobile", &wish.mobile)?,
            identified_by: line("identified_by", &wish.identified_by)?,
            contact: None,
            replaces: wish.replaces,
            plastic: None,
        };
        Ok(Self {
            issuance: wish.issuance,
            amendment,
            contact: line("contact", &wish.contact)?,
        })
    }

    /// With what only the register and a reader know.
    fn amendment(self, desk: &Desk, plastic: Option<&Plastic>) -> Result<Amendment, RegisterError> {
        let contact = match &self.contact {
            Some(name) => {
                let tenant = desk.register.find(self.issuance)?.tenant;
                Some(desk.register.active_contact(&tenant, name.expose())?)
            }
            None => None,
        };
        let plastic = plastic.map(|plastic| Activation {
            card: plastic.number.clone(),
            tag: desk.tag_key.tag(&plastic.number),
            shown: plastic.shown(),
            return_duty_told: false,
            fee: None,
        });
        Ok(Amendment {
            contact,
            plastic,
            ..self.amendment
        })
    }
}

/// Where an issuance stands now.
pub(super) fn stands(desk: &Desk, issuance: IssuanceId) -> Result<Changed, Refusal> {
    let found = desk.register.find(issuance);
    let row = found.map_err(|cause| refusal(&cause))?;
    let now = desk.ledger.clock.now().utc;
    Ok(Changed::to(issuance, state_of(&row, now)))
}
