//! PDCAP: what a reader can do.

use crate::records::{Record, Records};

/// The data of PDCAP, 46: any number of [`Capability`]s.
pub type PdCap<'a> = Records<'a, Capability>;

/// One thing a reader can do (OSDP 2.2, annex B).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Which thing.
    pub function: Function,
    /// How well; the meaning depends on the function.
    pub compliance: u8,
    /// How many; the meaning depends on the function.
    pub count: u8,
}

/// A function code of annex B; any octet is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Function(pub u8);

impl Function {
    /// Inputs that watch contacts.
    pub const CONTACTS: Self = Self(1);
    /// Outputs.
    pub const OUTPUTS: Self = Self(2);
    /// Card data format.
    pub const CARD_FORMAT: Self = Self(3);
    /// Lights.
    pub const LEDS: Self = Self(4);
    /// Buzzer.
    pub const BUZZER: Self = Self(5);
    /// Text display.
    pub const TEXT: Self = Self(6);
    /// Time keeping, withdrawn from the standard.
    pub const TIME: Self = Self(7);
    /// CRC-16 as well as checksum.
    pub const CRC: Self = Self(8);
    /// Secure Channel: compliance bit 0 AES-128; count bit 0 says the default key is in use.
    pub const SECURITY: Self = Self(9);
    /// Octets the reader can receive: compliance is the low octet, count the high one.
    pub const RECEIVE_SIZE: Self = Self(10);
    /// Octets of the longest multi-part message: compliance is the low octet, count the high one.
    pub const MESSAGE_SIZE: Self = Self(11);
    /// Smart card transparency.
    pub const SMART_CARD: Self = Self(12);
    /// Attached reader heads.
    pub const READERS: Self = Self(13);
    /// Biometrics.
    pub const BIOMETRICS: Self = Self(14);
    /// Secure PIN entry.
    pub const SECURE_PIN: Self = Self(15);
    /// Version of the standard: compliance 1 is IEC 60839-11-5, 2 is SIA 2.2.
    pub const VERSION: Self = Self(16);
}

impl Record for Capability {
    type Octets = [u8; 3];
    const LEN: usize = 3;
    const COUNT_MIN: usize = 0;

    fn read([function, compliance, count]: [u8; 3]) -> Self {
        Self {
            function: Function(function),
            compliance,
            count,
        }
    }

    fn write(self) -> [u8; 3] {
        [self.function.0, self.compliance, self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::{Capability, Function, PdCap};
    use crate::MessageError;

    #[test]
    fn capabilities_both_ways() {
        let octets = [
            0x02, 0x01, 0x02, // two outputs
            0x09, 0x01, 0x00, // AES-128, no default key
            0xEE, 0x05, 0x06, // a function that annex B does not know
        ];
        let list = [
            Capability {
                function: Function::OUTPUTS,
                compliance: 1,
                count: 2,
            },
            Capability {
                function: Function::SECURITY,
                compliance: 1,
                count: 0,
            },
            Capability {
                function: Function(0xEE),
                compliance: 5,
                count: 6,
            },
        ];
        assert_eq!(PdCap::decode(&octets), PdCap::new(&list));
        let mut out = [0; 9];
        assert_eq!(PdCap::new(&list).unwrap().encode(&mut out), Ok(9));
        assert_eq!(out, octets);
        assert_eq!(
            PdCap::decode(&octets[..8]),
            Err(MessageError::Length {
                actual: 8,
                needed: 9
            })
        );
        assert_eq!(PdCap::decode(&[]).map(|caps| caps.count()), Ok(0));
    }
}
