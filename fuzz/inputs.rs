//! What an ordinary test gives to the body of a fuzz target: its corpus, and ten thousand inputs made of it and of a seed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Inputs besides the corpus.
const INPUTS: usize = 10_000;
/// Longest input.
const LONGEST: usize = 4_096;
/// Bytes that have a meaning somewhere.
const TELLING: [&[u8]; 20] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b"\"",
    b"'",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"=",
    b"*",
    b"\x1b[",
    b"\x1b]52;c;",
    b"\xff",
    b"\xff\xff\xff\xff",
    "\u{202e}".as_bytes(),
    "e\u{301}\u{302}\u{303}가\u{1f1f0}\u{1f1f7}".as_bytes(),
];

/// Run `target` over the files of `corpus` and over inputs made of them. `EC2DASH_TEST_SEED` makes other inputs than the usual ones;
/// what breaks a promise is told with the seed.
pub fn throw(corpus: &str, target: impl Fn(&[u8])) {
    let seed = std::env::var("EC2DASH_TEST_SEED").map_or(1, |seed| seed.parse().expect("EC2DASH_TEST_SEED is a number"));
    let holds = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| target(input))).is_ok();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(corpus).expect("a corpus").map(|file| file.expect("a file of the corpus").path()).collect();
    files.sort();
    assert!(files.len() >= 3, "{corpus} has {} files", files.len());
    let entries: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).expect("a readable file")).collect();
    for (file, entry) in files.iter().zip(&entries) {
        assert!(holds(entry), "{} breaks a promise", file.display());
    }
    let mut random = Random(seed);
    for number in 0..INPUTS {
        let input = random.input(&entries);
        assert!(holds(&input), "input {number} of seed {seed} breaks a promise: b\"{}\"", input.escape_ascii());
    }
}

/// The same numbers for the same seed, on every machine (splitmix64).
struct Random(u64);

impl Random {
    /// Three quarters are neighbours of a file, the others pieces of all files or noise.
    fn input(&mut self, entries: &[Vec<u8>]) -> Vec<u8> {
        let mut input = match self.below(8) {
            0 => (0..self.below(200)).map(|_| self.byte()).collect(),
            1 => (0..self.below(12)).flat_map(|_| self.piece(entries)).collect(),
            _ => self.neighbour(entries),
        };
        input.truncate(LONGEST);
        input
    }

    /// A file with a few bytes changed, left out, repeated or taken from elsewhere.
    fn neighbour(&mut self, entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = entries[self.below(entries.len())].clone();
        for _ in 0..=self.below(5) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(16)).min(bytes.len());
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] = self.byte(),
                1 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..end)),
                3 => bytes.truncate(at),
                4 => {
                    let repeated = bytes[at..end].repeat(1 + self.below(4));
                    drop(bytes.splice(at..at, repeated));
                }
                5 => drop(bytes.splice(at..at, self.piece(entries))),
                _ => drop(bytes.splice(at..at, TELLING[self.below(TELLING.len())].iter().copied())),
            }
        }
        bytes
    }

    /// A part of one of the files.
    fn piece(&mut self, entries: &[Vec<u8>]) -> Vec<u8> {
        let entry = &entries[self.below(entries.len())];
        let at = self.below(entry.len() + 1);
        entry[at..(at + self.below(24)).min(entry.len())].to_vec()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 32).expect("half a number fits") % limit.max(1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
