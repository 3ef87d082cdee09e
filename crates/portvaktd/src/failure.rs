//! A failure: why the daemon did not start or did not go on, as one line on stderr and an exit code.

use std::fmt;
use std::process::ExitCode;

use crate::config::ConfigError;

/// Why the daemon ends. The codes are sysexits, which systemd names.
#[derive(Debug)]
pub(crate) enum Failure {
    /// 78: the configuration, or what `init` was told, is wrong.
    Config(String),
    /// 65: the data directory holds something this version must not touch.
    Data(String),
    /// 1: something else failed.
    Failed(String),
}

impl Failure {
    /// `what` failed because of `cause`.
    pub(crate) fn failed(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Failed(format!("{what}: {cause}"))
    }

    /// The data under `what` is refused because of `cause`.
    pub(crate) fn data(what: impl fmt::Display, cause: impl fmt::Display) -> Self {
        Self::Data(format!("{what}: {cause}"))
    }

    /// The exit code of interfaces.md.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::from(78),
            Self::Data(_) => ExitCode::from(65),
            Self::Failed(_) => ExitCode::from(1),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(what) | Self::Data(what) | Self::Failed(what) => f.write_str(what),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error.to_string())
    }
}
