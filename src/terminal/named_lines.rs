//! Lines of a stream that comes in pieces, each behind the name of whoever says it.

/// Most bytes of a line that wait for its end.
const LONGEST: usize = 64 * 1024;

/// Puts a name before each line, and changes nothing else: without the names it is what came, to the byte.
#[derive(Debug)]
pub struct NamedLines {
    /// What stands before a line; `None`: all passes as it comes.
    name: Option<Vec<u8>>,
    /// The beginning of a line: two streams on one screen must not meet in the middle of one.
    held: Vec<u8>,
    is_inside: bool,
}

impl NamedLines {
    /// Lines behind this, or as they come.
    pub fn new(name: Option<&str>) -> Self {
        Self { name: name.map(|name| name.as_bytes().to_vec()), held: Vec::new(), is_inside: false }
    }

    /// The lines that these bytes end, and of one that is very long what there is of it.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.name.is_none() {
            return bytes.to_vec();
        }
        let mut told = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.held.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.held.len() > LONGEST {
                told.append(&mut self.rest());
            }
        }
        told
    }

    /// What has no end, when nothing more comes.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut told = Vec::new();
        if self.held.is_empty() {
            return told;
        }
        if !self.is_inside {
            told.extend(self.name.iter().flatten());
        }
        self.is_inside = !self.held.ends_with(b"\n");
        told.append(&mut self.held);
        told
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(pieces: &[&[u8]]) -> Vec<u8> {
        let mut lines = NamedLines::new(Some("web-1: "));
        let mut told: Vec<u8> = pieces.iter().flat_map(|piece| lines.take(piece)).collect();
        told.extend(lines.rest());
        told
    }

    #[test]
    fn each_line_has_the_name_once_also_the_last_one_without_an_end() {
        assert_eq!(told(&[b"one\ntw", b"o\n\nlast"]), b"web-1: one\nweb-1: two\nweb-1: \nweb-1: last");
        assert_eq!(told(&[b"one", b"\n"]), b"web-1: one\n");
        assert_eq!(told(&[b""]), b"");
        let mut lines = NamedLines::new(Some("web-1: "));
        assert_eq!(lines.take(b"half"), b"", "it waits for its end");
    }

    #[test]
    fn a_line_without_an_end_does_not_wait_for_ever() {
        let mut lines = NamedLines::new(Some("a: "));
        let long = vec![b'x'; LONGEST + 1];

        assert_eq!(lines.take(&long).len(), 3 + long.len());
        assert_eq!(lines.take(b"end\nnext\n"), b"end\na: next\n");
    }

    proptest! {
        #[test]
        fn without_the_names_it_is_what_came(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
            let all = pieces.concat();
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let expected: Vec<u8> =
                all.split_inclusive(|byte| *byte == b'\n').flat_map(|line| [b"web-1: ", line].concat()).collect();

            prop_assert_eq!(told(&pieces), expected);
        }
    }
}
