//! Which instances may serve as a jump host to another one, best first, and why (docs/access-rules.md 1.11).

use std::net::IpAddr;
use std::sync::Arc;

use super::bastion::{Let, LetBy, lets_in, lets_out};
use super::{Channel, ConnectOptions, Mark, Method, Ways, mark};
use crate::model::{Direction, Instance, InstanceState, Network, Os, Passage, Peer, SecurityGroup, Whereabouts};

/// Most that are offered.
const MOST: usize = 3;
/// The port at which a jump host is entered.
const SSH: u16 = 22;

/// An instance that leads to another one, as far as is known.
#[derive(Debug, Clone, PartialEq)]
pub struct JumpCandidate {
    /// The instance.
    pub instance: Arc<Instance>,
    /// How much speaks for it.
    pub score: i32,
    /// What speaks for it, and what against: keys of the catalogue.
    pub reasons: Vec<&'static str>,
}

/// The best three that have a way in by ssh and that the groups of `target` let in, among `others` with what is said of their ways. None
/// where the groups were not read.
pub fn jump_candidates<'r>(
    target: &Instance,
    options: &ConnectOptions,
    others: impl Iterator<Item = (&'r Arc<Instance>, &'r Ways)>,
) -> Vec<JumpCandidate> {
    let Some(network) = target.network.known().filter(|network| network.groups.known().is_some()) else { return Vec::new() };
    let Some(ip) = target.private_ip.map(IpAddr::V4) else { return Vec::new() };
    let may_lead = |one: &Instance| {
        one.id != target.id
            && one.vpc == target.vpc
            && target.vpc.is_some()
            && one.state == InstanceState::Running
            && matches!(one.os, Os::Linux | Os::MacOs)
    };
    let mut candidates: Vec<JumpCandidate> = others
        .filter(|(one, _)| may_lead(one))
        .filter_map(|(one, ways)| {
            let method = entered_by(ways)?;
            let Let::Through(by) = lets_in(target, one, ip, network, options.port) else { return None };
            if lets_out(one, target, ip, network, options.port) == Passage::Closed {
                return None;
            }
            let is_open = is_open_to_all(one, network);
            let facts = facts(target, one, method, by, is_open);
            let score = facts.iter().map(|(points, _)| points).sum();
            let reasons = facts.into_iter().map(|(_, reason)| reason).filter(|reason| !reason.is_empty()).collect();
            (score >= 0).then(|| JumpCandidate { instance: Arc::clone(one), score, reasons })
        })
        .collect();
    candidates.sort_by(|one, other| other.score.cmp(&one.score).then_with(|| one.instance.id.cmp(&other.instance.id)));
    candidates.truncate(MOST);
    candidates
}

/// The first way by ssh that surely is open.
fn entered_by(ways: &Ways) -> Option<Method> {
    let is_open = |method: Method| ways.way(method).is_some_and(|way| matches!(mark(way), Mark::Works | Mark::Problem));
    Method::known().iter().copied().find(|method| method.runs_ssh() && method.can_be_opened() && is_open(*method))
}

/// Points, and what they are for.
fn facts(target: &Instance, one: &Instance, method: Method, by: LetBy, is_open: bool) -> Vec<(i32, &'static str)> {
    let is_bastion = names_a_bastion(one);
    let is_short_lived = one.is_spot || one.tags.get("aws:autoscaling:groupName").is_some();
    let all = [
        (by == LetBy::Group, 50, "jump-for-group"),
        (by == LetBy::Address, 40, "jump-for-address"),
        (method.channel() != Channel::Address, 30, "jump-for-no-exposure"),
        (method.channel() == Channel::Address, 20, "jump-for-public"),
        (is_bastion, 15, "jump-for-name"),
        // All that are looked at are in the same VPC.
        (true, 10, ""),
        (one.az.is_some() && one.az == target.az, 5, "jump-for-zone"),
        (is_open, -15, "jump-against-open"),
        (is_short_lived, -20, "jump-against-short-lived"),
        (!is_bastion && serves_production(one), -40, "jump-against-production"),
    ];
    all.into_iter().filter(|(holds, ..)| *holds).map(|(_, points, reason)| (points, reason)).collect()
}

/// Whether anybody may try its port of ssh.
fn is_open_to_all(one: &Instance, network: &Network) -> bool {
    // What one group says counts, whether or not the others were read.
    let says = |group: &SecurityGroup| {
        let anybody = Peer { address: Whereabouts::Anywhere, groups: &[] };
        network.passage(std::slice::from_ref(&group.id), Direction::In, SSH, anybody) == Passage::Open
    };
    one.security_groups.iter().any(says)
}

fn names_a_bastion(one: &Instance) -> bool {
    has_word(one, &["bastion", "jump", "gateway", "nat"])
}

fn serves_production(one: &Instance) -> bool {
    has_word(one, &["db", "prod"])
}

/// Whether a word of its tags is one of these.
fn has_word(one: &Instance, words: &[&str]) -> bool {
    one.tags.iter().any(|(_, value)| {
        let value = value.composed().to_lowercase();
        value.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Verdict, Way};
    use crate::model::{Fact, GroupRule, GroupRules, Tags, TcpPorts, row};

    fn rule(blocks: &[&str], groups: &[&str]) -> GroupRule {
        let blocks = blocks.iter().map(|block| block.parse().unwrap()).collect();
        let groups = groups.iter().map(|group| (*group).into()).collect();
        GroupRule { ports: TcpPorts::Range(22, 22), blocks, groups, prefix_lists: Vec::new() }
    }

    fn target(ingress: Vec<GroupRule>) -> Instance {
        let out = GroupRules { egress: vec![rule(&["0.0.0.0/0"], &[])], ..GroupRules::default() };
        let open = GroupRules { ingress: vec![rule(&["0.0.0.0/0"], &[])], ..out.clone() };
        let own = GroupRules { ingress, ..GroupRules::default() };
        let groups = [("sg-own".into(), own), ("sg-jump".into(), out), ("sg-open".into(), open)].into();
        let network = Network { groups: Fact::Known(groups), ..Network::default() };
        Instance { network: Fact::Known(Arc::new(network)), ..other("i-0aaaaaaaaaaaaaaa0", "db-1", "sg-own", &[]) }
    }

    fn other(id: &str, name: &str, group: &str, tags: &[(&str, &str)]) -> Instance {
        let all = [&[("Name", name)], tags].concat();
        let tags = all.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect::<Tags>();
        let group = SecurityGroup { id: group.into(), name: "x".into() };
        Instance { tags, security_groups: vec![group], ..(*row(id, name)).clone() }
    }

    fn ways(method: Method) -> Ways {
        Ways { list: vec![Way::new(method, Verdict::Likely, Vec::new())], best: Some(method), is_pending: false }
    }

    fn offered(target: &Instance, others: Vec<(Instance, Ways)>) -> Vec<(String, i32, Vec<&'static str>)> {
        let others: Vec<(Arc<Instance>, Ways)> = others.into_iter().map(|(one, ways)| (Arc::new(one), ways)).collect();
        let pairs = others.iter().map(|(one, ways)| (one, ways));
        let named = |one: JumpCandidate| (one.instance.name().unwrap().raw().to_owned(), one.score, one.reasons);
        jump_candidates(target, &ConnectOptions::default(), pairs).into_iter().map(named).collect()
    }

    #[test]
    fn the_score_of_the_rule_book_orders_them_and_three_are_offered() {
        let target = target(vec![rule(&["10.0.0.0/24"], &["sg-jump"])]);
        let others = vec![
            (other("i-0aaaaaaaaaaaaaaa1", "bastion", "sg-jump", &[]), ways(Method::SsmSsh)),
            (other("i-0aaaaaaaaaaaaaaa2", "tool", "sg-jump", &[]), ways(Method::Eic)),
            (other("i-0aaaaaaaaaaaaaaa3", "jump-2", "sg-open", &[]), ways(Method::Eic)),
            (other("i-0aaaaaaaaaaaaaaa4", "web", "sg-jump", &[("env", "prod")]), ways(Method::SsmSsh)),
            (other("i-0aaaaaaaaaaaaaaa5", "db-1-prod", "sg-open", &[]), ways(Method::Eic)),
        ];

        assert_eq!(
            offered(&target, others),
            [
                ("bastion".to_owned(), 110, vec!["jump-for-group", "jump-for-no-exposure", "jump-for-name", "jump-for-zone"]),
                ("tool".to_owned(), 85, vec!["jump-for-group", "jump-for-public", "jump-for-zone"]),
                (
                    "jump-2".to_owned(),
                    75,
                    vec!["jump-for-address", "jump-for-public", "jump-for-name", "jump-for-zone", "jump-against-open"]
                ),
            ]
        );
    }

    #[test]
    fn only_what_leads_there_is_offered() {
        let only_group = target(vec![rule(&[], &["sg-jump"])]);
        let fit = || other("i-0aaaaaaaaaaaaaaa1", "bastion", "sg-jump", &[]);
        let changed = |change: fn(&mut Instance)| {
            let mut one = fit();
            change(&mut one);
            vec![(one, ways(Method::Eic))]
        };
        assert_eq!(offered(&only_group, changed(|_| ())).len(), 1);
        assert_eq!(offered(&only_group, changed(|one| one.state = InstanceState::Stopped)), []);
        assert_eq!(offered(&only_group, changed(|one| one.os = Os::Windows)), []);
        assert_eq!(offered(&only_group, changed(|one| one.vpc = Some("vpc-other".into()))), []);
        assert_eq!(offered(&only_group, changed(|one| one.security_groups[0].id = "sg-open".into())), [], "not let in");
        assert_eq!(offered(&only_group, changed(|one| one.id = "i-0aaaaaaaaaaaaaaa0".parse().unwrap())), [], "itself");
        assert_eq!(offered(&only_group, vec![(fit(), Ways::default())]), [], "no way in");
        assert_eq!(offered(&only_group, vec![(fit(), ways(Method::Ssm))]), [], "a shell alone leads nowhere");
        let mut unread = only_group;
        unread.network = Fact::Pending;
        assert_eq!(offered(&unread, vec![(fit(), ways(Method::Eic))]), []);
    }
}
