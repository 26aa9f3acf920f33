//! What `-L`, `-D` and `-W` say: where to listen here, and where that leads.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// A place here, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// Where to listen.
    pub from: Near,
    /// Where that leads.
    pub to: Far,
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// At a port of this computer: on both loopback addresses where no other is named.
    Port {
        /// An address, or `localhost`.
        host: String,
        /// Not zero.
        port: u16,
    },
    /// At a socket with this path.
    Socket(PathBuf),
}

/// Where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Far {
    /// To a port, as the instance names its host.
    Port {
        /// A name or an address.
        host: String,
        /// Not zero.
        port: u16,
    },
    /// To a socket on the instance.
    Socket(String),
    /// Where each connection asks for by SOCKS5.
    Asked,
}

impl Forward {
    /// `[bind:]port:host:port`, with a path in place of either side.
    pub(super) fn local(spec: &[u8]) -> Option<Self> {
        let parts = parts(spec)?;
        let (from, to) = match parts.iter().map(Vec::as_slice).collect::<Vec<_>>().as_slice() {
            [path, to @ ..] if is_path(path) => (Near::Socket(path_of(path)), to.to_vec()),
            [port, to @ ..] if to.len() == 2 || to.first().is_some_and(|to| is_path(to)) => {
                (Near::Port { host: "localhost".to_owned(), port: number(port)? }, to.to_vec())
            }
            [bind, port, to @ ..] => (Near::Port { host: text(bind)?, port: number(port)? }, to.to_vec()),
            _ => return None,
        };
        let to = match to.as_slice() {
            [path] if is_path(path) => Far::Socket(text(path)?),
            [host, port] => Far::Port { host: text(host)?, port: number(port)? },
            _ => return None,
        };
        Some(Self { from, to })
    }

    /// `[bind:]port` or a path.
    pub(super) fn dynamic(spec: &[u8]) -> Option<Self> {
        let from = match parts(spec)?.as_slice() {
            [path] if is_path(path) => Near::Socket(path_of(path)),
            [port] => Near::Port { host: "localhost".to_owned(), port: number(port)? },
            [bind, port] => Near::Port { host: text(bind)?, port: number(port)? },
            _ => return None,
        };
        Some(Self { from, to: Far::Asked })
    }
}

/// `host:port`, `[address]:port`.
pub(super) fn place(spec: &[u8]) -> Option<(String, u16)> {
    match parts(spec)?.as_slice() {
        [host, port] => Some((text(host)?, number(port)?)),
        _ => None,
    }
}

/// What stands between colons; in brackets they are none.
fn parts(spec: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut parts = vec![Vec::new()];
    let mut is_bracketed = false;
    let mut bytes = spec.iter().copied();
    while let Some(byte) = bytes.next() {
        let last = parts.last_mut()?;
        match byte {
            b'[' if last.is_empty() => is_bracketed = true,
            b']' if is_bracketed => is_bracketed = false,
            b'\\' => last.push(bytes.next()?),
            b':' if !is_bracketed => parts.push(Vec::new()),
            other => last.push(other),
        }
    }
    (!is_bracketed && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}

fn is_path(part: &[u8]) -> bool {
    part.contains(&b'/')
}

fn path_of(part: &[u8]) -> PathBuf {
    OsString::from_vec(part.to_vec()).into()
}

fn text(part: &[u8]) -> Option<String> {
    String::from_utf8(part.to_vec()).ok()
}

fn number(part: &[u8]) -> Option<u16> {
    text(part)?.parse().ok().filter(|port| *port != 0)
}
