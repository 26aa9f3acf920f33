//! Chance that comes again: the same numbers for the same seed, so that what failed fails again.

/// A sequence of numbers.
pub struct Chance(u64);

impl Chance {
    /// The sequence of a seed.
    pub const fn of_seed(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one, below `limit`.
    pub const fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).expect("an index")]
    }
}
