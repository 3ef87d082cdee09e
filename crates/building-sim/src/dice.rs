//! Chance that can be replayed: the same seed throws the same numbers, on every machine.

/// Dice that were loaded with a seed. Good enough for a simulation, useless for a secret.
///
/// The generator is SplitMix64 (Steele, Lea, Flood, *Fast splittable pseudorandom number
/// generators*, 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice for this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice of their own for one part of the simulation, so that a throw here moves nothing there.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.throw())
    }

    /// Any number.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, `sides`; 0 when there are no sides.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.throw().checked_rem(sides).unwrap_or(0)
    }

    /// True once in `sides` throws on average.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    /// One of `things`, or nothing when there are none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(things.len()).ok()?;
        things.get(usize::try_from(self.below(count)).ok()?)
    }

    /// Fills `octets` with numbers.
    pub fn throw_octets(&mut self, octets: &mut [u8]) {
        for chunk in octets.chunks_mut(8) {
            let eight = self.throw().to_le_bytes();
            for (octet, thrown) in chunk.iter_mut().zip(eight) {
                *octet = thrown;
            }
        }
    }
}

impl key_store::Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.throw_octets(bytes);
    }
}

impl reader_bus::Entropy for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.throw_octets(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_throws_are_those_of_the_paper() {
        let mut dice = Dice::new(1_234_567);
        let thrown = [dice.throw(), dice.throw(), dice.throw()];
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(thrown, expected);
    }

    #[test]
    fn no_sides_and_no_things_are_not_a_crash() {
        let mut dice = Dice::new(0);
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.pick::<u8>(&[]), None);
    }
}
