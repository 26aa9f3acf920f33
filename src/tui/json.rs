//! One instance as JSON, the same object as `ec2dash show -o json` has.

use std::io::{self, Write};

use serde_json::Value;

use crate::columns::{View, json};

/// In one line.
pub fn line(view: &View<'_>) -> String {
    written(view, |out, value| json::write_line(out, value))
}

/// In lines to read.
pub fn pretty(view: &View<'_>) -> String {
    written(view, |out, value| json::write_pretty(out, value))
}

fn written(view: &View<'_>, write: impl Fn(&mut dyn Write, &Value) -> io::Result<()>) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail; if it did, a part would be better than nothing.
    let _ = write(&mut bytes, &view.object());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Ways;
    use crate::model::row;
    use crate::text::Catalogue;

    #[test]
    fn hostile_characters_are_escaped_and_come_back_as_they_were() {
        let mut instance = (*row("i-0123456789abcdef0", "x")).clone();
        let hostile = "a\u{1b}]52;c;\u{202e}b\n결제\u{200b}\u{e0041}";
        instance.tags.insert("Name".into(), hostile.into());
        let text = Catalogue::english();
        let view = View { instance: &instance, ways: &Ways::default(), now: jiff::Timestamp::UNIX_EPOCH, text: &text };

        let line = line(&view);

        assert!(line.chars().all(|c| !c.is_control() && !crate::model::is_hidden(c)));
        let back: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(back["name"], hostile);
        assert!(pretty(&view).lines().count() > 10);
    }
}
