//! `retention show` and `retention set`: for how long each class of events is kept (M20).

use control::reply::retention::RetentionRow;
use control::{Class, Code, Refusal, Reply, Row};
use event_log::{AdminVerb, Keep, PolicyError};
use tokio::task::spawn_blocking;

use crate::control_server::{Asker, Outlet, Stop};

/// Every class.
pub(super) async fn show(asker: &Asker, outlet: &mut Outlet<'_>) -> Result<Reply, Stop> {
    let ledger = asker.controller.ledger.clone();
    let (policy, most) = (
        ledger.log.state().policy,
        asker.controller.config().retention,
    );
    let cuts = spawn_blocking(move || ledger.archive.cuts(&policy)).await;
    let cuts = cuts.map_err(|_| failed("a log reader ended early"))?;
    let cuts = cuts.map_err(failed)?;
    let rows = Class::ALL.into_iter().filter_map(|class| {
        let of = logged(class)?;
        Some(Row::Retention(RetentionRow {
            class,
            keep: policy.of(of).to_string(),
            at_most: most.of(of).to_string(),
            first: cuts.of(of),
        }))
    });
    let rows: Vec<Row> = rows.collect();
    outlet.rows(rows).await
}

/// Keeps a class for so long from now on: on record first, then signed, then carried out within the hour.
pub(super) async fn set(
    asker: &Asker,
    class: Class,
    keep: String,
    dry_run: bool,
) -> Result<Reply, Stop> {
    let keep: Keep = keep.parse().map_err(usage)?;
    let of = logged(class).ok_or_else(|| failed("the log has no such class"))?;
    let most = asker.controller.config().retention.of(of);
    if keep.shorter_of(most) != keep {
        let what = format!(
            "the configuration keeps events of class {class} for {most} at most; [retention] there is the administrator's"
        );
        return Err(Refusal::new(Code::Refused, what).into());
    }
    let log = asker.controller.ledger.log.clone();
    let policy = log
        .state()
        .policy
        .with(of, keep)
        .map_err(|cause| match cause {
            PolicyError::Fixed { .. } => Refusal::new(Code::Refused, cause),
            PolicyError::Length { .. } => usage(cause),
        })?;
    if dry_run || policy == log.state().policy {
        return Ok(Reply::Done { warning: None });
    }
    let said = format!("{class}={keep}");
    asker.administration(AdminVerb::RetentionSet, &said).await?;
    let signed =
        spawn_blocking(move || log.upkeep(move |log, (now, _)| log.set_policy(policy, now)));
    let signed = signed.await.map_err(|_| failed("the log has stopped"))?;
    signed.map_err(failed)?;
    Ok(Reply::Done { warning: None })
}

/// The class as the log has it.
fn logged(class: Class) -> Option<event_log::Class> {
    let named = |of: &&event_log::Class| of.name() == class.as_str();
    event_log::Class::ALL.iter().find(named).copied()
}

fn usage(cause: PolicyError) -> Refusal {
    Refusal::new(Code::Usage, cause)
}

fn failed(cause: impl std::fmt::Display) -> Refusal {
    Refusal::new(Code::Failed, cause)
}
