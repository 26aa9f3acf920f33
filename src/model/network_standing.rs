//! How the facts of a VPC stand: what was refused, and what holds of an older answer.

use jiff::Timestamp;

use super::{Denial, Fact, Network, Why};

impl Network {
    /// This answer where an older one was told, at `told`: what is still to come holds as it was, and for a while what is refused `now`.
    #[must_use]
    pub fn over(&self, old: &Self, told: Timestamp, now: Timestamp) -> Self {
        let mut prefix_lists = old.prefix_lists.clone();
        for (id, new) in &self.prefix_lists {
            let list = prefix_lists.entry(id.clone()).or_default();
            *list = new.clone().lately_over(list, told, now);
        }
        Self {
            endpoints: self.endpoints.clone().lately_over(&old.endpoints, told, now),
            groups: self.groups.clone().lately_over(&old.groups, told, now),
            acls: self.acls.clone().lately_over(&old.acls, told, now),
            route_tables: self.route_tables.clone().lately_over(&old.route_tables, told, now),
            internet_gateways: self.internet_gateways.clone().lately_over(&old.internet_gateways, told, now),
            subnets: self.subnets.clone().lately_over(&old.subnets, told, now),
            vpc_endpoints: self.vpc_endpoints.clone().lately_over(&old.vpc_endpoints, told, now),
            nat_gateways: self.nat_gateways.clone().lately_over(&old.nat_gateways, told, now),
            peerings: self.peerings.clone().lately_over(&old.peerings, told, now),
            console_lists: self.console_lists.clone().lately_over(&old.console_lists, told, now),
            dns: self.dns.clone().lately_over(&old.dns, told, now),
            prefix_lists,
        }
    }

    /// Why parts of it are not told; that an answer settles nothing is no refusal.
    pub fn denials(&self) -> impl Iterator<Item = &Denial> {
        let own = [
            self.endpoints.denial(),
            self.groups.denial(),
            self.acls.denial(),
            self.route_tables.denial(),
            self.internet_gateways.denial(),
            self.subnets.denial(),
            self.vpc_endpoints.denial(),
            self.nat_gateways.denial(),
            self.peerings.denial(),
            self.console_lists.denial(),
            self.dns.denial(),
        ];
        let lists = self.prefix_lists.values().map(Fact::denial);
        own.into_iter().chain(lists).flatten().filter(|denial| denial.why != Why::Undecided)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn refused(action: &'static str) -> Denial {
        Denial { why: Why::AccessDenied, action, message: None }
    }

    #[test]
    fn what_is_still_to_come_holds_as_it_was() {
        let list = [("pl-1".into(), Fact::Known(vec!["10.0.0.0/8".parse().unwrap()]))].into();
        let old = Network {
            acls: Fact::Known(Vec::new()),
            subnets: Fact::Known(Default::default()),
            prefix_lists: list,
            ..Default::default()
        };
        let new = Network { subnets: Fact::Hidden(refused("ec2:DescribeSubnets")), ..Network::default() };

        let merged = new.over(&old, at(10), at(20));

        assert_eq!((&merged.acls, &merged.prefix_lists), (&old.acls, &old.prefix_lists));
        assert!(matches!(&merged.subnets, Fact::Kept(_, refusal) if refusal.told == at(10)), "{:?}", merged.subnets);
        assert_eq!(old.over(&old, at(10), at(20)), old, "the same answer changes nothing");
        let long_after = new.over(&merged, at(10), at(611));
        assert_eq!(
            (&long_after.acls, &long_after.subnets),
            (&old.acls, &new.subnets),
            "what was refused for ten minutes is not known"
        );
    }

    #[test]
    fn an_answer_that_settles_nothing_is_no_refusal() {
        let undecided = Denial { why: Why::Undecided, ..refused("ec2:DescribeInternetGateways") };
        let network = Network {
            acls: Fact::Hidden(refused("ec2:DescribeNetworkAcls")),
            internet_gateways: Fact::Hidden(undecided),
            prefix_lists: [("pl-1".into(), Fact::Hidden(refused("ec2:GetManagedPrefixListEntries")))].into(),
            ..Network::default()
        };

        let actions: Vec<_> = network.denials().map(|denial| denial.action).collect();
        assert_eq!(actions, ["ec2:DescribeNetworkAcls", "ec2:GetManagedPrefixListEntries"]);
    }
}
