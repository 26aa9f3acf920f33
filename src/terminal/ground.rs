//! Whether something of ours may be written between two bytes of the remote's.

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
const CANCEL: [u8; 2] = [0x18, 0x1a];

/// Where in the remote's output we are: a title set in the middle of a sequence would tear it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Ground {
    /// Between characters.
    #[default]
    Clear,
    /// So many bytes of a character of UTF-8 are to come.
    Character(u8),
    /// Behind ESC, and the intermediate bytes that may follow.
    Escape,
    /// In a control sequence.
    Control,
    /// In a string (title, clipboard, picture), until BEL or ESC \.
    Text,
    /// Behind ESC in a string.
    TextEscape,
}

impl Ground {
    /// Where we are behind these bytes.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        bytes.iter().fold(self, |ground, &byte| ground.step(byte))
    }

    fn step(self, byte: u8) -> Self {
        if CANCEL.contains(&byte) {
            return Self::Clear;
        }
        match (self, byte) {
            (Self::Text, ESCAPE) => Self::TextEscape,
            (Self::Text, BELL) => Self::Clear,
            (Self::Text, _) => Self::Text,
            (Self::TextEscape, b'\\') => Self::Clear,
            (_, ESCAPE) => Self::Escape,
            (Self::Escape | Self::TextEscape, b'[') => Self::Control,
            (Self::Escape | Self::TextEscape, b']' | b'P' | b'X' | b'^' | b'_') => Self::Text,
            (Self::Escape | Self::TextEscape, 0x20..=0x2f) => Self::Escape,
            (Self::Control, 0x40..=0x7e) => Self::Clear,
            (Self::Control, _) => Self::Control,
            (Self::Character(left @ 2..), 0x80..=0xbf) => Self::Character(left - 1),
            (Self::Clear | Self::Character(_), 0xc2..=0xdf) => Self::Character(1),
            (Self::Clear | Self::Character(_), 0xe0..=0xef) => Self::Character(2),
            (Self::Clear | Self::Character(_), 0xf0..=0xf4) => Self::Character(3),
            _ => Self::Clear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_between_characters_and_sequences_is_it_clear() {
        let cases: [(&[u8], Ground); 14] = [
            (b"plain\r\n", Ground::Clear),
            ("가".as_bytes(), Ground::Clear),
            (&"가".as_bytes()[..2], Ground::Character(1)),
            (b"\xff\xfe", Ground::Clear),
            (b"\x1b", Ground::Escape),
            (b"\x1b(", Ground::Escape),
            (b"\x1b(B", Ground::Clear),
            (b"\x1b[1;3", Ground::Control),
            (b"\x1b[1;31m", Ground::Clear),
            (b"\x1b]0;title", Ground::Text),
            (b"\x1b]0;title\x07", Ground::Clear),
            (b"\x1b]0;title\x1b", Ground::TextEscape),
            (b"\x1b]0;title\x1b\\", Ground::Clear),
            (b"\x1bPq\x18", Ground::Clear),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Ground::default().after(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}
