//! An EC2 Instance Connect Endpoint with its group: made, it carries, and all is as before after `undo`.

use std::time::Duration;

use super::agents::networks;
use super::{edit_office, fixes, run, text};
use crate::proxy::Desk;

const MAKE: [&str; 5] = ["doctor", "office-1", "--fix", "FX-EICE-CREATE", "--yes"];

/// A cloud whose image takes keys that are pushed.
async fn desk(faults: &[&str]) -> Desk {
    with_package(super::desk(faults).await)
}

fn with_package(desk: Desk) -> Desk {
    desk.sim.edit(|fleet| fleet.images.iter_mut().for_each(|image| image.serves_pushed_keys = true));
    desk
}

fn through(desk: &Desk) -> std::process::Output {
    desk.plain(&["exec", "office-1", "--method", "eice", "--", "echo in; exit 3"]).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_is_made_with_its_group_it_carries_and_undo_leaves_nothing() {
    // Long enough to be seen on its way.
    let desk = with_package(super::desk_that_starts_in(Duration::from_secs(3), &[]).await);
    let before = networks(&desk.sim.fleet());
    assert_ne!(through(&desk).status.code(), Some(3));

    let told = run(&desk, &MAKE);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stdout));
    for part in [
        "1 ec2:CreateSecurityGroup vpc-",
        "step_1=$(aws ec2 create-security-group --vpc-id vpc-",
        "3 ec2:AuthorizeSecurityGroupEgress step-1 tcp 22 to sg-",
        "4 ec2:AuthorizeSecurityGroupIngress sg-",
        "--security-group-ids \"$step_1\"",
        "It is free of charge",
        "is being made",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let steps = fixes(&desk)[0]["steps"].clone();
    assert!(!steps.to_string().contains("step-1"), "the journal says the ids that were made: {steps}");
    let output = through(&desk);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(3), "in\n"), "{}", text(&output.stderr));
    let undone = run(&desk, &["undo", "1", "--yes"]);
    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(networks(&desk.sim.fleet()), before);
    assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_halfway_is_undone_on_request() {
    // The first call is the dry run.
    let desk = desk(&["ec2:CreateInstanceConnectEndpoint=error:ResourceLimitExceeded@2"]).await;
    let before = networks(&desk.sim.fleet());

    let told = run(&desk, &MAKE);

    assert_ne!(told.status.code(), Some(0));
    assert!(text(&told.stderr).contains("ec2dash undo 1"), "{}", text(&told.stderr));
    assert_eq!(fixes(&desk)[0]["standing"], "half");
    let undone = run(&desk, &["undo", "1", "--yes"]);
    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(networks(&desk.sim.fleet()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_each_call_is_looked_up() {
    for fault in
        ["ec2:CreateSecurityGroup=cut@2", "ec2:RevokeSecurityGroupEgress=cut@1", "ec2:CreateInstanceConnectEndpoint=cut@2"]
    {
        let desk = desk(&[fault]).await;
        let before = networks(&desk.sim.fleet());

        let told = run(&desk, &MAKE);

        assert_eq!(told.status.code(), Some(0), "{fault}: {}", text(&told.stderr));
        assert_eq!(through(&desk).status.code(), Some(3), "{fault}");
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0), "{fault}");
        assert_eq!(networks(&desk.sim.fleet()), before, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_away_where_somebody_has_changed_a_part_of_it() {
    let desk = desk(&[]).await;
    assert_eq!(run(&desk, &MAKE).status.code(), Some(0));
    edit_office(&desk, |rules| rules.last_mut().unwrap().description = Some("the team's".to_owned()));
    let now = networks(&desk.sim.fleet());

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("(the team's)"), "{}", text(&told.stderr));
    assert_eq!(networks(&desk.sim.fleet()), now);
}
