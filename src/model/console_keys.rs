//! The host keys that an instance printed on its console (docs/instance-connect.md 7.2 and 7.3).

use super::host_key::{Fingerprint, HostKey, KeyKind};

/// What a console tells of the host keys. Only what stands in whole blocks counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsoleKeys {
    /// The keys themselves, in the order of the text.
    pub keys: Vec<HostKey>,
    /// Fingerprints, in the order of the text.
    pub fingerprints: Vec<ToldFingerprint>,
    /// It told different keys at different times (the last count), or keys and fingerprints that do not fit (none count).
    pub is_conflicting: bool,
    /// A block has no end: the text is cut, or still being written.
    pub is_incomplete: bool,
    /// There are no blocks; the fingerprints are those above a login prompt, which are worth less.
    pub are_issue_lines: bool,
}

/// A fingerprint and what its key is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldFingerprint {
    /// SHA-256, or MD5 from an old sshd.
    pub fingerprint: Fingerprint,
    /// What the key is made with.
    pub kind: KeyKind,
}

const BEGIN: &str = "-----BEGIN SSH HOST KEY ";
const END: &str = "-----END SSH HOST KEY ";
const ISSUE: &str = "SSH host key: ";

impl ConsoleKeys {
    /// What the text of `GetConsoleOutput` tells, decoded from base64.
    pub fn read(output: &[u8]) -> Self {
        let text = plain(&String::from_utf8_lossy(output));
        let Blocks { fingerprints, keys, is_incomplete } = Blocks::of(&text);
        let is_conflicting = has_changed(&fingerprints) || has_changed(&keys);
        let are_issue_lines = fingerprints.is_empty() && keys.is_empty() && !is_incomplete;
        let last_keys = keys.last().cloned().unwrap_or_default();
        let last_fingerprints = fingerprints.last().cloned().unwrap_or_default();
        let is_told = |key: &HostKey| last_fingerprints.iter().any(|told| key.has(&told.fingerprint));
        if !last_fingerprints.is_empty() && !last_keys.iter().all(is_told) {
            return Self { is_conflicting: true, is_incomplete, ..Self::default() };
        }
        let found =
            Self { keys: last_keys, fingerprints: last_fingerprints, is_conflicting, is_incomplete, are_issue_lines: false };
        if are_issue_lines { of_issue_lines(&text) } else { found }
    }
}

/// The whole blocks of a text, oldest first.
#[derive(Default)]
struct Blocks {
    fingerprints: Vec<Vec<ToldFingerprint>>,
    keys: Vec<Vec<HostKey>>,
    is_incomplete: bool,
}

/// The block that a line stands in.
enum Open {
    Nothing,
    Fingerprints(Vec<ToldFingerprint>),
    Keys(Vec<HostKey>),
}

impl Blocks {
    fn of(text: &str) -> Self {
        let mut blocks = Self::default();
        let mut open = Open::Nothing;
        for line in text.lines() {
            let opens = match marked(line, BEGIN) {
                Some("FINGERPRINTS") => Some(Open::Fingerprints(Vec::new())),
                Some("KEYS") => Some(Open::Keys(Vec::new())),
                _ => None,
            };
            if let Some(opens) = opens {
                blocks.is_incomplete |= !matches!(open, Open::Nothing);
                open = opens;
                continue;
            }
            open = match (open, marked(line, END)) {
                (Open::Fingerprints(found), Some("FINGERPRINTS")) => {
                    blocks.fingerprints.extend((!found.is_empty()).then_some(found));
                    Open::Nothing
                }
                (Open::Keys(found), Some("KEYS")) => {
                    blocks.keys.extend((!found.is_empty()).then_some(found));
                    Open::Nothing
                }
                (Open::Fingerprints(mut found), _) => {
                    found.extend(fingerprint(line).filter(|told| !found.contains(told)));
                    Open::Fingerprints(found)
                }
                (Open::Keys(mut found), _) => {
                    found.extend(key(line).filter(|key| !found.contains(key)));
                    Open::Keys(found)
                }
                (Open::Nothing, _) => Open::Nothing,
            };
        }
        blocks.is_incomplete |= !matches!(open, Open::Nothing);
        blocks
    }
}

/// `KEYS` of a line with `-----BEGIN SSH HOST KEY KEYS-----` in it, and whatever else.
fn marked<'l>(line: &'l str, mark: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(mark)?;
    Some(rest.split_once("-----")?.0)
}

/// Whether something else was told before.
fn has_changed<T: PartialEq>(blocks: &[Vec<T>]) -> bool {
    let is_same = |one: &Vec<T>, other: &Vec<T>| one.len() == other.len() && one.iter().all(|item| other.contains(item));
    blocks.last().is_some_and(|last| blocks.iter().any(|block| !is_same(block, last)))
}

/// `256 SHA256:… root@ip-10-0-1-25 (ED25519)`, behind whatever logger(1) puts before it.
fn fingerprint(line: &str) -> Option<ToldFingerprint> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let is_size = |word: &str| {
        let size = word.rsplit(':').next().unwrap_or_default();
        (3..=5).contains(&size.len()) && size.bytes().all(|digit| digit.is_ascii_digit())
    };
    words.windows(2).enumerate().find_map(|(at, pair)| {
        let [size, hash] = pair else { return None };
        let fingerprint = Fingerprint::read(hash).filter(|_| is_size(size))?;
        Some(ToldFingerprint { fingerprint, kind: words.iter().skip(at + 2).find_map(|word| kind(word))? })
    })
}

/// `(ED25519)`.
fn kind(word: &str) -> Option<KeyKind> {
    KeyKind::named(word.strip_prefix('(')?.strip_suffix(')')?)
}

/// `ssh-ed25519 AAAA… root@ip-10-0-1-25`, behind whatever logger(1) puts before it.
fn key(line: &str) -> Option<HostKey> {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    words.windows(2).find_map(|pair| HostKey::of(pair.first()?, pair.get(1)?))
}

/// `SSH host key: SHA256:… (ED25519)`, as CoreOS prints above its login prompt at every boot.
fn of_issue_lines(text: &str) -> ConsoleKeys {
    let mut told = ConsoleKeys::default();
    for line in text.lines() {
        let Some((_, rest)) = line.split_once(ISSUE) else { continue };
        let mut words = rest.split_ascii_whitespace();
        let fingerprint = words.next().and_then(Fingerprint::read);
        let (Some(fingerprint), Some(kind)) = (fingerprint, words.next().and_then(kind)) else { continue };
        let now = ToldFingerprint { fingerprint, kind };
        match told.fingerprints.iter_mut().find(|earlier| earlier.kind == kind) {
            Some(earlier) if *earlier == now => {}
            Some(earlier) => {
                told.is_conflicting = true;
                *earlier = now;
            }
            None => told.fingerprints.push(now),
        }
    }
    told.are_issue_lines = !told.fingerprints.is_empty();
    told
}

/// The text without carriage returns and escape sequences (ECMA-48: CSI, OSC, and those of one letter).
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {}
            '\x1b' => match chars.next() {
                Some('[') => while chars.next_if(|c| !('\x40'..='\x7e').contains(c) && *c != '\n').is_some() {},
                Some(']') => while chars.next_if(|c| !matches!(c, '\x07' | '\x1b' | '\n')).is_some() {},
                Some('\n') => plain.push('\n'),
                _ => continue,
            },
            other => plain.push(other),
        }
        if c == '\x1b' {
            // What ends the sequence belongs to it; a line end does not, and an escape begins the next.
            chars.next_if(|c| !matches!(c, '\n' | '\x1b'));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::*;

    fn vectors() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/console"))
    }

    fn strings(value: &Value) -> Vec<String> {
        value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_vector_tells_what_is_expected() {
        let all: Value = serde_json::from_slice(&std::fs::read(vectors().join("expected.json")).unwrap()).unwrap();
        let cases = all["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 18);
        for case in cases {
            let (file, expect) = (case["file"].as_str().unwrap(), &case["expect"]);

            let told = ConsoleKeys::read(&std::fs::read(vectors().join(file)).unwrap());

            let of = |is_md5: bool| -> Vec<String> {
                let all = told.fingerprints.iter().map(|told| told.fingerprint);
                all.filter(|told| matches!(told, Fingerprint::Md5(_)) == is_md5).map(|told| told.to_string()).collect()
            };
            let md5: Vec<String> = strings(&expect["fingerprints_md5"]).iter().map(|hex| format!("MD5:{hex}")).collect();
            assert_eq!((of(false), of(true)), (strings(&expect["fingerprints_sha256"]), md5), "{file}");
            let keys: Vec<String> = told.keys.iter().map(HostKey::line).collect();
            assert_eq!(keys, strings(&expect["keys"]), "{file}");
            let flag = |name: &str| expect[name].as_bool().unwrap_or_default();
            assert_eq!((told.is_conflicting, told.is_incomplete), (flag("conflict"), flag("incomplete")), "{file}");
            assert_eq!(told.are_issue_lines, expect["source"] == "issue-lines", "{file}");
        }
    }

    fn told(text: &str) -> ConsoleKeys {
        ConsoleKeys::read(text.as_bytes())
    }

    const FINGERPRINT: &str = "256 SHA256:qNfWitDRsfy1R5QwcbOKqg60amZ8T3HZWIoLt0zC7X4 no comment (ED25519)";
    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";

    #[test]
    fn a_cut_block_does_not_borrow_the_end_of_a_later_one() {
        let begin = "-----BEGIN SSH HOST KEY FINGERPRINTS-----";
        let end = "-----END SSH HOST KEY FINGERPRINTS-----";
        let other = FINGERPRINT.replace("qNfW", "AAAA");

        let found = told(&format!("{begin}\n{other}\nboot\n{begin}\n{FINGERPRINT}\n{end}\n"));

        assert_eq!((found.fingerprints.len(), found.is_incomplete, found.is_conflicting), (1, true, false));
        assert_eq!(found.fingerprints[0].fingerprint.to_string(), FINGERPRINT.split(' ').nth(1).unwrap());
    }

    #[test]
    fn nothing_is_taken_from_outside_the_blocks() {
        let found = told(&format!("The key fingerprint is:\n{FINGERPRINT}\n{KEY}\n-----END SSH HOST KEY KEYS-----\n"));

        assert_eq!(found, ConsoleKeys::default());
    }

    #[test]
    fn escape_sequences_do_not_hide_a_line() {
        let text = format!(
            "\x1b[1;32m-----BEGIN SSH HOST KEY KEYS-----\x1b[0m\r\n\x1b]0;title\x07\x1bc\x1b[2J{KEY}\x1b[\n-----END SSH HOST KEY KEYS-----\x1b"
        );

        assert_eq!(told(&text).keys.len(), 1, "{:?}", plain(&text));
    }
}
