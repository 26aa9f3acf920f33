//! What a shell tells of files: words, and content with its hash. None of it is believed before it is looked at.

use std::ffi::OsString;

use sha2::{Digest as _, Sha256};

use super::super::facts::of_mode;
use super::super::name::entry_name;
use crate::files::{Facts, Trouble};

/// What stands behind the name of each file: no name has it.
const END: &[u8] = b"//\n";

/// A name in a folder, or what is told instead of one.
pub type Listed = Result<(OsString, Facts), Trouble>;

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// What the script says.
    pub words: Vec<String>,
    /// The content that came before it.
    pub data: Vec<u8>,
}

impl Answer {
    /// What is told of one file, by the first words.
    pub fn facts(&self) -> Result<Facts, Trouble> {
        facts(self.words.iter().map(String::as_str)).ok_or(Trouble::Garbled)
    }

    /// The hash that is told, in hex.
    pub fn hash(&self) -> Result<&str, Trouble> {
        self.words.last().map(String::as_str).filter(|hash| hash.len() == 64).ok_or(Trouble::Garbled)
    }

    /// The content, if it is the one of the hash that is told.
    pub fn content(self) -> Result<Vec<u8>, Trouble> {
        let own = format!("{:x}", Sha256::digest(&self.data));
        if self.hash()? == own { Ok(self.data) } else { Err(Trouble::Garbled) }
    }

    /// A path that a program there wrote in a line.
    pub fn path(self) -> Result<OsString, Trouble> {
        let mut path = self.content()?;
        if path.pop() != Some(b'\n') || path.is_empty() || path.contains(&0) {
            return Err(Trouble::Garbled);
        }
        Ok(std::os::unix::ffi::OsStringExt::from_vec(path))
    }

    /// The names in a folder, all of them or none: what is told without an end is an error.
    pub fn names(self) -> Result<Vec<Listed>, Trouble> {
        let data = self.content()?;
        let mut names = Vec::new();
        let mut rest = data.as_slice();
        while !rest.is_empty() {
            let length = rest.windows(END.len()).position(|window| window == END).ok_or(Trouble::Garbled)?;
            let (line, behind) = rest.split_at(length);
            rest = behind.get(END.len()..).unwrap_or_default();
            let mut words = line.splitn(5, |byte| *byte == b' ');
            let told: Vec<_> = words.by_ref().take(4).filter_map(|word| std::str::from_utf8(word).ok()).collect();
            let facts = facts(told.into_iter()).ok_or(Trouble::Garbled)?;
            let path = words.next().ok_or(Trouble::Garbled)?;
            // The folder itself stands before it, as it was asked for: with a dot behind it.
            let end = path.iter().rposition(|byte| *byte == b'/').ok_or(Trouble::Garbled)?;
            let (folder, name) = (path.get(..end).unwrap_or_default(), path.get(end + 1..).unwrap_or_default());
            if !folder.ends_with(b"/.") {
                return Err(Trouble::Garbled);
            }
            names.push(entry_name(name.to_vec()).map(|name| (name, facts)));
        }
        Ok(names)
    }

    /// What was not removed, and why.
    pub fn kept(self) -> Result<Vec<(OsString, String)>, Trouble> {
        let data = self.content()?;
        let mut words: Vec<_> = data.split(|byte| *byte == 0).collect();
        if words.pop().is_some_and(|last| !last.is_empty()) || words.len() % 2 != 0 {
            return Err(Trouble::Garbled);
        }
        let pair = |pair: &[&[u8]]| {
            let [path, why] = pair else { return None };
            Some((std::os::unix::ffi::OsStringExt::from_vec(path.to_vec()), String::from_utf8_lossy(why).into_owned()))
        };
        Ok(words.chunks(2).filter_map(pair).collect())
    }
}

/// Type and mode in hex, size, and the times of the last change and the last reading: as `stat` writes them.
fn facts<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Facts> {
    let (kind, mode) = of_mode(u32::from_str_radix(words.next()?, 16).ok()?);
    let size = words.next()?.parse().ok()?;
    let changed = words.next()?.parse().ok()?;
    let accessed = words.next()?.parse().ok()?;
    Some(Facts { kind, size, mode, changed: (changed, 0), accessed, taken: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Kind;

    fn told(data: &[u8]) -> Answer {
        Answer { words: vec![format!("{:x}", Sha256::digest(data))], data: data.to_vec() }
    }

    #[test]
    fn names_are_bytes_and_nothing_else_than_names() {
        let listed = b"81a4 5 100 7 ./d/./two\nlines//\n41ed 4096 -1 7 .//./-rf \xff//\na1ff 3 1 1 x/./..//\n";
        let names = told(listed).names().unwrap();
        let of = |at: usize| names[at].clone().map(|(name, facts)| (name.into_encoded_bytes(), facts.kind, facts.size));
        assert_eq!(of(0), Ok((b"two\nlines".to_vec(), Kind::File, 5)));
        assert_eq!(of(1), Ok((b"-rf \xff".to_vec(), Kind::Folder, 4096)));
        assert_eq!((of(2), names.len()), (Err(Trouble::BadName), 3));
        assert!(told(b"").names().unwrap().is_empty());
    }

    #[test]
    fn a_list_that_is_cut_or_is_not_what_was_sent_is_none() {
        let whole = b"81a4 5 100 7 /./one//\n81a4 5 100 7 /./two//\n";
        for end in (1..whole.len()).filter(|end| *end != 22) {
            assert_eq!(told(&whole[..end]).names(), Err(Trouble::Garbled), "{end}");
        }
        let mut other = told(whole);
        other.data.truncate(22);
        assert_eq!(other.names(), Err(Trouble::Garbled));
        assert_eq!(Answer { words: vec![], data: vec![] }.names(), Err(Trouble::Garbled));
        for line in ["zz 5 100 7 /./one//\n", "81a4 5 100 7 one//\n", "81a4 5 100 7 /./../one//\n", "81a4 5 100 7 /one//\n"] {
            assert_eq!(told(line.as_bytes()).names(), Err(Trouble::Garbled), "{line}");
        }
    }

    #[test]
    fn what_was_not_removed_is_told_in_pairs() {
        assert_eq!(told(b"a\nb\0No\0").kept().unwrap(), [("a\nb".into(), "No".to_owned())]);
        assert_eq!(told(b"").kept(), Ok(vec![]));
        assert_eq!(told(b"a\0").kept(), Err(Trouble::Garbled));
    }
}
