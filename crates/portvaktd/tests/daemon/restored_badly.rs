//! Restoring what is no backup, and restoring that is cut off, with the real binary.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use super::house::{House, text};
use super::reconcile::reconcile;
use super::restored::{
    PASSPHRASE, back_up, furnished, keep_shreds, lose_the_disk, refused, restore, restore_command,
    restored, verified,
};

#[test]
fn a_backup_that_was_altered_or_is_another_houses_is_refused_and_nothing_is_written() {
    let house = House::new();
    let (daemon, ..) = furnished(&house);
    let backup = back_up(&house);
    let shreds = keep_shreds(&house);
    daemon.kill();
    lose_the_disk(&house);
    let without = ["--without-shreds"];
    let phrase = house.folder().join("phrase");
    fs::write(&phrase, "another phrase").unwrap();
    let said = refused(&house, &backup, &without);
    assert!(said.contains("the passphrase is another"), "{said}");
    fs::write(&phrase, PASSPHRASE).unwrap();
    for (file, expected) in [
        ("register.db", "register.db has not the SHA-256"),
        ("log/checkpoint", "log/checkpoint has not the SHA-256"),
        ("manifest.seal", "is not as this house sealed it"),
    ] {
        let path = backup.join(file);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        let last = bad.len() - 2;
        bad[last] = if bad[last] == b'0' { b'1' } else { b'0' };
        fs::write(&path, bad).unwrap();
        let said = refused(&house, &backup, &without);
        assert!(said.contains(expected), "{said}");
        fs::remove_file(&path).unwrap();
        assert!(!refused(&house, &backup, &without).is_empty());
        fs::write(&path, good).unwrap();
    }
    // Whoever makes the list anew has not the house's key.
    let list = backup.join("manifest.json");
    let good = fs::read_to_string(&list).unwrap();
    fs::write(&list, good.replace("Test house", "Best house")).unwrap();
    let said = refused(&house, &backup, &without);
    assert!(said.contains("is not as this house sealed it"), "{said}");
    fs::write(&list, &good).unwrap();
    fs::write(backup.join("more"), "x").unwrap();
    assert!(refused(&house, &backup, &without).contains("more is not listed"));
    fs::remove_file(backup.join("more")).unwrap();
    let shortened = fs::read_to_string(&shreds)
        .unwrap()
        .replacen("card ", "cart ", 1);
    fs::write(&shreds, shortened).unwrap();
    let said = refused(&house, &backup, &["--shreds", shreds.to_str().unwrap()]);
    assert!(said.contains("is not as this house sealed it"), "{said}");
    let config = fs::read_to_string(house.config()).unwrap();
    let other = config.replace("test.example/portvakt", "best.example/portvakt");
    fs::write(house.config(), other).unwrap();
    assert!(refused(&house, &backup, &without).contains("an origin never changes"));
    fs::write(house.config(), config).unwrap();
    assert!(!house.data().exists(), "nothing was written by any of them");
    restored(&house, &backup, &without);
}

#[test]
fn a_restore_that_is_killed_at_any_step_leaves_nothing_or_the_whole_and_is_done_again() {
    let house = House::new();
    let (daemon, ..) = furnished(&house);
    let backup = back_up(&house);
    daemon.kill();
    let without = ["--without-shreds"];
    for step in STEPS {
        lose_the_disk(&house);
        let mut child = restore_command(&house, &backup, &without)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !house.data().join(step).exists() && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_micros(200));
        }
        child.kill().ok();
        child.wait().unwrap();
        let was_in_place = house.data().join("register.db").exists();
        let done = restore(&house, &backup, &without);
        let said = text(&done.stderr);
        let is_refused = was_in_place && said.contains("restore never overwrites");
        assert!(done.status.success() || is_refused, "{step}: {said}");
        for left in ["restore.partial", "restore.whole"] {
            assert!(!house.data().join(left).exists(), "{step}: {left}");
        }
        verified(&house.data().join("log"), &[]);
    }
    let daemon = house.start();
    assert_eq!(reconcile(&house).differences, 0);
    assert!(daemon.stop().status.success());
}

/// What is there when the restore is killed.
const STEPS: [&str; 9] = [
    "restore.partial",
    "restore.partial/keys/seal.bin",
    "restore.partial/log-1",
    "restore.partial/register.db",
    "restore.partial/log/checkpoint",
    "restore.partial/log/reserve",
    "restore.whole",
    "keys",
    "register.db",
];
