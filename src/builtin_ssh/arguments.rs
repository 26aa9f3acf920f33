//! The command line of OpenSSH as far as our plans make it and the built-in client does it. Whatever else stands there is refused.

mod call;
mod flags;
mod forward;
mod option;
mod unsupported;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

pub use call::{Call, Checking, ForwardedAgent, HostKeyAlgorithms, Terminal, Work};
use flags::Flags;
pub use forward::{Far, Forward, Near};
use option::Options;
pub use unsupported::Unsupported;

/// The first argument of this program when it is the client. No command of users has such a name.
pub const BUILT_IN: &str = "--built-in-ssh";

/// Flags with a value, and without, that are understood.
const WITH_VALUE: &[u8] = b"DFLWop";
const WITHOUT_VALUE: &[u8] = b"NTanqstx";

/// The first of these options of ssh's that the client does not take, as a user would give them.
pub fn unsupported(options: &[OsString]) -> Option<Unsupported> {
    let words = options.iter().cloned().chain(["--", "user@host"].map(OsString::from));
    match Call::read(words.collect()) {
        // Of a program of the user's a shell would read the line, and none does here.
        Ok(call) if call.proxy.is_some() => Some(Unsupported("-o ProxyCommand".to_owned())),
        Ok(_) => None,
        Err(other) => Some(other),
    }
}

impl Call {
    /// Read the arguments of `ssh`.
    pub fn read(words: Vec<OsString>) -> Result<Self, Unsupported> {
        let mut options = Options::default();
        let mut flags = Flags::default();
        let mut words = words.into_iter().map(OsString::into_vec);
        let destination = loop {
            let word = words.next().ok_or_else(|| Unsupported::of(b"no destination"))?;
            if word == b"--" {
                break words.next().ok_or_else(|| Unsupported::of(b"no destination"))?;
            }
            let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) else { break word };
            for (at, letter) in letters.iter().enumerate() {
                if WITH_VALUE.contains(letter) {
                    let rest = letters.get(at + 1..).unwrap_or_default();
                    let value = if rest.is_empty() { words.next() } else { Some(rest.to_vec()) };
                    flags.take(*letter, &value.ok_or_else(|| Unsupported::of(&word))?, &mut options)?;
                    break;
                }
                if !WITHOUT_VALUE.contains(letter) {
                    return Err(Unsupported::of(&word));
                }
                flags.note(*letter, &mut options);
            }
        };
        let command = words.collect::<Vec<_>>().join(b" ".as_slice());
        flags.call(&options, &destination, command)
    }
}

#[cfg(test)]
mod tests;
