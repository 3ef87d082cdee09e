//! A module's mutants in shards: each is run to its end or not at all, so that a run can be broken off and gone on with.

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
            eprintln!("== {step}");
            let dir = self.place(shard);
            fs::create_dir_all(&dir)?;
            let status = self.shard(shard, &dir).status()?;
            // 2: some survived; 3: some did not end. Both are judged later, with those of other shards.
            match status.code() {
                Some(0 | 2 | 3) => fs::write(dir.join(FINISHED), self.code.to_string())?,
                _ => return Err(io::Error::other(format!("{step}: {status}"))),
            }
        }
        Ok(())
    }

    /// Where the shards that were run to their end have their lists.
    pub(crate) fn finished(&self) -> impl Iterator<Item = PathBuf> + '_ {
        let shards = (0..self.count()).filter(|shard| self.is_finished(*shard));
        shards.map(|shard| self.place(shard).join("mutants.out"))
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

    fn shard(&self, shard: usize, dir: &Path) -> Command {
        let mut command = mutants(self.module);
        command
            .args(["--shard", &format!("{shard}/{}", self.count())])
            .args(["--output", &dir.to_string_lossy()])
            .args(["--timeout", &self.module.timeout_s().to_string()])
            // The tests pass: `cargo xtask test` says so.
            .args(["--baseline", "skip", "--jobs", "1"])
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "1")
            .stdin(Stdio::null());
        // A mutant is built and forgotten: in memory, where there is such a folder.
        if Path::new(MEMORY).is_dir() {
            let target = Path::new(MEMORY).join("portvakt-mutants");
            command
                .env("TMPDIR", MEMORY)
                .env("CARGO_TARGET_DIR", target);
        }
        command
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

fn mutants(module: Module) -> Command {
    let mut command = cargo::command(".", &["mutants", "--package", module.package()]);
    for file in module.files() {
        command.args(["--file", file]);
    }
    command
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

/// Mutants in a shard: some minutes' work.
const SHARD: usize = 20;
const FINISHED: &str = "finished";
const MEMORY: &str = "/dev/shm";
