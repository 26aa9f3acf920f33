//! One call of AWS, as a screen and a shell show it.

use crate::model::ResourceId;
use crate::text::{joined, shell_word};

/// A call: its action, what it is about, and the words of the AWS CLI that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The IAM action.
    pub action: &'static str,
    about: String,
    /// Each as a shell takes it.
    words: Vec<String>,
}

impl Called {
    /// A call of this action, about nothing yet. `line`: the first words of the AWS CLI's, apart by blanks.
    pub(super) fn new(action: &'static str, line: &'static str) -> Self {
        Self { action, about: String::new(), words: line.split(' ').map(str::to_owned).collect() }
    }

    /// What it is about, for a screen.
    pub(super) fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// An option without a value.
    pub(super) fn flag(mut self, option: &'static str) -> Self {
        self.words.push(option.to_owned());
        self
    }

    /// An option and its value.
    pub(super) fn with(self, option: &'static str, value: &str) -> Self {
        self.quoted(option, shell_word(value))
    }

    /// An option and the id of what it is about.
    pub(super) fn of(self, option: &'static str, id: &ResourceId) -> Self {
        self.quoted(option, word(id))
    }

    /// An option and a value that is a word of a shell already.
    pub(super) fn quoted(mut self, option: &'static str, value: String) -> Self {
        self.words.extend([option.to_owned(), value]);
        self
    }

    /// In one line: `ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32`.
    pub fn shown(&self) -> String {
        joined(" ", [self.action, &self.about])
    }

    /// The command line of the AWS CLI, without the place.
    pub fn command(&self) -> String {
        self.words.join(" ")
    }
}

/// An id as a shell takes it: what an earlier call makes stands in a variable of that call's line.
pub(super) fn word(id: &ResourceId) -> String {
    match id.step() {
        Some(step) => format!("\"$step_{step}\""),
        None => shell_word(id.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_one_word_and_what_is_made_first_is_a_variable() {
        let call = Called::new("ec2:X", "aws ec2 x").with("--a", "it's $HOME").of("--b", &ResourceId::of_step(2)).flag("--c");

        assert_eq!(call.command(), r#"aws ec2 x --a 'it'\''s $HOME' --b "$step_2" --c"#);
        assert_eq!(call.about("y").shown(), "ec2:X y");
    }
}
