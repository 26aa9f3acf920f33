//! Paths and names as Windows has them: how its SFTP server is told where a file is, and which names no file there may have.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Component, Path, PathBuf};

/// What no name has in it there. A `\` would lead to another folder, and behind a `:` is another stream of the same file.
const FORBIDDEN: &[u8] = b"\\:*?\"<>|";
/// Names of devices, whatever their extension is and wherever they stand.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// The same with a digit behind them.
const PORTS: [&str; 2] = ["COM", "LPT"];

/// A path as it was typed, as OpenSSH for Windows is told it: `C:\Users\x`, `C:/Users/x` and `/C:/Users/x` are `/C:/Users/x`.
pub fn served_path(typed: &Path) -> PathBuf {
    let mut bytes: Vec<u8> = typed.as_os_str().as_bytes().iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    if is_drive(&bytes) {
        bytes.push(b'/');
    }
    if begins_with_drive(&bytes) {
        bytes.insert(0, b'/');
    }
    PathBuf::from(OsString::from_vec(bytes))
}

/// What its server says of modes is made up: who may do what is in lists there. These are the usual ones of what it is.
pub fn usual_mode(told: u32) -> u32 {
    const KIND: u32 = 0o170_000;
    const FOLDER: u32 = 0o040_000;
    let kind = told & KIND;
    kind | if kind == FOLDER { 0o755 } else { 0o644 }
}

/// Whether something there may be called so: every name of the path but that of its drive.
pub fn may_be_called(path: &Path) -> bool {
    let mut names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    if path.is_absolute() && names.clone().next().is_some_and(|first| is_drive(first.as_bytes())) {
        names.next();
    }
    names.all(is_name)
}

/// The names in one folder that differ by more than the case of their letters: that tells none apart there.
#[derive(Debug, Default)]
pub struct Folded(HashSet<String>);

impl Folded {
    /// Whether this one is new.
    pub fn add(&mut self, name: &OsStr) -> bool {
        self.0.insert(folded(name))
    }

    /// Whether it is among them.
    pub fn has(&self, name: &OsStr) -> bool {
        self.0.contains(&folded(name))
    }
}

fn folded(name: &OsStr) -> String {
    name.to_string_lossy().to_uppercase()
}

fn is_name(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    let is_plain = !bytes.iter().any(|byte| *byte < b' ' || FORBIDDEN.contains(byte));
    // Both are taken off without a word.
    let keeps_its_end = !matches!(bytes.last(), Some(b'.' | b' ') | None);
    is_plain && keeps_its_end && std::str::from_utf8(bytes).is_ok() && !is_device(bytes)
}

fn is_device(name: &[u8]) -> bool {
    let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default().trim_ascii_end();
    let is_port = |port: &str| {
        stem.len() == port.len() + 1
            && stem.get(..port.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(port.as_bytes()))
            && stem.last().is_some_and(u8::is_ascii_digit)
    };
    DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device.as_bytes())) || PORTS.iter().any(|port| is_port(port))
}

/// Whether this is a drive and nothing more: `C:`.
fn is_drive(bytes: &[u8]) -> bool {
    matches!(bytes, [letter, b':'] if letter.is_ascii_alphabetic())
}

/// Whether a whole path begins with its drive. What stands on a drive without a `/` is in the folder that was last open there, and nobody
/// knows which.
fn begins_with_drive(bytes: &[u8]) -> bool {
    matches!(bytes, [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_with_its_drive_behind_a_slash() {
        for (typed, served) in [
            (r"C:\Users\x", "/C:/Users/x"),
            ("C:/Users/x", "/C:/Users/x"),
            ("/C:/Users/x", "/C:/Users/x"),
            ("d:", "/d:/"),
            (r"C:\", "/C:/"),
            (r"notes\a.txt", "notes/a.txt"),
            ("", ""),
            ("~/x", "~/x"),
            ("C:x", "C:x"),
        ] {
            assert_eq!(served_path(Path::new(typed)), Path::new(served), "{typed}");
        }
    }

    #[test]
    fn what_would_be_another_file_there_is_no_name() {
        for path in ["/C:/x/y", "C:/x".trim_start_matches("C:"), "x", "a b/c.d", ".x.ec2dash-part", "가", "console", "com10", "/"]
        {
            assert!(may_be_called(Path::new(path)), "{path}");
        }
        for path in [
            r"..\x",
            r"a\b",
            "a:b",
            "C:x",
            "x/C:",
            "/C:/D:/x",
            "a*",
            "what?",
            "a\"b",
            "a|b",
            "a\nb",
            "x.",
            "x ",
            "nul",
            "NUL.txt",
            "Com1",
            "lpt9.log",
            "aux",
            "nul .x",
            "/C:/con/x",
        ] {
            assert!(!may_be_called(Path::new(path)), "{path}");
        }
        assert!(!may_be_called(Path::new(OsStr::from_bytes(b"\xff"))));
    }

    #[test]
    fn a_mode_tells_what_it_is_and_nothing_more() {
        assert_eq!((usual_mode(0o100_777), usual_mode(0o040_700), usual_mode(0o120_777)), (0o100_644, 0o040_755, 0o120_644));
    }

    #[test]
    fn the_case_of_letters_tells_no_files_apart() {
        let mut names = Folded::default();
        assert!(names.add(OsStr::new("Readme")) && !names.add(OsStr::new("README")) && names.add(OsStr::new("Readme2")));
        assert!(names.has(OsStr::new("readme")) && !names.has(OsStr::new("read")));
    }
}
