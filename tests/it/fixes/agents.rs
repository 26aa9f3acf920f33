//! Fixes of what keeps agents from Systems Manager: done for real, green, the agent registers, and all is as before after `undo`.

use std::time::Duration;

use ec2dash_sim::fleet::{Fleet, Ping};
use ec2dash_sim::{FleetSource, Options, PowerTimes, Sim};

use super::{fixes, json, run, text};
use crate::proxy::Desk;
use crate::support::waiting::wait_for;

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/doctor/ways_out.toml");

pub(super) async fn desk(faults: &[&str]) -> Desk {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    let moment = Duration::from_millis(50);
    let power = PowerTimes { starting: moment, stopping: moment, registering: moment, refusing: moment };
    let sim = Sim::start(Options { fleet: FleetSource::File(WORLD.into()), faults, power, ..Options::default() }).await.unwrap();
    Desk { sim, home: tempfile::tempdir().unwrap() }
}

/// All that decides about networks, and each rule's own id aside.
pub(super) fn networks(fleet: &Fleet) -> String {
    let mut told = String::new();
    for account in &fleet.accounts {
        let mut vpcs = account.vpcs.clone();
        vpcs.acls.iter_mut().for_each(|acl| acl.entries.sort_by_key(|entry| (entry.is_egress, entry.number)));
        told += &format!("{vpcs:#?} {:#?} {:#?}", account.groups, account.endpoints);
    }
    told
}

/// Whether the agent of an instance is heard.
pub(super) fn is_heard(desk: &Desk, name: &str) -> bool {
    let fleet = desk.sim.fleet();
    let agent = fleet.instances().find(|own| own.name() == name).unwrap().agent.clone();
    agent.is_some_and(|agent| matches!(agent.ping, Ping::Online(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_an_agent_away_is_mended_it_registers_and_undo_leaves_all_as_it_was() {
    for (name, id, rule, calls, part) in [
        ("muted-1", "FX-SG-EGRESS443", "SSM-14", 1, "tcp 443 to 0.0.0.0/0"),
        ("walled-1", "FX-NACL-EGRESS", "SSM-14", 1, "every instance in the subnets of acl-"),
        ("closed-1", "FX-SG-VPCE", "SSM-15", 1, "authorize-security-group-ingress"),
        ("nameless-1", "FX-VPCE-DNS", "SSM-16", 1, "aws ec2 modify-vpc-endpoint"),
        ("dumb-1", "FX-VPC-DNS", "SSM-16", 1, "aws ec2 modify-vpc-attribute --enable-dns-hostnames"),
    ] {
        let desk = desk(&[]).await;
        let before = networks(&desk.sim.fleet());
        assert!(!is_heard(&desk, name), "{name}");

        let told = run(&desk, &["doctor", name, "--fix", id, "--yes"]);

        let said = text(&told.stderr);
        assert!(said.contains(part), "{name}: {said}");
        assert_eq!(fixes(&desk)[0]["steps"].as_array().unwrap().len(), calls, "{name}");
        assert_ne!(networks(&desk.sim.fleet()), before, "{name}");
        // An endpoint of each of two services: the other one is a fix of its own.
        let rest = if name == "nameless-1" { Some(run(&desk, &["doctor", name, "--fix", id, "--yes"])) } else { None };
        let last = rest.as_ref().unwrap_or(&told);
        assert_eq!(last.status.code(), Some(0), "{name}: {}{}", text(&last.stderr), text(&last.stdout));
        assert!(text(&last.stdout).contains(&format!("The check is green now (ssm, {rule})")), "{}", text(&last.stdout));
        wait_for(|| is_heard(&desk, name)).await;
        for number in (1..=fixes(&desk).len()).rev() {
            let undone = run(&desk, &["undo", &number.to_string(), "--yes"]);
            assert_eq!(undone.status.code(), Some(0), "{name}: {}", text(&undone.stderr));
        }
        assert_eq!(networks(&desk.sim.fleet()), before, "{name}");
        assert!(!is_heard(&desk, name), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metadata_service_is_turned_on_and_what_it_asked_for_before_is_put_back() {
    for asks in [false, true] {
        let desk = desk(&[]).await;
        desk.sim.edit(|fleet| {
            let own = fleet.instance_mut("public-1").unwrap();
            (own.has_metadata, own.asks_metadata_tokens) = (false, asks);
        });
        let options = || {
            let fleet = desk.sim.fleet();
            let own = fleet.instances().find(|own| own.name() == "public-1").unwrap();
            (own.has_metadata, own.asks_metadata_tokens)
        };

        let plan = run(&desk, &["doctor", "public-1", "--fix", "FX-IMDS", "--dry-run", "-o", "json"]);
        let told = run(&desk, &["doctor", "public-1", "--fix", "FX-IMDS", "--yes"]);

        let back = if asks { "--http-endpoint disabled --http-tokens required" } else { "--http-tokens optional" };
        assert!(json(&plan)["plan"]["undo"][0].as_str().unwrap().contains(back), "{}", json(&plan));
        assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
        assert_eq!(options(), (true, true));
        wait_for(|| is_heard(&desk, "public-1")).await;
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
        assert_eq!(options(), (false, asks));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_options_that_somebody_else_has_changed_are_left_alone() {
    let desk = desk(&[]).await;
    desk.sim.edit(|fleet| fleet.instance_mut("public-1").unwrap().has_metadata = false);
    assert_eq!(run(&desk, &["doctor", "public-1", "--fix", "FX-IMDS", "--yes"]).status.code(), Some(0));
    desk.sim.edit(|fleet| fleet.instance_mut("public-1").unwrap().asks_metadata_tokens = false);

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("HttpTokens=optional"), "{}", text(&told.stderr));
    assert!(desk.sim.fleet().instances().find(|own| own.name() == "public-1").unwrap().has_metadata);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_may_not_is_said_and_nothing_is_changed() {
    for (name, id, action, asked) in [
        ("nameless-1", "FX-VPCE-DNS", "ec2:ModifyVpcEndpoint", 0),
        ("dumb-1", "FX-VPC-DNS", "ec2:ModifyVpcAttribute", 1),
        ("walled-1", "FX-NACL-EGRESS", "ec2:CreateNetworkAclEntry", 0),
    ] {
        let desk = desk(&[&format!("{action}=deny")]).await;
        let before = networks(&desk.sim.fleet());

        let told = run(&desk, &["doctor", name, "--fix", id, "--yes"]);

        assert_eq!(told.status.code(), Some(5), "{name}: {}", text(&told.stderr));
        assert!(text(&told.stderr).contains(action), "{}", text(&told.stderr));
        // Where EC2 knows no dry run, the first call is the real one, and the journal has its refusal.
        assert_eq!(fixes(&desk).len(), asked, "{name}");
        assert_eq!(networks(&desk.sim.fleet()), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_looked_up_for_each_of_them() {
    for (name, id, fault) in [
        ("nameless-1", "FX-VPCE-DNS", "ec2:ModifyVpcEndpoint=cut@2"),
        ("dumb-1", "FX-VPC-DNS", "ec2:ModifyVpcAttribute=cut@1"),
        ("walled-1", "FX-NACL-EGRESS", "ec2:CreateNetworkAclEntry=cut@2"),
    ] {
        let desk = desk(&[fault]).await;
        let before = networks(&desk.sim.fleet());

        let told = run(&desk, &["doctor", name, "--fix", id, "--yes", "-o", "json"]);

        assert_eq!(fixes(&desk)[0]["standing"], "in-force", "{name}: {}{}", text(&told.stderr), text(&told.stdout));
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0), "{name}");
        assert_eq!(networks(&desk.sim.fleet()), before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_is_too_old_is_updated_and_that_nothing_takes_it_back_is_said_before() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| "2.0.1.0".clone_into(&mut fleet.instance_mut("web-1").unwrap().agent.as_mut().unwrap().version));

    let told = run(&desk, &["doctor", "web-1", "--fix", "FX-SSM-UPDATE", "--yes"]);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stdout));
    for part in ["Nothing takes it back.", "aws ssm send-command --document-name AWS-UpdateSSMAgent", "Sessions that are open"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let version = || desk.sim.fleet().instances().find(|own| own.name() == "web-1").unwrap().agent.clone().unwrap().version;
    assert!(version().starts_with("3."), "{}", version());
    assert_eq!(fixes(&desk)[0]["standing"], "final");
    let undone = run(&desk, &["undo", "1", "--yes"]);
    assert!(text(&undone.stderr).contains("error[undo-nothing]"), "{}", text(&undone.stderr));

    // New enough for sessions, and too old for what a tunnel is to do.
    desk.sim.edit(|fleet| "3.1.1000.0".clone_into(&mut fleet.instance_mut("web-1").unwrap().agent.as_mut().unwrap().version));
    let behind = ["doctor", "web-1", "--forward", "0:db.internal:5432", "--fix", "FX-SSM-UPDATE", "--yes"];
    let told = run(&desk, &behind);
    assert_eq!(told.status.code(), Some(0), "{}{}", text(&told.stderr), text(&told.stdout));
    assert_ne!(version(), "3.1.1000.0");
}
