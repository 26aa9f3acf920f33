//! Why a configuration file cannot be used.

use std::fmt;
use std::path::PathBuf;

use super::finding::Finding;
use super::parse::Loaded;
use crate::model::Untrusted;
use crate::text::Catalogue;

/// Why a configuration file cannot be used: everything that is wrong with it, in the order of its lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems {
    /// The file.
    pub path: PathBuf,
    /// At least one.
    pub findings: Vec<Finding>,
    /// What could be read all the same; nobody works with it.
    pub read: Box<Loaded>,
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
