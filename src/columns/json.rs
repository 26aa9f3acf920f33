//! JSON that keeps every value and shows none of it to a terminal: what cannot be seen is written as `\uXXXX`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::model::is_hidden;

/// Version of the JSON forms.
pub const SCHEMA: u32 = 1;

/// One value on one line, without a line end.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping(CompactFormatter))).map_err(io::Error::from)
}

/// One value over many lines, without a line end.
pub fn write_pretty(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Escaping(PrettyFormatter::new()))).map_err(io::Error::from)
}

/// Another layout, with hidden characters escaped.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    /// A piece of a string without quotes, backslashes and ASCII control characters: serde_json has escaped those.
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hidden)) = rest.char_indices().find(|(_, character)| is_hidden(*character)) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = from.get(hidden.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str) -> String {
        let mut bytes = Vec::new();
        write_line(&mut bytes, &text).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn control_bidi_and_invisible_characters_are_escaped() {
        assert_eq!(line("a\u{1b}]0;x\u{7f}\u{202e}\u{200b}\u{e0041}결"), r#""a\u001b]0;x\u007f\u202e\u200b\udb40\udc41결""#);
    }

    #[test]
    fn a_pretty_object_is_escaped_too() {
        let mut bytes = Vec::new();
        write_pretty(&mut bytes, &serde_json::json!({"a": ["\u{85}"]})).unwrap();

        assert_eq!(String::from_utf8(bytes).unwrap(), "{\n  \"a\": [\n    \"\\u0085\"\n  ]\n}");
    }

    proptest! {
        #[test]
        fn every_text_comes_back_and_none_of_it_moves_a_cursor(text in any::<String>()) {
            let written = line(&text);

            prop_assert!(!written.chars().any(is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
