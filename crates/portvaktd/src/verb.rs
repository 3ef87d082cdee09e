//! The verbs: what is done for each request, one file a noun.

mod approval;
mod area;
mod backup;
mod card;
mod card_change;
mod card_life;
mod card_list;
mod charge;
mod door;
mod event_row;
mod former;
mod gather;
mod hold;
mod holiday;
mod house;
mod import;
pub(crate) mod integrity;
mod last_read;
mod leavers;
mod life;
mod line;
mod log;
mod lost;
mod operator;
mod person;
mod pin;
mod plastic;
mod reader;
mod reader_file;
mod reader_key;
mod reader_place;
mod restored;
mod retention;
mod review;
mod review_decide;
mod review_items;
mod right;
mod schedule;
mod status;
mod stock;
mod tenant;
mod tenant_cards;
mod why;
mod witness;
mod wording;

use access::role::Act;
use control::request::approval::ApprovalRequest;
use control::request::reader::ReaderRequest;
use control::{Code, Envelope, Private, Refusal, Reply, Request, Waiting};

use register::ApprovalId;

use crate::control_server::{Asker, Gone, Leave, Link, Outlet, Stop, about};
use {reader_file as file, reader_key as key, reader_place as place};

/// Answers one request of somebody who may ask it.
pub(crate) async fn answer(
    (asker, leave): (&Asker, Leave),
    envelope: Envelope,
    link: &mut Link,
) -> Result<(), Gone> {
    let mut outlet = Outlet::new(link, envelope.id);
    let dry_run = envelope.dry_run;
    let outcome = match (leave, envelope.request) {
        (Leave::IfApproved(act), request) if request.changes() => {
            keep(asker, act, (request, envelope.doubt), dry_run).await
        }
        (
            Leave::Now,
            Request::Approval(ApprovalRequest::Approve {
                approval: Waiting::Change(number),
            }),
        ) => approve(asker, ApprovalId(number), dry_run).await,
        (Leave::Now | Leave::IfApproved(_), request) => {
            perform(asker, request, dry_run, &mut outlet).await
        }
    };
    outlet.finish(outcome).await
}

/// Keeps a change for another person's approval, once a rehearsal has shown that it could be made now.
async fn keep(
    asker: &Asker,
    act: Act,
    (request, doubt): (Request, Option<Private>),
    dry_run: bool,
) -> Result<Reply, Stop> {
    let issuance = about(&request)?;
    let rehearsed = perform(asker, request.clone(), true, &mut Outlet::mute()).await?;
    let kept = approval::keep(asker, (act, issuance), (request, doubt), dry_run).await?;
    Ok(kept.unwrap_or(rehearsed))
}

/// Approves a change that waits, and makes it in the name of who asked for it, after a rehearsal.
async fn approve(asker: &Asker, change: ApprovalId, dry_run: bool) -> Result<Reply, Stop> {
    let judged = approval::Judged::find(asker, change).await?;
    let (request, requester) = (judged.request.clone(), &judged.requester);
    let rehearsed = perform(requester, request.clone(), true, &mut Outlet::mute()).await;
    if let Err(Stop::Refused(cause)) = rehearsed {
        return Err(approval::goes_on(&cause).into());
    }
    if dry_run {
        return Ok(Reply::Done { warning: None });
    }
    let (mandate, requester) = judged.mandate();
    let tried = perform(&requester, request, false, &mut Outlet::mute()).await;
    judged.told(tried, &mandate)
}

async fn perform(
    asker: &Asker,
    request: Request,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    match request {
        Request::Hello { .. } => Ok(status::hello(asker)),
        Request::Status {} => status::status(asker).await,
        Request::LogStatus {} => Ok(Reply::LogStatus(status::log_status(asker))),
        Request::CardIssue(issue) => card::issue(asker, *issue, dry_run, outlet).await,
        Request::CardActivate(activate) => card::activate(asker, activate, dry_run, outlet).await,
        Request::CardArrived { issuance } => card_life::arrived(asker, issuance, dry_run).await,
        Request::CardNotify { issuance } => card_life::notified(asker, issuance, dry_run).await,
        Request::CardBlock(wish) => card_life::block(asker, wish, dry_run).await,
        Request::CardUnblock(wish) => card_life::unblock(asker, wish, dry_run).await,
        Request::CardLost { issuance } => lost::lose(asker, issuance, dry_run).await,
        Request::CardFound { issuance } => lost::found(asker, issuance, dry_run).await,
        Request::CardReturn(wish) => card_life::take_back(asker, wish, dry_run).await,
        Request::CardHold(wish) => hold::hold(asker, wish, dry_run).await,
        Request::CardHoldEnd { issuance } => hold::end(asker, issuance, dry_run).await,
        Request::CardShow { issuance } => card_list::show(asker, issuance).await,
        Request::CardFind { name } => card_list::find(asker, name, outlet).await,
        Request::CardLastRead { reader } => last_read::last_read(asker, reader).await,
        Request::CardList(filter) => card_list::list(asker, filter, outlet).await,
        Request::CardImportBegin { rows } => import::import(asker, rows, outlet).await,
        Request::CardTrace { card } => stock::trace(asker, card, outlet).await,
        Request::Stock(wish) => stock::answer(asker, wish, dry_run, outlet).await,
        Request::Charge(wish) => charge::answer(asker, wish, dry_run, outlet).await,
        Request::CardLife(wish) => life::answer(asker, wish, dry_run, outlet).await,
        Request::CardPin(wish) => pin::answer(asker, wish, dry_run).await,
        Request::Approval(wish) => approval::answer(asker, wish, dry_run, outlet).await,
        Request::Backup(wish) => backup::answer(asker, wish, dry_run, outlet).await,
        Request::Integrity(wish) => integrity::answer(asker, wish, outlet).await,
        Request::Right(wish) => right::answer(asker, wish, dry_run, outlet).await,
        Request::Review(wish) => review::answer(asker, wish, dry_run, outlet).await,
        Request::Schedule(wish) => schedule::answer(asker, wish, dry_run, outlet).await,
        Request::Holiday(wish) => holiday::answer(asker, wish, dry_run, outlet).await,
        Request::DoorList {} => door::list(asker, outlet).await,
        Request::DoorOpen { door, reason } => door::open(asker, door, reason, dry_run).await,
        Request::Reader(wish) => perform_reader(asker, wish, dry_run, outlet).await,
        Request::CardImportRows { .. } | Request::CardImportEnd {} => Err(not_begun().into()),
        Request::LineList {} => line::list(asker, outlet).await,
        Request::TenantAdd { tenant } => tenant::add(asker, tenant, dry_run).await,
        Request::TenantList {} => tenant::list(asker, outlet).await,
        Request::TenantContact(person) => tenant::contact(asker, person, dry_run).await,
        Request::Tenant(wish) => tenant::answer(asker, wish, dry_run, outlet).await,
        Request::Person(wish) => person::answer(asker, wish, dry_run, outlet).await,
        Request::Operator(wish) => operator::answer(asker, wish, dry_run, outlet).await,
        Request::RetentionShow {} => retention::show(asker, outlet).await,
        Request::RetentionSet { class, keep } => retention::set(asker, class, keep, dry_run).await,
        Request::LogShow(filter) => log::show(asker, filter, outlet).await,
        Request::LogFollow(filter) => log::follow(asker, filter, outlet).await,
        Request::LogCheckpoint { old } => witness::checkpoint(asker, old).await,
        Request::WitnessList {} => witness::list(asker, outlet).await,
        Request::WitnessPush { checkpoint } => witness::push(asker, checkpoint, dry_run).await,
        Request::House(wish) => house::perform(asker, wish, dry_run, outlet).await,
        Request::Why { card, door, at } => why::why(asker, card, door, at).await,
    }
}

/// Answers what is asked about readers; here, since the other files of that noun ask the first for readers.
async fn perform_reader(
    asker: &Asker,
    request: ReaderRequest,
    dry_run: bool,
    outlet: &mut Outlet<'_>,
) -> Result<Reply, Stop> {
    use ReaderRequest as R;
    match request {
        R::List {} => reader::list(asker, outlet).await,
        R::Show { reader } => reader::show(asker, reader).await,
        R::SetKey { reader, key } => key::set_key(asker, reader, key, dry_run).await,
        R::RotateKey { reader } => key::rotate_key(asker, reader, dry_run).await,
        R::Pair(pairing) => key::pair(asker, pairing, dry_run, outlet).await,
        R::AcceptSwap { reader } => key::accept_swap(asker, reader, dry_run).await,
        R::Comset(wish) => place::comset(asker, wish, dry_run).await,
        R::Identify(wish) => place::identify(asker, wish, dry_run, outlet).await,
        R::FirmwareBegin(wish) => file::send(asker, wish, outlet).await,
        R::FirmwareCancel { reader } => file::cancel(asker, reader, dry_run).await,
        R::FirmwarePart { .. } | R::FirmwareEnd {} => Err(not_begun().into()),
    }
}

/// What goes on with something that was never begun.
fn not_begun() -> Refusal {
    Refusal::new(Code::Usage, "there is nothing here to go on with; begin it")
}
