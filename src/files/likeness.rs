//! Whether a copy has to be made anew, by what is known of both without reading them.

use super::{Facts, Kind};

/// What can be said of two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same.
    Same,
    /// Not the same.
    Other,
    /// Only their content can tell.
    Unknown,
}

/// What is said of a source and of what has its name: size and time decide, in seconds, as SFTP has them; or size and content.
pub fn likeness(source: &Facts, there: &Facts, by_content: bool) -> Likeness {
    match () {
        () if there.kind != Kind::File || source.size != there.size => Likeness::Other,
        () if by_content => Likeness::Unknown,
        () if source.changed.0 == there.changed.0 => Likeness::Same,
        () => Likeness::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(kind: Kind, size: u64, changed: i64) -> Facts {
        Facts { kind, size, mode: 0o644, changed: (changed, 7), accessed: 0, taken: None }
    }

    #[test]
    fn size_and_time_decide_or_the_content() {
        let source = facts(Kind::File, 5, 100);
        for (there, by_time, by_content) in [
            (facts(Kind::File, 5, 100), Likeness::Same, Likeness::Unknown),
            (facts(Kind::File, 5, 101), Likeness::Other, Likeness::Unknown),
            (facts(Kind::File, 6, 100), Likeness::Other, Likeness::Other),
            (facts(Kind::Link, 5, 100), Likeness::Other, Likeness::Other),
        ] {
            assert_eq!((likeness(&source, &there, false), likeness(&source, &there, true)), (by_time, by_content), "{there:?}");
        }
        // Of a time SFTP tells whole seconds.
        assert_eq!(likeness(&source, &Facts { changed: (100, 0), ..source }, false), Likeness::Same);
    }
}
