//! What of a plan is another where OpenSSH is not installed: this program is the client, by the same command line.

use std::ffi::OsString;

use super::argument::Argument;
use super::extras::{Extras, SshProgram};
use super::refusal::Refusal;
use super::ssh_arguments::without_forwarding;
use crate::access::LoginKey;
use crate::builtin_ssh::arguments::{BUILT_IN, unsupported};

/// The built-in client, by the arguments that OpenSSH would have, unless the user's own among them are not for it.
pub(super) fn command(mut arguments: Vec<Argument>, extras: &Extras) -> Result<(OsString, Vec<Argument>), Refusal> {
    if let SshProgram::Sftp { .. } = extras.client {
        return Err(Refusal::NeedsOpenSsh { what: extras.client.name().to_owned() });
    }
    if let Some(other) = unsupported(&without_forwarding(&extras.ssh_arguments).0) {
        return Err(Refusal::NeedsOpenSsh { what: other.0 });
    }
    arguments.insert(0, Argument::Word(BUILT_IN.into()));
    Ok((extras.own.program.clone().into(), arguments))
}

/// The key as the built-in client has it: it reads no private half, which is opened here and served to it.
pub(super) fn key(key: LoginKey) -> LoginKey {
    match key {
        LoginKey::File(file) => LoginKey::Opened(file),
        other => other,
    }
}

/// Whether these are the arguments of the built-in client.
pub(super) fn is_first(arguments: &[Argument]) -> bool {
    matches!(arguments.first(), Some(Argument::Word(word)) if word == BUILT_IN)
}
