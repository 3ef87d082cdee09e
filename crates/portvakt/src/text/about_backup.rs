//! What is said about backups and their passphrases, never one itself.

/// Something about a backup, its passphrase, or what no backup has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AboutBackup {
    /// Which is it to be?
    Ask,
    /// The same again.
    AskAgain,
    /// What was typed twice differs.
    Differs,
    /// Off a terminal none can be typed.
    NoTerminal,
    /// A holder's data went with a lost disk.
    HolderUnknown,
}

impl AboutBackup {
    /// English and Norwegian.
    pub(super) const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Ask => ("passphrase (not shown): ", "passordfrase (vises ikke): "),
            Self::AskAgain => ("once more: ", "en gang til: "),
            Self::Differs => (
                "the two are not the same; nothing was done",
                "de to er ikke like; ingenting er gjort",
            ),
            Self::NoTerminal => (
                "a passphrase is typed at a terminal; without one give --passphrase-file",
                "passordfrasen tastes ved en terminal; uten terminal: gi --passphrase-file",
            ),
            Self::HolderUnknown => (
                "not registered: lost with a disk; register the holder anew with card change",
                "ikke registrert: gikk tapt med en disk; registrer innehaveren på nytt med card change",
            ),
        }
    }
}
