//! Programs that AWS files name as the source of credentials, and which of them may run.

use std::collections::BTreeSet;
use std::fmt;

use super::{ProfileName, Untrusted};

/// A program that a profile's credentials come from: its own, or that of a profile it is built on.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialProgram {
    /// The profile whose section names it.
    pub profile: ProfileName,
    /// Its whole line, which may hold a secret: shown to whoever is asked, never logged.
    pub line: Untrusted,
    /// Stands for profile, line and file together, so that a leave for one is no leave for another.
    pub mark: String,
}

impl fmt::Debug for CredentialProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialProgram").field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// Programs that may run without a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedPrograms {
    /// Whatever the files name.
    All,
    /// Those with these marks.
    These(BTreeSet<String>),
}

impl Default for AllowedPrograms {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

impl AllowedPrograms {
    /// Whether every one of these programs may run.
    pub fn cover(&self, programs: &[CredentialProgram]) -> bool {
        match self {
            Self::All => true,
            Self::These(marks) => programs.iter().all(|program| marks.contains(&program.mark)),
        }
    }

    /// The user said yes to these.
    pub fn allow(&mut self, programs: &[CredentialProgram]) {
        if let Self::These(marks) = self {
            marks.extend(programs.iter().map(|program| program.mark.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(mark: &str) -> CredentialProgram {
        CredentialProgram { profile: ProfileName::new("p"), line: "get --secret canary".into(), mark: mark.to_owned() }
    }

    #[test]
    fn a_yes_holds_for_the_very_program_and_all_of_a_chain_need_one() {
        let mut allowed = AllowedPrograms::default();
        assert!(allowed.cover(&[]), "nothing runs");

        allowed.allow(&[program("one")]);

        assert!(allowed.cover(&[program("one")]));
        assert!(!allowed.cover(&[program("one"), program("two")]));
        assert!(AllowedPrograms::All.cover(&[program("two")]));
    }

    #[test]
    fn its_line_is_in_no_log() {
        assert!(!format!("{:?}", program("m")).contains("canary"));
    }
}
