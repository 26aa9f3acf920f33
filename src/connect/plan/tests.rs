//! Plans compared step by step, and their command lines as OpenSSH itself reads them.

use std::collections::BTreeSet;
use std::process::Command;

use super::*;
use crate::access::{AddressChoice, HomeKey, KeyFile, ways};
use crate::config::{Connect, HostKeys};
use crate::model::{Fact, Image, Ssm, SsmStatus, row};
use crate::text::Catalogue;

const ID: &str = "i-0123456789abcdef0";

/// A plan in the making, of an instance that can be entered both ways.
pub(crate) struct Making {
    pub(crate) instance: Instance,
    pub(crate) choice: Choice,
    pub(crate) options: ConnectOptions,
    pub(crate) local: Local,
    pub(crate) settings: Connect,
    pub(crate) extras: Extras,
}

impl Making {
    pub(crate) fn new() -> Self {
        let mut instance = (*row(ID, "web-1")).clone();
        let name = "al2023-ami-2023.5.20240722.0-kernel-6.1-x86_64".into();
        instance.image_name = Fact::Known(Some(Image { name, owner: None, owner_alias: None }));
        let key = KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), problem: None };
        let keys = [(HomeKey::Pair("team-prod".into()), key)].into();
        Self {
            instance,
            choice: Choice::Best,
            options: ConnectOptions::default(),
            local: Local { keys, ..Local::default() },
            settings: Connect::default(),
            extras: Extras::default(),
        }
    }

    /// As if no agent had ever registered.
    fn without_agent(mut self) -> Self {
        self.instance.ssm = Fact::Known(Ssm::unmanaged());
        self
    }

    pub(crate) fn by(method: Method) -> Self {
        Self { choice: Choice::Method { method, anyway: false }, ..Self::new() }
    }

    pub(crate) fn plan(&self) -> Result<Plan, Refusal> {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let ways = ways(&self.instance, &self.options, &self.local, now);
        plan(&self.instance, self.choice, &self.options, &ways, &self.local, &self.settings, &self.extras)
    }

    fn refused(&self) -> Refusal {
        self.plan().unwrap_err()
    }

    /// The words of the command line, blanks as `<…>`.
    fn argv(&self) -> Vec<String> {
        let json = self.plan().unwrap().json();
        let steps = json["plan"]["steps"].as_array().unwrap();
        steps.last().unwrap()["argv"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn instance_connect_describes_pushes_and_runs_ssh_with_our_agent() {
    let plan = Making::by(Method::Eic).plan().unwrap();

    assert!(
        matches!(&plan.steps[..], [Step::Describe { .. }, Step::PushKey { user }, Step::Exec { .. }] if user.as_str() == "ec2-user")
    );
    assert_eq!(plan.best_of, None);
    let options = Making::by(Method::Eic).argv().join(" ").replace(" -o ", "\n-o ");
    assert_eq!(
        options,
        "ssh
-o HostName=%h
-o AddressFamily=any
-o CanonicalizeHostname=no
-o HostKeyAlias=i-0123456789abcdef0
-o UserKnownHostsFile=<known-hosts>
-o StrictHostKeyChecking=accept-new
-o CheckHostIP=no
-o HashKnownHosts=no
-o ControlPath=none
-o VerifyHostKeyDNS=no
-o UpdateHostKeys=no
-o KnownHostsCommand=none
-o FingerprintHash=sha256
-o PubkeyAuthentication=yes
-o IdentitiesOnly=yes
-o PKCS11Provider=none
-o IdentityAgent=<socket>
-o IdentityFile=<public-key>
-o AddKeysToAgent=no
-o PasswordAuthentication=no
-o PreferredAuthentications=publickey,keyboard-interactive
-o ForwardAgent=no
-o ServerAliveInterval=15
-o ServerAliveCountMax=4 -p 22
-o SessionType=default
-o StdinNull=no
-o ForkAfterAuthentication=no -- ec2-user@3.36.112.8"
    );
}

#[test]
fn a_key_login_uses_exactly_the_one_key_file() {
    let argv = Making::by(Method::Ssh).argv().join(" ");

    assert!(
        argv.contains("-o IdentitiesOnly=yes -o PKCS11Provider=none -o IdentityFile=/home/jane/.ssh/team-prod.pem "),
        "{argv}"
    );
    assert!(argv.contains(" -o ForwardAgent=no "), "{argv}");
    assert!(!argv.contains("IdentityAgent"), "the user's agent may hold the key without its passphrase");
    assert_eq!(argv.matches("IdentityFile").count(), 1);
    let steps = Making::by(Method::Ssh).plan().unwrap().steps;
    assert!(matches!(steps[..], [Step::Describe { .. }, Step::Exec { .. }]));
}

#[test]
fn settings_and_options_reach_the_command_line() {
    let mut making = Making::by(Method::Eic);
    making.settings = Connect { host_keys: HostKeys::Strict, use_ssh_config: false, keepalive: 0, ..Connect::default() };
    making.options.port = 2222;
    making.options.user = "deploy".parse().ok();
    making.options.address = AddressChoice::Fixed("2001:db8::7".parse().unwrap());
    making.extras.ssh_arguments = ["-L", "8080:localhost:80"].map(OsString::from).to_vec();
    making.extras.command = ["ls", "-d x"].map(OsString::from).to_vec();

    let argv = making.argv();

    assert_eq!(argv[..3], ["ssh", "-F", "none"]);
    let joined = argv.join(" ");
    assert!(joined.contains("StrictHostKeyChecking=yes") && joined.contains("-o ServerAliveInterval=0 -p 2222"), "{joined}");
    assert!(!joined.contains("ServerAliveCountMax"));
    let tail = ["--", "deploy@2001:db8::7", "ls", "-d x"];
    assert_eq!(argv[argv.len() - tail.len()..], tail);
    assert!(joined.contains("-L 8080:localhost:80 -o SessionType=default "), "{joined}");
}

#[test]
fn a_forwarded_agent_is_the_users_and_never_ours() {
    let mut making = Making::by(Method::Eic);
    making.settings.agent_forwarding = true;
    assert!(making.argv().contains(&"ForwardAgent=<your-agent>".to_owned()));

    making.choice = Choice::Method { method: Method::Ssh, anyway: false };
    assert!(making.argv().contains(&"ForwardAgent=yes".to_owned()));
}

#[test]
fn the_dry_run_says_every_step() {
    let lines = Making::new().without_agent().plan().unwrap().lines(&Catalogue::english());

    assert_eq!(
        lines[..5],
        [
            "target   web-1 (i-0123456789abcdef0), account 123456789012, ap-northeast-2",
            "method   eic: best of eic, ssh",
            "login    ec2-user (from the image) at 3.36.112.8 port 22 (public)",
            "1 describe  ec2:DescribeInstances i-0123456789abcdef0",
            "2 push-key  ec2-instance-connect:SendSSHPublicKey for ec2-user: a new ed25519 key, valid for 60 s",
        ]
    );
    assert!(lines[5].starts_with("3 exec      ssh -o HostName=%h "), "{}", lines[5]);
    assert!(lines[5].contains(" -o IdentityAgent=<socket> ") && lines[5].ends_with(" -- ec2-user@3.36.112.8"), "{}", lines[5]);
    assert_eq!(lines.len(), 6);
    let asked = Making::by(Method::Ssh).plan().unwrap().lines(&Catalogue::english());
    assert_eq!(asked[1], "method   ssh: as asked");
}

#[test]
fn the_dry_run_quotes_words_for_a_shell_and_keeps_the_screen_clean() {
    let mut making = Making::by(Method::Ssh);
    making.extras.command = ["echo", "a b", "\u{1b}[2J"].map(OsString::from).to_vec();

    assert!(making.plan().unwrap().command_line().ends_with("ec2-user@3.36.112.8 echo 'a b' '·[2J'"));
}

#[test]
fn the_plan_in_json_has_the_documented_form() {
    let json = Making::by(Method::Eic).plan().unwrap().json();

    let plan = json["plan"].as_object().unwrap();
    assert_eq!(json["schema"], 1);
    let keys: Vec<&str> = plan.keys().map(String::as_str).collect();
    assert_eq!(keys, ["target", "account", "region", "method", "address", "port", "user", "steps", "otherwise"]);
    let steps: Vec<&str> = plan["steps"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["describe", "push-key", "exec"]);
}

#[test]
fn a_moved_instance_changes_the_destination_and_nothing_else() {
    let mut making = Making::by(Method::Ssh);
    making.extras.ssh_arguments = ["-o", "--"].map(OsString::from).to_vec();
    making.extras.command = ["--", "ec2-user@3.36.112.8"].map(OsString::from).to_vec();
    let before = making.plan().unwrap();

    let after = before.clone().moved_to("3.36.112.9".parse().unwrap());

    assert_eq!(after.login.as_ref().unwrap().address().unwrap().to_string(), "3.36.112.9");
    assert_eq!(after.command_line(), before.command_line().replacen("-- ec2-user@3.36.112.8", "-- ec2-user@3.36.112.9", 1));
}

#[test]
fn what_this_version_cannot_do_is_said() {
    let mut making = Making::by(Method::Eice);
    making.choice = Choice::Method { method: Method::Eice, anyway: true };
    assert_eq!(making.refused(), Refusal::NotInThisVersion(Feature::Method(Method::Eice)));

    let mut making = Making::new();
    making.options.jump = Some("bastion".to_owned());
    making.instance.ssm = Fact::Known(Ssm::unmanaged());
    assert_eq!(making.refused(), Refusal::NotInThisVersion(Feature::Jump));
    making.choice = Choice::Method { method: Method::Eic, anyway: true };
    assert_eq!(making.refused(), Refusal::NotInThisVersion(Feature::Jump));

    // What goes through Session Manager passes no jump host.
    making.choice = Choice::Method { method: Method::Ssm, anyway: true };
    assert_eq!(making.plan().unwrap().method, Method::Ssm);
}

#[test]
fn a_registered_agent_is_the_best_way_and_the_next_one_stands_by() {
    let mut making = Making::new();
    let ping = "2026-11-21T09:59:00Z".parse().ok();
    let version = Some("3.3.1611.0".into());
    making.instance.ssm =
        Fact::Known(Ssm { status: SsmStatus::Online, last_ping: ping, agent_version: version, ..Ssm::unmanaged() });

    let plan = making.plan().unwrap();

    assert!(matches!(plan.steps[..], [Step::Describe { .. }, Step::Session { document: None }]), "{:?}", plan.steps);
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
            "aws ec2 start-instances --instance-ids i-0123456789abcdef0 --region ap-northeast-2 --profile prod-admin",
            "ec2dash show i-0123456789abcdef0   (every way in, with its reasons)",
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
    making.local.keys.clear();

    let why = making.refused().why(&Catalogue::english());

    assert_eq!(
        why,
        [
            "ssm, ssm-ssh: still asking Systems Manager",
            "eic: instance metadata is disabled: the pushed key cannot be read",
            "ssh: private key for team-prod not found in ~/.ssh",
        ]
    );
}

#[test]
fn a_missing_ssh_says_what_to_install() {
    for (ssh, code, why) in [
        (SshClient::Missing, "ssh-missing", "there is no ssh on this computer"),
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
    making.local.keys.clear();
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
        let file = KeyFile { path: "/k".into(), problem: Some(problem) };
        making.local.keys = [(HomeKey::Pair("team-prod".into()), file)].into();

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

/// What OpenSSH itself makes of a command line, option by option in lower case.
fn as_ssh_reads(arguments: &[OsString]) -> Vec<String> {
    let output = Command::new("ssh").arg("-G").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn openssh_reads_back_every_path_as_it_is() {
    for path in ["/plain/k", "/a b/k", "/per%cent/%h", "/it's/k", "/say \"x\"/k", "/back\\slash/k", "/#hash/k", "/한글/k"] {
        let mut making = Making::by(Method::Ssh);
        making.settings.use_ssh_config = false;
        let plan = making.plan().unwrap();
        let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
        let argv: Vec<OsString> = arguments.iter().filter_map(|argument| argument.filled(&|_| Some(vec![path.into()]))).collect();

        let read = as_ssh_reads(&argv);

        assert!(read.contains(&format!("userknownhostsfile {path}")), "{path}: {read:?}");
        assert!(read.contains(&format!("hostkeyalias {ID}")));
        assert!(read.contains(&"identitiesonly yes".to_owned()));
    }
}

#[test]
fn openssh_reads_back_what_is_filled_in() {
    let mut making = Making::by(Method::Eic);
    making.settings.use_ssh_config = false;
    let plan = making.plan().unwrap();
    let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
    let fill = |blank: Blank| match blank {
        Blank::AgentSocket => Some(vec!["/run/a b/agent".into()]),
        Blank::PublicKey => Some(vec!["/run/a b/key.pub".into()]),
        Blank::KnownHosts => Some(vec!["/run/x/known_hosts".into(), "/state/known hosts".into()]),
        Blank::UserAgent => None,
    };
    let argv: Vec<OsString> = arguments.iter().map(|argument| argument.filled(&fill).unwrap()).collect();

    let read = as_ssh_reads(&argv);

    for line in [
        "identityagent /run/a b/agent",
        "identityfile /run/a b/key.pub",
        "userknownhostsfile /run/x/known_hosts /state/known hosts",
        "user ec2-user",
        "hostname 3.36.112.8",
        "port 22",
        "forwardagent no",
        "passwordauthentication no",
        "stricthostkeychecking accept-new",
    ] {
        assert!(read.contains(&line.to_owned()), "{line}: {read:?}");
    }
}

#[test]
fn ours_win_over_the_users_arguments_and_their_jump_stays() {
    let mut making = Making::by(Method::Eic);
    making.settings.use_ssh_config = false;
    making.extras.ssh_arguments = ["-o", "HostKeyAlias=evil", "-o", "ProxyJump=bastion"].map(OsString::from).to_vec();
    let plan = making.plan().unwrap();
    let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
    let argv: Vec<OsString> = arguments.iter().filter_map(|argument| argument.filled(&|_| Some(vec!["/x".into()]))).collect();

    let read = as_ssh_reads(&argv);

    assert!(read.contains(&format!("hostkeyalias {ID}")));
    assert!(read.contains(&"proxyjump bastion".to_owned()), "{read:?}");
}

/// An instance whose agent is online.
fn by_session(method: Method) -> Making {
    let mut making = Making::by(method);
    let ssm = crate::model::Ssm {
        status: crate::model::SsmStatus::Online,
        agent_version: Some("3.3.987.0".into()),
        ..crate::model::Ssm::unmanaged()
    };
    making.instance.ssm = Fact::Known(ssm);
    making
}

#[test]
fn ssh_through_session_manager_runs_this_program_as_its_proxy() {
    let mut making = by_session(Method::SsmSsh);
    making.instance.public_ip = None;
    making.options.port = 2222;
    making.extras.own = OwnProgram { program: "/opt/ec2dash".into(), flags: vec!["--api-timeout".into(), "15".into()] };

    let plan = making.plan().unwrap();

    assert!(matches!(&plan.steps[..], [Step::Describe { .. }, Step::PushKey { .. }, Step::Exec { .. }]), "{:?}", plan.steps);
    let argv = making.argv();
    let proxy = "ProxyCommand=/opt/ec2dash --api-timeout 15 --profile=prod-admin --region ap-northeast-2 proxy --yes --port 2222 -- \
                 i-0123456789abcdef0";
    assert!(argv.contains(&proxy.to_owned()), "{argv:?}");
    assert_eq!(argv.last().unwrap(), "ec2-user@i-0123456789abcdef0");
    assert!(plan.json()["plan"]["address"].is_null());
    assert!(plan.lines(&Catalogue::english())[2].contains("port 2222 through Session Manager"));
}

#[test]
fn the_key_is_the_one_asked_for_else_a_pushed_one_where_the_image_takes_it() {
    let steps = |change: fn(&mut Making)| {
        let mut making = by_session(Method::SsmSsh);
        change(&mut making);
        making.plan().map(|plan| plan.steps.iter().map(Step::word).collect::<Vec<_>>()).map_err(|refusal| refusal.code())
    };
    let pushed = Ok(vec!["describe", "push-key", "exec"]);
    let file = Ok(vec!["describe", "exec"]);
    let image = |name: &str| Fact::Known(Some(Image { name: name.into(), owner: None, owner_alias: None }));

    assert_eq!(steps(|_| ()), pushed);
    assert_eq!(steps(|making| making.instance.metadata_enabled = Some(false)), file);
    assert_eq!(steps(|making| making.instance.image_name = Fact::Known(None)), file);
    let asked: fn(&mut Making) = |making| {
        let path = std::path::PathBuf::from("/home/jane/other.pem");
        making.options.key = Some(path.clone());
        making.local.keys.insert(HomeKey::Path(path.clone()), KeyFile { path, problem: None });
    };
    assert_eq!(steps(asked), file);
    let mut without = by_session(Method::SsmSsh);
    without.local.keys.clear();
    without.instance.image_name = image("my-golden-image");
    assert!(without.plan().is_ok(), "nobody knows, so a pushed key is tried");
    without.instance.metadata_enabled = Some(false);
    assert_eq!(without.refused().code(), "ssm-ssh-no-key");
}

#[test]
fn a_proxy_command_reaches_the_shell_as_the_words_it_was_made_of() {
    for program in ["/opt/my tools/ec2dash", "/tmp/it's/100%h/ec2dash", "/tmp/a\\b/$(id)/`x`;\"/ec2dash", "/tmp/결제/%%/%p"] {
        let mut making = by_session(Method::SsmSsh);
        making.extras.own = OwnProgram { program: program.into(), flags: vec!["--config=/x y/%C".into()] };
        let argv = making.argv();
        let line = argv.iter().find_map(|word| word.strip_prefix("ProxyCommand=")).unwrap();
        // As ssh does: `%%` is `%`, and there is no other `%` left.
        assert!(!line.replace("%%", "").contains('%'), "{line}");
        let script = format!("printf '%s\\n' {}", line.replace("%%", "%"));

        for shell in ["sh", "bash"] {
            let told = Command::new(shell).arg("-c").arg(&script).output().unwrap();

            let words = String::from_utf8(told.stdout).unwrap();
            assert_eq!(words.lines().take(2).collect::<Vec<_>>(), [program, "--config=/x y/%C"], "{shell}");
        }
    }
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

/// The table of all options: name in lower case, and who decides it.
fn table() -> Vec<(String, &'static str)> {
    let lines = include_str!("ssh_options.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [name, whose, why] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(!why.is_empty() && ["ours", "command", "key", "session", "user"].contains(&whose), "{line}");
            (name.to_lowercase(), whose)
        })
        .collect()
}

/// The options of a command line in lower case, those that stand in it by other means included.
fn options_of(making: &Making) -> BTreeSet<String> {
    let argv = making.argv();
    let named = argv.windows(2).filter(|pair| pair[0] == "-o").filter_map(|pair| pair[1].split_once('='));
    named.map(|(name, _)| name.to_lowercase()).chain(["port".to_owned(), "user".to_owned()]).collect()
}

#[test]
fn every_option_of_ssh_is_in_the_table_and_ours_are_on_the_command_line() {
    let table = table();
    let whose = |asked: &[&str]| -> BTreeSet<String> {
        table.iter().filter(|(_, whose)| asked.contains(whose)).map(|(name, _)| name.clone()).collect()
    };

    let mut with_key_file = Making::by(Method::Ssh);
    assert_eq!(options_of(&with_key_file), whose(&["ours"]));
    assert_eq!(options_of(&Making::by(Method::Eic)), whose(&["ours", "key"]));
    with_key_file.extras.command = vec!["ls".into()];
    assert_eq!(options_of(&with_key_file), whose(&["ours", "command"]));
    let by_session = options_of(&by_session(Method::SsmSsh));
    assert!(whose(&["ours"]).is_subset(&by_session) && by_session.contains("proxycommand"), "{by_session:?}");

    let known = whose(&["ours", "command", "key", "session", "user"]);
    // The names of the other GSSAPI options are a patch of some distributions.
    let here = as_ssh_reads(&["-F".into(), "none".into(), "host".into()]);
    let here = here.iter().filter_map(|line| line.split(' ').next()).map(str::to_lowercase);
    let missing: Vec<String> = here.filter(|name| !known.contains(name) && !name.starts_with("gssapi")).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn an_older_ssh_gets_no_option_that_it_does_not_know() {
    let options = |major, minor| {
        let mut making = Making::by(Method::Eic);
        making.local.ssh = SshClient::Usable(crate::access::SshVersion { major, minor });
        options_of(&making)
    };
    let later = |options: &BTreeSet<String>| {
        ["knownhostscommand", "sessiontype", "stdinnull", "forkafterauthentication"].map(|name| options.contains(name))
    };

    assert_eq!(later(&options(8, 4)), [false; 4]);
    assert_eq!(later(&options(8, 6)), [true, false, false, false]);
    assert_eq!(later(&options(10, 0)), [true; 4]);
}

#[test]
fn a_hostile_ssh_config_changes_nothing_that_is_ours() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("config");
    std::fs::write(&config, include_str!("hostile_ssh_config.txt")).unwrap();
    let mut making = Making::by(Method::Ssh);
    making.extras.command = vec!["ls".into()];
    let read = |before: &[OsString], making: &Making| {
        let plan = making.plan().unwrap();
        let Some(Step::Exec { arguments, .. }) = plan.steps.last() else { panic!() };
        let fill = |_: Blank| Some(vec!["/x".into()]);
        let argv = arguments.iter().filter_map(|argument| argument.filled(&fill));
        as_ssh_reads(&before.iter().cloned().chain(argv).collect::<Vec<_>>())
    };

    let hostile = read(&["-F".into(), config.into()], &making);
    making.settings.use_ssh_config = false;
    let alone = read(&[], &making);

    let ours: Vec<String> =
        table().into_iter().filter(|(_, whose)| matches!(*whose, "ours" | "command")).map(|(name, _)| name).collect();
    let of = |lines: &[String]| -> Vec<String> {
        let is_ours =
            |line: &&String| ours.iter().any(|name| line.split(' ').next() == Some(name)) && !line.starts_with("identityfile");
        lines.iter().filter(is_ours).cloned().collect()
    };
    assert_eq!(of(&hostile), of(&alone));
    assert!(of(&alone).len() > 20, "{alone:?}");
}
