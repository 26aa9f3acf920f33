//! The block of ssh_config by which every ssh program gets into an instance: what stands on our own command lines, to be read by OpenSSH.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use super::argument::option_value;
use super::extras::OwnProgram;
use super::ssh_command::{UNANSWERED, quote};
use crate::access::Login;
use crate::config::{self, HostKeys};
use crate::model::{HostAlias, InstanceId, Place, ProfileName};

/// One instance, and how ssh gets in.
#[derive(Debug, Clone, PartialEq)]
pub struct HostBlock<'a> {
    /// The name under which ssh finds it, and under which its host keys are kept.
    pub id: &'a InstanceId,
    /// Another name, if it has one.
    pub alias: Option<&'a HostAlias>,
    /// Where it is listed.
    pub place: &'a Place,
    /// Whom ssh logs in.
    pub user: Login,
    /// sshd's port.
    pub port: u16,
    /// The key that ssh has.
    pub key: BlockKey,
    /// How to start this program.
    pub own: &'a OwnProgram,
    /// Our state directory.
    pub state: &'a Path,
    /// The value of `KnownHostsCommand`, if this ssh has that.
    pub known_hosts_command: Option<OsString>,
    /// What the settings say of connections.
    pub settings: &'a config::Connect,
}

/// The key that ssh has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKey {
    /// One in a file.
    File(PathBuf),
    /// One that our agent holds, and that our proxy pushes.
    Pushed {
        /// Where the agent offers it.
        socket: PathBuf,
    },
    /// Whatever the user's own ssh_config and agent have.
    Theirs,
}

impl HostBlock<'_> {
    /// The lines, each with its end; none if a path or a name holds what no line can.
    pub fn lines(&self) -> Option<Vec<u8>> {
        let options = self.options();
        let is_line = |value: &OsString| !value.as_bytes().iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0));
        if !options.iter().all(|(_, value)| is_line(value)) {
            return None;
        }
        let mut lines = format!("Host {}", self.id).into_bytes();
        if let Some(alias) = self.alias {
            lines.extend_from_slice(format!(" {}", alias.as_str()).as_bytes());
        }
        lines.push(b'\n');
        for (name, value) in options {
            lines.extend_from_slice(b"  ");
            lines.extend_from_slice(name.as_bytes());
            lines.push(b' ');
            lines.extend_from_slice(value.as_bytes());
            lines.push(b'\n');
        }
        Some(lines)
    }

    /// The options of ssh_config and their values, as ssh reads them.
    pub fn options(&self) -> Vec<(&'static str, OsString)> {
        let mut options: Vec<(&'static str, OsString)> = Vec::new();
        let mut set = |name: &'static str, value: &dyn AsRef<OsStr>| options.push((name, value.as_ref().to_owned()));
        // Whatever name was typed, the host is the instance: for its keys, and for a shared connection (`ControlPath`), too.
        set("HostName", &self.id.as_str());
        set("HostKeyAlias", &self.id.as_str());
        set("User", &self.user.as_str());
        set("Port", &self.port.to_string());
        set("ProxyCommand", &self.proxy_command());
        set("ProxyUseFdpass", &"no");
        set("CanonicalizeHostname", &"no");
        set("UserKnownHostsFile", &option_value(&self.state.join("known_hosts")));
        set("StrictHostKeyChecking", &if self.settings.host_keys == HostKeys::Strict { "yes" } else { "accept-new" });
        if let Some(command) = &self.known_hosts_command {
            set("KnownHostsCommand", command);
        }
        for name in ["CheckHostIP", "HashKnownHosts", "VerifyHostKeyDNS", "UpdateHostKeys"] {
            set(name, &"no");
        }
        match &self.key {
            BlockKey::File(path) => {
                set("IdentityFile", &option_value(path));
                set("IdentitiesOnly", &"yes");
            }
            BlockKey::Pushed { socket } => {
                set("IdentityAgent", &option_value(socket));
                // The agent offers this one alone, and no file of the user's is looked for.
                set("IdentitiesOnly", &"no");
                set("IdentityFile", &"none");
                set("PreferredAuthentications", &"publickey,keyboard-interactive");
                // It would be ours, which holds the key.
                set("ForwardAgent", &"no");
                set("AddKeysToAgent", &"no");
            }
            BlockKey::Theirs => {}
        }
        set("ServerAliveInterval", &self.settings.keepalive.to_string());
        if self.settings.keepalive > 0 {
            set("ServerAliveCountMax", &UNANSWERED.to_string());
        }
        options
    }

    /// This program as ssh's `ProxyCommand`: ssh expands `%` in it, and the user's shell reads the rest.
    fn proxy_command(&self) -> OsString {
        let mut words: Vec<OsString> = vec![self.own.program.clone().into()];
        words.extend(self.own.flags.iter().cloned());
        words.extend(self.place.profile.as_ref().map(ProfileName::raw).map(|name| format!("--profile={name}").into()));
        words.extend(["--region", self.place.region.as_str(), "proxy"].map(OsString::from));
        if self.key != BlockKey::Theirs {
            words.extend(["--user", self.user.as_str()].map(OsString::from));
            words.extend(["--state".into(), self.state.into()]);
        }
        match &self.key {
            BlockKey::File(path) => words.extend(["--identity".into(), path.into()]),
            BlockKey::Pushed { socket } => words.extend(["--agent-socket".into(), socket.into()]),
            BlockKey::Theirs => {}
        }
        let mut line = Vec::new();
        for word in words {
            quote(word.as_bytes(), &mut line);
            line.push(b' ');
        }
        // A port is a number, whoever names it; a user or a host is not, and no shell reads one.
        line.extend_from_slice(b"--port %p -- ");
        line.extend_from_slice(self.id.as_str().as_bytes());
        OsString::from_vec(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AliasPrefix;

    fn written(change: impl FnOnce(&mut HostBlock<'_>)) -> Option<String> {
        let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
        let alias = HostAlias::of(&"Web 1".into(), &AliasPrefix::default());
        let place =
            Place { profile: Some(ProfileName::new("it's $(touch x) 100%".to_owned())), region: "us-east-1".parse().unwrap() };
        let own = OwnProgram { program: "/opt/my tools/ec2dash".into(), flags: vec!["--quiet".into()] };
        let settings = config::Connect::default();
        let mut block = HostBlock {
            id: &id,
            alias: alias.as_ref(),
            place: &place,
            user: "ec2-user".parse().unwrap(),
            port: 22,
            key: BlockKey::Theirs,
            own: &own,
            state: Path::new("/home/a b/100%"),
            known_hosts_command: Some("\"/x\" y".into()),
            settings: &settings,
        };
        change(&mut block);
        block.lines().map(|lines| String::from_utf8(lines).unwrap())
    }

    #[test]
    fn a_block_says_who_the_host_is_and_asks_us_for_the_way() {
        let block = written(|block| block.key = BlockKey::Pushed { socket: "/run/a/i-0123456789abcdef0".into() }).unwrap();

        insta::assert_snapshot!(block);
    }

    #[test]
    fn a_key_file_is_the_only_one_and_nobody_elses_agent_is_named() {
        let block = written(|block| block.key = BlockKey::File("/home/a b/key".into())).unwrap();

        assert!(block.contains("  IdentityFile \"/home/a b/key\"\n  IdentitiesOnly yes\n"), "{block}");
        assert!(!block.contains("IdentityAgent") && !block.contains("none"), "{block}");
        let theirs = written(|_| ()).unwrap();
        assert!(!theirs.contains("Identit") && !theirs.contains("--user"), "{theirs}");
    }

    #[test]
    fn what_no_line_can_hold_makes_no_block() {
        assert_eq!(written(|block| block.key = BlockKey::File("/a\nHost *".into())), None);
        assert_eq!(written(|block| block.state = Path::new("/a\rb")), None);
    }
}
