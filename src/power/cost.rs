//! What is lost, changes or is paid for, read from facts; what is not known is said as not known.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::model::{Instance, Power, Untrusted};
use crate::text::Catalogue;

/// Whether the hosts of these instance types have disks of their own, as far as AWS told.
pub type Disks = BTreeMap<Untrusted, bool>;

/// One thing to know before a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cost {
    /// The public address is given back, and the next start brings another.
    PublicIpChanges(Ipv4Addr),
    /// Whether the address is an Elastic IP is not known.
    PublicIpMayChange(Ipv4Addr),
    /// The root volume is instance store: EC2 stops no such instance.
    RootIsInstanceStore,
    /// Data on the disks of the host goes.
    DisksLost(Untrusted),
    /// Whether the host has disks of its own is not known.
    DisksMayBeLost,
    /// The group sees an unhealthy instance, and replaces it.
    AutoScaling(Untrusted),
    /// A Spot instance comes back only when there is capacity at its price, and a one-time one never.
    Spot,
    /// A service runs it, and may undo this.
    ManagedBy(Untrusted),
    /// It could hibernate; this stops it without.
    Hibernation,
    /// Whether it could hibernate is not known.
    HibernationUnknown,
    /// It is paid for while it runs.
    Billed,
    /// Programs on it end, sessions too.
    ProgramsEnd,
}

impl Cost {
    /// Stable: `code` in JSON, and the key of the sentence.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PublicIpChanges(_) => "public-ip-changes",
            Self::PublicIpMayChange(_) => "public-ip-may-change",
            Self::RootIsInstanceStore => "root-is-instance-store",
            Self::DisksLost(_) => "instance-store-lost",
            Self::DisksMayBeLost => "instance-store-unknown",
            Self::AutoScaling(_) => "auto-scaling",
            Self::Spot => "spot",
            Self::ManagedBy(_) => "managed",
            Self::Hibernation => "hibernation",
            Self::HibernationUnknown => "hibernation-unknown",
            Self::Billed => "billed",
            Self::ProgramsEnd => "programs-end",
        }
    }

    /// One sentence.
    pub fn text(&self, text: &Catalogue) -> String {
        let value = match self {
            Self::PublicIpChanges(ip) | Self::PublicIpMayChange(ip) => ip.to_string(),
            Self::DisksLost(name) | Self::AutoScaling(name) | Self::ManagedBy(name) => name.shown_in(60),
            _ => String::new(),
        };
        let key = format!("power-cost-{}", self.code());
        if value.is_empty() { text.say(&key) } else { text.say_with(&key, &[("value", value.into())]) }
    }
}

/// What `power` costs for one instance. `disks` is empty where nobody could tell.
pub fn costs(power: Power, instance: &Instance, disks: &Disks) -> Vec<Cost> {
    match power {
        Power::Start => vec![Cost::Billed],
        Power::Reboot => vec![Cost::ProgramsEnd],
        Power::Stop => of_a_stop(instance, disks),
    }
}

fn of_a_stop(instance: &Instance, disks: &Disks) -> Vec<Cost> {
    let held = instance.when_stopped;
    let mut costs = vec![Cost::ProgramsEnd];
    costs.extend(instance.public_ip.and_then(|ip| match held.elastic_ip {
        Some(true) => None,
        Some(false) => Some(Cost::PublicIpChanges(ip)),
        None => Some(Cost::PublicIpMayChange(ip)),
    }));
    if held.ebs_root == Some(false) {
        costs.push(Cost::RootIsInstanceStore);
    }
    match instance.instance_type.as_ref().map(|kind| (kind, disks.get(kind))) {
        Some((kind, Some(true))) => costs.push(Cost::DisksLost(kind.clone())),
        Some((_, Some(false))) => {}
        Some((_, None)) | None => costs.push(Cost::DisksMayBeLost),
    }
    let group = instance.tags.get("aws:autoscaling:groupName");
    costs.extend(group.map(|group| Cost::AutoScaling(group.clone())));
    if instance.is_spot {
        costs.push(Cost::Spot);
    }
    costs.extend(instance.managed_by.as_ref().map(|service| Cost::ManagedBy(service.clone())));
    match held.hibernation {
        Some(true) => costs.push(Cost::Hibernation),
        Some(false) => {}
        None => costs.push(Cost::HibernationUnknown),
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{WhenStopped, row};

    fn stopped(change: impl FnOnce(&mut Instance), disks: &[(&str, bool)]) -> Vec<&'static str> {
        let mut instance = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
        instance.instance_type = Some("m5d.large".into());
        instance.public_ip = Some(Ipv4Addr::new(3, 36, 0, 1));
        instance.when_stopped = WhenStopped { elastic_ip: Some(true), ebs_root: Some(true), hibernation: Some(false) };
        change(&mut instance);
        let disks = disks.iter().map(|(kind, has)| (Untrusted::from(*kind), *has)).collect();
        costs(Power::Stop, &instance, &disks).iter().map(Cost::code).collect()
    }

    #[test]
    fn a_stop_says_what_is_known_to_be_lost_and_what_is_not_known() {
        let none = [("m5d.large", false)];

        assert_eq!(stopped(|_| (), &none), ["programs-end"]);
        assert_eq!(stopped(|row| row.when_stopped.elastic_ip = Some(false), &none), ["programs-end", "public-ip-changes"]);
        assert_eq!(stopped(|_| (), &[("m5d.large", true)]), ["programs-end", "instance-store-lost"]);
        assert_eq!(stopped(|row| row.is_spot = true, &none), ["programs-end", "spot"]);
        let unknown = stopped(|row| row.when_stopped = WhenStopped::default(), &[]);
        assert_eq!(unknown, ["programs-end", "public-ip-may-change", "instance-store-unknown", "hibernation-unknown"]);
        let tagged = |row: &mut Instance| {
            row.tags.insert("aws:autoscaling:groupName".into(), "web-asg".into());
            row.when_stopped.hibernation = Some(true);
        };
        assert_eq!(stopped(tagged, &none), ["programs-end", "auto-scaling", "hibernation"]);
    }

    #[test]
    fn every_cost_has_its_sentence() {
        let text = Catalogue::english();
        let name = || Untrusted::from("x");
        let ip = Ipv4Addr::new(3, 36, 0, 1);
        let all = [
            Cost::PublicIpChanges(ip),
            Cost::PublicIpMayChange(ip),
            Cost::RootIsInstanceStore,
            Cost::DisksLost(name()),
            Cost::DisksMayBeLost,
            Cost::AutoScaling(name()),
            Cost::Spot,
            Cost::ManagedBy(name()),
            Cost::Hibernation,
            Cost::HibernationUnknown,
            Cost::Billed,
            Cost::ProgramsEnd,
        ];
        for cost in all {
            assert!(text.has(&format!("power-cost-{}", cost.code())), "{cost:?}");
            assert!(!cost.text(&text).contains('–'), "{cost:?}");
        }
    }
}
