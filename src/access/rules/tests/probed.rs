//! What tests on request have shown, and what is proven by that: EICE-15, SSH-12, IAM-3, IAM-6, SSM-4.

use jiff::SignedDuration;

use super::*;
use crate::model::{Decision, Examination, NoAnswer, Permission, Permissions, Probed, Probes, SessionPreferences};

fn answered(words: &str) -> Option<Probed> {
    Some(Probed::Answered(words.into()))
}

fn failed(why: NoAnswer) -> Option<Probed> {
    Some(Probed::Failed { why, what: "it did not".to_owned() })
}

/// Facts of an examination in which this came of the tests, made half a minute ago.
fn with(change: impl Fn(&mut Probes)) -> impl Fn(&mut Facts) {
    move |f| {
        let now: Timestamp = NOW.parse().unwrap();
        let mut probes = Probes { made: Some(now - SignedDuration::from_secs(30)), ..Probes::default() };
        change(&mut probes);
        f.instance.examination = Some(Arc::new(Examination { probes, ..Examination::default() }));
    }
}

/// Facts under which each of these rules speaks.
pub(super) fn all_kinds_of_tests() -> Vec<Change> {
    vec![
        Box::new(with(|p| p.banner = answered("SSH-2.0-OpenSSH_9.6"))),
        Box::new(with(|p| p.banner = answered("220 mail.example"))),
        Box::new(with(|p| p.banner = failed(NoAnswer::Other))),
        Box::new(with(|p| p.tunnel = answered(""))),
        Box::new(with(|p| p.tunnel = failed(NoAnswer::Denied))),
        Box::new(with(|p| p.tunnel = failed(NoAnswer::Other))),
        Box::new(with(|p| p.session = answered(""))),
        Box::new(with(|p| p.session = failed(NoAnswer::Denied))),
        Box::new(with(|p| p.session = failed(NoAnswer::NotConnected))),
        Box::new(with(|p| p.session = failed(NoAnswer::Other))),
    ]
}

#[test]
fn a_way_that_was_opened_works() {
    let passes = |method, change: &dyn Fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        let ways = facts.examined();
        let way = ways.way(method).unwrap();
        let passes: Vec<String> =
            way.passes.iter().map(|own| format!("{} {} {}", own.code, own.rule, own.outcome.word())).collect();
        (way.verdict, passes)
    };
    for (method, change, told) in [
        (Method::Ssm, Box::new(with(|p| p.session = answered(""))) as Change, "probe-session-open SSM-4 pass"),
        (Method::Eice, Box::new(with(|p| p.tunnel = answered(""))), "probe-tunnel-open EICE-15 pass"),
    ] {
        let (verdict, passes) = passes(method, &change);
        assert_eq!(verdict, Verdict::Works, "{method:?}");
        assert!(passes.contains(&told.to_owned()), "{passes:?}");
    }
    // sshd is there; whether it takes a key that is pushed, nobody has seen.
    let banner = with(|p| p.banner = answered("SSH-2.0-OpenSSH_9.6"));
    let (verdict, passes) = passes(Method::Eic, &banner);
    assert_eq!(verdict, Verdict::Likely);
    assert!(passes.contains(&"probe-banner SSH-12 pass".to_owned()), "{passes:?}");
}

#[test]
fn a_banner_proves_a_way_only_with_the_key_of_the_pair() {
    let with_key = |line: &'static str| {
        move |f: &mut Facts| {
            with(|p| p.banner = answered("SSH-2.0-OpenSSH_9.6"))(f);
            let public = |last: &str| {
                PublicKey::from_line(&format!(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27I{last}"
                ))
            };
            let path = "/home/jane/.ssh/team-prod.pem".into();
            f.local.keys = Keyring::of(KeyFile { path, public: public("C"), ..KeyFile::default() });
            f.instance.key_pair = Fact::Known(Some(KeyPair { public: public(line), fingerprint: None }.into()));
        }
    };
    check(Method::Ssh, with_key("C"), Verdict::Works, &[]);
    let mut facts = facts();
    with_key("D")(&mut facts);
    assert_ne!(facts.said(Method::Ssh).0, Verdict::Works);
    check(Method::Ssh, with(|p| p.banner = answered("SSH-2.0-OpenSSH_9.6")), Verdict::Likely, &[]);
}

#[test]
fn what_a_test_did_not_find_is_a_warning_and_what_is_denied_closes_the_way() {
    for (method, change, verdict, told) in [
        (
            Method::Eic,
            Box::new(with(|p| p.banner = failed(NoAnswer::Other))) as Change,
            Verdict::Likely,
            "probe-banner-failed SSH-12 warn",
        ),
        (Method::Ssh, Box::new(with(|p| p.banner = answered("220 mail"))), Verdict::Likely, "probe-banner-other SSH-12 warn"),
        (
            Method::Eice,
            Box::new(with(|p| p.tunnel = failed(NoAnswer::Other))),
            Verdict::Likely,
            "probe-tunnel-failed EICE-15 warn",
        ),
        (
            Method::Eice,
            Box::new(with(|p| p.tunnel = failed(NoAnswer::Denied))),
            Verdict::Blocked,
            "probe-tunnel-denied IAM-6 fail",
        ),
        (
            Method::Ssm,
            Box::new(with(|p| p.session = failed(NoAnswer::Denied))),
            Verdict::Blocked,
            "probe-session-denied IAM-3 fail",
        ),
        (
            Method::Ssm,
            Box::new(with(|p| p.session = failed(NoAnswer::NotConnected))),
            Verdict::Blocked,
            "probe-session-not-connected SSM-4 fail",
        ),
        (
            Method::Ssm,
            Box::new(with(|p| p.session = failed(NoAnswer::Other))),
            Verdict::Likely,
            "probe-session-failed SSM-4 warn",
        ),
    ] {
        check(method, change, verdict, &[told]);
    }
}

#[test]
fn session_manager_works_where_its_channel_is_connected_and_the_policies_allow_it() {
    let told = |channel: Fact<bool>, decision: Decision| {
        move |f: &mut Facts| {
            f.instance.channel = channel.clone();
            let permissions = Permissions::from([(Permission::Shell, decision.clone())]);
            let examined = Examination {
                permissions: Fact::Known(permissions),
                preferences: Fact::Known(SessionPreferences::default()),
                ..Examination::default()
            };
            f.instance.examination = Some(Arc::new(examined));
        }
    };
    check(Method::Ssm, told(Fact::Known(true), Decision::Allowed), Verdict::Works, &[]);
    check(Method::Ssm, told(Fact::Pending, Decision::Allowed), Verdict::Likely, &[]);
    check(Method::Ssm, told(Fact::Known(true), Decision::AllowedUnless(vec!["aws:SourceIp".into()])), Verdict::Likely, &[]);
}

#[test]
fn a_session_that_does_not_begin_soon_after_a_start_closes_nothing() {
    let young = |f: &mut Facts| {
        let now: Timestamp = NOW.parse().unwrap();
        f.instance.launched = Some(now - SignedDuration::from_secs(60));
        f.instance.ssm = ssm(SsmStatus::Online, NOW);
        with(|p| p.session = failed(NoAnswer::NotConnected))(f);
    };
    check(Method::Ssm, young, Verdict::Unknown, &["probe-session-not-connected SSM-4 unknown"]);
}

#[test]
fn through_a_jump_host_nothing_was_tried() {
    let through = |f: &mut Facts| {
        f.options.jump = Jump::Named("gate".to_owned());
        with(|p| p.banner = failed(NoAnswer::Other))(f);
    };
    let mut facts = facts();
    through(&mut facts);
    assert!(!facts.said(Method::Ssh).1.iter().any(|told| told.starts_with("probe-")), "{:?}", facts.said(Method::Ssh));
}
