//! What VPCs have and let through: of all rows in bulk, of one by itself, and what each refusal hides.

use std::sync::Arc;

use ec2dash::model::{Network, PublicAccess, RouteTarget, RouteTo};

use super::*;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cloud/networks.toml");
/// The calls that are made once for a region, whatever is in it.
const CALLS: [&str; 5] = [
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeRouteTables",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeSubnets",
];
const ENDPOINTS: &str = "ec2:DescribeInstanceConnectEndpoints";
const LISTS: &str = "ec2:GetManagedPrefixListEntries";

async fn world(faults: &[&str]) -> Sim {
    start(FleetSource::File(WORLD.into()), faults).await
}

/// What is told of one instance's VPC, asked for alone.
async fn alone(cloud: &Cloud, row: &Instance) -> Arc<Network> {
    cloud.network_of(&row.place.region, row).await.known().unwrap().clone()
}

fn of(rows: &BTreeMap<String, Instance>, name: &str) -> Arc<Network> {
    rows.get(name).unwrap().network.known().unwrap().clone()
}

#[tokio::test]
async fn the_list_and_the_single_look_tell_the_same_of_a_vpc() {
    let sim = world(&[]).await;
    let cloud = cloud(&sim).await;

    let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();

    for name in ["web-1", "guest-1", "cellar-1"] {
        assert_eq!(*of(&rows, name), *alone(&cloud, &rows[name]).await, "{name}");
    }
    assert!(!Arc::ptr_eq(&of(&rows, "web-1"), &of(&rows, "guest-1")));
}

/// All that is told of an instance.
async fn whole(mut all: Everything) -> Instance {
    while all.next().await.is_some() {}
    all.into_parts().0
}

#[tokio::test]
async fn what_a_vpc_has_is_told_once_for_all_that_are_examined_in_it_until_somebody_asks_anew() {
    for (faults, expected) in [(&[][..], [1, 1, 2]), (&["ec2:DescribeNetworkAcls=deny"][..], [1, 2, 3])] {
        let sim = demo(faults).await;
        let cloud = cloud(&sim).await;
        let rows = survey(&cloud, FactKinds::default()).await.unwrap().rows();
        assert_eq!(rows["web-1"].vpc, rows["web-2"].vpc);
        let calls = || CALLS.map(|action| count(&sim, action));

        let first = whole(Everything::of(&cloud, rows["web-1"].clone())).await;
        let told_of_first = calls();
        let second = whole(Everything::of(&cloud, rows["web-2"].clone())).await;
        let told_of_second = calls();
        whole(Everything::anew(&cloud, rows["web-2"].clone())).await;

        let times = [told_of_first, told_of_second, calls()];
        assert_eq!(times, expected.map(|times| [times; 5]), "what was not all told is asked again");
        assert_eq!(first.network.known().unwrap().groups, second.network.known().unwrap().groups);
        assert!(second.network.known().unwrap().vpc_endpoints.known().is_some());
    }
}

#[tokio::test]
async fn each_answer_about_an_instance_is_told_as_it_comes() {
    let sim = demo(&["ec2:DescribeInstanceStatus=delay:2s"]).await;
    let cloud = cloud(&sim).await;
    let rows = survey(&cloud, FactKinds::default()).await.unwrap().rows();

    let mut all = Everything::of(&cloud, rows["web-1"].clone());
    let mut before = None;
    while let Some(instance) = all.next().await {
        let examined = instance.examination.clone().unwrap();
        if examined.checks.is_pending() {
            before = Some((instance.ssm.clone(), examined.caller.clone(), instance.network.clone()));
        }
    }

    let (ssm, caller, network) = before.unwrap();
    assert!(ssm.known().is_some() && caller.known().is_some() && network.known().is_some(), "nothing waits for the slowest");
    assert!(all.into_parts().0.examination.unwrap().checks.known().is_some());
}

#[tokio::test]
async fn an_acl_its_routes_and_the_mode_of_a_subnet_arrive() {
    let sim = world(&[]).await;
    let cloud = cloud(&sim).await;
    let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();
    let (web, network) = (&rows["web-1"], of(&rows, "web-1"));

    let [first, second] = web.interfaces.as_slice() else { panic!("{:?}", web.interfaces) };
    assert_eq!((&first.subnet, first.groups.len()), (&web.subnet, 1));
    assert!(first.has("3.36.0.10".parse().unwrap()) && first.has("2001:db8:2::10".parse().unwrap()));
    assert!(second.has("3.36.0.11".parse().unwrap()) && !second.has("3.36.0.10".parse().unwrap()));
    assert_ne!(first.subnet, second.subnet);
    assert_ne!(first.groups, second.groups);
    let private = second.subnet.clone().unwrap();

    let acls = network.acls.known().unwrap();
    let acl = acls.iter().find(|acl| acl.subnets.contains(&private)).unwrap();
    let seen: Vec<_> = acl.entries.iter().map(|entry| (entry.number, entry.is_egress, entry.allows)).collect();
    assert_eq!(seen[..3], [(90, false, false), (100, false, true), (100, true, true)]);
    assert!(seen[3..].iter().all(|(number, _, allows)| *number >= 32_767 && !allows), "{seen:?}");
    let default = acls.iter().find(|acl| acl.subnets.contains(&first.subnet.clone().unwrap())).unwrap();
    assert_ne!(default.id, acl.id);

    let tables = network.route_tables.known().unwrap();
    let table = ec2dash::model::RouteTable::of_subnet(tables, &private).unwrap();
    assert!(table.routes.iter().any(|route| matches!(route.target, RouteTarget::Nat(_))));
    assert!(table.routes.iter().any(|route| route.is_blackhole));
    let list: Untrusted = "pl-0123456789abcdef0".into();
    assert!(table.routes.iter().any(|route| route.to == RouteTo::List(list.clone())));
    let main = ec2dash::model::RouteTable::of_subnet(tables, &first.subnet.clone().unwrap()).unwrap();
    let gateway = network.internet_gateways.known().unwrap().first().unwrap();
    assert!(main.is_main && main.routes.iter().any(|route| route.target == RouteTarget::Internet(gateway.clone())));

    let subnet = &network.subnets.known().unwrap()[&private];
    assert_eq!(subnet.public_access, Some(PublicAccess::BlocksIngress));
    assert_eq!(subnet.blocks, ["10.0.3.0/26".parse().unwrap()]);
    let told: Vec<_> = network.prefix_lists.iter().map(|(id, list)| (id.raw(), list.known().unwrap().len())).collect();
    assert_eq!(told, [("pl-0123456789abcdef0", 2), ("pl-0aaaaaaaaaaaaaaa0", 0)]);
}

#[tokio::test]
async fn what_is_missing_of_a_shared_vpc_is_not_none() {
    let sim = world(&[]).await;
    let rows = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap().rows();

    let shared = of(&rows, "guest-1");
    let why = |denial: Option<&Denial>| denial.map(|denial| (denial.why, denial.action));
    assert_eq!(why(shared.internet_gateways.denial()), Some((Why::Undecided, "ec2:DescribeInternetGateways")));
    assert_eq!(why(shared.route_tables.denial()), Some((Why::Undecided, "ec2:DescribeRouteTables")));
    assert!(shared.subnets.known().unwrap().contains_key(rows["guest-1"].subnet.as_ref().unwrap()));

    let own = of(&rows, "cellar-1");
    assert_eq!(own.internet_gateways.known(), Some(&vec![]), "its gateway is not attached to it");
}

#[tokio::test]
async fn a_region_is_asked_once_for_each_thing_and_once_for_each_list() {
    let sim = world(&[]).await;
    let cloud = cloud(&sim).await;

    survey(&cloud, FactKinds::ALL).await.unwrap();
    for action in CALLS {
        assert_eq!(count(&sim, action), 1, "{action}");
    }
    assert_eq!(count(&sim, LISTS), 2);

    let again = survey(&cloud, FactKinds::ALL).await.unwrap();
    assert_eq!(count(&sim, LISTS), 2, "what is in a list is known for a while");
    assert_eq!(of(&again.rows(), "web-1").prefix_lists.len(), 2);
}

#[tokio::test]
async fn nobody_asks_what_is_not_wanted_or_where_no_instance_is() {
    let sim = world(&[]).await;
    survey(&cloud(&sim).await, FactKinds { paths: false, ..FactKinds::ALL }).await.unwrap();
    assert!(CALLS.iter().all(|action| !actions(&sim).contains(*action)), "{:?}", actions(&sim));

    sim.edit(|fleet| fleet.accounts[0].instances.clear());
    survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();
    assert!(CALLS.iter().all(|action| !actions(&sim).contains(*action)), "{:?}", actions(&sim));
}

#[tokio::test]
async fn each_denied_call_hides_what_it_would_have_told_and_nothing_else() {
    let hidden = |network: &Network| -> Vec<(&'static str, Why, &'static str)> {
        let parts = [
            ("endpoints", network.endpoints.denial()),
            ("groups", network.groups.denial()),
            ("acls", network.acls.denial()),
            ("routes", network.route_tables.denial()),
            ("gateways", network.internet_gateways.denial()),
            ("subnets", network.subnets.denial()),
            ("list", network.prefix_lists.values().find_map(|list| list.denial())),
        ];
        parts.into_iter().filter_map(|(part, denial)| denial.map(|denial| (part, denial.why, denial.action))).collect()
    };
    let parts = ["endpoints", "groups", "acls", "routes", "gateways", "subnets", "list"];
    for (part, action) in parts.into_iter().zip([ENDPOINTS].into_iter().chain(CALLS).chain([LISTS])) {
        let sim = world(&[&format!("{action}=deny")]).await;
        let cloud = cloud(&sim).await;

        let rows = survey(&cloud, FactKinds::ALL).await.unwrap().rows();

        let expected = [(part, Why::AccessDenied, action)];
        let (listed, single) = (of(&rows, "web-1"), alone(&cloud, &rows["web-1"]).await);
        assert_eq!(hidden(&listed), expected);
        assert_eq!(hidden(&single), expected);
        let seen = actions(&sim);
        assert!(CALLS.iter().all(|other| seen.contains(*other)), "{action}: {seen:?}");
    }
    let sim = world(&[&format!("{LISTS}=deny")]).await;
    survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();
    assert_eq!(count(&sim, LISTS), 1, "whoever may not read one list is not asked for the next");
}

#[tokio::test]
async fn a_list_that_goes_round_in_a_circle_is_hidden() {
    for action in [ENDPOINTS].into_iter().chain(CALLS) {
        let sim = world(&[&format!("{action}=repeat-token")]).await;

        let rows = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap().rows();

        let network = of(&rows, "web-1");
        let denials: Vec<_> = network.denials().map(|denial| (denial.why, denial.action)).collect();
        assert_eq!(denials, [(Why::Failed, action)]);
    }
}

#[tokio::test]
async fn what_is_known_holds_while_it_is_asked_again_and_after_a_refusal() {
    let sim = world(&[]).await;
    let cloud = cloud(&sim).await;
    let region: Region = SEOUL.parse().unwrap();
    let place = Place { profile: cloud.profile().cloned(), region: region.clone() };
    let mut inventory = Inventory::default();
    let network = |inventory: &Inventory| {
        let row = inventory.rows().iter().find(|row| row.name().is_some_and(|name| name.raw() == "web-1")).unwrap();
        row.network.known().unwrap().clone()
    };
    let mut first = None;
    for round in 1..=3 {
        if round == 3 {
            sim.set_faults(vec![format!("{}=deny", CALLS[1]).parse().unwrap()]);
        }
        inventory.begin(&place, Generation(round), Timestamp::UNIX_EPOCH);
        let (out, mut heard) = mpsc::channel(64);
        let listening = async {
            while let Some(answer) = heard.recv().await {
                inventory.take_in(&place, Generation(round), answer, Timestamp::UNIX_EPOCH);
                if round > 1 {
                    let now = network(&inventory);
                    assert!(now.acls.known().is_some() && now.prefix_lists.len() == 2, "{now:?}");
                }
            }
        };
        let (outcome, ()) = tokio::join!(cloud.survey(&region, FactKinds::ALL, out), listening);
        outcome.unwrap();
        let now = network(&inventory);
        match (round, &first) {
            (1, _) => first = Some(now),
            (2, Some(first)) => assert!(Arc::ptr_eq(first, &now), "what is the same stays the same in memory"),
            (_, first) => {
                assert_eq!(now.acls.refusal().map(|refusal| refusal.denial.action), Some(CALLS[1]));
                assert_eq!(now.route_tables, first.as_ref().unwrap().route_tables);
            }
        }
    }
}

#[tokio::test]
async fn long_lists_and_many_rules_come_whole() {
    let sim = world(&[]).await;
    sim.edit(|fleet| {
        let account = &mut fleet.accounts[0];
        let block = |number: usize| format!("198.51.{}.{}/32", number / 250, number % 250).parse().unwrap();
        let list = account.vpcs.prefix_lists.iter_mut().find(|list| list.id == "pl-0aaaaaaaaaaaaaaa0").unwrap();
        list.entries = (0..1_000).map(block).collect();
        let group = account.groups.iter_mut().find(|group| group.name == "web").unwrap();
        let rule = |number: usize| format!("tcp {number} from 10.0.0.0/8").parse().unwrap();
        group.ingress.extend((1..=200).map(rule));
        let table = account.vpcs.route_tables[0].clone();
        account.vpcs.route_tables.extend((0..250).map(|number| ec2dash_sim::fleet::RouteTable {
            id: format!("rtb-{number:017x}"),
            is_main: false,
            subnets: vec![format!("subnet-{number:017x}")],
            ..table.clone()
        }));
    });

    let rows = survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap().rows();

    let network = of(&rows, "web-1");
    assert_eq!(network.prefix_lists[&Untrusted::from("pl-0aaaaaaaaaaaaaaa0")].known().unwrap().len(), 1_000);
    assert!(network.groups.known().unwrap().values().any(|group| group.ingress.len() == 202));
    assert!(network.route_tables.known().unwrap().len() > 250);
    assert_eq!((count(&sim, LISTS), count(&sim, "ec2:DescribeRouteTables")), (11, 3));
}

#[tokio::test]
async fn ten_thousand_instances_cost_few_calls_for_their_networks() {
    let sim = generated(10_000, &[]).await;

    survey(&cloud(&sim).await, FactKinds::ALL).await.unwrap();

    let of_network: usize = CALLS.iter().chain([&LISTS]).map(|action| count(&sim, action)).sum();
    assert_eq!(of_network, 5);
    let all = sim.calls().len() - count(&sim, "ec2:DescribeInstances");
    println!("calls besides the list: {all}");
    assert!(all <= 40, "{all}");
}
