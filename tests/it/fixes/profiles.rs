//! An instance profile for an agent: one that fits is taken, else it is made with its role, step by step, and undone step by step.

use ec2dash_sim::fleet::Fleet;

use super::agents::{desk, is_heard};
use super::{fixes, run, text};
use crate::proxy::Desk;
use crate::support::waiting::wait_for;

const NAME: &str = "public-1";

/// Roles, instance profiles, and who has which.
fn identities(fleet: &Fleet) -> String {
    let of_account = |account: &ec2dash_sim::fleet::Account| {
        let attached: Vec<_> = account.instances.iter().map(|own| (own.id.clone(), own.instance_profile.clone())).collect();
        format!("{:#?} {:#?} {attached:#?}", account.roles, account.instance_profiles)
    };
    fleet.accounts.iter().map(of_account).collect()
}

/// A cloud in which the instance has no profile, and its account one for agents alone or none.
async fn without_profile(faults: &[&str], has_one_that_fits: bool) -> Desk {
    let desk = desk(faults).await;
    desk.sim.edit(|fleet| {
        fleet.instance_mut(NAME).unwrap().instance_profile = None;
        if !has_one_that_fits {
            let role = fleet.accounts.iter_mut().flat_map(|account| &mut account.roles).find(|role| role.name == "node").unwrap();
            role.inline.push(("more".to_owned(), r#"{"Statement":[]}"#.to_owned()));
        }
    });
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_for_agents_alone_is_attached_and_the_agent_registers() {
    let desk = without_profile(&[], true).await;
    let before = identities(&desk.sim.fleet());

    let told = run(&desk, &["doctor", NAME, "--fix", "FX-PROFILE", "--yes"]);

    assert_eq!(told.status.code(), Some(0), "{}{}", text(&told.stderr), text(&told.stdout));
    assert!(text(&told.stderr).contains("node is there already"), "{}", text(&told.stderr));
    assert!(is_heard(&desk, NAME), "green only once it is heard");
    assert_eq!(fixes(&desk)[0]["steps"].as_array().unwrap().len(), 1);
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(identities(&desk.sim.fleet()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_none_fits_role_and_profile_are_made_and_undone_in_reverse() {
    let desk = without_profile(&[], false).await;
    let before = identities(&desk.sim.fleet());

    let told = run(&desk, &["doctor", NAME, "--fix", "FX-PROFILE", "--yes"]);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stdout));
    for part in ["1 iam:CreateRole", "aws iam create-role", "sts:AssumeRole", "5 ec2:AssociateIamInstanceProfile"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(is_heard(&desk, NAME));
    let steps = fixes(&desk)[0]["steps"].clone();
    assert!(steps.as_array().unwrap().iter().all(|step| step["state"] == "done") && steps[4]["made"].is_string(), "{steps}");
    let undone = run(&desk, &["undo", "1", "--yes"]);
    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    let said = text(&undone.stderr);
    let at = |part: &str| said.rfind(part).unwrap_or_else(|| panic!("{part}: {said}"));
    assert!(at("ec2:DisassociateIamInstanceProfile") < at("iam:RemoveRoleFromInstanceProfile"), "{said}");
    assert!(at("iam:DetachRolePolicy") < at("iam:DeleteRole"), "{said}");
    assert_eq!(identities(&desk.sim.fleet()), before);
    assert!(!is_heard(&desk, NAME));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_halfway_is_in_the_journal_and_undone_on_request() {
    let desk = without_profile(&["iam:CreateInstanceProfile=deny"], false).await;
    let before = identities(&desk.sim.fleet());

    let told = run(&desk, &["doctor", NAME, "--fix", "FX-PROFILE", "--yes"]);

    let said = text(&told.stderr);
    assert_eq!(told.status.code(), Some(5), "{said}");
    assert!(said.contains("iam:CreateInstanceProfile") && said.contains("ec2dash undo 1"), "{said}");
    let known = &fixes(&desk)[0];
    let states: Vec<&str> = known["steps"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect();
    assert_eq!((states, &known["standing"]), (vec!["done", "done", "refused", "planned", "planned"], &"half".into()));
    assert_ne!(identities(&desk.sim.fleet()), before);
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(identities(&desk.sim.fleet()), before);
    assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_another_instance_has_meanwhile_is_not_taken_away() {
    let desk = without_profile(&[], false).await;
    assert_eq!(run(&desk, &["doctor", NAME, "--fix", "FX-PROFILE", "--yes"]).status.code(), Some(0));
    desk.sim.edit(|fleet| {
        let own = fleet.instance_mut(NAME).unwrap().instance_profile.clone();
        fleet.instance_mut("bare-1").unwrap().instance_profile = own;
    });
    let now = identities(&desk.sim.fleet());

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("error[undo-changed]"), "{}", text(&told.stderr));
    assert_eq!(identities(&desk.sim.fleet()), now, "nothing of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_on_the_way_are_looked_up() {
    for fault in ["iam:CreateRole=cut@1", "iam:CreateInstanceProfile=cut@1", "ec2:AssociateIamInstanceProfile=cut@1"] {
        let desk = without_profile(&[fault], false).await;
        let before = identities(&desk.sim.fleet());

        let told = run(&desk, &["doctor", NAME, "--fix", "FX-PROFILE", "--yes"]);

        assert_eq!(told.status.code(), Some(0), "{fault}: {}", text(&told.stderr));
        wait_for(|| is_heard(&desk, NAME)).await;
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0), "{fault}");
        assert_eq!(identities(&desk.sim.fleet()), before, "{fault}");
    }
}
