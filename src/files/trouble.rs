//! What keeps a file from being copied, told apart by what can be done about it.

use std::io;

use crate::model::Untrusted;
use crate::text::Catalogue;

/// Why something about a file failed, here or there. The `#[error]` text is for logs; a user reads [`Trouble::words`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no such file.
    #[error("no such file or directory")]
    Missing,
    /// The system does not let us.
    #[error("permission denied")]
    Denied,
    /// There is no room.
    #[error("no space left on device")]
    Full,
    /// The connection is gone.
    #[error("the connection is lost")]
    Lost,
    /// What answers does not speak SFTP.
    #[error("the other side does not speak SFTP")]
    NotSftp,
    /// The server cannot do it.
    #[error("the server cannot do this")]
    Unsupported,
    /// The server says no, in its words.
    #[error("{0:?}")]
    Refused(Untrusted),
    /// This computer says no, in its words.
    #[error("{0}")]
    System(String),
    /// The file is not what it was when it was begun.
    #[error("it changed while it was read")]
    Changed,
    /// Another copy of it to the same place has taken the part in which it was written.
    #[error("another copy of it is under way")]
    Rival,
    /// It is a folder, and a file is meant.
    #[error("it is a folder")]
    IsFolder,
    /// It is a folder, and folders were not asked for.
    #[error("it is a folder, which was not asked for")]
    NotRecursive,
    /// A folder is in the place of a file, or of a link, and only `--delete` removes it.
    #[error("a folder is in its place")]
    FolderInPlace,
    /// Something that is no folder is in the place of one, and only `--delete` removes it.
    #[error("a file is in its place")]
    FileInPlace,
    /// A folder is needed there.
    #[error("it is not a folder")]
    NotFolder,
    /// What has the name is no regular file.
    #[error("it is not a regular file")]
    NotRegular,
    /// No file may have this name.
    #[error("not a file name")]
    BadName,
    /// Windows has no such name, or takes it for another one.
    #[error("not a file name on Windows")]
    NotOnWindows,
    /// The name differs from another one of the folder by the case of its letters alone.
    #[error("the same name in other letters")]
    SameName,
    /// Folders in folders without an end.
    #[error("too many folders in folders")]
    TooDeep,
    /// A folder would be copied into itself.
    #[error("it lies in itself")]
    IntoItself,
    /// What arrived has another hash than what was sent, or is no stream of files.
    #[error("what arrived is not what was sent")]
    Garbled,
}

impl Trouble {
    /// What a program there complained of, told apart by the words that its system has for it in every program.
    pub fn complained(words: &Untrusted) -> Self {
        let known = [
            ("No space left", Self::Full),
            // What tar says when a write was cut short.
            ("Wrote only", Self::Full),
            ("Permission denied", Self::Denied),
            ("No such file", Self::Missing),
            ("Is a directory", Self::IsFolder),
            ("Not a directory", Self::NotFolder),
            ("Not a regular file", Self::NotRegular),
        ];
        let found = known.into_iter().find(|(word, _)| words.raw().contains(word));
        found.map_or_else(|| Self::Refused(words.clone()), |(_, trouble)| trouble)
    }

    /// In words: those of the system, where it has some.
    pub fn words(&self, text: &Catalogue) -> String {
        match self {
            // What scp, cp and sftp say: to be found on the web and in scripts.
            Self::Missing | Self::Denied | Self::Full => self.to_string(),
            Self::System(words) => Untrusted::from(words.as_str()).shown_in(200),
            Self::Refused(words) => words.shown_in(200),
            Self::Lost => text.say("files-lost"),
            Self::NotSftp => text.say("files-not-sftp"),
            Self::Unsupported => text.say("files-unsupported"),
            Self::Changed => text.say("files-changed"),
            Self::Rival => text.say("files-rival"),
            Self::IsFolder => text.say("files-is-folder"),
            Self::NotRecursive => text.say("files-not-recursive"),
            Self::FolderInPlace => text.say("files-folder-in-place"),
            Self::FileInPlace => text.say("files-file-in-place"),
            Self::NotFolder => text.say("files-not-folder"),
            Self::NotRegular => text.say("files-not-regular"),
            Self::BadName => text.say("files-bad-name"),
            Self::NotOnWindows => text.say("files-not-on-windows"),
            Self::SameName => text.say("files-same-name"),
            Self::TooDeep => text.say("files-too-deep"),
            Self::IntoItself => text.say("files-into-itself"),
            Self::Garbled => text.say("files-garbled"),
        }
    }

    /// Whether nothing more can be asked of the other side.
    pub fn is_the_connection(&self) -> bool {
        matches!(self, Self::Lost | Self::NotSftp)
    }

    /// Whether what is there so far may be of use to a later copy, or is another one's.
    pub fn leaves_a_prospect(&self) -> bool {
        self.is_the_connection() || *self == Self::Rival
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::IsADirectory => Self::IsFolder,
            io::ErrorKind::NotADirectory => Self::NotFolder,
            _ => {
                let words = error.to_string();
                let words = words.split(" (os error").next().unwrap_or(&words);
                let mut letters = words.chars();
                Self::System(letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_stay() {
        let text = Catalogue::english();
        for (number, words) in
            [(2, "no such file or directory"), (13, "permission denied"), (28, "no space left on device"), (27, "file too large")]
        {
            assert_eq!(Trouble::from(io::Error::from_raw_os_error(number)).words(&text), words);
        }
    }
}
