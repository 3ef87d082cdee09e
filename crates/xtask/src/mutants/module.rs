//! The modules whose mutants are worth the time, and where each is.

use std::fmt;

use clap::ValueEnum;

/// What is mutated at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Module {
    /// Who may do what: the table of roles and acts.
    Roles,
    /// Whether this card opens this door now.
    Decide,
    /// The session with a reader, from handshake to last frame.
    SecureChannel,
    /// The event log.
    Log,
}

impl Module {
    /// All of them, the quick ones first.
    pub(crate) const ALL: &[Self] = &[Self::Roles, Self::Decide, Self::SecureChannel, Self::Log];

    /// The name on the command line and in the list of what is argued for.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Decide => "decide",
            Self::SecureChannel => "secure-channel",
            Self::Log => "log",
        }
    }

    /// The package, whose own tests must notice.
    pub(crate) const fn package(self) -> &'static str {
        match self {
            Self::Roles | Self::Decide => "access",
            Self::SecureChannel => "firmware-protocol",
            Self::Log => "event-log",
        }
    }

    /// The folder of the package below the root.
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Roles | Self::Decide => "crates/access",
            Self::SecureChannel => "firmware-protocol",
            Self::Log => "crates/event-log",
        }
    }

    /// Which files of it, as cargo-mutants takes them.
    pub(crate) const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Roles => &["crates/access/src/role.rs", "crates/access/src/role/*.rs"],
            Self::Decide => &[
                "crates/access/src/decide.rs",
                "crates/access/src/rule.rs",
                "crates/access/src/rule/*.rs",
                "crates/access/src/explain.rs",
                "crates/access/src/validity.rs",
            ],
            Self::SecureChannel => &[
                "firmware-protocol/src/secure.rs",
                "firmware-protocol/src/secure/*.rs",
            ],
            Self::Log => &["crates/event-log/src/**/*.rs"],
        }
    }

    /// Tests that take most of the time, by parts of their names: asked only for what survives all others.
    pub(crate) const fn slow_tests(self) -> &'static [&'static str] {
        match self {
            Self::Roles | Self::Decide | Self::SecureChannel => &[],
            Self::Log => &[
                "no_acknowledged_event_is_lost_by_a_power_cut_at_any_change",
                "no_tampering_of_many_kinds_passes",
                "a_power_cut_while_sweeping",
                "a_power_cut_while_erasing",
                "a_million_",
                "more_segments_than_a_log_can_have",
                "many_empty_segments",
                "a_full_segment_is_followed_by_another",
            ],
        }
    }

    /// After how many seconds tests that do not end have noticed: all of them, or all but the slow ones.
    pub(crate) const fn timeout_s(self, all: bool) -> u32 {
        match self {
            Self::Log if all => 300,
            Self::Roles | Self::Decide | Self::SecureChannel | Self::Log => 90,
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
