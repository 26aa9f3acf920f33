//! The JSON of the data channel, read as the reference's language reads it (docs/session-manager-protocol.md 3.2).

use serde_json::{Map, Value};

/// The largest document we read; real ones are a few KiB (section 9).
pub(crate) const DOCUMENT_LIMIT: usize = 64 * 1024;

/// A JSON object whose fields may be missing, `null`, or written in another case.
#[derive(Debug, Clone)]
pub(crate) struct Document(Map<String, Value>);

/// Not a JSON object, too large, or a field of another kind than expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Document {
    /// Read one object. The parser stops at 128 levels of its own accord.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > DOCUMENT_LIMIT {
            return Err(Unreadable);
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(Unreadable),
        }
    }

    /// The text in `field`, empty when it is missing.
    pub(crate) fn text(&self, field: &str) -> Result<String, Unreadable> {
        match self.value(field) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(Unreadable),
        }
    }

    /// The whole number in `field`, 0 when it is missing.
    pub(crate) fn integer(&self, field: &str) -> Result<i64, Unreadable> {
        match self.value(field) {
            None => Ok(0),
            Some(Value::Number(number)) => number.as_i64().ok_or(Unreadable),
            Some(_) => Err(Unreadable),
        }
    }

    /// The truth in `field`, false when it is missing.
    pub(crate) fn truth(&self, field: &str) -> Result<bool, Unreadable> {
        match self.value(field) {
            None => Ok(false),
            Some(Value::Bool(truth)) => Ok(*truth),
            Some(_) => Err(Unreadable),
        }
    }

    /// The object in `field`, an empty one when it is missing.
    pub(crate) fn object(&self, field: &str) -> Result<Self, Unreadable> {
        match self.value(field) {
            None => Ok(Self(Map::new())),
            Some(Value::Object(fields)) => Ok(Self(fields.clone())),
            Some(_) => Err(Unreadable),
        }
    }

    /// The objects in the list `field`, none when it is missing.
    pub(crate) fn objects(&self, field: &str) -> Result<Vec<Self>, Unreadable> {
        self.list(field)?
            .iter()
            .map(|value| match value {
                Value::Object(fields) => Ok(Self(fields.clone())),
                _ => Err(Unreadable),
            })
            .collect()
    }

    /// The texts in the list `field`, none when it is missing.
    pub(crate) fn texts(&self, field: &str) -> Result<Vec<String>, Unreadable> {
        self.list(field)?.iter().map(|value| value.as_str().map(str::to_owned).ok_or(Unreadable)).collect()
    }

    /// All fields that hold a text.
    pub(crate) fn all_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(field, value)| Some((field.as_str(), value.as_str()?)))
    }

    fn list(&self, field: &str) -> Result<&[Value], Unreadable> {
        match self.value(field) {
            None => Ok(&[]),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(Unreadable),
        }
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.0
            .get(field)
            .or_else(|| self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, value)| value))
            .filter(|value| !value.is_null())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_match_in_any_case_and_may_be_missing() {
        let document = Document::parse(br#"{"agentVERSION":"3.3","Count":7,"List":null,"Extra":[1]}"#).unwrap();

        assert_eq!(document.text("AgentVersion"), Ok("3.3".to_owned()));
        assert_eq!(document.integer("Count"), Ok(7));
        assert_eq!(document.texts("List"), Ok(vec![]));
        assert_eq!(document.text("Missing"), Ok(String::new()));
        assert_eq!(document.truth("Missing"), Ok(false));
    }

    #[test]
    fn a_field_of_another_kind_is_unreadable() {
        let document = Document::parse(br#"{"Text":7,"Number":"7","List":{},"Fraction":1.5}"#).unwrap();

        assert_eq!(document.text("Text"), Err(Unreadable));
        assert_eq!(document.integer("Number"), Err(Unreadable));
        assert_eq!(document.integer("Fraction"), Err(Unreadable));
        assert!(document.objects("List").is_err());
    }

    #[test]
    fn what_is_no_object_or_too_large_or_too_deep_is_unreadable() {
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(DOCUMENT_LIMIT));
        let deep = format!("{}{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));

        for text in ["", "[]", "7", "{", "{\"a\":1}x", large.as_str(), deep.as_str()] {
            assert!(Document::parse(text.as_bytes()).is_err(), "{text:.20}");
        }
    }
}
