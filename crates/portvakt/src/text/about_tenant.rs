//! What is said about tenants and about who leaves.

use control::reply::tenant::{Found, Leavers};

/// Something about a tenant, or about somebody who leaves.
#[derive(Debug, Clone, Copy)]
pub(crate) enum AboutTenant<'a> {
    /// Is the contact person to leave?
    AskContactLeave {
        /// Cards that are suspended by it.
        cards: u64,
    },
    /// The contact person left.
    ContactLeft {
        /// Cards that are suspended by it.
        cards: u64,
    },
    /// Nobody answers for the tenant.
    WithoutContact,
    /// What a list of leavers would do.
    Difference(&'a Leavers),
    /// Is it to be carried out?
    AskLeavers {
        /// Cards that end.
        cards: u64,
        /// Contact persons who leave.
        contacts: u64,
    },
    /// It was carried out.
    LeaversTaken(&'a Leavers),
    /// Cards of the same name and mobile that do not end.
    OthersGoOn {
        /// How many.
        cards: u64,
    },
    /// Are somebody's cards to end?
    AskPersonLeave {
        /// How many.
        cards: u64,
    },
    /// One card names a holder.
    OneCard,
    /// Is an operator to be one no more?
    AskOperatorLeave {
        /// Who.
        user: &'a str,
        /// How many cards end.
        cards: u64,
    },
    /// They ended.
    PersonLeft {
        /// How many.
        cards: u64,
    },
}

impl AboutTenant<'_> {
    /// In English.
    pub(super) fn english(&self) -> String {
        match self {
            Self::AskContactLeave { cards } => {
                format!("let the contact person leave and suspend {cards} cards? [y/N] ")
            }
            Self::ContactLeft { cards } => {
                format!("the contact person left; {cards} cards are suspended until they have another one")
            }
            Self::WithoutContact => {
                "nobody is responsible for the tenant now, so nothing is issued for it; name one by tenant contact TENANT --name NAME --responsible"
                    .to_owned()
            }
            Self::Difference(found) => format!(
                "{} of {} rows mean one person; {} nobody, {} more than one: those are left alone; {} cards end, {} contact persons leave",
                found.matched, found.rows, found.unmatched, found.ambiguous, found.cards, found.contacts
            ),
            Self::AskLeavers { cards, contacts } => {
                format!("end {cards} cards and let {contacts} contact persons leave? [y/N] ")
            }
            Self::LeaversTaken(found) => format!(
                "{} cards end, {} contact persons leave; {} of {} rows were left alone",
                found.cards,
                found.contacts,
                found.unmatched + found.ambiguous,
                found.rows
            ),
            Self::OthersGoOn { cards } => format!(
                "{cards} other cards of the same tenant, name and mobile go on; --with-others ends them too"
            ),
            Self::AskPersonLeave { cards } => {
                format!("end {cards} cards and their PINs now? [y/N] ")
            }
            Self::OneCard => {
                "one card names its holder; several are named only with --operator".to_owned()
            }
            Self::AskOperatorLeave { user, cards } => format!(
                "take every role, training and delegation from {user} and end {cards} cards? [y/N] "
            ),
            Self::PersonLeft { cards } => {
                format!("{cards} cards ended and are due back; card return forgets the holder")
            }
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(&self) -> String {
        match self {
            Self::AskContactLeave { cards } => {
                format!("la kontaktpersonen slutte og sperre {cards} kort? [j/N] ")
            }
            Self::ContactLeft { cards } => {
                format!("kontaktpersonen har sluttet; {cards} kort er sperret til de får en annen")
            }
            Self::WithoutContact => {
                "ingen er ansvarlig for leietakeren nå, så ingenting utstedes for den; pek ut en med tenant contact LEIETAKER --name NAVN --responsible"
                    .to_owned()
            }
            Self::Difference(found) => format!(
                "{} av {} rader gjelder én person; {} ingen, {} flere enn én: de røres ikke; {} kort utløper, {} kontaktpersoner slutter",
                found.matched, found.rows, found.unmatched, found.ambiguous, found.cards, found.contacts
            ),
            Self::AskLeavers { cards, contacts } => {
                format!("avslutte {cards} kort og la {contacts} kontaktpersoner slutte? [j/N] ")
            }
            Self::LeaversTaken(found) => format!(
                "{} kort utløper, {} kontaktpersoner slutter; {} av {} rader er ikke rørt",
                found.cards,
                found.contacts,
                found.unmatched + found.ambiguous,
                found.rows
            ),
            Self::OthersGoOn { cards } => format!(
                "{cards} andre kort for samme leietaker, navn og mobil gjelder fortsatt; --with-others avslutter dem også"
            ),
            Self::AskPersonLeave { cards } => {
                format!("avslutte {cards} kort og PIN-kodene til dem nå? [j/N] ")
            }
            Self::OneCard => {
                "ett kort peker ut innehaveren; flere oppgis bare sammen med --operator".to_owned()
            }
            Self::AskOperatorLeave { user, cards } => format!(
                "ta alle roller, opplæring og delegeringer fra {user} og avslutte {cards} kort? [j/N] "
            ),
            Self::PersonLeft { cards } => {
                format!("{cards} kort er avsluttet og skal leveres tilbake; card return glemmer innehaveren")
            }
        }
    }
}

/// Whom a row means, in English and Norwegian.
pub(super) const fn found(found: Found) -> (&'static str, &'static str) {
    match found {
        Found::One => ("one person", "én person"),
        Found::Nobody => ("nobody", "ingen"),
        Found::Several => ("several", "flere"),
    }
}
