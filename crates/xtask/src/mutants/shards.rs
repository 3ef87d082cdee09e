//! A module's mutants in shards: each is run to its end or not at all, so that a run can be broken off and gone on with.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use super::module::Module;
use crate::cargo;

/// The shards of a module, and where each keeps what became of it.
pub(crate) struct Shards {
    module: Module,
    dir: PathBuf,
    mutants: usize,
    /// Of the package with its tests: a shard that was run with other code is run again.
    code: u64,
}

/// After when no shard is begun any more.
pub(crate) struct Deadline {
    state: PathBuf,
    at: Option<SystemTime>,
}

impl Shards {
    /// The shards of a module as its code is now.
    ///
    /// # Errors
    /// cargo-mutants cannot list them, or the code cannot be read.
    pub(crate) fn of(module: Module, state: &Path) -> io::Result<Self> {
        let said = mutants(module).arg("--list").output()?;
        if !said.status.success() {
            let why = String::from_utf8_lossy(&said.stderr).into_owned();
            return Err(io::Error::other(format!("cargo mutants --list: {why}")));
        }
        let mut code = DefaultHasher::new();
        digest(&cargo::root().join(module.folder()), &mut code)?;
        Ok(Self {
            module,
            dir: state.join(module.name()),
            mutants: String::from_utf8_lossy(&said.stdout).lines().count(),
            code: code.finish(),
        })
    }

    /// How many mutants there are.
    pub(crate) const fn mutants(&self) -> usize {
        self.mutants
    }

    /// Runs every shard that was not run to its end, as long as there is time.
    ///
    /// # Errors
    /// cargo-mutants cannot be started, or ends before it has judged every mutant.
    pub(crate) fn run(&self, deadline: &Deadline) -> io::Result<()> {
        let count = self.count();
        for shard in (0..count).filter(|shard| !self.is_finished(*shard)) {
            if !deadline.is_open()? {
                eprintln!("== the time is over; the next run goes on here");
                return Ok(());
            }
            let step = format!("{}: shard {} of {count}", self.module, shard + 1);
            let dir = self.place(shard);
            if dir.exists() {
                fs::remove_dir_all(&dir)?;
            }
            let mut quick = mutants(self.module);
            quick.args(["--shard", &format!("{shard}/{}", self.count())]);
            self.judge(&step, quick, &dir.join(QUICK), self.module.slow_tests())?;
            let survivors = lines(&dir.join(QUICK).join(OUT).join("missed.txt"))?;
            if !survivors.is_empty() && !self.module.slow_tests().is_empty() {
                let step = format!("{step}, those that survived the quick tests");
                let whole = exactly(self.module, &survivors);
                self.judge(&step, whole, &dir.join(WHOLE), &[])?;
            }
            fs::write(dir.join(FINISHED), self.code.to_string())?;
        }
        Ok(())
    }

    /// Judges these mutants by all tests but those named.
    fn judge(
        &self,
        step: &str,
        mut which: Command,
        dir: &Path,
        without: &[&str],
    ) -> io::Result<()> {
        eprintln!("== {step}");
        fs::create_dir_all(dir)?;
        self.prepare(&mut which, dir, without);
        let status = which.status()?;
        // 2: some survived; 3: some did not end. Both are judged later, with those of other shards.
        match status.code() {
            Some(0 | 2 | 3) => Ok(()),
            _ => Err(io::Error::other(format!("{step}: {status}"))),
        }
    }

    /// Where the shards that were run to their end have their lists: each what the quick tests said, and what all said of those that
    /// survived them, if there were any.
    pub(crate) fn finished(&self) -> impl Iterator<Item = (PathBuf, Option<PathBuf>)> + '_ {
        let shards = (0..self.count()).filter(|shard| self.is_finished(*shard));
        shards.map(|shard| {
            let whole = self.place(shard).join(WHOLE).join(OUT);
            let quick = self.place(shard).join(QUICK).join(OUT);
            (quick, whole.exists().then_some(whole))
        })
    }

    fn count(&self) -> usize {
        self.mutants.div_ceil(SHARD)
    }

    fn place(&self, shard: usize) -> PathBuf {
        self.dir.join(shard.to_string())
    }

    fn is_finished(&self, shard: usize) -> bool {
        let by = fs::read_to_string(self.place(shard).join(FINISHED));
        by.is_ok_and(|by| by == self.code.to_string())
    }

    fn prepare(&self, command: &mut Command, dir: &Path, without: &[&str]) {
        let timeout_s = self.module.timeout_s(without.is_empty());
        command
            .args(["--output", &dir.to_string_lossy()])
            .args(["--timeout", &timeout_s.to_string()])
            .args(["--profile", "mutants"])
            // The tests pass: `cargo xtask test` says so.
            .args(["--baseline", "skip", "--jobs", "1"])
            // One test that fails is enough; to end there is an option of its own for which a stable test runner has to be asked twice.
            .args(["--", "--tests", "--", "-Zunstable-options", "--fail-fast"])
            .args(without.iter().flat_map(|test| ["--skip", test]))
            .env("RUSTC_BOOTSTRAP", "1")
            .stdin(Stdio::null());
        // A mutant is built and forgotten: in memory, where there is such a folder.
        if Path::new(MEMORY).is_dir() {
            let target = Path::new(MEMORY).join("portvakt-mutants");
            command
                .env("TMPDIR", MEMORY)
                .env("CARGO_TARGET_DIR", target);
        }
    }
}

impl Deadline {
    /// So many seconds from now, if it is said how many.
    ///
    /// # Errors
    /// As [`Deadline::is_open`].
    pub(crate) fn begin(state: &Path, seconds: Option<u32>) -> io::Result<Self> {
        fs::create_dir_all(state)?;
        let mut deadline = Self {
            state: state.to_path_buf(),
            at: None,
        };
        if let Some(seconds) = seconds {
            let length = Duration::from_secs(u64::from(seconds));
            deadline.at = deadline.now()?.checked_add(length);
        }
        Ok(deadline)
    }

    /// Whether there is time left.
    ///
    /// # Errors
    /// The folder of what was run cannot be written.
    pub(crate) fn is_open(&self) -> io::Result<bool> {
        match self.at {
            None => Ok(true),
            Some(at) => Ok(self.now()? < at),
        }
    }

    /// The time by the disk: only two files of the house read a clock, and a chore has no need to be the third.
    fn now(&self) -> io::Result<SystemTime> {
        let file = self.state.join("now");
        fs::write(&file, [])?;
        fs::metadata(&file)?.modified()
    }
}

/// The mutants of a module.
fn mutants(module: Module) -> Command {
    in_files(module, module.files())
}

/// The mutants with these names. Some others of the same files are among them: a field that is left out is beyond the reach of a name.
fn exactly(module: Module, names: &[String]) -> Command {
    let files: BTreeSet<&str> = names
        .iter()
        .filter_map(|name| name.split(':').next())
        .collect();
    let files: Vec<&str> = files.into_iter().collect();
    let mut command = in_files(module, &files);
    for name in names {
        command.args(["--re", &format!("^{}$", literal(name))]);
    }
    command
}

fn in_files(module: Module, files: &[&str]) -> Command {
    let mut command = cargo::command(".", &["mutants", "--package", module.package()]);
    for file in files {
        command.args(["--file", file]);
    }
    command
}

/// The lines of a list that cargo-mutants wrote.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn lines(path: &Path) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(path)
        .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// A pattern that finds this text alone.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        // No less-than nor greater-than sign: behind a backslash they are the edges of a word.
        if letter.is_ascii_punctuation() && !['<', '>'].contains(&letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// Every Rust file and manifest below a folder, in order.
fn digest(folder: &Path, code: &mut DefaultHasher) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            digest(&path, code)?;
        } else if path
            .extension()
            .is_some_and(|end| end == "rs" || end == "toml")
        {
            path.hash(code);
            fs::read(&path)?.hash(code);
        }
    }
    Ok(())
}

/// Mutants in a shard: the first one takes as long to build as a score of others.
const SHARD: usize = 60;
const FINISHED: &str = "finished";
const QUICK: &str = "quick";
const WHOLE: &str = "whole";
/// The folder that cargo-mutants makes.
const OUT: &str = "mutants.out";
const MEMORY: &str = "/dev/shm";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutants_name_is_a_pattern_for_itself() {
        assert_eq!(
            literal("src/a.rs:1:2: replace A<'_>::b -> bool with *x"),
            "src\\/a\\.rs\\:1\\:2\\: replace A<\\'\\_>\\:\\:b \\-> bool with \\*x"
        );
    }
}
