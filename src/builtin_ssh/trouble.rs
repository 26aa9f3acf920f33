//! Why a login or a session of ours failed, in OpenSSH's words: those are what everybody looks for, `connect::diagnosis` too.

use std::io::{self, Write};

use russh::ChannelOpenFailure;

use super::arguments::Call;
use crate::model::Untrusted;
use crate::terminal::Standard;

/// How OpenSSH says that it failed itself.
pub(super) const FAILED: u8 = 255;
/// Most columns of what somebody else said.
const LONGEST: usize = 300;

/// Why it failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The address does not answer.
    #[error("cannot connect")]
    Unreachable(#[source] io::Error),
    /// The program that leads there was not started.
    #[error("the proxy command cannot be run")]
    Proxy(#[source] io::Error),
    /// There is no key exchange with what is there.
    #[error("no key exchange: {0}")]
    Exchange(russh::Error),
    /// The host's key is not one that we take; it is said already why.
    #[error("the host key is refused")]
    HostKey,
    /// The host does not take the key.
    #[error("permission denied")]
    Denied {
        /// What it would take, as it calls it.
        methods: Vec<String>,
        /// What is to be known besides.
        remark: Option<String>,
    },
    /// The connection was cut.
    #[error("{0}")]
    Cut(russh::Error),
    /// The session's channel is gone; why, the connection knows.
    #[error("the channel is gone")]
    Lost,
    /// The host refuses what was asked of it.
    #[error("{0}")]
    Refused(String),
    /// Something here.
    #[error("{0}")]
    Local(String),
}

impl From<russh::Error> for Trouble {
    fn from(error: russh::Error) -> Self {
        Self::Cut(error)
    }
}

impl Trouble {
    /// What to say of it, each a line.
    pub(super) fn lines(&self, call: &Call) -> Vec<String> {
        let (host, port) = call.shown_place();
        match self {
            Self::Unreachable(error) => vec![format!("ssh: connect to host {host} port {port}: {}", without_number(error))],
            Self::Proxy(error) => vec![format!("ssh: the proxy command cannot be run: {}", without_number(error))],
            Self::Exchange(russh::Error::NoCommonAlgo { kind, theirs, .. }) => {
                let kind = match kind {
                    russh::AlgorithmKind::Kex => "key exchange method",
                    russh::AlgorithmKind::Key => "host key type",
                    russh::AlgorithmKind::Cipher => "cipher",
                    russh::AlgorithmKind::Mac => "MAC",
                    russh::AlgorithmKind::Compression => "compression",
                };
                let theirs = Untrusted::from(theirs.join(",")).shown_in(LONGEST);
                vec![format!("Unable to negotiate with {host} port {port}: no matching {kind} found. Their offer: {theirs}")]
            }
            Self::Exchange(error) => vec![
                format!("kex_exchange_identification: {}", exchange_words(error)),
                format!("Connection closed by {host} port {port}"),
            ],
            Self::HostKey => vec!["Host key verification failed.".to_owned()],
            Self::Denied { methods, remark } => {
                let methods = Untrusted::from(methods.join(",")).shown_in(LONGEST);
                let denied = format!("{}@{}: Permission denied ({methods}).", call.user, call.host);
                remark.iter().cloned().chain([denied]).collect()
            }
            Self::Cut(russh::Error::KeepaliveTimeout | russh::Error::InactivityTimeout) => {
                vec![format!("Timeout, server {} not responding.", call.host)]
            }
            Self::Cut(russh::Error::IO(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
                vec![format!("Connection to {} closed: Connection reset by peer", call.host)]
            }
            Self::Cut(russh::Error::HUP | russh::Error::Disconnect | russh::Error::IO(_) | russh::Error::SendError)
            | Self::Lost => {
                vec![format!("Connection to {} closed by remote host.", call.host)]
            }
            Self::Cut(error) => vec![format!("ssh: {}", Untrusted::from(error.to_string()).shown_in(LONGEST))],
            Self::Refused(words) | Self::Local(words) => vec![words.clone()],
        }
    }
}

/// Say a line on stderr.
pub(super) fn complain(line: &str) {
    // Nobody there to read it: the exit code says the same.
    let _ = writeln!(Standard::error(), "{line}");
}

/// Why a channel was not opened.
pub(super) fn not_opened(why: &ChannelOpenFailure) -> String {
    match why {
        ChannelOpenFailure::AdministrativelyProhibited => "administratively prohibited".to_owned(),
        ChannelOpenFailure::ConnectFailed => "connect failed".to_owned(),
        ChannelOpenFailure::UnknownChannelType => "unknown channel type".to_owned(),
        ChannelOpenFailure::ResourceShortage => "resource shortage".to_owned(),
        other => Untrusted::from(format!("{other:?}")).shown_in(LONGEST),
    }
}

fn exchange_words(error: &russh::Error) -> String {
    match error {
        russh::Error::HUP | russh::Error::Disconnect => "Connection closed by remote host".to_owned(),
        russh::Error::IO(error) if error.kind() == io::ErrorKind::UnexpectedEof => "Connection closed by remote host".to_owned(),
        russh::Error::IO(error) => without_number(error),
        other => Untrusted::from(other.to_string()).shown_in(LONGEST),
    }
}

/// `Connection refused (os error 111)`, as OpenSSH has it.
fn without_number(error: &io::Error) -> String {
    let words = error.to_string();
    words.split_once(" (os error").map_or(words.clone(), |(words, _)| words.to_owned())
}
