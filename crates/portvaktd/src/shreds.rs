//! Shreds: the file that says who is still there, kept elsewhere so that a restore from an older backup brings nobody back (M19,
//! M30). No name is in it; the house's seal on it is made with a key that is in every backup and nowhere else outside the house.

use std::fmt::Write as _;

use control::Moment;
use register::Standings;

use crate::house_seal::HouseSeal;

/// Who was still there at a moment.
#[derive(Debug)]
pub(crate) struct Shreds {
    /// The log of the house's life it is of.
    pub(crate) origin: String,
    /// When it was begun: of what happened later it may know or not.
    pub(crate) made: Moment,
    /// Who.
    pub(crate) standings: Standings,
}

impl Shreds {
    /// The file.
    pub(crate) fn write(&self, seal: &HouseSeal) -> String {
        let mut text = format!("{HEAD}\norigin {}\nmade {}\n", self.origin, self.made);
        // Writing to a string does not fail.
        let _written = write!(text, "{}", self.standings);
        let on = seal.on(text.as_bytes());
        text.push_str(SEAL);
        text.push_str(&on);
        text.push('\n');
        text
    }

    /// What a file says that this house sealed.
    ///
    /// # Errors
    /// One line: what is wrong with it.
    pub(crate) fn read(text: &str, seal: &HouseSeal) -> Result<Self, String> {
        let at = text
            .rfind(SEAL)
            .filter(|at| text.starts_with(HEAD) && *at > 0)
            .ok_or("it is no file that portvakt backup shreds wrote, or its end is missing")?;
        let (body, on) = text.split_at(at);
        let on = on.strip_prefix(SEAL).unwrap_or_default();
        if !seal.is_on(body.as_bytes(), on) {
            return Err(
                "it is not as this house sealed it: it was altered, or is another house's"
                    .to_owned(),
            );
        }
        let mut lines = body.splitn(4, '\n').skip(1);
        let mut word = |key: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(key));
            line.ok_or(format!("it says no {}", key.trim()))
        };
        let origin = word("origin ")?.to_owned();
        let made = word("made ")?.parse::<Moment>();
        let made = made.map_err(|_| "it does not say when it was made")?;
        let standings = lines.next().unwrap_or_default().parse::<Standings>();
        Ok(Self {
            origin,
            made,
            standings: standings.map_err(|cause| format!("behind its head {cause}"))?,
        })
    }
}

/// What the house's seal on it is for.
pub(crate) const SORT: &[u8] = b"portvakt shreds";
const HEAD: &str = "portvakt shreds 1";
const SEAL: &str = "seal ";

#[cfg(test)]
mod tests {
    use key_store::Key32;

    use super::*;

    fn seal(key: u8) -> HouseSeal {
        HouseSeal::new(&Key32::new([key; 32]), SORT)
    }

    const SAID: &str = "operator 1 0123456789abcdef technician,auditor\n\
        locked-down 3\nplastic 17 blocked\nplastic 18 blocked lost\ncard P-000000 0123456789abcdef\ncard P-3F7K2Q lost\n";

    fn shreds() -> Shreds {
        Shreds {
            origin: "house.example/portvakt".to_owned(),
            made: "2026-11-27T08:00:00Z".parse().unwrap(),
            standings: SAID.parse().unwrap(),
        }
    }

    #[test]
    fn a_file_comes_back_as_it_was_written() {
        let text = shreds().write(&seal(7));
        let back = Shreds::read(&text, &seal(7)).unwrap();
        assert_eq!(
            (back.origin, back.made, back.standings),
            (shreds().origin, shreds().made, shreds().standings)
        );
        assert!(text.contains(SAID));
    }

    #[test]
    fn a_file_that_was_cut_altered_or_made_by_another_house_is_refused() {
        let text = shreds().write(&seal(7));
        assert!(Shreds::read(&text, &seal(8)).is_err());
        for end in 0..text.len() - 1 {
            assert!(Shreds::read(&text[..end], &seal(7)).is_err(), "{end}");
        }
        let without = text.replace("card P-3F7K2Q lost\n", "");
        assert!(Shreds::read(&without, &seal(7)).is_err());
        let later = text.replace("2026-11-27", "2026-11-28");
        assert!(Shreds::read(&later, &seal(7)).is_err());
        assert!(Shreds::read("", &seal(7)).is_err());
    }
}
