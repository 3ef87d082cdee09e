//! Protection of the process: keys stay out of swap, core files and other processes' eyes.

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, setrlimit};

/// Shuts what can be shut; each thing that cannot is one warning for `status`.
pub(crate) fn raise() -> Vec<String> {
    let mut warnings = Vec::new();
    // A new file or socket is nobody else's until its mode is set on purpose.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o027));
    if let Err(cause) = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        warnings.push(format!(
            "other processes of this user may read the daemon's memory: {cause}"
        ));
    }
    if let Err(cause) = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    ) {
        warnings.push(format!("a crash may write keys into a core file: {cause}"));
    }
    if let Err(cause) = lock_memory() {
        warnings.push(format!(
            "keys in memory may reach the swap: {cause}; set LimitMEMLOCK=infinity"
        ));
    }
    warnings
}

/// Locks pages as they are first used. Under a limit that is not enough for all of them nothing is locked: the limit
/// would make a later allocation fail, and that ends the process.
fn lock_memory() -> Result<(), String> {
    let limit = getrlimit(Resource::Memlock).current;
    if let Some(octets) = limit.filter(|_| !rustix::process::geteuid().is_root()) {
        return Err(format!("only {} KiB may be locked", octets / 1024));
    }
    let flags = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
    mlockall(flags).map_err(|cause| cause.to_string())
}
