//! The words after `--` of `ec2dash ssh`, told apart: options of ssh, then the remote command.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

/// Options of OpenSSH's `ssh` that take a value (ssh(1), OpenSSH 9.9).
const WITH_VALUE: &[u8] = b"BbcDEeFIiJLlmOopPQRSWw";

/// Options and remote command. Ours stand before the destination and the command after it, so that no word of the user's
/// can be taken for the destination.
pub fn split(words: Vec<OsString>) -> (Vec<OsString>, Vec<OsString>) {
    let mut options = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == "--" {
            return (options, words.collect());
        }
        if !word.as_bytes().starts_with(b"-") || word == "-" {
            return (options, std::iter::once(word).chain(words).collect());
        }
        let wants_more = ends_in_an_open_option(&word);
        options.push(word);
        if wants_more {
            options.extend(words.next());
        }
    }
    (options, Vec::new())
}

/// Whether the value of the last option in a cluster such as `-vL` is the next word.
fn ends_in_an_open_option(cluster: &OsStr) -> bool {
    let mut letters = cluster.as_bytes().iter().skip(1);
    match letters.find(|letter| WITH_VALUE.contains(letter)) {
        Some(_) => letters.next().is_none(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves(words: &[&str]) -> (Vec<OsString>, Vec<OsString>) {
        split(words.iter().map(OsString::from).collect())
    }

    #[test]
    fn options_come_first_with_their_values_and_the_rest_is_the_command() {
        for (words, options) in [
            (vec!["uptime"], 0),
            (vec!["-v", "uptime", "-p"], 1),
            (vec!["-L", "8080:localhost:80", "-N"], 3),
            (vec!["-L8080:localhost:80", "uptime"], 1),
            (vec!["-vNL", "8080:localhost:80", "uptime"], 2),
            (vec!["-o", "LogLevel=DEBUG", "ls", "-l", "/"], 2),
            (vec!["-tt", "top"], 1),
        ] {
            let (before, after) = halves(&words);

            assert_eq!(before, words[..options], "{words:?}");
            assert_eq!(after, words[options..], "{words:?}");
        }
    }

    #[test]
    fn a_double_dash_ends_the_options() {
        assert_eq!(halves(&["-v", "--", "-x"]), (vec!["-v".into()], vec!["-x".into()]));
    }
}
