//! Witnesses as the log's keeper and the auditor meet them: two real processes and a real log.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of these tests are not themselves tests"
)]

#[path = "witness/archive.rs"]
mod archive;
#[path = "witness/hostile.rs"]
mod hostile;
#[path = "witness/watcher.rs"]
mod watcher;

use std::fs;

use archive::Archive;
use watcher::{Watcher, portvakt};

/// Has the witness vouch for what lies in the archive.
fn push(archive: &Archive, watcher: &Watcher) -> (i32, String) {
    push_to(archive, &watcher.url(), watcher.key())
}

fn push_to(archive: &Archive, url: &str, key: &str) -> (i32, String) {
    portvakt(&[
        "witness",
        "push",
        "--witness",
        url,
        "--witness-key",
        key,
        "--dir",
        archive.dir().to_str().unwrap(),
    ])
}

fn verify(archive: &Archive, more: &[&str]) -> (i32, String) {
    let dir = archive.dir().to_str().unwrap();
    portvakt(
        &[
            &["log", "verify", "--dir", dir, "--key", &archive.key],
            more,
        ]
        .concat(),
    )
}

/// A log that a witness has seen at 300 and at 800 records, as it is and as it was between the two.
fn story() -> (Archive, Archive, Watcher) {
    let mut archive = Archive::new();
    archive.grow(300);
    let mut watcher = Watcher::start(&archive.key);
    let (code, said) = push(&archive, &watcher);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.starts_with("witnessed by w1 up to record 299 at 20"),
        "{said}"
    );
    let early = archive.copy();
    archive.grow(500);
    // Its memory outlives the process, however that ends.
    watcher.kill();
    watcher.restart();
    let (code, said) = push(&archive, &watcher);
    assert_eq!((code, said.contains("record 799")), (0, true), "{said}");
    (archive, early, watcher)
}

#[test]
fn a_verifier_is_told_how_far_the_log_is_anchored() {
    let (archive, _, watcher) = story();
    let (code, said) = verify(&archive, &["--witness-key", watcher.key()]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("witnessed by w1 up to record 799 at 20"),
        "{said}"
    );
    let (_, said) = verify(&archive, &["--witness-key", watcher.key(), "--lang", "nb"]);
    assert!(
        said.contains("bevitnet av w1 til og med post 799"),
        "{said}"
    );
    let (code, said) = verify(&archive, &["--witness-key", watcher.key(), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["anchored"]), (0, &true.into()));
    assert_eq!(json["witnessed"][0]["witness"], "w1");
    assert_eq!(json["witnessed"][0]["size"], 800);
    let (code, said) = verify(&archive, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("not anchored: no witness's key"), "{said}");
}

#[test]
fn what_a_witness_has_seen_cannot_be_cut_off_or_changed() {
    let (archive, early, watcher) = story();
    // Somebody with every key puts the log of an earlier day back.
    let told = |(code, said): (i32, String), what: &str| {
        assert_eq!((code, said.contains(what)), (6, true), "{what}: {said}");
    };
    let pinned = ["--witness-key", watcher.key()];
    told(push(&early, &watcher), "has seen 800 records");
    fs::copy(archive.file("witnessed"), early.file("witnessed")).unwrap();
    told(verify(&early, &pinned), "its end was cut");
    fs::remove_file(early.file("witnessed")).unwrap();
    told(verify(&early, &pinned), "nothing by the witness w1");

    // And goes on from there with another past.
    let mut forked = early.copy();
    forked.grow(500);
    told(push(&forked, &watcher), "they were others");
    forked.grow(10);
    told(push(&forked, &watcher), "it was changed");
    fs::copy(archive.file("witnessed"), forked.file("witnessed")).unwrap();
    told(verify(&forked, &pinned), "the log was changed");
    assert_eq!(push(&archive, &watcher).0, 0, "the right one goes on");
    let told = watcher.stop();
    assert!(told.contains("FORK"), "{told}");
}

#[test]
fn a_witness_is_taken_for_itself_only() {
    let mut archive = Archive::new();
    archive.grow(20);
    let watcher = Watcher::start(&archive.key);
    let other = Watcher::start(&archive.key);
    let (code, said) = push_to(&archive, &watcher.url(), other.key());
    assert_eq!((code, said.contains("did not sign")), (6, true), "{said}");
    assert!(!archive.file("witnessed").exists());
    // A witness of other logs, and something that is none.
    let stranger = Archive::new();
    let of_others = Watcher::start(&stranger.key);
    let (code, said) = push(&archive, &of_others);
    assert_eq!((code, said.contains("403")), (1, true), "{said}");
    let (code, said) = push_to(&archive, "http://127.0.0.1:1", watcher.key());
    assert_eq!((code, said.contains("no witness at")), (1, true), "{said}");
    let with_tls = watcher.url().replace("http:", "https:");
    let (code, said) = push_to(&archive, &with_tls, watcher.key());
    assert_eq!((code, said.contains("no witness at")), (1, true), "{said}");
    let (code, said) = push_to(
        &archive,
        &format!("{}/elsewhere", watcher.url()),
        watcher.key(),
    );
    assert_eq!((code, said.contains("404")), (1, true), "{said}");
    // Two of them are kept beside each other.
    for by in [&watcher, &other] {
        assert_eq!(push(&archive, by).0, 0);
    }
    let keys = ["--witness-key", watcher.key(), "--witness-key", other.key()];
    let (code, said) = verify(&archive, &keys);
    assert_eq!(
        (code, said.matches("witnessed by w1").count()),
        (0, 2),
        "{said}"
    );
    let (code, said) = verify(&archive, &["--witness-key", of_others.key()]);
    assert_eq!(code, 6, "{said}");
}

#[test]
fn a_witness_whose_folder_was_changed_does_not_start() {
    let archive = Archive::new();
    let mut watcher = Watcher::start(&archive.key);
    watcher.kill();
    let seen = watcher.state().join("seen");
    fs::write(&seen, "portvakt witness 1\n5 AAAA x\n").unwrap();
    let (code, said) = portvakt(&watcher.arguments());
    assert_eq!((code, said.contains("seen")), (6, true), "{said}");
    fs::remove_file(&seen).unwrap();
    let (code, said) = portvakt(&watcher.arguments());
    assert_eq!((code, said.contains("forgotten")), (6, true), "{said}");
}
