//! What is asked of an SFTP server, as bytes.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use super::attributes::Attributes;

/// Version 3: the one that OpenSSH speaks.
const VERSION: u32 = 3;
const READ: u32 = 1;
const WRITE: u32 = 2;
const CREATE: u32 = 8;
/// Only where nothing of that name is there: no link of somebody else's is followed.
const NEW: u32 = 0x20;

/// A question. Paths are bytes to the server: no shell reads them.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// Which version, and which extensions.
    Init,
    /// Open for reading.
    OpenToRead(&'a Path),
    /// Make a file that must not be there yet, and open it for writing.
    Create(&'a Path, Attributes),
    /// Open a file that is there for writing.
    OpenToWrite(&'a Path),
    /// Close a file or a folder.
    Close(&'a [u8]),
    /// At most so many bytes from there on.
    Read(&'a [u8], u64, u32),
    /// So many bytes are to stand from there on; they follow.
    Write(&'a [u8], u64, u32),
    /// What an open file is like.
    FileAttributes(&'a [u8]),
    /// Change what an open file is like.
    SetFileAttributes(&'a [u8], Attributes),
    /// What is there, links followed.
    Attributes(&'a Path),
    /// What is there, a link itself.
    OwnAttributes(&'a Path),
    /// Change what it is like.
    SetAttributes(&'a Path, Attributes),
    /// Open a folder.
    OpenFolder(&'a Path),
    /// The next names in it.
    List(&'a [u8]),
    /// Remove a file or a link.
    Remove(&'a Path),
    /// Make a folder.
    MakeFolder(&'a Path, Attributes),
    /// Remove an empty folder.
    RemoveFolder(&'a Path),
    /// The whole path of it.
    WholePath(&'a Path),
    /// Give it another name, which must be free.
    Rename(&'a Path, &'a Path),
    /// Give it another name, in place of what has it (`posix-rename@openssh.com`).
    Replace(&'a Path, &'a Path),
    /// Where a link leads.
    ReadLink(&'a Path),
    /// Make a link that leads to the first path.
    MakeLink(&'a Path, &'a Path),
    /// `~` in a path made whole (`expand-path@openssh.com`).
    Expand(&'a Path),
    /// How much the server takes and gives at once (`limits@openssh.com`).
    Limits,
    /// How much room is where that path is (`statvfs@openssh.com`).
    Room(&'a Path),
}

impl Request<'_> {
    /// Append it to what is to be sent.
    pub fn write(&self, id: u32, out: &mut Vec<u8>) {
        let begin = out.len();
        out.extend([0; 4]);
        out.push(self.kind());
        let id = if matches!(self, Self::Init) { VERSION } else { id };
        out.extend(id.to_be_bytes());
        self.write_fields(out);
        let following = if let Self::Write(_, _, length) = self { *length } else { 0 };
        let length = u32::try_from(out.len() - begin - 4).unwrap_or(u32::MAX).saturating_add(following);
        if let Some(place) = out.get_mut(begin..begin + 4) {
            place.copy_from_slice(&length.to_be_bytes());
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Init => 1,
            Self::OpenToRead(_) | Self::Create(..) | Self::OpenToWrite(_) => 3,
            Self::Close(_) => 4,
            Self::Read(..) => 5,
            Self::Write(..) => 6,
            Self::OwnAttributes(_) => 7,
            Self::FileAttributes(_) => 8,
            Self::SetAttributes(..) => 9,
            Self::SetFileAttributes(..) => 10,
            Self::OpenFolder(_) => 11,
            Self::List(_) => 12,
            Self::Remove(_) => 13,
            Self::MakeFolder(..) => 14,
            Self::RemoveFolder(_) => 15,
            Self::WholePath(_) => 16,
            Self::Attributes(_) => 17,
            Self::Rename(..) => 18,
            Self::ReadLink(_) => 19,
            Self::MakeLink(..) => 20,
            Self::Replace(..) | Self::Expand(_) | Self::Limits | Self::Room(_) => 200,
        }
    }

    fn write_fields(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Init => {}
            Self::OpenToRead(path) => open(path, READ, Attributes::default(), out),
            Self::Create(path, attributes) => open(path, WRITE | CREATE | NEW, attributes, out),
            Self::OpenToWrite(path) => open(path, WRITE, Attributes::default(), out),
            Self::Close(handle) | Self::FileAttributes(handle) | Self::List(handle) => text(handle, out),
            Self::Read(handle, at, length) | Self::Write(handle, at, length) => {
                text(handle, out);
                out.extend(at.to_be_bytes());
                out.extend(length.to_be_bytes());
            }
            Self::SetFileAttributes(handle, attributes) => {
                text(handle, out);
                attributes.write(out);
            }
            Self::SetAttributes(path, attributes) | Self::MakeFolder(path, attributes) => {
                path_of(path, out);
                attributes.write(out);
            }
            Self::Attributes(path)
            | Self::OwnAttributes(path)
            | Self::OpenFolder(path)
            | Self::Remove(path)
            | Self::RemoveFolder(path)
            | Self::WholePath(path)
            | Self::ReadLink(path) => path_of(path, out),
            // OpenSSH takes the two of a link in this order, and says so in its PROTOCOL, 4.1.
            Self::Rename(one, other) | Self::MakeLink(one, other) => {
                path_of(one, out);
                path_of(other, out);
            }
            Self::Replace(from, to) => {
                text(b"posix-rename@openssh.com", out);
                path_of(from, out);
                path_of(to, out);
            }
            Self::Expand(path) => {
                text(b"expand-path@openssh.com", out);
                path_of(path, out);
            }
            Self::Limits => text(b"limits@openssh.com", out),
            Self::Room(path) => {
                text(b"statvfs@openssh.com", out);
                path_of(path, out);
            }
        }
    }
}

fn open(path: &Path, flags: u32, attributes: Attributes, out: &mut Vec<u8>) {
    path_of(path, out);
    out.extend(flags.to_be_bytes());
    attributes.write(out);
}

fn path_of(path: &Path, out: &mut Vec<u8>) {
    let bytes = path.as_os_str().as_bytes();
    // To SFTP, too, nothing is where the login begins; an empty path is no path.
    text(if bytes.is_empty() { b"." } else { bytes }, out);
}

fn text(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_write_counts_the_bytes_that_follow() {
        let mut out = vec![9];
        Request::Write(b"h", 256, 5).write(7, &mut out);

        assert_eq!(out, [9, 0, 0, 0, 27, 6, 0, 0, 0, 7, 0, 0, 0, 1, b'h', 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5]);
    }

    #[test]
    fn a_file_is_made_only_where_nothing_is() {
        let mut out = Vec::new();
        Request::Create(Path::new("a"), Attributes { mode: Some(0o644), ..Attributes::default() }).write(1, &mut out);

        assert_eq!(out[4..], [3, 0, 0, 0, 1, 0, 0, 0, 1, b'a', 0, 0, 0, 0x2a, 0, 0, 0, 4, 0, 0, 1, 0xa4]);
    }
}
