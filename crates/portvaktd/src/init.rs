//! `portvaktd init`: makes the data directory, and tells the verifier keys that auditors pin.

use std::collections::BTreeMap;
use std::sync::Arc;

use access::UtcMicros;
use access::role::{Act, Permission, Role, permission};
use event_log::{Identity, Log, Spares, StoreKeys, SystemKind, Ticketed};
use key_store::disk::Disk;
use key_store::{Fixed, KeyStore};
use register::{NewOperator, Register, Roles};

use crate::arguments::{FirstOperator, Init};
use crate::books::refused_register;
use crate::clock::Clock;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::entropy::OsEntropy;
use crate::failure::Failure;
use crate::occupancy::OccupancyFile;
use crate::own_event::own_event;
use crate::{opening, outbox, passwd, protection};

/// Makes what the daemon runs on. The verifier keys go to stdout, a line each, everything else to stderr.
///
/// # Errors
/// [`Failure::Config`] for the configuration or an operator, [`Failure::Data`] when there is data already.
pub(crate) fn init(arguments: &Init) -> Result<(), Failure> {
    let config = Config::load(&arguments.config)?;
    let clock = Clock::start();
    let trained_until = clock.now().utc.years_later(TRAINED_YEARS);
    let operators = operators(arguments, trained_until)?;
    let warnings = protection::raise();
    let verifier = make(&config, &operators, &clock)?;
    for warning in warnings {
        eprintln!("warning: {warning}");
    }
    println!("{verifier}");
    say_next_steps(&config, arguments, &operators);
    Ok(())
}

/// Every operator named, each a user of this system, and trained: whoever sets the house up vouches for its first operators.
fn operators(arguments: &Init, trained_until: UtcMicros) -> Result<Vec<NewOperator>, Failure> {
    let mut operators: Vec<NewOperator> = Vec::new();
    for text in &arguments.operators {
        let FirstOperator { user, roles } = FirstOperator::parse(text).map_err(Failure::Config)?;
        let uid =
            passwd::number_of(&user).map_err(|cause| Failure::failed("/etc/passwd", cause))?;
        let uid = uid.ok_or_else(|| {
            Failure::Config(format!("--operator \"{text}\": this system has no user \"{user}\"; make one with adduser {user}"))
        })?;
        if operators.iter().any(|other| other.uid == uid) {
            return Err(Failure::Config(format!(
                "--operator \"{text}\": user \"{user}\" is named twice; give all roles at once"
            )));
        }
        let homeless = |_| {
            Failure::Config(format!(
                "--operator \"{text}\": {} is bound to a tenant, and there is none yet; give it later with portvakt operator role {user} --add {} --tenant TENANT",
                Role::Hr,
                Role::Hr
            ))
        };
        let roles = Roles::new(&roles, None).map_err(homeless)?;
        operators.push(NewOperator {
            user,
            uid,
            roles,
            trained_until: Some(trained_until),
        });
    }
    Ok(operators)
}

/// Makes the data directory; the verifier keys, a line each.
///
/// # Errors
/// [`Failure`]; a directory that was begun has no register, and says so.
pub(crate) fn make(
    config: &Config,
    operators: &[NewOperator],
    clock: &Clock,
) -> Result<String, Failure> {
    let data_dir = DataDir::create(&config.section.data_dir)?;
    let disk = data_dir.disk();
    let keys = KeyStore::create(&disk, &mut OsEntropy)
        .map_err(|cause| Failure::failed("key store", cause))?;
    let keys = Arc::new(keys);
    let signing = keys
        .fixed(Fixed::LogSigning)
        .map_err(|cause| Failure::failed("key store", cause))?;
    let identity = Identity {
        origin: config.section.origin.clone(),
        signing,
    };
    let store_keys = Arc::new(StoreKeys::of_writer(Arc::clone(&keys), Box::new(OsEntropy)));
    let now = clock.now();
    let log = Log::create(&disk, store_keys, identity, &mut OsEntropy);
    let mut log = log.map_err(|cause| opening::refused_log(&cause))?;
    Spares::of(&disk)
        .prepare()
        .map_err(|cause| opening::refused_log(&cause))?;
    lay_occupancy(&disk, &keys)?;
    // The register last: a directory without one was never finished, and says so.
    let mut register = Register::create(&data_dir.register(), keys, Box::new(OsEntropy))
        .map_err(|cause| refused_register(&cause))?;
    let mut events = vec![own_event(now, SystemKind::Initialised, VERSION)];
    let mut done = Vec::new();
    let mut first = None;
    for operator in operators {
        let added = register.add_operator(operator, first, now.utc);
        let (id, change) = added.map_err(|cause| refused_register(&cause))?;
        first.get_or_insert(id);
        events.extend(
            change
                .records
                .iter()
                .map(|(id, audit)| outbox::event(*id, audit, now.clock)),
        );
        done.extend(change.outbox());
    }
    // Whoever starts next finds that this ended in order.
    events.push(own_event(now, SystemKind::Stopped, ""));
    let batch: Vec<Ticketed> = events
        .into_iter()
        .map(|event| Ticketed { ticket: 0, event })
        .collect();
    let receipts = log
        .append(&batch)
        .map_err(|cause| opening::refused_log(&cause))?;
    debug_assert_eq!(receipts.len(), batch.len());
    register
        .outbox_done(&done)
        .map_err(|cause| refused_register(&cause))?;
    log.seal(now.utc)
        .map_err(|cause| Failure::failed("log", cause))?;
    let keys = [Some(log.verifier_key()), log.epoch_verifier_key()];
    let keys: Vec<String> = keys.into_iter().flatten().collect();
    Ok(keys.join("\n"))
}

/// Nobody is anywhere yet. From now on a file that is not there was taken away.
fn lay_occupancy(disk: &Arc<dyn Disk>, keys: &KeyStore) -> Result<(), Failure> {
    let file = OccupancyFile::new(Arc::clone(disk), keys)
        .map_err(|cause| Failure::failed("key store", cause))?;
    file.write(&BTreeMap::new())
        .map_err(|cause| Failure::failed("occupancy", cause))
}

fn say_next_steps(config: &Config, arguments: &Init, operators: &[NewOperator]) {
    say_who_is_missing(operators);
    if let Some(until) = operators.iter().find_map(|operator| operator.trained_until) {
        eprintln!(
            "recorded that each operator named is trained in issuing and tracing until {until}; after that portvakt operator training records it anew"
        );
    }
    let is_root = rustix::process::geteuid().is_root();
    if is_root && matches!(passwd::number_of(SERVICE_USER), Ok(Some(_))) {
        eprintln!(
            "warning: made by root; a daemon that runs as {SERVICE_USER} needs it made by sudo -u {SERVICE_USER}"
        );
    }
    eprintln!("made {}", config.section.data_dir.display());
    eprintln!(
        "the lines on stdout are the log's verifier keys: give both to your auditors, who pin them with portvakt log verify --key"
    );
    eprintln!(
        "next: start with portvaktd --config {}",
        arguments.config.display()
    );
    eprintln!(
        "then: portvakt reader set-key NAME --key-file FILE, or reader pair NAME, for each reader, and portvakt status"
    );
}

/// Who is needed besides, before what needs a second person can be done.
fn say_who_is_missing(operators: &[NewOperator]) {
    let may_approve = |operator: &&NewOperator| {
        permission(operator.roles.held(), Act::ApproveDoubtful) == Permission::May
    };
    let approvers = operators.iter().filter(may_approve).count();
    if approvers < APPROVERS_MIN {
        eprintln!(
            "warning: {approvers} of the operators can approve (roles {} and {}); two are needed, since nobody approves their own request",
            Role::OperationsManager,
            Role::Technician
        );
    }
    let holders = |role: Role| {
        let all = operators.iter();
        all.filter(move |operator| operator.roles.held().contains(&role))
    };
    let mut daily = holders(Role::DailyManager);
    let two = daily.any(|one| holders(Role::OperationsManager).any(|other| one.uid != other.uid));
    if !two {
        eprintln!(
            "warning: nobody can approve a change of operators: what the {} asks for waits for the {}, and the reverse, and they are two persons; without both no operator is ever added",
            Role::DailyManager,
            Role::OperationsManager
        );
    }
}

/// Nobody approves their own request, so one approver alone cannot be helped.
const APPROVERS_MIN: usize = 2;

/// For how long the first operators count as trained (M2).
const TRAINED_YEARS: u8 = 1;

/// Whom the shipped systemd unit runs as.
const SERVICE_USER: &str = "portvakt";

const VERSION: &str = concat!("portvakt ", env!("CARGO_PKG_VERSION"));
