//! Parameters of the query protocols: `Action=…&Filter.1.Name=…`.

use std::collections::BTreeMap;

use super::refusal::Refusal;

/// The decoded parameters of one call.
#[derive(Debug, Default)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads `name=value` pairs, from a query string or a form body.
    pub(super) fn read(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A parameter the action cannot do without.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .ok_or_else(|| Refusal::new(400, "MissingParameter", format!("The request must contain the parameter {name}")))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A whole number, refused if it is something else.
    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(value) = self.text(name) else {
            return Ok(None);
        };
        value
            .parse()
            .map(Some)
            .map_err(|_| Refusal::new(400, "InvalidParameterValue", format!("Value ({value}) for parameter {name} is invalid.")))
    }

    /// The values `name.1`, `name.2`, … in the order of their numbers.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let mut numbered: Vec<(u32, &str)> = self
            .0
            .iter()
            .filter_map(|(key, value)| {
                let number = key.strip_prefix(name)?.strip_prefix('.')?.parse().ok()?;
                Some((number, value.as_str()))
            })
            .collect();
        numbered.sort_unstable_by_key(|(number, _)| *number);
        numbered.into_iter().map(|(_, value)| value).collect()
    }

    /// The pairs `Filter.N.Name` and `Filter.N.Value.M`.
    pub(super) fn filters(&self) -> Vec<(&str, Vec<&str>)> {
        self.0
            .iter()
            .filter_map(|(key, name)| {
                let number = key.strip_prefix("Filter.")?.strip_suffix(".Name")?;
                Some((name.as_str(), self.list(&format!("Filter.{number}.Value"))))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_the_order_of_their_numbers() {
        let parameters = Parameters::read(b"InstanceId.10=c&InstanceId.2=b&InstanceId.1=a&InstanceIdx.1=no");

        assert_eq!(parameters.list("InstanceId"), ["a", "b", "c"]);
    }

    #[test]
    fn a_filter_is_a_name_with_its_values() {
        let parameters = Parameters::read(b"Filter.1.Name=tag%3Aenv&Filter.1.Value.1=prod&Filter.1.Value.2=a+b");

        assert_eq!(parameters.filters(), [("tag:env", vec!["prod", "a b"])]);
    }

    #[test]
    fn a_number_that_is_none_is_refused() {
        let parameters = Parameters::read(b"MaxResults=many");

        assert_eq!(parameters.number("MaxResults").unwrap_err().code, "InvalidParameterValue");
    }
}
