//! What is worth knowing of one instance, and is told to nobody else: it changes no verdict, but where it says so.

use super::egress::inside;
use super::examined::with;
use super::jumps::with_a_jump_host;
use super::network::in_network;
use super::*;
use crate::access::AddedKey;
use crate::model::{Decision, DeniedBy, Permission, SessionPreferences, Untrusted, VpcEndpoint};

/// It is told to whoever reads one instance, and in the list there is nothing of it.
#[track_caller]
fn is_told_there_alone(change: impl Fn(&mut Facts), method: Method, finding: &str) {
    let all = told_of(&change, method);
    assert!(all.iter().any(|own| own == finding), "{finding}: {all:?}");
    let mut facts = facts();
    change(&mut facts);
    let (verdict, listed) = facts.said(method);
    assert!(listed.iter().all(|own| own != finding), "{finding}: {listed:?}");
    assert_eq!(facts.examined().way(method).unwrap().verdict, verdict, "{finding} changes no verdict");
}

#[track_caller]
fn is_not_told(change: impl Fn(&mut Facts), method: Method, finding: &str) {
    let all = told_of(&change, method);
    assert!(all.iter().all(|own| own != finding), "{finding}: {all:?}");
}

#[test]
fn whether_an_address_stays_is_told() {
    let elastic = |is: Option<bool>| move |f: &mut Facts| f.instance.when_stopped.elastic_ip = is;
    is_told_there_alone(elastic(Some(false)), Method::Ssh, "address-temporary ADDR-3 warn");
    is_told_there_alone(elastic(Some(true)), Method::Eic, "address-elastic ADDR-3 pass");
    is_not_told(elastic(None), Method::Ssh, "address-temporary ADDR-3 warn");
    let private = |f: &mut Facts| (f.instance.when_stopped.elastic_ip, f.options.address) = (Some(false), AddressChoice::Private);
    is_not_told(private, Method::Ssh, "address-temporary ADDR-3 warn");
}

fn behind_a_carrier(f: &mut Facts) {
    only_private(f);
    let carrier = "155.146.10.7".parse().ok();
    f.instance.interfaces = vec![crate::model::Interface { carrier, ..Default::default() }];
    f.local.routes = Some(vec!["10.0.0.0/8".parse().unwrap()]);
}

#[test]
fn the_address_of_a_carriers_network_is_a_warning() {
    check(Method::Ssh, behind_a_carrier, Verdict::Likely, &["address-carrier ADDR-5 warn"]);
}

fn stale(f: &mut Facts) {
    in_network(|n, _| {
        let Fact::Known(groups) = &mut n.groups else { panic!("not known") };
        groups.values_mut().for_each(|own| own.stale = vec!["sg-gone".into()]);
    })(f);
}

#[test]
fn a_group_behind_a_peering_that_is_gone_is_told() {
    is_told_there_alone(stale, Method::Eic, "net-group-stale NET-5 warn");
    is_not_told(in_network(|_, _| ()), Method::Eic, "net-group-stale NET-5 warn");
}

fn of_image(name: &'static str) -> impl Fn(&mut Facts) {
    move |f| {
        unregistered(f);
        f.instance.image_name = image(name);
    }
}

const FREEBSD: &str = "FreeBSD 14.1-RELEASE-amd64 base UFS";

#[test]
fn where_a_system_has_no_agent_none_can_be_installed() {
    let reasons = ["ssm-no-agent-for-system SSM-6 fail", "ssm-not-registered SSM-1 fail", "ssm-no-profile SSM-7 unknown"];
    check(Method::Ssm, of_image(FREEBSD), Verdict::Blocked, &reasons);
    let heard = |f: &mut Facts| f.instance.image_name = image(FREEBSD);
    check(Method::Ssm, heard, Verdict::Likely, &[]);
}

fn retired(f: &mut Facts) {
    f.instance.instance_profile = Some("web-profile".into());
    let role = ProfileRole { role: Some("web-role".into()), grant: Fact::Known(Grant::Sessions), has_retired_policy: true };
    f.instance.role = Fact::Known(role);
}

#[test]
fn a_policy_that_aws_has_retired_is_told() {
    is_told_there_alone(retired, Method::Ssm, "ssm-role-retired SSM-10 warn");
}

/// An agent of this version, in a subnet from which only these services are reached.
fn agent_inside(version: &'static str, services: &'static [&'static str]) -> impl Fn(&mut Facts) {
    inside(move |n, f| {
        let ssm = Ssm { status: SsmStatus::Online, agent_version: Some(version.into()), ..Ssm::unmanaged() };
        f.instance.ssm = Fact::Known(ssm);
        let endpoint = |service: &&str| VpcEndpoint {
            service: format!("com.amazonaws.ap-northeast-2.{service}").into(),
            state: "available".into(),
            ..VpcEndpoint::default()
        };
        n.vpc_endpoints = Fact::Known(services.iter().map(endpoint).collect());
    })
}

#[test]
fn an_old_agent_takes_the_commands_of_run_command_by_another_service() {
    let cut_off = agent_inside("3.2.1.0", &["ssm", "ssmmessages"]);
    check(Method::Ssm, &cut_off, Verdict::Likely, &["ssm-run-command-cut-off SSM-19 warn"]);
    let served = agent_inside("3.2.1.0", &["ssm", "ssmmessages", "ec2messages"]);
    is_told_there_alone(served, Method::Ssm, "ssm-run-command-old SSM-19 warn");
    check(Method::Ssm, agent_inside("3.3.40.0", &["ssm"]), Verdict::Likely, &[]);
    check(Method::Ssm, agent_inside("0.0.0.0", &["ssm"]), Verdict::Likely, &["ssm-agent-version-unseen SSM-5 unknown"]);
}

/// The same with a new agent, of an account that wants this of sessions.
fn wanting(change: fn(&mut SessionPreferences), services: &'static [&'static str]) -> impl Fn(&mut Facts) {
    with(move |e, f| {
        agent_inside("3.3.1611.0", services)(f);
        let mut own = SessionPreferences::default();
        change(&mut own);
        (e.preferences, e.session_key) = (Fact::Known(own), Fact::Known("Enabled".into()));
    })
}

fn everything(own: &mut SessionPreferences) {
    (own.bucket, own.log_group, own.key) = (Some("logs".into()), Some("/logs".into()), Some("alias/x".into()));
}

#[test]
fn where_sessions_are_kept_and_sealed_has_to_be_reached() {
    let cut_off = ["ssm-logging-cut-off SSM-21 warn"];
    check(Method::Ssm, wanting(everything, &["s3", "logs"]), Verdict::Likely, &cut_off);
    check(Method::Ssm, wanting(everything, &["s3", "logs", "kms"]), Verdict::Likely, &[]);
    check(Method::Ssm, wanting(|own| own.idle_minutes = Some(5), &[]), Verdict::Likely, &[]);
    let mut facts = facts();
    wanting(everything, &["logs"])(&mut facts);
    let ways = facts.examined();
    let said = ways.way(Method::Ssm).unwrap().reasons[0].text(&Catalogue::english());
    assert!(said.contains("s3, kms"), "{said}");
}

fn permitted(pairs: &'static [(Permission, bool)]) -> impl Fn(&mut Facts) {
    with(move |e, f| {
        f.local.keys = Default::default();
        let decision = |is: bool| if is { Decision::Allowed } else { Decision::Denied(DeniedBy::Nothing) };
        e.permissions = Fact::Known(pairs.iter().map(|(permission, is)| (*permission, decision(*is))).collect());
    })
}

#[test]
fn a_denied_shell_may_be_granted_on_request() {
    is_told_there_alone(permitted(&[(Permission::Shell, false)]), Method::Ssm, "just-in-time SSM-28 warn");
    is_not_told(permitted(&[(Permission::Shell, true)]), Method::Ssm, "just-in-time SSM-28 warn");
}

#[test]
fn a_tunnel_that_is_denied_for_its_length_is_told_as_that() {
    let short = permitted(&[(Permission::Tunnel, false), (Permission::ShortTunnel, true)]);
    check(Method::Eice, short, Verdict::Blocked, &["tunnel-too-long EICE-12 fail"]);
    let none = permitted(&[(Permission::Tunnel, false), (Permission::ShortTunnel, false)]);
    check(Method::Eice, none, Verdict::Blocked, &["permission-denied IAM-6 fail"]);
}

fn as_ssm_user(f: &mut Facts) {
    f.options.user = "ssm-user".parse().ok();
}

#[test]
fn whom_shells_run_as_is_nobody_for_sshd() {
    check(Method::SsmSsh, as_ssm_user, Verdict::Likely, &["ssm-ssh-user SSHSSM-6 warn"]);
    let mut facts = facts();
    as_ssm_user(&mut facts);
    let ways = facts.ways();
    let said = ways.way(Method::SsmSsh).unwrap().reasons[0].text(&Catalogue::english());
    assert!(said.ends_with("is ec2-user"), "{said}");
}

const OLD: &str = "amzn2-ami-hvm-2.0.20190618-x86_64-gp2";

#[test]
fn what_the_far_end_hides_is_told_of_a_way_that_seems_open() {
    for (method, finding) in [
        (Method::Eic, "eic-own-command EIC-5 warn"),
        (Method::Eice, "eice-bulk EICE-14 warn"),
        (Method::Serial, "serial-boot-repair SER-7 warn"),
        (Method::Serial, "serial-one-session SER-8 warn"),
    ] {
        is_told_there_alone(|_| (), method, finding);
        is_not_told(|f| f.instance.state = InstanceState::Stopped, method, finding);
    }
    let old = |f: &mut Facts| f.instance.image_name = image(OLD);
    is_told_there_alone(old, Method::Eic, "eic-package-old EIC-14 warn");
    is_not_told(old, Method::Eic, "eic-own-command EIC-5 warn");
    let on_windows = |f: &mut Facts| f.instance.os = Os::Windows;
    is_told_there_alone(on_windows, Method::Ssm, "ssm-domain-controller SSM-29 warn");
    is_not_told(|_| (), Method::Ssm, "ssm-domain-controller SSM-29 warn");
}

fn nameless(f: &mut Facts) {
    f.instance.image_name = image("golden-image-7");
    f.instance.platform = None;
}

#[test]
fn a_user_that_nothing_tells_is_a_guess() {
    is_told_there_alone(nameless, Method::Ssh, "login-guessed SSH-7 warn");
    is_not_told(nameless, Method::Ssm, "login-guessed SSH-7 warn");
    is_not_told(|_| (), Method::Ssh, "login-guessed SSH-7 warn");
}

fn keyless(f: &mut Facts) {
    f.local.keys = Default::default();
}

#[test]
fn by_which_ways_a_lost_key_is_replaced_is_told() {
    is_told_there_alone(keyless, Method::Ssh, "ssh-key-lost SSH-8 warn");
    let by_none = |f: &mut Facts| {
        keyless(f);
        f.instance.state = InstanceState::Stopped;
    };
    is_not_told(by_none, Method::Ssh, "ssh-key-lost SSH-8 warn");
}

fn by_proxy() -> impl Fn(&mut Facts) {
    with(|e, _| e.proxy = Some(Untrusted::from("proxy.example:3128")))
}

#[test]
fn a_proxy_is_told_of_what_goes_through_it() {
    for method in [Method::Ssm, Method::SsmSsh, Method::Eice] {
        is_told_there_alone(by_proxy(), method, "proxy-on-the-way LOC-4 warn");
    }
    is_not_told(by_proxy(), Method::Ssh, "proxy-on-the-way LOC-4 warn");
}

fn through_a_jump_host(f: &mut Facts) {
    with_a_jump_host(f);
    // Whatever the name of a key tells.
    f.options.key = Some("/home/jane/.ssh/team-prod.pem".into());
}

#[test]
fn a_jump_host_that_is_not_needed_is_told() {
    is_told_there_alone(through_a_jump_host, Method::Ssh, "jump-not-needed BAST-8 warn");
    let alone = |f: &mut Facts| {
        through_a_jump_host(f);
        unregistered(f);
    };
    is_not_told(alone, Method::Ssh, "jump-not-needed BAST-8 warn");
}

/// Facts under which, taken together, each of these rules speaks.
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27IC";
const NAMED: &str = "/home/jane/.ssh/work";

/// Launched without a key pair, and a key that somebody names.
fn with_a_named_key(f: &mut Facts) {
    f.local.keys = Keyring::of(KeyFile { path: NAMED.into(), public: PublicKey::from_line(KEY), ..KeyFile::default() });
    (f.instance.key_name, f.options.key) = (None, Some(NAMED.into()));
}

/// The instance was told to take it, as this user.
fn told_to_take(f: &mut Facts, user: &str) {
    let added = AddedKey { user: user.parse().unwrap(), public: PublicKey::from_line(KEY).unwrap() };
    f.local.added_keys.insert(f.instance.id.clone(), vec![added]);
}

#[test]
fn a_key_that_the_instance_was_told_to_take_is_its_key_for_that_user() {
    is_told_there_alone(with_a_named_key, Method::Ssh, "ssh-key-untold SSH-1 warn");
    for (user, is_its) in [("ec2-user", true), ("root", false)] {
        let named = |f: &mut Facts| {
            with_a_named_key(f);
            told_to_take(f, user);
        };
        let unnamed = |f: &mut Facts| {
            named(f);
            f.options.key = None;
        };
        let lost = |f: &mut Facts| {
            unnamed(f);
            f.instance.key_name = Some("team-lost".into());
        };
        if is_its {
            is_not_told(named, Method::Ssh, "ssh-key-untold SSH-1 warn");
            check(Method::Ssh, unnamed, Verdict::Likely, &[]);
            check(Method::Ssh, lost, Verdict::Likely, &[]);
        } else {
            is_told_there_alone(named, Method::Ssh, "ssh-key-untold SSH-1 warn");
            check(Method::Ssh, unnamed, Verdict::Unknown, &["ssh-key-not-set SSH-2 unknown", "ssh-no-key-pair SSH-1 warn"]);
            check(Method::Ssh, lost, Verdict::Unknown, &["ssh-key-not-found SSH-2 unknown"]);
        }
    }
}

pub(super) fn all_that_is_worth_knowing() -> Vec<Change> {
    vec![
        Box::new(|f| f.instance.when_stopped.elastic_ip = Some(false)),
        Box::new(|f| f.instance.when_stopped.elastic_ip = Some(true)),
        Box::new(behind_a_carrier),
        Box::new(stale),
        Box::new(of_image(FREEBSD)),
        Box::new(retired),
        Box::new(agent_inside("3.2.1.0", &["ssm"])),
        Box::new(agent_inside("3.2.1.0", &["ec2messages"])),
        Box::new(wanting(everything, &[])),
        Box::new(permitted(&[(Permission::Shell, false)])),
        Box::new(permitted(&[(Permission::Tunnel, false), (Permission::ShortTunnel, true)])),
        Box::new(as_ssm_user),
        Box::new(|f| f.instance.image_name = image(OLD)),
        Box::new(nameless),
        Box::new(keyless),
        Box::new(by_proxy()),
        Box::new(through_a_jump_host),
        Box::new(with_a_named_key),
    ]
}
