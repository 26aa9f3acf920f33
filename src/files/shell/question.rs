//! A question about files as the script there takes it: one line, and behind it what belongs to it.

use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Bytes of content in a line.
const LINE: usize = 768;
/// Bytes of an answer that tells no content.
const FEW: usize = 64 * 1024;

/// Bytes of an answer in words.
const USUAL: usize = 256;

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    text: Vec<u8>,
    expected: usize,
    most: usize,
}

/// How a file is to look: what is none stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Its size.
    pub size: Option<u64>,
    /// Its permissions.
    pub mode: Option<u32>,
    /// When it was last changed, in seconds since 1970.
    pub changed: Option<i64>,
}

impl Question {
    /// About one path.
    pub fn of(what: &str, path: &Path) -> Self {
        Self::new(what, &[], Some(path), None, &[])
    }

    /// About two; of a link the second one is where it leads, byte for byte.
    pub fn of_two(what: &str, path: &Path, other: &Path) -> Self {
        Self::new(what, &[], Some(path), Some(other), &[])
    }

    /// What is in a folder: an answer of at most so many bytes.
    pub fn names(path: &Path, most: usize) -> Self {
        Self { most, expected: most, ..Self::of("list", path) }
    }

    /// A folder is to be made.
    pub fn make_folder(path: &Path, mode: u32) -> Self {
        Self::new("mkdir", &[], Some(path), None, &[format!("{mode:o}")])
    }

    /// A look is to be given.
    pub fn set(path: &Path, look: Look) -> Self {
        let (mode, changed) = (octal(look.mode), number(look.changed));
        Self::new("set", &[], Some(path), None, &[number(look.size), mode, changed])
    }

    /// So many blocks are to be read from this one on.
    pub fn read(path: &Path, block: u64, count: u64, most: usize) -> Self {
        Self { most, expected: most, ..Self::new("read", &[], Some(path), None, &[block.to_string(), count.to_string()]) }
    }

    /// The hash of the first bytes.
    pub fn hash(path: &Path, first: u64) -> Self {
        Self::new("hash", &[], Some(path), None, &[first.to_string()])
    }

    /// Bytes are to be written there, and nothing behind them is to stay.
    pub fn write(path: &Path, at: u64, bytes: &[u8]) -> Self {
        Self::new("write", bytes, Some(path), None, &[at.to_string()])
    }

    /// A whole file is to be written as `part`, and then to have its name.
    pub fn put(part: &Path, to: &Path, bytes: &[u8], look: Look) -> Self {
        Self::new("put", bytes, Some(part), Some(to), &[octal(look.mode), number(look.changed)])
    }

    /// These are to be removed from a folder, each with `d` before it if it is a folder, `f` if not, and a zero behind it.
    pub fn remove(folder: &Path, list: &[u8]) -> Self {
        let most = FEW + list.len() * 32;
        Self { most, expected: most, ..Self::new("remove", list, Some(folder), None, &[]) }
    }

    fn new(what: &str, content: &[u8], path: Option<&Path>, other: Option<&Path>, values: &[String]) -> Self {
        let mut lines = String::new();
        for line in content.chunks(LINE) {
            STANDARD.encode_string(line, &mut lines);
            lines.push('\n');
        }
        let hash = if content.is_empty() { "-".to_owned() } else { format!("{:x}", Sha256::digest(content)) };
        let second = other.map(|other| if what == "link" { raw(other) } else { plain(other) });
        let [path, other] = [path.map(plain), second].map(|word| word.unwrap_or_else(|| "-".to_owned()));
        let line = format!("{what} {} {hash} {path} {other} {}\n", lines.len(), values.join(" "));
        Self { text: [line.into_bytes(), lines.into_bytes()].concat(), expected: USUAL, most: FEW }
    }

    /// What goes there.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Most bytes of data in an answer to it.
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many bytes of an answer are to be expected.
    pub fn expected(&self) -> usize {
        self.expected
    }
}

/// A path without slashes that say nothing: nowhere in it are two of them.
fn plain(path: &Path) -> String {
    let mut bytes = Vec::new();
    for part in path.components() {
        if !(bytes.is_empty() || bytes.ends_with(b"/")) {
            bytes.push(b'/');
        }
        match part {
            Component::RootDir => bytes.push(b'/'),
            part => bytes.extend_from_slice(part.as_os_str().as_bytes()),
        }
    }
    format!(".{}", STANDARD.encode(bytes))
}

fn raw(path: &Path) -> String {
    format!(".{}", STANDARD.encode(path.as_os_str().as_bytes()))
}

fn octal(mode: Option<u32>) -> String {
    mode.map_or_else(|| "-".to_owned(), |mode| format!("{mode:o}"))
}

fn number(number: Option<impl ToString>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(question: &Question) -> String {
        String::from_utf8(question.text().to_vec()).unwrap()
    }

    #[test]
    fn a_question_is_a_line_that_no_name_can_end() {
        let odd = Path::new("/a//b\n-rf; $(x)/./c/");
        assert_eq!(text(&Question::of("facts", odd)), format!("facts 0 - .{} - \n", STANDARD.encode("/a/b\n-rf; $(x)/c")));
        assert_eq!(text(&Question::of("list", Path::new(""))), "list 0 - . - \n");
        assert_eq!(text(&Question::of("list", Path::new("/"))), "list 0 - .Lw== - \n");
        assert_eq!(text(&Question::of_two("link", Path::new("l"), Path::new("../x//"))), "link 0 - .bA== .Li4veC8v \n");
        let look = Look { mode: Some(0o4755), changed: Some(-5), ..Look::default() };
        assert_eq!(text(&Question::set(Path::new("a"), look)), "set 0 - .YQ== - - 4755 -5\n");
    }

    #[test]
    fn content_stands_behind_its_length_and_its_hash() {
        let written = text(&Question::write(Path::new("a"), 7, &[0; 800]));
        let (line, content) = written.split_once('\n').unwrap();
        let words: Vec<_> = line.split(' ').collect();
        assert_eq!((words[1], words[2].len(), words[5]), (content.len().to_string().as_str(), 64, "7"));
        assert!(content.ends_with('\n') && content.lines().all(|line| line.len() <= 1_024));
    }
}
