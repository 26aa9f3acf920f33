//! The name under which a file is written before it has its own.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::Facts;

/// What it ends in.
const END: &[u8] = b".ec2dash-part";
/// What stands in a mark for the state of a source; that of a file begins with a number.
const OF_FOLDER: &[u8] = b"folder";
/// Most bytes of the file's own name in it: a name has 255 at most.
const MOST_OF_NAME: usize = 180;

/// Where the part of a file stands: beside it. Its name tells which file, and which state of the source it is a part of, so that a later
/// copy finds it and goes on only with the same source.
pub fn part(target: &Path, source: &Facts) -> PathBuf {
    let mut name = begin(target.file_name().unwrap_or_default());
    let state = format!("{} {} {}", source.size, source.changed.0, source.changed.1);
    name.extend(hash(state.as_bytes()).bytes());
    name.extend_from_slice(END);
    target.with_file_name(OsString::from_vec(name))
}

/// The same for this run alone: nobody else writes there, whoever copies the same file at the same time.
pub fn of_this_run(part: &Path) -> PathBuf {
    static RUN: LazyLock<String> = LazyLock::new(|| hash(uuid::Uuid::new_v4().as_bytes()));
    let name = part.file_name().unwrap_or_default().as_bytes();
    let own = [name.strip_suffix(END).unwrap_or(name), b"-", RUN.as_bytes(), END].concat();
    part.with_file_name(OsString::from_vec(own))
}

/// The name by which a later copy finds it.
pub fn of_every_run(own: &Path) -> PathBuf {
    let name = own.file_name().unwrap_or_default();
    let bytes = name.as_bytes().strip_suffix(END).unwrap_or_default();
    match bytes.iter().rposition(|byte| *byte == b'-').and_then(|at| bytes.get(..at)).filter(|_| is_of_a_run(name)) {
        Some(begin) => own.with_file_name(OsString::from_vec([begin, END].concat())),
        None => own.to_owned(),
    }
}

/// Whether `name` is such a part, of whichever run and file.
pub fn is_of_a_run(name: &OsStr) -> bool {
    let is_hash = |word: &[u8]| word.len() == 8 && word.iter().all(u8::is_ascii_hexdigit);
    let mut words = name.as_bytes().strip_suffix(END).unwrap_or_default().rsplitn(3, |byte| *byte == b'-');
    let ends = [words.next(), words.next()].map(|word| word.is_some_and(is_hash));
    is_any_part(name) && ends == [true, true] && words.next().is_some()
}

/// Whether `name` is a part of a file called `of`, of whichever state.
pub fn is_part(name: &OsStr, of: &OsStr) -> bool {
    name.as_bytes().starts_with(&begin(of)) && is_any_part(name)
}

/// The name of what marks a folder as not whole yet, in it: a copy of a folder called `of` gives it this name anew.
pub fn mark(of: &OsStr) -> OsString {
    let mut name = begin(of);
    name.extend(hash(OF_FOLDER).bytes());
    name.extend_from_slice(END);
    OsString::from_vec(name)
}

/// Whether `name` is such a mark.
pub fn is_mark(name: &OsStr) -> bool {
    is_any_part(name) && name.as_bytes().ends_with(&[hash(OF_FOLDER).as_bytes(), END].concat())
}

/// Whether `name` is a part of any file.
pub fn is_any_part(name: &OsStr) -> bool {
    name.as_bytes().starts_with(b".") && name.as_bytes().ends_with(END)
}

/// `.NAME.` and what tells a name that is cut from its like.
fn begin(name: &OsStr) -> Vec<u8> {
    let bytes = name.as_bytes();
    let text = name.to_string_lossy();
    // A name that is no text, or cut, is one still.
    let cut = text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(|end| *end <= MOST_OF_NAME).last();
    let kept = text.get(..cut.unwrap_or(0)).unwrap_or_default();
    [b".", kept.as_bytes(), b".", hash(bytes).as_bytes(), b"-"].concat()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Kind;

    fn facts(size: u64, changed: i64) -> Facts {
        Facts { kind: Kind::File, size, mode: 0o644, changed: (changed, 0), accessed: 0, taken: None }
    }

    fn name(target: &str, size: u64, changed: i64) -> OsString {
        part(Path::new(target), &facts(size, changed)).file_name().unwrap().to_owned()
    }

    #[test]
    fn a_part_stands_beside_its_file_and_tells_the_state_of_its_source() {
        assert_eq!(part(Path::new("/a/b"), &facts(1, 2)).parent(), Some(Path::new("/a")));
        assert_eq!(name("/a/b", 1, 2), name("/c/b", 1, 2));
        assert_ne!(name("/a/b", 1, 2), name("/a/b", 1, 3));
        assert_ne!(name("/a/b", 1, 2), name("/a/b", 2, 2));
        assert!(is_part(&name("/a/b", 1, 2), OsStr::new("b")) && !is_part(&name("/a/b", 1, 2), OsStr::new("c")));
        assert!(name("b", 1, 2).to_string_lossy().starts_with(".b."));
    }

    #[test]
    fn a_mark_is_a_part_of_no_file_and_no_part_is_a_mark() {
        let site = mark(OsStr::new("site"));
        assert!(is_mark(&site) && is_any_part(&site) && is_part(&site, OsStr::new("site")));
        assert!(site != mark(OsStr::new("other")) && !is_mark(&name("/a/site", 1, 2)) && !is_mark(OsStr::new("site")));
    }

    #[test]
    fn the_longest_name_has_a_part_of_its_own() {
        let long = |last: &str| format!("{}{last}", "가".repeat(84));
        let (one, other) = (name(&long("aaa"), 1, 2), name(&long("aab"), 1, 2));
        assert!(one.len() <= 255 && one != other, "{one:?}");
        let own = of_this_run(&part(Path::new(&long("aaa")), &facts(1, 2)));
        assert!(own.file_name().unwrap().len() <= 255 && is_part(own.file_name().unwrap(), OsStr::new(&long("aaa"))), "{own:?}");
        assert!(is_of_a_run(own.file_name().unwrap()) && !is_of_a_run(&one) && !is_of_a_run(OsStr::new("a-12345678-12345678")));
        assert_eq!(of_every_run(&own), part(Path::new(&long("aaa")), &facts(1, 2)));
        let odd = part(Path::new(OsStr::from_bytes(&[0xff; 255])), &facts(1, 2));
        assert!(odd.file_name().unwrap().len() <= 255);
    }
}
