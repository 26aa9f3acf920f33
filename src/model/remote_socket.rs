//! A socket in the file system of an instance.

use std::fmt;
use std::str::FromStr;

/// The longest path of a socket on Linux, in bytes (unix(7)).
const LONGEST: usize = 107;

/// The absolute path of a socket in the file system of an instance: letters of ASCII, digits and `/ . _ - + @ , =`. Whatever ssh would
/// expand or read otherwise than as a letter (`%`, `$`, `:`, `\`, blanks) is none of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RemoteSocket(String);

/// A text that is no such path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the absolute path of a socket, such as /var/run/docker.sock")]
pub struct InvalidSocket;

impl FromStr for RemoteSocket {
    type Err = InvalidSocket;

    fn from_str(text: &str) -> Result<Self, InvalidSocket> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+@,=".contains(&byte);
        let is_path = text.starts_with('/') && !text.ends_with('/') && text.len() <= LONGEST && text.bytes().all(is_letter);
        if is_path { Ok(Self(text.to_owned())) } else { Err(InvalidSocket) }
    }
}

impl fmt::Display for RemoteSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_ssh_reads_otherwise_is_in_a_path() {
        for good in ["/var/run/docker.sock", "/run/user/1000/x-y_z@1,a=b+c.sock"] {
            assert_eq!(good.parse::<RemoteSocket>().unwrap().to_string(), good);
        }
        let long = format!("/{}", "x".repeat(LONGEST));
        for wrong in ["", "/", "docker.sock", "/a:b", "/a b", "/a%h", "/a$HOME", "/a\nb", "/a\\b", "/run/", "/é", "/a\"b", &long]
        {
            assert!(wrong.parse::<RemoteSocket>().is_err(), "{wrong}");
        }
    }
}
