//! What the user's ssh_config says for their own logins breaks no command of ours, fakes no end, and lets nobody in.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};

use crate::support::tools::{SimulatedCloud, ec2dash, system_tool};

/// Each alone broke or faked a command, or led it elsewhere.
const INTERACTIVE: [&str; 12] = [
    "RemoteCommand tmux new -A -s main",
    "SessionType none",
    "StdinNull yes",
    "ForkAfterAuthentication yes",
    "HostName elsewhere.invalid",
    "PreferredAuthentications password",
    "AddressFamily inet6",
    "CanonicalizeHostname always\n  CanonicalDomains invalid\n  CanonicalizeFallbackLocal no",
    "RequestTTY force",
    "PubkeyAuthentication no",
    "PKCS11Provider /no/such/provider.so",
    "LocalForward 127.0.0.1:1 127.0.0.1:2\n  ExitOnForwardFailure yes",
];

#[test]
fn a_command_runs_with_its_stdin_and_its_exit_code_whatever_is_set_for_every_host() {
    let desk = Desk::new();
    for setting in INTERACTIVE {
        desk.set(setting);

        let output = desk.run(&["exec", "web-1", "--method", "ssh", "--ssh-config", "on", "--", "cat; exit 3"]);

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*output.stdout), (Some(3), &b"arrived\n"[..]), "{setting}: {said}");
    }
    // The forwardings of a login are its own.
    desk.set(&INTERACTIVE[..11].join("\n  "));
    for arguments in
        [["exec", "web-1", "--method", "eic"], ["exec", "web-1", "--method", "ssm-ssh"], ["ssh", "web-1", "--method", "ssh"]]
    {
        let output = desk.run(&[&arguments[..], &["--ssh-config", "on", "--", "cat; exit 3"]].concat());

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*output.stdout), (Some(3), &b"arrived\n"[..]), "{arguments:?}: {said}");
    }
}

#[test]
fn arguments_of_the_user_for_ssh_keep_their_meaning() {
    let desk = Desk::new();
    desk.set("SessionType none\n  StdinNull yes");

    let null = desk.run(&["ssh", "web-1", "--method", "ssh", "--ssh-config", "on", "--", "-n", "cat; exit 3"]);
    let subsystem = desk.run(&["ssh", "web-1", "--method", "ssh", "--ssh-config", "on", "--", "-s", "no-such-subsystem"]);

    assert_eq!((null.status.code(), &*null.stdout), (Some(3), &b""[..]), "{}", String::from_utf8_lossy(&null.stderr));
    let said = String::from_utf8_lossy(&subsystem.stderr);
    assert!(said.contains("subsystem request failed"), "{said}");
}

#[test]
fn no_setting_vouches_for_a_host_whose_key_has_changed() {
    let desk = Desk::new();
    let state = desk.cloud.home().join(".local/state/ec2dash");
    fs::create_dir_all(&state).unwrap();
    desk.set("");
    assert_eq!(desk.run(&["ssh", "web-1", "--method", "ssh", "--", "exit 3"]).status.code(), Some(3));
    let shown = fs::read_to_string(state.join("known_hosts")).unwrap();
    let vouching = format!("KnownHostsCommand /bin/echo {}", shown.trim());
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
    fs::write(state.join("known_hosts"), format!("i-0123456789abcdef0 {other}\n")).unwrap();

    for setting in [
        "NoHostAuthenticationForLocalhost yes",
        "StrictHostKeyChecking no",
        "UserKnownHostsFile /dev/null",
        "HostKeyAlias elsewhere",
        "FingerprintHash md5",
        "VerifyHostKeyDNS yes",
        &vouching,
    ] {
        desk.set(setting);

        let output = desk.run(&["ssh", "web-1", "--method", "ssh", "--ssh-config", "on", "--", "cat"]);

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*output.stdout), (Some(255), &b""[..]), "{setting}: {said}");
        assert!(said.contains("error[host-key-changed]") && said.matches("SHA256:").count() >= 2, "{setting}: {said}");
    }
}

/// A cloud, and an `ssh` that reads an ssh_config of the test's in the place of the account's.
struct Desk {
    cloud: SimulatedCloud,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { cloud: SimulatedCloud::start(&[]) };
        let ssh = system_tool("ssh", "apt-get install openssh-client");
        let (programs, config) = (desk.cloud.home().join("programs"), desk.cloud.home().join("ssh_config"));
        fs::create_dir(&programs).unwrap();
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = -V ] && exec {ssh} -V\nexec {ssh} -F {config} \"$@\"\n",
            ssh = ssh.display(),
            config = config.display()
        );
        fs::write(programs.join("ssh"), script).unwrap();
        fs::set_permissions(programs.join("ssh"), fs::Permissions::from_mode(0o755)).unwrap();
        desk
    }

    /// For every host.
    fn set(&self, setting: &str) {
        fs::write(self.cloud.home().join("ssh_config"), format!("Host *\n  {setting}\n")).unwrap();
    }

    /// With `arrived` on stdin.
    fn run(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:{}", self.cloud.home().join("programs").display(), self.cloud.variable("PATH"));
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(self.cloud.environment.clone()).env("PATH", path);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Whoever is refused does not read it.
        let _ = child.stdin.take().unwrap().write_all(b"arrived\n");
        child.wait_with_output().unwrap()
    }
}
