//! What only an examination tells: the caller, the region, the clock, the checks (GEN), and what the account wants of sessions (SSM).

use super::*;
use crate::model::{
    Decision, DeniedBy, Examination, Identity, Permission, Permissions, PlannedEvent, SessionPreferences, StatusChecks,
};

/// Facts of an examination in which all is well, as they are changed.
pub(super) fn with(change: impl Fn(&mut Examination, &mut Facts)) -> impl Fn(&mut Facts) {
    move |f| {
        let caller = Identity {
            account: "123456789012".parse().unwrap(),
            arn: "arn:aws:iam::123456789012:user/jane".into(),
            user_id: "AIDA".into(),
        };
        let mut examination = Examination {
            caller: Fact::Known(caller),
            opt_in: Fact::Known(Some("opt-in-not-required".into())),
            clock_ahead: Some(0),
            proxy: None,
            checks: Fact::Known(checks("ok", "ok")),
            host_management: Fact::Known(None),
            has_advanced_instances: Fact::Pending,
            preferences: Fact::Known(SessionPreferences::default()),
            session_key: Fact::Pending,
            own_run_as: Fact::Pending,
            has_password: Fact::Pending,
            permissions: Fact::Known(every(&Decision::Allowed)),
            probes: Default::default(),
        };
        change(&mut examination, f);
        f.instance.examination = Some(Arc::new(examination));
    }
}

fn checks(system: &str, instance: &str) -> StatusChecks {
    StatusChecks { system: system.into(), instance: instance.into(), storage: None, events: Vec::new() }
}

const EVERY: [Permission; 10] = [
    Permission::PushKey,
    Permission::Shell,
    Permission::ShellDocument,
    Permission::SshSession,
    Permission::PortSession,
    Permission::Tunnel,
    Permission::SerialConsole,
    Permission::OwnSessions,
    Permission::DataKey,
    Permission::Password,
];

fn every(decision: &Decision) -> Permissions {
    EVERY.into_iter().map(|own| (own, decision.clone())).collect()
}

fn hybrid(f: &mut Facts) {
    f.instance.id = "mi-0123456789abcdef0".parse().unwrap();
    f.instance.state = InstanceState::Hybrid;
}

/// What is told of Session Manager to whoever reads one instance, of these rules alone: reasons, then what holds.
fn told(change: impl Fn(&mut Facts), rule: &str) -> Vec<String> {
    let mut facts = facts();
    change(&mut facts);
    let ways = facts.examined();
    let way = ways.way(Method::Ssm).unwrap();
    let all = way.reasons.iter().chain(&way.passes).filter(|reason| reason.rule == rule);
    all.map(|reason| format!("{} {} {}", reason.code, reason.rule, reason.outcome.word())).collect()
}

#[test]
fn an_examination_in_which_all_is_well_changes_no_verdict() {
    for method in Method::choosable() {
        check(method, with(|_, _| ()), Verdict::Likely, &[]);
    }
    for (rule, holds) in [
        ("GEN-1", "signed-in GEN-1 pass"),
        ("GEN-2", "region-on GEN-2 pass"),
        ("GEN-5", "checks-passed GEN-5 pass"),
        ("GEN-9", "clock-right GEN-9 pass"),
        ("SSM-27", "ssm-preferences-usual SSM-27 pass"),
    ] {
        assert_eq!(told(with(|_, _| ()), rule), [holds]);
    }
    assert!(told(|_| (), "GEN-1").is_empty(), "nobody examined it");
}

#[test]
fn what_an_examination_could_not_read_is_unknown_and_closes_nothing() {
    let all = with(|e, _| {
        e.caller = denied("sts:GetCallerIdentity");
        e.opt_in = denied("ec2:DescribeRegions");
        e.clock_ahead = None;
        e.checks = denied("ec2:DescribeInstanceStatus");
        e.preferences = denied("ssm:GetDocument");
    });
    let reasons = [
        "ssm-preferences-unseen SSM-23 unknown",
        "caller-unseen GEN-1 unknown",
        "region-unseen GEN-2 unknown",
        "checks-unseen GEN-5 unknown",
    ];
    check(Method::Ssm, &all, Verdict::Likely, &reasons);
    check(Method::Eic, &all, Verdict::Likely, &reasons[1..]);
}

#[test]
fn a_region_that_the_account_has_not_closes_every_way() {
    let off = with(|e, _| e.opt_in = Fact::Known(Some("not-opted-in".into())));
    check(Method::Ssh, &off, Verdict::Blocked, &["region-off GEN-2 fail"]);
    check(Method::Ssh, with(|e, _| e.opt_in = Fact::Known(Some("opted-in".into()))), Verdict::Likely, &[]);
    check(Method::Ssh, with(|e, _| e.opt_in = Fact::Known(None)), Verdict::Likely, &["region-unseen GEN-2 unknown"]);
}

#[test]
fn a_clock_that_is_off_is_a_warning_and_then_in_the_way() {
    let ahead = |seconds: i64| with(move |e, _| e.clock_ahead = Some(seconds));
    for seconds in [0, 240, -240] {
        check(Method::Ssm, ahead(seconds), Verdict::Likely, &[]);
    }
    for seconds in [241, -241, 900] {
        check(Method::Ssm, ahead(seconds), Verdict::Likely, &["clock-off GEN-9 warn"]);
    }
    for seconds in [901, -100_000] {
        check(Method::Ssm, ahead(seconds), Verdict::Blocked, &["clock-off GEN-9 fail"]);
    }
}

#[test]
fn status_checks_warn_and_never_close() {
    let are = |system: &'static str, instance: &'static str| with(move |e, _| e.checks = Fact::Known(checks(system, instance)));
    check(Method::Ssh, are("impaired", "ok"), Verdict::Likely, &["checks-impaired GEN-5 warn"]);
    check(Method::Ssh, are("ok", "impaired"), Verdict::Likely, &["checks-impaired GEN-5 warn"]);
    check(Method::Ssh, are("ok", "initializing"), Verdict::Likely, &["checks-initializing GEN-5 warn"]);
    check(Method::Ssh, are("ok", "insufficient-data"), Verdict::Likely, &["checks-undecided GEN-5 unknown"]);
    let volume = with(|e, _| e.checks = Fact::Known(StatusChecks { storage: Some("impaired".into()), ..checks("ok", "ok") }));
    check(Method::Ssh, volume, Verdict::Likely, &["checks-impaired GEN-5 warn"]);
    let stopped = with(|e, f| {
        e.checks = Fact::Known(checks("not-applicable", "not-applicable"));
        f.instance.state = InstanceState::Stopped;
    });
    check(Method::Ssh, stopped, Verdict::Blocked, &["instance-stopped GEN-4 fail"]);
}

#[test]
fn what_is_planned_and_a_spot_instance_are_told_and_in_nobodys_way() {
    let planned = with(|e, f| {
        let event = PlannedEvent { code: "instance-retirement".into(), not_before: NOW.parse().ok() };
        e.checks = Fact::Known(StatusChecks { events: vec![event], ..checks("ok", "ok") });
        f.instance.is_spot = true;
    });
    check(Method::Ssm, &planned, Verdict::Likely, &[]);
    assert_eq!(told(&planned, "GEN-6"), ["event-planned GEN-6 warn"]);
    assert_eq!(told(&planned, "GEN-10"), ["spot GEN-10 warn"]);
    assert!(told(with(|_, _| ()), "GEN-6").is_empty() && told(with(|_, _| ()), "GEN-10").is_empty());
}

#[test]
fn without_a_profile_default_host_management_decides() {
    let without = |managed: fn() -> Fact<Option<crate::model::Untrusted>>| {
        with(move |e, f| {
            unregistered(f);
            e.host_management = managed();
        })
    };
    let off = without(|| Fact::Known(None));
    let both = ["ssm-no-profile-at-all SSM-7 fail", "ssm-not-registered SSM-1 fail"];
    check(Method::Ssm, &off, Verdict::Blocked, &both);
    let on = without(|| Fact::Known(Some("service-role/Default".into())));
    check(Method::Ssm, &on, Verdict::Blocked, &["ssm-not-registered SSM-1 fail"]);
    assert_eq!(told(&on, "SSM-11"), ["ssm-default-host-management SSM-11 pass"]);
    let unseen = ["ssm-not-registered SSM-1 fail", "ssm-default-host-management-unseen SSM-11 unknown"];
    check(Method::Ssm, without(|| denied("ssm:GetServiceSetting")), Verdict::Blocked, &unseen);
    let heard = with(|e, _| e.host_management = Fact::Known(None));
    check(Method::Ssm, heard, Verdict::Likely, &[]);
}

#[test]
fn a_role_that_registers_nothing_leaves_it_to_default_host_management() {
    let lacking = |actions: &'static [&'static str]| {
        with(move |e, f| {
            unregistered(f);
            f.instance.instance_profile = Some("web-profile".into());
            f.instance.role = role(Grant::Lacks(actions.to_vec()));
            e.host_management = Fact::Known(Some("service-role/Default".into()));
        })
    };
    let shadowed = ["ssm-not-registered SSM-1 fail", "ssm-role-shadowed SSM-11 warn"];
    check(Method::Ssm, lacking(&["ssm:UpdateInstanceInformation"]), Verdict::Blocked, &shadowed);
    let hides = ["ssm-role-lacks SSM-9 fail", "ssm-not-registered SSM-1 fail"];
    check(Method::Ssm, lacking(&["ssmmessages:OpenDataChannel"]), Verdict::Blocked, &hides);
}

#[test]
fn sessions_on_a_machine_outside_ec2_have_to_be_paid_for() {
    let tier = |fact: fn() -> Fact<bool>| {
        with(move |e, f| {
            hybrid(f);
            (e.has_advanced_instances, e.checks, e.host_management) = (fact(), Fact::Pending, Fact::Pending);
        })
    };
    check(Method::Ssm, tier(|| Fact::Known(true)), Verdict::Likely, &[]);
    assert_eq!(told(tier(|| Fact::Known(true)), "SSM-20"), ["ssm-tier-advanced SSM-20 pass"]);
    check(Method::Ssm, tier(|| Fact::Known(false)), Verdict::Blocked, &["ssm-tier-standard SSM-20 fail"]);
    check(Method::SsmSsh, tier(|| Fact::Known(false)), Verdict::Blocked, &["ssm-tier-standard SSM-20 fail"]);
    check(Method::Ssm, tier(|| denied("ssm:GetServiceSetting")), Verdict::Likely, &["ssm-tier-unseen SSM-20 unknown"]);
}

#[test]
fn what_the_account_wants_of_sessions_is_told() {
    let wants = |change: fn(&mut SessionPreferences)| {
        with(move |e, _| {
            let mut own = SessionPreferences::default();
            change(&mut own);
            e.preferences = Fact::Known(own);
        })
    };
    assert_eq!(told(wants(|p| p.bucket = Some("logs".into())), "SSM-25"), ["ssm-logged SSM-25 warn"]);
    assert_eq!(told(wants(|p| p.log_group = Some("/logs".into())), "SSM-25"), ["ssm-logged SSM-25 warn"]);
    assert_eq!(told(wants(|p| p.idle_minutes = Some(5)), "SSM-26"), ["ssm-idle SSM-26 warn"]);
    let run_as = wants(|p| (p.runs_as, p.run_as_user) = (true, Some("app".into())));
    assert_eq!(told(&run_as, "SSM-23"), ["ssm-run-as SSM-23 warn"]);
    let tagged = |user: Option<&'static str>| {
        with(move |e, _| {
            e.preferences = Fact::Known(SessionPreferences { runs_as: true, ..SessionPreferences::default() });
            e.own_run_as = Fact::Known(user.map(Into::into));
        })
    };
    assert_eq!(told(tagged(Some("jane")), "SSM-23"), ["ssm-run-as SSM-23 warn"]);
    check(Method::Ssm, tagged(None), Verdict::Blocked, &["ssm-run-as-nobody SSM-23 fail"]);
    check(Method::Ssm, &run_as, Verdict::Likely, &[]);
    let unset = wants(|p| p.runs_as = true);
    check(Method::Ssm, &unset, Verdict::Likely, &["ssm-run-as-unset SSM-23 unknown"]);
    check(Method::SsmSsh, &unset, Verdict::Likely, &[]);
    let on_windows = move |f: &mut Facts| {
        unset(f);
        f.instance.os = Os::Windows;
    };
    check(Method::Ssm, on_windows, Verdict::Likely, &[]);
}

#[test]
fn a_key_for_sessions_has_to_be_enabled() {
    let key = |state: fn() -> Fact<crate::model::Untrusted>| {
        with(move |e, _| {
            e.preferences = Fact::Known(SessionPreferences { key: Some("alias/x".into()), ..SessionPreferences::default() });
            e.session_key = state();
        })
    };
    check(Method::Ssm, key(|| Fact::Known("Enabled".into())), Verdict::Likely, &[]);
    assert_eq!(told(key(|| Fact::Known("Enabled".into())), "SSM-24"), ["ssm-key-enabled SSM-24 pass"]);
    check(Method::Ssm, key(|| Fact::Known("Disabled".into())), Verdict::Blocked, &["ssm-key-state SSM-24 fail"]);
    check(Method::Ssm, key(|| denied("kms:DescribeKey")), Verdict::Likely, &["ssm-key-unseen SSM-24 unknown"]);
}

/// A way, a permission that it takes, and the rule about it.
const TAKEN: [(Method, Permission, &str); 8] = [
    (Method::Ssm, Permission::Shell, "IAM-3"),
    (Method::Ssm, Permission::ShellDocument, "SSM-22"),
    (Method::Ssm, Permission::DataKey, "IAM-9"),
    (Method::SsmSsh, Permission::SshSession, "IAM-4"),
    (Method::SsmSsh, Permission::PushKey, "IAM-2"),
    (Method::Eice, Permission::Tunnel, "IAM-6"),
    (Method::Eice, Permission::PushKey, "IAM-2"),
    (Method::Eic, Permission::PushKey, "IAM-2"),
];

fn only(permission: Permission, decision: Decision) -> impl Fn(&mut Facts) {
    with(move |e, f| {
        f.local.keys = Default::default();
        let mut all = every(&Decision::Allowed);
        all.insert(permission, decision.clone());
        e.permissions = Fact::Known(all);
    })
}

#[test]
fn a_permission_that_a_simulation_denies_closes_the_way_that_takes_it() {
    for (method, permission, rule) in TAKEN {
        for by in [DeniedBy::Nothing, DeniedBy::Statement, DeniedBy::Boundary, DeniedBy::Organization] {
            let denied = only(permission, Decision::Denied(by));
            check(method, denied, Verdict::Blocked, &[&format!("permission-denied {rule} fail")]);
        }
        let unclear = only(permission, Decision::Unclear(vec!["aws:SourceIp".into()]));
        check(method, unclear, Verdict::Likely, &[&format!("permission-unclear {rule} unknown")]);
        check(method, only(permission, Decision::AllowedUnless(vec!["aws:SourceIp".into()])), Verdict::Likely, &[]);
        check(method, only(permission, Decision::Allowed), Verdict::Likely, &[]);
    }
    let serial = only(Permission::SerialConsole, Decision::Denied(DeniedBy::Nothing));
    let reasons = ["permission-denied IAM-7 fail", "serial-password SER-6 unknown"];
    check(Method::Serial, serial, Verdict::Blocked, &reasons);
}

/// A desktop that has no address and no endpoint.
fn desktop_by_session_alone(f: &mut Facts) {
    f.instance.os = Os::Windows;
    (f.instance.public_ip, f.instance.private_ip, f.instance.ipv6) = (None, None, Vec::new());
    f.instance.network = network(Vec::new(), &[], &[]);
}

#[test]
fn a_desktop_takes_a_session_for_its_port_and_its_first_password() {
    let by = |permission, decision: Decision| {
        let change = only(permission, decision);
        move |f: &mut Facts| {
            change(f);
            desktop_by_session_alone(f);
        }
    };
    let nothing = || Decision::Denied(DeniedBy::Nothing);
    let unclear = || Decision::Unclear(Vec::new());
    check(Method::Rdp, by(Permission::PortSession, nothing()), Verdict::Blocked, &["permission-denied IAM-5 fail"]);
    check(Method::Rdp, by(Permission::PortSession, unclear()), Verdict::Likely, &["permission-unclear IAM-5 unknown"]);
    check(Method::Rdp, by(Permission::PortSession, Decision::Allowed), Verdict::Likely, &[]);
    check(Method::Rdp, by(Permission::Password, nothing()), Verdict::Likely, &["permission-limited IAM-10 warn"]);
    check(Method::Rdp, by(Permission::Password, unclear()), Verdict::Likely, &["permission-unclear IAM-10 unknown"]);
}

#[test]
fn what_a_way_does_not_take_closes_it_not() {
    let none = with(|e, _| e.permissions = Fact::Known(every(&Decision::Denied(DeniedBy::Nothing))));
    check(Method::Ssh, none, Verdict::Likely, &[]);
    let sessions = only(Permission::OwnSessions, Decision::Denied(DeniedBy::Nothing));
    check(Method::Ssm, sessions, Verdict::Likely, &["permission-limited IAM-8 warn"]);
    // Whoever has a key of their own pushes none.
    let own_key = with(|e, f| {
        f.options.key = Some("/home/jane/.ssh/team-prod.pem".into());
        f.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3");
        e.permissions = Fact::Known([(Permission::PushKey, Decision::Denied(DeniedBy::Nothing))].into());
    });
    let mut facts = facts();
    own_key(&mut facts);
    assert!(facts.said(Method::SsmSsh).1.is_empty(), "{:?}", facts.said(Method::SsmSsh));
}

#[test]
fn a_simulation_that_is_denied_is_told_once_of_a_way_and_closes_nothing() {
    let unseen = with(|e, _| e.permissions = denied("iam:SimulatePrincipalPolicy"));
    check(Method::Ssm, &unseen, Verdict::Likely, &["permission-unseen IAM-3 unknown"]);
    check(Method::Eice, &unseen, Verdict::Likely, &["permission-unseen IAM-6 unknown"]);
    check(Method::Ssh, &unseen, Verdict::Likely, &[]);
    let text = Catalogue::english();
    let mut facts = facts();
    unseen(&mut facts);
    let ways = facts.ways();
    let causes = ways.causes().iter().filter(|cause| cause.text(&text).contains("SimulatePrincipalPolicy")).count();
    assert_eq!(causes, 1);
}

#[test]
fn what_is_given_is_told_with_how_sure_that_is() {
    assert_eq!(told(only(Permission::Shell, Decision::Allowed), "IAM-3"), ["permission-given IAM-3 pass"]);
    let unless = only(Permission::Shell, Decision::AllowedUnless(vec!["aws:SourceIp".into()]));
    assert_eq!(told(unless, "IAM-3"), ["permission-given-unless IAM-3 pass?"]);
    assert_eq!(told(only(Permission::Shell, Decision::AllowedUnless(Vec::new())), "IAM-3"), ["permission-of-root IAM-3 pass?"]);
    let of_nobody = with(|e, _| e.permissions = Fact::Known(Permissions::new()));
    assert!(told(of_nobody, "IAM-3").is_empty());
}

#[test]
fn each_permission_is_told_with_its_rule_and_with_how_sure_it_is() {
    let more = [
        (Method::Serial, Permission::SerialConsole, "IAM-7"),
        (Method::Ssm, Permission::OwnSessions, "IAM-8"),
        (Method::Rdp, Permission::PortSession, "IAM-5"),
        (Method::Rdp, Permission::Password, "IAM-10"),
    ];
    for (method, permission, rule) in TAKEN.into_iter().chain(more) {
        let keys = || vec!["aws:SourceIp".into()];
        for (decision, told) in [
            (Decision::Allowed, format!("permission-given {rule} pass")),
            (Decision::AllowedUnless(keys()), format!("permission-given-unless {rule} pass?")),
            (Decision::AllowedUnless(Vec::new()), format!("permission-of-root {rule} pass?")),
            (Decision::Unclear(keys()), format!("permission-unclear {rule} unknown")),
        ] {
            let change = only(permission, decision);
            let all = told_of(
                |f| {
                    change(f);
                    if method == Method::Rdp {
                        desktop_by_session_alone(f);
                    }
                },
                method,
            );
            assert_eq!(all.iter().filter(|own| **own == told).count(), 1, "{told}: {all:?}");
        }
    }
    let unseen = with(|e, _| e.permissions = denied("iam:SimulatePrincipalPolicy"));
    assert!(told_of(unseen, Method::Serial).contains(&"permission-unseen IAM-7 unknown".to_owned()));
}

#[test]
fn of_ssh_through_a_session_nothing_is_kept() {
    let logged = with(|e, _| {
        e.preferences = Fact::Known(SessionPreferences { bucket: Some("logs".into()), ..SessionPreferences::default() });
    });
    let mut facts = facts();
    logged(&mut facts);
    let ways = facts.examined();
    let way = ways.way(Method::SsmSsh).unwrap();

    let told: Vec<String> = way.passes.iter().map(|own| format!("{} {} {}", own.code, own.rule, own.outcome.word())).collect();
    assert!(told.contains(&"ssm-ssh-unrecorded SSHSSM-7 warn".to_owned()), "{told:?}");
    assert_eq!(way.verdict, Verdict::Likely);
}

/// Facts under which, taken together, each of these rules speaks.
pub(super) fn all_kinds_of_examinations() -> Vec<Change> {
    let with = |change: fn(&mut Examination, &mut Facts)| -> Change { Box::new(with(change)) };
    vec![
        with(|_, _| ()),
        with(|e, f| {
            e.caller = denied("sts:GetCallerIdentity");
            e.opt_in = denied("ec2:DescribeRegions");
            e.checks = denied("ec2:DescribeInstanceStatus");
            e.preferences = denied("ssm:GetDocument");
            f.instance.is_spot = true;
        }),
        with(|e, _| {
            e.opt_in = Fact::Known(Some("not-opted-in".into()));
            e.clock_ahead = Some(-1_000);
            let event = PlannedEvent { code: "instance-retirement".into(), not_before: None };
            e.checks = Fact::Known(StatusChecks { events: vec![event], ..checks("impaired", "ok") });
        }),
        with(|e, _| e.checks = Fact::Known(checks("ok", "initializing"))),
        with(|e, _| e.permissions = Fact::Known(every(&Decision::Denied(DeniedBy::Statement)))),
        with(|e, _| e.permissions = Fact::Known(every(&Decision::Unclear(vec!["aws:SourceIp".into()])))),
        with(|e, _| e.permissions = Fact::Known(every(&Decision::AllowedUnless(vec!["aws:SourceIp".into()])))),
        with(|e, _| e.permissions = Fact::Known(every(&Decision::AllowedUnless(Vec::new())))),
        with(|e, _| e.permissions = denied("iam:SimulatePrincipalPolicy")),
        with(|_, f| desktop_by_session_alone(f)),
        with(|e, f| {
            desktop_by_session_alone(f);
            e.permissions = Fact::Known(every(&Decision::Denied(DeniedBy::Nothing)));
        }),
        with(|e, f| {
            desktop_by_session_alone(f);
            e.permissions = Fact::Known(every(&Decision::Unclear(Vec::new())));
        }),
        with(|e, _| {
            e.preferences = Fact::Known(SessionPreferences { runs_as: true, ..SessionPreferences::default() });
            e.own_run_as = Fact::Known(None);
        }),
        with(|e, _| e.checks = Fact::Known(checks("ok", "insufficient-data"))),
        with(|_, f| unregistered(f)),
        with(|e, f| {
            unregistered(f);
            e.host_management = denied("ssm:GetServiceSetting");
        }),
        with(|e, f| {
            unregistered(f);
            e.host_management = Fact::Known(Some("service-role/Default".into()));
        }),
        with(|e, f| {
            unregistered(f);
            f.instance.instance_profile = Some("web-profile".into());
            f.instance.role = role(Grant::Lacks(vec!["ssm:UpdateInstanceInformation"]));
            e.host_management = Fact::Known(Some("service-role/Default".into()));
        }),
        with(|e, f| {
            hybrid(f);
            e.has_advanced_instances = Fact::Known(true);
        }),
        with(|e, f| {
            hybrid(f);
            e.has_advanced_instances = Fact::Known(false);
        }),
        with(|e, f| {
            hybrid(f);
            e.has_advanced_instances = denied("ssm:GetServiceSetting");
        }),
        with(|e, _| {
            let own = SessionPreferences {
                bucket: Some("logs".into()),
                log_group: None,
                key: Some("alias/x".into()),
                runs_as: true,
                run_as_user: None,
                idle_minutes: Some(5),
                longest_minutes: None,
            };
            (e.preferences, e.session_key) = (Fact::Known(own), Fact::Known("Disabled".into()));
        }),
        with(|e, _| {
            let own = SessionPreferences {
                key: Some("alias/x".into()),
                runs_as: true,
                run_as_user: Some("app".into()),
                ..Default::default()
            };
            (e.preferences, e.session_key) = (Fact::Known(own), denied("kms:DescribeKey"));
        }),
        with(|e, _| {
            let own = SessionPreferences { key: Some("alias/x".into()), ..Default::default() };
            (e.preferences, e.session_key) = (Fact::Known(own), Fact::Known("Enabled".into()));
        }),
    ]
}
