//! Ways in by the agent of Systems Manager.

use super::*;

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
    let silent = &["ssm-agent-silent SSM-2 fail", "ssm-no-profile SSM-7 unknown"];
    check(Method::Ssm, with(ssm(SsmStatus::Lost, "2026-11-19T10:00:00Z")), Verdict::Blocked, silent);
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
        f.instance.role = Fact::Known(ProfileRole { role: None, grant: Fact::Pending, has_retired_policy: false });
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

    for way in facts.ways().list.into_iter().filter(|way| way.method.may_be_best()) {
        assert!(way.reasons.iter().all(|reason| reason.outcome == Outcome::Unknown), "{way:?}");
        assert_ne!(way.verdict, Verdict::Blocked);
    }
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
    check(Method::SsmSsh, |f| f.local.keys = Default::default(), Verdict::Likely, &[]);
    let keyless = |f: &mut Facts| {
        f.local.keys = Default::default();
        f.instance.metadata_enabled = Some(false);
    };
    check(Method::SsmSsh, keyless, Verdict::Unknown, &["ssm-ssh-no-key SSHSSM-5 unknown"]);
    check(Method::SsmSsh, |f| f.instance.public_ip = None, Verdict::Likely, &[]);
}

#[test]
fn an_agent_that_is_heard_may_have_no_session_channel() {
    check(Method::Ssm, |f| f.instance.channel = Fact::Known(true), Verdict::Likely, &[]);
    check(Method::Ssm, |f| f.instance.channel = Fact::Known(false), Verdict::Blocked, &["ssm-channel-closed SSM-4 fail"]);
    let young = |f: &mut Facts| (f.instance.channel, f.instance.launched) = (Fact::Known(false), NOW.parse().ok());
    check(Method::Ssm, young, Verdict::Unknown, &["ssm-channel-starting SSM-4 unknown"]);
    let denied = |f: &mut Facts| f.instance.channel = denied("ssm:GetConnectionStatus");
    check(Method::Ssm, denied, Verdict::Likely, &["ssm-channel-unseen SSM-4 unknown"]);
}
