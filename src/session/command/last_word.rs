//! The exit status in the output of a command: behind a random mark, and taken out of what is shown.

/// Characters of a status at most.
const LONGEST: usize = 4;

/// What no program says by chance, in two halves.
pub(super) struct Mark {
    halves: [String; 2],
}

/// Looks for the mark in what is said.
pub(super) struct LastWord {
    mark: Vec<u8>,
    held: Vec<u8>,
    code: Option<u8>,
}

impl Mark {
    pub(super) fn random() -> Self {
        Self { halves: std::array::from_fn(|_| uuid::Uuid::new_v4().simple().to_string()) }
    }

    pub(super) fn halves(&self) -> (&str, &str) {
        (&self.halves[0], &self.halves[1])
    }
}

impl LastWord {
    pub(super) fn behind(mark: &Mark) -> Self {
        Self { mark: format!("{}{}:", mark.halves[0], mark.halves[1]).into_bytes(), held: Vec::new(), code: None }
    }

    /// What is surely none of ours of these bytes and those that were held back.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.code.is_some() {
            // Something that the command left running still talks.
            return bytes.to_vec();
        }
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let mut from = 0;
        loop {
            let at = begins_at(all.get(from..).unwrap_or_default(), &self.mark) + from;
            let behind = all.get(at + self.mark.len()..).unwrap_or_default();
            // Some shells have a sign.
            let digits = behind.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
            match behind.get(digits) {
                // It is not whole yet, or there is none.
                None if digits <= LONGEST => {
                    self.held = all.split_off(at);
                    return all;
                }
                // Whatever it says, it is not the command's.
                Some(b'\n') if digits <= LONGEST => {
                    let number = behind.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
                    all.drain(at..at + self.mark.len() + digits + 1);
                    if number.is_some() {
                        self.code = number;
                        return all;
                    }
                    from = at;
                }
                _ => from = at + 1,
            }
        }
    }

    /// What was held back and turned out to be the command's own, when nothing more comes.
    pub(super) fn rest(&self) -> &[u8] {
        &self.held
    }

    /// The status, once it was said.
    pub(super) fn code(&self) -> Option<u8> {
        self.code
    }
}

/// Where `mark` begins in `bytes`, or may begin with what comes next; else their end.
fn begins_at(bytes: &[u8], mark: &[u8]) -> usize {
    let fits = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        rest.starts_with(mark) || mark.starts_with(rest)
    };
    (0..bytes.len()).find(fits).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fed(mark: &Mark, pieces: &[&[u8]]) -> (Vec<u8>, Option<u8>) {
        let mut last = LastWord::behind(mark);
        let mut shown: Vec<u8> = pieces.iter().flat_map(|piece| last.take(piece)).collect();
        shown.extend(last.rest());
        (shown, last.code())
    }

    fn said(mark: &Mark, status: &str) -> Vec<u8> {
        format!("{}{}:{status}\n", mark.halves[0], mark.halves[1]).into_bytes()
    }

    proptest! {
        #[test]
        fn every_byte_but_the_last_word_is_shown_however_it_is_cut(
            before in proptest::collection::vec(any::<u8>(), 0..200),
            after in proptest::collection::vec(any::<u8>(), 0..20),
            code in any::<u8>(),
            size in 1..90_usize,
        ) {
            let mark = Mark::random();
            let all = [before.as_slice(), &said(&mark, &code.to_string()), &after].concat();

            let (shown, told) = fed(&mark, &all.chunks(size).collect::<Vec<_>>());

            prop_assert_eq!(shown, [before, after].concat());
            prop_assert_eq!(told, Some(code));
        }
    }

    #[test]
    fn a_status_that_is_none_is_not_shown_and_tells_nothing() {
        let mark = Mark::random();
        for status in ["-1", "256", "1000", ""] {
            let all = [b"before ".as_slice(), &said(&mark, status), b"after"].concat();
            for size in [1, 7, 1_000] {
                let told = fed(&mark, &all.chunks(size).collect::<Vec<_>>());
                assert_eq!(told, (b"before after".to_vec(), None), "{status:?} by {size}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_it_is_shown_and_tells_nothing() {
        let mark = Mark::random();
        let (first, second) = mark.halves();
        for all in [
            first.as_bytes().to_vec(),
            format!("{first} {second}:3\n").into_bytes(),
            format!("{first}{second}:").into_bytes(),
            said(&mark, "10000"),
            said(&mark, "x"),
        ] {
            for size in [1, 7, 1_000] {
                assert_eq!(fed(&mark, &all.chunks(size).collect::<Vec<_>>()), (all.clone(), None));
            }
        }
        let twice = [said(&mark, "x"), said(&mark, "7")].concat();
        assert_eq!(fed(&mark, &[&twice]), (said(&mark, "x"), Some(7)));
    }
}
