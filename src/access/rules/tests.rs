//! The rules of every way in, as tables of facts and verdicts.

mod addresses;
mod agent;
mod book;
mod egress;
mod endpoints;
mod examined;
mod further;
mod jumps;
mod network;
mod odds;
mod probed;
mod worth_knowing;

use std::path::PathBuf;
use std::sync::Arc;

use ec2dash_keys::PublicKey;

use super::super::{AddressChoice, AgentKey, Jump, KeyFile, KeyProblem, Keyring, Outcome, SshClient, Verdict};
use super::*;
use crate::model::{
    Denial, Endpoint, EndpointState, Fact, Grant, GroupRule, GroupRules, Image, KeyPair, Network, Os, ProfileRole, Serial,
    SerialSwitch, Ssm, SsmStatus, TcpPorts, Why, row,
};
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
    instance.network = network(vec![endpoint(&instance, |_| ())], &["tcp"], &["tcp"]);
    let key = KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), problem: None, ..KeyFile::default() };
    let local = Local { keys: Keyring::of(key), ..Local::default() };
    instance.serial = Serial { switch: Fact::Known(SerialSwitch::On), of_type: Fact::Known(Some(true)) };
    let serial = crate::access::serial_host(&instance.place.region);
    Facts { instance, options: ConnectOptions { serial, ..ConnectOptions::default() }, local }
}

/// The endpoint of an instance's VPC, subnet and zone.
fn endpoint(instance: &Instance, change: impl FnOnce(&mut Endpoint)) -> Endpoint {
    crate::model::endpoint("eice-0d1e2f3a", |own| {
        (own.vpc, own.subnet, own.az) = (instance.vpc.clone(), instance.subnet.clone(), instance.az.clone());
        change(own);
    })
}

/// `tcp`: port 22 from, or to, the group at the other end; `list`: by a prefix list; `inside`: an address block.
fn rules(words: &[&str], other: &str) -> Vec<GroupRule> {
    let none = GroupRule { ports: TcpPorts::Range(22, 22), blocks: Vec::new(), groups: Vec::new(), prefix_lists: Vec::new() };
    let rule = |word: &&str| match *word {
        "tcp" => GroupRule { groups: vec![other.into()], ..none.clone() },
        "list" => GroupRule { prefix_lists: vec!["pl-1".into()], ..none.clone() },
        _ => GroupRule { blocks: vec!["10.0.0.0/16".parse().unwrap()], ..none.clone() },
    };
    words.iter().map(rule).collect()
}

fn network(endpoints: Vec<Endpoint>, ingress: &[&str], egress: &[&str]) -> Fact<Arc<Network>> {
    let own = GroupRules { ingress: rules(ingress, "sg-eice"), ..GroupRules::default() };
    let its = GroupRules { egress: rules(egress, "sg-0cc3"), ..GroupRules::default() };
    let groups = [("sg-0cc3".into(), own), ("sg-eice".into(), its)].into();
    Fact::Known(Arc::new(Network { endpoints: Fact::Known(endpoints), groups: Fact::Known(groups), ..Network::default() }))
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
    Fact::Hidden(denial).lately_over(&ssm(SsmStatus::Online, NOW), "2026-11-21T09:58:00Z".parse().unwrap(), NOW.parse().unwrap())
}

fn denied<T>(action: &'static str) -> Fact<T> {
    Fact::Hidden(Denial { why: Why::AccessDenied, action, message: None })
}

fn role(grant: Grant) -> Fact<ProfileRole> {
    Fact::Known(ProfileRole { role: Some("web-role".into()), grant: Fact::Known(grant), has_retired_policy: false })
}

impl Facts {
    fn ways(&self) -> Ways {
        ways(&self.instance, &self.options, &self.local, NOW.parse().unwrap())
    }

    fn examined(&self) -> Ways {
        examined(&self.instance, &self.options, &self.local, NOW.parse().unwrap())
    }

    /// Verdict and reasons of one way, as `code rule outcome`.
    fn said(&self, method: Method) -> (Verdict, Vec<String>) {
        let ways = self.ways();
        let way = ways.way(method).unwrap();
        let reasons = way.reasons.iter().map(|r| format!("{} {} {}", r.code, r.rule, r.outcome.word())).collect();
        (way.verdict, reasons)
    }
}

/// Everything that is told of one way to whoever reads one instance: `code RULE outcome`.
fn told_of(change: impl FnOnce(&mut Facts), method: Method) -> Vec<String> {
    let mut facts = facts();
    change(&mut facts);
    let ways = facts.examined();
    let way = ways.way(method).unwrap();
    let all = way.reasons.iter().chain(&way.passes);
    all.map(|own| format!("{} {} {}", own.code, own.rule, own.outcome.word())).collect()
}

#[track_caller]
fn says(change: impl FnOnce(&mut Facts), method: Method, finding: &str) {
    let all = told_of(change, method);
    assert!(all.iter().any(|own| own == finding), "{finding}: {all:?}");
}

fn only_private(f: &mut Facts) {
    f.instance.public_ip = None;
    f.instance.ipv6.clear();
}

fn unregistered(f: &mut Facts) {
    f.instance.ssm = Fact::Known(Ssm::unmanaged());
}

#[track_caller]
fn check(method: Method, change: impl FnOnce(&mut Facts), verdict: Verdict, reasons: &[&str]) {
    let mut facts = facts();
    change(&mut facts);

    assert_eq!(facts.said(method), (verdict, reasons.iter().map(|reason| (*reason).to_owned()).collect()));
}

#[test]
fn a_hybrid_node_has_the_ways_of_session_manager_alone() {
    let node = |f: &mut Facts| {
        f.instance.id = "mi-0123456789abcdef0".parse().unwrap();
        f.instance.state = crate::model::InstanceState::Hybrid;
        f.instance.instance_profile = None;
    };

    check(Method::Eic, node, Verdict::NotApplicable, &["not-of-ec2 SSM-20 fail"]);
    check(Method::Ssh, node, Verdict::NotApplicable, &["not-of-ec2 SSM-20 fail"]);
    check(Method::Ssm, node, Verdict::Likely, &[]);
    // EC2 Instance Connect has no key for it; a file that is named is a key as everywhere.
    let without = |f: &mut Facts| {
        node(f);
        f.instance.key_name = None;
        f.options.key = None;
    };
    let mut facts = facts();
    without(&mut facts);
    assert_eq!(facts.said(Method::SsmSsh).1, ["ssm-ssh-no-key SSHSSM-5 unknown"]);
}

#[test]
fn where_nothing_is_in_the_way_every_way_is_likely() {
    for method in Method::choosable() {
        check(method, |_| (), Verdict::Likely, &[]);
    }
    check(Method::Serial, |_| (), Verdict::Likely, &["serial-password SER-6 unknown"]);
    check(Method::Rdp, |f| f.instance.os = Os::Windows, Verdict::Likely, &[]);
}

#[test]
fn the_serial_console_is_for_nitro_where_the_account_has_switched_it_on() {
    let of = |change: fn(&mut Facts), verdict, reason: &str| {
        check(Method::Serial, change, verdict, &[reason, "serial-password SER-6 unknown"])
    };

    of(|f| f.instance.serial.switch = Fact::Known(SerialSwitch::Off), Verdict::Blocked, "serial-off SER-1 fail");
    of(
        |f| f.instance.serial.switch = Fact::Known(SerialSwitch::OffByPolicy),
        Verdict::Blocked,
        "serial-off-by-policy SER-1 fail",
    );
    of(
        |f| f.instance.serial.switch = denied("ec2:GetSerialConsoleAccessStatus"),
        Verdict::Unknown,
        "serial-unseen SER-1 unknown",
    );
    of(|f| f.instance.serial.of_type = Fact::Known(Some(false)), Verdict::Blocked, "serial-type SER-2 fail");
    of(|f| f.instance.serial.of_type = Fact::Known(None), Verdict::Unknown, "serial-type-unseen SER-2 unknown");
    of(|f| f.instance.serial = Serial::default(), Verdict::Unknown, "serial-unasked SER-1 unknown");
    of(|f| f.options.serial = None, Verdict::Unknown, "serial-no-host SER-4 unknown");
    of(|f| f.instance.az = Some("us-west-2-wl1-las-wlz-1".into()), Verdict::Blocked, "serial-zone SER-4 fail");
    check(Method::Serial, |f| f.instance.state = InstanceState::Stopped, Verdict::Blocked, &["instance-stopped GEN-4 fail"]);
}

#[test]
fn neither_the_serial_console_nor_a_desktop_is_ever_the_best() {
    let mut facts = facts();
    facts.instance.os = Os::Windows;
    facts.options.order = vec![Method::Serial, Method::Rdp];
    facts.options.only = true;

    let ways = facts.ways();

    assert!([Method::Serial, Method::Rdp].iter().all(|method| ways.way(*method).unwrap().verdict == Verdict::Likely));
    assert_eq!(ways.best, None);
    assert_eq!(ways.last_resorts().collect::<Vec<_>>(), [Method::Serial, Method::Rdp]);
    facts.instance.state = InstanceState::Stopped;
    assert_eq!(facts.ways().last_resorts().next(), None);
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
        for method in Method::choosable() {
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
fn the_best_is_the_first_good_one_in_order() {
    let mut facts = facts();
    assert_eq!(facts.ways().best, Some(Method::Ssm));

    facts.instance.ssm = Fact::Known(Ssm::unmanaged());
    assert_eq!(facts.ways().best, Some(Method::Eice));

    facts.instance.network = network(Vec::new(), &[], &[]);
    assert_eq!(facts.ways().best, Some(Method::Eic));

    facts.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3");
    assert_eq!(facts.ways().best, Some(Method::Ssh), "✓ comes before !");

    facts.local.keys = Default::default();
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
    facts.local.keys = Default::default();
    assert_eq!(facts.ways().best, Some(Method::Ssm), "what the order leaves out comes last");

    facts.options.only = true;
    assert_eq!(facts.ways().best, Some(Method::Ssh));

    facts.options.order = vec![Method::Ssm];
    assert_eq!(facts.ways().best, Some(Method::Ssm));

    facts.options.order = vec![Method::Eice];
    assert_eq!(facts.ways().best, Some(Method::Eice));
    facts.instance.network = network(Vec::new(), &[], &[]);
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
    facts.local.keys = Default::default();
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
    let mut changes: Vec<Change> = vec![
        Box::new(|f| f.options.serial = None),
        Box::new(|f| f.instance.serial = Serial::default()),
        Box::new(|f| f.instance.serial.switch = Fact::Known(SerialSwitch::Off)),
        Box::new(|f| f.instance.serial.switch = Fact::Known(SerialSwitch::OffByPolicy)),
        Box::new(|f| f.instance.serial.switch = denied("ec2:GetSerialConsoleAccessStatus")),
        Box::new(|f| f.instance.serial.of_type = Fact::Known(Some(false))),
        Box::new(|f| f.instance.serial.of_type = Fact::Known(None)),
        Box::new(|f| f.instance.az = Some("us-west-2-wl1-las-wlz-1".into())),
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
        Box::new(|f| f.instance.metadata_enabled = Some(false)),
        Box::new(|f| f.instance.metadata_enabled = None),
        Box::new(|f| f.instance.image_name = Fact::Pending),
        Box::new(|f| f.instance.image_name = denied("ec2:DescribeImages")),
        Box::new(|f| f.instance.image_name = Fact::Known(None)),
        Box::new(|f| f.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3")),
        Box::new(|f| {
            f.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3");
            f.instance.ssm = Fact::Known(Ssm::unmanaged());
        }),
        Box::new(|f| f.instance.id = "mi-0123456789abcdef0".parse().unwrap()),
        Box::new(|f| f.instance.image_name = image("amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2")),
        Box::new(|f| f.options.user = format!("{}$", "a".repeat(32)).parse().ok()),
        Box::new(|f| f.local.keys = Default::default()),
        Box::new(|f| {
            let line =
                |name: &str| format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27I{name}");
            let public = |name: &str| PublicKey::from_line(&line(name));
            let path = "/home/jane/.ssh/team-prod.pem".into();
            f.local.keys = Keyring::of(KeyFile { path, public: public("C"), ..KeyFile::default() });
            f.instance.key_pair = Fact::Known(Some(KeyPair { public: public("D"), fingerprint: None }.into()));
        }),
        Box::new(|f| {
            let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27IC";
            let public = PublicKey::from_line(line);
            let held = public.clone().map(|public| AgentKey { public, comment: "team-prod".into() });
            f.local.keys = Keyring::new(Vec::new(), held.into_iter().collect(), Vec::new()).into();
            f.instance.key_pair = Fact::Known(Some(KeyPair { public, fingerprint: None }.into()));
        }),
        Box::new(|f| f.instance.key_name = None),
        Box::new(|f| f.instance.key_pair = Fact::Known(None)),
        Box::new(|f| f.instance.az = Some("ap-northeast-2-abc-1a".into())),
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
            f.local.keys = Default::default();
            f.instance.metadata_enabled = Some(false);
        }),
        Box::new(|f| f.instance.channel = Fact::Known(true)),
        Box::new(|f| f.instance.channel = Fact::Known(false)),
        Box::new(|f| (f.instance.channel, f.instance.launched) = (Fact::Known(false), NOW.parse().ok())),
        Box::new(|f| f.instance.channel = denied("ssm:GetConnectionStatus")),
        Box::new(unregistered),
        Box::new(|f| (f.instance.ssm, f.instance.launched) = (Fact::Known(Ssm::unmanaged()), NOW.parse().ok())),
        Box::new(|f| (f.instance.ssm, f.instance.metadata_enabled) = (Fact::Known(Ssm::unmanaged()), Some(false))),
        Box::new(|f| {
            (f.instance.ssm, f.instance.image_name) = (Fact::Known(Ssm::unmanaged()), image("debian-12-amd64-20240717-1811"))
        }),
        Box::new(|f| {
            unregistered(f);
            f.instance.instance_profile = Some("web profile".into());
            f.instance.role = Fact::Known(ProfileRole { role: None, grant: Fact::Pending, has_retired_policy: false });
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
    changes.extend(endpoints::all_kinds_of_networks());
    changes.extend(jumps::all_kinds_of_jumps());
    changes.extend(examined::all_kinds_of_examinations());
    changes.extend(network::all_kinds_of_paths());
    changes.extend(probed::all_kinds_of_tests());
    changes.extend(egress::all_kinds_of_ways_out());
    changes.extend(further::all_that_further_calls_tell());
    changes.extend(worth_knowing::all_that_is_worth_knowing());
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
        let path = "/home/jane/.ssh/team-prod.pem".into();
        facts.local.keys = Keyring::of(KeyFile { path, problem: Some(problem), ..KeyFile::default() });
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
    let (mut codes, mut passes) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for facts in all_kinds_of_facts() {
        for reason in facts.examined().list.iter().flat_map(|way| way.reasons.iter().chain(&way.passes)) {
            assert!(crate::access::severity(reason.rule).is_some(), "{} is not in the book", reason.rule);
            let is_pass = matches!(reason.outcome, Outcome::Pass | Outcome::Seems);
            _ = if is_pass { passes.insert(reason.code) } else { codes.insert(reason.code) };
            let said = [Some(reason.text(&text)), Some(reason.short(&text)), reason.remedy(&text), reason.remark(&text)];
            for words in said.iter().flatten() {
                let is_key = ["reason-", "fix-", "pass-"].iter().any(|kind| words.starts_with(kind));
                assert!(!words.contains("{$") && !is_key, "{words}");
            }
            // Where a cause of the missing registration is known, the remedy is the cause's.
            let has_words = ["", "-note"].iter().any(|end| text.has(&format!("fix-{}{end}", reason.code)));
            assert!(reason.has_remedy == has_words || reason.code == "ssm-not-registered", "{}", reason.code);
            let short = reason.short(&text);
            assert!(is_pass || crate::model::display_width(&short) <= 60, "{short}");
        }
    }
    let mut declared: Vec<_> = super::codes().collect();
    declared.sort_unstable();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), declared, "every code is declared once, and given by a rule");
    let source = include_str!("../../../assets/locales/en/access.ftl");
    let worded: Vec<&str> = source.lines().filter_map(|line| line.strip_prefix("pass-")?.split(" =").next()).collect();
    assert_eq!(passes.into_iter().collect::<Vec<_>>(), sorted(worded), "words of a rule that holds, and a rule that holds");
}

fn sorted(mut words: Vec<&str>) -> Vec<&str> {
    words.sort_unstable();
    words
}

#[test]
fn a_remedy_is_a_command_and_nothing_but_the_command() {
    for language in crate::text::Language::all() {
        let text = Catalogue::new(language);
        for facts in all_kinds_of_facts() {
            for remedy in facts.examined().list.iter().flat_map(|way| &way.reasons).filter_map(|reason| reason.remedy(&text)) {
                let program = remedy.split(' ').next().unwrap_or_default();
                assert!(["aws", "ec2dash", "sudo", "chmod", "puttygen", "(umask"].contains(&program), "{remedy}");
                assert!(!remedy.contains(", ") && !remedy.ends_with(['.', ',']), "{remedy}");
                assert!(remedy.is_ascii(), "{remedy}");
            }
        }
    }
}

#[test]
fn a_key_pair_that_was_deleted_takes_no_key_from_the_instance() {
    let gone = |f: &mut Facts| f.instance.key_pair = Fact::Known(None);
    check(Method::Ssh, gone, Verdict::Likely, &[]);
    let mut facts = facts();
    gone(&mut facts);
    let ways = facts.examined();
    let told =
        ways.way(Method::Ssh).unwrap().passes.iter().map(|own| format!("{} {} {}", own.code, own.rule, own.outcome.word()));
    assert!(told.collect::<Vec<_>>().contains(&"ssh-key-pair-gone SSH-4 warn".to_owned()));
}

#[test]
fn a_local_zone_is_a_warning_for_pushed_keys_and_other_zones_are_none() {
    let zone = |zone: &'static str| move |f: &mut Facts| f.instance.az = Some(zone.into());
    check(Method::Eic, zone("ap-northeast-2-abc-1a"), Verdict::Likely, &["eic-local-zone EIC-2 warn"]);
    for other in ["ap-northeast-2a", "ap-northeast-2-wl1-sel-wlz-1", "elsewhere"] {
        check(Method::Eic, zone(other), Verdict::Likely, &[]);
    }
    check(Method::Eic, |f| f.instance.az = None, Verdict::Likely, &[]);
}

#[test]
fn each_cause_is_told_once_with_the_ways_that_it_closes() {
    let mut facts = facts();
    facts.instance.state = InstanceState::Stopped;

    let ways = facts.ways();

    let text = Catalogue::english();
    let told: Vec<String> = ways.causes().iter().map(|cause| cause.text(&text)).collect();
    let stopped: Vec<&String> = told.iter().filter(|cause| cause.contains("the instance is stopped")).collect();
    assert_eq!(stopped, ["ssm, ssm-ssh, eice, eic, ssh, serial: the instance is stopped"]);
    assert_eq!(ways.called_best(), None);
}

#[test]
fn no_words_are_without_a_code() {
    let codes: std::collections::BTreeSet<_> = super::codes().collect();
    let source = include_str!("../../../assets/locales/en/access.ftl");
    let keys = source.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
    let of_reasons: Vec<&str> = keys.filter(|key| key.starts_with("reason-") || key.starts_with("fix-")).collect();
    assert!(of_reasons.len() > codes.len());
    for key in of_reasons {
        let code =
            key.trim_start_matches("reason-").trim_start_matches("fix-").trim_end_matches("-short").trim_end_matches("-note");
        assert!(codes.contains(code), "{key}");
    }
}

#[test]
fn a_remedy_names_the_place_and_quotes_foreign_names() {
    let mut facts = facts();
    unregistered(&mut facts);
    facts.instance.instance_profile = Some("p".into());
    facts.instance.role = Fact::Known(ProfileRole {
        role: Some("x;id".into()),
        grant: Fact::Known(Grant::Lacks(vec!["ssm:X"])),
        has_retired_policy: false,
    });

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
