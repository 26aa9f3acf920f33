//! What a few further calls tell: peerings, the console's addresses, first passwords; and what a forwarding takes.

use super::examined::with;
use super::jumps::with_jump_host;
use super::network::{in_network, internet, lets_in, route, routes, rule};
use super::*;
use crate::access::{Forward, forwarded};
use crate::model::{HostKeyOrigin, Interface, RouteTarget, VpcPeering};

#[track_caller]
fn is_silent(change: impl Fn(&mut Facts), method: Method, rule: &str) {
    let all = told_of(&change, method);
    assert!(all.iter().all(|own| !own.contains(&format!(" {rule} "))), "{rule}: {all:?}");
}

fn peering(state: &str) -> VpcPeering {
    VpcPeering { id: "pcx-1".into(), state: state.into(), vpcs: ["vpc-there".into(), "vpc-0abc".into()] }
}

fn through(id: &str) -> crate::model::Route {
    route("10.9.0.0/16", RouteTarget::Other(id.into()))
}

/// A jump host of another VPC, which this leads to.
fn jump_elsewhere(change: impl Fn(&mut Network)) -> impl Fn(&mut Facts) {
    move |f| {
        f.instance.vpc = Some("vpc-0abc".into());
        in_network(|n, _| {
            n.peerings = Fact::Known(vec![peering("active")]);
            routes(n, vec![through("pcx-1"), internet(false)]);
            lets_in(n, &[rule(&["10.9.0.10/32"], &[], &[])]);
            change(n);
        })(f);
        f.options.order = Vec::new();
        with_jump_host(f, |host| {
            host.instance.vpc = Some("vpc-there".into());
            host.instance.private_ip = "10.9.0.10".parse().ok();
        });
    }
}

#[test]
fn a_jump_host_of_another_vpc_needs_a_peering_and_a_route_through_it() {
    says(jump_elsewhere(|_| ()), Method::Ssh, "net-peering NET-11 pass?");
    says(jump_elsewhere(|n| n.peerings = Fact::Known(vec![peering("deleted")])), Method::Ssh, "net-no-peering NET-11 fail");
    says(jump_elsewhere(|n| n.peerings = Fact::Known(Vec::new())), Method::Ssh, "net-no-peering NET-11 fail");
    says(jump_elsewhere(|n| routes(n, vec![internet(false)])), Method::Ssh, "net-no-peering NET-11 fail");
    let past_it = jump_elsewhere(|n| routes(n, vec![route("10.8.0.0/16", RouteTarget::Other("pcx-1".into()))]));
    says(past_it, Method::Ssh, "net-no-peering NET-11 fail");
    let denied = jump_elsewhere(|n| n.peerings = denied("ec2:DescribeVpcPeeringConnections"));
    says(denied, Method::Ssh, "net-peerings-unseen NET-11 unknown");
    let unasked = jump_elsewhere(|n| n.peerings = Fact::Pending);
    says(unasked, Method::Ssh, "jump-elsewhere BAST-2 unknown");
}

#[test]
fn what_lies_behind_a_transit_gateway_is_not_visible() {
    let beyond = jump_elsewhere(|n| {
        n.peerings = Fact::Known(Vec::new());
        routes(n, vec![through("tgw-1")]);
    });
    says(beyond, Method::Ssh, "net-beyond-gateway NET-12 unknown");
}

/// An endpoint of another VPC, asked for by its id.
fn endpoint_elsewhere(peerings: fn() -> Fact<Vec<VpcPeering>>) -> impl Fn(&mut Facts) {
    move |f| {
        f.instance.vpc = Some("vpc-0abc".into());
        in_network(|n, f| {
            let own =
                endpoint(&f.instance, |own| (own.vpc, own.subnet) = (Some("vpc-there".into()), Some("subnet-there".into())));
            f.options.endpoint = Some(own.id.clone());
            n.endpoints = Fact::Known(vec![own]);
            n.peerings = peerings();
            routes(n, vec![through("pcx-1")]);
        })(f);
    }
}

#[test]
fn an_endpoint_of_another_vpc_is_told_as_that_and_needs_a_peering() {
    let peered = endpoint_elsewhere(|| Fact::Known(vec![peering("active")]));
    says(&peered, Method::Eice, "eice-of-another-vpc EICE-10 warn");
    says(&peered, Method::Eice, "net-peering NET-11 pass?");
    let none = endpoint_elsewhere(|| Fact::Known(Vec::new()));
    check(Method::Eice, &none, Verdict::Blocked, &["net-no-peering NET-11 fail"]);
    check(Method::Eice, endpoint_elsewhere(|| Fact::Pending), Verdict::Likely, &[]);
}

fn with_list(in_rules: bool, source: &'static str) -> impl Fn(&mut Facts) {
    move |f| {
        in_network(|n, f| {
            n.console_lists = Fact::Known(vec!["pl-console".into()]);
            n.prefix_lists = [("pl-console".into(), Fact::Known(vec!["13.209.1.56/29".parse().unwrap()]))].into();
            let lists: &[&str] = if in_rules { &["pl-console"] } else { &[] };
            lets_in(n, &[rule(&["198.51.100.0/24"], &[], lists)]);
            f.local.sources = vec![source.parse().unwrap()];
        })(f);
    }
}

#[test]
fn the_browser_client_of_the_console_is_somebody_else() {
    says(with_list(true, "203.0.113.9"), Method::Eic, "eic-console-alone EIC-8 warn");
    says(with_list(true, "203.0.113.9"), Method::Eic, "net-group-closed NET-1 fail");
    says(with_list(true, "198.51.100.7"), Method::Eic, "eic-console-let-in EIC-7 pass");
    says(with_list(false, "198.51.100.7"), Method::Eic, "eic-console-kept-out EIC-7 warn");
    is_silent(in_network(|_, _| ()), Method::Eic, "EIC-7");
    is_silent(with_list(true, "203.0.113.9"), Method::Ssh, "EIC-8");
}

const RSA: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7vbqajDw4o6gJy8UtmIbkcpnkO3Kwc4qsEnSZp/TR+fQi62F79RHWmwKOtFmwteURgLbj7D/WGuNLGOfa/2vse3G2eHnHl5CB8ruRX9fBl/KgwCVr2JaEuUm66bBQeP5XeBotdR4cvX38uPYivCDdPjJ1QWPdspTBKcxeFbccDw==";
const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27IC";

/// A Windows instance, and the key of its pair that is here.
fn windows(has_password: fn() -> Fact<bool>, key: Option<&'static str>) -> impl Fn(&mut Facts) {
    with(move |e, f| {
        f.instance.os = Os::Windows;
        e.has_password = has_password();
        let key = key.map(|line| {
            let public = Some(PublicKey::from_line(line).unwrap());
            Keyring::of(KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), public, ..KeyFile::default() })
        });
        f.local.keys = key.unwrap_or_default();
    })
}

#[test]
fn a_first_password_is_kept_and_opened_by_an_rsa_key() {
    says(windows(|| Fact::Known(true), Some(RSA)), Method::Rdp, "rdp-key-here RDP-7 pass");
    says(windows(|| Fact::Known(true), None), Method::Rdp, "rdp-no-key RDP-7 warn");
    says(windows(|| Fact::Known(true), Some(ED25519)), Method::Rdp, "rdp-no-key RDP-7 warn");
    let without_pair = |f: &mut Facts| {
        windows(|| Fact::Known(true), None)(f);
        f.instance.key_name = None;
    };
    let mut facts = facts();
    without_pair(&mut facts);
    let ways = facts.examined();
    assert!(ways.way(Method::Rdp).unwrap().reasons.iter().all(|reason| reason.rule != "RDP-7"), "no pair is named");
    says(windows(|| Fact::Known(false), Some(RSA)), Method::Rdp, "rdp-no-password RDP-6 warn");
    says(windows(|| denied("ec2:GetPasswordData"), Some(RSA)), Method::Rdp, "rdp-password-unseen RDP-6 unknown");
    says(windows(|| Fact::Known(true), Some(RSA)), Method::Rdp, "rdp-fleet-manager RDP-5 warn");
    is_silent(windows(|| Fact::Pending, Some(RSA)), Method::Rdp, "RDP-6");
}

#[test]
fn whether_a_host_key_is_kept_is_told_where_ssh_logs_in() {
    says(|_| (), Method::Ssh, "host-key-unknown SSH-11 warn");
    says(host_key_kept, Method::Eic, "host-key-kept SSH-11 pass");
    is_silent(|_| (), Method::Ssm, "SSH-11");
}

fn host_key_kept(f: &mut Facts) {
    f.local.host_keys.insert(f.instance.id.clone(), HostKeyOrigin::Console);
}

fn forwarding(to: &'static str, change: fn(&mut Facts, &mut Forward)) -> impl Fn(&mut Facts) {
    move |f| {
        let to = to.parse::<crate::model::Forward>().unwrap().to;
        let mut forward = Forward { to, at: None, taken: None };
        change(f, &mut forward);
        f.options.forward = Some(forward);
    }
}

fn with_agent(f: &mut Facts, version: &str) {
    f.instance.ssm = Fact::Known(Ssm { status: SsmStatus::Online, agent_version: Some(version.into()), ..Ssm::unmanaged() });
}

#[test]
fn an_agent_has_to_be_new_enough_to_lead_to_other_hosts() {
    let of = |change: fn(&mut Facts, &mut Forward)| -> Vec<String> {
        let all = told_of(forwarding("0:db.internal:5432", change), Method::Ssm);
        all.into_iter().filter(|own| own.contains(" PFWD-1 ")).collect()
    };
    assert_eq!(of(|f, _| with_agent(f, "3.1.1187.0")), ["forward-agent-too-old PFWD-1 fail"]);
    assert_eq!(of(|f, _| with_agent(f, "3.1.1188.0")), ["forward-agent-old PFWD-1 warn"]);
    assert!(of(|f, _| with_agent(f, "3.1.1374.0")).is_empty());
    is_silent(forwarding("0:5432", |f, _| with_agent(f, "3.1.1187.0")), Method::Ssm, "PFWD-1");
}

#[test]
fn agents_lead_neither_to_metadata_nor_by_an_address_to_their_own_instance() {
    for to in ["0:169.254.169.254:80", "0:10.0.0.1:80", "0:3.36.112.8:80"] {
        check(Method::Ssm, forwarding(to, |_, _| ()), Verdict::Blocked, &["forward-forbidden PFWD-2 fail"]);
    }
    check(Method::Ssm, forwarding("0:10.0.0.9:80", |_, _| ()), Verdict::Likely, &[]);
    check(Method::Ssm, forwarding("0:80", |_, _| ()), Verdict::Likely, &[]);
}

/// An instance of the same VPC at 10.0.0.9, whose group lets this in on port 5432.
fn at(f: &mut Facts, forward: &mut Forward, ingress: &[GroupRule]) {
    let mut there = (*row("i-0d1e2f3a4b5c6d7e8", "db-1")).clone();
    there.vpc = f.instance.vpc.clone();
    there.private_ip = "10.0.0.9".parse().ok();
    let addresses = vec![("10.0.0.9".parse().unwrap(), None)];
    there.interfaces = vec![Interface { groups: vec!["sg-db".into()], addresses, ..Interface::default() }];
    forward.at = Some(Arc::new(there));
    let groups = [
        ("sg-db".into(), GroupRules { ingress: ingress.to_vec(), ..GroupRules::default() }),
        ("sg-0cc3".into(), GroupRules::default()),
    ];
    let known = f.instance.network.known().cloned().unwrap_or_default();
    f.instance.network = Fact::Known(Arc::new(Network { groups: Fact::Known(groups.into()), ..(*known).clone() }));
}

fn postgres(groups: &[&str], lists: &[&str]) -> GroupRule {
    GroupRule { ports: TcpPorts::Range(5432, 5432), ..rule(&[], groups, lists) }
}

const DATABASE: &str = "0:10.0.0.9:5432";

#[test]
fn the_group_of_an_instance_of_the_vpc_has_to_let_the_forwarding_in() {
    says(forwarding(DATABASE, |f, to| at(f, to, &[postgres(&["sg-0cc3"], &[])])), Method::Ssm, "forward-group-open PFWD-3 pass");
    says(forwarding(DATABASE, |f, to| at(f, to, &[])), Method::Ssm, "forward-group-closed PFWD-3 warn");
    says(
        forwarding(DATABASE, |f, to| at(f, to, &[postgres(&[], &["pl-1"])])),
        Method::Ssm,
        "forward-group-unclear PFWD-3 unknown",
    );
    is_silent(forwarding(DATABASE, |_, _| ()), Method::Ssm, "PFWD-3");
}

#[test]
fn sshd_leads_where_its_instance_reaches_whatever_an_agent_does() {
    let of = |to: &'static str, by, change: fn(&mut Facts, &mut Forward)| -> (Verdict, Vec<&'static str>) {
        let mut f = facts();
        forwarding(to, change)(&mut f);
        let forward = f.options.forward.take().unwrap();
        let (verdict, reasons) = forwarded(&f.instance, forward, by, NOW.parse().unwrap());
        (verdict, reasons.iter().map(|reason| reason.code).collect())
    };
    let old: fn(&mut Facts, &mut Forward) = |f, to| {
        with_agent(f, "3.1.1187.0");
        at(f, to, &[]);
    };

    assert_eq!(of(DATABASE, None, old), (Verdict::Blocked, vec!["forward-agent-too-old", "forward-group-closed"]));
    for by in [Method::Ssh, Method::Eic, Method::Eice, Method::SsmSsh] {
        let by = Some(by);
        assert_eq!(of(DATABASE, by, old), (Verdict::Likely, vec!["forward-group-closed"]));
        assert_eq!(of("0:169.254.169.254:80", by, |_, _| ()), (Verdict::Likely, vec![]));
    }
}

#[test]
fn a_port_of_this_computer_that_is_taken_is_told() {
    let taken = forwarding("5432:db.internal:5432", |_, to| to.taken = Some(5432));
    check(Method::Ssm, taken, Verdict::Blocked, &["forward-port-taken PFWD-4 fail"]);
}

/// Facts under which, taken together, each of these rules speaks.
pub(super) fn all_that_further_calls_tell() -> Vec<Change> {
    vec![
        Box::new(jump_elsewhere(|_| ())),
        Box::new(jump_elsewhere(|n| n.peerings = Fact::Known(Vec::new()))),
        Box::new(jump_elsewhere(|n| n.peerings = Fact::Known(vec![peering("deleted")]))),
        Box::new(jump_elsewhere(|n| routes(n, vec![internet(false)]))),
        Box::new(jump_elsewhere(|n| n.peerings = denied("ec2:DescribeVpcPeeringConnections"))),
        Box::new(jump_elsewhere(|n| {
            n.peerings = Fact::Known(Vec::new());
            routes(n, vec![through("tgw-1")]);
        })),
        Box::new(endpoint_elsewhere(|| Fact::Known(Vec::new()))),
        Box::new(with_list(true, "203.0.113.9")),
        Box::new(with_list(true, "198.51.100.7")),
        Box::new(with_list(false, "198.51.100.7")),
        Box::new(windows(|| Fact::Known(true), Some(RSA))),
        Box::new(windows(|| Fact::Known(true), None)),
        Box::new(windows(|| Fact::Known(false), Some(RSA))),
        Box::new(windows(|| denied("ec2:GetPasswordData"), Some(RSA))),
        Box::new(host_key_kept),
        Box::new(forwarding("0:db.internal:5432", |f, _| with_agent(f, "3.1.1187.0"))),
        Box::new(forwarding("0:db.internal:5432", |f, _| with_agent(f, "3.1.1188.0"))),
        Box::new(forwarding("0:169.254.169.254:80", |_, _| ())),
        Box::new(forwarding("0:10.0.0.1:80", |_, _| ())),
        Box::new(forwarding(DATABASE, |f, to| at(f, to, &[postgres(&["sg-0cc3"], &[])]))),
        Box::new(forwarding(DATABASE, |f, to| at(f, to, &[]))),
        Box::new(forwarding(DATABASE, |f, to| at(f, to, &[postgres(&[], &["pl-1"])]))),
        Box::new(forwarding("5432:db.internal:5432", |_, to| to.taken = Some(5432))),
    ]
}
