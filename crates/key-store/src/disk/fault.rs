//! Faults that the disk in memory can be told to have.

/// When the disk begins to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What fails.
    pub on: FaultOn,
    /// How many such operations succeed first.
    pub after: u64,
    /// How many fail before the disk is well again; `u64::MAX` for ever.
    pub times: u64,
    /// The system's error number: 5 is EIO, 28 is ENOSPC.
    pub errno: i32,
}

/// Which operations a [`Fault`] counts and fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultOn {
    /// Writes of octets; the whole sectors in the first half of them may arrive.
    Write,
    /// Syncs of files; what was unsynced may be lost for good.
    Sync,
    /// Everything that changes the disk: writes, syncs, names. With `times: u64::MAX` a power cut waiting for its crash.
    Change,
}
