//! The scripts that add a line to a user's `authorized_keys`, look for it and take it out, and what they answer.
//!
//! Run Command runs them as root, and root becomes the user before anything is read or written: a link in the user's folder leads root nowhere.
//! POSIX's shell, and of programs only what BusyBox has, too.

use strum::{EnumString, IntoStaticStr};

use super::key_line::KeyLine;
use crate::access::Login;
use crate::model::Untrusted;

/// What is done about the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// It is added, unless it is there.
    Add,
    /// It is looked for.
    Look,
    /// It is taken out, and what was made for it goes, too.
    Remove(MadeFor),
}

/// What was made for the line besides itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum MadeFor {
    /// Nothing.
    Line,
    /// The end of the line before it, which had none.
    Newline,
    /// The file.
    File,
    /// The folder and the file.
    Folder,
}

/// What a script has found or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The line was added, or stood there already.
    Added(MadeFor),
    /// Another line lets the same key in.
    WasThere,
    /// The line is there.
    There,
    /// The line is not there, and another one lets the same key in.
    Renamed,
    /// The line is not there.
    Absent,
    /// The line was taken out, or was not there.
    Removed,
    /// Somebody has edited it: as it is now.
    Edited(Untrusted),
    /// Nothing was done.
    Refused(Refusal),
}

/// Why nothing was done on an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub why: RefusalKind,
    /// What it is about: a path, a name, the first words of an error.
    pub about: Untrusted,
}

/// The kinds of refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum RefusalKind {
    /// The system has no such user.
    NoUser,
    /// The user's home is not there, or not the user's to enter.
    NoHome,
    /// sshd reads the keys of users elsewhere.
    Elsewhere,
    /// The file cannot be read, or is none.
    Unreadable,
    /// The user may not write there, or there is no room.
    Unwritable,
    /// Others than the user may write to the home, the folder or the file: sshd believes none of it. Debian's lets the user's own group.
    Open,
    /// The key is there with conditions, and sshd takes the first line of a key.
    Limited,
    /// Something else.
    Other,
}

impl RefusalKind {
    /// The word of the scripts.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

impl Refusal {
    /// Stable and documented; the key of its sentences.
    pub fn code(&self) -> &'static str {
        match self.why {
            RefusalKind::NoUser => "fix-key-no-user",
            RefusalKind::NoHome => "fix-key-no-home",
            RefusalKind::Elsewhere => "fix-key-elsewhere",
            RefusalKind::Unreadable => "fix-key-unreadable",
            RefusalKind::Unwritable => "fix-key-unwritable",
            RefusalKind::Open => "fix-key-open",
            RefusalKind::Limited => "fix-key-limited",
            RefusalKind::Other => "fix-key-failed",
        }
    }
}

/// What root runs, `/bin/sh` being POSIX's.
pub fn script(user: &Login, line: &KeyLine, errand: Errand) -> String {
    let (of_root, of_user, made) = match errand {
        Errand::Add => (include_str!("authorized_keys/where.sh"), include_str!("authorized_keys/add.sh"), MadeFor::Line),
        Errand::Look => ("", include_str!("authorized_keys/look.sh"), MadeFor::Line),
        Errand::Remove(made) => ("", include_str!("authorized_keys/remove.sh"), made),
    };
    let made: &str = made.into();
    let values = format!("key='{}' mark={} made={made}\n", line.public().line(), line.mark());
    let inner = format!("{values}{}{of_user}", include_str!("authorized_keys/read.sh"));
    let become_user = include_str!("authorized_keys/as_user.sh").replace("~USER", &format!("~{user}"));
    format!("user={user}\n{of_root}{become_user}{inner}EC2DASH\n")
}

/// What the last line of a script says; `is_done`: whether it ended with 0. `None`: it says nothing, so it did not come to its end.
pub fn answer(stdout: &str, stderr: &str, is_done: bool) -> Option<Answer> {
    let said = stdout.lines().rev().find_map(|line| line.strip_prefix("ec2dash "));
    let (word, about) = said.map_or(("", ""), |said| said.split_once(' ').unwrap_or((said, "")));
    let answer = match word {
        "added" => Answer::Added(about.parse().ok()?),
        "was-there" => Answer::WasThere,
        "there" => Answer::There,
        "renamed" => Answer::Renamed,
        "absent" => Answer::Absent,
        "removed" => Answer::Removed,
        "edited" => return Some(Answer::Edited(about.into())),
        // Killed on its way, perhaps after it wrote.
        "begun" => return None,
        _ if is_done => return None,
        _ => {
            let why = word.parse().unwrap_or(RefusalKind::Other);
            let about = if why == RefusalKind::Other { stderr.lines().next().unwrap_or_default() } else { about };
            Answer::Refused(Refusal { why, about: about.into() })
        }
    };
    // One word of ours and an exit code that says otherwise is no answer.
    (is_done != matches!(answer, Answer::Refused(_))).then_some(answer)
}

#[cfg(test)]
mod tests;
