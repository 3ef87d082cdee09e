//! Stock states: every request that names a card of the house × every state such a card can be in.

use control::Row;
use serde_json::{Value, json};

use super::cards::{Office, Stand};

/// Where a card of the house stands when something is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StockStand {
    /// There is no card of this number.
    Unknown,
    /// Nobody holds it.
    InHouse,
    /// Somebody holds it.
    Lent,
    /// Nobody holds it, and it is not to be given out.
    Blocked,
    /// Somebody holds it, and it is dead at every door.
    LentBlocked,
    /// Whoever holds it reported it lost.
    Lost,
    /// It was lost, and its issuance returned without it.
    Missing,
}

impl StockStand {
    /// Every one.
    pub(crate) const ALL: [Self; 7] = [
        Self::Unknown,
        Self::InHouse,
        Self::Lent,
        Self::Blocked,
        Self::LentBlocked,
        Self::Lost,
        Self::Missing,
    ];

    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "not there",
            Self::InHouse => "in the house",
            Self::Lent => "lent",
            Self::Blocked => "blocked",
            Self::LentBlocked => "lent, blocked",
            Self::Lost => "lost",
            Self::Missing => "lost, card returned",
        }
    }
}

/// What is asked, and the request about a card of the house.
pub(crate) type StockWish = (&'static str, fn(&mut Office<'_>, &str) -> Value);

/// All of them.
pub(crate) const STOCK_WISHES: &[StockWish] = &[
    ("card activate, with it", |office, stock| {
        let issuance = office.card(Stand::Notified);
        json!({"verb":"card-activate","issuance":issuance,"card":{"stock":stock},"return_duty_told":true})
    }),
    ("card change, to it", |office, stock| {
        let issuance = office.card(Stand::Employee);
        json!({"verb":"card-life","act":"change","issuance":issuance,"card":{"stock":stock}})
    }),
    ("card issue, with it", |office, stock| {
        let mut wish = office.wish("employee");
        wish["card"] = json!({"stock":stock});
        wish["return_duty_told"] = json!(true);
        wish
    }),
    (
        "card stock add",
        |_, stock| json!({"verb":"stock","act":"add","card":{"stock":stock}}),
    ),
    (
        "card stock block",
        |_, stock| json!({"verb":"stock","act":"block","stock":stock}),
    ),
    (
        "card stock unblock",
        |_, stock| json!({"verb":"stock","act":"unblock","stock":stock}),
    ),
    (
        "card stock found",
        |_, stock| json!({"verb":"stock","act":"found","stock":stock}),
    ),
    (
        "card stock remove",
        |_, stock| json!({"verb":"stock","act":"remove","stock":stock}),
    ),
    (
        "card trace",
        |_, stock| json!({"verb":"card-trace","card":{"stock":stock}}),
    ),
];

/// A card of the house that stands there.
pub(crate) fn stocked(office: &mut Office<'_>, stand: StockStand) -> String {
    if stand == StockStand::Unknown {
        return "S-999".to_owned();
    }
    let stock = office.stock();
    let held = matches!(
        stand,
        StockStand::Lent | StockStand::LentBlocked | StockStand::Lost | StockStand::Missing
    );
    if held {
        let card = office.card(Stand::Notified);
        office.done(&json!({"verb":"card-activate","issuance":card,"card":{"stock":stock},"return_duty_told":true}));
        if matches!(stand, StockStand::Lost | StockStand::Missing) {
            office.done(&json!({"verb":"card-lost","issuance":card}));
        }
        if stand == StockStand::Missing {
            office.done(&json!({"verb":"card-return","issuance":card,"form_shredded":true}));
        }
    }
    if matches!(stand, StockStand::Blocked | StockStand::LentBlocked) {
        office.done(&json!({"verb":"stock","act":"block","stock":stock}));
    }
    stock
}

/// Where it stands now, as the list of them says.
pub(crate) fn stock_state(office: &mut Office<'_>, stock: &str) -> String {
    let rows = office.rows(&json!({"verb":"stock","act":"list"}));
    let found = rows.into_iter().find_map(|row| {
        let Row::Stock(row) = row else {
            panic!("{row:?}")
        };
        let is_it = row.stock.is_some_and(|it| it.to_string() == stock);
        is_it.then_some(row.state)
    });
    let Some(state) = found else {
        return "**not there**".to_owned();
    };
    let state = serde_json::to_value(state).unwrap();
    format!("**{}**", state.as_str().unwrap())
}
