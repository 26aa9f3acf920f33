//! An argument of a program that a plan runs, with what is filled in only at run time.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::extras::SshProgram;
use crate::access::Login;

/// An argument of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A word as it is.
    Word(OsString),
    /// A word with a part that is made only at run time.
    Filled {
        /// What stands before it, such as `IdentityAgent=`.
        before: &'static str,
        /// What is filled in.
        blank: Blank,
    },
    /// Whom the program logs in and where, behind `--`.
    Destination(Destination),
}

/// Whom a program of OpenSSH's logs in, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Destination {
    /// The login name.
    pub user: Login,
    /// An address, or the instance's id.
    pub host: String,
    /// What reads it.
    pub client: SshProgram,
}

impl Destination {
    /// `user@address` or `user@id`, for sftp with `:path` behind it. All before the path are checked types, so it cannot be an option; ssh
    /// wants no brackets around IPv6, and sftp does.
    pub fn word(&self) -> OsString {
        let Self { user, host, client } = self;
        match client {
            SshProgram::Ssh => format!("{user}@{host}").into(),
            SshProgram::Sftp { path } => {
                let mut word = OsString::from(format!("{user}@[{host}]"));
                if let Some(path) = path {
                    word.push(":");
                    word.push(path);
                }
                word
            }
        }
    }
}

/// Where the options end: what stands there is the `--` before the destination.
pub fn end_of_options(arguments: &[Argument]) -> Option<usize> {
    arguments.iter().position(|argument| matches!(argument, Argument::Destination(_)))?.checked_sub(1)
}

/// What is made only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// Path of our agent's socket.
    AgentSocket,
    /// Path of the file with the public half of the key that an agent holds.
    PublicKey,
    /// Paths of the files of host keys; which, only a look at them can tell.
    KnownHosts,
    /// Whether ssh takes a key that is not in those files: `yes` (it does not) or `accept-new`.
    HostKeyChecking,
    /// The program that ssh asks for host keys, with its arguments, or the word `none`.
    HostKeyCommand,
    /// Path of the user's own agent (`SSH_AUTH_SOCK`), or the word `no` if there is none.
    UserAgent,
}

impl Argument {
    /// The word for argv, with its blank filled in; none if `fill` does not know the blank.
    pub fn filled(&self, fill: &impl Fn(Blank) -> Option<Vec<PathBuf>>) -> Option<OsString> {
        match self {
            Self::Word(word) => Some(word.clone()),
            Self::Destination(destination) => Some(destination.word()),
            Self::Filled { before, blank } => {
                let written = |path: &PathBuf| match blank {
                    // These are words, and stand as ssh reads them.
                    Blank::HostKeyChecking | Blank::HostKeyCommand => path.clone().into_os_string(),
                    _ => option_value(path),
                };
                let values: Vec<OsString> = fill(*blank)?.iter().map(written).collect();
                let mut word = OsString::from(before);
                word.push(values.join(OsStr::new(" ")));
                Some(word)
            }
        }
    }
}

/// A path as the value of `-o NAME=`: quoted for ssh's own word splitting, and with `%` doubled because ssh expands it.
pub(in crate::connect) fn option_value(path: &Path) -> OsString {
    let bytes = path.as_os_str().as_bytes();
    let mut value = Vec::with_capacity(bytes.len() + 2);
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@:,%".contains(byte);
    let needs_quotes = !bytes.iter().all(is_plain);
    if needs_quotes {
        value.push(b'"');
    }
    // `~x` would be somebody's home and `none` no file at all.
    if bytes.starts_with(b"~") || bytes == b"none" {
        value.extend_from_slice(b"./");
    }
    for byte in bytes {
        match byte {
            b'%' => value.extend_from_slice(b"%%"),
            b'"' | b'\\' => value.extend_from_slice(&[b'\\', *byte]),
            other => value.push(*other),
        }
    }
    if needs_quotes {
        value.push(b'"');
    }
    OsString::from_vec(value)
}
