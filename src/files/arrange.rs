//! Where a copy goes: under its own name into a folder that is there, else under the name that was typed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::part::mark;
use super::{Kind, Trouble};

/// What is at the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination<'a> {
    /// As it was typed.
    pub path: &'a Path,
    /// What is there, links followed; none if nothing is.
    pub kind: Option<Kind>,
    /// Whether several sources go there.
    pub is_for_several: bool,
}

/// Where a source goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The path.
    pub path: PathBuf,
    /// What is in that folder, under this name, until all of it is there: only of a folder that gets a new name, where the destination is
    /// another one as soon as it was made.
    pub mark: Option<OsString>,
}

/// Where a source goes that has `name` for its own, as [`target`] says. `is_begun`: the folder at the destination has the mark of an earlier
/// copy of it, which was going there.
pub fn marked_target(name: Option<&OsStr>, is_folder: bool, to: Destination<'_>, is_begun: bool) -> Result<Target, Trouble> {
    let path = if is_begun { without_slashes(to.path) } else { target(name, is_folder, to)? };
    let is_new = is_folder && !to.is_for_several && (is_begun || to.kind.is_none());
    Ok(Target { path, mark: name.filter(|_| is_new).map(mark) })
}

/// Where a source goes that has `name` for its own; `None`: it has none, as `.` and `/` have, and what is in it goes there.
pub fn target(name: Option<&OsStr>, is_folder: bool, to: Destination<'_>) -> Result<PathBuf, Trouble> {
    let must_be_folder = to.is_for_several || is_written_as_folder(to.path);
    match to.kind {
        Some(Kind::Folder) => Ok(name.map_or_else(|| to.path.to_owned(), |name| to.path.join(name))),
        Some(_) if must_be_folder || is_folder => Err(Trouble::NotFolder),
        None if to.is_for_several => Err(Trouble::Missing),
        // A folder may be named `new/` before it is there.
        None if must_be_folder && !is_folder => Err(Trouble::Missing),
        _ => Ok(without_slashes(to.path)),
    }
}

/// The name that a source has for itself. What is written `x/.` is what is in it, as for cp.
pub fn own_name(source: &Path) -> Option<&OsStr> {
    let bytes = source.as_os_str().as_bytes();
    let is_content = bytes.is_empty() || bytes == b"." || bytes.ends_with(b"/.");
    if is_content { None } else { source.file_name() }
}

/// Whether its own name cannot be told from it: `..`, `x/..`.
pub fn has_hidden_name(source: &Path) -> bool {
    source.as_os_str().as_bytes().ends_with(b"..") && source.file_name().is_none()
}

fn is_written_as_folder(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(b"/")
}

fn without_slashes(path: &Path) -> PathBuf {
    let bytes = path.as_os_str().as_bytes();
    let end = bytes.iter().rposition(|byte| *byte != b'/').map_or(bytes.len().min(1), |last| last + 1);
    OsStr::from_bytes(bytes.get(..end).unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(path: &str, kind: Option<Kind>, is_for_several: bool) -> Destination<'_> {
        Destination { path: Path::new(path), kind, is_for_several }
    }

    #[test]
    fn into_a_folder_by_its_own_name_and_else_by_the_new_one() {
        let place = |source: &str, is_folder, to| target(own_name(Path::new(source)), is_folder, to);
        let (file, folder) = (Some(Kind::File), Some(Kind::Folder));
        for (source, is_folder, to, expected) in [
            ("a/b", false, to("d", folder, false), Ok("d/b")),
            ("a/b", false, to("", folder, false), Ok("b")),
            ("a/b", false, to("d", None, false), Ok("d")),
            ("a/b", false, to("d", file, false), Ok("d")),
            ("a/b", false, to("d/", None, false), Err(Trouble::Missing)),
            ("a/b", false, to("d/", file, false), Err(Trouble::NotFolder)),
            ("a/b", true, to("d/", None, false), Ok("d")),
            ("a/b/", true, to("d", folder, false), Ok("d/b")),
            ("a/b", true, to("d", file, false), Err(Trouble::NotFolder)),
            (".", true, to("d", folder, false), Ok("d")),
            ("a/.", true, to("d", folder, false), Ok("d")),
            ("", true, to("d", None, false), Ok("d")),
            ("a", false, to("d", None, true), Err(Trouble::Missing)),
            ("a", false, to("d", file, true), Err(Trouble::NotFolder)),
            ("a", false, to("d", folder, true), Ok("d/a")),
        ] {
            assert_eq!(place(source, is_folder, to), expected.map(PathBuf::from), "{source} {to:?}");
        }
    }

    #[test]
    fn only_a_folder_that_gets_a_new_name_is_marked_and_goes_there_again() {
        let (file, folder) = (Some(Kind::File), Some(Kind::Folder));
        for (is_folder, to, is_begun, expected) in [
            (true, to("d/", None, false), false, Ok(("d", true))),
            (true, to("d/", folder, false), true, Ok(("d", true))),
            (true, to("d", folder, false), false, Ok(("d/b", false))),
            (true, to("d", folder, true), false, Ok(("d/b", false))),
            (true, to("d", file, false), false, Err(Trouble::NotFolder)),
            (false, to("d", None, false), false, Ok(("d", false))),
        ] {
            let placed = marked_target(Some(OsStr::new("b")), is_folder, to, is_begun);
            let expected = expected.map(|(path, is_marked)| (PathBuf::from(path), is_marked.then(|| mark(OsStr::new("b")))));
            assert_eq!(placed.map(|target| (target.path, target.mark)), expected, "{is_folder} {to:?}");
        }
        // What is in it goes there, whatever is there.
        assert_eq!(marked_target(None, true, to("d", None, false), false).map(|target| target.mark), Ok(None));
    }

    #[test]
    fn what_has_no_name_of_its_own_is_seen() {
        assert!(has_hidden_name(Path::new("..")) && has_hidden_name(Path::new("a/..")));
        assert!(!has_hidden_name(Path::new("a..")) && !has_hidden_name(Path::new("/")));
    }
}
