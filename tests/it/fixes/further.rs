//! Fixes of network ACLs, roles and the switch for serial consoles: done for real, green, and as before after `undo`.

use ec2dash_sim::fleet::{Account, AclEntry, Fleet};

use super::{desk, fixes, json, run, text};
use crate::proxy::Desk;

const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

fn entries(fleet: &Fleet) -> Vec<(String, Vec<AclEntry>)> {
    let acls = fleet.accounts.iter().flat_map(|account| &account.vpcs.acls);
    let sorted = acls.map(|acl| {
        let mut entries = acl.entries.clone();
        entries.sort_by_key(|entry| (entry.is_egress, entry.number));
        (acl.id.clone(), entries)
    });
    sorted.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_acl_lets_one_address_through_before_it_denies_it() {
    for (name, id, green) in [("shut-1", "FX-NACL-IN", "NET-6"), ("mute-1", "FX-NACL-EPH", "NET-7")] {
        let desk = desk(&[]).await;
        let before = entries(&desk.sim.fleet());

        let told = run(&desk, &["doctor", name, "--from", "203.0.113.9", "--fix", id, "--yes"]);

        assert_eq!(told.status.code(), Some(0), "{name}: {}{}", text(&told.stderr), text(&told.stdout));
        assert!(text(&told.stdout).contains(green), "{}", text(&told.stdout));
        assert!(text(&told.stderr).contains("every instance in the subnets of acl-"), "{}", text(&told.stderr));
        let after = entries(&desk.sim.fleet());
        let count = |all: &[(String, Vec<AclEntry>)]| all.iter().map(|(_, entries)| entries.len()).sum::<usize>();
        assert_eq!(count(&after), count(&before) + 1);
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
        assert_eq!(entries(&desk.sim.fleet()), before, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_somebody_else_has_changed_stays() {
    let desk = desk(&[]).await;
    let told = run(&desk, &["doctor", "shut-1", "--from", "203.0.113.9", "--fix", "FX-NACL-IN", "--yes"]);
    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    desk.sim.edit(|fleet| {
        let entries = fleet.accounts.iter_mut().flat_map(|account| &mut account.vpcs.acls).flat_map(|acl| &mut acl.entries);
        for entry in entries.filter(|entry| entry.block.to_string() == "203.0.113.9/32") {
            entry.block = "203.0.113.0/24".parse().unwrap();
        }
    });
    let changed = entries(&desk.sim.fleet());

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("error[undo-changed]"), "{}", text(&told.stderr));
    assert_eq!(entries(&desk.sim.fleet()), changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_for_serial_consoles_is_turned_on_and_off_again() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| fleet.accounts.iter_mut().for_each(|account| account.serial_console = false));
    let is_on = || desk.sim.fleet().accounts.iter().any(|account| account.serial_console);

    let told = run(&desk, &["doctor", "web-1", "--fix", "FX-SER-ON", "--yes"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert!(is_on());
    assert!(text(&told.stderr).contains("whole account in ap-northeast-2"), "{}", text(&told.stderr));
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert!(!is_on());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_gets_the_policy_of_the_agent_and_loses_it_again() {
    let desk = Desk::new(&[]).await;
    let with_core = |fleet: &Fleet| {
        let roles = |account: &Account| account.roles.iter().filter(|role| role.attached.iter().any(|arn| arn == CORE)).count();
        fleet.accounts.iter().map(roles).sum::<usize>()
    };
    let before = with_core(&desk.sim.fleet());

    let told = run(&desk, &["doctor", "결제-api-2", "--fix", "FX-ROLE-ATTACH", "--yes", "-o", "json"]);

    assert_eq!(told.status.code(), Some(0), "{}", text(&told.stderr));
    assert_eq!((with_core(&desk.sim.fleet()), &json(&told)["mended"]), (before + 1, &true.into()));
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!((with_core(&desk.sim.fleet()), &fixes(&desk)[0]["standing"]), (before, &"taken-back".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_be_changed_is_said_and_nothing_is_left() {
    let desk = Desk::new(&["iam:AttachRolePolicy=deny"]).await;

    let told = run(&desk, &["doctor", "결제-api-2", "--fix", "FX-ROLE-ATTACH", "--yes"]);

    assert_eq!(told.status.code(), Some(5), "{}", text(&told.stderr));
    assert!(text(&told.stderr).contains("iam:AttachRolePolicy"), "{}", text(&told.stderr));
    assert_eq!(fixes(&desk)[0]["standing"], "not-made");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_group_of_where_a_tunnel_leads_lets_its_instance_in_and_does_so_no_more_after_undo() {
    let desk = Desk::new(&[]).await;
    let groups = || format!("{:#?}", desk.sim.fleet().accounts.iter().map(|account| account.groups.clone()).collect::<Vec<_>>());
    let bastion =
        desk.sim.fleet().instances().find(|own| own.name() == "bastion").and_then(|own| own.private_ip.clone()).unwrap();
    let forward = format!("0:{bastion}:5432");
    let before = groups();
    let page = text(&run(&desk, &["doctor", "web-1", "--forward", &forward]).stdout);
    let line =
        page.lines().find_map(|line| Some(line.split_once("ec2dash doctor ")?.1)).filter(|line| line.contains("FX-SG-REF"));
    let line = line.unwrap_or_else(|| panic!("{page}"));
    let object = json(&run(&desk, &["doctor", "web-1", "--forward", &forward, "-o", "json"]));
    assert!(object.to_string().contains(&format!("\"run\":\"ec2dash doctor {line}\"")), "{object}");
    let words: Vec<&str> = line.split_whitespace().collect();

    let told = run(&desk, &[&["doctor"], words.as_slice(), &["--yes"]].concat());

    let (said, done) = (text(&told.stderr), text(&told.stdout));
    assert_eq!(told.status.code(), Some(0), "{said}{done}");
    assert!(said.contains("port 5432") && done.contains("The check is green now (ssm, PFWD-3)"), "{said}{done}");
    assert_ne!(groups(), before);
    let again = run(&desk, &["doctor", "web-1", "--forward", &forward]);
    assert!(!text(&again.stdout).contains("5432"), "{}", text(&again.stdout));
    let undone = run(&desk, &["undo", "1", "--yes"]);
    assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
    assert_eq!(groups(), before);
}
