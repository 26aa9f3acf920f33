//! A command of the user's own that is to be run.

use std::ffi::OsString;

use crate::model::Place;

/// A command for some instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOrder {
    /// What it is called, fit for a screen.
    pub name: String,
    /// Whether it has the terminal.
    pub has_terminal: bool,
    /// Whether it gets the credentials of the place.
    pub with_credentials: bool,
    /// One for each instance.
    pub runs: Vec<OwnRun>,
}

/// The program for one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRun {
    /// The instance by name and id, fit for a screen.
    pub shown: String,
    /// Where the instance is, and with whose credentials it is listed.
    pub place: Place,
    /// The program and its arguments.
    pub arguments: Vec<OsString>,
}

/// How one ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEnd {
    /// The command's name.
    pub name: String,
    /// The instance.
    pub shown: String,
    /// The exit code and the last line of what it said, fit for a screen; or why it did not run.
    pub result: Result<(i32, String), String>,
}
