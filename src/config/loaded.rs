//! What a configuration file says, or why it cannot be used.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::finding::Finding;
use super::settings::Settings;
use crate::model::Untrusted;
use crate::text::Catalogue;

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The settings; the default for each thing the file does not set.
    pub settings: Settings,
    /// What is odd and not wrong, in the order of the lines.
    pub warnings: Vec<Finding>,
    /// Line and column of each command under `[keys]`.
    pub key_positions: BTreeMap<String, (usize, usize)>,
    /// What is wrong with the file of the user's own theme.
    pub theme_problems: Option<Problems>,
}

/// Why a file's text cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// What is wrong, and what is odd besides, in the order of the lines.
    pub findings: Vec<Finding>,
    /// What could be read all the same: nobody works with it, but its keys can be looked at.
    pub read: Loaded,
}

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
