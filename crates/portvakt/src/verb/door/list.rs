//! `portvakt door list`.

use clap::Args;
use control::reply::door::DoorRow;
use control::{Request, Row};

use crate::daemon::Daemon;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::{Label, Lang};

/// Every door and how it stands
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {}

impl List {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        let lang = desk.lang;
        let sheet = Sheet::new(lang, &HEADINGS);
        desk.list(Request::DoorList {}, sheet, &|daemon, row, sheet| {
            let Row::Door(door) = row else { return false };
            sheet.row(cells(Some(daemon), door, lang));
            true
        })
    }
}

fn cells(daemon: Option<&Daemon>, door: &DoorRow, lang: Lang) -> [String; 7] {
    let leaf = match door.open {
        Some(true) => Some("open"),
        Some(false) => Some("closed"),
        None => None,
    };
    let strike = if door.ready { "ready" } else { "not ready" };
    let now: Vec<&str> = leaf.into_iter().chain([strike]).collect();
    let mode = if door.locked_down {
        "lockdown"
    } else {
        door.mode.as_str()
    };
    let until = daemon.map(|daemon| daemon.in_table(door.ordered_until));
    let by = match until.filter(|until| !until.is_empty()) {
        Some(until) => format!("{} → {until}", lang.told(&door.by)),
        None => lang.told(&door.by),
    };
    [
        door.door.clone(),
        lang.word(mode),
        by,
        lang.word(&door.class),
        door.entry.join(", "),
        door.strike.clone(),
        lang.words(&now),
    ]
}

const HEADINGS: [Label; 7] = [
    Label::Door,
    Label::Mode,
    Label::By,
    Label::Class,
    Label::Entry,
    Label::Strike,
    Label::Now,
];

const EXAMPLES: &str = "\
Examples:
  portvakt door list
  portvakt --json door list";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Dress;

    #[test]
    fn a_door_says_how_its_leaf_and_strike_stand() {
        let mut sheet = Sheet::new(Lang::En, &HEADINGS);
        for (name, ready, open, locked_down) in [
            ("main", true, Some(false), false),
            ("cellar", false, None, true),
        ] {
            sheet.row(cells(
                None,
                &DoorRow {
                    door: name.into(),
                    mode: "card".into(),
                    by: "configuration".into(),
                    ordered_until: None,
                    hours: Vec::new(),
                    class: "standard".into(),
                    entry: vec!["main-in".into()],
                    strike: "main-in:0".into(),
                    ready,
                    open,
                    locked_down,
                    open_for_ms: 5_000,
                },
                Lang::En,
            ));
        }
        assert_eq!(
            sheet.draw(Dress {
                width: None,
                colour: false,
            }),
            "door    mode      by             class     entry    strike     now\n\
             main    card      configuration  standard  main-in  main-in:0  closed, ready\n\
             cellar  lockdown  configuration  standard  main-in  main-in:0  not ready"
        );
    }
}
