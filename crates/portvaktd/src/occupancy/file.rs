//! The file of who is where: issuances, readers and times, no names, under a key of the house.
//!
//! ```text
//! occupancy.snapshot, numbers little-endian
//!  0  8  magic "PVKTOCCU"
//!  8  2  format version, u16: 1
//! 10  2  zero
//! 12  4  how many cards, u32
//! 16 32  each card, by ascending issuance:
//!         0  4  the issuance's number, u32
//!         4  2  the reader it was last let through at, u16
//!         6  2  the area it is in, u16; zero outside all of them
//!         8  2  the area it last entered, u16; zero for none
//!        10  1  bit 0: it is in an area; bit 1: it has entered one
//!        11  5  zero
//!        16  8  when it was last let through, i64, microseconds since 1970
//!        24  8  when it entered, i64; zero for never
//!  … 32  HMAC-SHA-256 under the house's snapshot key, over "portvakt occupancy" and all octets before
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use access::{AreaId, IssuanceId, ReaderId, UtcMicros, Whereabouts};
use hmac::{Hmac, KeyInit, Mac};
use key_store::disk::Disk;
use key_store::{Fixed, Key32, KeyError, KeyStore};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The file, and the key that vouches for it.
pub(crate) struct OccupancyFile {
    disk: Arc<dyn Disk>,
    mac: Hmac<Sha256>,
}

/// Why it is not known who is where.
#[derive(Debug)]
pub(crate) enum Unread {
    /// There is no file.
    Missing,
    /// The disk says so.
    Io(io::Error),
    /// It is not what was written: what of it is wrong.
    Damaged(&'static str),
    /// A later version wrote it.
    Newer(u16),
}

/// Where each card is.
pub(crate) type Known = BTreeMap<IssuanceId, Whereabouts>;

impl OccupancyFile {
    /// The file of the data directory that is the root of this disk.
    ///
    /// # Errors
    /// What the key store says.
    pub(crate) fn new(disk: Arc<dyn Disk>, keys: &KeyStore) -> Result<Self, KeyError> {
        Ok(Self::under(disk, &keys.fixed(Fixed::Snapshot)?))
    }

    /// The file of this disk, under this key.
    pub(crate) fn under(disk: Arc<dyn Disk>, key: &Key32) -> Self {
        let mut padded = Zeroizing::new([0; BLOCK]);
        for (place, octet) in padded.iter_mut().zip(key.as_bytes()) {
            *place = *octet;
        }
        let mac = Hmac::new((&*padded).into()).chain_update(DOMAIN);
        Self { disk, mac }
    }

    /// Reads it; all of it is as it was written, or it is refused.
    ///
    /// # Errors
    /// [`Unread`].
    pub(crate) fn read(&self) -> Result<Known, Unread> {
        let file = match self.disk.open_read(PATH) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(Unread::Missing),
            Err(cause) => return Err(Unread::Io(cause)),
        };
        let len = usize::try_from(file.len().map_err(Unread::Io)?).unwrap_or(usize::MAX);
        if len > LEN_MAX {
            return Err(Unread::Damaged("it is longer than any house needs"));
        }
        let mut octets = vec![0; len];
        let read = file.read_at(&mut octets, 0).map_err(Unread::Io)?;
        octets.truncate(read);
        self.decode(&octets)
    }

    /// Writes it whole, durably.
    ///
    /// # Errors
    /// What the disk says; then the one before still stands.
    pub(crate) fn write(&self, cards: &Known) -> io::Result<()> {
        let octets = self.encode(cards).ok_or(io::ErrorKind::FileTooLarge)?;
        self.disk.put_whole(PATH, &octets)
    }

    /// Octets that are vouched for, and what is written of what they say; `None` if they are refused.
    pub(crate) fn again(&self, body: &[u8]) -> Option<[Vec<u8>; 2]> {
        let mac = self.mac.clone().chain_update(body).finalize();
        let octets = [body, &mac.into_bytes()].concat();
        let again = self.encode(&self.decode(&octets).ok()?)?;
        Some([octets, again])
    }

    fn encode(&self, cards: &Known) -> Option<Vec<u8>> {
        let count = u32::try_from(cards.len())
            .ok()
            .filter(|count| *count <= CARDS_MAX)?;
        let mut octets = Vec::with_capacity(HEAD_LEN + cards.len() * CARD_LEN + MAC_LEN);
        octets.extend_from_slice(MAGIC);
        octets.extend_from_slice(&VERSION.to_le_bytes());
        octets.extend_from_slice(&[0; 2]);
        octets.extend_from_slice(&count.to_le_bytes());
        for (card, known) in cards {
            octets.extend_from_slice(&encode_card(*card, *known));
        }
        let mac = self.mac.clone().chain_update(&octets).finalize();
        octets.extend_from_slice(&mac.into_bytes());
        Some(octets)
    }

    fn decode(&self, octets: &[u8]) -> Result<Known, Unread> {
        let short = Unread::Damaged("it is too short");
        let Some((body, mac)) = octets.split_last_chunk::<MAC_LEN>() else {
            return Err(short);
        };
        let Some((head, cards)) = body.split_first_chunk::<HEAD_LEN>() else {
            return Err(short);
        };
        if !head.starts_with(MAGIC) {
            return Err(Unread::Damaged("it does not begin as one"));
        }
        let whole = self.mac.clone().chain_update(body).verify(mac.into());
        whole.map_err(|_| Unread::Damaged(ALTERED))?;
        let [_, _, _, _, _, _, _, _, v0, v1, 0, 0, c0, c1, c2, c3] = *head else {
            return Err(Unread::Damaged("its header is none"));
        };
        let version = u16::from_le_bytes([v0, v1]);
        if version != VERSION {
            return Err(Unread::Newer(version));
        }
        let (cards, rest) = cards.as_chunks::<CARD_LEN>();
        let count = u32::from_le_bytes([c0, c1, c2, c3]);
        if !rest.is_empty() || u32::try_from(cards.len()) != Ok(count) {
            return Err(Unread::Damaged("its length is another than it says"));
        }
        let cards: Option<Vec<_>> = cards.iter().map(decode_card).collect();
        let cards = cards.ok_or(Unread::Damaged("a card in it is none"))?;
        if !cards.is_sorted_by(|(card, _), (next, _)| card < next) {
            return Err(Unread::Damaged("its cards are not in order"));
        }
        Ok(cards.into_iter().collect())
    }
}

fn encode_card(card: IssuanceId, known: Whereabouts) -> [u8; CARD_LEN] {
    let Whereabouts {
        area,
        entered,
        reader,
        at,
    } = known;
    let [n0, n1, n2, n3] = card.get().to_le_bytes();
    let [r0, r1] = reader.get().to_le_bytes();
    let [a0, a1] = area.map_or(0, AreaId::get).to_le_bytes();
    let [e0, e1] = entered.map_or(0, |(area, _)| area.get()).to_le_bytes();
    let is_known = u8::from(area.is_some()) | u8::from(entered.is_some()) << 1;
    let mut octets = [0; CARD_LEN];
    let numbers = [
        n0, n1, n2, n3, r0, r1, a0, a1, e0, e1, is_known, 0, 0, 0, 0, 0,
    ];
    let entered_at = entered.map_or(0, |(_, at)| at.micros());
    let times = [at.micros().to_le_bytes(), entered_at.to_le_bytes()];
    let written = numbers.into_iter().chain(times.into_iter().flatten());
    for (place, octet) in octets.iter_mut().zip(written) {
        *place = octet;
    }
    octets
}

/// `None` for what [`encode_card`] never writes.
fn decode_card(octets: &[u8; CARD_LEN]) -> Option<(IssuanceId, Whereabouts)> {
    let [n0, n1, n2, n3, r0, r1, a0, a1, e0, e1, is_known, ..] = *octets;
    let (_, times) = octets.split_last_chunk::<16>()?;
    let (at, entered_at) = (times.first_chunk::<8>()?, times.last_chunk::<8>()?);
    let time = |octets: &[u8; 8]| UtcMicros::from_micros(i64::from_le_bytes(*octets));
    let area = |low, high| AreaId::new(u16::from_le_bytes([low, high]));
    let known = Whereabouts {
        area: (is_known & 1 != 0).then(|| area(a0, a1)),
        entered: (is_known & 2 != 0).then(|| (area(e0, e1), time(entered_at))),
        reader: ReaderId::new(u16::from_le_bytes([r0, r1])),
        at: time(at),
    };
    let card = IssuanceId::new(u32::from_le_bytes([n0, n1, n2, n3]))?;
    (encode_card(card, known) == *octets).then_some((card, known))
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "{PATH} is not there"),
            Self::Io(cause) => write!(f, "{PATH} cannot be read: {cause}"),
            Self::Damaged(what) => write!(f, "{PATH} is refused: {what}"),
            Self::Newer(found) => write!(
                f,
                "{PATH} is refused: it has format version {found}, this portvaktd knows {VERSION}"
            ),
        }
    }
}

/// The file in the data directory.
pub(crate) const PATH: &str = "occupancy.snapshot";
const MAGIC: &[u8; 8] = b"PVKTOCCU";
const VERSION: u16 = 1;
/// What keeps this file apart from others under the same key.
const DOMAIN: &[u8] = b"portvakt occupancy";
const ALTERED: &str = "it was altered or torn, or is of another house";
const HEAD_LEN: usize = 16;
const CARD_LEN: usize = 32;
const MAC_LEN: usize = 32;
/// The block of SHA-256, in octets.
const BLOCK: usize = 64;
/// More cards than a house has.
const CARDS_MAX: u32 = 1 << 22;
const LEN_MAX: usize = HEAD_LEN + (CARDS_MAX as usize) * CARD_LEN + MAC_LEN;

#[cfg(test)]
mod tests {
    use key_store::disk::MemDisk;

    use super::*;
    use crate::entropy::OsEntropy;

    fn file_under(key: u8) -> OccupancyFile {
        let padded = std::array::from_fn::<u8, BLOCK, _>(|at| if at < 32 { key } else { 0 });
        let mac = Hmac::new(&padded.into()).chain_update(DOMAIN);
        let disk = Arc::new(MemDisk::new());
        OccupancyFile { disk, mac }
    }

    fn cards() -> Known {
        let at = UtcMicros::from_micros;
        let inside = Whereabouts {
            area: Some(AreaId::new(0)),
            entered: Some((AreaId::new(0), at(0x0102_0304_0506_0708))),
            reader: ReaderId::new(0x0A0B),
            at: at(0x0102_0304_0506_0709),
        };
        let outside = Whereabouts {
            area: None,
            entered: Some((AreaId::new(0x0C0D), at(0))),
            reader: ReaderId::new(1),
            at: at(-1),
        };
        let anywhere = Whereabouts {
            area: None,
            entered: None,
            ..outside
        };
        let numbered = [0x0102_0304, 0x3FFF_FFFE, 0x3FFF_FFFF].map(IssuanceId::from_random);
        numbered
            .into_iter()
            .zip([inside, outside, anywhere])
            .collect()
    }

    #[test]
    fn the_octets_of_the_file_stay() {
        let octets = file_under(7).encode(&cards()).unwrap();
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let lines = [
            "50564b544f4343550100000003000000",
            "040302010b0a000000000300000000000907060504030201",
            "0807060504030201",
            "feffff3f010000000d0c020000000000ffffffffffffffff",
            "0000000000000000",
            "ffffff3f010000000000000000000000ffffffffffffffff",
            "0000000000000000",
            GOLDEN,
        ];
        assert_eq!(hex, lines.concat());
        assert_eq!(file_under(7).decode(&octets).unwrap(), cards());
    }

    #[test]
    fn what_is_written_is_read() {
        let file = file_under(7);
        assert!(matches!(file.read(), Err(Unread::Missing)));
        file.write(&Known::new()).unwrap();
        assert_eq!(file.read().unwrap(), Known::new());
        file.write(&cards()).unwrap();
        assert_eq!(file.read().unwrap(), cards());
    }

    #[test]
    fn no_flipped_bit_no_missing_octet_and_no_other_key_passes() {
        let file = file_under(7);
        let octets = file.encode(&cards()).unwrap();
        for bit in 0..octets.len() * 8 {
            let mut flipped = octets.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(file.decode(&flipped).is_err(), "bit {bit}");
        }
        for len in 0..octets.len() {
            assert!(file.decode(&octets[..len]).is_err(), "{len} octets");
            assert!(file.decode(&octets[len + 1..]).is_err(), "from {len}");
        }
        assert!(file.decode(&[&*octets, &[0]].concat()).is_err());
        let other = file_under(8).decode(&octets).unwrap_err();
        let refused =
            "occupancy.snapshot is refused: it was altered or torn, or is of another house";
        assert_eq!(other.to_string(), refused);
    }

    #[test]
    fn a_later_version_and_what_is_never_written_are_refused_even_under_the_key() {
        let file = file_under(7);
        let octets = file.encode(&cards()).unwrap();
        let changed = |at: usize, to: u8| {
            let mut body = octets[..octets.len() - MAC_LEN].to_vec();
            body[at] = to;
            let mac = file.mac.clone().chain_update(&body).finalize();
            body.extend_from_slice(&mac.into_bytes());
            file.decode(&body)
        };
        assert!(matches!(changed(8, 2), Err(Unread::Newer(2))));
        for (at, to, what) in [
            (10, 1, "what is zero in the header"),
            (12, 1, "how many"),
            (19, 0xFF, "a number beyond 30 bits"),
            (26, 0xFF, "more than two bits"),
            (31, 1, "what is zero in a card"),
            (54, 1, "an area without its bit"),
            (80, 0xFE, "a card for the second time"),
        ] {
            assert!(matches!(changed(at, to), Err(Unread::Damaged(_))), "{what}");
        }
    }

    #[test]
    fn each_house_has_a_key_of_its_own() {
        let house = || {
            let disk: Arc<dyn Disk> = Arc::new(MemDisk::new());
            let keys = KeyStore::create(&disk, &mut OsEntropy).unwrap();
            OccupancyFile::new(disk, &keys).unwrap()
        };
        let (one, other) = (house(), house());
        one.write(&Known::new()).unwrap();
        assert_eq!(one.read().unwrap(), Known::new());
        let octets = one.encode(&Known::new()).unwrap();
        other.disk.put_whole(PATH, &octets).unwrap();
        assert!(matches!(other.read(), Err(Unread::Damaged(ALTERED))));
    }

    #[test]
    fn a_file_of_absurd_length_is_not_read() {
        let file = file_under(7);
        let huge = file.disk.create(PATH).unwrap();
        huge.set_len(u64::try_from(LEN_MAX).unwrap() + 1).unwrap();
        assert!(matches!(file.read(), Err(Unread::Damaged(_))));
    }

    /// Checked against Python's `hmac`.
    const GOLDEN: &str = "f38ebe64c86a8c47ad5ae15548ea73ec45e49654ca66349eb8ce0e6d4f105389";
}
