//! Fixes of the way to the internet and to AWS's services: an address, a route, endpoints. Done for real, green, and undone.

use ec2dash_sim::fleet::{Fleet, Preferences, RouteTo};

use super::agents::{desk, is_heard, networks};
use super::{fixes, json, run, text};
use crate::proxy::Desk;
use crate::support::waiting::wait_for;

const FROM: &str = "--from=203.0.113.9";

/// The addresses of an account and who has which, besides what decides about networks.
fn addresses(fleet: &Fleet) -> String {
    let of_account = |account: &ec2dash_sim::fleet::Account| {
        let own: Vec<_> = account.instances.iter().map(|own| (own.id.clone(), own.public_ip.clone(), own.elastic_ip)).collect();
        format!("{:#?} {own:#?}", account.addresses)
    };
    fleet.accounts.iter().map(of_account).collect::<String>() + &networks(fleet)
}

/// A VPC whose main table has lost its way to the internet.
async fn without_route(faults: &[&str]) -> Desk {
    let desk = desk(faults).await;
    desk.sim.edit(|fleet| {
        let vpc = fleet.instance_mut("public-1").unwrap().vpc.clone().unwrap();
        let tables = fleet.accounts.iter_mut().flat_map(|account| &mut account.vpcs.route_tables);
        for table in tables.filter(|table| table.vpc == vpc) {
            table.routes.retain(|route| !matches!(&route.to, RouteTo::Block(block) if block.prefix_len() == 0));
        }
    });
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn an_elastic_ip_is_allocated_and_associated_and_given_back() {
    for fault in ["", "ec2:AllocateAddress=cut@2", "ec2:AssociateAddress=cut@1"] {
        let faults: Vec<&str> = [fault].into_iter().filter(|fault| !fault.is_empty()).collect();
        let desk = desk(&faults).await;
        let before = addresses(&desk.sim.fleet());

        let told = run(&desk, &["doctor", "hidden-1", FROM, "--fix", "FX-EIP", "--yes"]);

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(0), "{fault}: {said}{}", text(&told.stdout));
        for part in ["1 ec2:AllocateAddress", "--allocation-id \"$step_1\"", "paid for by the hour"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let own = desk.sim.fleet().instances().find(|own| own.name() == "hidden-1").unwrap().clone();
        assert!(own.elastic_ip && own.public_ip.is_some());
        // What it lacked to come to Systems Manager it has now, too.
        wait_for(|| is_heard(&desk, "hidden-1")).await;
        let undone = run(&desk, &["undo", "1", "--yes"]);
        assert_eq!(undone.status.code(), Some(0), "{fault}: {}", text(&undone.stderr));
        assert_eq!(addresses(&desk.sim.fleet()), before, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_not_offered_where_it_would_lead_nowhere() {
    let desk = desk(&[]).await;

    let told = run(&desk, &["doctor", "bare-1", FROM, "--fix", "FX-EIP", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("error[fix-not-offered]"), "{}", text(&told.stderr));
    assert_eq!(desk.calls("ec2:AllocateAddress"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_through_the_gateway_is_added_for_whoever_uses_the_table_and_taken_away() {
    for fault in ["", "ec2:CreateRoute=cut@2"] {
        let faults: Vec<&str> = [fault].into_iter().filter(|fault| !fault.is_empty()).collect();
        let desk = without_route(&faults).await;
        let before = addresses(&desk.sim.fleet());

        let told = run(&desk, &["doctor", "public-1", FROM, "--fix", "FX-ROUTE-IGW", "--yes"]);

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(0), "{fault}: {said}{}", text(&told.stdout));
        assert!(said.contains("every subnet that goes by rtb-") && said.contains("subnet-"), "{said}");
        wait_for(|| is_heard(&desk, "public-1")).await;
        assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0), "{fault}");
        assert_eq!(addresses(&desk.sim.fleet()), before, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_route_that_is_there_is_not_replaced() {
    let desk = super::desk(&[]).await;
    let before = networks(&desk.sim.fleet());

    let told = run(&desk, &["doctor", "private-1", FROM, "--fix", "FX-ROUTE-IGW", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("error[fix-route-taken]"), "{}", text(&told.stderr));
    assert_eq!((networks(&desk.sim.fleet()), desk.calls("ec2:CreateRoute")), (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_somebody_else_has_led_elsewhere_is_left_alone() {
    let desk = without_route(&[]).await;
    assert_eq!(run(&desk, &["doctor", "public-1", FROM, "--fix", "FX-ROUTE-IGW", "--yes"]).status.code(), Some(0));
    desk.sim.edit(|fleet| {
        let routes = fleet.accounts.iter_mut().flat_map(|account| &mut account.vpcs.route_tables).flat_map(|own| &mut own.routes);
        for route in routes.filter(|route| matches!(&route.to, RouteTo::Block(block) if block.prefix_len() == 0)) {
            "nat-0123456789abcdef0".clone_into(&mut route.target);
        }
    });
    let now = networks(&desk.sim.fleet());

    let told = run(&desk, &["undo", "1", "--yes"]);

    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stderr).contains("error[undo-changed]"), "{}", text(&told.stderr));
    assert_eq!(networks(&desk.sim.fleet()), now);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoints_of_systems_manager_are_made_with_their_group_the_agent_registers_and_undo_leaves_nothing() {
    for fault in ["", "ec2:CreateVpcEndpoint=cut@3"] {
        let faults: Vec<&str> = [fault].into_iter().filter(|fault| !fault.is_empty()).collect();
        let desk = desk(&faults).await;
        let before = networks(&desk.sim.fleet());

        let told = run(&desk, &["doctor", "bare-1", "--fix", "FX-VPCE", "--yes"]);

        let said = text(&told.stderr);
        assert_eq!(told.status.code(), Some(0), "{fault}: {said}{}", text(&told.stdout));
        for part in ["com.amazonaws.ap-northeast-2.ssm", "--private-dns-enabled", "2 endpoints are paid for by the hour"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        wait_for(|| is_heard(&desk, "bare-1")).await;
        let undone = run(&desk, &["undo", "1", "--yes"]);
        assert_eq!(undone.status.code(), Some(0), "{fault}: {}", text(&undone.stderr));
        assert_eq!(networks(&desk.sim.fleet()), before, "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_sessions_gets_its_endpoint_and_a_bucket_is_left_to_its_owner() {
    for (bucket, group, is_offered) in [("", "sessions", true), ("sessions", "", false)] {
        let desk = desk(&[]).await;
        let preferences = || Preferences { s3_bucket: bucket.to_owned(), log_group: group.to_owned(), ..Preferences::default() };
        desk.sim.edit(|fleet| fleet.accounts.iter_mut().for_each(|own| own.session_preferences = Some(preferences())));
        let before = networks(&desk.sim.fleet());
        let object = run(&desk, &["doctor", "served-1", "-o", "json"]);
        assert!(text(&object.stdout).contains("ssm-logging-cut-off"), "{}", text(&object.stdout));

        let told = run(&desk, &["doctor", "served-1", "--fix", "FX-VPCE", "--yes"]);

        let said = text(&told.stderr);
        if !is_offered {
            assert!(said.contains("error[fix-not-offered]"), "{said}");
            continue;
        }
        assert_eq!(told.status.code(), Some(0), "{said}{}", text(&told.stdout));
        assert!(said.contains("com.amazonaws.ap-northeast-2.logs") && text(&told.stdout).contains("(ssm, SSM-21)"), "{said}");
        let undone = run(&desk, &["undo", "1", "--yes"]);
        assert_eq!(undone.status.code(), Some(0), "{}", text(&undone.stderr));
        assert_eq!(networks(&desk.sim.fleet()), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resolver_is_switched_on_where_endpoints_need_it() {
    let desk = desk(&[]).await;
    desk.sim.edit(|fleet| {
        let vpc = fleet.instance_mut("bare-1").unwrap().vpc.clone().unwrap();
        let off = ec2dash_sim::fleet::Resolver { support: true, hostnames: false };
        for account in &mut fleet.accounts {
            account.vpcs.resolvers.insert(vpc.clone(), off);
        }
    });

    let told = run(&desk, &["doctor", "bare-1", "--fix", "FX-VPCE", "--dry-run", "-o", "json"]);

    let calls: Vec<String> =
        json(&told)["plan"]["calls"].as_array().unwrap().iter().map(|own| own["action"].as_str().unwrap().to_owned()).collect();
    let of = |action: &str| format!("ec2:{action}");
    let expected =
        ["CreateSecurityGroup", "ModifyVpcAttribute", "AuthorizeSecurityGroupIngress", "CreateVpcEndpoint", "CreateVpcEndpoint"];
    assert_eq!(calls, expected.map(of), "{}", text(&told.stderr));
    assert_eq!(fixes(&desk).len(), 0);
}
