//! SHA-256 of a few octets in one go: a verifier does little else, and the general way costs more than the hashing.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// SHA-256 of these pieces, one behind another (FIPS 180-4).
pub(crate) fn sha256<const N: usize>(pieces: [&[u8]; N]) -> [u8; 32] {
    let mut blocks = [[0; BLOCK_LEN]; BLOCKS_MAX];
    let octets = blocks.as_flattened_mut();
    let mut len = 0;
    for piece in pieces {
        let end = len + piece.len();
        let Some(to) = octets.get_mut(len..end) else {
            return in_general(pieces);
        };
        to.copy_from_slice(piece);
        len = end;
    }
    let used = (len + PADDING_LEAST).div_ceil(BLOCK_LEN);
    let Some(padded) = octets.get_mut(len..used * BLOCK_LEN) else {
        return in_general(pieces);
    };
    // A one, zeros, and the length in bits.
    if let Some((one, rest)) = padded.split_first_mut() {
        *one = 0x80;
        let bits = u64::try_from(len * 8).unwrap_or(u64::MAX);
        if let Some(end) = rest.last_chunk_mut() {
            *end = bits.to_be_bytes();
        }
    }
    let mut state = START;
    compress256(&mut state, blocks.get(..used).unwrap_or_default());
    let mut hash = [0; 32];
    for (to, word) in hash.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
    hash
}

fn in_general<const N: usize>(pieces: [&[u8]; N]) -> [u8; 32] {
    let mut digest = Sha256::new();
    pieces.iter().for_each(|piece| digest.update(piece));
    digest.finalize().into()
}

const BLOCK_LEN: usize = 64;
/// More than this many blocks go the general way.
const BLOCKS_MAX: usize = 4;
const PADDING_LEAST: usize = 9;
/// FIPS 180-4, 5.3.3.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sha_256_for_every_length() {
        let octets: Vec<u8> = (0..400_u16)
            .map(|at| u8::try_from(at % 251).unwrap())
            .collect();
        for len in 0..octets.len() {
            let whole: [u8; 32] = Sha256::digest(&octets[..len]).into();
            let (left, right) = octets[..len].split_at(len / 3);
            assert_eq!(sha256([&octets[..len]]), whole, "{len}");
            assert_eq!(sha256([left, right]), whole, "{len} in two");
        }
    }
}
