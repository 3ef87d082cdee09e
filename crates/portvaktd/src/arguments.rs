//! The arguments of the daemon.

use std::path::PathBuf;

use access::role::Role;
use clap::{Args, Parser, Subcommand};

/// The access controller's daemon: polls the readers, decides, records, opens.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct Arguments {
    /// What to do instead of running.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = CONFIG_DEFAULT)]
    pub(crate) config: PathBuf,
    /// Only check the configuration: exit 0 if it is right, 78 if it is not.
    #[arg(long)]
    pub(crate) check: bool,
}

/// What the daemon does besides running.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the data directory: keys, register, log and the first operators.
    Init(Init),
    /// Make the data directory from a backup.
    Restore(Restore),
}

/// `portvaktd init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = CONFIG_DEFAULT)]
    pub(crate) config: PathBuf,
    /// A user of this system and the roles they hold; give it once for each operator.
    #[arg(long = "operator", value_name = "USER:ROLE[,ROLE]", required = true)]
    pub(crate) operators: Vec<String>,
}

/// `portvaktd restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = CONFIG_DEFAULT)]
    pub(crate) config: PathBuf,
    /// The folder of the backup.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// Who was still there after the backup, as portvakt backup shreds wrote it; of several the newest counts.
    #[arg(long, value_name = "FILE", conflicts_with = "without_shreds")]
    pub(crate) shreds: Vec<PathBuf>,
    /// There is no such file: visitors' cards stay blocked until somebody has looked at them.
    #[arg(long)]
    pub(crate) without_shreds: bool,
    /// The old log's folder, or the data directory it is in, if that was saved from the disk.
    #[arg(long, value_name = "DIR")]
    pub(crate) log: Option<PathBuf>,
    /// A later checkpoint of the old log, from an auditor or a witness.
    #[arg(long, value_name = "NOTE")]
    pub(crate) anchor: Vec<PathBuf>,
    /// The file the passphrase is in, or - for standard input; asked for at a terminal otherwise.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Move what is in the data directory into a folder there, and put the backup in its place.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Verify everything and tell what would come back; change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// One `--operator`, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FirstOperator {
    /// The user's name.
    pub(crate) user: String,
    /// The roles, each once.
    pub(crate) roles: Vec<Role>,
}

impl FirstOperator {
    /// Reads `USER:ROLE[,ROLE]`.
    ///
    /// # Errors
    /// One line: what is wrong, and which roles there are.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let shape = || {
            format!(
                "--operator \"{text}\" has not the shape USER:ROLE[,ROLE]; roles are {}",
                known_roles()
            )
        };
        let (user, names) = text
            .split_once(':')
            .filter(|(user, names)| !user.is_empty() && !names.is_empty())
            .ok_or_else(shape)?;
        let mut roles = Vec::new();
        for name in names.split(',') {
            let unknown = |_| {
                format!(
                    "--operator \"{text}\": role \"{name}\" is unknown; roles are {}",
                    known_roles()
                )
            };
            let role = name.parse::<Role>().map_err(unknown)?;
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        Ok(Self {
            user: user.to_owned(),
            roles,
        })
    }
}

fn known_roles() -> String {
    Role::ALL.map(Role::as_str).join(", ")
}

/// Where a package puts the configuration.
const CONFIG_DEFAULT: &str = "/etc/portvakt/portvakt.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_a_user_and_their_roles() {
        let kari = FirstOperator::parse("kari:technician,receptionist,technician").unwrap();
        assert_eq!(
            (kari.user.as_str(), kari.roles.as_slice()),
            ("kari", &[Role::Technician, Role::Receptionist][..])
        );
    }

    #[test]
    fn a_wrong_role_lists_the_right_ones() {
        let refused = FirstOperator::parse("kari:janitor").unwrap_err();
        assert!(
            refused.contains(
                "\"janitor\" is unknown; roles are daily-manager, operations-manager, receptionist"
            ),
            "{refused}"
        );
        for shapeless in ["kari", ":technician", "kari:", "kari:technician,"] {
            assert!(FirstOperator::parse(shapeless).is_err(), "{shapeless}");
        }
    }
}
