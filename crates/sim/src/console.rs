//! What an instance prints on its console when it starts, with its host keys as cloud-init prints them
//! (docs/instance-connect.md 7.2).

use std::collections::HashMap;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use jiff::Timestamp;
use md5::Md5;
use sha2::{Digest, Sha256};

use super::fault::ConsoleFault;
use super::fleet::Instance;
use super::keys::EVERY_INSTANCE;

/// The host key of an instance that is not here.
const OF_ANOTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr6bSNFNPzTrUnQzVOqRJxW4lTDwqIvTVrGzG8nCjhm";
const HASHES: &str = "#############################################################";

/// The public host keys of all SSH servers, `type base64` each, by instance.
#[derive(Clone, Debug, Default)]
pub(crate) struct HostKeyLines(HashMap<String, String>);

impl HostKeyLines {
    pub(crate) fn new(lines: HashMap<String, String>) -> Self {
        Self(lines)
    }

    /// Of this instance, or of the one server behind all.
    pub(crate) fn of(&self, instance: &str) -> Option<&str> {
        self.0.get(instance).or_else(|| self.0.get(EVERY_INSTANCE)).map(String::as_str)
    }
}

/// The text of a console; none if nothing was printed.
pub(crate) fn text(instance: &Instance, keys: &HostKeyLines, fault: Option<ConsoleFault>) -> Option<String> {
    if fault == Some(ConsoleFault::None) {
        return None;
    }
    if let Some(text) = &instance.console_text {
        return Some(text.clone());
    }
    let start = logged(instance.launched);
    if instance.is_windows() {
        return Some(format!("{start}: Message: Windows is Ready to use\r\n"));
    }
    let host = format!("root@{}", instance.private_name().unwrap_or_default());
    let own = keys.of(&instance.id);
    let key = if fault == Some(ConsoleFault::Other) { Some(OF_ANOTHER) } else { own };
    let prefixed = |line: &str| format!("<14>{start} cloud-init: {line}\n");
    let mut text = format!(
        "[    0.000000] Linux version 6.1.0 (simulated)\n[    9.112233] random: crng init done\nci-info: {}\n",
        instance.id
    );
    let Some(key) = key else { return Some(text) };
    text.push_str(&prefixed(HASHES));
    text.push_str(&prefixed("-----BEGIN SSH HOST KEY FINGERPRINTS-----"));
    let of_block = if fault == Some(ConsoleFault::Contradictory) { OF_ANOTHER } else { key };
    text.push_str(&prefixed(&fingerprint(of_block, &host, fault == Some(ConsoleFault::Md5))));
    if fault == Some(ConsoleFault::Cut) {
        return Some(text);
    }
    text.push_str(&prefixed("-----END SSH HOST KEY FINGERPRINTS-----"));
    text.push_str(&prefixed(HASHES));
    if !matches!(fault, Some(ConsoleFault::Fingerprints | ConsoleFault::Md5)) {
        text.push_str(&format!("-----BEGIN SSH HOST KEY KEYS-----\n{key} {host}\n-----END SSH HOST KEY KEYS-----\n"));
    }
    Some(text + "simulated login: ")
}

/// As `ssh-keygen -l` prints it.
fn fingerprint(key: &str, host: &str, is_md5: bool) -> String {
    let blob = key.split(' ').nth(1).and_then(|base64| STANDARD.decode(base64).ok()).unwrap_or_default();
    let hash = if is_md5 {
        Md5::digest(&blob).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
    } else {
        format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(&blob)))
    };
    format!("256 {hash} {host} (ED25519)")
}

/// `Jan 15 12:31:04`, as syslog writes times.
fn logged(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%b %d %H:%M:%S").to_string()).unwrap_or_default()
}
