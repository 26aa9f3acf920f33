//! Names that another computer tells: which of them a file may have here, and where a link leads.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path};

use super::Trouble;
use crate::model::Untrusted;

/// A name in a folder: it names something in that folder and nowhere else.
pub fn entry_name(name: Vec<u8>) -> Result<OsString, Trouble> {
    let is_one = !matches!(name.as_slice(), b"" | b"." | b"..") && !name.iter().any(|byte| matches!(byte, b'/' | 0));
    if is_one { Ok(OsString::from_vec(name)) } else { Err(Trouble::BadName) }
}

/// A path as it may be shown.
pub fn shown(path: &Path) -> Untrusted {
    let text = path.as_os_str().to_string_lossy();
    if text.is_empty() { ".".into() } else { text.as_ref().into() }
}

/// Whether a link in a folder `depth` levels below the top of what is copied leads out of it.
pub fn leads_out(target: &OsStr, depth: usize) -> bool {
    let mut level = depth;
    for component in Path::new(target).components() {
        match component {
            Component::RootDir | Component::Prefix(_) => return true,
            Component::ParentDir => match level.checked_sub(1) {
                Some(above) => level = above,
                None => return true,
            },
            Component::Normal(_) => level += 1,
            Component::CurDir => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn only_a_name_is_a_name() {
        for name in [&b""[..], b".", b"..", b"a/b", b"/etc", b"../x", b"a\0b"] {
            assert_eq!(entry_name(name.to_vec()), Err(Trouble::BadName), "{name:?}");
        }
        for name in [&b"-rf"[..], b"a\nb", b"\xff\xfe", b"...", b" ", "가".as_bytes(), &[b'x'; 255]] {
            assert_eq!(entry_name(name.to_vec()).unwrap().as_bytes(), name);
        }
    }

    #[test]
    fn a_link_out_of_what_is_copied_is_seen() {
        for (target, depth, leaves) in [
            ("x", 0, false),
            ("../x", 0, true),
            ("../x", 1, false),
            ("a/../../x", 0, true),
            ("a/../x", 0, false),
            ("/etc/passwd", 9, true),
            ("./x", 0, false),
        ] {
            assert_eq!(leads_out(OsStr::new(target), depth), leaves, "{target}");
        }
    }
}
