//! How old something is.

/// What an age is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Seconds, up to two minutes.
    Second,
    /// Minutes, up to two hours.
    Minute,
    /// Hours, up to two days.
    Hour,
    /// Days.
    Day,
}

impl Unit {
    /// In English.
    pub(super) fn english(self, count: u64) -> String {
        match self {
            Self::Second => format!("{count} s"),
            Self::Minute => format!("{count} min"),
            Self::Hour => format!("{count} h"),
            Self::Day => format!("{count} days"),
        }
    }

    /// In Norwegian.
    pub(super) fn norwegian(self, count: u64) -> String {
        match self {
            Self::Second => format!("{count} s"),
            Self::Minute => format!("{count} min"),
            Self::Hour => format!("{count} t"),
            Self::Day => format!("{count} dager"),
        }
    }
}

/// Seconds in the unit people would use.
pub(super) const fn rounded(seconds: u64) -> (u64, Unit) {
    match seconds {
        0..120 => (seconds, Unit::Second),
        120..7_200 => (seconds / 60, Unit::Minute),
        7_200..172_800 => (seconds / 3_600, Unit::Hour),
        _ => (seconds / 86_400, Unit::Day),
    }
}

#[cfg(test)]
mod tests {
    use crate::text::Lang;

    #[test]
    fn an_age_is_told_in_the_unit_people_would_use() {
        let told = [0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(|age| Lang::En.age(age));
        assert_eq!(
            told,
            ["0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]
        );
        assert_eq!(Lang::Nb.age(7_200), "2 t");
        assert_eq!(Lang::Nb.ago(180), "for 3 min siden");
        assert_eq!(Lang::En.ago(-1), "ahead of this machine's clock");
    }
}
