//! Arguments of the JSON protocols.

use std::collections::BTreeMap;

use serde_json::Value;

use super::refusal::Refusal;

/// The decoded arguments of one call.
#[derive(Debug, Default)]
pub(super) struct Arguments(Value);

impl Arguments {
    /// Reads the body of a call; an empty one is `{}`.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        match serde_json::from_slice(body) {
            Ok(value @ Value::Object(_)) => Ok(Self(value)),
            _ => Err(Refusal::new(400, "SerializationException", "")),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    /// A list of texts; nothing if it is not there.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let Some(list) = self.0.get(name).filter(|list| !list.is_null()) else { return Ok(Vec::new()) };
        let texts = list.as_array().and_then(|texts| texts.iter().map(Value::as_str).collect());
        texts.ok_or_else(|| Refusal::new(400, "SerializationException", ""))
    }

    /// The texts of an object of texts.
    pub(super) fn map(&self, name: &str) -> BTreeMap<String, String> {
        let fields = self.0.get(name).and_then(Value::as_object).into_iter().flatten();
        fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    }

    /// The fields of an object whose values are lists of texts.
    pub(super) fn lists(&self, name: &str) -> Result<Vec<(&str, Vec<&str>)>, Refusal> {
        let fields = self.0.get(name).and_then(Value::as_object).into_iter().flatten();
        fields
            .map(|(name, value)| {
                let texts = value.as_array().and_then(|texts| texts.iter().map(Value::as_str).collect());
                Ok((name.as_str(), texts.ok_or_else(|| Refusal::new(400, "SerializationException", ""))?))
            })
            .collect()
    }

    /// The pairs `[{"key": …, "value": …}]`, whatever the two names are.
    pub(super) fn pairs(&self, list: &str, key: &str, value: &str) -> Vec<(&str, &str)> {
        let pairs = self.0.get(list).and_then(Value::as_array).into_iter().flatten();
        pairs.filter_map(|pair| Some((pair.get(key)?.as_str()?, pair.get(value)?.as_str()?))).collect()
    }

    /// The filters `[{"Key": …, "Values": […]}]`, whatever the two names are.
    pub(super) fn filters(&self, list: &str, key: &str, values: &str) -> Vec<(&str, Vec<&str>)> {
        let filters = self.0.get(list).and_then(Value::as_array).into_iter().flatten();
        filters
            .filter_map(|filter| {
                let values = filter.get(values)?.as_array()?;
                Some((filter.get(key)?.as_str()?, values.iter().filter_map(Value::as_str).collect()))
            })
            .collect()
    }
}
