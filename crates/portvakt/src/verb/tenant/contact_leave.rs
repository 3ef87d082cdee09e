//! `portvakt tenant contact-leave`.

use clap::Args;
use control::reply::card::CardRow;
use control::request::tenant::TenantRequest;
use control::{Private, Reply, Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{AboutTenant, Label, Say};

/// A contact person leaves: the cards bound to them are suspended
///
/// The cards are shown first. Each is refused at every door until it is bound to another
/// contact person and unblocked. Who was responsible for the tenant is followed by
/// --followed-by; without one nothing is issued for the tenant until somebody is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ContactLeave {
    /// The tenant's name
    tenant: String,
    /// The contact's name
    name: String,
    /// Their mobile, where several have the name
    #[arg(long)]
    mobile: Option<String>,
    /// Who is responsible for the tenant after them
    #[arg(long, value_name = "NAME")]
    followed_by: Option<String>,
}

impl ContactLeave {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let request = Request::Tenant(TenantRequest::ContactLeave {
            tenant: self.tenant,
            name: Private::new(self.name),
            mobile: self.mobile.map(Private::new),
            followed_by: self.followed_by.map(Private::new),
        });
        let mut daemon = desk.connect()?;
        let is_asked = !desk.global.yes && !desk.global.dry_run;
        let mut reply = ask(desk, &mut daemon, request.clone(), is_asked)?;
        if is_asked {
            let cards = left(&reply)?.cards;
            desk.confirm(&Say::AboutTenant(AboutTenant::AskContactLeave { cards }))?;
            reply = daemon.parts((request, false), &mut |_, _| Ok(()))?;
        }
        said(desk, &reply)
    }
}

/// Asks, or only asks what would be, and shows the cards.
fn ask(
    desk: &mut Desk,
    daemon: &mut Daemon,
    request: Request,
    is_asked: bool,
) -> Result<Reply, Failure> {
    let headings = [Label::Issuance, Label::Kind, Label::Until];
    let (lang, mut sheet) = (desk.lang, Sheet::new(desk.lang, &headings));
    let dry_run = is_asked || desk.global.dry_run;
    let out = &mut desk.out;
    let reply = daemon.parts((request, dry_run), &mut |daemon, row| {
        if out.is_json() {
            return out.row(&row);
        }
        if let Row::Card(card) = &row {
            let CardRow {
                issuance,
                kind,
                valid_until,
                ..
            } = &**card;
            let until = daemon.in_table(*valid_until);
            sheet.row([issuance.to_string(), lang.kind(*kind).to_owned(), until]);
        }
        if sheet.is_full() {
            out.sheet(&sheet)?;
            sheet.clear();
        }
        Ok(())
    })?;
    desk.out.sheet(&sheet)?;
    desk.out.flush()?;
    Ok(reply)
}

fn said(desk: &mut Desk, reply: &Reply) -> Result<(), Failure> {
    let left = left(reply)?;
    if desk.out.is_json() {
        desk.out.json(left)?;
    } else if !desk.global.dry_run {
        let cards = left.cards;
        let say = Say::AboutTenant(AboutTenant::ContactLeft { cards });
        desk.out.line(&desk.lang.say(&say))?;
    }
    if left.without_contact {
        desk.say(&Say::AboutTenant(AboutTenant::WithoutContact));
    }
    desk.say_if_dry();
    Ok(())
}

fn left(reply: &Reply) -> Result<&control::reply::tenant::ContactLeave, Failure> {
    if let Reply::ContactLeave(left) = reply {
        Ok(left)
    } else {
        Err(Failure::unexpected(reply))
    }
}

const EXAMPLES: &str = "\
Examples:
  portvakt tenant contact-leave Kommunen 'Ola Hansen' --dry-run
  portvakt tenant contact-leave Kommunen 'Ola Hansen' --followed-by 'Eva Berg'";
