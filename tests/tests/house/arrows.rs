//! Which crate may stand on which: the arrows of docs/architecture.md, read from each `Cargo.toml`.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::read;

/// Every crate of ours and the crates of ours it may name. Nothing else is allowed.
const ARROWS: &[(&str, &[&str])] = &[
    ("firmware-protocol", &[]),
    ("access", &[]),
    ("key-store", &[]),
    ("reader-bus", &["firmware-protocol"]),
    ("register", &["access", "key-store"]),
    ("event-log", &["access", "key-store"]),
    ("control", &["access"]),
    ("site", &["access", "reader-bus", "event-log"]),
    (
        "building-sim",
        &[
            "access",
            "firmware-protocol",
            "reader-bus",
            "site",
            "event-log",
            "key-store",
        ],
    ),
    (
        "portvaktd",
        &[
            "access",
            "reader-bus",
            "site",
            "register",
            "event-log",
            "control",
            "key-store",
        ],
    ),
    (
        "portvakt",
        &["access", "control", "event-log", "building-sim"],
    ),
    ("xtask", &[]),
];

/// Crates from outside that only the named crates of ours may use.
const KEPT_APART: &[(&str, &[&str])] = &[
    ("rusqlite", &["register"]),
    ("tokio", &["portvaktd"]),
    ("tokio-serial", &["portvaktd"]),
    ("bincode", &["event-log"]),
    // The core has no network: who talks with a witness is a process of its own.
    ("httparse", &["portvakt"]),
    ("ureq", &["portvakt"]),
];

fn folder(name: &str) -> String {
    if name == "firmware-protocol" {
        name.to_owned()
    } else {
        format!("crates/{name}")
    }
}

/// The names under `[dependencies]` (and its platform twins) of a crate; what only its tests use is free.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest: toml::Table = read(&format!("{}/Cargo.toml", folder(name)))
        .parse()
        .expect("a manifest is TOML");
    let mut tables = vec![manifest.get("dependencies")];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().map(|target| target.get("dependencies")));
    }
    tables
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.keys().cloned())
        .collect()
}

fn ours() -> BTreeSet<&'static str> {
    ARROWS.iter().map(|(name, _)| *name).collect()
}

#[test]
fn no_crate_names_a_crate_it_may_not_stand_on() {
    for (name, allowed) in ARROWS {
        for dependency in dependencies(name)
            .iter()
            .filter(|dependency| ours().contains(dependency.as_str()))
        {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn every_crate_has_its_arrows_drawn() {
    let folders =
        std::fs::read_dir(crate::tree::root().join("crates")).expect("crates/ is readable");
    for entry in folders.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            ours().contains(name.as_str()),
            "crates/{name} has no row in the table of arrows"
        );
    }
}

#[test]
fn the_arrows_make_no_circle() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    fn visit<'a>(
        name: &'a str,
        path: &mut Vec<&'a str>,
        arrows: &BTreeMap<&'a str, &'a [&'a str]>,
    ) {
        assert!(!path.contains(&name), "circle: {path:?} and back to {name}");
        path.push(name);
        arrows[name]
            .iter()
            .for_each(|below| visit(below, path, arrows));
        path.pop();
    }
    arrows
        .keys()
        .for_each(|name| visit(name, &mut Vec::new(), &arrows));
}

#[test]
fn databases_serial_ports_and_the_frozen_codec_stay_in_their_rooms() {
    for (outside, rooms) in KEPT_APART {
        for (name, _) in ARROWS.iter().filter(|(name, _)| !rooms.contains(name)) {
            assert!(
                !dependencies(name).contains(*outside),
                "{name} must not depend on {outside}"
            );
        }
    }
}

#[test]
fn the_firmware_crate_brings_only_checks_and_ciphers() {
    let allowed: BTreeSet<String> = ["aes", "cbc", "crc", "subtle", "zeroize"]
        .map(str::to_owned)
        .into();
    let found = dependencies("firmware-protocol");
    assert!(
        found.is_subset(&allowed),
        "firmware-protocol drags in {:?}",
        found.difference(&allowed)
    );
}
