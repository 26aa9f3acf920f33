//! Under which name the program was started.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The words with `mssh` as ours: by the name that the program was started under, or as the first command behind flags.
/// A `--` keeps our flags out of theirs.
pub fn as_ours(words: Vec<OsString>, takes_value: impl Fn(&OsStr) -> bool) -> Vec<OsString> {
    let is_client = |word: &OsStr| word == "mssh" || word == "msftp";
    let asks_for_help = |word: Option<&OsString>| word.is_some_and(|word| word == "-h" || word == "--help");
    let called = words.first().and_then(|word| Path::new(word).file_name().map(OsStr::to_owned)).unwrap_or_default();
    let at = if is_client(&called) {
        0
    } else {
        let mut at = 1;
        while words.get(at).is_some_and(|word| word.as_bytes().starts_with(b"-") && word != "--") {
            at += if takes_value(&words[at]) { 2 } else { 1 };
        }
        at
    };
    let Some(name) = words.get(at).map(|word| if at == 0 { called } else { word.clone() }).filter(|word| is_client(word)) else {
        return words;
    };
    let own = words[..at].iter().cloned().chain((at == 0).then(|| "ec2dash".into()));
    let fence = (!asks_for_help(words.get(at + 1))).then(|| OsString::from("--"));
    own.chain([name]).chain(fence).chain(words[at + 1..].iter().cloned()).collect()
}
