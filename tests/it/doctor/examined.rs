//! What an examination asks for besides: the caller, the region, the clock, the checks, and what the account wants.

use super::{findings, object};
use crate::proxy::{Desk, WEB};

fn has(object: &serde_json::Value, method: &str, finding: &str) -> bool {
    findings(object, method).contains(&finding.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_where_and_by_which_clock_is_told() {
    let desk = Desk::new(&[]).await;

    let (code, object) = object(&desk, &["web-1"]);

    assert_eq!(code, Some(0));
    for (method, finding) in [
        ("ssm", "GEN-1 signed-in pass"),
        ("ssm", "GEN-2 region-on pass"),
        ("ssm", "GEN-5 checks-passed pass"),
        ("ssm", "GEN-9 clock-right pass"),
        ("ssm", "SSM-27 ssm-preferences-usual pass"),
    ] {
        assert!(has(&object, method, finding), "{finding}: {:?}", findings(&object, method));
    }
    for unasked in ["iam:SimulatePrincipalPolicy", "iam:GetUser"] {
        assert_eq!(desk.calls(unasked), 0, "only on request");
    }
    assert_eq!((object["warnings"].as_array().unwrap().len(), &object["best"]), (0, &"ssm".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_read_that_is_denied_is_unknown_and_named_once() {
    for (action, method, finding) in [
        ("ec2:DescribeInstanceStatus", "eic", "GEN-5 checks-unseen unknown"),
        ("ssm:GetDocument", "ssm", "SSM-23 ssm-preferences-unseen unknown"),
        ("ec2:DescribeRegions", "ssm", "GEN-2 region-unseen unknown"),
    ] {
        let desk = Desk::new(&[&format!("{action}=deny")]).await;

        let (code, object) = object(&desk, &["web-1"]);

        assert_eq!(code, Some(0), "{action}");
        assert!(has(&object, method, finding), "{action}: {:?}", findings(&object, method));
        let failed = findings(&object, "ssm").into_iter().filter(|finding| finding.ends_with(" fail")).count();
        assert_eq!(failed, 0, "{action}");
        let named = object["warnings"].as_array().unwrap().iter().filter(|warning| warning["action"] == action).count();
        assert_eq!(named, 1, "{action}: {}", object["warnings"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_events_and_a_clock_that_is_off_are_told() {
    let desk = Desk::new(&["sts:GetCallerIdentity=clock:-280s"]).await;
    desk.sim.edit(|fleet| {
        for instance in fleet.accounts.iter_mut().flat_map(|account| &mut account.instances).filter(|own| own.id == WEB) {
            let events = vec![("instance-retirement".to_owned(), std::time::SystemTime::now())];
            let (system, own) = ("impaired".to_owned(), "ok".to_owned());
            instance.checks = Some(ec2dash_sim::fleet::Checks { system, instance: own, events });
        }
    });

    let (_, object) = object(&desk, &["web-1"]);

    for finding in ["GEN-5 checks-impaired warn", "GEN-6 event-planned warn", "GEN-9 clock-off warn"] {
        assert!(has(&object, "eic", finding), "{finding}: {:?}", findings(&object, "eic"));
    }
    let clock = object["methods"][0]["findings"].as_array().unwrap().iter().find(|own| own["rule"] == "GEN-9").unwrap();
    assert_eq!(clock["evidence"]["way"], "ahead", "AWS's clock is behind, so ours is ahead");
}

#[tokio::test(flavor = "multi_thread")]
async fn default_host_management_decides_where_there_is_no_profile() {
    let desk = Desk::new(&[]).await;

    let (_, off) = object(&desk, &["vault-1"]);
    desk.sim
        .edit(|fleet| fleet.accounts.iter_mut().for_each(|own| own.host_management = Some("service-role/Default".to_owned())));
    let (_, on) = object(&desk, &["vault-1"]);

    assert!(has(&off, "ssm", "SSM-7 ssm-no-profile-at-all fail"), "{:?}", findings(&off, "ssm"));
    assert!(has(&on, "ssm", "SSM-11 ssm-default-host-management pass"), "{:?}", findings(&on, "ssm"));
    assert!(!findings(&on, "ssm").iter().any(|finding| finding.starts_with("SSM-7 ")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_password_of_windows_is_looked_for_and_not_seen_where_that_is_denied() {
    const ACTION: &str = "ec2:GetPasswordData";
    let own = |object: &serde_json::Value| -> Vec<String> {
        let all = findings(object, "rdp").into_iter();
        all.filter(|own| own.starts_with("RDP-6 ") || own.starts_with("RDP-7 ")).collect()
    };
    let desk = Desk::new(&[]).await;
    let there = object(&desk, &["win-ad-01"]).1;
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        all.for_each(|instance| instance.password = None);
    });
    let none = object(&desk, &["win-ad-01"]).1;
    let denied = object(&Desk::new(&[&format!("{ACTION}=deny")]).await, &["win-ad-01"]).1;

    assert_eq!(own(&there), ["RDP-7 rdp-no-key warn"]);
    assert_eq!(own(&none), ["RDP-6 rdp-no-password warn"]);
    assert_eq!(own(&denied), ["RDP-6 rdp-password-unseen unknown"]);
    assert!(denied["warnings"].as_array().unwrap().iter().any(|warning| warning["action"] == ACTION), "{}", denied["warnings"]);
    assert_eq!(desk.calls(ACTION), 2);
    object(&desk, &["web-1"]);
    assert_eq!(desk.calls(ACTION), 2, "asked of Windows alone");
}
