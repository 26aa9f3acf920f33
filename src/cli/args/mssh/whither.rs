//! The target of `mssh` and `msftp`.

use std::ffi::OsStr;
use std::net::Ipv6Addr;
use std::os::unix::ffi::OsStrExt;

use super::{Client, Misused, Mssh, shown};

impl Mssh {
    /// `[user@]host`, for `msftp` with `:path` behind it. The last `@` before the path parts them.
    pub(super) fn take_target(&mut self, client: Client, word: &OsStr) -> Result<(), Misused> {
        let wrong = || Misused::Value { flag: "TARGET".to_owned(), value: shown(word) };
        let (target, path) = if client == Client::Sftp { without_path(word.as_bytes()) } else { (word.as_bytes(), None) };
        let target = std::str::from_utf8(target).map_err(|_| wrong())?;
        let host = match target.rsplit_once('@') {
            Some((user, host)) => {
                self.user = Some(user.parse().map_err(|_| wrong())?);
                host
            }
            None => target,
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() {
            return Err(wrong());
        }
        self.host = host.to_owned();
        self.path = path.map(|path| OsStr::from_bytes(path).to_owned());
        Ok(())
    }
}

/// What stands before the first colon, and behind it; an IPv6 address is an address with its colons, in brackets if a path follows.
fn without_path(word: &[u8]) -> (&[u8], Option<&[u8]>) {
    let place_of = |wanted: u8, from: usize| word[from..].iter().position(|byte| *byte == wanted).map(|at| from + at);
    let host = word.iter().rposition(|byte| *byte == b'@').map_or(0, |at| at + 1);
    if std::str::from_utf8(&word[host..]).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok()) {
        return (word, None);
    }
    let bracket = place_of(b'[', 0).filter(|at| !word[..*at].contains(&b':'));
    let from = bracket.and_then(|at| place_of(b']', at)).unwrap_or(0);
    match place_of(b':', from) {
        Some(at) => (&word[..at], Some(&word[at + 1..]).filter(|path| !path.is_empty())),
        None => (word, None),
    }
}
