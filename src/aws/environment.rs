//! The environment variables that decide how AWS is reached, as a value.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use aws_types::os_shim_internal::Env;

/// What tells whether a browser can be opened here, and which.
const OF_BROWSERS: [&str; 10] = [
    "SSH_CONNECTION",
    "SSH_CLIENT",
    "SSH_TTY",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "BROWSER",
    "CI",
    "CODESPACES",
    "CLOUD_SHELL",
    "WSL_DISTRO_NAME",
];

/// A snapshot of variables. An empty variable counts as unset, as in the AWS CLI.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: HashMap<String, String>,
}

impl Environment {
    /// The variables of this process that matter to AWS: `AWS_*`, `HOME`, and what tells whether a browser can be opened here.
    pub fn of_process() -> Self {
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let matters = |name: &str| name == "HOME" || name.starts_with("AWS_") || OF_BROWSERS.contains(&name);
        Self::new(variables.filter(|(name, _)| matters(name)))
    }

    /// These variables and no others: for tests and programs that bring their own AWS.
    pub fn new<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { variables: variables.filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// The same with these in place of what they were.
    pub(super) fn with(&self, further: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut variables = self.variables.clone();
        variables.extend(further.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Self { variables }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// The profile that is asked for, as the AWS CLI has it: `AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`.
    pub fn profile(&self) -> Option<&str> {
        self.get("AWS_PROFILE").or(self.get("AWS_DEFAULT_PROFILE"))
    }

    /// Whether a switch such as `AWS_EC2_METADATA_DISABLED` is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A path under the home directory; `None` without `HOME`.
    pub(super) fn under_home(&self, path: &str) -> Option<PathBuf> {
        self.get("HOME").map(|home| PathBuf::from(home).join(path))
    }

    /// The same variables for the SDK's own readers.
    pub(super) fn for_sdk(&self) -> Env {
        Env::from(self.variables.clone())
    }
}

impl fmt::Debug for Environment {
    /// Names only: the values hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.variables.keys().collect();
        names.sort();
        f.debug_set().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_name_of_the_profile_counts_after_the_newer_one() {
        let both = [("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")];

        assert_eq!(Environment::new(both).profile(), Some("a"));
        assert_eq!(Environment::new([("AWS_PROFILE", ""), both[1]]).profile(), Some("b"));
    }

    #[test]
    fn a_secret_is_never_in_the_debug_text() {
        let environment = Environment::new([("AWS_SECRET_ACCESS_KEY", "canary"), ("AWS_REGION", "")]);

        assert_eq!(format!("{environment:?}"), r#"{"AWS_SECRET_ACCESS_KEY"}"#);
        assert_eq!(environment.get("AWS_REGION"), None);
    }
}
