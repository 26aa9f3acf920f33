//! Where a file is: on this computer, or on an instance.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

/// Where a file is, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// On this computer.
    Here(PathBuf),
    /// On an instance.
    There {
        /// The TARGET.
        target: String,
        /// The path there; nothing is where the login begins.
        path: PathBuf,
    },
}

impl Spot {
    /// `TARGET:path`, if no `/` stands before the first `:`; else a path here, and so is what begins with `:` (`./a:b` is one, too) or with
    /// a drive (`C:\x`, `C:/x`). An IPv6
    /// address stands in brackets, and the targets that have a `:` themselves (`tag:Role=web`, `ip:10.0.0.1`) go on to the next.
    pub fn parse(word: &OsStr) -> Self {
        let bytes = word.as_bytes();
        match split(bytes).and_then(|(target, path)| Some((std::str::from_utf8(target).ok()?, path))) {
            Some((target, path)) => {
                Self::There { target: target.to_owned(), path: PathBuf::from(OsString::from_vec(path.to_vec())) }
            }
            None => Self::Here(PathBuf::from(word)),
        }
    }

    /// The instance, if it is on one.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Here(_) => None,
            Self::There { target, .. } => Some(target),
        }
    }

    /// The path.
    pub fn path(&self) -> &std::path::Path {
        match self {
            Self::Here(path) | Self::There { path, .. } => path,
        }
    }
}

fn split(word: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(rest) = word.strip_prefix(b"[")
        && let Some(end) = rest.windows(2).position(|pair| pair == b"]:")
        && !rest.get(..end)?.contains(&b'/')
    {
        return Some((rest.get(..end)?, rest.get(end + 2..)?));
    }
    let colon = |from: usize| {
        let rest = word.get(from..)?;
        let at = rest.iter().position(|byte| *byte == b':')?;
        (!rest.get(..at)?.contains(&b'/')).then_some(from + at)
    };
    if matches!(word, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic()) {
        return None;
    }
    let first = colon(0).filter(|at| *at > 0)?;
    let end = match word.get(..first)? {
        b"tag" | b"ip" => colon(first + 1).unwrap_or(first),
        _ => first,
    };
    Some((word.get(..end)?, word.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_ends_at_the_first_colon_that_no_slash_stands_before() {
        for (word, target, path) in [
            ("web-1:/tmp/x", Some("web-1"), "/tmp/x"),
            ("web-1:", Some("web-1"), ""),
            ("web-1:a:b", Some("web-1"), "a:b"),
            ("-:x", Some("-"), "x"),
            ("./a:b", None, "./a:b"),
            ("/a:b", None, "/a:b"),
            ("a/b:c", None, "a/b:c"),
            (":x", None, ":x"),
            (r"C:\Users\x", None, r"C:\Users\x"),
            ("c:/x", None, "c:/x"),
            ("c:x", Some("c"), "x"),
            (r"win-1:C:\Users\x", Some("win-1"), r"C:\Users\x"),
            ("win-1:C:/x", Some("win-1"), "C:/x"),
            ("x", None, "x"),
            ("tag:Role=web:/x", Some("tag:Role=web"), "/x"),
            ("tag:x", Some("tag"), "x"),
            ("ip:10.0.0.1:x", Some("ip:10.0.0.1"), "x"),
            ("[2001:db8::1]:/x", Some("2001:db8::1"), "/x"),
            ("결제-api-1:파일", Some("결제-api-1"), "파일"),
        ] {
            let spot = Spot::parse(OsStr::new(word));
            assert_eq!((spot.target(), spot.path()), (target, std::path::Path::new(path)), "{word}");
        }
    }
}
