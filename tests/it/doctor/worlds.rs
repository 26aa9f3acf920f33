//! Instances with one thing in the way each, and what is said where AWS does not tell it.

use ec2dash_sim::{FleetSource, Options, Sim};

use super::{findings, object};
use crate::proxy::Desk;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/doctor/worlds.toml");
const FROM: [&str; 2] = ["--from", "203.0.113.9"];
/// Each instance, what is in the way of its `eic`, and of which call that is known.
const WORLDS: [(&str, &str, &str); 8] = [
    ("open-1", "", ""),
    ("office-1", "NET-1 net-group-closed fail", "ec2:DescribeSecurityGroups"),
    ("listed-1", "", ""),
    ("inside-1", "NET-1 net-group-closed fail", "ec2:DescribeSecurityGroups"),
    ("shut-1", "NET-6 net-acl-in fail", "ec2:DescribeNetworkAcls"),
    ("mute-1", "NET-7 net-acl-out fail", "ec2:DescribeNetworkAcls"),
    ("private-1", "NET-8 net-route-none fail", "ec2:DescribeRouteTables"),
    ("blocked-1", "NET-10 net-public-access fail", "ec2:DescribeSubnets"),
];

async fn desk(faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let sim = Sim::start(Options { fleet: FleetSource::File(WORLD.into()), faults, ..Options::default() }).await.unwrap();
    Desk { sim, home: tempfile::tempdir().unwrap() }
}

/// What is said of `eic` that is not in order: the finding that fails, and the verdict.
fn eic(desk: &Desk, name: &str, more: &[&str]) -> (Vec<String>, String) {
    let (_, object) = object(desk, &[&[name], more].concat());
    let failed = findings(&object, "eic").into_iter().filter(|finding| finding.ends_with(" fail")).collect();
    let way = object["methods"].as_array().unwrap().iter().find(|way| way["method"] == "eic").unwrap();
    (failed, way["verdict"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_in_the_way_is_told_by_its_rule() {
    let desk = desk(&[]).await;
    for (name, expected, _) in WORLDS {
        let (failed, verdict) = eic(&desk, name, &FROM);

        assert_eq!(failed.join(", "), expected, "{name}");
        assert_eq!(verdict, if expected.is_empty() { "likely" } else { "blocked" }, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_only_what_lets_nobody_in_is_closed() {
    let desk = desk(&[]).await;
    for (name, expected) in [
        ("open-1", ""),
        ("office-1", ""),
        ("listed-1", ""),
        ("inside-1", "NET-1 net-group-shut fail"),
        ("shut-1", ""),
        ("mute-1", ""),
        ("private-1", "NET-8 net-route-none fail"),
        ("blocked-1", "NET-10 net-public-access fail"),
    ] {
        assert_eq!(eic(&desk, name, &[]).0.join(", "), expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_does_not_tell_is_never_a_no() {
    for (name, expected, action) in WORLDS.into_iter().filter(|(_, expected, _)| !expected.is_empty()) {
        let desk = desk(&[&format!("{action}=deny")]).await;

        let (failed, verdict) = eic(&desk, name, &FROM);

        assert_eq!(failed, Vec::<String>::new(), "{name}: {expected} without {action}");
        assert_ne!(verdict, "blocked", "{name} without {action}");
        let (_, told) = object(&desk, &[&[name], &FROM[..]].concat());
        let warned = told["warnings"].as_array().unwrap().iter().any(|warning| warning["action"] == action);
        assert!(warned, "{action} is named: {}", told["warnings"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_client_of_the_console_is_told_of_only_where_its_lists_are() {
    const ACTION: &str = "ec2:DescribeManagedPrefixLists";
    let told = |desk: &Desk, name: &str| {
        let (_, object) = object(desk, &[&[name], &FROM[..]].concat());
        let own = findings(&object, "eic").into_iter();
        let warned = object["warnings"].as_array().unwrap().iter().any(|warning| warning["action"] == ACTION);
        (own.filter(|own| own.starts_with("EIC-7") || own.starts_with("EIC-8")).collect::<Vec<_>>(), warned)
    };
    let open = desk(&[]).await;
    let denied = desk(&[&format!("{ACTION}=deny")]).await;

    for (name, expected) in [
        ("with-console-1", "EIC-8 eic-console-alone warn"),
        ("with-both-1", "EIC-7 eic-console-let-in pass"),
        ("listed-1", "EIC-7 eic-console-kept-out warn"),
    ] {
        let (own, warned) = told(&open, name);
        assert!(own.contains(&expected.to_owned()) && !warned, "{name}: {own:?}");
        assert_eq!(told(&denied, name), (Vec::new(), true), "{name}");
    }
    assert_eq!(eic(&denied, "with-console-1", &FROM).0, ["NET-1 net-group-closed fail"], "what is in the list was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_behind_a_peering_that_is_gone_is_told_and_the_other_is_not() {
    let desk = desk(&[]).await;

    let (_, told) = object(&desk, &[&["peered-1"], &FROM[..]].concat());

    let ways = told["methods"].as_array().unwrap();
    let own = ways.iter().find(|way| way["method"] == "eic").unwrap()["findings"].as_array().unwrap();
    let stale = own.iter().find(|finding| finding["rule"] == "NET-5").unwrap_or_else(|| panic!("{own:?}"));
    assert_eq!((&stale["code"], &stale["outcome"]), (&"net-group-stale".into(), &"warn".into()));
    let group = |vpc: &str| {
        let fleet = desk.sim.fleet();
        let all = fleet.accounts.iter().flat_map(|account| &account.groups);
        let by_peering = |peering: &&ec2dash_sim::fleet::VpcPeering| peering.state == vpc;
        let peering = fleet.accounts.iter().flat_map(|account| &account.vpcs.peerings).find(by_peering).unwrap().clone();
        all.into_iter().find(|group| group.name == "tools" && peering.vpcs.contains(&group.vpc)).unwrap().id.clone()
    };
    let said = stale["text"].as_str().unwrap();
    assert!(said.contains(&group("deleted")) && !said.contains(&group("active")), "{said}");
}
