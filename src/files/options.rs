//! How files are copied.

/// What was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Folders, with what is in them.
    pub is_recursive: bool,
    /// All modes and times as they are.
    pub keeps: bool,
    /// What has the content already is not copied again.
    pub compares_content: bool,
    /// Go on where an earlier copy of the same source was interrupted.
    pub resumes: bool,
}
