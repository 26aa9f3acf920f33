//! Why a configuration file cannot be used.

use std::fmt;
use std::path::PathBuf;

use super::finding::Finding;
use super::parse::Loaded;

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

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be used ({} problems)", self.path.display(), self.findings.len())
    }
}

impl std::error::Error for Problems {}
