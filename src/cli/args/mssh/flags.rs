//! The flags of `mssh` and `msftp`, theirs and those of ssh and sftp.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use super::{Client, Misused, Mssh, shown};
use crate::cli::args::RegionChoice;

/// Long flags of theirs. As much of one as tells it from the others is enough.
const LONG: [(&str, u8); 5] = [("profile", b'u'), ("region", b'r'), ("zone", b'z'), ("instance_id", b't'), ("debug", b'd')];
/// Letters of theirs that take a value.
const OWN_WITH_VALUE: &[u8] = b"tzru";

impl Mssh {
    pub(super) fn take_long(&mut self, word: &OsStr, words: &mut impl Iterator<Item = OsString>) -> Result<(), Misused> {
        let unknown = || Misused::Unknown(shown(word));
        let text = word.to_str().and_then(|word| word.strip_prefix("--")).ok_or_else(unknown)?;
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(OsString::from(value))));
        let name = name.replace('-', "_");
        let mut fitting = LONG.iter().filter(|(long, _)| !name.is_empty() && long.starts_with(&name));
        let (Some((long, letter)), None) = (fitting.next(), fitting.next()) else { return Err(unknown()) };
        let flag = format!("--{long}");
        match (letter, value) {
            (b'd', None) => self.is_verbose = true,
            (b'd', Some(_)) => return Err(unknown()),
            (_, Some(value)) => self.set_own(*letter, &flag, &value)?,
            (_, None) => {
                let value = words.next().ok_or_else(|| Misused::NoValue(flag.clone()))?;
                self.set_own(*letter, &flag, &value)?;
            }
        }
        Ok(())
    }

    /// The letters of one word, as `-vNL`: the last may take the rest of the word, or the next one.
    pub(super) fn take_letters(
        &mut self,
        client: Client,
        word: &OsStr,
        words: &mut impl Iterator<Item = OsString>,
        may_be_ours: bool,
    ) -> Result<(), Misused> {
        let letters = word.as_bytes().get(1..).unwrap_or_default();
        for (at, letter) in letters.iter().enumerate() {
            let flag = format!("-{}", char::from(*letter));
            let is_ours = may_be_ours && OWN_WITH_VALUE.contains(letter);
            if may_be_ours && *letter == b'd' {
                self.is_verbose = true;
            } else if is_ours || client.takes_value(*letter) {
                let value = match letters.get(at + 1..).unwrap_or_default() {
                    [] => words.next().ok_or_else(|| Misused::NoValue(flag.clone()))?,
                    rest => OsString::from_vec(rest.to_vec()),
                };
                return if is_ours { self.set_own(*letter, &flag, &value) } else { self.set(client, *letter, &flag, value) };
            } else if client.takes_none(*letter) {
                self.options.push(flag.into());
            } else {
                return Err(Misused::Unknown(shown(word)));
            }
        }
        Ok(())
    }

    fn set_own(&mut self, letter: u8, flag: &str, value: &OsStr) -> Result<(), Misused> {
        let wrong = || Misused::Value { flag: flag.to_owned(), value: shown(value) };
        let text = value.to_str().filter(|text| !text.is_empty()).ok_or_else(wrong)?;
        match letter {
            b'u' => self.profile = Some(text.to_owned()),
            b'r' => self.region = Some(text.parse().map(RegionChoice::One).map_err(|_| wrong())?),
            b'z' => self.zone = Some(text.to_owned()),
            _ => self.id = Some(text.to_ascii_lowercase().parse().map_err(|_| wrong())?),
        }
        Ok(())
    }

    /// A flag of ssh or sftp with its value. Of one given twice ssh takes the first.
    fn set(&mut self, client: Client, letter: u8, flag: &str, value: OsString) -> Result<(), Misused> {
        let wrong = |value: &OsStr| Misused::Value { flag: flag.to_owned(), value: shown(value) };
        let is_login = letter == b'l' && client == Client::Ssh;
        if is_login {
            let user = value.to_str().and_then(|user| user.parse().ok()).ok_or_else(|| wrong(&value))?;
            self.user.get_or_insert(user);
        } else if letter == client.port_letter() {
            self.set_port(&value).ok_or_else(|| wrong(&value))?;
        } else if let Some(port) = port_of(&value).filter(|_| letter == b'o') {
            self.set_port(OsStr::new(port)).ok_or_else(|| wrong(&value))?;
        } else if letter == b'i' && self.identity.is_none() {
            self.identity = Some(value.into());
        } else {
            self.options.extend([flag.into(), value]);
        }
        Ok(())
    }

    fn set_port(&mut self, value: &OsStr) -> Option<()> {
        let port = value.to_str()?.parse().ok().filter(|port| *port > 0)?;
        self.port.get_or_insert(port);
        Some(())
    }
}

/// The port in `-o Port=22`, `-oPort=22` or `-o "Port 22"`.
fn port_of(option: &OsStr) -> Option<&str> {
    let (name, value) = option.to_str()?.trim_start().split_at_checked(4)?;
    let is_named = name.eq_ignore_ascii_case("port") && value.starts_with(['=', ' ', '\t']);
    let value = value.trim_start();
    is_named.then(|| value.strip_prefix('=').unwrap_or(value).trim())
}
