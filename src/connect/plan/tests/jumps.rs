//! Plans that go through jump hosts, and which they are.

use super::*;
use crate::access::{JumpFault, JumpFaultKind, Verdict};
use crate::config::{ConnectFlags, Settings};

const BASTION: &str = "i-0c41d2a9be7730f12";

fn host(id: &str, name: &str, jump: Jump) -> Jump {
    let instance = (*row(id, name)).clone();
    Jump::Through(Arc::new(JumpHost { instance, way: Some((Method::SsmSsh, Verdict::Likely)), jump }))
}

#[test]
fn a_jump_host_is_a_login_of_its_own_that_ssh_starts() {
    let mut making = Making::by(Method::Eic);
    making.options.jump = host(BASTION, "bastion", host("i-0a9912cd34ef56ab7", "gate", Jump::None));
    making.extras.own.flags = ["--config", "/home/jane/my rules.toml"].map(OsString::from).to_vec();

    let plan = making.plan().unwrap();
    let argv = making.argv();

    let proxy = argv.iter().find(|word| word.starts_with("ProxyCommand=")).unwrap();
    assert_eq!(
        proxy,
        "ProxyCommand=ec2dash --config '/home/jane/my rules.toml' --profile=prod-admin --region ap-northeast-2 proxy --yes --to '[%h]:%p' -- i-0c41d2a9be7730f12"
    );
    assert_eq!(argv.last().unwrap(), "ec2-user@10.0.0.1", "its private address");
    let passed: Vec<&str> = plan.passed().map(|host| host.id.as_str()).collect();
    assert_eq!(passed, ["i-0a9912cd34ef56ab7", BASTION], "the first to be logged in to first");
    let lines = plan.lines(&Catalogue::english()).join("\n");
    assert!(
        lines.contains("login    ec2-user (al2023) at 10.0.0.1 port 22 (private)") || lines.contains("at 10.0.0.1 port 22"),
        "{lines}"
    );
    assert!(lines.contains("through the jump host bastion (i-0c41d2a9be7730f12)"), "{lines}");
    assert_eq!(lines.matches(" jump ").count(), 3, "{lines}");
}

#[test]
fn a_way_by_a_service_of_aws_passes_no_jump_host() {
    let mut making = Making::by(Method::SsmSsh);
    making.options.jump = host(BASTION, "bastion", Jump::None);

    assert!(!making.argv().iter().any(|word| word.contains("--to")));
    assert_eq!(making.plan().unwrap().passed().count(), 0);
}

#[test]
fn a_chain_that_leads_nowhere_is_refused_whatever_other_way_there_is() {
    let fault = JumpFault { kind: JumpFaultKind::Loop, chain: vec!["web-1".to_owned(), "web-1".to_owned()] };
    let mut making = Making::new();
    making.instance.ssm = Fact::Known(Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() });
    making.options.jump = Jump::Broken(fault.clone());
    assert_eq!(making.refused(), Refusal::Jump(fault.clone()));
    making.choice = Choice::Method { method: Method::Eic, anyway: true };
    assert_eq!(making.refused(), Refusal::Jump(fault));

    making.choice = Choice::Method { method: Method::Ssm, anyway: true };
    assert_eq!(making.plan().unwrap().method, Method::Ssm, "it is named, and passes none");
}

/// How one comes to `web-1` after these rules, among four instances: the ids of the hosts, or the chain that leads nowhere.
fn routed(rules: &str) -> Result<Vec<String>, String> {
    let settings: Settings = crate::config::parse(rules, None).unwrap().settings;
    let mut rows: Vec<Arc<Instance>> =
        [("i-0aaaaaaaaaaaaaaa1", "web-1"), ("i-0aaaaaaaaaaaaaaa2", "bastion"), ("i-0aaaaaaaaaaaaaaa3", "gate")]
            .map(|(id, name)| row(id, name))
            .into();
    let mut elsewhere = (*row("i-0aaaaaaaaaaaaaaa4", "bastion")).clone();
    elsewhere.vpc = Some("vpc-elsewhere".into());
    rows.push(Arc::new(elsewhere));
    let target = rows[0].clone();
    let options = config::connect_options(&settings, &target, &ConnectFlags::default());
    let now = "2026-11-21T10:00:00Z".parse().unwrap();
    match jump_among(&target, &options, &settings, &Local::default(), now, &rows, &TargetsAmong::default()) {
        Jump::Broken(fault) => Err(format!("{} {}", fault.code(), fault.shown())),
        jump => Ok(jump.hosts().map(|host| host.instance.id.to_string()).collect()),
    }
}

fn rule(name: &str, jump: &str) -> String {
    format!("[[rule]]\nmatch = {{ name = \"{name}\" }}\njump = \"{jump}\"\nmethod = [\"eic\"]\n")
}

#[test]
fn each_jump_host_is_found_by_its_own_rule_and_of_several_the_nearest_is_meant() {
    let ids = |ids: &[u8]| Ok(ids.iter().map(|id| format!("i-0aaaaaaaaaaaaaaa{id}")).collect::<Vec<_>>());
    assert_eq!(routed(""), ids(&[]));
    assert_eq!(routed(&rule("web-1", "bastion")), ids(&[2]));
    assert_eq!(routed(&(rule("web-1", "bastion") + &rule("bastion", "gate"))), ids(&[2, 3]));
    // A rule before it may say that there is none.
    assert_eq!(routed(&(rule("bastion", "none") + &rule("*", "bastion"))), ids(&[2]));
}

#[test]
fn circles_and_names_of_nobody_are_faults_with_the_chain() {
    let fault = |text: &str| Err(text.to_owned());
    assert_eq!(routed(&rule("*", "bastion")), fault("jump-loop web-1 → bastion → bastion"));
    assert_eq!(routed(&rule("*", "web-1")), fault("jump-loop web-1 → web-1"));
    assert_eq!(routed(&(rule("web-1", "gate") + &rule("gate", "web-1"))), fault("jump-loop web-1 → gate → web-1"));
    assert_eq!(routed(&rule("web-1", "no-such")), fault("jump-missing web-1 → no-such"));
    assert_eq!(routed(&rule("web-1", "vpc=x y")), fault("jump-missing web-1 → vpc=x y"));
    assert_eq!(routed(&rule("web-1", "i-0aaaaaaaaaaaaaaa")), fault("jump-ambiguous web-1 → i-0aaaaaaaaaaaaaaa"));
}
