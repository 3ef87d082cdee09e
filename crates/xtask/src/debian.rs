//! What the tests need beyond cargo, as Debian packages.

use std::path::Path;
use std::process::{Command, Stdio};

/// A tool or library the tests want, and the Debian package that brings it.
pub(crate) struct Need {
    package: &'static str,
    what_for: &'static str,
    present: fn() -> bool,
}

/// The C compiler that bundled SQLite and the peer reader `libosdp` are built with, and the users that stories inject.
pub(crate) const C_COMPILER: Need = Need {
    package: "gcc",
    what_for: "SQLite and the libosdp reader, which are built from source",
    present: || answers("cc", "--version"),
};

/// Git, which the build script of the peer crate `libosdp-sys` runs (it ships its bindings, so libclang is not needed).
pub(crate) const GIT: Need = Need {
    package: "git",
    what_for: "the libosdp reader of tests/peers",
    present: || answers("git", "--version"),
};

/// Python, with which an auditor's script reads a log.
pub(crate) const PYTHON: Need = Need {
    package: "python3",
    what_for: "docs/verify.py, which a test plays against the verifier",
    present: || answers("python3", "--version"),
};

/// Go, with whose own code an auditor reads a log's tiles.
pub(crate) const GO: Need = Need {
    package: "golang-go",
    what_for: "tests/go/auditor.go, which a test plays against exported tiles",
    present: || answers("go", "version"),
};

/// The code of Go's checksum database, as a library.
pub(crate) const GO_CHECKSUM_DATABASE: Need = Need {
    package: "golang-golang-x-mod-dev",
    what_for: "tests/go/auditor.go, which a test plays against exported tiles",
    present: || Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir(),
};

/// Strace, which answers a running daemon's calls with errors.
pub(crate) const STRACE: Need = Need {
    package: "strace",
    what_for: "the stories of a disk and a port that fail under the daemon",
    present: || answers("strace", "--version"),
};

/// Libfaketime, under which a daemon's clock jumps.
pub(crate) const FAKETIME: Need = Need {
    package: "faketime",
    what_for: "the stories of clocks that jump under the daemon",
    present: || answers("faketime", "--version"),
};

/// Makes sure a need is met; installs the package where this user may. `false`: it is missing, and the one command that would help was printed.
pub(crate) fn provide(need: &Need) -> bool {
    if (need.present)() {
        return true;
    }
    eprintln!("== {} is needed for {}", need.package, need.what_for);
    if install(need.package) && (need.present)() {
        return true;
    }
    eprintln!("   install it with: sudo apt-get install {}", need.package);
    false
}

fn install(package: &str) -> bool {
    if !answers("apt-get", "--version") {
        return false;
    }
    let become_root: &[&str] = if is_root() { &[] } else { &["sudo", "-n"] };
    let apt = |words: &[&str]| {
        let mut all = become_root.to_vec();
        all.extend_from_slice(words);
        all.split_first().is_some_and(|(program, rest)| {
            Command::new(program)
                .args(rest)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
    };
    let wanted = [
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        package,
    ];
    apt(&wanted) || (apt(&["apt-get", "update"]) && apt(&wanted))
}

/// Whether root runs this.
pub(crate) fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n")
}

fn answers(program: &str, word: &str) -> bool {
    Command::new(program)
        .arg(word)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
