//! The key files that the user's ssh_config names, for whatever host, and the names that it has for hosts.
//!
//! No parser of ssh_config: what a line means for which host, OpenSSH knows alone. A name in one is a place to look at, and whether the key
//! there is the right one its public half tells. Asking `ssh -G` would cost a program for each host, and would run every `Match exec`.

use std::collections::{HashSet, VecDeque};
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::model::glob_fits;

/// As much as is read of one file.
const MOST_BYTES: u64 = 256 * 1024;
/// Files that are read, those of `Include` with them, and names that are taken from them.
const MOST_FILES: usize = 64;
const MOST_NAMES: usize = 200;

/// The paths behind `IdentityFile` in `home/.ssh/config` and what it includes, in their order.
pub(super) fn identity_files(home: &Path) -> Vec<PathBuf> {
    let mut named = Vec::new();
    read_lines(
        home,
        |_| true,
        |keyword, values| {
            if keyword.eq_ignore_ascii_case("IdentityFile") {
                named.extend(values.iter().filter_map(|value| expanded(value, home)).filter(|path| path.is_absolute()));
            }
        },
    );
    named.truncate(MOST_NAMES);
    named
}

/// The words behind `Host` in `home/.ssh/config` and what it includes that are no patterns; files whose text is `ours` do not count.
pub fn host_words(home: &Path, ours: impl Fn(&str) -> bool) -> HashSet<String> {
    let mut words = HashSet::new();
    read_lines(
        home,
        |text| !ours(text),
        |keyword, values| {
            if keyword.eq_ignore_ascii_case("Host") {
                words.extend(values.into_iter().filter(|word| !word.contains(['*', '?', '!'])));
            }
        },
    );
    words
}

fn read_lines(home: &Path, counts: impl Fn(&str) -> bool, mut take: impl FnMut(&str, Vec<String>)) {
    let mut waiting = VecDeque::from([home.join(".ssh/config")]);
    let mut read = HashSet::new();
    while let Some(path) = waiting.pop_front() {
        if read.len() >= MOST_FILES || !read.insert(path.clone()) {
            continue;
        }
        let Some(text) = text(&path).filter(|text| counts(text)) else { continue };
        for (keyword, values) in text.lines().filter_map(line) {
            if keyword.eq_ignore_ascii_case("Include") {
                let patterns = values.iter().filter_map(|value| expanded(value, home));
                waiting.extend(patterns.flat_map(|pattern| fitting(&home.join(".ssh").join(pattern))));
            } else {
                take(keyword, values);
            }
        }
    }
}

/// A keyword and its values; `=` may stand between them, and quotes around a value.
fn line(line: &str) -> Option<(&str, Vec<String>)> {
    let line = line.trim();
    let end = line.find(|letter: char| letter.is_whitespace() || letter == '=')?;
    let (keyword, rest) = line.split_at_checked(end)?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    let (mut values, mut value, mut is_quoted, mut has_value) = (Vec::new(), String::new(), false, false);
    for letter in rest.chars() {
        match letter {
            '"' => (is_quoted, has_value) = (!is_quoted, true),
            letter if letter.is_whitespace() && !is_quoted => {
                if std::mem::take(&mut has_value) {
                    values.push(std::mem::take(&mut value));
                }
            }
            letter => {
                has_value = true;
                value.push(letter);
            }
        }
    }
    if has_value {
        values.push(value);
    }
    (!keyword.starts_with('#')).then_some((keyword, values))
}

/// A value as a path; none if it stands for something that only ssh knows.
fn expanded(value: &str, home: &Path) -> Option<PathBuf> {
    let home_text = home.to_str()?;
    let value = match value.strip_prefix("~/") {
        Some(rest) => format!("{home_text}/{rest}"),
        None => value.replace("${HOME}", home_text),
    };
    let (mut path, mut letters) = (String::new(), value.chars());
    while let Some(letter) = letters.next() {
        match (letter, letter == '%') {
            (_, true) => match letters.next()? {
                '%' => path.push('%'),
                'd' => path.push_str(home_text),
                _ => return None,
            },
            (letter, false) => path.push(letter),
        }
    }
    (!path.is_empty() && path != "none" && !path.starts_with('~')).then(|| PathBuf::from(path))
}

/// The files that a pattern fits, whose last part may hold `*` and `?`.
fn fitting(pattern: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (pattern.parent(), pattern.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    if !name.contains(['*', '?']) {
        return vec![pattern.to_owned()];
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(1_000);
    // A file too many is one more place to look at.
    let name = name.replace('?', "*");
    let fits = |path: &PathBuf| path.file_name().and_then(|own| own.to_str()).is_some_and(|own| glob_fits(&name, own));
    let mut fitting: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(fits).collect();
    fitting.sort();
    fitting
}

fn text(path: &Path) -> Option<String> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let is_file = fs::metadata(path).ok()?.is_file();
    let file = is_file.then(|| File::options().read(true).custom_flags(flags).open(path).ok())??;
    let mut bytes = Vec::new();
    (file.metadata().ok()?.is_file()).then(|| file.take(MOST_BYTES).read_to_end(&mut bytes).ok())??;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
