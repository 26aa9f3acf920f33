//! The way of the agent to Systems Manager (SSM-13 to SSM-17): endpoints, gateways, groups, ACLs and names.

use super::network::{acl, everything, internet, route, routes, subnet, table};
use super::*;
use crate::model::{Direction, Interface, NatGateway, Route, RouteTarget, RouteTo, Subnet, Untrusted, VpcDns, VpcEndpoint};

/// An instance that never registered, in a subnet from which nothing but the endpoints of its VPC can be reached; nothing is in its way.
pub(super) fn inside(change: impl Fn(&mut Network, &mut Facts)) -> impl Fn(&mut Facts) {
    move |f| {
        unregistered(f);
        f.instance.instance_profile = Some("web-profile".into());
        f.instance.role = role(Grant::Sessions);
        let interface = Interface {
            id: "eni-1".into(),
            subnet: Some("subnet-1".into()),
            groups: vec!["sg-0cc3".into()],
            addresses: vec![("10.0.0.1".parse().unwrap(), None)],
            ipv6: Vec::new(),
            carrier: None,
        };
        f.instance.interfaces = vec![interface];
        let own = GroupRules { egress: vec![https(&["0.0.0.0/0"], &[])], ..GroupRules::default() };
        let its = GroupRules { ingress: vec![https(&["10.0.0.0/16"], &[])], ..GroupRules::default() };
        let mut network = Network {
            endpoints: f.instance.network.known().map_or(Fact::Pending, |network| network.endpoints.clone()),
            groups: Fact::Known([("sg-0cc3".into(), own), ("sg-vpce".into(), its)].into()),
            acls: Fact::Known(vec![acl(&everything())]),
            route_tables: Fact::Known(vec![table(vec![route("10.0.0.0/16", RouteTarget::Local)])]),
            internet_gateways: Fact::Known(vec!["igw-1".into()]),
            subnets: Fact::Known([("subnet-1".into(), subnet("off")), ("subnet-2".into(), second())].into()),
            vpc_endpoints: Fact::Known(vec![vpce("ssm"), vpce("ssmmessages")]),
            nat_gateways: Fact::Known(Vec::new()),
            dns: Fact::Known(VpcDns { has_support: true, has_hostnames: true }),
            ..Network::default()
        };
        change(&mut network, f);
        f.instance.network = Fact::Known(Arc::new(network));
    }
}

/// The same in a VPC without endpoints, whose subnet leads to the internet by this target.
fn outside(target: RouteTarget, change: impl Fn(&mut Network, &mut Facts)) -> impl Fn(&mut Facts) {
    inside(move |n, f| {
        n.vpc_endpoints = Fact::Known(Vec::new());
        routes(n, vec![route("10.0.0.0/16", RouteTarget::Local), route("0.0.0.0/0", target.clone())]);
        change(n, f);
    })
}

/// Behind a NAT gateway in a public subnet.
fn behind_nat(change: impl Fn(&mut Network, &mut Facts)) -> impl Fn(&mut Facts) {
    outside(RouteTarget::Nat("nat-1".into()), move |n, f| {
        let mut public = table(vec![internet(false)]);
        (public.id, public.is_main, public.subnets) = ("rtb-2".into(), false, vec!["subnet-2".into()]);
        if let Fact::Known(tables) = &mut n.route_tables {
            tables.push(public);
        }
        n.nat_gateways = Fact::Known(vec![nat()]);
        change(n, f);
    })
}

fn with_public_address(f: &mut Facts) {
    f.instance.interfaces[0].addresses[0].1 = "3.36.112.8".parse().ok();
}

fn gateway() -> RouteTarget {
    RouteTarget::Internet("igw-1".into())
}

fn nat() -> NatGateway {
    NatGateway { id: "nat-1".into(), subnet: Some("subnet-2".into()), state: "available".into(), is_public: true }
}

fn second() -> Subnet {
    Subnet { blocks: vec!["10.0.2.0/24".parse().unwrap()], public_access: subnet("off").public_access }
}

fn vpce(service: &str) -> VpcEndpoint {
    VpcEndpoint {
        id: format!("vpce-{service}").into(),
        service: format!("com.amazonaws.ap-northeast-2.{service}").into(),
        is_interface: true,
        state: "available".into(),
        has_private_dns: true,
        groups: vec!["sg-vpce".into()],
        subnets: vec!["subnet-2".into()],
        is_open: Some(true),
    }
}

fn https(blocks: &[&str], groups: &[&str]) -> GroupRule {
    let blocks = blocks.iter().map(|block| block.parse().unwrap()).collect();
    let groups = groups.iter().map(|group| Untrusted::from(*group)).collect();
    GroupRule { ports: TcpPorts::Range(443, 443), blocks, groups, prefix_lists: Vec::new() }
}

fn lets_out(network: &mut Network, egress: &[GroupRule]) {
    let Fact::Known(groups) = &mut network.groups else { panic!("not known") };
    groups.entry("sg-0cc3".into()).or_default().egress = egress.to_vec();
}

fn admits(network: &mut Network, ingress: &[GroupRule]) {
    let Fact::Known(groups) = &mut network.groups else { panic!("not known") };
    groups.entry("sg-vpce".into()).or_default().ingress = ingress.to_vec();
}

fn every_endpoint(network: &mut Network, change: impl Fn(&mut VpcEndpoint)) {
    let Fact::Known(all) = &mut network.vpc_endpoints else { panic!("not known") };
    all.iter_mut().for_each(change);
}

const UNREGISTERED: &str = "ssm-not-registered SSM-1 fail";

/// What is said besides that it is not registered: what fails before, the rest after that.
#[track_caller]
fn says(change: impl Fn(&mut Facts), failed: &[&str], others: &[&str]) {
    let all: Vec<&str> = failed.iter().chain([&UNREGISTERED]).chain(others).copied().collect();
    check(Method::Ssm, &change, Verdict::Blocked, &all);
}

#[test]
fn endpoints_that_let_the_agent_in_are_in_nobodys_way() {
    says(inside(|_, _| ()), &[], &[]);
    says(inside(|n, _| admits(n, &[https(&[], &["sg-0cc3"])])), &[], &[]);
    says(inside(|n, _| lets_out(n, &[https(&[], &["sg-vpce"])])), &[], &[]);
}

#[test]
fn the_group_of_an_endpoint_has_to_let_the_agent_in() {
    says(inside(|n, _| admits(n, &[https(&["10.9.0.0/16"], &[])])), &["ssm-endpoint-closed SSM-15 fail"], &[]);
    let unclear = &["ssm-endpoint-unclear SSM-15 unknown"];
    says(inside(|n, _| every_endpoint(n, |own| own.groups = vec!["sg-other".into()])), &[], unclear);
    says(inside(|n, _| every_endpoint(n, |own| own.groups.clear())), &[], unclear);
    let listed = GroupRule { prefix_lists: vec!["pl-1".into()], ..https(&[], &[]) };
    says(inside(move |n, _| admits(n, std::slice::from_ref(&listed))), &[], unclear);
    // A name that leads to an endpoint leads nowhere else.
    let besides = behind_nat(|n, _| {
        n.vpc_endpoints = Fact::Known(vec![vpce("ssm"), vpce("ssmmessages")]);
        admits(n, &[]);
    });
    says(besides, &["ssm-endpoint-closed SSM-15 fail"], &[]);
}

#[test]
fn a_service_without_an_endpoint_needs_another_path() {
    let one = |n: &mut Network, _: &mut Facts| n.vpc_endpoints = Fact::Known(vec![vpce("ssm")]);
    says(inside(one), &["ssm-no-path SSM-13 fail"], &[]);
    says(behind_nat(one), &[], &[]);
    says(inside(|n, _| n.vpc_endpoints = Fact::Known(Vec::new())), &["ssm-no-path SSM-13 fail"], &[]);
    let mut of_one = facts();
    inside(one)(&mut of_one);
    let ways = of_one.ways();
    let reason = ways.way(Method::Ssm).unwrap().reasons.iter().find(|reason| reason.code == "ssm-no-path").unwrap();
    assert!(reason.values.contains(&("services", "ssmmessages".to_owned())), "{:?}", reason.values);
}

#[test]
fn an_endpoint_that_does_not_carry_is_none() {
    let pending = |n: &mut Network, _: &mut Facts| every_endpoint(n, |own| own.state = "pending".into());
    let gone = &["ssm-endpoint-unavailable SSM-13 warn", "ssm-endpoint-unavailable SSM-13 warn"];
    says(inside(pending), &["ssm-no-path SSM-13 fail"], gone);
    says(inside(|n, _| every_endpoint(n, |own| own.state = "Available".into())), &[], &[]);
    says(inside(|n, _| every_endpoint(n, |own| own.is_interface = false)), &["ssm-no-path SSM-13 fail"], &[]);
}

#[test]
fn a_name_has_to_lead_to_the_endpoint() {
    let nameless = |n: &mut Network, _: &mut Facts| n.vpc_endpoints = Fact::Known(vec![vpce("ssm"), unnamed("ssmmessages")]);
    says(inside(nameless), &["ssm-endpoint-no-name SSM-16 fail"], &[]);
    says(behind_nat(nameless), &[], &["ssm-endpoint-no-name SSM-16 warn"]);
    for (has_support, has_hostnames) in [(false, true), (true, false), (false, false)] {
        let off = move |n: &mut Network, _: &mut Facts| {
            n.vpc_endpoints = Fact::Known(vec![vpce("ssm"), vpce("ssmmessages")]);
            n.dns = Fact::Known(VpcDns { has_support, has_hostnames });
        };
        says(inside(off), &["ssm-vpc-dns-off SSM-16 fail"], &[]);
        says(behind_nat(off), &[], &["ssm-vpc-dns-off SSM-16 warn"]);
    }
    says(inside(|n, _| n.dns = denied("ec2:DescribeVpcAttribute")), &[], &["ssm-vpc-dns-unseen SSM-16 unknown"]);
}

fn unnamed(service: &str) -> VpcEndpoint {
    VpcEndpoint { has_private_dns: false, ..vpce(service) }
}

#[test]
fn a_policy_of_an_endpoint_is_told() {
    says(inside(|n, _| every_endpoint(n, |own| own.is_open = Some(false))), &[], &["ssm-endpoint-policy SSM-17 warn"]);
    says(inside(|n, _| every_endpoint(n, |own| own.is_open = None)), &[], &[]);
}

#[test]
fn the_internet_is_reached_with_a_public_address_or_through_a_nat_gateway() {
    let none = &["ssm-no-path SSM-13 fail"];
    says(outside(gateway(), |_, f| with_public_address(f)), &[], &[]);
    says(outside(gateway(), |_, _| ()), none, &[]);
    says(behind_nat(|_, _| ()), &[], &[]);
    says(outside(RouteTarget::EgressOnly("eigw-1".into()), |_, _| ()), none, &[]);
    let detached = outside(gateway(), |n, f| {
        with_public_address(f);
        n.internet_gateways = Fact::Known(Vec::new());
    });
    says(detached, none, &[]);
    let gone = outside(gateway(), |n, f| {
        with_public_address(f);
        routes(n, vec![internet(true)]);
    });
    says(gone, none, &[]);
    let halves = inside(|n, f| {
        with_public_address(f);
        n.vpc_endpoints = Fact::Known(Vec::new());
        routes(n, vec![route("0.0.0.0/1", gateway()), route("128.0.0.0/1", gateway())]);
    });
    says(halves, &[], &[]);
}

#[test]
fn a_nat_gateway_has_to_work_and_to_be_in_a_public_subnet() {
    let with = |own: NatGateway| behind_nat(move |n, _| n.nat_gateways = Fact::Known(vec![own.clone()]));
    let (none, elsewhere) = (&["ssm-no-path SSM-13 fail"], &["ssm-path-elsewhere SSM-13 unknown"]);

    says(with(NatGateway { state: "failed".into(), ..nat() }), none, &[]);
    says(with(NatGateway { subnet: Some("subnet-1".into()), ..nat() }), none, &[]);
    says(with(NatGateway { is_public: false, ..nat() }), &[], elsewhere);
    says(with(NatGateway { subnet: None, ..nat() }), &[], elsewhere);
    says(with(NatGateway { id: "nat-9".into(), ..nat() }), &[], elsewhere);
    says(behind_nat(|n, _| n.nat_gateways = denied("ec2:DescribeNatGateways")), &[], &["ssm-nat-unseen SSM-13 unknown"]);
}

#[test]
fn what_lies_behind_another_network_is_not_visible_and_no_no() {
    let elsewhere = &["ssm-path-elsewhere SSM-13 unknown"];
    for target in
        [RouteTarget::Other("tgw-1".into()), RouteTarget::Interface("eni-9".into()), RouteTarget::Other("vpce-gwlb".into())]
    {
        says(outside(target, |_, _| ()), &[], elsewhere);
    }
    let with = |own: Route| {
        inside(move |n, _| {
            n.vpc_endpoints = Fact::Known(Vec::new());
            routes(n, vec![own.clone()]);
        })
    };
    // Endpoints of another VPC may be there.
    says(with(route("10.9.0.0/16", RouteTarget::Other("pcx-1".into()))), &[], elsewhere);
    let lost = Route { is_blackhole: true, ..route("10.9.0.0/16", RouteTarget::Other("pcx-1".into())) };
    says(with(lost), &["ssm-no-path SSM-13 fail"], &[]);
    // The list of a gateway endpoint is S3's.
    let to_s3 = Route { to: RouteTo::List("pl-s3".into()), ..route("10.0.0.0/8", RouteTarget::Other("vpce-s3".into())) };
    says(with(to_s3), &["ssm-no-path SSM-13 fail"], &[]);
    let of_ipv6 = outside(RouteTarget::EgressOnly("eigw-1".into()), |n, f| {
        f.instance.interfaces[0].ipv6 = vec!["2001:db8::1".parse().unwrap()];
        routes(n, vec![route("::/0", RouteTarget::EgressOnly("eigw-1".into()))]);
    });
    says(of_ipv6, &[], elsewhere);
}

#[test]
fn block_public_access_keeps_packets_in() {
    let mode = |of: &'static str, word: &'static str| {
        move |n: &mut Network| {
            let Fact::Known(subnets) = &mut n.subnets else { panic!("not known") };
            subnets.insert(of.into(), subnet(word));
        }
    };
    let blocked = &["ssm-public-access NET-10 fail"];
    for word in ["block-ingress", "block-bidirectional"] {
        let own = mode("subnet-1", word);
        let by_address = outside(gateway(), move |n, f| {
            with_public_address(f);
            own(n);
        });
        says(by_address, blocked, &[]);
    }
    let (both, ingress) = (mode("subnet-2", "block-bidirectional"), mode("subnet-2", "block-ingress"));
    says(behind_nat(move |n, _| both(n)), blocked, &[]);
    says(behind_nat(move |n, _| ingress(n)), &[], &[]);
}

#[test]
fn groups_and_acls_have_to_let_https_out_and_replies_in() {
    let closed = &["ssm-outbound-closed SSM-14 fail"];
    says(behind_nat(|n, _| lets_out(n, &[])), closed, &[]);
    says(behind_nat(|n, _| lets_out(n, &[https(&[], &["sg-vpce"])])), closed, &[]);
    says(inside(|n, _| lets_out(n, &[https(&["10.9.0.0/16"], &[])])), closed, &[]);
    says(behind_nat(|n, _| lets_out(n, &[https(&["52.0.0.0/8"], &[])])), &[], &["ssm-outbound-unclear SSM-14 unknown"]);
    let unseen = behind_nat(|n, _| n.groups = denied("ec2:DescribeSecurityGroups"));
    says(unseen, &[], &["ssm-outbound-unseen SSM-14 unknown"]);
    let [inbound, outbound] = everything();
    let with =
        |own: [(Direction, bool, TcpPorts); 2]| move |n: &mut Network, _: &mut Facts| n.acls = Fact::Known(vec![acl(&own)]);
    let no_https = [inbound, (Direction::Out, true, TcpPorts::Range(22, 22))];
    let no_replies = [(Direction::In, true, TcpPorts::Range(22, 22)), outbound];
    says(behind_nat(with(no_https)), &["ssm-acl-out SSM-14 fail"], &[]);
    says(behind_nat(with(no_replies)), &["ssm-acl-replies SSM-14 fail"], &[]);
    says(inside(with(no_https)), &["ssm-endpoint-acl SSM-14 fail"], &[]);
    let denied = behind_nat(|n, _| n.acls = denied("ec2:DescribeNetworkAcls"));
    says(denied, &[], &["ssm-acls-unseen SSM-14 unknown"]);
}

/// ACLs of the subnets of the agent and of the endpoints.
fn with_both_acls(own: &'static [(Direction, bool, TcpPorts)]) -> impl Fn(&mut Facts) {
    inside(move |n, _| {
        let mut other = acl(&everything());
        (other.id, other.subnets) = ("acl-2".into(), vec!["subnet-2".into()]);
        n.acls = Fact::Known(vec![acl(own), other]);
    })
}

#[test]
fn between_the_agent_and_an_endpoint_of_another_subnet_acls_decide() {
    const CLOSED: &[(Direction, bool, TcpPorts)] = &[(Direction::In, true, TcpPorts::All)];
    const MUTE: &[(Direction, bool, TcpPorts)] = &[(Direction::Out, true, TcpPorts::All)];
    says(with_both_acls(CLOSED), &["ssm-endpoint-acl SSM-14 fail"], &[]);
    says(with_both_acls(MUTE), &["ssm-endpoint-acl SSM-14 fail"], &[]);
    // Within one subnet nobody asks them, and where one of two can be reached the agent tries on.
    let within = inside(|n, _| {
        n.acls = Fact::Known(vec![acl(&[])]);
        every_endpoint(n, |own| own.subnets.push("subnet-1".into()));
    });
    says(within, &[], &[]);
}

#[test]
fn what_was_not_told_is_never_a_no() {
    let unseen = &["ssm-endpoints-unseen SSM-13 unknown"];
    says(inside(|n, _| n.vpc_endpoints = denied("ec2:DescribeVpcEndpoints")), &[], unseen);
    let bare = |n: &mut Network| n.vpc_endpoints = Fact::Known(Vec::new());
    let denied_routes = inside(move |n, _| {
        bare(n);
        n.route_tables = denied("ec2:DescribeRouteTables");
    });
    says(denied_routes, &[], &["ssm-routes-unseen SSM-13 unknown"]);
    let unread = &["ssm-path-unread SSM-13 unknown"];
    let of_another_account = inside(move |n, _| {
        bare(n);
        n.route_tables = Fact::Known(Vec::new());
    });
    says(of_another_account, &[], unread);
    says(inside(|_, f| f.instance.interfaces.clear()), &[], unread);
    says(inside(|n, _| n.vpc_endpoints = Fact::Pending), &[], &[]);
}

#[test]
fn a_path_is_looked_for_only_where_the_agent_is_not_heard() {
    let closed = |n: &mut Network| admits(n, &[]);
    let heard = inside(move |n, f| {
        closed(n);
        f.instance.ssm = ssm(SsmStatus::Online, NOW);
    });
    check(Method::Ssm, &heard, Verdict::Likely, &[]);
    let silent = inside(move |n, f| {
        closed(n);
        f.instance.ssm = ssm(SsmStatus::Lost, "2026-11-19T10:00:00Z");
    });
    check(Method::Ssm, &silent, Verdict::Blocked, &["ssm-endpoint-closed SSM-15 fail", "ssm-agent-silent SSM-2 fail"]);
    let without_channel = |service: &'static str| {
        inside(move |n, f| {
            n.vpc_endpoints = Fact::Known(vec![vpce(service)]);
            (f.instance.ssm, f.instance.channel) = (ssm(SsmStatus::Online, NOW), Fact::Known(false));
        })
    };
    check(Method::Ssm, without_channel("ssm"), Verdict::Blocked, &["ssm-no-path SSM-13 fail", "ssm-channel-closed SSM-4 fail"]);
    check(Method::Ssm, without_channel("ssmmessages"), Verdict::Blocked, &["ssm-channel-closed SSM-4 fail"]);
}

#[test]
fn the_causes_are_told_of_session_manager_alone() {
    check(Method::SsmSsh, inside(|n, _| admits(n, &[])), Verdict::Blocked, &[UNREGISTERED]);
    let silent = |f: &mut Facts| f.instance.ssm = ssm(SsmStatus::Lost, "2026-11-19T10:00:00Z");
    check(Method::SsmSsh, silent, Verdict::Blocked, &["ssm-agent-silent SSM-2 fail"]);
    let before = |f: &mut Facts| f.instance.ssm = ssm(SsmStatus::Online, "2026-10-01T09:00:00Z");
    check(Method::SsmSsh, before, Verdict::Unknown, &["ssm-previous-boot SSM-3 unknown"]);
}

#[test]
fn what_holds_of_a_way_out_is_told() {
    let told = |change: &dyn Fn(&mut Facts)| -> Vec<String> {
        let mut facts = facts();
        change(&mut facts);
        let ways = facts.examined();
        let way = ways.way(Method::Ssm).unwrap();
        way.passes.iter().map(|own| format!("{} {} {}", own.code, own.rule, own.outcome.word())).collect()
    };
    for finding in ["ssm-endpoint-open SSM-15 pass", "ssm-outbound-open SSM-14 pass"] {
        assert!(told(&inside(|_, _| ())).contains(&finding.to_owned()), "{finding}");
    }
    for finding in ["ssm-path-out SSM-13 pass?", "ssm-outbound-open SSM-14 pass"] {
        assert!(told(&behind_nat(|_, _| ())).contains(&finding.to_owned()), "{finding}");
    }
}

/// Facts under which, taken together, every rule of the way out speaks.
pub(super) fn all_kinds_of_ways_out() -> Vec<Change> {
    let [inbound, outbound] = everything();
    let acls = move |own: [(Direction, bool, TcpPorts); 2]| -> Change {
        Box::new(behind_nat(move |n, _| n.acls = Fact::Known(vec![acl(&own)])))
    };
    let within = |change: fn(&mut Network, &mut Facts)| -> Change { Box::new(inside(change)) };
    let by_nat = |change: fn(&mut Network, &mut Facts)| -> Change { Box::new(behind_nat(change)) };
    let bare = |change: fn(&mut Network, &mut Facts)| -> Change { Box::new(outside(gateway(), change)) };
    const CLOSED: &[(Direction, bool, TcpPorts)] = &[(Direction::In, true, TcpPorts::All)];
    const MUTE: &[(Direction, bool, TcpPorts)] = &[(Direction::Out, true, TcpPorts::All)];
    vec![
        within(|_, _| ()),
        within(|n, _| admits(n, &[])),
        within(|n, _| every_endpoint(n, |own| own.groups.clear())),
        within(|n, _| every_endpoint(n, |own| own.is_open = Some(false))),
        within(|n, _| every_endpoint(n, |own| own.has_private_dns = false)),
        within(|n, _| every_endpoint(n, |own| own.state = "pending".into())),
        within(|n, _| n.dns = Fact::Known(VpcDns { has_support: true, has_hostnames: false })),
        within(|n, _| n.dns = denied("ec2:DescribeVpcAttribute")),
        within(|n, _| n.vpc_endpoints = denied("ec2:DescribeVpcEndpoints")),
        within(|_, f| f.instance.interfaces.clear()),
        Box::new(with_both_acls(CLOSED)),
        Box::new(with_both_acls(MUTE)),
        bare(|_, _| ()),
        bare(|_, f| with_public_address(f)),
        bare(|n, _| routes(n, Vec::new())),
        bare(|n, _| routes(n, vec![internet(true)])),
        bare(|n, f| {
            with_public_address(f);
            n.internet_gateways = Fact::Known(Vec::new());
        }),
        bare(|n, f| {
            with_public_address(f);
            n.subnets = Fact::Known([("subnet-1".into(), subnet("block-bidirectional"))].into());
        }),
        bare(|n, _| n.route_tables = denied("ec2:DescribeRouteTables")),
        by_nat(|_, _| ()),
        by_nat(|n, _| n.nat_gateways = denied("ec2:DescribeNatGateways")),
        by_nat(|n, _| n.nat_gateways = Fact::Known(vec![NatGateway { state: "failed".into(), ..nat() }])),
        by_nat(|n, _| n.nat_gateways = Fact::Known(vec![NatGateway { subnet: Some("subnet-1".into()), ..nat() }])),
        by_nat(|n, _| n.nat_gateways = Fact::Known(Vec::new())),
        by_nat(|n, _| lets_out(n, &[])),
        by_nat(|n, _| lets_out(n, &[https(&["52.0.0.0/8"], &[])])),
        by_nat(|n, _| n.groups = denied("ec2:DescribeSecurityGroups")),
        by_nat(|n, _| n.acls = denied("ec2:DescribeNetworkAcls")),
        acls([inbound, (Direction::Out, true, TcpPorts::Range(22, 22))]),
        acls([(Direction::In, true, TcpPorts::Range(22, 22)), outbound]),
    ]
}
