//! `card issue` and `card activate`: how a card comes to life.

use std::sync::Arc;

use access::{IssuanceId, OperatorId, Place, UtcMicros};
use control::reply::card::{Changed, Issued};
use control::request::card::{CardActivate, CardIssue, CardSource};
use control::request::right::WantedRight;
use control::{CardKind, CardState, Code, Moment, Refusal, Reply};
use register::{Activation, HolderFields, Kind, NewIssuance, RegisterError, Text};

use super::charge::fee;
use super::plastic::{self, Plastic};
use super::right;
use super::wording::{holder, kind, text};
use crate::config::Config;
use crate::control_server::{Asker, Outlet, Stop, not_found};
use crate::desk::{Desk, Effect, refusal};

/// Registers an issuance, and makes its card live if one is given.
pub(super) async fn issue(
    asker: &Asker,
    wish: CardIssue,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    let order = Order::read(asker, &wish)?;
    let source = wish.card;
    if source.is_some() && wish.uncertain {
        return Err(Refusal::new(Code::Usage, UNCERTAIN_WITH_CARD).into());
    }
    if source.is_some() && !wish.return_duty_told {
        return Err(refusal(&RegisterError::ReturnDutyNotTold).into());
    }
    if matches!(source, Some(CardSource::Stock(_))) && order.kind.is_visitor() {
        return Err(refusal(&RegisterError::InPersonNeeded).into());
    }
    // The card is awaited first: who walks away leaves no issuance behind. Nobody waits for one that is not made live.
    let plastic = match source {
        Some(CardSource::Present { .. }) if dry_run => None,
        Some(source) => Some(plastic::find(asker, source, outlet).await?),
        None => None,
    };
    let issuer = Issuer::of(asker);
    let desk = &asker.controller.desk;
    Ok(Reply::Issued(
        desk.ask(move |desk| order.carry_out(desk, &issuer, plastic.as_ref(), dry_run))
            .await??,
    ))
}

/// Binds a card to an issuance and makes it live.
pub(super) async fn activate(
    asker: &Asker,
    wish: CardActivate,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    if !wish.return_duty_told {
        return Err(refusal(&RegisterError::ReturnDutyNotTold).into());
    }
    let plastic = plastic::find(asker, wish.card, outlet).await?;
    let (issuer, issuance) = (Issuer::of(asker), wish.issuance);
    asker
        .controller
        .desk
        .ask(move |desk| make_live(desk, issuance, &plastic, &issuer, dry_run))
        .await??;
    Ok(Reply::Changed(Changed::to(issuance, CardState::Active)))
}

/// Who issues, and by which list of prices.
struct Issuer {
    by: OperatorId,
    config: Arc<Config>,
}

impl Issuer {
    fn of(asker: &Asker) -> Self {
        Self {
            by: asker.operator.id,
            config: asker.controller.config(),
        }
    }

    fn activation(&self, desk: &Desk, plastic: &Plastic, now: UtcMicros) -> Activation {
        let price = self.config.charges.employee_card;
        Activation {
            tag: desk.tag_key.tag(&plastic.number),
            card: plastic.number.clone(),
            shown: plastic.shown(),
            return_duty_told: true,
            fee: Some(fee(&self.config, price, now)),
        }
    }
}

/// An issuance as wished for, every word of it read.
struct Order {
    kind: Kind,
    holder: HolderFields,
    tenant: String,
    contact: Text,
    rights: Vec<(Place, WantedRight)>,
    instead_of: Option<IssuanceId>,
    valid_from: Option<UtcMicros>,
    signed_at: UtcMicros,
    return_duty_told: bool,
    unsure: bool,
    replaces: Option<IssuanceId>,
    reason: Text,
    card_kind: CardKind,
}

impl Order {
    fn read(asker: &Asker, wish: &CardIssue) -> Result<Self, Refusal> {
        let names = &asker.controller.names;
        let known = || names.doors().map(|(name, _)| name);
        let doors = wish.doors.iter().map(|door| {
            let id = names.door(door);
            let id = id.ok_or_else(|| not_found("door", door, known()))?;
            let (place, schedule) = (door.clone(), None);
            Ok((Place::Door(id), WantedRight { place, schedule }))
        });
        let rights = wish.rights.iter();
        let rights = rights.map(|right| Ok((right::place(names, &right.place)?, right.clone())));
        Ok(Self {
            kind: kind(wish.kind, wish.valid_until)?,
            holder: holder([&wish.name, &wish.firm, &wish.mobile, &wish.identified_by])?,
            tenant: wish.tenant.clone(),
            contact: text("contact", wish.contact.expose())?,
            rights: doors.chain(rights).collect::<Result<_, Refusal>>()?,
            instead_of: wish.instead_of,
            valid_from: wish.valid_from.map(Moment::utc),
            signed_at: signed_at(wish.signed_at, asker.at)?,
            return_duty_told: wish.return_duty_told,
            unsure: wish.uncertain,
            replaces: wish.replaces,
            // M22: the grounds of the rights given at the desk are the kind of visit.
            reason: text("reason", wish.kind.as_str())?,
            card_kind: wish.kind,
        })
    }

    fn carry_out(
        &self,
        desk: &mut Desk,
        issuer: &Issuer,
        plastic: Option<&Plastic>,
        dry_run: bool,
    ) -> Result<Issued, Refusal> {
        let now = desk.ledger.clock.now().utc;
        let new = self.new_issuance(desk, now)?;
        let valid_from = new.valid_from;
        let live = plastic.map(|plastic| issuer.activation(desk, plastic, now));
        let issuance = desk.change(Effect::Gives, dry_run, |register, now| match &live {
            Some(live) => register.issue_live(&new, live, issuer.by, now),
            None => register.issue(&new, issuer.by, now),
        })?;
        let state = match (&live, self.unsure) {
            (Some(_), _) => CardState::Active,
            (None, true) => CardState::Pending,
            (None, false) => CardState::Ordered,
        };
        Ok(Issued {
            issuance: (!dry_run).then_some(issuance),
            kind: self.card_kind,
            state,
            tenant: self.tenant.clone(),
            doors: self.places(),
            valid_from: Moment::from(valid_from),
            valid_until: self.kind.until().map(Moment::from),
        })
    }

    fn new_issuance(&self, desk: &Desk, now: UtcMicros) -> Result<NewIssuance, Refusal> {
        let contact = desk
            .register
            .active_contact(&self.tenant, self.contact.expose());
        let wished = self.rights.iter();
        let rights = wished.map(|(place, wish)| right::wanted(&desk.register, *place, wish, None));
        let rights = rights.collect::<Result<_, _>>();
        Ok(NewIssuance {
            kind: self.kind,
            holder: self.holder.clone(),
            contact: contact.map_err(|cause| refusal(&cause))?,
            rights: rights.map_err(|cause| refusal(&cause))?,
            reason: self.reason.clone(),
            instead_of: self.instead_of,
            valid_from: self.valid_from.unwrap_or(now),
            signed_at: self.signed_at,
            return_duty_told: self.return_duty_told,
            unsure: self.unsure,
            replaces: self.replaces,
        })
    }

    /// The places, each by its name once.
    fn places(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, right) in &self.rights {
            if !names.contains(&right.place) {
                names.push(right.place.clone());
            }
        }
        names
    }
}

/// When the holder signed (M7): now, unless it was before.
fn signed_at(given: Option<Moment>, now: UtcMicros) -> Result<UtcMicros, Refusal> {
    let signed = given.map_or(now, Moment::utc);
    if signed <= now {
        return Ok(signed);
    }
    Err(Refusal::new(Code::Usage, NOT_SIGNED_YET))
}

fn make_live(
    desk: &mut Desk,
    issuance: IssuanceId,
    plastic: &Plastic,
    issuer: &Issuer,
    dry_run: bool,
) -> Result<(), Refusal> {
    let now = desk.ledger.clock.now().utc;
    let activation = issuer.activation(desk, plastic, now);
    desk.change(Effect::Gives, dry_run, |register, now| {
        let change = register.activate(issuance, &activation, issuer.by, now)?;
        Ok(((), change))
    })
}

/// M7: a signature that is still to come.
const NOT_SIGNED_YET: &str =
    "the holder cannot have signed later than now; give --signed as it was, or leave it out";
/// M13: what waits for a superior's word has no card yet.
const UNCERTAIN_WITH_CARD: &str =
    "an uncertain holder gets no card yet; issue without a card, and activate after card vouch";
