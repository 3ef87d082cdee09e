//! Subject: what the register and the log each say one thing about.

use std::fmt;

use access::IssuanceId;

/// Something the register says one thing about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An issuance.
    Issuance(IssuanceId),
    /// An operator, by number.
    Operator(String),
    /// A tenant, by number.
    Tenant(String),
    /// A contact person, by number.
    Contact(String),
    /// A schedule, by number.
    Schedule(String),
    /// A special day, by date.
    SpecialDay(String),
    /// The hours of a door, by its number.
    DoorHours(String),
    /// An order to a door, by its number.
    DoorOrder(String),
    /// A lockdown of a door, by its number.
    Lockdown(String),
    /// A card of the house, by its number.
    Stock(String),
    /// A charge, by the number of its voucher.
    Charge(String),
    /// A change that waits for another person, by its number.
    Approval(String),
    /// A review, by number.
    Review(String),
    /// What a number of a door, reader, group or area is called, such as `door 3`.
    Named(String),
    /// The last number given of a sort.
    Counter(String),
    /// What is left of an issuance whose holder was forgotten, by slot and generation of the key.
    Tombstone(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuance(id) => write!(f, "issuance {id}"),
            Self::Operator(id) => write!(f, "operator {id}"),
            Self::Tenant(id) => write!(f, "tenant {id}"),
            Self::Contact(id) => write!(f, "contact {id}"),
            Self::Schedule(id) => write!(f, "schedule {id}"),
            Self::SpecialDay(day) => write!(f, "special day {day}"),
            Self::DoorHours(door) => write!(f, "hours of door {door}"),
            Self::DoorOrder(door) => write!(f, "order to door {door}"),
            Self::Lockdown(door) => write!(f, "lockdown of door {door}"),
            Self::Stock(card) => write!(f, "card of the house {card}"),
            Self::Charge(voucher) => write!(f, "charge {voucher}"),
            Self::Approval(id) => write!(f, "approval {id}"),
            Self::Review(id) => write!(f, "review {id}"),
            Self::Named(what) => write!(f, "name of {what}"),
            Self::Counter(what) => write!(f, "counter {what}"),
            Self::Tombstone(slot) => write!(f, "tombstone {slot}"),
        }
    }
}
