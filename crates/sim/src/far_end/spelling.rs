//! What the agent makes of output: it takes it for text in UTF-8, whatever it is.

/// The shortest rest that is surely no beginning of a letter.
const LONGEST_LETTER: usize = 4;

/// Reads output as the agent does: what may be the beginning of a letter waits for more, and is lost at the end. Bytes that are no text
/// pass; of U+FFFD itself, which the agent takes for one of them, two bytes of three are lost.
#[derive(Default)]
pub(super) struct Spelling(Vec<u8>);

impl Spelling {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.0.extend_from_slice(bytes);
        let mut told = Vec::with_capacity(self.0.len());
        let mut at = 0;
        while let Some(rest) = self.0.get(at..).filter(|rest| !rest.is_empty()) {
            match letter(rest) {
                Some((letter, length)) if letter != char::REPLACEMENT_CHARACTER => {
                    told.extend_from_slice(rest.get(..length).unwrap_or_default());
                    at += length;
                }
                _ if rest.len() < LONGEST_LETTER => break,
                found => {
                    told.extend(rest.first());
                    at += found.map_or(1, |(_, length)| length);
                }
            }
        }
        self.0.drain(..at);
        told
    }
}

/// The letter at the beginning, and its bytes.
fn letter(bytes: &[u8]) -> Option<(char, usize)> {
    let some = bytes.get(..bytes.len().min(LONGEST_LETTER))?;
    let valid = match std::str::from_utf8(some) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(some.get(..error.valid_up_to())?).ok()?,
    };
    valid.chars().next().map(|letter| (letter, letter.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pieces: &[&[u8]]) -> Vec<u8> {
        let mut spelling = Spelling::default();
        pieces.iter().flat_map(|piece| spelling.take(piece)).collect()
    }

    #[test]
    fn text_passes_however_it_is_cut() {
        let text = "a한글🙂é\n".repeat(20);
        for size in 1..9 {
            assert_eq!(told(&text.as_bytes().chunks(size).collect::<Vec<_>>()), text.as_bytes(), "{size}");
        }
    }

    #[test]
    fn what_is_no_text_passes_but_for_one_letter_and_the_end() {
        assert_eq!(told(&[b"\xff\xfe\x80abcd"]), b"\xff\xfe\x80abcd");
        assert_eq!(told(&["a\u{fffd}bcde".as_bytes()]), b"a\xefbcde");
        assert_eq!(told(&[b"abcd\xff", b"\xff\xffxyzw"]), b"abcd\xff\xff\xffxyzw");
        assert_eq!(told(&[b"abcd\xff\xff"]), b"abcd");
    }
}
