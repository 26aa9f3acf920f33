//! The rules of jump hosts.

use super::super::super::{JumpFault, JumpFaultKind, JumpHost};
use super::*;

/// A jump host in the VPC of the instance, with a way in, let in by a rule that names its group.
fn through(f: &mut Facts, way: Option<(Method, Verdict)>) -> JumpHost {
    f.instance.network = groups(&["group"], &["all"]);
    let mut instance = (*row("i-0c41d2a9be7730f12", "bastion")).clone();
    instance.vpc = f.instance.vpc.clone();
    instance.private_ip = Some("10.0.0.10".parse().unwrap());
    for group in &mut instance.security_groups {
        group.id = "sg-jump".into();
    }
    JumpHost { instance, way, jump: Jump::None }
}

fn with(f: &mut Facts, change: impl FnOnce(&mut Facts, &mut JumpHost)) {
    let mut host = through(f, Some((Method::SsmSsh, Verdict::Likely)));
    change(f, &mut host);
    f.options.jump = Jump::Through(Arc::new(host));
}

/// The same of a jump host as it is changed; what the VPC has stays.
pub(super) fn with_jump_host(f: &mut Facts, change: impl FnOnce(&mut JumpHost)) {
    let network = f.instance.network.clone();
    with(f, |f, host| {
        f.instance.network = network;
        change(host);
    });
}

/// The login goes through a jump host that lets it through.
pub(super) fn with_a_jump_host(f: &mut Facts) {
    with(f, |_, _| ());
}

fn groups(ingress: &[&str], egress: &[&str]) -> Fact<Arc<Network>> {
    let none = GroupRule { ports: TcpPorts::Range(22, 22), blocks: Vec::new(), groups: Vec::new(), prefix_lists: Vec::new() };
    let rule = |word: &&str| match *word {
        "group" => GroupRule { groups: vec!["sg-jump".into()], ..none.clone() },
        "address" => GroupRule { blocks: vec!["10.0.0.10/32".parse().unwrap()], ..none.clone() },
        "public" => GroupRule { blocks: vec!["3.36.112.8/32".parse().unwrap()], ..none.clone() },
        "list" => GroupRule { prefix_lists: vec!["pl-1".into()], ..none.clone() },
        _ => GroupRule { ports: TcpPorts::All, blocks: vec!["0.0.0.0/0".parse().unwrap()], ..none.clone() },
    };
    let rules = |words: &[&str]| words.iter().map(rule).collect::<Vec<_>>();
    let own = GroupRules { ingress: rules(ingress), ..GroupRules::default() };
    let its = GroupRules { egress: rules(egress), ..GroupRules::default() };
    let groups = [("sg-0cc3".into(), own), ("sg-jump".into(), its)].into();
    Fact::Known(Arc::new(Network { endpoints: Fact::Known(Vec::new()), groups: Fact::Known(groups), ..Network::default() }))
}

fn with_groups(
    change: impl Fn() -> Fact<std::collections::BTreeMap<crate::model::Untrusted, GroupRules>> + 'static,
) -> impl Fn(&mut Facts) {
    move |f| {
        with(f, |f, _| {
            f.instance.network =
                Fact::Known(Arc::new(Network { endpoints: Fact::Known(Vec::new()), groups: change(), ..Network::default() }))
        })
    }
}

/// Changes under which every rule of jump hosts speaks at least once.
pub(super) fn all_kinds_of_jumps() -> Vec<Change> {
    let fault = |kind| -> Change {
        Box::new(move |f| {
            f.options.jump = Jump::Broken(JumpFault { kind, chain: vec!["web-1".to_owned(), "bastion".to_owned()] })
        })
    };
    let by = |way: Option<(Method, Verdict)>| -> Change { Box::new(move |f| with(f, |_, host| host.way = way)) };
    let let_in = |ingress: &'static [&'static str], egress: &'static [&'static str]| -> Change {
        Box::new(move |f| with(f, |f, _| f.instance.network = groups(ingress, egress)))
    };
    vec![
        Box::new(|f| f.options.jump = Jump::Named("bastion".to_owned())),
        fault(JumpFaultKind::Loop),
        fault(JumpFaultKind::TooLong),
        fault(JumpFaultKind::Missing),
        fault(JumpFaultKind::Ambiguous),
        by(None),
        by(Some((Method::Ssh, Verdict::Unknown))),
        Box::new(|f| with(f, |_, host| host.instance.vpc = Some("vpc-elsewhere".into()))),
        let_in(&[], &["all"]),
        let_in(&["list"], &["list"]),
        let_in(&["group"], &[]),
        Box::new(with_groups(|| Fact::Pending)),
        Box::new(with_groups(|| denied("ec2:DescribeSecurityGroups"))),
    ]
}

#[track_caller]
fn check_both(change: impl Fn(&mut Facts), verdict: Verdict, reasons: &[&str]) {
    for method in [Method::Eic, Method::Ssh] {
        check(method, &change, verdict, reasons);
    }
    // What goes by a service of AWS passes no jump host.
    let mut facts = facts();
    change(&mut facts);
    assert_eq!(facts.said(Method::Ssm).0, Verdict::Likely);
}

#[test]
fn one_with_a_way_in_that_the_groups_let_through_leads_to_a_private_address() {
    let private = |change: fn(&mut Facts, &mut JumpHost)| {
        move |f: &mut Facts| {
            only_private(f);
            with(f, change);
        }
    };
    check_both(private(|_, _| ()), Verdict::Likely, &[]);
    check_both(private(|f, _| f.instance.network = groups(&["address"], &["all"])), Verdict::Likely, &[]);
}

#[test]
fn the_verdict_is_that_of_the_worse_of_both_legs() {
    let by = |way| move |f: &mut Facts| with(f, |_, host| host.way = way);
    check_both(by(None), Verdict::Blocked, &["jump-closed BAST-1 fail"]);
    check_both(by(Some((Method::Ssh, Verdict::Blocked))), Verdict::Blocked, &["jump-closed BAST-1 fail"]);
    check_both(by(Some((Method::Ssh, Verdict::Unknown))), Verdict::Unknown, &["jump-unclear BAST-1 unknown"]);

    let let_in = |ingress: &'static [&'static str], egress: &'static [&'static str]| {
        move |f: &mut Facts| with(f, |f, _| f.instance.network = groups(ingress, egress))
    };
    check_both(let_in(&[], &["all"]), Verdict::Blocked, &["jump-group-closed BAST-3 fail"]);
    // Its public address never counts.
    check_both(let_in(&["public"], &["all"]), Verdict::Blocked, &["jump-group-closed BAST-3 fail"]);
    check_both(let_in(&["list"], &["all"]), Verdict::Unknown, &["jump-group-unclear BAST-3 unknown"]);
    check_both(let_in(&["group"], &[]), Verdict::Blocked, &["jump-outbound-closed BAST-4 fail"]);
    check_both(let_in(&["group"], &["list"]), Verdict::Likely, &["jump-outbound-unclear BAST-4 unknown"]);
}

#[test]
fn what_was_not_read_is_not_known() {
    check_both(|f| with_groups(|| Fact::Pending)(f), Verdict::Unknown, &["jump-groups-pending BAST-3 unknown"]);
    let denied = |f: &mut Facts| with_groups(|| denied("ec2:DescribeSecurityGroups"))(f);
    check_both(denied, Verdict::Unknown, &["jump-groups-unseen BAST-3 unknown"]);
    let elsewhere = |f: &mut Facts| with(f, |_, host| host.instance.vpc = Some("vpc-elsewhere".into()));
    check_both(elsewhere, Verdict::Unknown, &["jump-elsewhere BAST-2 unknown"]);
    // Whoever names an address knows a way to it.
    let named = |f: &mut Facts| {
        with(f, |_, host| host.instance.vpc = None);
        f.options.address = "10.9.0.7".parse().unwrap();
    };
    check_both(named, Verdict::Likely, &[]);
}
