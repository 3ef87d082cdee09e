//! A card that is reported lost or blocked while the register has other work.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use access::{IssuanceId, Standing};
use control::Reply;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::cards::{Office, Stand};
use super::{MockUp, ROOT};
use crate::desk::Denied;

/// How the site has a card now.
fn standing(house: &MockUp, of: IssuanceId) -> Standing {
    let generation = house.controller.views.allowlist.borrow().generation();
    let site = &house.controller.site;
    let cards = site.ask_blocking(move |bench, _| bench.site.generation(generation));
    let cards = cards.unwrap().expect("the present cards");
    cards.of_issuance(of).expect("a card").standing
}

/// Waits until the site has it so.
fn wait_for(house: &MockUp, of: IssuanceId, wanted: Standing) {
    for _ in 0..1_000 {
        if standing(house, of) == wanted {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("not {wanted:?} in ten seconds");
}

fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// Keeps the register's thread until this is dropped.
fn keep_busy(house: &MockUp, runtime: &Runtime) -> mpsc::Sender<()> {
    let (release, kept) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let desk = house.controller.desk.clone();
    runtime.spawn(async move {
        let errand = move |_: &mut crate::desk::Desk| {
            begun.send(()).ok();
            kept.recv().ok();
        };
        desk.ask(errand).await
    });
    has_begun.recv().unwrap();
    release
}

#[test]
fn m33_a_card_reported_lost_opens_nothing_while_the_register_has_other_work() {
    for (verb, wanted) in [
        ("card-lost", Standing::Lost),
        ("card-block", Standing::Blocked),
    ] {
        let house = MockUp::new();
        let card = Office::open(&house).card(Stand::Active);
        assert_eq!(standing(&house, card), Standing::Active);
        let runtime = runtime();
        let busy = keep_busy(&house, &runtime);
        let mut request = json!({"verb":verb,"issuance":card});
        if verb == "card-block" {
            request["reason"] = json!("seen elsewhere");
        }
        thread::scope(|scope| {
            let asked = scope.spawn(|| house.call(ROOT).ask(&request));
            wait_for(&house, card, wanted);
            assert!(!asked.is_finished(), "nothing is on record yet");
            drop(busy);
            let reply = asked.join().unwrap();
            assert!(matches!(reply, Reply::Changed(_)), "{reply:?}");
        });
        assert_eq!(standing(&house, card), wanted);
    }
}

#[test]
fn a_card_whose_denial_comes_to_nothing_is_what_it_was() {
    let house = MockUp::new();
    let card = Office::open(&house).card(Stand::Active);
    let runtime = runtime();
    let busy = keep_busy(&house, &runtime);
    let denied = Denied {
        issuance: card,
        standing: Standing::Lost,
    };
    let desk = house.controller.desk.clone();
    let asked = runtime.spawn(async move { desk.ask_denying(Some(denied), |_| "refused").await });
    wait_for(&house, card, Standing::Lost);
    drop(busy);
    assert_eq!(runtime.block_on(asked).unwrap(), Ok("refused"));
    assert_eq!(standing(&house, card), Standing::Active);
}
