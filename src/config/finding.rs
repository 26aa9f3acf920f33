//! Something to say about one place of a configuration file.

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
