//! Codes of AWS that say what is the matter, and that nothing here treats in its own way (docs/access-rules.md 2.1, 2.3).

/// AWS's codes, and what a user reads of them, as keys of the catalogue: `error-<key>`.
const MEANINGS: &[(&[&str], &str)] = &[
    (&["Blocked", "PendingVerification", "AccountProblem"], "account-blocked"),
    (&["IncorrectInstanceState", "IncorrectState", "InvalidState"], "instance-in-transition"),
    (&["EC2InstanceStateInvalidException"], "instance-not-in-state"),
    (&["EC2InstanceUnavailableException"], "instance-unavailable"),
    (
        &[
            "InvalidGroup.NotFound",
            "InvalidSubnetID.NotFound",
            "InvalidVpcID.NotFound",
            "InvalidKeyPair.NotFound",
            "InvalidAMIID.NotFound",
            "InvalidNetworkInterfaceID.NotFound",
            "InvalidInstanceConnectEndpointId.NotFound",
        ],
        "resource-gone",
    ),
    (
        &[
            "RulesPerSecurityGroupLimitExceeded",
            "SecurityGroupsPerInterfaceLimitExceeded",
            "InstanceLimitExceeded",
            "VcpuLimitExceeded",
            "AddressLimitExceeded",
            "NetworkAclEntryLimitExceeded",
        ],
        "quota-reached",
    ),
    (&["InvalidTarget", "InvalidInstanceId"], "target-unknown-to-ssm"),
    (&["InvalidDocument", "InvalidDocumentVersion"], "no-such-document"),
    (&["InvalidArgsException"], "key-push-refused"),
    // No code of a call, but what becomes of a command that no agent takes.
    (&["Undeliverable", "DeliveryTimedOut", "Terminated"], "command-not-taken"),
];

/// The key of what a user reads of a code of AWS.
pub(super) fn meaning(aws_code: &str) -> &'static str {
    MEANINGS.iter().find(|(codes, _)| codes.contains(&aws_code)).map_or("aws-error", |(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Catalogue;

    #[test]
    fn each_code_is_named_once_and_has_its_words() {
        let text = Catalogue::english();
        let all: Vec<&str> = MEANINGS.iter().flat_map(|(codes, _)| codes.iter().copied()).collect();
        for (at, code) in all.iter().enumerate() {
            assert!(!all.iter().take(at).any(|other| other == code), "{code} twice");
            for key in [format!("error-{}", meaning(code)), format!("error-{}-next", meaning(code))] {
                assert!(text.has(&key), "{key}");
            }
        }
        assert_eq!(meaning("Blocked"), "account-blocked");
        assert_eq!(meaning("SomethingNew"), "aws-error");
    }
}
