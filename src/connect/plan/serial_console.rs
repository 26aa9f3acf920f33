//! What a plan says of a serial console, and the words of ssh for it.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::access::SerialHost;
use crate::builtin_ssh::arguments::BUILT_IN;
use crate::model::InstanceId;

/// What a plan says of a serial console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialConsole {
    /// Where it is served, and by which key.
    pub host: SerialHost,
    /// This program, which ssh asks about that key.
    pub own: PathBuf,
    /// Whether this program is the client itself, for want of OpenSSH.
    pub is_built_in: bool,
    /// Whether the user's `~/.ssh/config` is read.
    pub uses_ssh_config: bool,
    /// Seconds between signs of life.
    pub keepalive: u16,
}

impl SerialConsole {
    /// What is run: OpenSSH, or this program as the client.
    pub(in crate::connect) fn program(&self) -> Vec<OsString> {
        if self.is_built_in { vec![self.own.clone().into(), BUILT_IN.into()] } else { vec!["ssh".into()] }
    }

    /// The words of ssh but for `-F`; what is made at run time stands in the places of `agent`, `key` and `ask`.
    pub(in crate::connect) fn arguments(&self, id: &InstanceId, [agent, key, ask]: [&str; 3]) -> Vec<OsString> {
        let (host, keepalive) = (&self.host, self.keepalive);
        let options = [
            "HostName=%h".to_owned(),
            "CanonicalizeHostname=no".to_owned(),
            format!("HostKeyAlias={id}"),
            // Who the host is, its published fingerprint says, and nothing else.
            "UserKnownHostsFile=/dev/null".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            format!("KnownHostsCommand={ask}"),
            "VerifyHostKeyDNS=no".to_owned(),
            "UpdateHostKeys=no".to_owned(),
            "CheckHostIP=no".to_owned(),
            "ControlPath=none".to_owned(),
            "PubkeyAuthentication=yes".to_owned(),
            "IdentitiesOnly=yes".to_owned(),
            "PKCS11Provider=none".to_owned(),
            format!("IdentityAgent={agent}"),
            format!("IdentityFile={key}"),
            "AddKeysToAgent=no".to_owned(),
            "PreferredAuthentications=publickey".to_owned(),
            "BatchMode=yes".to_owned(),
            "ForwardAgent=no".to_owned(),
            "ClearAllForwardings=yes".to_owned(),
            "RemoteCommand=none".to_owned(),
            format!("ServerAliveInterval={keepalive}"),
        ];
        let mut words: Vec<OsString> = options.iter().flat_map(|option| [OsString::from("-o"), option.into()]).collect();
        words.extend(["-tt", "-p"].map(OsString::from));
        words.extend([host.port.to_string().into(), "--".into(), format!("{id}.port0@{}", host.host).into()]);
        words
    }
}
