//! Card wishes: every request that names a card, about any card.

use access::IssuanceId;
use serde_json::{Value, json};

use super::cards::Office;

/// What is asked, and the request about a card.
pub(crate) struct CardWish {
    /// As the table calls it.
    pub(crate) name: &'static str,
    /// The request.
    pub(crate) about: fn(&mut Office<'_>, IssuanceId) -> Value,
}

/// A wish that needs nothing but the card.
macro_rules! wish {
    ($name:literal, $($json:tt)+) => {
        CardWish {
            name: $name,
            about: |_, card| about(card, json!($($json)+)),
        }
    };
}

/// All of them. `every_request_that_names_a_card_is_in_the_table` finds one that is missing.
pub(crate) const WISHES: &[CardWish] = &[
    CardWish {
        name: "card activate",
        about: |office, card| {
            let plastic = office.plastic();
            json!({"verb":"card-activate","issuance":card,"card":plastic,"return_duty_told":true})
        },
    },
    CardWish {
        name: "card activate, of the house",
        about: |office, card| {
            let stock = office.stock();
            json!({"verb":"card-activate","issuance":card,"card":{"stock":stock},"return_duty_told":true})
        },
    },
    wish!("card arrived", {"verb":"card-arrived"}),
    wish!("card notify", {"verb":"card-notify"}),
    wish!("card block", {"verb":"card-block","reason":"odd"}),
    wish!("card unblock", {"verb":"card-unblock","reason":"cleared up"}),
    wish!("card lost", {"verb":"card-lost"}),
    wish!("card found", {"verb":"card-found"}),
    wish!("card return", {"verb":"card-return","form_shredded":true}),
    wish!("card return, form kept", {"verb":"card-return","form_shredded":false}),
    CardWish {
        name: "card hold",
        about: |office, card| {
            let until = office.after(3_600);
            json!({"verb":"card-hold","issuance":card,"until":until,"reason":"case 2026-8"})
        },
    },
    wish!("card hold end", {"verb":"card-hold-end"}),
    wish!("card show", {"verb":"card-show"}),
    wish!("card form", {"verb":"card-life","act":"form"}),
    CardWish {
        name: "card change, sooner end",
        about: |office, card| {
            let end = office.after(900);
            json!({"verb":"card-life","act":"change","issuance":card,"valid_until":end})
        },
    },
    CardWish {
        name: "card change, later end",
        about: |office, card| {
            let end = office.after(9_000);
            json!({"verb":"card-life","act":"change","issuance":card,"valid_until":end})
        },
    },
    wish!("card change, no end", {"verb":"card-life","act":"change","without_end":true}),
    wish!("card change, name", {"verb":"card-life","act":"change","name":"Kari Dahl"}),
    wish!("card change, firm", {"verb":"card-life","act":"change","firm":"Tak AS"}),
    wish!("card change, contact", {"verb":"card-life","act":"change","contact":"Eva"}),
    CardWish {
        name: "card change, plastic",
        about: |office, card| {
            let plastic = office.plastic();
            json!({"verb":"card-life","act":"change","issuance":card,"card":plastic})
        },
    },
    CardWish {
        name: "card change, replaces",
        about: |office, card| {
            let mut wish = office.wish("employee");
            wish["uncertain"] = json!(true);
            let new = office.issued(&wish);
            json!({"verb":"card-life","act":"change","issuance":new,"replaces":card})
        },
    },
    wish!("card undo", {"verb":"card-life","act":"undo"}),
    wish!("card vouch", {"verb":"card-life","act":"vouch","superior":"Siv"}),
    wish!("card pin set", {"verb":"card-pin","act":"set","pin":"159268"}),
    wish!("card pin clear", {"verb":"card-pin","act":"clear"}),
    wish!("right grant", {"verb":"right","act":"grant","rights":[{"place":"yard"}],"reason":"the boiler"}),
    wish!("right revoke", {"verb":"right","act":"revoke","place":"main","reason":"mended"}),
    wish!("right list", {"verb":"right","act":"list"}),
    CardWish {
        name: "card issue, instead of it",
        about: |office, card| {
            let mut wish = office.wish("forgotten");
            wish["instead_of"] = json!(card);
            wish
        },
    },
    CardWish {
        name: "card issue, replaces it",
        about: |office, card| {
            let mut wish = office.wish("employee");
            wish["replaces"] = json!(card);
            wish
        },
    },
    CardWish {
        name: "approval show",
        about: |_, card| json!({"verb":"approval","act":"show","approval":card}),
    },
    CardWish {
        name: "approval approve",
        about: |_, card| json!({"verb":"approval","act":"approve","approval":card}),
    },
    CardWish {
        name: "approval refuse",
        about: |_, card| json!({"verb":"approval","act":"refuse","approval":card,"reason":"not ours"}),
    },
    CardWish {
        name: "review decide",
        about: |office, card| {
            let review = office.review();
            json!({"verb":"review","act":"decide","review":review,"decisions":[{"issuance":card,"verdict":"keep","reason":"needed"}]})
        },
    },
    wish!("person leave", {"verb":"person","act":"leave"}),
    CardWish {
        name: "person leave, others",
        about: |office, card| {
            let one = office.card(super::cards::Stand::Active);
            json!({"verb":"person","act":"leave","issuance":one,"others":[card]})
        },
    },
    CardWish {
        name: "person leave operator",
        about: |office, card| {
            let user = office.somebody();
            json!({"verb":"person","act":"leave-operator","user":user,"cards":[card]})
        },
    },
    CardWish {
        name: "log show",
        about: |_, card| json!({"verb":"log-show","denied":false,"card":card,"case":"2026-7"}),
    },
    CardWish {
        name: "why",
        about: |_, card| json!({"verb":"why","card":{"issuance":card},"door":"main"}),
    },
    wish!("area forgive", {"verb":"house","act":"area-forgive-card"}),
];

fn about(card: IssuanceId, mut wish: Value) -> Value {
    wish["issuance"] = json!(card);
    wish
}
