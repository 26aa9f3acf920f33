//! Values of the file that are read in several places.

use std::path::{Path, PathBuf};

use super::section::{Quoted, Section};

/// A text as a value of a type that parses; a wrong one is reported under `code`.
pub(super) fn parsed<T: std::str::FromStr>(section: &Section<'_, '_>, quoted: &Quoted<'_>, code: &'static str) -> Option<T> {
    let value = quoted.text.parse().ok();
    if value.is_none() {
        section.notes().object(quoted.span.clone(), code, vec![("value", quoted.shown())]);
    }
    value
}

/// A path: from the root or from home, so that it never depends on where the program is started.
pub(super) fn path(section: &Section<'_, '_>, key: &Quoted<'_>, home: Option<&Path>) -> Option<PathBuf> {
    if key.text.chars().any(char::is_control) {
        section.notes().object(key.span.clone(), "config-not-a-path", vec![("value", key.shown())]);
        return None;
    }
    if let Some(rest) = key.text.strip_prefix("~/") {
        let path = home.map(|home| home.join(rest));
        if path.is_none() {
            section.notes().object(key.span.clone(), "config-no-home", vec![("value", key.shown())]);
        }
        return path;
    }
    let path = PathBuf::from(key.text);
    if path.is_absolute() {
        return Some(path);
    }
    section.notes().object(key.span.clone(), "config-not-a-path", vec![("value", key.shown())]);
    None
}
