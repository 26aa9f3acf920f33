//! Instances whose agent never registered: by which way it could come to Systems Manager, and what is in the way there.

use ec2dash_sim::{FleetSource, Options, Sim};

use super::{findings, object};
use crate::proxy::Desk;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/doctor/ways_out.toml");
/// Each instance, the cause that is told, and of which call that is known.
const WORLDS: [(&str, &str, &str); 13] = [
    ("served-1", "", ""),
    ("closed-1", "SSM-15 ssm-endpoint-closed fail", "ec2:DescribeSecurityGroups"),
    ("half-1", "SSM-13 ssm-no-path fail", "ec2:DescribeVpcEndpoints"),
    ("nameless-1", "SSM-16 ssm-endpoint-no-name fail, SSM-16 ssm-endpoint-no-name fail", "ec2:DescribeVpcEndpoints"),
    ("dumb-1", "SSM-16 ssm-vpc-dns-off fail", "ec2:DescribeVpcAttribute"),
    ("bare-1", "SSM-13 ssm-no-path fail", "ec2:DescribeRouteTables"),
    ("public-1", "", ""),
    ("hidden-1", "SSM-13 ssm-no-path fail", "ec2:DescribeRouteTables"),
    ("natted-1", "", ""),
    ("failed-1", "SSM-13 ssm-no-path fail", "ec2:DescribeNatGateways"),
    ("muted-1", "SSM-14 ssm-outbound-closed fail", "ec2:DescribeSecurityGroups"),
    ("walled-1", "SSM-14 ssm-acl-out fail", "ec2:DescribeNetworkAcls"),
    ("central-1", "", ""),
];

async fn desk(faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let sim = Sim::start(Options { fleet: FleetSource::File(WORLD.into()), faults, ..Options::default() }).await.unwrap();
    Desk { sim, home: tempfile::tempdir().unwrap() }
}

/// The causes of `ssm` that fail, and those that cannot be seen.
fn causes(desk: &Desk, name: &str) -> (Vec<String>, Vec<String>) {
    let (_, object) = object(desk, &[name]);
    let all = findings(&object, "ssm").into_iter().filter(|finding| !finding.starts_with("SSM-1 ")).collect::<Vec<_>>();
    let that = |end: &str| all.iter().filter(|finding| finding.ends_with(end)).cloned().collect();
    (that(" fail"), that(" unknown"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_in_the_way_of_an_agent_is_told_by_its_rule() {
    let desk = desk(&[]).await;
    for (name, expected, _) in WORLDS {
        let (failed, unseen) = causes(&desk, name);

        assert_eq!(failed.join(", "), expected, "{name}");
        let hidden = if name == "central-1" { vec!["SSM-13 ssm-path-elsewhere unknown"] } else { Vec::new() };
        assert_eq!(unseen, hidden, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_does_not_tell_of_a_way_out_is_never_a_no() {
    for (name, expected, action) in WORLDS.into_iter().filter(|(_, expected, _)| !expected.is_empty()) {
        let desk = desk(&[&format!("{action}=deny")]).await;

        let (failed, unseen) = causes(&desk, name);

        assert_eq!(failed, Vec::<String>::new(), "{name}: {expected} without {action}");
        assert!(!unseen.is_empty(), "{name}: {expected} without {action}");
        let (_, told) = object(&desk, &[name]);
        let warned = told["warnings"].as_array().unwrap().iter().filter(|warning| warning["action"] == action).count();
        assert_eq!(warned, 1, "{action} is named once: {}", told["warnings"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_examine_an_instance_asks_for_no_way_out() {
    let desk = desk(&[]).await;
    let of_ways_out = |desk: &Desk| {
        ["ec2:DescribeVpcEndpoints", "ec2:DescribeNatGateways", "ec2:DescribeVpcAttribute"].map(|action| desk.calls(action))
    };

    for words in [&["ls"][..], &["show", "served-1"], &["connect", "--dry-run", "served-1"]] {
        desk.plain(words).output().unwrap();
    }
    assert_eq!(of_ways_out(&desk), [0, 0, 0]);
    object(&desk, &["bare-1"]);
    assert_eq!(of_ways_out(&desk), [1, 1, 0], "no endpoint has a private name there");
    object(&desk, &["served-1"]);
    assert_eq!(of_ways_out(&desk), [2, 2, 2], "one attribute at a time");
}
