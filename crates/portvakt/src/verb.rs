//! The nouns of the command line; their verbs are below them.

pub(crate) mod approval;
pub(crate) mod area;
pub(crate) mod backup;
pub(crate) mod card;
pub(crate) mod charge;
pub(crate) mod clock;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod door;
pub(crate) mod holiday;
pub(crate) mod line;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod operator;
pub(crate) mod person;
pub(crate) mod reader;
pub(crate) mod retention;
pub(crate) mod review;
pub(crate) mod right;
pub(crate) mod schedule;
pub(crate) mod status;
pub(crate) mod tenant;
pub(crate) mod why;
pub(crate) mod witness;

use clap::Subcommand;

use crate::desk::Desk;
use crate::failure::Failure;

/// What `portvakt` is asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Issue, activate, list, block and take back cards
    #[command(subcommand, arg_required_else_help = true)]
    Card(card::CardVerb),
    /// What tenants owe for cards
    #[command(subcommand, arg_required_else_help = true)]
    Charge(charge::ChargeVerb),
    /// Grant, revoke and list rights
    #[command(subcommand, arg_required_else_help = true)]
    Right(right::RightVerb),
    /// What waits for another person: see it, approve it, refuse it
    #[command(subcommand, arg_required_else_help = true)]
    Approval(approval::ApprovalVerb),
    /// Review cards and rights each quarter: open, decide, sign, print
    #[command(subcommand, arg_required_else_help = true)]
    Review(review::ReviewVerb),
    /// At which hours rights and doors' modes hold
    #[command(subcommand, arg_required_else_help = true)]
    Schedule(schedule::ScheduleVerb),
    /// Holidays and other special days
    #[command(subcommand, arg_required_else_help = true)]
    Holiday(holiday::HolidayVerb),
    /// List doors, open one, set modes, lock the house down
    #[command(subcommand, arg_required_else_help = true)]
    Door(door::DoorVerb),
    /// List readers, look at one, give one its key
    #[command(subcommand, arg_required_else_help = true)]
    Reader(reader::ReaderVerb),
    /// List the lines readers are on
    #[command(subcommand, arg_required_else_help = true)]
    Line(line::LineVerb),
    /// Who is in which area
    #[command(subcommand, arg_required_else_help = true)]
    Area(area::AreaVerb),
    /// The controller's clock
    #[command(subcommand, arg_required_else_help = true)]
    Clock(clock::ClockVerb),
    /// Tenants and their contact persons
    #[command(subcommand, arg_required_else_help = true)]
    Tenant(tenant::TenantVerb),
    /// What ends when somebody leaves
    #[command(subcommand, arg_required_else_help = true)]
    Person(person::PersonVerb),
    /// Operators: their roles, training and deputies
    #[command(subcommand, arg_required_else_help = true)]
    Operator(operator::OperatorVerb),
    /// Read, follow and verify the event log
    #[command(subcommand, arg_required_else_help = true)]
    Log(log::LogVerb),
    /// For how long events are kept
    #[command(subcommand, arg_required_else_help = true)]
    Retention(retention::RetentionVerb),
    /// Make and list backups, while the doors are served
    #[command(subcommand, arg_required_else_help = true)]
    Backup(backup::BackupVerb),
    /// Be a witness of a log, or have one vouch for it
    #[command(subcommand, arg_required_else_help = true)]
    Witness(witness::WitnessVerb),
    Why(why::Why),
    Status(status::Status),
    /// A simulated house with the real daemon; needs nothing
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Verb {
    /// Does it.
    ///
    /// # Errors
    /// [`Failure`], which the process exits with.
    pub(crate) fn run(self, desk: &mut Desk) -> Result<(), Failure> {
        match self {
            Self::Card(verb) => verb.run(desk),
            Self::Charge(verb) => verb.run(desk),
            Self::Right(verb) => verb.run(desk),
            Self::Approval(verb) => verb.run(desk),
            Self::Review(verb) => verb.run(desk),
            Self::Schedule(verb) => verb.run(desk),
            Self::Holiday(verb) => verb.run(desk),
            Self::Door(verb) => verb.run(desk),
            Self::Reader(verb) => verb.run(desk),
            Self::Line(verb) => verb.run(desk),
            Self::Area(verb) => verb.run(desk),
            Self::Clock(verb) => verb.run(desk),
            Self::Tenant(verb) => verb.run(desk),
            Self::Person(verb) => verb.run(desk),
            Self::Operator(verb) => verb.run(desk),
            Self::Log(verb) => verb.run(desk),
            Self::Retention(verb) => verb.run(desk),
            Self::Backup(verb) => verb.run(desk),
            Self::Witness(verb) => verb.run(desk),
            Self::Why(verb) => verb.run(desk),
            Self::Status(verb) => verb.run(desk),
            Self::Demo(verb) => verb.run(),
            Self::Completions(verb) => verb.run(desk),
            Self::Man(verb) => verb.run(desk),
        }
    }
}
