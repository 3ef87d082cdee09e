//! Mobile: a number as it is compared, however it was written.

use zeroize::Zeroizing;

/// The digits of a mobile number, with a `+` before them if a country's code is among them. A number with such a code is
/// another one than a number without: which country was meant is not guessed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Mobile(Zeroizing<String>);

impl Mobile {
    /// Blanks, hyphens, dots, strokes and brackets are left out; 00 at the beginning is a `+`.
    pub(crate) fn of(written: &str) -> Self {
        let mut kept = Zeroizing::new(String::with_capacity(written.len() + 1));
        kept.extend(
            written
                .chars()
                .filter(|letter| !letter.is_whitespace() && !BETWEEN.contains(letter)),
        );
        match kept.strip_prefix("00") {
            Some(rest) => {
                let mut number = Zeroizing::new(String::with_capacity(rest.len() + 1));
                number.push('+');
                number.push_str(rest);
                Self(number)
            }
            None => Self(kept),
        }
    }
}

/// What stands between digits.
const BETWEEN: [char; 6] = ['-', '.', '/', '(', ')', '\u{2011}'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_written_and_no_country_is_guessed() {
        let same = |one: &str, other: &str| Mobile::of(one) == Mobile::of(other);
        assert!(same("+47 912 34 567", "0047-912.34.567"));
        assert!(same("(912) 34567", "912 34 567"));
        assert!(!same("912 34 567", "+47 912 34 567"));
        assert!(!same("912 34 567", "912 34 568"));
    }
}
