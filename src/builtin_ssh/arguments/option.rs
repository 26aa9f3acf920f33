//! The `-o` options of a command line: the first of a name counts, as in OpenSSH.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::unsupported::Unsupported;
use crate::builtin_ssh::words;

/// What is obeyed, in small letters.
const OBEYED: &[&str] = &[
    "clearallforwardings",
    "connecttimeout",
    "exitonforwardfailure",
    "forwardagent",
    "hostkeyalgorithms",
    "hostkeyalias",
    "identityagent",
    "identityfile",
    "knownhostscommand",
    "loglevel",
    "port",
    "proxycommand",
    "serveralivecountmax",
    "serveraliveinterval",
    "stricthostkeychecking",
    "userknownhostsfile",
];

/// What is so in any case, or is about what the client does not do at all.
const SO_ANYWAY: &[(&str, &[&str])] = &[
    ("addkeystoagent", &["no"]),
    ("addressfamily", &["any"]),
    ("batchmode", &["yes", "no"]),
    ("canonicalizehostname", &["no"]),
    ("checkhostip", &["no"]),
    ("controlpath", &["none"]),
    ("fingerprinthash", &["sha256"]),
    ("forkafterauthentication", &["no"]),
    ("hashknownhosts", &["no"]),
    ("hostname", &["%h"]),
    ("identitiesonly", &["yes"]),
    ("passwordauthentication", &["no"]),
    ("pkcs11provider", &["none"]),
    ("proxyusefdpass", &["no"]),
    ("pubkeyauthentication", &["yes"]),
    ("remotecommand", &["none"]),
    ("requesttty", &["auto"]),
    ("sessiontype", &["default"]),
    ("stdinnull", &["no"]),
    ("updatehostkeys", &["no"]),
    ("verifyhostkeydns", &["no"]),
];

/// The options, by their names in small letters.
#[derive(Debug, Default)]
pub(super) struct Options(HashMap<String, Vec<u8>>);

impl Options {
    /// Take `NAME=VALUE` or `NAME VALUE`.
    pub(super) fn read(&mut self, option: &[u8]) -> Result<(), Unsupported> {
        let odd = || Unsupported::of(&[b"-o ", option].concat());
        let end = option.iter().position(|byte| b"= \t".contains(byte)).ok_or_else(odd)?;
        let (name, value) = option.split_at(end);
        let name = String::from_utf8_lossy(name).to_lowercase();
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let is_so = SO_ANYWAY.iter().any(|(own, values)| *own == name && values.iter().any(|own| own.as_bytes() == value));
        // What of the others may follow the key is for the host to ask for, which is then told so.
        if is_so || name == "preferredauthentications" {
            return Ok(());
        }
        if !OBEYED.contains(&name.as_str()) {
            return Err(odd());
        }
        self.0.entry(name).or_insert_with(|| value.to_vec());
        Ok(())
    }

    /// Give one a value that has none yet.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.0.entry(name.to_owned()).or_insert_with(|| value.as_bytes().to_vec());
    }

    /// The value as it stands; none for `none`.
    pub(super) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(name).filter(|value| *value != b"none").cloned()
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        Some(String::from_utf8_lossy(&self.bytes(name)?).into_owned())
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|own| own.eq_ignore_ascii_case(value.as_bytes()))
    }

    /// The words between commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.text(name).map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The paths; none for the words `no` and `none`.
    pub(super) fn paths(&self, name: &str) -> Result<Vec<PathBuf>, Unsupported> {
        let Some(value) = self.bytes(name).filter(|value| value != b"no") else { return Ok(Vec::new()) };
        words::paths(&value).ok_or_else(|| self.odd(name))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<u16>, Unsupported> {
        self.text(name).map(|text| text.parse().map_err(|_| self.odd(name))).transpose()
    }

    /// A time that is not zero.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<Duration>, Unsupported> {
        Ok(self.number(name)?.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.into())))
    }

    fn odd(&self, name: &str) -> Unsupported {
        Unsupported::of(&[b"-o ", name.as_bytes(), b"=", self.0.get(name).map(Vec::as_slice).unwrap_or_default()].concat())
    }
}
