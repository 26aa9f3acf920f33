//! The command line of OpenSSH: which options a login gets, and how values are written so that ssh reads them back.
//!
//! What is decided here and what stays the user's, option by option of ssh_config(5), is in `ssh_options.txt` beside this file.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::argument::{Argument, Blank, Destination, option_value};
use super::extras::{Extras, SshProgram};
use super::login::SshPlace;
use super::ssh_arguments::without_forwarding;
use crate::access::{JumpHost, Login, LoginKey, SshVersion};
use crate::config::{self, HostKeys};
use crate::model::{InstanceId, ProfileName, Region};

/// The version that brought options of ours.
const SINCE_SESSION_TYPE: SshVersion = SshVersion { major: 8, minor: 7 };
/// Signs of life without an answer after which ssh gives up: a user's `ServerAliveCountMax 0` would end it at the first.
pub(super) const UNANSWERED: u16 = 4;

/// What a login is made of.
pub(super) struct Call<'a> {
    /// The version of ssh, if it is known: it refuses options that came later.
    pub(super) version: Option<SshVersion>,
    /// The name under which host keys are kept.
    pub(super) alias: &'a InstanceId,
    pub(super) user: &'a Login,
    pub(super) place: &'a SshPlace,
    /// Where a connection to the address really goes.
    pub(super) simulated: Option<SocketAddr>,
    /// The jump host to go through to an address.
    pub(super) jump: Option<&'a JumpHost>,
    pub(super) profile: Option<&'a str>,
    pub(super) region: &'a Region,
    pub(super) port: u16,
    pub(super) key: &'a LoginKey,
    pub(super) settings: &'a config::Connect,
    pub(super) extras: &'a Extras,
}

/// All arguments. Of an option given twice ssh takes the first: ours win over the user's arguments, but for [`what_is_run`], and all win
/// over the ssh_config, which is read last. None of ours reach a jump host of the user's `ProxyJump`: ssh does not hand `-o` on.
pub(super) fn arguments(call: &Call<'_>) -> Vec<Argument> {
    let mut words = Words(Vec::new());
    if !call.settings.use_ssh_config {
        words.push("-F").push("none");
    }
    destination_as_it_is(&mut words);
    host_identity(&mut words, call);
    let (own_arguments, forwards) = without_forwarding(&call.extras.ssh_arguments);
    let forwards = forwards.unwrap_or(call.settings.agent_forwarding);
    match call.key {
        LoginKey::File(key) => with_key_file(&mut words, key, forwards),
        LoginKey::Agent(_) => with_agents_key(&mut words, forwards),
        LoginKey::OneTime | LoginKey::Pushed(_) | LoginKey::Opened(_) => with_one_time_key(&mut words, forwards),
    }
    let host = match &call.place {
        SshPlace::Address { address, .. } => {
            if let Some(host) = call.jump {
                by_proxy(&mut words, jump_command(call, host));
            }
            call.simulated.map_or(*address, |place| place.ip()).to_string()
        }
        SshPlace::Proxy { .. } | SshPlace::Endpoint { .. } => {
            by_proxy(&mut words, proxy_command(call));
            call.alias.to_string()
        }
    };
    words.option(&format!("ServerAliveInterval={}", call.settings.keepalive));
    if call.settings.keepalive > 0 {
        words.option(&format!("ServerAliveCountMax={UNANSWERED}"));
    }
    words.push(call.extras.client.port_flag()).push(call.simulated.map_or(call.port, |place| place.port()).to_string());
    for argument in own_arguments {
        words.push(argument);
    }
    if call.extras.is_quiet {
        // Behind the user's arguments, so that a level of theirs wins. Errors stay: they are what a failure is explained by.
        words.option("LogLevel=ERROR");
    }
    if call.extras.client == SshProgram::Ssh {
        // sftp says for itself what its ssh runs.
        what_is_run(&mut words, call);
    }
    words.push("--").destination(Destination { user: call.user.clone(), host, client: call.extras.client.clone() });
    for word in &call.extras.command {
        words.push(word);
    }
    words.0
}

/// Where the login leads is decided: no other name is looked up for it, and no other kind of address.
fn destination_as_it_is(words: &mut Words) {
    words.option("HostName=%h").option("AddressFamily=any").option("CanonicalizeHostname=no");
}

/// A shell or the command, in the foreground, with what is typed or piped in. It stands behind the user's arguments, so that `-N`, `-n`, `-f`
/// and `-t` keep their meaning: ssh refuses some of them behind such an option.
fn what_is_run(words: &mut Words, call: &Call<'_>) {
    if call.version.is_none_or(|version| version >= SINCE_SESSION_TYPE) {
        words.option("SessionType=default").option("StdinNull=no").option("ForkAfterAuthentication=no");
    }
    if !call.extras.command.is_empty() {
        words.option("RemoteCommand=none").option("RequestTTY=auto");
    }
}

/// The host is known by the instance's id, in our own file, whatever its address is and whoever had it before.
///
/// The system's known_hosts (`GlobalKnownHostsFile`) stays in force: only root writes it, and what an administrator pins or
/// revokes there shall hold here too.
fn host_identity(words: &mut Words, call: &Call<'_>) {
    words.option(&format!("HostKeyAlias={}", call.alias));
    words.option_blank("UserKnownHostsFile=", Blank::KnownHosts);
    // Only a look at the files, and what AWS tells, say which keys there are.
    match call.settings.host_keys {
        HostKeys::Strict => words.option("StrictHostKeyChecking=yes"),
        HostKeys::Verify | HostKeys::AcceptNew => words.option_blank("StrictHostKeyChecking=", Blank::HostKeyChecking),
    };
    // An address may be another instance's tomorrow; `HashKnownHosts yes`, Debian's default, would hide the ids from
    // `known-hosts list`; a shared connection (`ControlPath`) would go to whoever had the address before.
    words.option("CheckHostIP=no").option("HashKnownHosts=no").option("ControlPath=none");
    // Nothing but those files says who the host is, and nobody but us and the user at a first contact says what stands in them.
    words.option("VerifyHostKeyDNS=no").option("UpdateHostKeys=no");
    if call.version.is_none_or(SshVersion::has_known_hosts_command) {
        words.option_blank("KnownHostsCommand=", Blank::HostKeyCommand);
    }
    words.option("FingerprintHash=sha256");
}

/// Exactly one key, held by our agent, never the user's (docs/faults.md H27). No password: nobody has one for a one-time key, nor wants one
/// where a key was opened. But
/// keyboard-interactive stays, because a server may ask for a second factor after the key.
fn with_one_time_key(words: &mut Words, forwards: bool) {
    words.option("PubkeyAuthentication=yes").option("IdentitiesOnly=yes").option("PKCS11Provider=none");
    words.option_blank("IdentityAgent=", Blank::AgentSocket);
    words.option_blank("IdentityFile=", Blank::PublicKey);
    words.option("AddKeysToAgent=no").option("PasswordAuthentication=no");
    words.option("PreferredAuthentications=publickey,keyboard-interactive");
    if forwards {
        // `yes` would forward the agent that ssh itself uses, which is ours.
        words.option_blank("ForwardAgent=", Blank::UserAgent);
    } else {
        words.option("ForwardAgent=no");
    }
}

/// Exactly one key (docs/faults.md H27). The user's agent is asked for this one only: it may hold it without its passphrase.
fn with_key_file(words: &mut Words, key: &Path, forwards: bool) {
    words.option("PubkeyAuthentication=yes").option("IdentitiesOnly=yes").option("PKCS11Provider=none");
    words.option_path("IdentityFile=", key);
    words.option("PreferredAuthentications=publickey,keyboard-interactive,password");
    words.option(if forwards { "ForwardAgent=yes" } else { "ForwardAgent=no" });
}

/// Exactly one key, held by the user's agent, which alone is asked for it (docs/faults.md H27).
fn with_agents_key(words: &mut Words, forwards: bool) {
    words.option("PubkeyAuthentication=yes").option("IdentitiesOnly=yes").option("PKCS11Provider=none");
    words.option_blank("IdentityAgent=", Blank::UserAgent);
    words.option_blank("IdentityFile=", Blank::PublicKey);
    words.option("PreferredAuthentications=publickey,keyboard-interactive,password");
    words.option(if forwards { "ForwardAgent=yes" } else { "ForwardAgent=no" });
}

fn by_proxy(words: &mut Words, command: OsString) {
    let mut proxy = OsString::from("ProxyCommand=");
    proxy.push(command);
    // Of the two, ssh takes the first that it meets; and what our proxy hands over are bytes.
    words.push("-o").push(proxy).option("ProxyUseFdpass=no");
}

/// This program as ssh's `ProxyCommand` through a jump host: a whole login there, by its own rule, with a key of its own in an agent of its
/// own here, from which ssh leads on to the address. Nothing runs there, and no agent is forwarded. What ssh expands is left to it: the
/// address may be another by then.
fn jump_command(call: &Call<'_>, host: &JumpHost) -> OsString {
    let place = &host.instance.place;
    let mut line = own_command(call, place.profile.as_ref().map(ProfileName::raw), &place.region);
    for word in ["proxy", "--yes", "--to"] {
        line.push(b' ');
        quote(word.as_bytes(), &mut line);
    }
    line.extend_from_slice(b" '[%h]:%p' -- ");
    quote(host.instance.id.as_str().as_bytes(), &mut line);
    OsString::from_vec(line)
}

/// This program as ssh's `ProxyCommand`: ssh expands `%` in it, and the user's shell reads the rest. Whoever plans this has said yes to an
/// account that asks.
fn proxy_command(call: &Call<'_>) -> OsString {
    let mut line = own_command(call, call.profile, call.region);
    let port = call.port.to_string();
    let mut words = vec!["proxy", "--yes", "--port", port.as_str()];
    let through = through(call.place);
    words.extend(through.iter().map(String::as_str));
    words.extend(["--", call.alias.as_str()]);
    for word in words {
        line.push(b' ');
        quote(word.as_bytes(), &mut line);
    }
    OsString::from_vec(line)
}

/// The start of it: this program as this run was, in a place.
fn own_command(call: &Call<'_>, profile: Option<&str>, region: &Region) -> Vec<u8> {
    let own = &call.extras.own;
    let mut words: Vec<&OsStr> = vec![own.program.as_os_str()];
    words.extend(own.flags.iter().map(OsString::as_os_str));
    let profile = profile.map(|profile| OsString::from(format!("--profile={profile}")));
    words.extend(profile.as_deref());
    words.extend(["--region", region.as_str()].map(OsStr::new));
    let mut line = Vec::new();
    for word in words {
        if !line.is_empty() {
            line.push(b' ');
        }
        quote(word.as_bytes(), &mut line);
    }
    line
}

/// What tells our proxy which way to go; it takes Session Manager by itself.
fn through(place: &SshPlace) -> Vec<String> {
    let SshPlace::Endpoint { id, address, limit } = place else { return Vec::new() };
    let limit = format!("{}s", limit.as_secs());
    let words = ["--method", "eice", "--endpoint", id.as_str(), "--address", &address.to_string(), "--tunnel-limit", &limit];
    words.map(str::to_owned).to_vec()
}

/// One word for `sh`, `bash`, `zsh` and `fish`, behind ssh's expansion of `%`; as [`shell_word`](crate::text::shell_word), but of bytes.
pub(super) fn quote(word: &[u8], line: &mut Vec<u8>) {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:=@+,".contains(byte);
    if !word.is_empty() && word.iter().all(is_plain) {
        line.extend_from_slice(word);
        return;
    }
    line.push(b'\'');
    for byte in word {
        match byte {
            b'\'' => line.extend_from_slice(br"'\''"),
            b'\\' => line.extend_from_slice(br"'\\'"),
            b'%' => line.extend_from_slice(b"%%"),
            other => line.push(*other),
        }
    }
    line.push(b'\'');
}

/// The list being written.
struct Words(Vec<Argument>);

impl Words {
    fn push(&mut self, word: impl AsRef<OsStr>) -> &mut Self {
        self.0.push(Argument::Word(word.as_ref().to_owned()));
        self
    }

    fn option(&mut self, option: &str) -> &mut Self {
        self.push("-o").push(option)
    }

    fn option_path(&mut self, before: &str, path: &Path) -> &mut Self {
        let mut word = OsString::from(before);
        word.push(option_value(path));
        self.push("-o").push(word)
    }

    fn destination(&mut self, destination: Destination) -> &mut Self {
        self.0.push(Argument::Destination(destination));
        self
    }

    fn option_blank(&mut self, before: &'static str, blank: Blank) -> &mut Self {
        self.push("-o");
        self.0.push(Argument::Filled { before, blank });
        self
    }
}
