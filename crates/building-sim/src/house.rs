//! A house as its configuration describes it.

use std::fmt::{self, Display, Write};
use std::path::PathBuf;

/// Everything `portvakt.toml` says about a simulated house.
#[derive(Clone, Debug)]
pub struct House {
    /// The site's name.
    pub name: String,
    /// The log's identity.
    pub origin: String,
    /// Where the daemon keeps its files.
    pub data_dir: PathBuf,
    /// The control socket.
    pub socket: PathBuf,
    /// The lines.
    pub lines: Vec<LineSpec>,
    /// The readers on them.
    pub readers: Vec<ReaderSpec>,
    /// The doors they stand at.
    pub doors: Vec<DoorSpec>,
}

/// One `[[line]]`.
#[derive(Clone, Debug)]
pub struct LineSpec {
    /// Its name.
    pub name: String,
    /// The tty.
    pub device: PathBuf,
    /// `osdp` or `wiegand-ascii`.
    pub protocol: &'static str,
    /// Bits per second.
    pub baud: u32,
}

/// One `[[reader]]`, reading H10301.
#[derive(Clone, Debug)]
pub struct ReaderSpec {
    /// Its name.
    pub name: String,
    /// The line it is on.
    pub line: String,
    /// Its OSDP address; none on a Wiegand line, where it is alone.
    pub address: Option<u8>,
    /// Whether cards may be presented here for activation.
    pub enrol: bool,
}

/// One `[[door]]` that opens to a card.
#[derive(Clone, Debug)]
pub struct DoorSpec {
    /// Its name.
    pub name: String,
    /// The reader outside.
    pub entry: String,
    /// The reader whose output drives the strike, and the output.
    pub strike: (String, u8),
    /// How long the strike is released, in seconds.
    pub open_for_s: u16,
    /// The reader and input that tell whether the leaf stands open.
    pub contact: Option<(String, u8)>,
    /// After so many seconds open the door is reported as held.
    pub held_after_s: u16,
}

impl Display for House {
    /// The configuration as text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[site]")?;
        writeln!(f, "name = {}", Quoted(&self.name))?;
        writeln!(f, "origin = {}", Quoted(&self.origin))?;
        writeln!(f, "time_zone = \"Europe/Oslo\"")?;
        writeln!(f, "data_dir = {}", Quoted(self.data_dir.display()))?;
        writeln!(f, "\n[control]")?;
        writeln!(f, "socket = {}", Quoted(self.socket.display()))?;
        self.lines.iter().try_for_each(|line| line.fmt(f))?;
        self.readers.iter().try_for_each(|reader| reader.fmt(f))?;
        self.doors.iter().try_for_each(|door| door.fmt(f))
    }
}

impl Display for LineSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n[[line]]")?;
        writeln!(f, "name = {}", Quoted(&self.name))?;
        writeln!(f, "device = {}", Quoted(self.device.display()))?;
        writeln!(f, "protocol = {}", Quoted(self.protocol))?;
        writeln!(f, "baud = {}", self.baud)
    }
}

impl Display for ReaderSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n[[reader]]")?;
        writeln!(f, "name = {}", Quoted(&self.name))?;
        writeln!(f, "line = {}", Quoted(&self.line))?;
        if let Some(address) = self.address {
            writeln!(f, "address = {address}")?;
        } else {
            // Wiegand has no Secure Channel; that must be spelt out.
            writeln!(f, "secure = false")?;
        }
        writeln!(f, "enrol = {}", self.enrol)?;
        writeln!(f, "format = \"H10301\"")
    }
}

impl Display for DoorSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (strike, output) = &self.strike;
        writeln!(f, "\n[[door]]")?;
        writeln!(f, "name = {}", Quoted(&self.name))?;
        writeln!(f, "entry = {}", Quoted(&self.entry))?;
        writeln!(
            f,
            "strike = {{ reader = {}, output = {output} }}",
            Quoted(strike)
        )?;
        writeln!(f, "open_for = \"{}s\"", self.open_for_s)?;
        if let Some((reader, input)) = &self.contact {
            writeln!(
                f,
                "contact = {{ reader = {}, input = {input} }}",
                Quoted(reader)
            )?;
            writeln!(f, "held_after = \"{}s\"", self.held_after_s)?;
        }
        Ok(())
    }
}

/// A TOML basic string.
struct Quoted<T>(T);

impl<T: Display> Display for Quoted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.to_string().chars() {
            match character {
                '"' | '\\' => write!(f, "\\{character}")?,
                control if control.is_control() => write!(f, "\\u{:04X}", u32::from(control))?,
                plain => f.write_char(plain)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_string() {
        let awkward = "a\"b\\c\nd";
        assert_eq!(Quoted(awkward).to_string(), r#""a\"b\\c\u000Ad""#);
    }

    #[test]
    fn a_wiegand_reader_says_that_it_is_not_secure_and_has_no_address() {
        let reader = ReaderSpec {
            name: "gate".to_owned(),
            line: "yard".to_owned(),
            address: None,
            enrol: false,
        };
        let text = reader.to_string();
        assert!(text.contains("secure = false\n") && !text.contains("address"));
    }
}
