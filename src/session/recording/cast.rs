//! What a terminal shows, as the lines of an asciicast, version 2.

use std::time::Duration;

use serde_json::json;

use crate::model::is_hidden;
use ec2dash_ssm::Size;

/// What a recording says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The terminal's size at the beginning.
    pub size: Size,
    /// When it began, in seconds since 1970.
    pub began: u64,
    /// What it shows.
    pub title: String,
    /// The kind of terminal, if the environment says it.
    pub term: Option<String>,
}

impl Heading {
    /// The first line of the file.
    pub(super) fn line(&self) -> String {
        let env = self.term.as_ref().map_or_else(|| json!({}), |term| json!({ "TERM": term }));
        let (width, height) = (self.size.columns, self.size.rows);
        let header =
            json!({"version": 2, "width": width, "height": height, "timestamp": self.began, "title": self.title, "env": env});
        format!("{}\n", escaped(&header.to_string()))
    }
}

/// Turns output into events. A character whose bytes come in pieces is kept until it is whole: at most three bytes.
#[derive(Debug, Default)]
pub(super) struct Cast {
    begun: Vec<u8>,
}

impl Cast {
    /// The event of these bytes; none while no character is whole.
    pub(super) fn output(&mut self, bytes: &[u8], after: Duration) -> Option<String> {
        let text = self.characters(bytes);
        (!text.is_empty()).then(|| event(after, "o", &text))
    }

    /// The event of another size.
    pub(super) fn resized(size: Size, after: Duration) -> String {
        event(after, "r", &format!("{}x{}", size.columns, size.rows))
    }

    /// The event of a character that never became whole.
    pub(super) fn end(&mut self, after: Duration) -> Option<String> {
        let is_torn = !std::mem::take(&mut self.begun).is_empty();
        is_torn.then(|| event(after, "o", "\u{fffd}"))
    }

    /// What is whole by now, with U+FFFD for what is no UTF-8.
    fn characters(&mut self, bytes: &[u8]) -> String {
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut rest = all.as_slice();
        loop {
            let error = match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    return text;
                }
                Err(error) => error,
            };
            let (valid, broken) = rest.split_at(error.valid_up_to());
            text.push_str(&String::from_utf8_lossy(valid));
            match error.error_len() {
                Some(length) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = broken.get(length..).unwrap_or_default();
                }
                None => {
                    self.begun = broken.to_vec();
                    return text;
                }
            }
        }
    }
}

fn event(after: Duration, kind: &str, text: &str) -> String {
    let text = serde_json::Value::from(text).to_string();
    format!("[{}.{:06}, \"{kind}\", {}]\n", after.as_secs(), after.subsec_micros(), escaped(&text))
}

/// JSON in which nothing moves a cursor either, whoever prints the file.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    const NOW: Duration = Duration::from_micros(1_500_042);

    fn text(line: &str) -> String {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(value[1], "o");
        value[2].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_heading_holds_the_size_the_time_the_title_and_term_alone() {
        let size = Size { columns: 120, rows: 32 };
        let heading = Heading { size, began: 1_795_000_000, title: "web-1 \"x\"".to_owned(), term: Some("xterm".to_owned()) };

        let value: Value = serde_json::from_str(&heading.line()).unwrap();

        let expected = json!({"version": 2, "width": 120, "height": 32, "timestamp": 1_795_000_000, "title": "web-1 \"x\"", "env": {"TERM": "xterm"}});
        assert_eq!(value, expected);
        assert_eq!(heading.line().matches('\n').count(), 1);
        let bare = Heading { term: None, ..heading };
        assert_eq!(serde_json::from_str::<Value>(&bare.line()).unwrap()["env"], json!({}));
    }

    #[test]
    fn an_event_has_its_time_and_nothing_in_it_moves_a_cursor() {
        let mut cast = Cast::default();

        let line = cast.output("\u{1b}[2J\u{9b}1A\u{202e}결\r\n\"\\".as_bytes(), NOW).unwrap();

        assert_eq!(line, "[1.500042, \"o\", \"\\u001b[2J\\u009b1A\\u202e결\\r\\n\\\"\\\\\"]\n");
        assert_eq!(Cast::resized(Size { columns: 80, rows: 24 }, NOW), "[1.500042, \"r\", \"80x24\"]\n");
    }

    #[test]
    fn a_character_that_comes_in_pieces_is_kept_whole_and_what_is_none_is_replaced() {
        let mut cast = Cast::default();
        let [first, second, third] = <[u8; 3]>::try_from("결".as_bytes()).unwrap();

        assert_eq!(cast.output(&[first], NOW), None);
        assert_eq!(cast.output(&[second], NOW), None);
        assert_eq!(text(&cast.output(&[third, b'!'], NOW).unwrap()), "결!");
        // A lead byte, and then something else than its rest.
        assert_eq!(cast.output(&[first], NOW), None);
        assert_eq!(text(&cast.output(b"a\xffb", NOW).unwrap()), "\u{fffd}a\u{fffd}b");
        assert_eq!(cast.end(NOW), None);
        assert_eq!(cast.output(&[first, second], NOW), None);
        assert_eq!(text(&cast.end(NOW).unwrap()), "\u{fffd}");
    }

    proptest! {
        #[test]
        fn however_bytes_are_split_the_same_text_is_kept(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0xe2), Just(0x82), Just(0xac), Just(0xf0), Just(0x9f)], 0..200),
            cuts in prop::collection::vec(1..9_usize, 1..50),
        ) {
            let (mut cast, mut kept, mut rest) = (Cast::default(), String::new(), bytes.as_slice());
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                kept.extend(cast.output(piece, NOW).as_deref().map(text));
                prop_assert!(cast.begun.len() < 4);
                rest = after;
            }
            kept.extend(cast.end(NOW).as_deref().map(text));

            prop_assert_eq!(kept, String::from_utf8_lossy(&bytes));
        }
    }
}
