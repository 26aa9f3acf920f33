//! Which way in a plan takes, and what is said where there is none.

use super::*;

#[test]
fn a_registered_agent_is_the_best_way_and_the_next_one_stands_by() {
    let mut making = Making::new();
    let ping = "2026-11-21T09:59:00Z".parse().ok();
    let version = Some("3.3.1611.0".into());
    making.instance.ssm =
        Fact::Known(Ssm { status: SsmStatus::Online, last_ping: ping, agent_version: version, ..Ssm::unmanaged() });

    let plan = making.plan().unwrap();

    assert!(
        matches!(plan.steps[..], [Step::Describe { .. }, Step::Session { shell: SessionShell::Account }]),
        "{:?}",
        plan.steps
    );
    assert_eq!((plan.login.as_ref(), plan.otherwise.as_ref().map(|next| next.method)), (None, Some(Method::Eic)));
    assert_eq!(
        plan.lines(&Catalogue::english())[1..],
        [
            "method   ssm: best of ssm, ssm-ssh, eic, ssh",
            "1 describe  ec2:DescribeInstances i-0123456789abcdef0",
            "2 session   ssm:StartSession i-0123456789abcdef0 (the account's own shell)",
            "if that fails before it begins: ec2dash connect i-0123456789abcdef0 --method eic",
        ]
    );
    assert_eq!(plan.json()["plan"]["steps"][1]["action"], "ssm:StartSession");

    making.choice = Choice::Method { method: Method::Ssm, anyway: false };
    assert_eq!(making.plan().unwrap().otherwise, None, "whoever names one way wants that one");

    making.local.ssh = SshClient::Missing;
    assert!(making.plan().is_ok(), "it needs no ssh");
}

#[test]
fn what_only_ssh_can_do_is_done_by_ssh() {
    for extras in [
        Extras { only_ssh: true, ..Extras::default() },
        Extras { command: vec!["ls".into()], ..Extras::default() },
        Extras { ssh_arguments: vec!["-v".into()], ..Extras::default() },
    ] {
        let mut making = Making::new();
        making.extras = extras;
        assert_eq!(making.plan().unwrap().method, Method::Eic);

        making.choice = Choice::Method { method: Method::Ssm, anyway: true };
        assert_eq!(making.refused(), Refusal::NeedsSsh { method: Method::Ssm });
    }
}

#[test]
fn a_blocked_way_is_tried_only_if_the_user_insists_and_it_makes_sense() {
    let mut making = Making::by(Method::Eic);
    making.instance.metadata_enabled = Some(false);
    let refusal = making.refused();
    assert!(matches!(&refusal, Refusal::Blocked { may_try: true, .. }) && refusal.code() == "eic-metadata-off", "{refusal:?}");

    making.choice = Choice::Method { method: Method::Eic, anyway: true };
    assert!(making.plan().is_ok());

    making.instance.state = InstanceState::Stopped;
    let refusal = making.refused();
    assert!(matches!(&refusal, Refusal::Blocked { may_try: false, .. }), "{refusal:?}");
    // When it is carried out the state is looked at again, and "pending" let nobody in.
    making.instance.state = InstanceState::Pending;
    assert!(matches!(making.refused(), Refusal::Blocked { may_try: false, .. }));
    making.instance.state = InstanceState::Unknown;
    assert!(making.plan().is_ok(), "a word that is new to us");
    making.instance.state = InstanceState::Running;
    making.instance.os = Os::Windows;
    assert!(matches!(making.refused(), Refusal::Blocked { may_try: false, .. }));
}

#[test]
fn without_any_way_in_every_reason_is_given() {
    let mut making = Making::new();
    making.instance.state = InstanceState::Stopped;
    let text = Catalogue::english();

    let refusal = making.refused();

    assert_eq!(refusal.code(), "no-way-in");
    assert_eq!(refusal.what(&making.instance, &text), "cannot connect to web-1 (i-0123456789abcdef0)");
    assert_eq!(refusal.why(&text), ["the instance is stopped"]);
    assert_eq!(
        refusal.next(&making.instance, &text),
        [
            "ec2dash connect i-0123456789abcdef0 --start --region ap-northeast-2 --profile prod-admin",
            "ec2dash doctor i-0123456789abcdef0   (full report)",
        ]
    );
}

#[test]
fn a_refusal_names_another_way_that_is_open() {
    let text = Catalogue::english();
    let mut making = Making::by(Method::Eic);
    making.instance.metadata_enabled = Some(false);

    let next = making.refused().next(&making.instance, &text);
    assert_eq!(next[0], "ec2dash connect i-0123456789abcdef0 --method ssh   (ready)");
    assert!(next[1].starts_with("aws ec2 modify-instance-metadata-options"), "{next:?}");

    making.choice = Choice::Best;
    making.options.only = true;
    making.options.order = vec![Method::Eic];
    let next = making.refused().next(&making.instance, &text);
    assert_eq!(next[0], "ec2dash connect i-0123456789abcdef0 --method ssh   (ready)");
}

#[test]
fn reasons_that_differ_are_given_by_way() {
    let mut making = Making::new();
    making.options.only = true;
    making.options.order = vec![Method::Eic];
    making.instance.metadata_enabled = Some(false);
    making.local.keys = Default::default();

    let why = making.refused().why(&Catalogue::english());

    assert_eq!(
        why,
        [
            "ssm, ssm-ssh: still asking Systems Manager",
            "eice: there is no EC2 Instance Connect Endpoint in vpc-0aa1",
            "eic: instance metadata is disabled: the pushed key cannot be read",
            "ssh: private key for team-prod not found on this computer",
        ]
    );
}

#[test]
fn an_ssh_that_will_not_do_says_what_to_install() {
    for (ssh, code, why) in [
        (SshClient::TooOld("7.4".into()), "ssh-too-old", "ssh on this computer is OpenSSH 7.4; 8.4 or later is needed"),
        (SshClient::Foreign, "ssh-foreign", "the ssh that comes first in PATH is not OpenSSH"),
    ] {
        let mut making = Making::new().without_agent();
        making.local.ssh = ssh;
        let text = Catalogue::english();

        let refusal = making.refused();

        assert_eq!((refusal.code(), refusal.why(&text)), (code, vec![why.to_owned()]));
        assert!(refusal.next(&making.instance, &text)[0].contains("OpenSSH"));
    }
}

#[test]
fn a_key_login_needs_a_key_that_openssh_can_read() {
    let mut making = Making::by(Method::Ssh);
    making.local.keys = Default::default();
    assert_eq!(making.refused().code(), "ssh-key-not-found");

    for (problem, code) in [
        (KeyProblem::Missing, Some("ssh-key-missing")),
        (KeyProblem::Putty, Some("ssh-key-putty")),
        (KeyProblem::LineEnds, Some("ssh-key-line-ends")),
        (KeyProblem::Public, Some("ssh-key-public")),
        (KeyProblem::Unreadable, Some("ssh-key-unreadable")),
        (KeyProblem::TooOpen, None),
    ] {
        let mut making = Making::new();
        making.choice = Choice::Method { method: Method::Ssh, anyway: true };
        let file = KeyFile { path: "/k/team-prod".into(), problem: Some(problem), ..KeyFile::default() };
        making.local.keys = Keyring::of(file);

        assert_eq!(making.plan().err().map(|refusal| refusal.code()), code, "{problem:?}");
    }
}

#[test]
fn a_wish_for_an_address_that_is_not_there_is_refused() {
    let mut making = Making::new();
    making.choice = Choice::Method { method: Method::Ssh, anyway: true };
    making.options.address = AddressChoice::Ipv6;
    making.instance.ipv6.clear();

    assert_eq!(making.refused().code(), "no-address");
}

#[test]
fn what_only_ssh_can_do_takes_the_best_way_of_ssh() {
    let mut making = by_session(Method::SsmSsh);
    making.choice = Choice::Best;
    assert_eq!(making.plan().unwrap().method, Method::Ssm);

    making.extras.command = vec!["uptime".into()];
    assert_eq!(making.plan().unwrap().method, Method::SsmSsh);
    making.extras = Extras { only_ssh: true, ..Extras::default() };
    assert_eq!(making.plan().unwrap().method, Method::SsmSsh);
    making.options.order = vec![Method::Ssm, Method::Ssh];
    assert_eq!(making.plan().unwrap().method, Method::Ssh);
}
