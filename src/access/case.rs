//! What the rules look at: one instance, what is wished, and what this computer has.

use jiff::Timestamp;

use super::finding::Finding;
use super::{ConnectOptions, Local};
use crate::model::{Denial, Instance, Partition, Place, ProfileName, Untrusted};
use crate::text::shell_word;

/// Everything a rule may look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) instance: &'a Instance,
    pub(super) options: &'a ConnectOptions,
    pub(super) local: &'a Local,
    pub(super) now: Timestamp,
    /// Whether rules that hold are told, too, and what cannot be seen and changes no verdict: for whoever reads one instance's findings.
    pub(super) tells_all: bool,
}

impl Case<'_> {
    /// A rule that holds, where that is told.
    pub(super) fn passes(&self, rule: &'static str, code: &'static str) -> Option<Finding> {
        self.tells_all.then(|| Finding::passes(rule, code))
    }

    /// A finding that is told only to whoever reads one instance's findings.
    pub(super) fn told(&self, finding: impl FnOnce() -> Finding) -> Option<Finding> {
        self.tells_all.then(finding)
    }

    /// Addresses and registrations come and go with the state: they say something only of a running instance.
    pub(super) fn is_up(&self) -> bool {
        self.instance.state.may_be_up()
    }

    /// Seconds since `then`; negative if two clocks disagree.
    pub(super) fn seconds_since(&self, then: Timestamp) -> i64 {
        self.now.as_second() - then.as_second()
    }

    /// As [`place_flags`], of the instance's place.
    pub(super) fn place_flags(&self) -> String {
        place_flags(&self.instance.place)
    }

    /// The partition of the region, as it stands in ARNs (docs/access-rules.md 5).
    pub(super) fn partition(&self) -> &'static str {
        Partition::of(&self.instance.place.region).id
    }
}

/// The end of an AWS command line: `--region R --profile P`, quoted for a shell.
pub fn place_flags(place: &Place) -> String {
    match &place.profile {
        Some(profile) => format!("--region {} --profile {}", place.region, profile_word(profile)),
        None => format!("--region {}", place.region),
    }
}

/// A profile's name as one word of a command line, whole: a command that is cut is none.
fn profile_word(profile: &ProfileName) -> String {
    shell_word(&Untrusted::from(profile.raw()).shown())
}

/// The values that the sentence about a refused call needs.
pub(super) fn denial_values(denial: &Denial) -> [(&'static str, String); 2] {
    [("action", denial.action.to_owned()), ("why", denial.why.word().to_owned())]
}

/// A finding about a refused call, with the values that its sentence needs.
pub(super) fn with_denial(finding: Finding, denial: &Denial) -> Finding {
    denial_values(denial).into_iter().fold(finding, |finding, (name, value)| finding.with(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_in_a_command_to_copy_is_whole() {
        let name = format!("{} {}", "department".repeat(8), "it's");
        let place = Place { profile: Some(ProfileName::new(name.as_str())), region: "eu-west-1".parse().unwrap() };

        let flags = place_flags(&place);

        let output = std::process::Command::new("sh").args(["-c", &format!("printf '%s|' {flags}")]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("--region|eu-west-1|--profile|{name}|"));
    }
}
