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
