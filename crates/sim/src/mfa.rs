//! MFA devices: whose they are, what they show (RFC 6238), and which of their codes are used up.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use ssh_key::rand_core::{OsRng, RngCore as _};

use super::fleet::{Account, Fleet};

/// How long a code is shown.
const STEP: u64 = 30;
const SECRET: usize = 20;

/// The devices that somebody has asked about, each with a secret of this run.
#[derive(Debug, Default)]
pub(super) struct Devices(Mutex<HashMap<String, Device>>);

struct Device {
    secret: [u8; SECRET],
    /// Steps whose codes have been taken.
    used: BTreeSet<u64>,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("used", &self.used).finish_non_exhaustive()
    }
}

/// Whose device this is: a role names it, and the account in its name is its owner's.
pub(super) fn owner<'a>(fleet: &'a Fleet, serial: &str) -> Option<&'a Account> {
    let names_it = |account: &&Account| account.roles.iter().any(|role| role.mfa.as_deref() == Some(serial));
    let named_by = fleet.accounts.iter().find(names_it)?;
    match serial.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split(':').next()) {
        Some(id) => fleet.account(id),
        None => Some(named_by),
    }
}

impl Devices {
    /// Takes a code, which is good once; a security key has none.
    pub(super) fn take(&self, serial: &str, code: &str, now: SystemTime) -> bool {
        if is_security_key(serial) {
            return false;
        }
        self.with(serial, |device| {
            let shown = steps(now).into_iter().find(|step| !device.used.contains(step) && totp(&device.secret, *step) == code);
            device.used.extend(shown);
            shown.is_some()
        })
    }

    /// A code that would be taken now.
    pub(super) fn unused_code(&self, serial: &str, now: SystemTime) -> Option<String> {
        let unused = |device: &mut Device| {
            let step = steps(now).into_iter().find(|step| !device.used.contains(step))?;
            Some(totp(&device.secret, step))
        };
        if is_security_key(serial) { None } else { self.with(serial, unused) }
    }

    /// What whoever holds the device would see of it.
    pub(super) fn told(&self, serial: &str, now: SystemTime) -> Value {
        let code = self.unused_code(serial, now);
        let secret = base32(&self.with(serial, |device| device.secret));
        let left = STEP - seconds(now) % STEP;
        let uri = format!("otpauth://totp/Simulated?secret={secret}&issuer=Simulated&digits=6&period={STEP}");
        json!({ "serial": serial, "secret": secret, "uri": uri, "code": code, "seconds_left": left })
    }

    fn with<T>(&self, serial: &str, use_it: impl FnOnce(&mut Device) -> T) -> T {
        let mut devices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        use_it(devices.entry(serial.to_owned()).or_insert_with(|| {
            let mut secret = [0; SECRET];
            OsRng.fill_bytes(&mut secret);
            Device { secret, used: BTreeSet::new() }
        }))
    }
}

fn is_security_key(serial: &str) -> bool {
    serial.contains(":u2f/")
}

/// The step of this moment, and those of a device whose clock is a little off.
fn steps(now: SystemTime) -> [u64; 3] {
    let step = seconds(now) / STEP;
    [step, step + 1, step.saturating_sub(1)]
}

fn seconds(now: SystemTime) -> u64 {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Six digits.
fn totp(secret: &[u8], step: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let start = bytes.last().map_or(0, |byte| usize::from(byte & 0xf));
    let four = bytes.get(start..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// RFC 4648, without padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)).collect();
    let letter = |five: &[u8]| {
        let number = five.iter().fold(0, |number, bit| number << 1 | usize::from(*bit)) << (5 - five.len());
        char::from(LETTERS[number])
    };
    bits.chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_published_codes_are_shown() {
        let secret = b"12345678901234567890";

        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp(secret, time / STEP), code, "{time}");
        }
        assert_eq!(base32(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(base32(b"foob"), "MZXW6YQ");
    }

    #[test]
    fn a_code_is_taken_once_and_by_its_own_device() {
        let devices = Devices::default();
        let code = devices.unused_code("a", at(1_000_000)).unwrap();

        assert!(!devices.take("b", &code, at(1_000_000)));
        assert!(devices.take("a", &code, at(1_000_000)) && !devices.take("a", &code, at(1_000_000)));
        let next = devices.unused_code("a", at(1_000_000)).unwrap();
        assert!(next != code && devices.take("a", &next, at(1_000_000)));
        assert!(!devices.take("a", &devices.unused_code("a", at(1_000_000)).unwrap(), at(1_000_200)));
        assert_eq!(devices.unused_code("arn:aws:iam::1:u2f/user/key", at(0)), None);
    }
}
