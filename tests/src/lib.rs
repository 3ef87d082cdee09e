//! What the stories of the whole site share.

pub mod storm;
pub mod sweep;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;
use std::{env, fs};

/// The real binary, which stands beside the folder of the tests; built if it is not there.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    let tests = env::current_exe().expect("a test is a file");
    let folder = tests.parent().unwrap().parent().unwrap();
    BUILT.call_once(|| {
        if !["portvaktd", "portvakt"]
            .iter()
            .all(|name| folder.join(name).exists())
        {
            let optimised = folder.ends_with("release");
            let built = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "-p", "portvaktd", "-p", "portvakt"])
                .args(optimised.then_some("--release"))
                .status()
                .unwrap();
            assert!(built.success());
        }
    });
    folder.join(name)
}

/// The name of the user who runs the test.
#[must_use]
pub fn user() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let own = passwd
        .lines()
        .find(|line| line.split(':').nth(2) == Some(&uid));
    own.and_then(|line| line.split(':').next()).unwrap().into()
}
