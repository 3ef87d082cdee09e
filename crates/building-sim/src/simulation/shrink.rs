//! Shrinking: the same violation with as little around it as can be.

use std::time::Duration;

use super::fault::Faults;
use super::plan::Plan;
use super::violation::{Invariant, Violation};

/// Takes faults, lines, people, time and what the house has besides away as long as the same invariant is still broken. Gives the smallest plan that was found, and
/// how it breaks.
#[must_use]
pub fn shrunk(plan: &Plan, violation: Violation) -> (Plan, Violation) {
    let mut found = (*plan, violation);
    for _ in 0..ROUNDS_MAX {
        let smaller = smaller(&found.0, &found.1);
        let invariant = found.1.invariant;
        let mut broken = smaller
            .into_iter()
            .filter_map(|plan| broken(plan, invariant));
        match broken.next() {
            Some(next) => found = next,
            None => return found,
        }
    }
    found
}

fn broken(plan: Plan, invariant: Invariant) -> Option<(Plan, Violation)> {
    let violation = plan.run(false).err()?;
    (violation.invariant == invariant).then_some((plan, violation))
}

/// Plans with one thing less.
fn smaller(plan: &Plan, violation: &Violation) -> Vec<Plan> {
    let mut plans = Vec::new();
    let needed = Duration::from_secs(violation.at.micros() / 1_000_000 + 1);
    if needed + SHORTER_BY < plan.length {
        plans.push(Plan {
            length: needed,
            ..*plan
        });
    }
    if plan.faults.iter().count() > 2 {
        plans.push(Plan {
            faults: Faults::default(),
            ..*plan
        });
    }
    plans.extend(plan.faults.iter().map(|fault| Plan {
        faults: plan.faults.without(fault),
        ..*plan
    }));
    let is_less = |less: &Plan| *less != *plan && less.lines > 0 && less.readers > 0;
    plans.extend(
        fewer(plan)
            .into_iter()
            .filter(|less| is_less(less) && less.people > 2),
    );
    plans
}

/// Plans of a house with one thing less.
fn fewer(plan: &Plan) -> [Plan; 11] {
    let plan = *plan;
    [
        Plan {
            lines: plan.lines - 1,
            ..plan
        },
        Plan {
            readers: plan.readers - 1,
            ..plan
        },
        Plan {
            wiegand: false,
            ..plan
        },
        Plan {
            people: plan.people / 2,
            ..plan
        },
        Plan {
            keypads: false,
            ..plan
        },
        Plan {
            forgets: false,
            ..plan
        },
        Plan {
            areas: false,
            ..plan
        },
        Plan {
            interlocks: false,
            ..plan
        },
        Plan {
            persons: false,
            ..plan
        },
        Plan {
            switched: false,
            ..plan
        },
        Plan {
            modbus: false,
            ..plan
        },
    ]
}

/// A run is not shortened for less.
const SHORTER_BY: Duration = Duration::from_secs(5);
/// So many things are taken away at most.
const ROUNDS_MAX: usize = 60;
