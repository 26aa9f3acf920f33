//! The random bytes a caller lends us, spread over everything that must not repeat.

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Thirty-two random bytes, fresh for each session. From them come message ids, first nonces and challenges.
#[derive(Clone)]
pub struct Entropy(Zeroizing<[u8; 32]>);

impl Entropy {
    /// Take over random bytes of the caller's.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Thirty-two bytes that nobody can tell from random ones without knowing ours, different for each purpose and count.
    pub(crate) fn derive(&self, purpose: &str, count: u64) -> Zeroizing<[u8; 32]> {
        let mut input = Zeroizing::new(Vec::with_capacity(32 + 8 + purpose.len()));
        input.extend_from_slice(self.0.as_slice());
        input.extend_from_slice(&count.to_be_bytes());
        input.extend_from_slice(purpose.as_bytes());
        let mut output = Zeroizing::new([0; 32]);
        output.copy_from_slice(digest(&SHA256, &input).as_ref());
        output
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy(***)")
    }
}

/// Message ids that never repeat within a session. Nobody takes them for secrets, and one is needed for each message,
/// so they are counted from a random start and stirred rather than hashed.
#[derive(Debug)]
pub(crate) struct Ids {
    high: u64,
    low: u64,
    given: u64,
}

impl Ids {
    pub(crate) fn new(entropy: &Entropy) -> Self {
        let bytes = entropy.derive("message id", 0);
        let (high, rest) = bytes.split_first_chunk().expect("thirty-two bytes hold two numbers");
        let low = rest.first_chunk().expect("twenty-four bytes hold a number");
        Self { high: u64::from_be_bytes(*high), low: u64::from_be_bytes(*low), given: 0 }
    }

    pub(crate) fn fresh(&mut self) -> Uuid {
        self.given += 1;
        let (high, low) = (stir(self.high.wrapping_add(self.given)), stir(self.low ^ self.given));
        let bytes = (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// A permutation of the numbers (splitmix64), so that counting never gives the same twice.
fn stir(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_are_version_four() {
        let mut ids = Ids::new(&Entropy::new([7; 32]));

        let (first, second) = (ids.fresh(), ids.fresh());

        assert_ne!(first, second);
        assert_eq!(first.get_version_num(), 4);
    }

    #[test]
    fn purposes_get_different_bytes() {
        let entropy = Entropy::new([7; 32]);

        assert_ne!(entropy.derive("a", 0), entropy.derive("b", 0));
        assert_ne!(entropy.derive("a", 0), entropy.derive("a", 1));
    }

    #[test]
    fn debug_shows_no_bytes() {
        assert_eq!(format!("{:?}", Entropy::new([7; 32])), "Entropy(***)");
    }
}
