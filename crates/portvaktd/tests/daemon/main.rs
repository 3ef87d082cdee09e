//! The real binary, started and stopped as a service manager would, on pseudo-terminals with our own reader at the far end.

#[cfg(test)]
mod approvals;
#[cfg(test)]
mod aside;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod blocks;
#[cfg(test)]
mod broken_register;
#[cfg(test)]
mod day;
#[cfg(test)]
mod departed;
#[cfg(test)]
mod employees;
#[cfg(test)]
mod faketime;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flood;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod hoard;
#[cfg(test)]
mod hold;
#[cfg(test)]
mod house;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod lost;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod meanwhile;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod no_widening;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod operators;
#[cfg(test)]
mod orphans;
#[cfg(test)]
mod people;
#[cfg(test)]
mod pretend;
#[cfg(test)]
mod reader;
#[cfg(test)]
mod reconcile;
#[cfg(test)]
mod reconcile_many;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod restored;
#[cfg(test)]
mod restored_badly;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod reviews;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod routine;
#[cfg(test)]
mod shedding;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod stopped;
#[cfg(test)]
mod strace;
#[cfg(test)]
mod tenant_cards;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod unfit;
#[cfg(test)]
mod users;
#[cfg(test)]
mod visitors;
#[cfg(test)]
mod witness;
