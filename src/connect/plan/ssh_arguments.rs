//! Tells the options in a list of ssh's arguments from the remote command.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::model::Untrusted;

/// Options of OpenSSH that take a value.
const WITH_VALUE: &[u8] = b"BDEFIJLOPQRSWbceilmopw";
/// Options of OpenSSH that take none.
const WITHOUT_VALUE: &[u8] = b"1246AaCfGgKkMNnqsTtVvXxYy";

/// A word that begins like an option and is none of ssh's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ssh has no option {shown}")]
pub struct UnknownSshOption {
    /// The word, fit for a screen.
    pub shown: String,
}

/// The options for ssh, and what follows them: a remote command. So `-N -L 80:x:80` and `uptime` both mean what they mean
/// to ssh behind its destination, although ours stands behind `--`.
pub fn split_ssh_arguments(words: Vec<OsString>) -> Result<(Vec<OsString>, Vec<OsString>), UnknownSshOption> {
    let mut options = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let bytes = word.as_bytes();
        if bytes == b"--" {
            break;
        }
        if !bytes.starts_with(b"-") || bytes == b"-" {
            return Ok((options, [word].into_iter().chain(words).collect()));
        }
        let takes_next = takes_next_word(&word)?;
        options.push(word);
        if takes_next {
            options.extend(words.next());
        }
    }
    Ok((options, words.collect()))
}

/// The same options without `-A` and `-a`, and what the last of them says: ssh obeys them before any `-o`, and would forward the agent that it
/// uses itself, which may be ours.
pub(super) fn without_forwarding(options: &[OsString]) -> (Vec<OsString>, Option<bool>) {
    let mut kept = Vec::new();
    let mut forwards = None;
    let mut words = options.iter();
    while let Some(word) = words.next() {
        let letters = word.as_bytes().get(1..).unwrap_or_default();
        let end = letters.iter().position(|letter| WITH_VALUE.contains(letter)).unwrap_or(letters.len());
        let (flags, rest) = letters.split_at(end);
        forwards = flags.iter().rfind(|flag| matches!(flag, b'A' | b'a')).map(|flag| *flag == b'A').or(forwards);
        let flags: Vec<u8> = flags.iter().copied().filter(|flag| !matches!(flag, b'A' | b'a')).collect();
        if !flags.is_empty() || !rest.is_empty() {
            kept.push(OsString::from_vec([b"-", flags.as_slice(), rest].concat()));
        }
        if rest.len() == 1 {
            kept.extend(words.next().cloned());
        }
    }
    (kept, forwards)
}

/// Options with which OpenSSH opens no shell on a terminal: only forwards, another program's protocol, a subsystem, a question.
const WITHOUT_SHELL: &[u8] = b"fGNnOQsTVW";

/// Whether one of the options keeps ssh from opening a shell on our terminal, or has it run a command instead.
pub(super) fn keep_from_shell(options: &[OsString]) -> bool {
    let mut words = options.iter().map(|word| word.as_bytes());
    while let Some(word) = words.next() {
        let letters = word.get(1..).unwrap_or_default();
        let end = letters.iter().position(|letter| WITH_VALUE.contains(letter)).unwrap_or(letters.len());
        let (flags, rest) = letters.split_at(end);
        let Some((letter, joined)) = rest.split_first() else {
            if flags.iter().any(|flag| WITHOUT_SHELL.contains(flag)) {
                return true;
            }
            continue;
        };
        let value = if joined.is_empty() { words.next().unwrap_or_default() } else { joined };
        let keeps = flags.iter().chain([letter]).any(|flag| WITHOUT_SHELL.contains(flag));
        if keeps || (*letter == b'o' && is_without_shell(value)) {
            return true;
        }
    }
    false
}

/// What a shell has of the settings that decide whether there is one.
const OF_SHELL: [(&str, &[&str]); 5] = [
    ("remotecommand", &["none"]),
    ("sessiontype", &["default"]),
    ("stdinnull", &["no", "false"]),
    ("forkafterauthentication", &["no", "false"]),
    ("requesttty", &["auto", "yes", "true", "force"]),
];

/// Whether a line of ssh_config, such as `RemoteCommand=top`, takes the shell from a login. It is of no account whether ssh obeys another one
/// before it.
pub(in crate::connect) fn is_without_shell(line: &[u8]) -> bool {
    let line = String::from_utf8_lossy(line).to_ascii_lowercase().replace('"', "");
    let is_between = |letter: char| letter == '=' || letter.is_ascii_whitespace();
    let line = line.trim_matches(is_between);
    let (name, value) = line.split_once(is_between).unwrap_or((line, ""));
    let value = value.trim_start_matches(is_between);
    OF_SHELL.iter().any(|(own, values)| *own == name && !values.contains(&value))
}

/// Whether the value of the last option in `-tvL` is the next word: `-L80:x:80` has it already.
fn takes_next_word(word: &OsString) -> Result<bool, UnknownSshOption> {
    let letters = word.as_bytes().get(1..).unwrap_or_default();
    for (at, letter) in letters.iter().enumerate() {
        if WITH_VALUE.contains(letter) {
            return Ok(at + 1 == letters.len());
        }
        if !WITHOUT_VALUE.contains(letter) {
            return Err(UnknownSshOption { shown: Untrusted::from(word.to_string_lossy().as_ref()).shown_in(40) });
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(words: &str) -> Result<(String, String), UnknownSshOption> {
        let joined = |words: Vec<OsString>| words.iter().map(|w| w.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
        split_ssh_arguments(words.split_whitespace().map(OsString::from).collect())
            .map(|(options, command)| (joined(options), joined(command)))
    }

    #[test]
    fn options_end_where_ssh_ends_them() {
        for (words, options, command) in [
            ("", "", ""),
            ("uptime", "", "uptime"),
            ("-N -L 80:x:80", "-N -L 80:x:80", ""),
            ("-A uname -r", "-A", "uname -r"),
            ("-tvL 80:x:80 ls -d x", "-tvL 80:x:80", "ls -d x"),
            ("-L80:x:80 ls", "-L80:x:80", "ls"),
            ("-o LogLevel=DEBUG -- -x", "-o LogLevel=DEBUG", "-x"),
            ("-L", "-L", ""),
        ] {
            assert_eq!(split(words), Ok((options.to_owned(), command.to_owned())), "{words}");
        }
    }

    #[test]
    fn what_is_said_of_forwarding_an_agent_is_taken_out() {
        for (words, kept, forwards) in [
            ("-N -L 80:x:80", "-N -L 80:x:80", None),
            ("-A", "", Some(true)),
            ("-tAv -a", "-tv", Some(false)),
            ("-aNAL A -o A", "-NL A -o A", Some(true)),
            ("-LA -l A -v", "-LA -l A -v", None),
        ] {
            let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
            let kept: Vec<OsString> = kept.split_whitespace().map(OsString::from).collect();
            assert_eq!(without_forwarding(&words), (kept, forwards), "{words:?}");
        }
    }

    #[test]
    fn what_opens_no_shell_is_told_from_what_does() {
        for (words, keeps) in [
            ("", false),
            ("-A -v", false),
            ("-L 80:x:80 -l N", false),
            ("-LN -lT", false),
            ("-N -L 80:x:80", true),
            ("-vN", true),
            ("-tW x:22", true),
            ("-L -N -T", true),
            ("-o LogLevel=DEBUG -o RemoteCommand=none -oSessionType=default", false),
            ("-o RemoteCommand=./migrate.sh", true),
            ("-oRemoteCommand=./migrate.sh", true),
            ("-vo remotecommand=./migrate.sh", true),
            ("-L 80:x:80 -o SessionType=none", true),
            ("-o sessiontype=subsystem", true),
            ("-o StdinNull=yes", true),
            ("-o StdinNull=no", false),
            ("-o ForkAfterAuthentication=yes", true),
            ("-o RequestTTY=no", true),
            ("-o RequestTTY=force", false),
            ("-l oRemoteCommand=x", false),
        ] {
            let words: Vec<OsString> = words.split_whitespace().map(OsString::from).collect();
            assert_eq!(keep_from_shell(&words), keeps, "{words:?}");
        }
        for value in ["RemoteCommand ./migrate.sh", " REMOTECOMMAND\t= ./migrate.sh now", "\"RemoteCommand\" x"] {
            assert!(keep_from_shell(&["-t".into(), "-o".into(), value.into()]), "{value:?}");
        }
    }

    #[test]
    fn what_is_no_option_of_ssh_is_told() {
        assert_eq!(split("--help").unwrap_err().shown, "--help");
        assert_eq!(split("-tz").unwrap_err().shown, "-tz");
    }
}
