//! The register opened while the daemon is away: what takes a second person's approval, done at once.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use access::role::Role;
use access::{OperatorId, UtcMicros};
use key_store::disk::{Disk, RealDisk};
use key_store::{Entropy, KeyStore};
use register::{NewOperator, Register, Roles, TenantId};

use super::house::House;

/// The system's random source.
pub(crate) struct Dice;

impl Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// Does something with the register; its records are brought into the log at the next start.
pub(crate) fn offline<T>(house: &House, work: impl FnOnce(&mut Register, UtcMicros) -> T) -> T {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::new(house.data()));
    let keys = Arc::new(KeyStore::open(&disk).unwrap());
    let mut register =
        Register::open(&house.data().join("register.db"), keys, Box::new(Dice)).unwrap();
    work(&mut register, now())
}

/// The wall clock.
pub(crate) fn now() -> UtcMicros {
    #[allow(
        clippy::disallowed_methods,
        reason = "the daemon judges by the same clock"
    )]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UtcMicros::from_micros(i64::try_from(since.as_micros()).unwrap())
}

/// A further operator, added by the first; untrained.
pub(crate) fn add(
    register: &mut Register,
    (user, uid): (&str, u32),
    (roles, tenant): (&[Role], Option<TenantId>),
    now: UtcMicros,
) -> OperatorId {
    let new = NewOperator {
        user: user.to_owned(),
        uid,
        roles: Roles::new(roles, tenant).unwrap(),
        trained_until: None,
    };
    let first = register.operators().unwrap()[0].id;
    register.add_operator(&new, Some(first), now).unwrap().0
}
