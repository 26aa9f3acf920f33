//! The rules of every way in, as tables of facts and verdicts.

use std::path::PathBuf;

use super::super::{AddressChoice, HomeKey, KeyFile, KeyProblem, Network, Outcome, SshClient, Verdict};
use super::*;
use crate::model::{Denial, Fact, Grant, Image, Os, ProfileRole, Ssm, SsmStatus, Why, row};
use crate::text::Catalogue;

/// Facts under which `eic` and `ssh` work and nothing else is said.
struct Facts {
    instance: Instance,
    options: ConnectOptions,
    local: Local,
}

const NOW: &str = "2026-11-21T10:00:00Z";

fn facts() -> Facts {
    let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
    instance.image_name = image("al2023-ami-2023.5.20240722.0-kernel-6.1-x86_64");
    instance.ssm = ssm(SsmStatus::Online, NOW);
    let key = KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), problem: None };
    let local = Local { keys: [(HomeKey::Pair("team-prod".into()), key)].into(), ..Local::default() };
    Facts { instance, options: ConnectOptions::default(), local }
}

fn image(name: &str) -> Fact<Option<Image>> {
    Fact::Known(Some(Image { name: name.into(), owner: None, owner_alias: None }))
}

fn ssm(status: SsmStatus, ping: &str) -> Fact<Ssm> {
    let ssm = Ssm { status, last_ping: ping.parse().ok(), agent_version: Some("3.3.1611.0".into()), ..Ssm::unmanaged() };
    Fact::Known(ssm)
}

/// Heard two minutes ago, and throttled since.
fn kept() -> Fact<Ssm> {
    let denial = Denial { why: Why::Throttled, action: "ssm:DescribeInstanceProperties", message: None };
    Fact::Hidden(denial).over(&ssm(SsmStatus::Online, NOW), "2026-11-21T09:58:00Z".parse().unwrap())
}

fn denied<T>(action: &'static str) -> Fact<T> {
    Fact::Hidden(Denial { why: Why::AccessDenied, action, message: None })
}

fn role(grant: Grant) -> Fact<ProfileRole> {
    Fact::Known(ProfileRole { role: Some("web-role".into()), grant: Fact::Known(grant) })
}

impl Facts {
    fn ways(&self) -> Ways {
        ways(&self.instance, &self.options, &self.local, NOW.parse().unwrap())
    }

    /// Verdict and reasons of one way, as `code rule outcome`.
    fn said(&self, method: Method) -> (Verdict, Vec<String>) {
        let ways = self.ways();
        let way = ways.way(method).unwrap();
        let reasons = way.reasons.iter().map(|r| format!("{} {} {}", r.code, r.rule, r.outcome.word())).collect();
        (way.verdict, reasons)
    }
}

#[track_caller]
fn check(method: Method, change: impl FnOnce(&mut Facts), verdict: Verdict, reasons: &[&str]) {
    let mut facts = facts();
    change(&mut facts);

    assert_eq!(facts.said(method), (verdict, reasons.iter().map(|reason| (*reason).to_owned()).collect()));
}

#[test]
fn where_nothing_is_in_the_way_every_way_is_likely() {
    for &method in Method::known() {
        check(method, |_| (), Verdict::Likely, &[]);
    }
}

#[test]
fn only_a_running_instance_can_be_entered() {
    for (state, verdict, reason) in [
        (InstanceState::Stopped, Verdict::Blocked, "instance-stopped GEN-4 fail"),
        (InstanceState::Stopping, Verdict::Blocked, "instance-stopping GEN-4 fail"),
        (InstanceState::ShuttingDown, Verdict::Blocked, "instance-gone GEN-4 fail"),
        (InstanceState::Terminated, Verdict::Blocked, "instance-gone GEN-4 fail"),
        (InstanceState::Pending, Verdict::Unknown, "instance-starting GEN-4 unknown"),
        (InstanceState::Unknown, Verdict::Unknown, "instance-state-unknown GEN-4 unknown"),
    ] {
        for &method in Method::known() {
            check(method, |f| f.instance.state = state, verdict, &[reason]);
        }
    }
}

#[test]
fn a_stopped_instance_without_a_public_address_is_stopped_first_of_all() {
    let stopped = |f: &mut Facts| {
        f.instance.state = InstanceState::Stopped;
        f.instance.public_ip = None;
        f.instance.ipv6.clear();
    };

    check(Method::Eic, stopped, Verdict::Blocked, &["instance-stopped GEN-4 fail"]);
}

#[test]
fn a_service_that_manages_the_instance_is_a_warning() {
    let managed = |f: &mut Facts| f.instance.managed_by = Some("eks.amazonaws.com".into());

    check(Method::Ssh, managed, Verdict::Likely, &["managed-by-service GEN-7 warn"]);
}

#[test]
fn without_a_usable_ssh_both_ssh_ways_are_blocked() {
    for (ssh, reason) in [
        (SshClient::Missing, "ssh-missing LOC-1 fail"),
        (SshClient::TooOld("7.4".into()), "ssh-too-old LOC-1 fail"),
        (SshClient::Foreign, "ssh-foreign LOC-1 fail"),
    ] {
        for method in [Method::Eic, Method::Ssh] {
            check(method, |f| f.local.ssh = ssh.clone(), Verdict::Blocked, &[reason]);
        }
        check(Method::Ssm, |f| f.local.ssh = ssh.clone(), Verdict::Likely, &[]);
    }
}

fn only_private(f: &mut Facts) {
    f.instance.public_ip = None;
    f.instance.ipv6.clear();
}

#[test]
fn instance_connect_does_not_apply_without_a_public_address() {
    check(Method::Eic, only_private, Verdict::NotApplicable, &["no-public-address ADDR-1 fail"]);
    let no_ipv6_here = |f: &mut Facts| {
        f.instance.public_ip = None;
        f.local.has_ipv6 = Some(false);
    };
    check(Method::Eic, no_ipv6_here, Verdict::NotApplicable, &["address-ipv6-only ADDR-2 fail"]);
}

#[test]
fn ipv6_needs_ipv6_on_this_computer() {
    for (has_ipv6, verdict, reasons) in [
        (Some(true), Verdict::Likely, &[][..]),
        (None, Verdict::Unknown, &["address-ipv6-unseen ADDR-2 unknown"][..]),
        (Some(false), Verdict::Blocked, &["address-ipv6-only ADDR-2 fail"][..]),
    ] {
        let only_ipv6 = |f: &mut Facts| {
            f.instance.public_ip = None;
            f.instance.private_ip = None;
            f.local.has_ipv6 = has_ipv6;
        };
        check(Method::Ssh, only_ipv6, verdict, reasons);
    }
}

#[test]
fn a_private_address_needs_a_route() {
    let routed = |f: &mut Facts| f.local.routes = Some(vec![Network { address: "10.0.0.0".parse().unwrap(), bits: 16 }]);

    check(Method::Ssh, only_private, Verdict::Unknown, &["address-private ADDR-4 unknown"]);
    check(
        Method::Ssh,
        |f| {
            only_private(f);
            routed(f)
        },
        Verdict::Likely,
        &[],
    );
    let set_in_general = |f: &mut Facts| f.options.address = AddressChoice::Private;
    check(Method::Eic, set_in_general, Verdict::Unknown, &["address-private ADDR-4 unknown"]);
    check(
        Method::Eic,
        |f| {
            set_in_general(f);
            routed(f)
        },
        Verdict::Likely,
        &[],
    );
}

#[test]
fn an_address_that_a_rule_or_flag_asks_for_counts_as_reachable() {
    let forced = |choice: AddressChoice| {
        move |f: &mut Facts| {
            f.options.address = choice;
            f.options.address_is_forced = true;
        }
    };

    check(Method::Eic, forced(AddressChoice::Private), Verdict::Likely, &[]);
    check(Method::Ssh, forced(AddressChoice::Ipv6), Verdict::Likely, &[]);
    check(Method::Eic, forced(AddressChoice::Fixed("127.0.0.1".parse().unwrap())), Verdict::Likely, &[]);
    let gone = |f: &mut Facts| {
        only_private(f);
        forced(AddressChoice::Public)(f);
    };
    check(Method::Eic, gone, Verdict::Blocked, &["no-public-address ADDR-1 fail"]);
}

#[test]
fn instance_connect_does_not_exist_for_windows_and_ssh_there_is_uncertain() {
    let windows = |f: &mut Facts| f.instance.os = Os::Windows;

    check(Method::Eic, windows, Verdict::NotApplicable, &["eic-not-for-windows EIC-1 fail"]);
    check(Method::Ssh, windows, Verdict::Unknown, &["ssh-windows SSH-9 unknown"]);
    let by_image = |f: &mut Facts| f.instance.image_name = image("Windows_Server-2022-English-Full-Base-2024.07.10");
    check(Method::Eic, by_image, Verdict::NotApplicable, &["eic-not-for-windows EIC-1 fail"]);
}

#[test]
fn instance_connect_needs_the_metadata_service() {
    check(Method::Eic, |f| f.instance.metadata_enabled = Some(false), Verdict::Blocked, &["eic-metadata-off EIC-3 fail"]);
    check(Method::Eic, |f| f.instance.metadata_enabled = None, Verdict::Likely, &["eic-metadata-unseen EIC-3 unknown"]);
}

#[test]
fn the_package_is_a_hint_and_never_blocks() {
    for (name, reasons) in [
        (denied("ec2:DescribeImages"), &["eic-image-unseen EIC-4 unknown"][..]),
        (Fact::Pending, &["eic-package-pending EIC-4 unknown"][..]),
        (Fact::Known(None), &["eic-package-unseen EIC-4 unknown"][..]),
        (image("our-golden-image"), &["eic-package-unseen EIC-4 unknown"][..]),
        (image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3"), &["eic-package-missing EIC-4 warn"][..]),
        (image("amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2"), &["eic-package-unsupported EIC-4 fail"][..]),
    ] {
        check(Method::Eic, |f| f.instance.image_name = name.clone(), Verdict::Likely, reasons);
    }
}

#[test]
fn instance_connect_takes_names_of_32_characters() {
    let named = |name: String| move |f: &mut Facts| f.options.user = Some(name.parse().unwrap());

    check(Method::Eic, named("a".repeat(32)), Verdict::Likely, &[]);
    check(Method::Eic, named(format!("{}$", "a".repeat(32))), Verdict::Blocked, &["eic-user-not-taken EIC-9 fail"]);
}

#[test]
fn a_key_pair_needs_its_private_key_here() {
    let elsewhere = |f: &mut Facts| f.local.keys.clear();
    check(Method::Ssh, elsewhere, Verdict::Unknown, &["ssh-key-not-found SSH-2 unknown"]);
    let without = |f: &mut Facts| f.instance.key_name = None;
    check(Method::Ssh, without, Verdict::Unknown, &["ssh-key-not-set SSH-2 unknown", "ssh-no-key-pair SSH-1 warn"]);
}

#[test]
fn a_key_that_openssh_cannot_use_is_told() {
    for (problem, verdict, reason) in [
        (KeyProblem::Missing, Verdict::Unknown, "ssh-key-missing SSH-2 unknown"),
        (KeyProblem::Unreadable, Verdict::Blocked, "ssh-key-unreadable SSH-5 fail"),
        (KeyProblem::TooOpen, Verdict::Blocked, "ssh-key-too-open SSH-5 fail"),
        (KeyProblem::Putty, Verdict::Unknown, "ssh-key-putty SSH-6 unknown"),
        (KeyProblem::LineEnds, Verdict::Unknown, "ssh-key-line-ends SSH-6 unknown"),
        (KeyProblem::Public, Verdict::Unknown, "ssh-key-public SSH-6 unknown"),
    ] {
        let asked = |f: &mut Facts| {
            let path = PathBuf::from("/keys/x");
            f.options.key = Some(path.clone());
            f.local.keys.insert(HomeKey::Path(path.clone()), KeyFile { path, problem: Some(problem) });
        };
        check(Method::Ssh, asked, verdict, &[reason]);
    }
}

#[test]
fn session_manager_goes_by_the_agent() {
    let with = |ssm: Fact<Ssm>| move |f: &mut Facts| f.instance.ssm = ssm;
    let old_agent = || {
        let Fact::Known(mut old) = ssm(SsmStatus::Online, NOW) else { unreachable!() };
        old.agent_version = Some("2.3.67.9".into());
        Fact::Known(old)
    };

    check(Method::Ssm, with(Fact::Pending), Verdict::Unknown, &["ssm-pending SSM-1 unknown"]);
    check(Method::Ssm, with(denied("ssm:DescribeInstanceInformation")), Verdict::Unknown, &["ssm-unseen SSM-1 unknown"]);
    check(Method::Ssm, with(ssm(SsmStatus::Lost, "2026-11-19T10:00:00Z")), Verdict::Blocked, &["ssm-agent-silent SSM-2 fail"]);
    check(Method::Ssm, with(ssm(SsmStatus::Online, "2026-11-21T09:00:00Z")), Verdict::Likely, &["ssm-ping-old SSM-3 warn"]);
    check(
        Method::Ssm,
        with(ssm(SsmStatus::Online, "2026-10-01T09:00:00Z")),
        Verdict::Unknown,
        &["ssm-previous-boot SSM-3 unknown"],
    );
    check(Method::Ssm, with(ssm(SsmStatus::Unknown, "")), Verdict::Unknown, &["ssm-agent-unsaid SSM-2 unknown"]);
    check(Method::Ssm, with(kept()), Verdict::Likely, &["ssm-kept SSM-1 unknown"]);
    check(Method::Ssm, with(old_agent()), Verdict::Blocked, &["ssm-agent-too-old SSM-5 fail"]);
}

fn unregistered(f: &mut Facts) {
    f.instance.ssm = Fact::Known(Ssm::unmanaged());
}

#[test]
fn a_missing_registration_is_told_with_its_causes() {
    check(Method::Ssm, unregistered, Verdict::Blocked, &["ssm-not-registered SSM-1 fail", "ssm-no-profile SSM-7 unknown"]);
    let all = |f: &mut Facts| {
        unregistered(f);
        f.instance.metadata_enabled = Some(false);
        f.instance.instance_profile = Some("web-profile".into());
        f.instance.role = role(Grant::Lacks(vec!["ssmmessages:OpenDataChannel"]));
        f.instance.image_name = image("debian-12-amd64-20240717-1811");
    };
    check(
        Method::Ssm,
        all,
        Verdict::Blocked,
        &[
            "ssm-metadata-off SSM-12 fail",
            "ssm-role-lacks SSM-9 fail",
            "ssm-not-registered SSM-1 fail",
            "ssm-agent-not-in-image SSM-18 warn",
        ],
    );
    let empty = |f: &mut Facts| {
        unregistered(f);
        f.instance.instance_profile = Some("web-profile".into());
        f.instance.role = Fact::Known(ProfileRole { role: None, grant: Fact::Pending });
    };
    check(Method::Ssm, empty, Verdict::Blocked, &["ssm-profile-without-role SSM-8 fail", "ssm-not-registered SSM-1 fail"]);
}

#[test]
fn a_registration_disproves_guessed_causes() {
    let online = |f: &mut Facts| {
        f.instance.metadata_enabled = Some(false);
        f.instance.instance_profile = Some("web-profile".into());
        f.instance.role = role(Grant::Lacks(vec!["ssmmessages:OpenDataChannel"]));
    };

    check(Method::Ssm, online, Verdict::Likely, &["ssm-role-lacks SSM-9 warn"]);
    check(Method::Ssm, |f| f.instance.metadata_enabled = Some(false), Verdict::Likely, &[]);
}

#[test]
fn a_young_instance_without_registration_is_still_starting() {
    let young = |f: &mut Facts| {
        unregistered(f);
        f.instance.launched = "2026-11-21T09:58:00Z".parse().ok();
    };

    check(Method::Ssm, young, Verdict::Unknown, &["ssm-starting GEN-8 unknown"]);
}

#[test]
fn a_refused_call_is_never_a_failure() {
    let refused = |f: &mut Facts| {
        f.instance.ssm = denied("ssm:DescribeInstanceInformation");
        f.instance.image_name = denied("ec2:DescribeImages");
        f.instance.instance_profile = Some("web-profile".into());
        f.instance.role = denied("iam:GetInstanceProfile");
    };
    let mut facts = facts();
    refused(&mut facts);

    for way in facts.ways().list {
        assert!(way.reasons.iter().all(|reason| reason.outcome == Outcome::Unknown), "{way:?}");
        assert_ne!(way.verdict, Verdict::Blocked);
    }
}

#[test]
fn the_best_is_the_first_good_one_in_order() {
    let mut facts = facts();
    assert_eq!(facts.ways().best, Some(Method::Ssm));

    facts.instance.ssm = Fact::Known(Ssm::unmanaged());
    assert_eq!(facts.ways().best, Some(Method::Eic));

    facts.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3");
    assert_eq!(facts.ways().best, Some(Method::Ssh), "✓ comes before !");

    facts.local.keys.clear();
    assert_eq!(facts.ways().best, Some(Method::Eic), "! comes before ?");

    facts.instance.state = InstanceState::Stopped;
    assert_eq!(facts.ways().best, None);
}

#[test]
fn the_preferred_order_decides_and_may_be_the_whole_list() {
    let mut facts = facts();
    facts.options.order = vec![Method::Ssh];
    assert_eq!(facts.ways().best, Some(Method::Ssh));

    facts.local.ssh = SshClient::default();
    facts.local.keys.clear();
    assert_eq!(facts.ways().best, Some(Method::Ssm), "what the order leaves out comes last");

    facts.options.only = true;
    assert_eq!(facts.ways().best, Some(Method::Ssh));

    facts.options.order = vec![Method::Ssm];
    assert_eq!(facts.ways().best, Some(Method::Ssm));

    facts.options.order = vec![Method::Eice];
    assert_eq!(facts.ways().best, None);
}

#[test]
fn it_is_pending_only_while_an_answer_may_change_the_best() {
    let mut facts = facts();
    facts.instance.image_name = Fact::Pending;
    assert!(!facts.ways().is_pending, "ssm stays the best");

    facts.instance.ssm = Fact::Known(Ssm::unmanaged());
    assert!(facts.ways().is_pending, "ssh may turn out better than eic");

    facts.options.order = vec![Method::Ssh];
    assert!(!facts.ways().is_pending, "ssh stays the best");

    facts.options.order = vec![Method::Eic];
    facts.local.keys.clear();
    assert!(!facts.ways().is_pending, "eic stays the best");
}

#[test]
fn marks_follow_the_table() {
    let symbol = |change: fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        mark(facts.ways().way(Method::Eic).unwrap()).symbol()
    };

    assert_eq!(symbol(|_| ()), '✓');
    assert_eq!(symbol(|f| f.instance.image_name = Fact::Known(None)), '✓');
    assert_eq!(symbol(|f| f.instance.image_name = image("RHEL-9.4.0_HVM-x")), '!');
    assert_eq!(symbol(|f| f.instance.image_name = image("amzn-ami-hvm-2018.03.0")), '!');
    assert_eq!(symbol(|f| f.instance.state = InstanceState::Pending), '?');
    assert_eq!(symbol(|f| f.instance.state = InstanceState::Stopped), '✗');
    assert_eq!(symbol(|f| f.instance.os = Os::Windows), '–');
}

/// One deviation from the facts under which all is well.
type Change = Box<dyn Fn(&mut Facts)>;

/// Facts under which, taken together, every rule speaks at least once.
fn all_kinds_of_facts() -> Vec<Facts> {
    let changes: Vec<Change> = vec![
        Box::new(|f| f.instance.state = InstanceState::Stopped),
        Box::new(|f| f.instance.state = InstanceState::Stopping),
        Box::new(|f| f.instance.state = InstanceState::Terminated),
        Box::new(|f| f.instance.state = InstanceState::Pending),
        Box::new(|f| f.instance.state = InstanceState::Unknown),
        Box::new(|f| f.instance.managed_by = Some("eks.amazonaws.com".into())),
        Box::new(only_private),
        Box::new(|f| f.instance.public_ip = None),
        Box::new(|f| (f.instance.public_ip, f.local.has_ipv6, f.instance.private_ip) = (None, Some(false), None)),
        Box::new(|f| (f.instance.public_ip, f.instance.private_ip) = (None, None)),
        Box::new(|f| (f.instance.public_ip, f.instance.private_ip, f.instance.ipv6) = (None, None, vec![])),
        Box::new(|f| (f.options.address, f.instance.private_ip) = (AddressChoice::Private, None)),
        Box::new(|f| (f.options.address, f.instance.ipv6) = (AddressChoice::Ipv6, vec![])),
        Box::new(|f| f.local.ssh = SshClient::Missing),
        Box::new(|f| f.local.ssh = SshClient::TooOld("7.4p1".into())),
        Box::new(|f| f.local.ssh = SshClient::Foreign),
        Box::new(|f| f.instance.os = Os::Windows),
        Box::new(|f| f.options.jump = Some("bastion".to_owned())),
        Box::new(|f| f.instance.metadata_enabled = Some(false)),
        Box::new(|f| f.instance.metadata_enabled = None),
        Box::new(|f| f.instance.image_name = Fact::Pending),
        Box::new(|f| f.instance.image_name = denied("ec2:DescribeImages")),
        Box::new(|f| f.instance.image_name = Fact::Known(None)),
        Box::new(|f| f.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3")),
        Box::new(|f| f.instance.image_name = image("amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2")),
        Box::new(|f| f.options.user = format!("{}$", "a".repeat(32)).parse().ok()),
        Box::new(|f| f.local.keys.clear()),
        Box::new(|f| f.instance.key_name = None),
        Box::new(|f| f.instance.ssm = Fact::Pending),
        Box::new(|f| f.instance.ssm = ssm(SsmStatus::Unknown, "")),
        Box::new(|f| f.instance.ssm = kept()),
        Box::new(|f| f.instance.ssm = denied("ssm:DescribeInstanceInformation")),
        Box::new(|f| f.instance.ssm = ssm(SsmStatus::Lost, "2026-11-19T10:00:00Z")),
        Box::new(|f| f.instance.ssm = ssm(SsmStatus::Lost, "")),
        Box::new(|f| f.instance.ssm = ssm(SsmStatus::Online, "2026-11-21T09:00:00Z")),
        Box::new(|f| f.instance.ssm = ssm(SsmStatus::Online, "2026-10-01T09:00:00Z")),
        Box::new(|f| f.instance.ssm = Fact::Known(Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() })),
        Box::new(|f| {
            f.instance.ssm = Fact::Known(Ssm { status: SsmStatus::Online, agent_version: Some("2.2".into()), ..Ssm::unmanaged() })
        }),
        Box::new(|f| {
            f.instance.ssm =
                Fact::Known(Ssm { status: SsmStatus::Online, agent_version: Some("3.0.200.0".into()), ..Ssm::unmanaged() })
        }),
        Box::new(|f| {
            f.local.keys.clear();
            f.instance.metadata_enabled = Some(false);
        }),
        Box::new(unregistered),
        Box::new(|f| (f.instance.ssm, f.instance.launched) = (Fact::Known(Ssm::unmanaged()), NOW.parse().ok())),
        Box::new(|f| (f.instance.ssm, f.instance.metadata_enabled) = (Fact::Known(Ssm::unmanaged()), Some(false))),
        Box::new(|f| {
            (f.instance.ssm, f.instance.image_name) = (Fact::Known(Ssm::unmanaged()), image("debian-12-amd64-20240717-1811"))
        }),
        Box::new(|f| {
            unregistered(f);
            f.instance.instance_profile = Some("web profile".into());
            f.instance.role = Fact::Known(ProfileRole { role: None, grant: Fact::Pending });
        }),
        Box::new(|f| {
            unregistered(f);
            f.instance.instance_profile = Some("web-profile".into());
            f.instance.role = role(Grant::Lacks(vec!["ssm:UpdateInstanceInformation", "ssmmessages:OpenDataChannel"]));
        }),
        Box::new(|f| {
            unregistered(f);
            f.instance.instance_profile = Some("web-profile".into());
            f.instance.role = role(Grant::Sessions);
        }),
        Box::new(|f| {
            f.instance.instance_profile = Some("web-profile".into());
            f.instance.role = denied("iam:GetInstanceProfile");
        }),
    ];
    let problems = [
        KeyProblem::Missing,
        KeyProblem::Unreadable,
        KeyProblem::TooOpen,
        KeyProblem::Putty,
        KeyProblem::LineEnds,
        KeyProblem::Public,
    ];
    let with_problem = problems.map(|problem| {
        let mut facts = facts();
        for file in facts.local.keys.values_mut() {
            file.problem = Some(problem);
        }
        facts
    });
    let changed = changes.iter().map(|change| {
        let mut facts = facts();
        change(&mut facts);
        facts
    });
    changed.chain(with_problem).collect()
}

#[test]
fn every_reason_has_its_words_its_short_words_and_its_remedy() {
    let text = Catalogue::english();
    let mut codes = std::collections::BTreeSet::new();
    for facts in all_kinds_of_facts() {
        for reason in facts.ways().list.iter().flat_map(|way| &way.reasons) {
            codes.insert(reason.code);
            let said = [Some(reason.text(&text)), Some(reason.short(&text)), reason.remedy(&text)];
            for words in said.iter().flatten() {
                assert!(!words.contains("{$") && !words.starts_with("reason-") && !words.starts_with("fix-"), "{words}");
            }
            // Where a cause of the missing registration is known, the remedy is the cause's.
            let has_words = text.has(&format!("fix-{}", reason.code));
            assert!(reason.has_remedy == has_words || reason.code == "ssm-not-registered", "{}", reason.code);
            let short = reason.short(&text);
            assert!(crate::model::display_width(&short) <= 60, "{short}");
        }
    }
    let mut declared: Vec<_> = super::codes().collect();
    declared.sort_unstable();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), declared, "every code is declared once, and given by a rule");
}

#[test]
fn no_words_are_without_a_code() {
    let codes: std::collections::BTreeSet<_> = super::codes().collect();
    let source = include_str!("../../../assets/locales/en/access.ftl");
    let keys = source.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
    let of_reasons: Vec<&str> = keys.filter(|key| key.starts_with("reason-") || key.starts_with("fix-")).collect();
    assert!(of_reasons.len() > codes.len());
    for key in of_reasons {
        let code = key.trim_start_matches("reason-").trim_start_matches("fix-").trim_end_matches("-short");
        assert!(codes.contains(code), "{key}");
    }
}

#[test]
fn a_remedy_names_the_place_and_quotes_foreign_names() {
    let mut facts = facts();
    unregistered(&mut facts);
    facts.instance.instance_profile = Some("p".into());
    facts.instance.role = Fact::Known(ProfileRole { role: Some("x;id".into()), grant: Fact::Known(Grant::Lacks(vec!["ssm:X"])) });

    let ways = facts.ways();
    let remedy = ways.way(Method::Ssm).unwrap().reasons[0].remedy(&Catalogue::english()).unwrap();

    assert_eq!(
        remedy,
        "aws iam attach-role-policy --role-name 'x;id' --policy-arn arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    );
}

#[test]
fn what_is_not_checked_has_words() {
    let text = Catalogue::english();
    for method in Method::ALL {
        assert!(method.unchecked().iter().all(|key| text.has(key)));
    }
    assert!(Method::known().iter().all(|method| text.has(&format!("way-{}-ready", method.id()))));
}

#[test]
fn ssh_through_session_manager_needs_an_agent_that_carries_it_and_a_key() {
    let agent = |version: &'static str| {
        move |f: &mut Facts| {
            let Fact::Known(ssm) = &mut f.instance.ssm else { panic!("not known") };
            ssm.agent_version = Some(version.into());
        }
    };
    for (version, verdict, reasons) in [
        ("3.3.987.0", Verdict::Likely, vec![]),
        ("3.0.200.0", Verdict::Likely, vec!["ssm-ssh-agent-slow SSHSSM-2 warn"]),
        ("2.3.600.0", Verdict::Blocked, vec!["ssm-ssh-agent-too-old SSHSSM-2 fail"]),
    ] {
        check(Method::SsmSsh, agent(version), verdict, &reasons);
    }
    check(Method::SsmSsh, |f| f.local.keys.clear(), Verdict::Likely, &[]);
    let keyless = |f: &mut Facts| {
        f.local.keys.clear();
        f.instance.metadata_enabled = Some(false);
    };
    check(Method::SsmSsh, keyless, Verdict::Unknown, &["ssm-ssh-no-key SSHSSM-5 unknown"]);
    check(Method::SsmSsh, |f| f.instance.public_ip = None, Verdict::Likely, &[]);
}

#[test]
fn a_jump_host_of_a_rule_closes_the_ways_to_an_address_and_no_other() {
    let with_jump = |f: &mut Facts| f.options.jump = Some("bastion".to_owned());
    check(Method::Eic, with_jump, Verdict::Blocked, &["jump-later BAST-1 fail"]);
    check(Method::Ssh, with_jump, Verdict::Blocked, &["jump-later BAST-1 fail"]);

    let mut facts = facts();
    with_jump(&mut facts);
    facts.options.order = vec![Method::Eic, Method::Ssm];
    assert_eq!((facts.ways().best, facts.said(Method::Ssm).0), (Some(Method::Ssm), Verdict::Likely));
}
