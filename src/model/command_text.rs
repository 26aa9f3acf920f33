//! What a command said.

use super::Untrusted;

/// One stream of a command: foreign text of up to 24,000 characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandText {
    /// The text.
    pub text: Untrusted,
    /// Whether AWS kept only the beginning.
    pub is_cut: bool,
}
