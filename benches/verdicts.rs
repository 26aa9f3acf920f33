//! CPU time of judging every way into 50,000 instances by all that their VPCs let through, and of judging anew after one group has changed.
//!
//!     cargo run --release --example verdicts

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "what it makes is its own, and a bench ends at the first surprise"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use ec2dash::access::{ConnectOptions, Local, Ways, examined, ways};
use ec2dash::model::{
    AclEntry, Fact, GroupRule, GroupRules, Instance, InstanceState, Interface, Network, NetworkAcl, Place, PublicAccess, Route,
    RouteTable, RouteTarget, RouteTo, Subnet, TcpPorts, Untrusted,
};
use jiff::Timestamp;

const ROWS: usize = 50_000;
const VPCS: usize = 60;
const GROUPS_OF_A_VPC: usize = 5;
const RULES_OF_A_GROUP: usize = 20;

/// Time on a processor, of this one thread (Linux).
fn cpu_milliseconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn id(kind: &str, vpc: usize, number: usize) -> Untrusted {
    format!("{kind}-{vpc:08x}{number:09x}").into()
}

fn group(number: usize) -> GroupRules {
    let rule = |at: usize| GroupRule {
        ports: TcpPorts::Range(22, 22),
        blocks: vec![format!("198.{}.{}.0/24", 18 + number % 2, at).parse().unwrap()],
        groups: Vec::new(),
        prefix_lists: Vec::new(),
    };
    GroupRules { ingress: (0..RULES_OF_A_GROUP).map(rule).collect(), ..GroupRules::default() }
}

fn network(vpc: usize) -> Network {
    let entry = |number, is_egress| AclEntry {
        number,
        is_egress,
        allows: number < 32_767,
        ports: TcpPorts::All,
        block: "0.0.0.0/0".parse().unwrap(),
    };
    let acl = NetworkAcl {
        id: id("acl", vpc, 0),
        subnets: vec![id("subnet", vpc, 0)],
        entries: vec![entry(100, false), entry(32_767, false), entry(100, true), entry(32_767, true)],
    };
    let gateway = id("igw", vpc, 0);
    let route = |to: &str, target| Route { to: RouteTo::Block(to.parse().unwrap()), target, is_blackhole: false };
    let table = RouteTable {
        id: id("rtb", vpc, 0),
        is_main: true,
        subnets: Vec::new(),
        routes: vec![route("10.0.0.0/8", RouteTarget::Local), route("0.0.0.0/0", RouteTarget::Internet(gateway.clone()))],
    };
    let subnet = Subnet { blocks: vec!["10.0.0.0/16".parse().unwrap()], public_access: Some(PublicAccess::Open) };
    Network {
        endpoints: Fact::Known(Vec::new()),
        groups: Fact::Known((0..GROUPS_OF_A_VPC).map(|number| (id("sg", vpc, number), group(number))).collect()),
        acls: Fact::Known(vec![acl]),
        route_tables: Fact::Known(vec![table]),
        internet_gateways: Fact::Known(vec![gateway]),
        subnets: Fact::Known(BTreeMap::from([(id("subnet", vpc, 0), subnet)])),
        ..Network::default()
    }
}

fn instance(number: usize, place: &Arc<Place>, networks: &[Arc<Network>]) -> Instance {
    let vpc = number % VPCS;
    let [_, _, third, fourth] = u32::try_from(number).unwrap().to_be_bytes();
    let (private, public) = ([10, 0, third, fourth].into(), [100, 64, third, fourth].into());
    let groups = vec![id("sg", vpc, number % GROUPS_OF_A_VPC), id("sg", vpc, (number + 1) % GROUPS_OF_A_VPC)];
    let interface = Interface {
        id: id("eni", vpc, number),
        subnet: Some(id("subnet", vpc, 0)),
        groups,
        addresses: vec![(private, Some(public))],
        ipv6: Vec::new(),
        carrier: None,
    };
    Instance {
        state: InstanceState::Running,
        private_ip: Some(private),
        public_ip: Some(public),
        vpc: Some(id("vpc", vpc, 0)),
        subnet: Some(id("subnet", vpc, 0)),
        interfaces: vec![interface],
        metadata_enabled: Some(true),
        network: Fact::Known(Arc::clone(&networks[vpc])),
        ..Instance::untold(format!("i-{number:017x}").parse().unwrap(), Arc::clone(place))
    }
}

type Judge = fn(&Instance, &ConnectOptions, &Local, Timestamp) -> Ways;

fn judged<'i>(rows: impl Iterator<Item = &'i Instance>, judge: Judge, local: &Local) -> (f64, usize) {
    let (options, now) = (ConnectOptions::default(), Timestamp::now());
    let begun = cpu_milliseconds();
    let open = rows.filter(|row| judge(row, &options, local, now).best.is_some()).count();
    (cpu_milliseconds() - begun, open)
}

fn main() {
    let place = Arc::new(Place { profile: None, region: "eu-west-1".parse().unwrap() });
    let networks: Vec<Arc<Network>> = (0..VPCS).map(|vpc| Arc::new(network(vpc))).collect();
    let rows: Vec<Instance> = (0..ROWS).map(|number| instance(number, &place, &networks)).collect();
    for (what, source) in [("your address unknown", None), ("your address known", Some("198.18.3.4".parse().unwrap()))] {
        let local = Local { sources: source.into_iter().collect(), ..Local::default() };
        let (took, open) = judged(rows.iter(), ways, &local);
        println!(
            "{what}: {ROWS} rows, {} groups, {VPCS} VPCs: {took:.0} ms of CPU ({open} open; at most 1,500: {})",
            VPCS * GROUPS_OF_A_VPC,
            took < 1500.0
        );
        // What is shared with others of the VPC has changed: theirs are looked at again, too.
        let group = id("sg", 7, 3);
        let changed = rows.iter().filter(|row| row.interfaces[0].groups.contains(&group));
        let (took, _) = judged(changed, ways, &local);
        println!("  one group changed: {took:.1} ms (at most 20: {})", took < 20.0);
        let (took, _) = judged(rows.iter(), examined, &local);
        println!("  with all that holds, for a report: {took:.0} ms");
    }
}
