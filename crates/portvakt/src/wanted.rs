//! A wanted right as it is written: a place, and behind an @ at which hours.

use control::request::right::WantedRight;

/// `PLACE` or `PLACE@SCHEDULE`.
pub(crate) fn wanted(text: &str) -> Result<WantedRight, String> {
    let (place, schedule) = match text.split_once('@') {
        Some((place, schedule)) => (place, Some(schedule.to_owned())),
        None => (text, None),
    };
    if place.is_empty() || schedule.as_deref() == Some("") {
        return Err("write a door or a group, or one @ a schedule, as in cellar@office".to_owned());
    }
    Ok(WantedRight {
        place: place.to_owned(),
        schedule,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_is_a_place_with_or_without_hours() {
        assert_eq!(wanted("yard").unwrap().schedule, None);
        let right = wanted("yard@office").unwrap();
        assert_eq!(
            (right.place.as_str(), right.schedule.as_deref()),
            ("yard", Some("office"))
        );
        for text in ["", "@", "yard@", "@office"] {
            assert!(wanted(text).is_err(), "{text}");
        }
    }
}
