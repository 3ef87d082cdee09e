//! Which calls the daemon makes, and how each may fail.

use std::fmt;

use building_sim::Dice;

/// One fault that the system may have: which call, what it answers, how often, and when in the daemon's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub(super) phase: Phase,
    pub(super) call: &'static str,
    pub(super) error: &'static str,
    pub(super) on: On,
    pub(super) often: Often,
}

/// When the daemon meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// From its first call on, until it serves or has ended.
    Start,
    /// While cards are shown and operators are at work.
    Work,
}

/// Which files it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// Whatever the call is made on.
    All,
    /// The port of a line.
    Port,
    /// The register's files.
    Register,
    /// The log's files.
    Log,
    /// The keys' files.
    Keys,
    /// What the daemon says.
    Journal,
}

/// How often it strikes, in each thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Often {
    /// The call of this number.
    Once(u32),
    /// Every third call.
    Third,
    /// Every call.
    Always,
}

impl Case {
    /// As strace has it.
    pub(super) fn inject(&self) -> String {
        let Self { call, error, .. } = self;
        let when = match self.often {
            Often::Once(number) => format!(":when={number}"),
            Often::Third => ":when=1+3".to_owned(),
            Often::Always => String::new(),
        };
        format!("inject={call}:error={error}{when}")
    }

    /// Whether there is no memory.
    pub(super) fn takes_memory(&self) -> bool {
        self.error == "ENOMEM" && matches!(self.call, "mmap" | "mprotect")
    }

    /// Whether nothing that is said arrives.
    pub(super) fn takes_the_journal(&self) -> bool {
        self.on == On::Journal
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            Phase::Start => "start",
            Phase::Work => "work",
        };
        let on = match self.on {
            On::All => "",
            On::Port => " on the port",
            On::Register => " on the register",
            On::Log => " on the log",
            On::Keys => " on the keys",
            On::Journal => " on the journal",
        };
        write!(f, "{phase}: {}{on} {} ", self.call, self.error)?;
        match self.often {
            Often::Once(number) => write!(f, "at call {number}"),
            Often::Third => f.write_str("every third time"),
            Often::Always => f.write_str("for ever"),
        }
    }
}

/// Every case: each call with each of its errors, once, every third time and for ever, at work; for ever at the start; and of the
/// start each call by itself, with an error that the dice choose.
#[must_use]
pub fn all(dice: &mut Dice) -> Vec<Case> {
    let mut cases = Vec::new();
    for &(call, on, errors) in &CALLS {
        for &error in errors {
            for often in [Often::Once(1), Often::Third, Often::Always] {
                // Whoever waits in this all the time is amid it when strace lets go, and the call comes back undone.
                if call == "epoll_wait" && often == Often::Always {
                    continue;
                }
                cases.push(Case {
                    phase: Phase::Work,
                    call,
                    error,
                    on,
                    often,
                });
            }
        }
    }
    for &(call, calls, errors) in &START_CALLS {
        let case = |error, often| Case {
            phase: Phase::Start,
            call,
            error,
            on: On::All,
            often,
        };
        cases.extend(errors.iter().map(|&error| case(error, Often::Always)));
        for number in 1..=calls {
            let error = dice.pick(errors).copied().expect("each call has an error");
            cases.push(case(error, Often::Once(number)));
        }
    }
    cases
}

/// So many of them, each another.
#[must_use]
pub fn sample(count: usize, dice: &mut Dice) -> Vec<Case> {
    let mut left = all(dice);
    let mut drawn = Vec::new();
    while drawn.len() < count && !left.is_empty() {
        let sides = u64::try_from(left.len()).expect("a length");
        let at = usize::try_from(dice.below(sides)).expect("an index");
        drawn.push(left.swap_remove(at));
    }
    drawn
}

type Errors = &'static [&'static str];

const WRITE: Errors = &["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR"];
const READ: Errors = &["EIO", "ENOMEM", "EINTR"];
const SYNC: Errors = &["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR"];
const OPEN: Errors = &[
    "EMFILE", "ENFILE", "EACCES", "EIO", "ENOSPC", "EROFS", "ENOMEM", "EINTR",
];
const NAME: Errors = &["EIO", "ENOSPC", "EROFS", "EACCES"];
const LOOK: Errors = &["EIO", "EACCES", "ENOMEM"];
const PORT: Errors = &["EIO", "ENODEV", "ENXIO", "EBADF", "EINTR", "EAGAIN"];
const LOCK: Errors = &["EAGAIN", "ENOLCK", "EIO", "EINTR"];

/// Calls of the running daemon. The clock is read without one (vDSO).
const CALLS: [(&str, On, Errors); 41] = [
    ("pwrite64", On::All, WRITE),
    ("pwrite64", On::Register, WRITE),
    ("pwrite64", On::Log, WRITE),
    ("pwrite64", On::Keys, WRITE),
    ("pread64", On::All, READ),
    ("pread64", On::Register, READ),
    ("pread64", On::Log, READ),
    ("fdatasync", On::All, SYNC),
    ("fsync", On::Register, SYNC),
    ("fdatasync", On::Log, SYNC),
    ("fdatasync", On::Keys, SYNC),
    ("fsync", On::All, SYNC),
    ("openat", On::All, OPEN),
    ("openat", On::Register, OPEN),
    ("openat", On::Log, OPEN),
    ("rename", On::All, NAME),
    ("unlink", On::All, NAME),
    ("ftruncate", On::All, WRITE),
    ("fallocate", On::All, WRITE),
    ("newfstatat", On::All, LOOK),
    ("statx", On::All, LOOK),
    ("getdents64", On::All, LOOK),
    ("readlink", On::All, LOOK),
    ("mkdir", On::All, NAME),
    ("fcntl", On::Register, LOCK),
    ("read", On::All, &["EINTR"]),
    ("read", On::Port, PORT),
    ("write", On::Port, PORT),
    ("write", On::Journal, &["EIO", "ENOSPC", "EPIPE", "EAGAIN"]),
    ("ioctl", On::Port, &["EIO", "ENODEV", "ENOTTY"]),
    (
        "recvfrom",
        On::All,
        &["ECONNRESET", "ENOMEM", "EINTR", "EAGAIN"],
    ),
    (
        "sendto",
        On::All,
        &["EPIPE", "ECONNRESET", "ENOBUFS", "EINTR", "EAGAIN"],
    ),
    (
        "accept4",
        On::All,
        &[
            "EMFILE",
            "ENFILE",
            "ENOMEM",
            "ENOBUFS",
            "ECONNABORTED",
            "EPERM",
            "EINTR",
        ],
    ),
    ("getsockopt", On::All, &["ENOBUFS", "ENOMEM"]),
    ("epoll_wait", On::All, &["EINTR"]),
    ("epoll_ctl", On::All, &["ENOMEM", "ENOSPC"]),
    ("futex", On::All, &["EINTR", "EAGAIN"]),
    ("mmap", On::All, &["ENOMEM"]),
    ("mprotect", On::All, &["ENOMEM"]),
    ("clone3", On::All, &["EAGAIN", "ENOMEM"]),
    ("getrandom,clock_adjtime", On::All, &["EINTR", "EPERM"]),
];

/// Calls of its start, and how many of them there are about; of some more than are looked at.
const START_CALLS: [(&str, u32, Errors); 27] = [
    ("openat", 80, OPEN),
    ("read", 30, &["EIO", "EINTR"]),
    ("pread64", 40, READ),
    ("pwrite64", 30, WRITE),
    ("fdatasync", 20, SYNC),
    ("fsync", 8, SYNC),
    ("rename", 5, NAME),
    ("unlink", 3, NAME),
    ("ftruncate", 2, WRITE),
    ("newfstatat", 40, LOOK),
    ("statx", 40, LOOK),
    ("getdents64", 16, LOOK),
    ("readlink", 12, LOOK),
    ("fcntl", 40, LOCK),
    ("flock", 2, &["EWOULDBLOCK", "ENOLCK"]),
    ("ioctl", 16, &["EIO", "ENODEV", "ENOTTY"]),
    ("mmap", 30, &["ENOMEM"]),
    ("mprotect", 20, &["ENOMEM"]),
    ("clone3", 6, &["EAGAIN"]),
    ("socket", 2, &["EMFILE", "EACCES"]),
    ("bind", 1, &["EACCES", "EADDRINUSE", "EROFS"]),
    ("listen", 1, &["EADDRINUSE"]),
    ("chmod,fchown", 2, &["EPERM", "EROFS"]),
    ("epoll_create1,eventfd2", 2, &["EMFILE", "ENOMEM"]),
    ("epoll_ctl", 8, &["ENOMEM", "ENOSPC"]),
    ("getrandom", 10, &["EINTR"]),
    ("mlockall,prctl,clock_adjtime", 3, &["EPERM", "ENOMEM"]),
];
