//! A liar: a reader that knows its key, and hands over its cards with a sound MAC but in the open.

use aes::Aes128Enc;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use firmware_protocol::{Frame, MARK, SecurityBlock};

use crate::forgery::{CHLNG, OUT, RAW, SCRYPT, changed, is_card, raw};
use crate::hostile_line::Heard;
use crate::victim::{CARD, KEYS, Victim, wait};

#[test]
fn a_card_with_a_sound_mac_but_not_encrypted_is_refused() {
    let victim = Victim::in_service();
    let line = victim.line();
    let mut liar = Liar::default();
    line.meddle(move |heard, reply| vec![liar.answer(heard, reply)]);
    // Another session, so that the liar has heard it begin.
    let challenges = line.count(CHLNG);
    victim.set_key(0, KEYS[0]);
    wait("another session is made", || line.count(CHLNG) > challenges);
    victim.wait_online();
    line.present(&CARD);
    victim.wait_alarm("card-not-encrypted");
    assert_eq!(line.count(OUT), 0);
    assert_eq!(victim.events("access-granted"), []);
    line.leave();
    victim.wait_online();
    assert!(victim.opens(0));
}

/// Follows the MACs of a session whose key it knows (OSDP 2.2, annex D).
#[derive(Default)]
struct Liar {
    keys: Option<[Aes128Enc; 2]>,
    /// The last reply's MAC, all of it.
    last_mac: Option<[u8; 16]>,
    /// The last command: one that is put again has no effect on the MACs.
    last: Vec<u8>,
}

impl Liar {
    fn answer(&mut self, to: &Heard, reply: Vec<u8>) -> Vec<u8> {
        if to.code == CHLNG {
            let one = |label| Aes128Enc::new(&derive(KEYS[0], label, &to.data).into());
            self.keys = Some([one([1, 1]), one([1, 2])]);
            self.last_mac = None;
            return reply;
        }
        let told = reply.get(1..).and_then(|frame| Frame::decode(frame).ok());
        let Some((told, keys)) = told.zip(self.keys.as_ref()) else {
            return reply;
        };
        if to.code == SCRYPT {
            self.last_mac = told.data.try_into().ok();
            return reply;
        }
        let Some(last_mac) = self.last_mac.filter(|_| told.mac().is_some()) else {
            return reply;
        };
        if to.covered == self.last {
            return reply;
        }
        self.last.clone_from(&to.covered);
        let command_mac = mac(keys, last_mac, &to.covered);
        if !is_card(&reply) {
            self.last_mac = Some(mac(keys, command_mac, told.covered()));
            return reply;
        }
        let lie = in_the_open(&reply);
        let lie_mac = mac(keys, command_mac, &lie[1..]);
        self.last_mac = Some(lie_mac);
        let end = [0; 2];
        changed(&[&lie, &lie_mac[..4], &end].concat(), |_| {})
    }
}

/// The reply as far as the MAC covers it, mark first, its card under SCS_16.
fn in_the_open(reply: &[u8]) -> Vec<u8> {
    let card = raw(&CARD);
    let block = [2, SecurityBlock::SCS_16, RAW];
    let octets = 5 + block.len() + card.len() + 4 + 2;
    let [low, high] = u16::try_from(octets).unwrap().to_le_bytes();
    let head = [MARK, reply[1], reply[2], low, high, reply[5]];
    [&head[..], &block, &card].concat()
}

/// A session key: label, six octets of RND.A and zeros, under the base key.
fn derive(key: [u8; 16], label: [u8; 2], rnd_a: &[u8]) -> [u8; 16] {
    let mut block = [0; 16];
    block[..2].copy_from_slice(&label);
    block[2..8].copy_from_slice(&rnd_a[..6]);
    encrypted(&Aes128Enc::new(&key.into()), block)
}

/// CBC under S-MAC1, the last block under S-MAC2.
fn mac([first, last]: &[Aes128Enc; 2], iv: [u8; 16], covered: &[u8]) -> [u8; 16] {
    let blocks = covered.len().div_ceil(16);
    covered
        .chunks(16)
        .zip(1..)
        .fold(iv, |mut mac, (chunk, at)| {
            let padded = chunk.iter().chain(&[0x80]);
            for (into, octet) in mac.iter_mut().zip(padded) {
                *into ^= octet;
            }
            encrypted(if at == blocks { last } else { first }, mac)
        })
}

fn encrypted(cipher: &Aes128Enc, block: [u8; 16]) -> [u8; 16] {
    let mut block = Array::from(block);
    cipher.encrypt_block(&mut block);
    block.into()
}
