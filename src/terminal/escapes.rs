//! What is typed for us and not for the remote: `Enter ~ .` and its kin, as in OpenSSH.

/// The character that may begin an escape, at the start of a line.
const TILDE: u8 = b'~';
const CTRL_Z: u8 = 0x1a;
/// Around a paste, when the remote asked for such marks: nothing in it is an escape.
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// What the user wants of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// `~.`: end the session.
    Quit,
    /// `~^Z`: stop, and let our shell have the terminal.
    Suspend,
    /// `~?`: tell the escapes.
    Help,
}

/// Watches what is typed. Every other byte goes to the remote unchanged.
#[derive(Debug)]
pub struct Escapes {
    is_line_start: bool,
    has_tilde: bool,
    is_pasting: bool,
    /// How much of the mark that begins or ends a paste has been seen.
    mark: usize,
}

impl Default for Escapes {
    fn default() -> Self {
        Self { is_line_start: true, has_tilde: false, is_pasting: false, mark: 0 }
    }
}

impl Escapes {
    /// Put what is for the remote into `out`, up to the first escape; that one, and how many bytes were looked at.
    pub fn filter(&mut self, typed: &[u8], out: &mut Vec<u8>) -> (Option<Escape>, usize) {
        for (at, &byte) in typed.iter().enumerate() {
            if let Some(escape) = self.next(byte, out) {
                return (Some(escape), at + 1);
            }
        }
        (None, typed.len())
    }

    fn next(&mut self, byte: u8, out: &mut Vec<u8>) -> Option<Escape> {
        self.note_paste(byte);
        if std::mem::take(&mut self.has_tilde) {
            self.is_line_start = false;
            match byte {
                b'.' => return Some(Escape::Quit),
                CTRL_Z => return self.again(Escape::Suspend),
                b'?' => return self.again(Escape::Help),
                // One of the two is for the remote.
                TILDE => {}
                _ => out.push(TILDE),
            }
        } else if byte == TILDE && self.is_line_start && !self.is_pasting {
            self.has_tilde = true;
            return None;
        }
        self.is_line_start = matches!(byte, b'\r' | b'\n');
        out.push(byte);
        None
    }

    /// The remote's line is still empty, so another escape may follow at once.
    fn again(&mut self, escape: Escape) -> Option<Escape> {
        self.is_line_start = true;
        Some(escape)
    }

    fn note_paste(&mut self, byte: u8) {
        let mark = if self.is_pasting { PASTE_ENDS } else { PASTE_BEGINS };
        self.mark = match mark.get(self.mark) {
            Some(&wanted) if wanted == byte => self.mark + 1,
            _ => usize::from(byte == b'\x1b'),
        };
        if self.mark == mark.len() {
            self.mark = 0;
            self.is_pasting = !self.is_pasting;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What reaches the remote, and the escapes on the way.
    fn type_at(escapes: &mut Escapes, mut typed: &[u8]) -> (Vec<u8>, Vec<Escape>) {
        let (mut out, mut found) = (Vec::new(), Vec::new());
        while !typed.is_empty() {
            let (escape, looked_at) = escapes.filter(typed, &mut out);
            found.extend(escape);
            typed = &typed[looked_at..];
        }
        (out, found)
    }

    #[test]
    fn escapes_count_at_the_start_of_a_line_only() {
        let cases: [(&[u8], &[u8], &[Escape]); 12] = [
            (b"~.", b"", &[Escape::Quit]),
            (b"ls\r~.", b"ls\r", &[Escape::Quit]),
            (b"ls\n~.", b"ls\n", &[Escape::Quit]),
            (b"ls ~.", b"ls ~.", &[]),
            (b"\r~?~.", b"\r", &[Escape::Help, Escape::Quit]),
            (b"\r~\x1als", b"\rls", &[Escape::Suspend]),
            (b"\r~~.", b"\r~.", &[]),
            (b"\r~/bin", b"\r~/bin", &[]),
            (b"\r~\r~.", b"\r~\r", &[Escape::Quit]),
            (b"\r~", b"\r", &[]),
            (b"cd ~\r", b"cd ~\r", &[]),
            (b"~x~.", b"~x~.", &[]),
        ];
        for (typed, sent, found) in cases {
            let whole = type_at(&mut Escapes::default(), typed);
            assert_eq!((whole.0.as_slice(), whole.1.as_slice()), (sent, found), "{}", typed.escape_ascii());

            // Key by key it is the same.
            let mut escapes = Escapes::default();
            let (mut out, mut seen) = (Vec::new(), Vec::new());
            for byte in typed {
                let (one, escape) = type_at(&mut escapes, &[*byte]);
                out.extend(one);
                seen.extend(escape);
            }
            assert_eq!((out.as_slice(), seen.as_slice()), (sent, found), "{}", typed.escape_ascii());
        }
    }

    #[test]
    fn nothing_in_a_marked_paste_is_an_escape() {
        let paste = b"\x1b[200~one\r~.\r~?\x1b[201~";

        let (sent, found) = type_at(&mut Escapes::default(), paste);
        assert_eq!((sent.as_slice(), found), (paste.as_slice(), Vec::new()));

        let mut escapes = Escapes::default();
        type_at(&mut escapes, paste);
        assert_eq!(type_at(&mut escapes, b"\r~."), (b"\r".to_vec(), vec![Escape::Quit]));
    }

    #[test]
    fn every_byte_that_is_no_escape_is_sent_unchanged() {
        let every: Vec<u8> = (0..=255).filter(|byte| *byte != b'\r' && *byte != b'\n').collect();

        assert_eq!(type_at(&mut Escapes::default(), &every), (every, Vec::new()));
    }
}
