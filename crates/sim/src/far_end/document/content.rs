//! The JSON of a session document, read as the service and the agent read it.

use std::collections::BTreeMap;
use std::time::Duration;

use regex_lite::Regex;
use serde_json::Value;

use super::work::Streams;

/// A session document.
pub(super) struct Content(Value);

/// How long a session may last.
#[derive(Default)]
pub(super) struct Limits {
    pub(super) idle: Option<Duration>,
    pub(super) longest: Option<Duration>,
}

impl Content {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|_| "The document is not valid JSON.".to_owned())?;
        match value["sessionType"].as_str() {
            Some("Standard_Stream" | "Port" | "InteractiveCommands" | "NonInteractiveCommands") => Ok(Self(value)),
            _ => Err("The document has no session type.".to_owned()),
        }
    }

    pub(super) fn session_type(&self) -> &str {
        self.0["sessionType"].as_str().unwrap_or_default()
    }

    /// The value of every parameter: those of the call, then the defaults.
    pub(super) fn fill(&self, given: &[(&str, Vec<&str>)]) -> Result<BTreeMap<String, String>, String> {
        let none = serde_json::Map::new();
        let parameters = self.0["parameters"].as_object().unwrap_or(&none);
        if let Some((unknown, _)) = given.iter().find(|(name, _)| !parameters.contains_key(*name)) {
            return Err(format!("Parameter \"{unknown}\" is not defined in the document."));
        }
        let mut filled = BTreeMap::new();
        for (name, definition) in parameters {
            let value = match given.iter().find(|(given, _)| given == name) {
                Some((_, values)) => match values.as_slice() {
                    [value] => Some(*value),
                    _ => return Err(format!("Parameter \"{name}\" must have exactly one value.")),
                },
                None => definition["default"].as_str(),
            };
            let value = value.ok_or_else(|| format!("Parameter \"{name}\" is required."))?;
            let pattern = definition["allowedPattern"].as_str().and_then(|pattern| Regex::new(pattern).ok());
            if pattern.is_some_and(|pattern| !pattern.is_match(value)) {
                return Err(format!("Parameter \"{name}\" has value \"{value}\" not matching its allowed pattern."));
            }
            let allowed = definition["allowedValues"].as_array();
            if allowed.is_some_and(|allowed| !allowed.iter().any(|allowed| allowed.as_str() == Some(value))) {
                return Err(format!("Parameter \"{name}\" has value \"{value}\" that is not allowed."));
            }
            filled.insert(name.clone(), value.to_owned());
        }
        Ok(filled)
    }

    /// What the agent tells the client about a port, all of it texts.
    pub(super) fn port_properties(&self, parameters: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        if self.session_type() != "Port" {
            return BTreeMap::new();
        }
        let properties = self.0["properties"].as_object().into_iter().flatten();
        properties.filter_map(|(name, value)| Some((name.clone(), filled_in(value.as_str()?, parameters)))).collect()
    }

    /// The command line.
    pub(super) fn command(&self, parameters: &BTreeMap<String, String>) -> String {
        filled_in(self.linux()["commands"].as_str().unwrap_or_default(), parameters)
    }

    /// How the streams of a command are kept apart, if they are. The agent looks for it below the platform only.
    pub(super) fn streams(&self, parameters: &BTreeMap<String, String>) -> Option<Streams> {
        let linux = self.linux();
        let is_separate = match &linux["separateOutputStream"] {
            Value::Bool(is_separate) => *is_separate,
            Value::String(text) => filled_in(text, parameters).eq_ignore_ascii_case("true"),
            _ => false,
        };
        let prefix = |name: &str| filled_in(linux[name].as_str().unwrap_or_default(), parameters);
        is_separate
            .then(|| Streams { stdout_prefix: prefix("stdOutSeparatorPrefix"), stderr_prefix: prefix("stdErrSeparatorPrefix") })
    }

    /// The KMS key of the document's own.
    pub(super) fn key(&self) -> Option<String> {
        self.0["inputs"]["kmsKeyId"].as_str().filter(|key| !key.is_empty()).map(str::to_owned)
    }

    /// The document's own limits.
    pub(super) fn limits(&self) -> Limits {
        let inputs = &self.0["inputs"];
        let minutes =
            |name: &str| inputs[name].as_str()?.parse().ok().map(|minutes: u16| Duration::from_secs(u64::from(minutes) * 60));
        Limits { idle: minutes("idleSessionTimeout"), longest: minutes("maxSessionDuration") }
    }

    fn linux(&self) -> &Value {
        &self.0["properties"]["linux"]
    }
}

/// `{{ name }}` as its value; a name that is none stays.
fn filled_in(text: &str, parameters: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        match after.split_once("}}") {
            Some((name, behind)) if parameters.contains_key(name.trim()) => {
                filled.push_str(&parameters[name.trim()]);
                rest = behind;
            }
            _ => {
                filled.push_str("{{");
                rest = after;
            }
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::super::known;
    use super::super::preferences::Preferences;
    use super::*;

    fn content(name: &str) -> Content {
        Content::read(known::content(name).unwrap()).unwrap()
    }

    #[test]
    fn parameters_are_filled_in_and_checked() {
        let ssh = content("AWS-StartSSHSession");
        let properties =
            |given: &[(&str, Vec<&str>)]| ssh.fill(given).map(|filled| ssh.port_properties(&filled)["portNumber"].clone());

        assert_eq!(properties(&[]), Ok("22".to_owned()));
        assert_eq!(properties(&[("portNumber", vec!["2222"])]), Ok("2222".to_owned()));
        for bad in [vec!["65536"], vec!["0"], vec!["22;id"], vec![], vec!["1", "2"]] {
            assert!(properties(&[("portNumber", bad.clone())]).is_err(), "{bad:?}");
        }
        assert_eq!(properties(&[("x", vec!["1"])]), Err("Parameter \"x\" is not defined in the document.".to_owned()));
        assert!(content("AWS-StartPortForwardingSessionToRemoteHost").fill(&[]).unwrap_err().ends_with("\"host\" is required."));
    }

    #[test]
    fn a_value_is_not_filled_in_again() {
        let values = BTreeMap::from([("a".to_owned(), "{{ b }}".to_owned()), ("b".to_owned(), "x".to_owned())]);

        assert_eq!(filled_in("<{{ a }}|{{b}}|{{ c }}|{{", &values), "<{{ b }}|x|{{ c }}|{{");
    }

    #[test]
    fn streams_are_separate_only_where_the_agent_looks_for_it() {
        let of = |properties: &str| {
            let text = format!(r#"{{"sessionType":"NonInteractiveCommands","properties":{properties}}}"#);
            Content::read(&text).unwrap().streams(&BTreeMap::new())
        };

        assert_eq!(of(r#"{"separateOutputStream":true}"#), None);
        assert_eq!(of(r#"{"linux":{"separateOutputStream":false}}"#), None);
        let marked = of(r#"{"linux":{"separateOutputStream":"true","stdErrSeparatorPrefix":"E:"}}"#).unwrap();
        assert_eq!(marked, Streams { stdout_prefix: String::new(), stderr_prefix: "E:".to_owned() });
    }

    #[test]
    fn preferences_are_a_document() {
        let preferences =
            Preferences { kms_key: Some("alias/x".to_owned()), idle: Some(Duration::from_secs(90)), ..Preferences::default() };

        let content = Content::read(&preferences.content()).unwrap();

        assert_eq!((content.session_type(), content.key().as_deref()), ("Standard_Stream", Some("alias/x")));
        assert!(preferences.content().contains("\"idleSessionTimeout\": \"2\""));
    }
}
