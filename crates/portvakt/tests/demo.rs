//! What a newcomer sees first: the demo, with the real daemon beside it.
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of these tests are not themselves tests"
)]

use std::process::Command;

#[test]
fn the_demo_lets_people_in_refuses_others_and_verifies_its_log() {
    build_the_daemon();
    let folder = tempfile::tempdir().unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_portvakt"))
        .args(["demo", "--for", "16s"])
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    let (out, err) = (text(&demo.stdout), text(&demo.stderr));
    assert!(demo.status.success(), "{err}\n{out}");
    for said in [
        "reader-online       in secure channel",
        "access-granted",
        "locked-down",
        "lockdown",
        "lockdown-released",
        "expired",
        "unknown-card",
        "lost-card-used",
        "change-pending",
        "door-held",
        "log verified with the key noted at the start",
    ] {
        assert!(out.contains(said), "{said} is not in\n{out}");
    }
    assert!(!out.contains('\x1b'), "no colours into a pipe");
}

/// The demo looks for the daemon beside itself; a test of this crate alone has not built it.
fn build_the_daemon() {
    // Whoever runs all tests has both binaries already.
    if std::env::var_os("PORTVAKT_BIN_DIR").is_some() {
        return;
    }
    let optimised = env!("CARGO_BIN_EXE_portvakt").contains("/release/");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "portvaktd"])
        .args(optimised.then_some("--release"))
        .status()
        .unwrap();
    assert!(built.success());
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
