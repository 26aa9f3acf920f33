//! Something to say about one place of a configuration file.

use std::fmt;
use std::path::PathBuf;

use crate::model::Untrusted;
use crate::text::{Catalogue, Value};

/// A warning or a problem: where, and what as a key of the catalogue with its values (fit for a screen).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Line from 1; 0 is the file as a whole.
    pub line: usize,
    /// Column from 1, in characters; 0 is the file as a whole.
    pub column: usize,
    /// Key of the catalogue.
    pub code: &'static str,
    /// Values for the sentence, fit for a screen.
    pub values: Vec<(&'static str, String)>,
}

impl Finding {
    /// A finding about the file as a whole.
    pub fn of_file(code: &'static str, values: Vec<(&'static str, String)>) -> Self {
        Self { line: 0, column: 0, code, values }
    }

    /// The sentence without the place: `unknown method "ssn". Did you mean "ssm"?`
    pub fn text(&self, text: &Catalogue) -> String {
        let values: Vec<(&'static str, Value)> = self.values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
        text.say_with(self.code, &values)
    }

    /// The sentence with its place: `line 23, column 10: unknown method "ssn". Did you mean "ssm"?`
    pub fn located(&self, text: &Catalogue) -> String {
        if self.line == 0 {
            return self.text(text);
        }
        let values = [
            ("line", self.line.to_string().into()),
            ("column", self.column.to_string().into()),
            ("text", self.text(text).into()),
        ];
        text.say_with("config-located", &values)
    }
}

/// Why a configuration file cannot be used: everything that is wrong with it, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file.
    pub path: PathBuf,
    /// At least one.
    pub findings: Vec<Finding>,
}

impl Problems {
    /// Each with its file and its place.
    pub fn lines(&self, text: &Catalogue) -> Vec<String> {
        let path = Untrusted::from(self.path.to_string_lossy().into_owned()).shown_in(200);
        self.findings.iter().map(|finding| format!("{path}: {}", finding.located(text))).collect()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be used ({} problems)", self.path.display(), self.findings.len())
    }
}

impl std::error::Error for Problems {}
