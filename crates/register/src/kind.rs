//! Kind: why somebody holds a card, and with it when the card must end (M8–M11).

use access::UtcMicros;

/// Why a card is handed out. A visitor's card carries its end, so that none without one can be written down (M8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A permanent card; with or without an end.
    Employee {
        /// The instant it no longer opens, if there is one.
        until: Option<UtcMicros>,
    },
    /// For an employee who left the card at home; ends with the working day (M9).
    Forgotten {
        /// The instant it no longer opens.
        until: UtcMicros,
    },
    /// For a new employee until the employee card is there (M10).
    NewHire {
        /// The instant it no longer opens.
        until: UtcMicros,
    },
    /// For a supplier or another visitor; ends with the engagement (M11).
    Supplier {
        /// The instant it no longer opens.
        until: UtcMicros,
    },
}

impl Kind {
    /// The names of all kinds.
    pub const NAMES: [&'static str; 4] = ["employee", "forgotten", "new-hire", "supplier"];

    /// The kind of this name and end; `None` for an unknown name, or a visitor's kind without an end.
    #[must_use]
    pub fn from_parts(name: &str, until: Option<UtcMicros>) -> Option<Self> {
        match (name, until) {
            ("employee", until) => Some(Self::Employee { until }),
            ("forgotten", Some(until)) => Some(Self::Forgotten { until }),
            ("new-hire", Some(until)) => Some(Self::NewHire { until }),
            ("supplier", Some(until)) => Some(Self::Supplier { until }),
            _ => None,
        }
    }

    /// The name on the command line and in the register.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Employee { .. } => "employee",
            Self::Forgotten { .. } => "forgotten",
            Self::NewHire { .. } => "new-hire",
            Self::Supplier { .. } => "supplier",
        }
    }

    /// The instant a card of this kind no longer opens.
    #[must_use]
    pub const fn until(&self) -> Option<UtcMicros> {
        match self {
            Self::Employee { until } => *until,
            Self::Forgotten { until } | Self::NewHire { until } | Self::Supplier { until } => {
                Some(*until)
            }
        }
    }

    /// Whether it is a visitor's card: one that is activated in person only (M12).
    #[must_use]
    pub const fn is_visitor(&self) -> bool {
        match self {
            Self::Employee { .. } => false,
            Self::Forgotten { .. } | Self::NewHire { .. } | Self::Supplier { .. } => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m08_a_visitor_card_without_an_end_cannot_be_made() {
        let end = UtcMicros::from_micros(7);
        for name in Kind::NAMES {
            let ended = Kind::from_parts(name, Some(end)).unwrap();
            assert_eq!((ended.name(), ended.until()), (name, Some(end)));
            assert_eq!(
                Kind::from_parts(name, None).is_none(),
                ended.is_visitor(),
                "{name}"
            );
        }
        assert_eq!(Kind::from_parts("guest", Some(end)), None);
    }
}
