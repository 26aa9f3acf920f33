//! Which rules may explain a way in that was tried and did not take us (docs/access-rules.md 2.3, 2.4).

use super::{Outcome, Reason, Way};

/// Codes of failures, and the rules that may be their cause, the likeliest first.
const SUSPECTS: &[(&[&str], &[&str])] = &[
    (
        &["timed-out", "not-answering"],
        &[
            "GEN-4", "NET-1", "NET-2", "NET-3", "NET-6", "NET-7", "NET-8", "NET-9", "NET-10", "ADDR-1", "ADDR-2", "ADDR-4",
            "LOC-9", "GEN-5",
        ],
    ),
    (&["refused"], &["GEN-4", "SSH-9", "SSH-12", "ADDR-1"]),
    (&["no-route", "network-unreachable", "not-resolved"], &["LOC-9", "ADDR-2", "ADDR-4", "ADDR-1"]),
    (&["address-gone", "no-address"], &["ADDR-1", "ADDR-2", "ADDR-4", "ADDR-7"]),
    (&["closed-at-once"], &["EICE-5", "EICE-6", "EICE-7", "EICE-9", "SSHSSM-4", "SSH-9"]),
    (&["endpoint-no-target", "endpoint-silent", "endpoint-ended"], &["EICE-5", "EICE-6", "EICE-7", "EICE-9", "EICE-8", "GEN-5"]),
    (&["endpoint-gone"], &["EICE-1", "EICE-2"]),
    (&["endpoint-parameter"], &["EICE-3", "EICE-4", "ADDR-7"]),
    (&["endpoint-full"], &["EICE-13"]),
    (&["endpoint-denied"], &["IAM-6", "EICE-12"]),
    (&["endpoint-unreachable", "endpoint-timeout", "endpoint-proxy", "endpoint-no-fips"], &["EICE-15", "LOC-4"]),
    (&["jump-failed", "jump-host-failed", "jump-not-led-on"], &["BAST-4", "BAST-5", "BAST-2", "BAST-3", "BAST-1"]),
    (&["key-too-open"], &["SSH-5"]),
    (&["key-unreadable", "key-passphrase", "key-passphrase-wrong", "key-unopened"], &["SSH-6"]),
    (&["key-missing"], &["SSH-2"]),
    (&["key-refused", "too-many-failures", "no-common-signature"], &["SSH-3", "SSH-2", "SSH-1", "SSH-7", "SSHSSM-5", "LOC-11"]),
    (&["other-user"], &["SSH-7"]),
    (&["eic-key-refused"], &["EIC-3", "EIC-4", "EIC-9", "EIC-5"]),
    (&["host-key-untold", "host-key-not-told"], &["SSH-11"]),
    (
        &["target-not-connected", "ssm-no-answer", "stream-not-opened"],
        &[
            "GEN-4", "SSM-12", "SSM-7", "SSM-11", "SSM-8", "SSM-9", "SSM-13", "SSM-14", "SSM-15", "SSM-16", "SSM-17", "SSM-18",
            "SSM-5", "SSM-1", "SSM-2", "SSM-4", "SSM-3", "SSM-30",
        ],
    ),
    (&["stream-forbidden"], &["SSM-9", "SSM-4", "LOC-4"]),
    (&["stream-unreachable", "stream-timeout", "stream-proxy", "stream-refused"], &["LOC-4", "SSM-13"]),
    (&["ssm-key-refused"], &["SSM-24"]),
    (&["session-ended-by-service"], &["SSM-23", "SSM-24", "SSM-25", "SSM-21"]),
    (&["tier-needed"], &["SSM-20"]),
    (&["access-denied"], &["IAM-2", "IAM-3", "IAM-4", "IAM-5", "IAM-6", "IAM-7", "EIC-9", "SSM-22", "SSM-28"]),
    (&["no-such-instance"], &["GEN-3"]),
    (&["instance-not-running", "instance-not-in-state"], &["GEN-4"]),
    (&["instance-unavailable"], &["GEN-5", "GEN-6"]),
    (&["wrong-clock", "endpoint-signature"], &["GEN-9"]),
    (&["ssh-missing"], &["LOC-1"]),
    (&["serial-off", "serial-off-by-policy"], &["SER-1"]),
    (&["serial-no-type"], &["SER-2"]),
    (&["serial-state", "serial-unavailable"], &["SER-3", "SER-8", "GEN-4"]),
    (&["rdp-no-answer", "desktop-failed"], &["RDP-1", "RDP-2", "NET-1", "EICE-5", "EICE-6", "SSM-1"]),
];

/// The rules that may be the cause of a failure with this code, the likeliest first; none where it says nothing about the instance.
fn suspects(code: &str) -> &'static [&'static str] {
    SUSPECTS.iter().find(|(codes, _)| codes.contains(&code)).map_or(&[], |(_, rules)| *rules)
}

/// Whether what the rules find may explain a failure with this code.
pub fn may_explain(code: &str) -> bool {
    !suspects(code).is_empty()
}

impl Way {
    /// What was found, what may explain a failure with this code before everything else: what is certain first, then the likeliest.
    pub fn explaining(&self, code: &str) -> Vec<&Reason> {
        let suspects = suspects(code);
        let rank = |reason: &&Reason| match suspects.iter().position(|rule| *rule == reason.rule) {
            Some(at) => (reason.outcome != Outcome::Fail, at),
            // As they stood.
            None => (true, suspects.len()),
        };
        let mut reasons: Vec<&Reason> = self.reasons.iter().collect();
        reasons.sort_by_key(rank);
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Method, Verdict};
    use super::*;

    fn reason(rule: &'static str, outcome: Outcome) -> Reason {
        Reason { code: "x", rule, outcome, values: Vec::new(), has_remedy: false }
    }

    fn ordered(code: &str, found: &[(&'static str, Outcome)]) -> Vec<&'static str> {
        let reasons = found.iter().map(|(rule, outcome)| reason(rule, *outcome)).collect();
        Way::new(Method::Ssh, Verdict::Unknown, reasons).explaining(code).iter().map(|reason| reason.rule).collect()
    }

    #[test]
    fn what_explains_the_failure_comes_first_and_the_rest_stays_as_it_was() {
        use Outcome::{Fail, Unknown, Warn};
        let found = [("SSH-3", Fail), ("NET-3", Unknown), ("GEN-7", Warn), ("NET-8", Fail), ("NET-1", Fail)];

        assert_eq!(ordered("timed-out", &found), ["NET-1", "NET-8", "NET-3", "SSH-3", "GEN-7"]);
        assert_eq!(ordered("key-refused", &found), ["SSH-3", "NET-3", "GEN-7", "NET-8", "NET-1"]);
        assert_eq!(ordered("session-lost", &found), ["SSH-3", "NET-3", "GEN-7", "NET-8", "NET-1"]);
    }

    #[test]
    fn each_failure_stands_once_and_each_suspect_in_the_rule_book() {
        let book = include_str!("../../docs/access-rules.md");
        let codes: Vec<&str> = SUSPECTS.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        for (at, code) in codes.iter().enumerate() {
            assert!(!codes.iter().take(at).any(|other| other == code), "{code} twice");
        }
        for rule in SUSPECTS.iter().flat_map(|(_, rules)| rules.iter()) {
            assert!(book.contains(&format!("| {rule} |")), "{rule}");
        }
    }

    #[test]
    fn each_failure_that_is_explained_is_one_that_happens() {
        let sources = [
            include_str!("../../crates/ssm/src/failure.rs"),
            include_str!("../aws/error.rs"),
            include_str!("../aws/service_codes.rs"),
            include_str!("../cli/rdp.rs"),
            include_str!("../connect/diagnosis.rs"),
            include_str!("../connect/error.rs"),
            include_str!("../connect/plan/refusal.rs"),
            include_str!("../connect/serial.rs"),
            include_str!("../endpoint/error.rs"),
            include_str!("../session/end.rs"),
            include_str!("../session/link_error.rs"),
        ];
        for code in SUSPECTS.iter().flat_map(|(codes, _)| codes.iter()) {
            assert!(sources.iter().any(|source| source.contains(&format!("\"{code}\""))), "{code}");
        }
    }
}
