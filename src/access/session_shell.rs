//! What runs in a shell of Session Manager.

use std::fmt;
use std::str::FromStr;

/// Longest command line, in bytes.
const LONGEST: usize = 1_000;

/// What runs in a shell of Session Manager.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SessionShell {
    /// What the account has set for all, else `sh`.
    #[default]
    Account,
    /// This command line, which the agent gives to its own shell.
    Command(ShellCommand),
}

/// A command line: one line of printable text, which only ever comes from its user's settings and flags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellCommand(String);

impl ShellCommand {
    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SessionShell {
    /// The command line, where one was chosen.
    pub fn command(&self) -> Option<&ShellCommand> {
        match self {
            Self::Account => None,
            Self::Command(command) => Some(command),
        }
    }
}

impl fmt::Display for SessionShell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.command().map_or("auto", ShellCommand::as_str))
    }
}

/// A text that is no command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("auto, or one line such as: bash -l")]
pub struct NoShell;

impl FromStr for SessionShell {
    type Err = NoShell;

    fn from_str(text: &str) -> Result<Self, NoShell> {
        let line = text.trim();
        if line == "auto" {
            return Ok(Self::Account);
        }
        if line.is_empty() || line.len() > LONGEST || line.chars().any(char::is_control) {
            return Err(NoShell);
        }
        Ok(Self::Command(ShellCommand(line.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_a_shell_and_nothing_else() {
        let long = "x".repeat(LONGEST + 1);
        for (text, expected) in [
            ("auto", Ok("auto")),
            (" bash -l ", Ok("bash -l")),
            ("sudo -u app -i", Ok("sudo -u app -i")),
            ("", Err(NoShell)),
            ("bash\nrm -r x", Err(NoShell)),
            ("bash\u{1b}[2J", Err(NoShell)),
            (&long, Err(NoShell)),
        ] {
            let shell: Result<SessionShell, NoShell> = text.parse();
            assert_eq!(shell.map(|shell| shell.to_string()), expected.map(str::to_owned), "{text:?}");
        }
    }
}
