//! What the rule book says of its rules besides their conditions (docs/access-rules.md): how hard they are, and what mends a finding.

/// How hard a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Where it fails the way is blocked.
    Hard,
    /// Where it fails the way may still work.
    Soft,
    /// It is told, and decides nothing.
    Information,
}

impl Severity {
    /// The letter of the rule book, and of JSON.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Hard => "H",
            Self::Soft => "S",
            Self::Information => "I",
        }
    }
}

/// Every rule that this version evaluates.
const RULES: &[(&str, Severity)] = &[
    ("ADDR-1", Severity::Hard),
    ("ADDR-2", Severity::Hard),
    ("ADDR-4", Severity::Hard),
    ("ADDR-7", Severity::Hard),
    ("BAST-1", Severity::Hard),
    ("BAST-2", Severity::Hard),
    ("BAST-3", Severity::Hard),
    ("BAST-4", Severity::Hard),
    ("BAST-5", Severity::Hard),
    ("EIC-1", Severity::Hard),
    ("EIC-2", Severity::Soft),
    ("EIC-3", Severity::Hard),
    ("EIC-4", Severity::Soft),
    ("EIC-9", Severity::Hard),
    ("EICE-1", Severity::Hard),
    ("EICE-2", Severity::Hard),
    ("EICE-3", Severity::Hard),
    ("EICE-4", Severity::Hard),
    ("EICE-5", Severity::Hard),
    ("EICE-6", Severity::Hard),
    ("EICE-7", Severity::Hard),
    ("EICE-8", Severity::Hard),
    ("EICE-9", Severity::Hard),
    ("EICE-11", Severity::Hard),
    ("EICE-15", Severity::Soft),
    ("GEN-1", Severity::Hard),
    ("GEN-2", Severity::Hard),
    ("GEN-4", Severity::Hard),
    ("GEN-5", Severity::Soft),
    ("GEN-6", Severity::Information),
    ("GEN-7", Severity::Soft),
    ("GEN-8", Severity::Information),
    ("GEN-9", Severity::Hard),
    ("GEN-10", Severity::Information),
    ("IAM-2", Severity::Hard),
    ("IAM-3", Severity::Hard),
    ("IAM-4", Severity::Hard),
    ("IAM-5", Severity::Hard),
    ("IAM-6", Severity::Hard),
    ("IAM-7", Severity::Hard),
    ("IAM-8", Severity::Hard),
    ("IAM-9", Severity::Hard),
    ("IAM-10", Severity::Hard),
    ("LOC-1", Severity::Hard),
    ("LOC-9", Severity::Hard),
    ("NET-1", Severity::Hard),
    ("NET-2", Severity::Hard),
    ("NET-3", Severity::Hard),
    ("NET-4", Severity::Soft),
    ("NET-6", Severity::Hard),
    ("NET-7", Severity::Hard),
    ("NET-8", Severity::Hard),
    ("NET-9", Severity::Hard),
    ("NET-10", Severity::Hard),
    ("RDP-1", Severity::Hard),
    ("SER-1", Severity::Hard),
    ("SER-2", Severity::Hard),
    ("SER-3", Severity::Hard),
    ("SER-4", Severity::Hard),
    ("SER-6", Severity::Soft),
    ("SSH-1", Severity::Soft),
    ("SSH-2", Severity::Soft),
    ("SSH-3", Severity::Soft),
    ("SSH-4", Severity::Information),
    ("SSH-5", Severity::Hard),
    ("SSH-6", Severity::Soft),
    ("SSH-9", Severity::Soft),
    ("SSH-12", Severity::Soft),
    ("SSHSSM-2", Severity::Hard),
    ("SSHSSM-4", Severity::Soft),
    ("SSHSSM-5", Severity::Soft),
    ("SSHSSM-7", Severity::Information),
    ("SSM-1", Severity::Hard),
    ("SSM-2", Severity::Hard),
    ("SSM-3", Severity::Soft),
    ("SSM-4", Severity::Hard),
    ("SSM-5", Severity::Hard),
    ("SSM-7", Severity::Hard),
    ("SSM-8", Severity::Hard),
    ("SSM-9", Severity::Hard),
    ("SSM-11", Severity::Hard),
    ("SSM-12", Severity::Hard),
    ("SSM-13", Severity::Hard),
    ("SSM-14", Severity::Hard),
    ("SSM-15", Severity::Hard),
    ("SSM-16", Severity::Hard),
    ("SSM-17", Severity::Soft),
    ("SSM-18", Severity::Information),
    ("SSM-20", Severity::Hard),
    ("SSM-22", Severity::Hard),
    ("SSM-23", Severity::Hard),
    ("SSM-24", Severity::Hard),
    ("SSM-25", Severity::Soft),
    ("SSM-26", Severity::Information),
    ("SSM-27", Severity::Information),
    ("SSM-30", Severity::Information),
];

/// The ids of all of them, in the order of the book.
#[cfg(test)]
pub(super) fn rules_of_the_book() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(id, _)| *id)
}

/// How hard a rule is, by its id.
pub fn severity(rule: &str) -> Option<Severity> {
    RULES.iter().find(|(id, _)| *id == rule).map(|(_, severity)| *severity)
}

/// The fixes of the catalogue (docs/access-rules.md 1.15) that mend what a code says, where one is in it.
pub fn fix(code: &str) -> Option<&'static str> {
    Some(match code {
        "instance-stopped" => "FX-START",
        "eic-metadata-off" | "ssm-metadata-off" => "FX-IMDS",
        "eic-package-missing" | "eic-package-missing-unmanaged" => "FX-EIC-INSTALL",
        "eice-no-endpoint" => "FX-EICE-CREATE",
        "eice-group-closed" => "FX-SG-EICE",
        "eice-outbound-closed" => "FX-EICE-EGRESS",
        "jump-group-closed" => "FX-SG-REF",
        "net-group-closed" => "FX-SG-MYIP",
        "net-acl-in" => "FX-NACL-IN",
        "net-acl-out" | "net-acl-out-partly" => "FX-NACL-EPH",
        "net-public-access" | "ssm-public-access" => "FX-BPA",
        "ssm-acl-out" | "ssm-acl-replies" => "FX-NACL-EGRESS",
        "ssm-endpoint-closed" => "FX-SG-VPCE",
        "ssm-endpoint-no-name" => "FX-VPCE-DNS",
        "ssm-no-path" => "FX-VPCE",
        "ssm-outbound-closed" => "FX-SG-EGRESS443",
        "ssm-vpc-dns-off" => "FX-VPC-DNS",
        "serial-off" => "FX-SER-ON",
        "ssm-agent-silent" | "ssm-agent-lost" => "FX-SSM-RESTART",
        "ssm-agent-not-in-image" | "ssm-not-registered" => "FX-SSM-INSTALL",
        "checks-impaired" => "FX-REBOOT",
        "region-off" => "FX-REGION",
        "ssm-key-state" => "FX-KMS",
        "ssm-no-profile" | "ssm-no-profile-at-all" => "FX-PROFILE",
        "ssm-run-as-nobody" | "ssm-run-as-unset" => "FX-RUNAS",
        "ssm-tier-standard" => "FX-TIER",
        "ssm-profile-without-role" => "FX-PROFILE-ROLE",
        "ssm-role-lacks" => "FX-ROLE-ATTACH",
        "ssm-ssh-no-key" | "ssh-key-not-found" | "ssh-key-not-set" => "FX-KEY-ADD",
        _ => return None,
    })
}
