//! The network's rules (NET): groups, ACLs, routes and Block Public Access between this computer and the instance.

use super::*;
use crate::model::{
    AclEntry, Direction, Interface, NetworkAcl, PublicAccess, Route, RouteTable, RouteTarget, RouteTo, Subnet, Untrusted,
};

/// A VPC in which `web-1` can be reached from anywhere, as it is changed.
pub(super) fn in_network(change: impl Fn(&mut Network, &mut Facts)) -> impl Fn(&mut Facts) {
    move |f| {
        let interface = Interface {
            id: "eni-1".into(),
            subnet: Some("subnet-1".into()),
            groups: vec!["sg-0cc3".into()],
            addresses: vec![("10.0.0.1".parse().unwrap(), "3.36.112.8".parse().ok())],
            ipv6: vec!["2001:db8::1".parse().unwrap()],
            carrier: None,
        };
        f.instance.interfaces = vec![interface];
        f.options.order = vec![Method::Eic];
        let mut network = Network {
            endpoints: f.instance.network.known().map_or(Fact::Pending, |network| network.endpoints.clone()),
            groups: Fact::Known([("sg-0cc3".into(), group(&[rule(&["0.0.0.0/0", "::/0"], &[], &[])]))].into()),
            acls: Fact::Known(vec![acl(&[(Direction::In, true, TcpPorts::All), (Direction::Out, true, TcpPorts::All)])]),
            route_tables: Fact::Known(vec![table(vec![route("10.0.0.0/16", RouteTarget::Local), internet(false)])]),
            internet_gateways: Fact::Known(vec!["igw-1".into()]),
            subnets: Fact::Known([("subnet-1".into(), subnet("off"))].into()),
            ..Network::default()
        };
        change(&mut network, f);
        f.instance.network = Fact::Known(Arc::new(network));
    }
}

/// The same, seen from 203.0.113.9.
fn from_outside(change: impl Fn(&mut Network, &mut Facts)) -> impl Fn(&mut Facts) {
    in_network(move |network, f| {
        f.local.sources = vec!["203.0.113.9".parse().unwrap()];
        change(network, f);
    })
}

pub(super) fn rule(blocks: &[&str], groups: &[&str], lists: &[&str]) -> GroupRule {
    let texts = |texts: &[&str]| texts.iter().map(|text| Untrusted::from(*text)).collect();
    let blocks = blocks.iter().map(|block| block.parse().unwrap()).collect();
    GroupRule { ports: TcpPorts::Range(22, 22), blocks, groups: texts(groups), prefix_lists: texts(lists) }
}

fn group(ingress: &[GroupRule]) -> GroupRules {
    GroupRules { ingress: ingress.to_vec(), ..GroupRules::default() }
}

pub(super) fn lets_in(network: &mut Network, ingress: &[GroupRule]) {
    network.groups = Fact::Known([("sg-0cc3".into(), group(ingress))].into());
}

/// Entries numbered 100, 200 and so on, and the end of every ACL.
pub(super) fn acl(entries: &[(Direction, bool, TcpPorts)]) -> NetworkAcl {
    let entry = |number, direction, allows, ports| AclEntry {
        number,
        is_egress: direction == Direction::Out,
        allows,
        ports,
        block: "0.0.0.0/0".parse().unwrap(),
    };
    let own = entries.iter().zip(1..).map(|(&(direction, allows, ports), at)| entry(at * 100, direction, allows, ports));
    let last = [Direction::In, Direction::Out].map(|direction| entry(32767, direction, false, TcpPorts::All));
    NetworkAcl { id: "acl-1".into(), subnets: vec!["subnet-1".into()], entries: own.chain(last).collect() }
}

pub(super) fn route(to: &str, target: RouteTarget) -> Route {
    Route { to: RouteTo::Block(to.parse().unwrap()), target, is_blackhole: false }
}

pub(super) fn internet(is_blackhole: bool) -> Route {
    Route { is_blackhole, ..route("0.0.0.0/0", RouteTarget::Internet("igw-1".into())) }
}

pub(super) fn table(routes: Vec<Route>) -> RouteTable {
    RouteTable { id: "rtb-1".into(), is_main: true, subnets: Vec::new(), routes }
}

pub(super) fn routes(network: &mut Network, routes: Vec<Route>) {
    network.route_tables = Fact::Known(vec![table(routes)]);
}

pub(super) fn subnet(mode: &str) -> Subnet {
    Subnet { blocks: vec!["10.0.0.0/24".parse().unwrap()], public_access: Some(PublicAccess::from_word(mode)) }
}

pub(super) fn everything() -> [(Direction, bool, TcpPorts); 2] {
    [(Direction::In, true, TcpPorts::All), (Direction::Out, true, TcpPorts::All)]
}

#[track_caller]
fn eic(change: impl Fn(&mut Facts), verdict: Verdict, reasons: &[&str]) {
    check(Method::Eic, &change, verdict, reasons);
}

#[test]
fn an_open_network_is_in_nobodys_way() {
    eic(from_outside(|_, _| ()), Verdict::Likely, &[]);
    eic(in_network(|_, _| ()), Verdict::Likely, &[]);
    check(Method::Ssh, from_outside(|_, _| ()), Verdict::Likely, &[]);
}

#[test]
fn the_groups_have_to_let_the_source_in() {
    let closed = &["net-group-closed NET-1 fail"];
    eic(from_outside(|n, _| lets_in(n, &[rule(&["198.51.100.0/24"], &[], &[])])), Verdict::Blocked, closed);
    eic(from_outside(|n, _| lets_in(n, &[rule(&["203.0.113.0/24"], &[], &[])])), Verdict::Likely, &[]);
    eic(from_outside(|n, _| lets_in(n, &[rule(&["::/0"], &[], &[])])), Verdict::Blocked, closed);
    eic(from_outside(|n, _| lets_in(n, &[rule(&[], &["sg-0cc3"], &[])])), Verdict::Blocked, closed);
    eic(from_outside(|n, _| lets_in(n, &[])), Verdict::Blocked, closed);
}

#[test]
fn without_the_source_only_what_lets_nobody_in_is_closed() {
    eic(in_network(|n, _| lets_in(n, &[rule(&["198.51.100.0/24"], &[], &[])])), Verdict::Likely, &[]);
    eic(in_network(|n, _| lets_in(n, &[rule(&[], &[], &["pl-1"])])), Verdict::Likely, &[]);
    let shut = &["net-group-shut NET-1 fail"];
    eic(in_network(|n, _| lets_in(n, &[rule(&[], &["sg-0cc3"], &[])])), Verdict::Blocked, shut);
    eic(in_network(|n, _| lets_in(n, &[rule(&["2001:db8::/32"], &[], &[])])), Verdict::Blocked, shut);
    eic(in_network(|n, _| lets_in(n, &[])), Verdict::Blocked, shut);
}

#[test]
fn a_prefix_list_counts_where_it_was_read_and_is_an_open_question_where_not() {
    let listed = |n: &mut Network| lets_in(n, &[rule(&[], &[], &["pl-1"])]);
    let read = |n: &mut Network, block: &str| {
        listed(n);
        n.prefix_lists = [("pl-1".into(), Fact::Known(vec![block.parse().unwrap()]))].into();
    };
    eic(from_outside(|n, _| listed(n)), Verdict::Unknown, &["net-list-unread NET-2 unknown"]);
    eic(from_outside(move |n, _| read(n, "203.0.113.0/24")), Verdict::Likely, &[]);
    eic(from_outside(move |n, _| read(n, "198.51.100.0/24")), Verdict::Blocked, &["net-group-closed NET-1 fail"]);
    let denied_list = |n: &mut Network| {
        listed(n);
        n.prefix_lists = [("pl-1".into(), denied("ec2:GetManagedPrefixListEntries"))].into();
    };
    eic(from_outside(move |n, _| denied_list(n)), Verdict::Unknown, &["net-list-unread NET-2 unknown"]);
}

#[test]
fn groups_that_were_not_told_never_close_a_way() {
    let unseen = &["net-groups-unseen NET-1 unknown"];
    eic(from_outside(|n, _| n.groups = denied("ec2:DescribeSecurityGroups")), Verdict::Unknown, unseen);
    eic(in_network(|n, _| n.groups = denied("ec2:DescribeSecurityGroups")), Verdict::Likely, &[]);
    eic(from_outside(|n, _| n.groups = Fact::Pending), Verdict::Unknown, &["net-groups-pending NET-1 unknown"]);
    eic(in_network(|n, _| n.groups = Fact::Pending), Verdict::Likely, &[]);
    let without_groups = from_outside(|_, f| f.instance.interfaces[0].groups.clear());
    eic(without_groups, Verdict::Unknown, &["net-group-unread NET-1 unknown"]);
    let of_another_account = from_outside(|n, _| n.groups = Fact::Known([].into()));
    eic(of_another_account, Verdict::Unknown, &["net-group-unread NET-1 unknown"]);
}

/// What was read at `told` is refused now.
fn refuse<T: Clone + PartialEq>(fact: &mut Fact<T>, action: &'static str, told: &str) {
    *fact = denied(action).lately_over(fact, told.parse().unwrap(), NOW.parse().unwrap());
}

#[test]
fn the_age_of_what_is_refused_now_is_told_and_keeps_a_way_from_being_proven() {
    let groups = |n: &mut Network| refuse(&mut n.groups, "ec2:DescribeSecurityGroups", "2026-11-21T09:58:00Z");
    let kept = &["net-kept NET-1 unknown"];

    eic(from_outside(move |n, _| groups(n)), Verdict::Likely, kept);
    let routes = from_outside(|n, _| refuse(&mut n.route_tables, "ec2:DescribeRouteTables", "2026-11-21T09:58:00Z"));
    eic(routes, Verdict::Likely, kept);
    let closed = from_outside(move |n, _| {
        lets_in(n, &[]);
        groups(n);
    });
    eic(closed, Verdict::Blocked, &["net-group-closed NET-1 fail", "net-kept NET-1 unknown"]);
    let long_ago = from_outside(|n, _| {
        lets_in(n, &[]);
        refuse(&mut n.groups, "ec2:DescribeSecurityGroups", "2026-11-21T09:40:00Z");
    });
    eic(long_ago, Verdict::Unknown, &["net-groups-unseen NET-1 unknown"]);
}

#[test]
fn on_a_private_path_a_group_is_closed_only_where_the_port_is_open_to_nobody() {
    let private = |ingress: Vec<GroupRule>| {
        from_outside(move |n, f| {
            only_private(f);
            f.options.address = AddressChoice::Private;
            f.options.address_is_forced = true;
            lets_in(n, &ingress);
        })
    };
    check(Method::Ssh, private(vec![rule(&["192.168.0.0/16"], &[], &[])]), Verdict::Likely, &[]);
    check(Method::Ssh, private(vec![rule(&[], &["sg-x"], &[])]), Verdict::Likely, &[]);
    check(Method::Ssh, private(vec![]), Verdict::Blocked, &["net-group-shut NET-1 fail"]);
}

#[test]
fn the_acl_lets_the_packet_in_and_its_reply_out() {
    let with = |entries: Vec<(Direction, bool, TcpPorts)>| from_outside(move |n, _| n.acls = Fact::Known(vec![acl(&entries)]));
    let [inbound, outbound] = everything();
    let deny_ssh = (Direction::In, false, TcpPorts::Range(22, 22));
    let some = (Direction::Out, true, TcpPorts::Range(32768, 60999));

    eic(with(vec![deny_ssh, inbound, outbound]), Verdict::Blocked, &["net-acl-shut NET-6 fail"]);
    eic(with(vec![outbound]), Verdict::Blocked, &["net-acl-shut NET-6 fail"]);
    eic(with(vec![inbound]), Verdict::Blocked, &["net-acl-out NET-7 fail"]);
    eic(with(vec![inbound, some]), Verdict::Likely, &["net-acl-out-partly NET-7 warn"]);
    let from_elsewhere = from_outside(|n, _| {
        let mut own = acl(&everything());
        own.entries[0].block = "198.51.100.0/24".parse().unwrap();
        n.acls = Fact::Known(vec![own]);
    });
    eic(from_elsewhere, Verdict::Blocked, &["net-acl-in NET-6 fail"]);
    eic(from_outside(|n, _| n.acls = denied("ec2:DescribeNetworkAcls")), Verdict::Likely, &[]);
    eic(in_network(|n, _| n.acls = Fact::Known(vec![acl(&[])])), Verdict::Blocked, &["net-acl-shut NET-6 fail"]);
    eic(from_outside(|n, _| n.acls = Fact::Known(Vec::new())), Verdict::Likely, &[]);
}

#[test]
fn the_reply_leaves_by_an_internet_gateway() {
    let with = |own: Vec<Route>| from_outside(move |n, _| routes(n, own.clone()));
    let none = &["net-route-none NET-8 fail"];
    let default = |target| vec![route("0.0.0.0/0", target)];

    eic(with(vec![]), Verdict::Blocked, none);
    eic(with(default(RouteTarget::Nat("nat-1".into()))), Verdict::Blocked, none);
    eic(with(default(RouteTarget::Other("tgw-1".into()))), Verdict::Unknown, &["net-route-elsewhere NET-8 unknown"]);
    eic(with(default(RouteTarget::Interface("eni-9".into()))), Verdict::Unknown, &["net-route-elsewhere NET-8 unknown"]);
    let halves = vec![
        route("0.0.0.0/1", RouteTarget::Internet("igw-1".into())),
        route("128.0.0.0/1", RouteTarget::Internet("igw-1".into())),
    ];
    eic(with(halves), Verdict::Likely, &[]);
    let longer = vec![internet(false), route("203.0.113.0/24", RouteTarget::Nat("nat-1".into()))];
    eic(with(longer), Verdict::Blocked, none);
    let both = &["net-route-none NET-8 fail", "net-gateway-detached NET-9 fail"];
    eic(with(vec![internet(true)]), Verdict::Blocked, both);
    eic(from_outside(|n, _| n.internet_gateways = Fact::Known(Vec::new())), Verdict::Blocked, both);
    eic(from_outside(|n, _| n.internet_gateways = denied("ec2:DescribeInternetGateways")), Verdict::Likely, &[]);
    let unseen = &["net-routes-unseen NET-8 unknown"];
    eic(from_outside(|n, _| n.route_tables = denied("ec2:DescribeRouteTables")), Verdict::Unknown, unseen);
    let of_another_account = from_outside(|n, _| n.route_tables = Fact::Known(Vec::new()));
    eic(of_another_account, Verdict::Unknown, &["net-table-unread NET-8 unknown"]);
    let listed = vec![internet(false), Route { to: RouteTo::List("pl-1".into()), ..internet(false) }];
    eic(with(listed), Verdict::Unknown, &["net-route-list-unread NET-8 unknown"]);
}

#[test]
fn without_the_source_a_subnet_is_not_public_where_no_route_may_lead_out() {
    let with = |own: Vec<Route>| in_network(move |n, _| routes(n, own.clone()));
    let none = &["net-route-none NET-8 fail"];

    eic(with(vec![route("0.0.0.0/0", RouteTarget::Nat("nat-1".into()))]), Verdict::Blocked, none);
    eic(with(vec![route("::/0", RouteTarget::Internet("igw-1".into()))]), Verdict::Blocked, none);
    eic(with(vec![route("0.0.0.0/0", RouteTarget::Other("tgw-1".into()))]), Verdict::Likely, &[]);
    eic(with(vec![route("203.0.113.0/24", RouteTarget::Internet("igw-1".into()))]), Verdict::Likely, &[]);
    eic(in_network(|n, _| n.route_tables = denied("ec2:DescribeRouteTables")), Verdict::Likely, &[]);
}

#[test]
fn block_public_access_keeps_the_internet_out() {
    let with = |mode: &'static str| in_network(move |n, _| n.subnets = Fact::Known([("subnet-1".into(), subnet(mode))].into()));
    let blocked = &["net-public-access NET-10 fail"];

    eic(with("block-ingress"), Verdict::Blocked, blocked);
    eic(with("block-bidirectional"), Verdict::Blocked, blocked);
    eic(with("off"), Verdict::Likely, &[]);
    eic(with("a-word-of-tomorrow"), Verdict::Likely, &[]);
    eic(in_network(|n, _| n.subnets = denied("ec2:DescribeSubnets")), Verdict::Likely, &[]);
}

#[test]
fn the_interface_of_the_address_decides_and_not_the_instance() {
    let second = |address: &'static str| {
        from_outside(move |n, f| {
            let mut other = f.instance.interfaces[0].clone();
            (other.id, other.groups) = ("eni-2".into(), vec!["sg-closed".into()]);
            other.addresses = vec![("10.0.9.9".parse().unwrap(), address.parse().ok())];
            f.instance.interfaces.insert(0, other);
            let groups = [("sg-0cc3".into(), group(&[rule(&["0.0.0.0/0"], &[], &[])])), ("sg-closed".into(), group(&[]))];
            n.groups = Fact::Known(groups.into());
        })
    };
    eic(second("198.51.100.7"), Verdict::Likely, &[]);
    eic(second("3.36.112.8"), Verdict::Blocked, &["net-group-closed NET-1 fail"]);
    let unknown = from_outside(|n, f| {
        f.instance.interfaces.clear();
        lets_in(n, &[]);
    });
    eic(unknown, Verdict::Unknown, &["net-interface-unread NET-1 unknown"]);
    eic(in_network(|_, f| f.instance.interfaces.clear()), Verdict::Likely, &[]);
}

#[test]
fn an_endpoint_is_let_in_by_a_block_that_holds_its_subnet() {
    let with = |block: &'static str| {
        in_network(move |n, _| {
            let Fact::Known(all) = &mut n.endpoints else { panic!("no endpoints") };
            for endpoint in all {
                endpoint.subnet = Some("subnet-1".into());
            }
            let out = GroupRules { egress: vec![rule(&["0.0.0.0/0"], &[], &[])], ..GroupRules::default() };
            n.groups = Fact::Known([("sg-0cc3".into(), group(&[rule(&[block], &[], &[])])), ("sg-eice".into(), out)].into());
        })
    };
    check(Method::Eice, with("10.0.0.0/16"), Verdict::Likely, &[]);
    check(Method::Eice, with("10.7.0.0/16"), Verdict::Blocked, &["eice-group-closed EICE-6 fail"]);
    check(Method::Eice, with("10.0.0.7/32"), Verdict::Unknown, &["eice-group-unclear EICE-6 unknown"]);
}

/// An ACL of the other subnet, in which an endpoint or a jump host is: it lets nothing out, or keeps replies.
fn another_subnet(network: &mut Network, lets_out: bool) {
    let mut other = acl(&everything()[if lets_out { 1 } else { 0 }..][..1]);
    (other.id, other.subnets) = ("acl-2".into(), vec!["subnet-2".into()]);
    network.acls = Fact::Known(vec![acl(&everything()), other]);
    let blocks = Subnet { blocks: vec!["10.0.2.0/24".parse().unwrap()], public_access: None };
    network.subnets = Fact::Known([("subnet-1".into(), subnet("off")), ("subnet-2".into(), blocks)].into());
}

fn by_endpoint(lets_out: bool) -> impl Fn(&mut Facts) {
    in_network(move |n, _| {
        another_subnet(n, lets_out);
        let Fact::Known(all) = &mut n.endpoints else { panic!("no endpoints") };
        for endpoint in all {
            endpoint.subnet = Some("subnet-2".into());
        }
        let all = || vec![rule(&["0.0.0.0/0"], &[], &[])];
        let out = GroupRules { egress: all(), ..GroupRules::default() };
        n.groups = Fact::Known([("sg-0cc3".into(), group(&all())), ("sg-eice".into(), out)].into());
    })
}

fn by_jump_host(lets_out: bool) -> impl Fn(&mut Facts) {
    in_network(move |n, f| {
        another_subnet(n, lets_out);
        let mut instance = (*row("i-0c41d2a9be7730f12", "bastion")).clone();
        (instance.vpc, instance.private_ip) = (f.instance.vpc.clone(), "10.0.2.10".parse().ok());
        instance.security_groups[0].id = "sg-jump".into();
        let addresses = vec![("10.0.2.10".parse().unwrap(), None)];
        instance.interfaces = vec![Interface { subnet: Some("subnet-2".into()), addresses, ..Interface::default() }];
        let way = Some((Method::SsmSsh, Verdict::Likely));
        f.options.jump = Jump::Through(Arc::new(crate::access::JumpHost { instance, way, jump: Jump::None }));
        let all = || vec![rule(&["0.0.0.0/0"], &[], &[])];
        let out = GroupRules { egress: all(), ..GroupRules::default() };
        n.groups = Fact::Known([("sg-0cc3".into(), group(&all())), ("sg-jump".into(), out)].into());
    })
}

#[test]
fn between_two_subnets_the_acls_decide_for_endpoints_and_jump_hosts() {
    check(Method::Eice, by_endpoint(false), Verdict::Blocked, &["eice-acl EICE-9 fail"]);
    check(Method::Eice, by_endpoint(true), Verdict::Blocked, &["eice-acl-replies EICE-9 fail"]);
    check(Method::Ssh, by_jump_host(false), Verdict::Blocked, &["jump-acl BAST-5 fail"]);
    check(Method::Ssh, by_jump_host(true), Verdict::Blocked, &["jump-acl-replies BAST-5 fail"]);
}

#[test]
fn who_reads_one_instance_is_told_what_holds_and_what_cannot_be_seen() {
    let mut facts = facts();
    in_network(|n, _| lets_in(n, &[rule(&["198.51.100.0/24"], &[], &[])]))(&mut facts);
    let told = |facts: &Facts| -> Vec<String> {
        let ways = examined(&facts.instance, &facts.options, &facts.local, NOW.parse().unwrap());
        let way = ways.way(Method::Eic).unwrap();
        way.reasons.iter().chain(&way.passes).map(|r| format!("{} {} {}", r.code, r.rule, r.outcome.word())).collect()
    };

    assert!(told(&facts).contains(&"net-source-unknown NET-3 unknown".to_owned()), "{:?}", told(&facts));
    assert!(told(&facts).contains(&"net-route-public NET-8 pass".to_owned()), "{:?}", told(&facts));
    from_outside(|_, _| ())(&mut facts);
    for holds in
        ["net-group-open NET-1 pass", "net-acl-open NET-6 pass", "net-acl-replies NET-7 pass", "net-open-to-all NET-4 warn"]
    {
        assert!(told(&facts).contains(&holds.to_owned()), "{holds}: {:?}", told(&facts));
    }
    assert!(facts.ways().list.iter().all(|way| way.passes.is_empty()), "nobody asked for them");
}

#[test]
fn what_else_is_told_of_a_network() {
    let told = |change: &dyn Fn(&mut Facts), method: Method| -> Vec<String> {
        let mut facts = facts();
        change(&mut facts);
        let ways = facts.examined();
        let way = ways.way(method).unwrap();
        way.reasons.iter().chain(&way.passes).map(|r| format!("{} {} {}", r.code, r.rule, r.outcome.word())).collect()
    };
    let off = told(&from_outside(|_, _| ()), Method::Eic);
    assert!(off.contains(&"net-public-access-off NET-10 pass".to_owned()), "{off:?}");
    let odd = in_network(|n, _| n.subnets = Fact::Known([("subnet-1".into(), subnet("odd"))].into()));
    let odd = told(&odd, Method::Eic);
    assert!(odd.contains(&"net-public-access-unknown NET-10 unknown".to_owned()), "{odd:?}");
    let denied_subnets = told(&in_network(|n, _| n.subnets = denied("ec2:DescribeSubnets")), Method::Eic);
    assert!(denied_subnets.contains(&"net-public-access-unseen NET-10 unknown".to_owned()), "{denied_subnets:?}");
    let unseen = told(&from_outside(|n, _| n.acls = denied("ec2:DescribeNetworkAcls")), Method::Eic);
    assert!(unseen.contains(&"net-acls-unseen NET-6 unknown".to_owned()), "{unseen:?}");
    let private = from_outside(|_, f| {
        only_private(f);
        (f.options.address, f.options.address_is_forced) = (AddressChoice::Private, true);
    });
    let private = told(&private, Method::Ssh);
    assert!(private.contains(&"net-group-open-to-some NET-1 pass?".to_owned()), "{private:?}");
}

/// Facts under which, taken together, every rule of the network speaks.
pub(super) fn all_kinds_of_paths() -> Vec<Change> {
    let inside = |change: fn(&mut Network, &mut Facts)| -> Change { Box::new(in_network(change)) };
    let outside = |change: fn(&mut Network, &mut Facts)| -> Change { Box::new(from_outside(change)) };
    vec![
        outside(|_, _| ()),
        inside(|n, _| lets_in(n, &[rule(&["198.51.100.0/24"], &[], &[])])),
        inside(|n, _| lets_in(n, &[])),
        inside(|_, f| f.instance.interfaces.clear()),
        outside(|n, _| lets_in(n, &[])),
        outside(|n, _| lets_in(n, &[rule(&[], &[], &["pl-1"])])),
        outside(|n, _| n.groups = denied("ec2:DescribeSecurityGroups")),
        outside(|n, _| n.groups = Fact::Pending),
        outside(|n, _| refuse(&mut n.groups, "ec2:DescribeSecurityGroups", "2026-11-21T09:58:00Z")),
        outside(|n, _| n.groups = Fact::Known([].into())),
        outside(|n, _| n.subnets = denied("ec2:DescribeSubnets")),
        outside(|n, _| n.acls = denied("ec2:DescribeNetworkAcls")),
        outside(|n, _| n.acls = Fact::Pending),
        outside(|n, _| n.acls = Fact::Known(vec![acl(&[])])),
        outside(|n, _| n.acls = Fact::Known(vec![acl(&[everything()[0]])])),
        outside(|n, _| n.acls = Fact::Known(vec![acl(&[everything()[0], (Direction::Out, true, TcpPorts::Range(1024, 2000))])])),
        outside(|n, _| {
            let mut own = acl(&everything());
            own.entries[0].block = "198.51.100.0/24".parse().unwrap();
            n.acls = Fact::Known(vec![own]);
        }),
        outside(|n, _| routes(n, vec![])),
        outside(|n, _| routes(n, vec![internet(true)])),
        outside(|n, _| routes(n, vec![route("0.0.0.0/0", RouteTarget::Other("tgw-1".into()))])),
        outside(|n, _| routes(n, vec![Route { to: RouteTo::List("pl-1".into()), ..internet(false) }])),
        outside(|n, _| n.route_tables = denied("ec2:DescribeRouteTables")),
        outside(|n, _| n.route_tables = Fact::Pending),
        outside(|n, _| n.route_tables = Fact::Known(Vec::new())),
        outside(|n, _| n.subnets = Fact::Known([("subnet-1".into(), subnet("block-ingress"))].into())),
        outside(|n, _| n.subnets = Fact::Known([("subnet-1".into(), subnet("odd"))].into())),
        outside(|_, f| {
            only_private(f);
            (f.options.address, f.options.address_is_forced) = (AddressChoice::Private, true);
        }),
        Box::new(|f| (f.options.address, f.local.routes) = (AddressChoice::Private, Some(vec!["10.0.0.0/8".parse().unwrap()]))),
        Box::new(|f| (f.instance.public_ip, f.local.has_ipv6) = (None, Some(true))),
        Box::new(by_endpoint(false)),
        Box::new(by_endpoint(true)),
        Box::new(by_jump_host(false)),
        Box::new(by_jump_host(true)),
    ]
}
