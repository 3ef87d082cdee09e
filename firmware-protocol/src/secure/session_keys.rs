//! The three keys of one session, and what is computed with them.

use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes128Enc};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::Scbk;

/// One AES block.
pub(super) type Block = [u8; BLOCK_LEN];

/// S-ENC, S-MAC1 and S-MAC2, expanded; wiped when dropped.
pub(super) struct SessionKeys {
    enc: Aes128,
    mac1: Aes128Enc,
    mac2: Aes128Enc,
}

impl SessionKeys {
    /// The keys that follow from the base key and RND.A (OSDP 2.2, annex D).
    pub(super) fn derive(scbk: &Scbk, rnd_a: [u8; 8]) -> Self {
        let mut enc = derive_one(scbk, LABEL_ENC, rnd_a);
        let mut mac1 = derive_one(scbk, LABEL_MAC1, rnd_a);
        let mut mac2 = derive_one(scbk, LABEL_MAC2, rnd_a);
        let keys = Self {
            enc: Aes128::new(&enc.into()),
            mac1: Aes128Enc::new(&mac1.into()),
            mac2: Aes128Enc::new(&mac2.into()),
        };
        enc.zeroize();
        mac1.zeroize();
        mac2.zeroize();
        keys
    }

    /// The reader's proof: RND.A ‖ RND.B under S-ENC.
    pub(super) fn client_cryptogram(&self, rnd_a: [u8; 8], rnd_b: [u8; 8]) -> Block {
        encrypt(&self.enc, joined(rnd_a, rnd_b))
    }

    /// The controller's proof: RND.B ‖ RND.A under S-ENC.
    pub(super) fn server_cryptogram(&self, rnd_a: [u8; 8], rnd_b: [u8; 8]) -> Block {
        encrypt(&self.enc, joined(rnd_b, rnd_a))
    }

    /// R-MAC-I: the server cryptogram under S-MAC1, then under S-MAC2.
    pub(super) fn r_mac_i(&self, server_cryptogram: &Block) -> Block {
        encrypt(&self.mac2, encrypt(&self.mac1, *server_cryptogram))
    }

    /// The MAC of `covered`: CBC under S-MAC1, the last block under S-MAC2; padded only when not whole blocks.
    pub(super) fn mac(&self, iv: &Block, covered: &[u8]) -> Block {
        let mut mac = *iv;
        let mut chunks = covered.chunks(BLOCK_LEN).peekable();
        while let Some(chunk) = chunks.next() {
            absorb(&mut mac, chunk);
            mac = if chunks.peek().is_some() {
                encrypt(&self.mac1, mac)
            } else {
                encrypt(&self.mac2, mac)
            };
        }
        mac
    }

    /// Encrypts whole blocks in place; the IV is the other side's last MAC, inverted.
    pub(super) fn encrypt_data(&self, last_mac: &Block, blocks: &mut [u8]) {
        let mut mode = cbc::Encryptor::inner_iv_init(&self.enc, &Array::from(inverted(last_mac)));
        for block in blocks.as_chunks_mut::<BLOCK_LEN>().0 {
            mode.encrypt_block(block.into());
        }
    }

    /// Decrypts whole blocks in place; the IV is the other side's last MAC, inverted.
    pub(super) fn decrypt_data(&self, last_mac: &Block, blocks: &mut [u8]) {
        let mut mode = cbc::Decryptor::inner_iv_init(&self.enc, &Array::from(inverted(last_mac)));
        for block in blocks.as_chunks_mut::<BLOCK_LEN>().0 {
            mode.decrypt_block(block.into());
        }
    }
}

/// Whether two runs of equal length are equal, in constant time.
pub(super) fn same<const N: usize>(one: &[u8; N], other: &[u8; N]) -> bool {
    bool::from(one.as_slice().ct_eq(other.as_slice()))
}

/// One session key: label, the first six octets of RND.A and zeros, under the base key.
pub(super) fn derive_one(scbk: &Scbk, [l0, l1]: [u8; 2], rnd_a: [u8; 8]) -> Block {
    let [a0, a1, a2, a3, a4, a5, _, _] = rnd_a;
    let input = [l0, l1, a0, a1, a2, a3, a4, a5, 0, 0, 0, 0, 0, 0, 0, 0];
    encrypt(&Aes128Enc::new(scbk.as_octets().into()), input)
}

fn encrypt(
    cipher: &impl BlockCipherEncrypt<BlockSize = aes::cipher::consts::U16>,
    input: Block,
) -> Block {
    let mut block = Array::from(input);
    cipher.encrypt_block(&mut block);
    block.into()
}

/// Folds up to one block into `mac`; a shorter one is padded with 80 and zeros.
fn absorb(mac: &mut Block, chunk: &[u8]) {
    let padded = chunk.iter().chain(core::iter::once(&PAD_MARK));
    for (into, octet) in mac.iter_mut().zip(padded) {
        *into ^= octet;
    }
}

fn joined(one: [u8; 8], other: [u8; 8]) -> Block {
    let mut block = [0; BLOCK_LEN];
    for (slot, octet) in block.iter_mut().zip(one.iter().chain(&other)) {
        *slot = *octet;
    }
    block
}

fn inverted(mac: &Block) -> Block {
    mac.map(|octet| !octet)
}

/// Octets of an AES block.
pub(super) const BLOCK_LEN: usize = 16;
/// The octet that begins padding.
pub(super) const PAD_MARK: u8 = 0x80;
pub(super) const LABEL_ENC: [u8; 2] = [0x01, 0x82];
pub(super) const LABEL_MAC1: [u8; 2] = [0x01, 0x01];
pub(super) const LABEL_MAC2: [u8; 2] = [0x01, 0x02];

#[cfg(test)]
mod tests {
    use super::{Block, SessionKeys, same};
    use crate::secure::Scbk;

    fn keys() -> SessionKeys {
        SessionKeys::derive(&Scbk::new(*b"one key for all!"), [1, 2, 3, 4, 5, 6, 7, 8])
    }

    #[test]
    fn a_mac_pads_only_what_is_not_whole_blocks() {
        let iv: Block = [7; 16];
        let mut padded = [0u8; 32];
        padded[..20].copy_from_slice(&[5; 20]);
        padded[20] = 0x80;
        assert_eq!(keys().mac(&iv, &[5; 20]), keys().mac(&iv, &padded));
        assert_ne!(keys().mac(&iv, &[5; 32]), keys().mac(&iv, &[5; 33]));
    }

    #[test]
    fn what_is_encrypted_comes_back_and_depends_on_the_last_mac() {
        let (one, other): (Block, Block) = ([1; 16], [2; 16]);
        let mut blocks = [0xAB; 48];
        keys().encrypt_data(&one, &mut blocks);
        assert_ne!(blocks[..16], blocks[16..32]);
        let mut wrong = blocks;
        keys().decrypt_data(&one, &mut blocks);
        keys().decrypt_data(&other, &mut wrong);
        assert_eq!(blocks, [0xAB; 48]);
        assert_ne!(wrong, blocks);
    }

    #[test]
    fn sameness_looks_at_every_octet() {
        assert!(same(b"abcd", b"abcd"));
        assert!(!same(b"abcd", b"abce"));
        assert!(!same(b"abcd", b"bbcd"));
    }
}
