//! What tar complained of, line by line: which file it is about, and whether that file's content can be trusted.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, PathBuf};

use crate::files::Trouble;
use crate::model::Untrusted;

/// One line of tar's.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The file, if the line names one.
    pub path: Option<PathBuf>,
    /// What is the matter.
    pub trouble: Trouble,
}

/// What is to be told of these lines. A socket is no file, and that tar failed is told by what it failed at.
pub fn complaints(words: &Untrusted) -> Vec<Complaint> {
    let lines = words.raw().lines().map(str::trim).filter(|line| !line.is_empty());
    let of_files = lines.filter(|line| !line.ends_with("socket ignored") && !line.contains("due to previous errors"));
    of_files.map(complaint).collect()
}

fn complaint(line: &str) -> Complaint {
    let line = line.strip_prefix("tar: ").unwrap_or(line);
    let path = first_part(line).map(unescaped);
    let has_changed = ["changed as we read it", "shrank by", "removed before we read it", "short read", "Read error at byte"];
    let trouble =
        if has_changed.iter().any(|words| line.contains(words)) { Trouble::Changed } else { Trouble::complained(&line.into()) };
    let path = path.and_then(|path| path.strip_prefix("./").ok().map(PathBuf::from));
    Complaint { path: path.filter(|path| path.components().all(|part| matches!(part, Component::Normal(_)))), trouble }
}

/// What stands before the first `: ` that is not part of a name, where tar has a backslash before it.
fn first_part(line: &str) -> Option<&str> {
    let ends = line.match_indices(": ").map(|(at, _)| at);
    ends.filter_map(|at| line.get(..at)).find(|part| !part.ends_with('\\'))
}

/// tar writes what is no letter as in C.
fn unescaped(word: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let octal = rest.get(..3).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        if let Some(byte) = octal {
            bytes.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else if let Some((letter, behind)) = rest.split_first() {
            bytes.push(match letter {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'v' => 11,
                other => *other,
            });
            rest = behind;
        }
    }
    OsString::from_vec(bytes).into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    fn of(words: &str) -> Vec<(Option<PathBuf>, Trouble)> {
        complaints(&words.into()).into_iter().map(|complaint| (complaint.path, complaint.trouble)).collect()
    }

    #[test]
    fn a_line_tells_its_file_and_what_is_the_matter() {
        let told = of("tar: ./a/secret: Cannot open: Permission denied\ntar: ./log: file changed as we read it\n\
                       tar: ./s: socket ignored\ntar: ./two\\nlines: File shrank by 5 bytes; padding with zeros\n\
                       tar: Exiting with failure status due to previous errors\n");
        let path = |path: &str| Some(PathBuf::from(path));
        assert_eq!(
            told,
            [(path("a/secret"), Trouble::Denied), (path("log"), Trouble::Changed), (path("two\nlines"), Trouble::Changed)]
        );
        assert_eq!(of("tar: ./a\\: b: File shrank by 5 bytes; padding with zeros"), [(path("a: b"), Trouble::Changed)]);
        assert_eq!(of("tar: ./f: Read error at byte 0, while reading 4096 bytes"), [(path("f"), Trouble::Changed)]);
        assert_eq!(of("tar: .: file changed as we read it"), [(path(""), Trouble::Changed)]);
        for out in ["./../../victim", "./a/../../victim", "/victim"] {
            assert_eq!(of(&format!("tar: {out}: file changed as we read it")), [(None, Trouble::Changed)], "{out}");
        }
        assert_eq!(of("tar: write error"), [(None, Trouble::Refused("write error".into()))]);
    }

    #[test]
    fn a_name_is_what_it_was_before_tar_wrote_it() {
        assert_eq!(unescaped("./\\355\\225\\234\\\\x\\t").as_os_str().as_bytes(), "./한\\x\t".as_bytes());
        assert_eq!(unescaped("a\\").as_os_str().as_bytes(), b"a");
    }
}
