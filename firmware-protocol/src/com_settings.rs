//! COMSET and COM: the address and speed a reader shall have, and those it will have.

use crate::Address;
use crate::message::{MessageError, exactly, write_runs};

/// The data of COMSET, 6E, and of its answer COM, 54: address, speed u32le (OSDP 2.2). The answer still goes out under the
/// old address at the old speed; both count from the next frame on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComSettings {
    /// The reader's address, never [`Address::BROADCAST`].
    address: Address,
    /// The line's speed, bits per second.
    baud: u32,
}

impl ComSettings {
    /// An address and a speed in bits per second.
    ///
    /// # Errors
    /// [`MessageError::Value`] for [`Address::BROADCAST`]: no reader can have it.
    pub const fn new(address: Address, baud: u32) -> Result<Self, MessageError> {
        if address.get() == Address::BROADCAST.get() {
            return Err(MessageError::Value {
                field: "address",
                actual: address.get(),
            });
        }
        Ok(Self { address, baud })
    }

    /// The settings in the data of a received message.
    ///
    /// # Errors
    /// [`MessageError::Length`] unless the data has five octets; [`MessageError::Value`] for an address above 126.
    pub fn decode(data: &[u8]) -> Result<Self, MessageError> {
        let [octet, baud @ ..] = exactly::<DATA_LEN>(data)?;
        let address = Address::new(octet).ok_or(MessageError::Value {
            field: "address",
            actual: octet,
        })?;
        Self::new(address, u32::from_le_bytes(baud))
    }

    /// Writes the settings as message data and returns the octets written.
    ///
    /// # Errors
    /// [`MessageError::Room`] if `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, MessageError> {
        write_runs(out, &[&[self.address.get()], &self.baud.to_le_bytes()])
    }

    /// The reader's address, 0 to 126.
    #[must_use]
    pub const fn address(&self) -> Address {
        self.address
    }

    /// The line's speed, bits per second.
    #[must_use]
    pub const fn baud(&self) -> u32 {
        self.baud
    }
}

const DATA_LEN: usize = 5;

#[cfg(test)]
mod tests {
    use super::ComSettings;
    use crate::{Address, MessageError};

    #[test]
    fn settings_both_ways() {
        let octets = [
            0x07, // address 7
            0x00, 0xC2, 0x01, 0x00, // 115200 bits per second, low octet first
        ];
        let settings = ComSettings::new(Address::new(7).unwrap(), 115_200).unwrap();
        assert_eq!(ComSettings::decode(&octets), Ok(settings));
        let mut out = [0; 5];
        assert_eq!(settings.encode(&mut out), Ok(5));
        assert_eq!(out, octets);
    }

    #[test]
    fn no_reader_gets_the_configuration_address() {
        for address in [0x7F, 0x80, 0xFF] {
            assert_eq!(
                ComSettings::decode(&[address, 0x80, 0x25, 0, 0]),
                Err(MessageError::Value {
                    field: "address",
                    actual: address
                })
            );
        }
        assert!(ComSettings::new(Address::BROADCAST, 9_600).is_err());
        assert_eq!(
            ComSettings::decode(&[0, 0x80, 0x25, 0]),
            Err(MessageError::Length {
                actual: 4,
                needed: 5
            })
        );
    }
}
