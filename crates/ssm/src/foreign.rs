//! Text that the far side wrote.

/// Words of an agent, of the service or of a document. They may hold anything a terminal obeys, so this type has no
/// `Display`: pass them through the gate for foreign text before a screen sees them, and never into a command line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign(String);

impl Foreign {
    /// Mark `text` as foreign.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words as they came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words as they came.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
