//! A new file for what a command has said.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Write a text to a file that is not there yet and that nobody but the user may read. One that is there, or a link, stays as it is.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, symlink};

    use super::*;

    #[test]
    fn a_new_file_is_the_users_alone_and_one_that_is_there_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.txt");

        write_new(&path, "one\n").unwrap();

        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(write_new(&path, "two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        symlink(directory.path().join("elsewhere"), directory.path().join("link")).unwrap();
        assert_eq!(write_new(&directory.path().join("link"), "x").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(path).unwrap(), "one\n");
    }
}
