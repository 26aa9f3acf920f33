//! Where a fuzzer throws output at a recording; it panics when a promise is broken.

use std::time::Duration;

use serde_json::Value;

use super::cast::Cast;
use crate::model::is_hidden;

const SOON: Duration = Duration::from_micros(1_500_042);

/// Any output, in pieces as long as the first byte says: each event is one line of JSON in which nothing moves a cursor, and all
/// together are the text.
pub fn asciicast(bytes: &[u8]) {
    let Some((&longest, bytes)) = bytes.split_first() else { return };
    let mut cast = Cast::default();
    let mut events: Vec<String> =
        bytes.chunks(usize::from(longest).max(1)).filter_map(|piece| cast.output(piece, SOON)).collect();
    events.extend(cast.end(SOON));
    let mut told = String::new();
    for event in events {
        let line = event.strip_suffix('\n').expect("an event is a whole line");
        assert!(!line.chars().any(is_hidden), "{line:?}");
        let Ok(Value::Array(parts)) = serde_json::from_str(line) else { panic!("{line:?} is no event") };
        let [Value::Number(_), Value::String(kind), Value::String(text)] = parts.as_slice() else { panic!("{line:?}") };
        assert_eq!(kind, "o");
        told.push_str(text);
    }
    assert_eq!(told, String::from_utf8_lossy(bytes));
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_output_is_recorded_as_lines_of_json_that_are_its_text() {
        crate::inputs::throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/asciicast"), super::asciicast);
    }
}
