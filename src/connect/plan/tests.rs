//! Plans compared step by step, and their command lines as OpenSSH itself reads them.

mod built_in;
mod choice;
mod jumps;
mod ssh_options;

use std::collections::BTreeSet;
use std::process::Command;

use super::*;
use crate::access::{AddressChoice, KeyFile, KeyProblem, Keyring, ways};
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
        let key = KeyFile { path: "/home/jane/.ssh/team-prod.pem".into(), problem: None, ..KeyFile::default() };
        let keys = Keyring::of(key);
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
        matches!(&plan.steps[..], [Step::Describe { .. }, Step::HostKey { .. }, Step::PushKey { user, file: None }, Step::Exec { .. }] if user.as_str() == "ec2-user")
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
-o StrictHostKeyChecking=<yes-or-accept-new>
-o CheckHostIP=no
-o HashKnownHosts=no
-o ControlPath=none
-o VerifyHostKeyDNS=no
-o UpdateHostKeys=no
-o KnownHostsCommand=<host-keys>
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
    assert!(matches!(steps[..], [Step::Describe { .. }, Step::HostKey { .. }, Step::Exec { .. }]));
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
fn an_agent_that_is_forwarded_for_once_is_the_users_too() {
    let mut making = Making::by(Method::Eic);
    making.extras.ssh_arguments = ["-tA"].map(OsString::from).to_vec();
    let argv = making.argv();
    assert!(argv.contains(&"ForwardAgent=<your-agent>".to_owned()), "{argv:?}");
    // ssh obeys `-A` before every option, and forwards the agent that it uses: ours.
    assert!(argv.contains(&"-t".to_owned()) && !argv.contains(&"-tA".to_owned()), "{argv:?}");

    making.settings.agent_forwarding = true;
    making.extras.ssh_arguments = ["-a"].map(OsString::from).to_vec();
    assert!(making.argv().contains(&"ForwardAgent=no".to_owned()));
}

#[test]
fn the_dry_run_says_every_step() {
    let lines = Making::new().without_agent().plan().unwrap().lines(&Catalogue::english());

    assert_eq!(
        lines[..6],
        [
            "target   web-1 (i-0123456789abcdef0), account 123456789012, ap-northeast-2",
            "method   eic: best of eic, ssh",
            "login    ec2-user (from the image) at 3.36.112.8 port 22 (public)",
            "1 describe  ec2:DescribeInstances i-0123456789abcdef0",
            "2 host-key  ec2:GetConsoleOutput i-0123456789abcdef0, else what Session Manager reads there: the host key is compared before \
             the login; where none is told, the one shown is taken",
            "3 push-key  ec2-instance-connect:SendSSHPublicKey for ec2-user: a new ed25519 key, valid for 60 s",
        ]
    );
    assert!(lines[6].starts_with("4 exec      ssh -o HostName=%h "), "{}", lines[6]);
    assert!(lines[6].contains(" -o IdentityAgent=<socket> ") && lines[6].ends_with(" -- ec2-user@3.36.112.8"), "{}", lines[6]);
    assert_eq!(lines.len(), 7);
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
    assert_eq!(steps, ["describe", "host-key", "push-key", "exec"]);
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

    assert!(
        matches!(&plan.steps[..], [Step::Describe { .. }, Step::HostKey { .. }, Step::PushKey { .. }, Step::Exec { .. }]),
        "{:?}",
        plan.steps
    );
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
    let pushed = Ok(vec!["describe", "host-key", "push-key", "exec"]);
    let file = Ok(vec!["describe", "host-key", "exec"]);
    let image = |name: &str| Fact::Known(Some(Image { name: name.into(), owner: None, owner_alias: None }));

    assert_eq!(steps(|_| ()), pushed);
    assert_eq!(steps(|making| making.instance.metadata_enabled = Some(false)), file);
    assert_eq!(steps(|making| making.instance.image_name = Fact::Known(None)), file);
    let asked: fn(&mut Making) = |making| {
        let path = std::path::PathBuf::from("/home/jane/other.pem");
        making.options.key = Some(path.clone());
        making.local.keys = Keyring::of(KeyFile { path, problem: None, ..KeyFile::default() });
    };
    assert_eq!(steps(asked), file);
    let mut without = by_session(Method::SsmSsh);
    without.local.keys = Default::default();
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
