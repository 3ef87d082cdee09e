//! The tree of the repository as the guards read it.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ stands in the root")
        .to_path_buf()
}

/// A Rust file: its path below the root, and its text.
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

/// Every Rust file of the workspace and of tests/peers, in order of path.
pub fn source_files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    for folder in ["firmware-protocol", "crates", "tests"] {
        collect(&root().join(folder), &mut files);
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(
        files.len() > 50,
        "the guards see {} files only: are they looking in the right place?",
        files.len()
    );
    files
}

fn collect(folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder)
        .expect("a folder of the repository is readable")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            if entry.file_name() != "target" {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source file is readable UTF-8");
            let below = path
                .strip_prefix(root())
                .expect("the file stands below the root");
            files.push(SourceFile {
                path: below.to_string_lossy().into_owned(),
                text,
            });
        }
    }
}

/// The text of a file below the root.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
