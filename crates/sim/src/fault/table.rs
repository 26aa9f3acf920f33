//! The faults in force, and which of them is whose turn.

use super::reading::matches;
use super::{Carried, CertificateFlaw, Fault, FaultKind, who};
use crate::numbers::{Numbers, STEP};

/// The faults in force, with how often each has matched.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    faults: Vec<(Fault, u64)>,
}

impl FaultTable {
    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self { faults: faults.into_iter().map(|fault| (fault, 0)).collect() }
    }

    /// What happens to this call of `action`: the first fault that matches counts, even if it then spares the call.
    /// Every fault counts the calls it names, also those that another one took.
    /// `callers`: the account, the region and the name of whoever calls.
    pub(crate) fn next(&mut self, action: &str, callers: &[String]) -> Option<FaultKind> {
        let mut first = None;
        for (fault, matched) in &mut self.faults {
            let (who, named) = who(&fault.action);
            let is_theirs = who.is_none_or(|who| callers.iter().any(|own| matches(who, own)));
            if matches!(fault.kind, FaultKind::Channel(_) | FaultKind::Certificate(_)) || !is_theirs || !matches(named, action) {
                continue;
            }
            *matched += 1;
            if first.is_none() && fault.nth.is_none_or(|nth| nth == *matched) {
                first = Some((&fault.kind, *matched));
            }
        }
        match first? {
            (FaultKind::Throttle(percent), throw) if dice(throw) >= *percent => None,
            (kind, _) => Some(kind.clone()),
        }
    }
}

impl FaultTable {
    /// Whether calls of this action are denied, each time; nothing is counted.
    pub(crate) fn denies(&self, action: &str) -> bool {
        let is_it = |fault: &Fault| fault.kind == FaultKind::Deny && fault.nth.is_none() && matches(&fault.action, action);
        self.faults.iter().any(|(fault, _)| is_it(fault))
    }
}

impl FaultTable {
    /// All that happens in this direction of a new connection.
    pub(crate) fn of_connection(&mut self, direction: &str) -> Vec<FaultKind> {
        let mut kinds = Vec::new();
        for (fault, matched) in &mut self.faults {
            if !matches!(fault.kind, FaultKind::Channel(_) | FaultKind::Delay(_)) || !matches(&fault.action, direction) {
                continue;
            }
            *matched += 1;
            if fault.nth.is_none_or(|nth| nth == *matched) {
                kinds.push(fault.kind.clone());
            }
        }
        kinds
    }
}

impl FaultTable {
    /// What is wrong with the certificate of a new connection.
    pub(crate) fn of_certificate(&mut self, carried: Carried) -> Option<CertificateFlaw> {
        let mut first = None;
        for (fault, matched) in &mut self.faults {
            let FaultKind::Certificate(flaw) = fault.kind else { continue };
            if carried == Carried::Calls && fault.action != "*" {
                continue;
            }
            *matched += 1;
            if fault.nth.is_none_or(|nth| nth == *matched) {
                first.get_or_insert(flaw);
            }
        }
        first
    }
}

/// A number below 100 for the n-th throw, the same in every run.
fn dice(throw: u64) -> u8 {
    let number = Numbers::of_seed(throw.wrapping_sub(1).wrapping_mul(STEP)).below(100);
    u8::try_from(number).expect("a number below 100 fits a byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap()
    }

    #[test]
    fn a_star_is_any_run_of_characters() {
        let cases = [
            ("*", "sts:AssumeRole", true),
            ("ec2:DescribeInstances", "ec2:DescribeInstances", true),
            ("ec2:DescribeInstances", "ec2:DescribeInstancesX", false),
            ("ec2:Describe*", "ec2:DescribeRegions", true),
            ("ssm:*Instance*", "ssm:DescribeInstanceProperties", true),
            ("*:Describe*s", "ec2:DescribeImages", true),
            ("ec2:*", "ec2-instance-connect:SendSSHPublicKey", false),
        ];
        for (pattern, name, fits) in cases {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn the_first_match_counts_and_a_numbered_one_only_on_its_call() {
        let mut table = FaultTable::new(vec![fault("ec2:*=hang@2"), fault("ec2:DescribeImages=cut"), fault("*=deny")]);

        assert_eq!(table.next("ec2:DescribeImages", &[]), Some(FaultKind::Cut));
        assert_eq!(table.next("ec2:DescribeImages", &[]), Some(FaultKind::Hang));
        assert_eq!(table.next("ec2:DescribeRegions", &[]), Some(FaultKind::Deny));
    }

    #[test]
    fn a_flawed_certificate_is_shown_to_data_channels_or_to_everybody_and_spares_the_calls_themselves() {
        let mut table = FaultTable::new(vec![
            fault("ssmmessages:OpenDataChannel=certificate:expired@2"),
            fault("*=certificate:wrong-name@4"),
        ]);
        let mut shown = |carried| table.of_certificate(carried);

        assert_eq!([shown(Carried::DataChannels), shown(Carried::Calls)], [None, None]);
        assert_eq!(shown(Carried::DataChannels), Some(CertificateFlaw::Expired));
        assert_eq!(shown(Carried::Calls), Some(CertificateFlaw::WrongName));
        assert_eq!(table.next("ssmmessages:OpenDataChannel", &[]), None);
    }

    #[test]
    fn a_fault_of_one_caller_spares_the_others() {
        let mut table = FaultTable::new(vec![fault("210987654321/ec2:*=deny"), fault("Aud*/ssm:*=hang")]);
        let callers = |who: [&str; 3]| who.map(str::to_owned);
        let (own, other) = (callers(["210987654321", "us-east-1", "Auditor"]), callers(["334455667788", "us-east-1", "jiwoo"]));

        assert_eq!(table.next("ec2:DescribeInstances", &own), Some(FaultKind::Deny));
        assert_eq!(table.next("ssm:StartSession", &own), Some(FaultKind::Hang));
        assert_eq!([table.next("ec2:DescribeInstances", &other), table.next("ssm:StartSession", &other)], [None, None]);
    }

    #[test]
    fn thirty_percent_are_about_thirty_of_a_hundred() {
        let mut table = FaultTable::new(vec![fault("*=throttle:30%")]);

        let throttled = (0..1000).filter(|_| table.next("ec2:DescribeInstances", &[]).is_some()).count();

        assert!((250..350).contains(&throttled), "{throttled}");
    }
}
