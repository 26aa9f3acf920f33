//! What is wrong with a place in the AWS files, told without the line itself: it may hold a secret.

use std::fmt;

use crate::model::Untrusted;
use crate::text::{Catalogue, Value};

/// Most columns of a name in a sentence.
const NAME: usize = 60;

/// Something in the AWS files that is passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Flaw {
    /// The file's path.
    pub file: Untrusted,
    /// The line, counted from one; `None`: the whole file.
    pub line: Option<usize>,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The file cannot be read at all.
    Unreadable(Untrusted),
    /// Neither a section nor a setting.
    NoSetting,
    /// A setting above the first section.
    NoSection,
    /// A section's name without its `]`.
    NoEnd,
    /// A quote in a section's name without its end.
    OpenQuote,
    /// A section without a name.
    NoName,
    /// `[root]` in the config file, where it must be `[profile root]`.
    WordMissing(Untrusted),
    /// `[profile root]` in the credentials file, where it must be `[root]`.
    WordTooMuch(Untrusted),
    /// A name with a space that is not quoted.
    NotQuoted(Untrusted),
    /// An indented line, which belongs to the value above it: a value that has one line only.
    Joined(String),
    /// A command line in which a quote has no end.
    OpenCommand(String),
    /// `[DEFAULT]` gives so much to so many sections that they would not fit into memory.
    TooMuchGiven,
    /// The same section once more: the later settings count, and the AWS CLI takes none of the file.
    Twice(Untrusted),
    /// `[default]` and `[profile default]`: the later one counts, whole.
    TwoDefaults,
    /// It holds a sign-in, and others may read it.
    SeenByOthers,
    /// Nothing can be written there, so that what was got holds for this run alone.
    NotKept {
        /// What it is.
        what: Unkept,
        /// What the system said.
        cause: Untrusted,
    },
    /// A profile and its SSO session say different things.
    Differs {
        /// The setting.
        key: &'static str,
        /// The session.
        session: Untrusted,
        /// What the profile says.
        here: Untrusted,
        /// What the session says.
        there: Untrusted,
    },
}

/// What cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unkept {
    /// The renewed sign-in of this session.
    SignIn(Untrusted),
    /// The credentials of a role, taken with a code.
    Role,
}

impl Flaw {
    /// The sentence that names the place and what is wrong there.
    pub fn said(&self, text: &Catalogue) -> String {
        text.say_with("aws-file-flaw", &self.values())
    }

    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match &self.fault {
            Fault::NotKept { .. } => "not-kept",
            _ => "bad-aws-files",
        }
    }

    /// The values of that sentence.
    pub(super) fn values(&self) -> Vec<(&'static str, Value)> {
        let mut values = vec![("file", self.file.shown_in(200).into()), ("fault", self.fault.word().into())];
        values.push(("has-line", if self.line.is_some() { "yes" } else { "no" }.into()));
        values.extend(self.line.map(|line| ("line", line.to_string().into())));
        match &self.fault {
            Fault::Unreadable(cause) => values.push(("cause", cause.shown_in(200).into())),
            Fault::WordMissing(name) | Fault::WordTooMuch(name) | Fault::NotQuoted(name) => {
                values.push(("name", name.shown_in(NAME).into()));
            }
            Fault::Twice(section) => values.push(("name", section.shown_in(NAME).into())),
            Fault::Joined(key) | Fault::OpenCommand(key) => {
                values.push(("key", Untrusted::from(key.as_str()).shown_in(NAME).into()))
            }
            Fault::Differs { key, session, here, there } => values.extend([
                ("key", Value::from(*key)),
                ("name", session.shown_in(NAME).into()),
                ("here", here.shown_in(NAME).into()),
                ("there", there.shown_in(NAME).into()),
            ]),
            Fault::NotKept { what, cause } => {
                values.push(("cause", cause.shown_in(200).into()));
                if let Unkept::SignIn(session) = what {
                    values.push(("name", session.shown_in(NAME).into()));
                }
            }
            Fault::NoSetting
            | Fault::NoSection
            | Fault::NoEnd
            | Fault::OpenQuote
            | Fault::NoName
            | Fault::TwoDefaults
            | Fault::SeenByOthers
            | Fault::TooMuchGiven => {}
        }
        values
    }
}

impl Fault {
    /// The word by which the catalogue tells them apart.
    fn word(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::NoSetting => "no-setting",
            Self::NoSection => "no-section",
            Self::NoEnd => "no-end",
            Self::OpenQuote => "open-quote",
            Self::NoName => "no-name",
            Self::WordMissing(_) => "word-missing",
            Self::WordTooMuch(_) => "word-too-much",
            Self::NotQuoted(_) => "not-quoted",
            Self::Joined(_) => "joined",
            Self::OpenCommand(_) => "open-command",
            Self::TooMuchGiven => "too-much-given",
            Self::Twice(_) => "twice",
            Self::TwoDefaults => "two-defaults",
            Self::SeenByOthers => "seen-by-others",
            Self::NotKept { what: Unkept::SignIn(_), .. } => "sign-in-not-kept",
            Self::NotKept { what: Unkept::Role, .. } => "role-not-kept",
            Self::Differs { .. } => "differs",
        }
    }
}

/// For logs; a user reads [`Flaw::said`].
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.shown_in(200))?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        write!(f, ": {}", self.fault.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_words_and_says_all_it_knows() {
        let text = Catalogue::english();
        let differs = Fault::Differs { key: "sso_region", session: "corp".into(), here: "x-1".into(), there: "x-2".into() };
        let sign_in = Fault::NotKept { what: Unkept::SignIn("corp".into()), cause: "full".into() };
        let faults: [(Fault, &[&str]); 18] = [
            (Fault::Unreadable("no permission".into()), &["no permission"]),
            (Fault::NoSetting, &["neither"]),
            (Fault::NoSection, &["above"]),
            (Fault::NoEnd, &["]"]),
            (Fault::OpenQuote, &["quote"]),
            (Fault::NoName, &["name"]),
            (Fault::WordMissing("root".into()), &["[root]", "[profile root]"]),
            (Fault::WordTooMuch("root".into()), &["[root]", "[profile root]"]),
            (Fault::NotQuoted("q r".into()), &["[profile \"q r\"]"]),
            (Fault::Joined("region".to_owned()), &["region"]),
            (Fault::OpenCommand("credential_process".to_owned()), &["credential_process", "quote"]),
            (Fault::TooMuchGiven, &["[DEFAULT]"]),
            (Fault::Twice("profile a".into()), &["[profile a]"]),
            (Fault::TwoDefaults, &["[default]", "[profile default]"]),
            (Fault::SeenByOthers, &["others", "chmod 600"]),
            (sign_in, &["corp", "full", "this run"]),
            (Fault::NotKept { what: Unkept::Role, cause: "full".into() }, &["role", "full", "this run"]),
            (differs, &["sso_region", "corp", "x-1", "x-2"]),
        ];
        for (fault, parts) in faults {
            for line in [None, Some(7)] {
                let flaw = Flaw { file: "/home/jane/.aws/config".into(), line, fault: fault.clone() };

                let said = flaw.said(&text);

                assert!(said.starts_with("/home/jane/.aws/config"), "{said}");
                assert_eq!(said.contains("line 7"), line.is_some(), "{said}");
                assert!(parts.iter().all(|part| said.contains(part)) && !said.contains('$'), "{said}");
            }
        }
    }
}
