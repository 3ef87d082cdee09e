//! Aim: golden requests made about what is there, so that one is refused for nothing but what is wrong with it.

use access::IssuanceId;
use serde_json::{Value, json};

use super::cards::{Office, Stand};
use super::golden::named;
use super::stock_states::{StockStand, stocked};
use crate::passwd;

/// The request about cards, dates, people and things of this house.
pub(crate) fn aimed(office: &mut Office<'_>, golden: &Value) -> Value {
    let mut request = golden.clone();
    let card = office.card(stand_for(&request));
    // A forgotten card ends with the working day.
    let is_for_the_day = request["kind"] == "forgotten";
    let end = if is_for_the_day { 3_600 } else { 86_400 };
    set_everywhere(&mut request, &mut |key, value| {
        let text = value.as_str()?;
        match (key, text) {
            (_, "P-3F7K2Q" | "P-7M2XK4") => Some(json!(card)),
            ("valid_until" | "until" | "ends", _) if is_instant(text) => {
                Some(json!(office.after(end)))
            }
            (_, _) if is_instant(text) => Some(json!(office.after(0))),
            _ => None,
        }
    });
    fit(office, &mut request, card);
    request
}

/// Where a card must stand for a request to be allowed.
fn stand_for(request: &Value) -> Stand {
    match named(request).as_str() {
        "card-activate" => Stand::Notified,
        "card-arrived" => Stand::Ordered,
        "card-notify" => Stand::Arrived,
        "card-unblock" => Stand::Blocked,
        "card-found" => Stand::Lost,
        "card-hold-end" => Stand::Held,
        "card-life/undo" => Stand::Issued,
        "card-life/vouch" => Stand::Unsure,
        // Whose card is live keeps the name.
        "card-life/change" if request.get("without_end").or(request.get("card")).is_none() => {
            Stand::Issued
        }
        "card-life/change" => Stand::Employee,
        "card-issue" if request.get("replaces").is_some() => Stand::NewHire,
        "card-issue" => Stand::Employee,
        "approval/refuse" => Stand::Unapproved,
        _ => Stand::Active,
    }
}

/// What a name alone does not tell.
fn fit(office: &mut Office<'_>, request: &mut Value, card: IssuanceId) {
    let written = json!({"credential":{"number":{"format":"H10301","facility":9,"number":9}}});
    match named(request).as_str() {
        // A card that is to be shown at a reader is waited for.
        "card-issue" | "card-trace" if request.get("card").is_some() => request["card"] = written,
        "card-life/change" => fit_change(office, request, card, written),
        "stock/found" => request["stock"] = json!(stocked(office, StockStand::Missing)),
        "tenant/contact-leave" if request.get("mobile").is_some() => {
            request["mobile"] = json!("+47 900 00 001");
        }
        "person/leave" if request.get("others").is_some() => {
            request["others"] = json!([office.card(Stand::Active)]);
        }
        "log-checkpoint" => request["old"] = json!(1),
        "house/end-mode" => {
            office.done(
                &json!({"verb":"house","act":"order-mode","doors":{"doors":["main"]},"mode":"locked"}),
            );
        }
        "house/why-event" => request["index"] = json!(1),
        "card-activate" if request["card"].get("stock").is_some() => {
            request["card"]["stock"] = json!(office.stock());
        }
        "stock/block" | "stock/remove" => request["stock"] = json!(office.stock()),
        "stock/unblock" => {
            let stock = office.stock();
            office.done(&json!({"verb":"stock","act":"block","stock":stock}));
            request["stock"] = json!(stock);
        }
        "card-pin/clear" => {
            office.done(&json!({"verb":"card-pin","act":"set","issuance":card,"pin":"159268"}));
        }
        "right/revoke" => request["place"] = json!("main"),
        "approval/show" | "approval/approve" => {
            request["approval"] = json!(office.asked_in_doubt(card));
        }
        "review/decide" => {
            let review = office.review();
            request["review"] = json!(review);
            request["decisions"] = json!([{"issuance":office.oldest(),"verdict":"change","until":office.after(600),"reason":"less"}]);
        }
        "review/show" | "review/decide-many" | "review/sign" | "review/report" => {
            request["review"] = json!(office.review());
        }
        "holiday/remove" => request["day"] = json!("12-25"),
        _ => fit_people(office, request),
    }
}

/// The same, for a change of a card: only some of it may be changed in one request.
fn fit_change(office: &mut Office<'_>, request: &mut Value, card: IssuanceId, written: Value) {
    // Only after a restore is there a card of which nobody says how its holder was identified.
    request.as_object_mut().unwrap().remove("identified_by");
    if request.get("card").is_some() {
        request["card"] = written;
        request["replaces"] = json!(office.card(Stand::NewHire));
        request.as_object_mut().unwrap().remove("name");
    } else if request.get("without_end").is_some() {
        let end = office.after(3_600);
        office.done(&json!({"verb":"card-life","act":"change","issuance":card,"valid_until":end}));
    }
}

/// The same, for requests about tenants and operators.
fn fit_people(office: &Office<'_>, request: &mut Value) {
    match named(request).as_str() {
        "tenant-add" => request["tenant"] = json!("Vegvesenet"),
        "tenant/add" => request["tenant"] = json!("Skatteetaten"),
        "tenant-contact" => request["name"] = json!("Nils"),
        "operator/add" => {
            request["user"] = json!(passwd::name_of(9).unwrap().unwrap());
            request["roles"] = json!(["receptionist"]);
            request.as_object_mut().unwrap().remove("tenant");
        }
        "operator/role" => {
            request["user"] = json!(office.somebody());
            request["remove"] = json!(["auditor"]);
        }
        "operator/delegate" => {
            request["user"] = json!(office.somebody());
            request["role"] = json!("technician");
        }
        _ if request.get("user").is_some() => {
            request["user"] = json!(office.somebody());
        }
        _ => {}
    }
}

/// Whether it is written as instants are.
pub(crate) fn is_instant(text: &str) -> bool {
    text.len() > 20 && text.ends_with('Z') && text.starts_with("20")
}

/// Puts another value wherever `other` gives one.
pub(crate) fn set_everywhere(
    value: &mut Value,
    other: &mut dyn FnMut(&str, &Value) -> Option<Value>,
) {
    fn visit(key: &str, value: &mut Value, other: &mut dyn FnMut(&str, &Value) -> Option<Value>) {
        if let Some(new) = other(key, value) {
            *value = new;
            return;
        }
        if let Some(fields) = value.as_object_mut() {
            for (key, field) in fields {
                visit(key, field, other);
            }
        } else if let Some(items) = value.as_array_mut() {
            for item in items {
                visit(key, item, other);
            }
        }
    }
    visit("", value, other);
}
