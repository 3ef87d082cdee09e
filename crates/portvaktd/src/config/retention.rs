//! `[retention]`: the longest time for which each class of events is kept.

use event_log::{Class, Keep, Policy};

use super::Findings;
use super::table::Document;

/// Two years for everything, but for the classes the file names.
pub(crate) fn parse(document: &Document, findings: &mut Findings<'_>) -> Policy {
    let mut policy = Policy::default();
    for (name, field) in document.retention.iter().flatten() {
        let Some(class) = Class::ALL.iter().find(|class| class.name() == name) else {
            let known: Vec<&str> = Class::ALL.iter().map(|class| class.name()).collect();
            let what = format!(
                "[retention] {name} is no class of events; classes are {}",
                known.join(", ")
            );
            findings.add(&field.span(), what);
            continue;
        };
        let kept = field.get_ref().parse::<Keep>();
        match kept.and_then(|keep| policy.with(*class, keep)) {
            Ok(with) => policy = with,
            Err(cause) => findings.add(&field.span(), format!("[retention] {name}: {cause}")),
        }
    }
    policy
}
