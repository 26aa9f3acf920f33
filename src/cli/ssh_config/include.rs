//! The line of `~/.ssh/config` that includes our file: added once, at the top, where it wins.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::file::{OwnFile, no_wait, replace, resolved, shown};
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure};
use crate::model::Untrusted;

/// Most bytes of a configuration of somebody's.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Add the line after a yes.
pub(super) fn include(invocation: &Invocation, file: &OwnFile, yes: bool) -> Result<Exit, Failure> {
    let text = &invocation.text;
    let home = invocation.directories.home.clone().ok_or_else(|| invocation.failure("no-home", Exit::Failed, &[]))?;
    let config = home.join(".ssh/config");
    let failed = |error: &io::Error| {
        let cause = Untrusted::from(error.to_string()).shown_in(200);
        invocation.failure("ssh-config-not-written", Exit::Failed, &[("path", shown(&config).into()), ("cause", cause.into())])
    };
    let line = line(file.path())
        .ok_or_else(|| invocation.failure("ssh-config-not-included", Exit::Failed, &[("path", shown(file.path()).into())]))?;
    let old = read(&config).map_err(|error| failed(&error))?;
    let values = || [("config", shown(&config).into()), ("line", Untrusted::from(line.trim_end()).shown_in(300).into())];
    if old.as_ref().is_some_and(|(_, old)| is_included(old, file.path(), &home)) {
        invocation.note(&text.say_with("ssh-config-included-already", &values()));
        return Ok(Exit::Done);
    }
    if !yes {
        let answer = invocation.terminal.ask(&text.say_with("ask-ssh-config-include", &values())).unwrap_or_default();
        if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Err(invocation.failure("ssh-config-not-confirmed", Exit::Failed, &[("config", shown(&config).into())]));
        }
    }
    let backup = add(&config, &line, old).map_err(|error| failed(&error))?;
    invocation.note(&text.say_with("ssh-config-included", &values()));
    if let Some(backup) = backup {
        invocation.note(&text.say_with("ssh-config-backup", &[("path", shown(&backup).into())]));
    }
    Ok(Exit::Done)
}

/// The line; none if ssh would read the path as something else: it expands patterns in it.
fn line(path: &Path) -> Option<String> {
    let path = path.to_str()?;
    let is_taken = |letter: char| !letter.is_control() && !"*?[]{}\"\\~%$".contains(letter);
    (path.starts_with('/') && path.chars().all(is_taken)).then(|| format!("Include \"{path}\"\n"))
}

/// Whether a line that counts for every host includes the file already.
fn is_included(config: &[u8], path: &Path, home: &Path) -> bool {
    let text = String::from_utf8_lossy(config);
    let words = |line: &str| line.trim().replace(['=', '"'], " ").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    for words in text.lines().map(words) {
        let Some((keyword, values)) = words.split_first() else { continue };
        if ["host", "match"].iter().any(|word| keyword.eq_ignore_ascii_case(word)) {
            return false;
        }
        let leads_there = |value: &String| {
            let value = value.strip_prefix("~/").map_or_else(|| home.join(".ssh").join(value), |rest| home.join(rest));
            value == path || resolved(&value).is_ok_and(|value| value == path)
        };
        if keyword.eq_ignore_ascii_case("include") && values.iter().any(leads_there) {
            return true;
        }
    }
    false
}

/// The real file behind it and what is in it; none if there is none.
fn read(config: &Path) -> io::Result<Option<(PathBuf, Vec<u8>)>> {
    let real = resolved(config)?;
    let mut file = match File::options().read(true).custom_flags(no_wait()).open(&real) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut content = Vec::new();
    (&mut file).take(MOST_BYTES).read_to_end(&mut content)?;
    Ok(Some((real, content)))
}

/// Put the line before everything else; the copy of what was there before, if there was anything.
fn add(config: &Path, line: &str, old: Option<(PathBuf, Vec<u8>)>) -> io::Result<Option<PathBuf>> {
    let Some((real, old)) = old else {
        if let Some(folder) = config.parent() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        replace(config, line.as_bytes(), 0o600)?;
        return Ok(None);
    };
    let mode = fs::metadata(&real)?.mode() & 0o777;
    let backup = back_up(&real, &old, mode)?;
    replace(&real, &[line.as_bytes(), &old].concat(), mode)?;
    Ok(Some(backup))
}

/// A copy beside it, under a name that nothing has yet.
fn back_up(real: &Path, content: &[u8], mode: u32) -> io::Result<PathBuf> {
    let mut outcome = Err(io::ErrorKind::AlreadyExists.into());
    for number in 0..100 {
        let mut name = real.as_os_str().to_owned();
        name.push(if number == 0 { ".before-ec2dash".to_owned() } else { format!(".before-ec2dash-{number}") });
        let path = PathBuf::from(name);
        match File::options().write(true).create_new(true).mode(mode).open(&path) {
            Ok(mut file) => {
                file.write_all(content)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => outcome = Err(error),
            Err(error) => return Err(error),
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_that_counts_for_every_host_includes_the_file() {
        let (home, path) = (Path::new("/home/jane"), Path::new("/home/jane/.ssh/ec2dash.conf"));
        for text in [
            "Include \"/home/jane/.ssh/ec2dash.conf\"\n",
            "# mine\n\n  include=~/.ssh/ec2dash.conf\nHost x\n",
            "Include other ec2dash.conf\n",
        ] {
            assert!(is_included(text.as_bytes(), path, home), "{text}");
        }
        for text in [
            "",
            "Host x\n  Include ec2dash.conf\n",
            "Match all\nInclude ec2dash.conf\n",
            "#Include ec2dash.conf\n",
            "Include ec2dash\n",
        ] {
            assert!(!is_included(text.as_bytes(), path, home), "{text}");
        }
    }

    #[test]
    fn a_path_that_ssh_would_expand_is_not_included() {
        assert_eq!(line(Path::new("/home/jane/.ssh/my hosts")).as_deref(), Some("Include \"/home/jane/.ssh/my hosts\"\n"));
        for path in ["/a*", "/a[b", "/a\nHost *", "relative", "/a\"b", "/~x", "/a%h", "/${HOME}"] {
            assert_eq!(line(Path::new(path)), None, "{path}");
        }
    }
}
