//! A length of time as people write it.

use std::time::Duration;

use jiff::SignedDuration;

/// `20s`, `2m`, `1m 30s`.
///
/// # Errors
/// What it must look like.
pub(crate) fn length(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text} is not a time such as 20s or 2m");
    let length: SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(length).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        assert_eq!(length("20s").unwrap(), Duration::from_secs(20));
        assert_eq!(length("1m 30s").unwrap(), Duration::from_secs(90));
        assert!(length("20").is_err() && length("-5s").is_err() && length("").is_err());
    }
}
