//! All of a file that only its path is known of: nobody waits for a pipe without a writer, and what has no end is not read to it.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// A larger file is a mistake or an attack; reading it would hold up the start.
pub(super) const LARGEST: u64 = 8 * 1024 * 1024;

/// What is in the file. A shell hands over `<(program)` as a pipe: it is read as long as somebody writes to it.
pub(super) fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let file = OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)?;
    let is_pipe = file.metadata()?.file_type().is_fifo();
    if is_pipe {
        fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "larger than 8 MiB"));
    }
    if is_pipe && bytes.is_empty() {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "a pipe that nobody writes to"));
    }
    Ok(bytes)
}

/// Whether a library may be let read it, which would wait for a pipe's writer and for an end that does not come. One that is not there,
/// or that may not be read, is its reader's to tell of.
pub(super) fn refuse_odd(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::new(ErrorKind::InvalidInput, "this is not a file")),
        Ok(metadata) if metadata.len() > LARGEST => Err(io::Error::new(ErrorKind::FileTooLarge, "larger than 8 MiB")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write as _;

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use rustix::io::ioctl_fionread;

    use super::*;

    fn pipe(directory: &tempfile::TempDir) -> std::path::PathBuf {
        let path = directory.path().join("pipe");
        mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        path
    }

    #[test]
    fn a_pipe_is_read_to_its_end_and_one_without_a_writer_is_not_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let path = pipe(&directory);

        assert_eq!(contents(&path).unwrap_err().to_string(), "a pipe that nobody writes to");

        // Open for both, so that it opens at once and before the reader comes.
        let mut pipe = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        pipe.write_all(b"[default]\n").unwrap();
        let writer = std::thread::spawn(move || {
            while ioctl_fionread(&pipe).unwrap() > 0 {
                std::thread::yield_now();
            }
            // The reader has the first piece, and waits for what is not written yet.
            pipe.write_all(b"region = us-east-1\n").unwrap();
        });
        let read = contents(&path).unwrap();
        writer.join().unwrap();
        assert_eq!(read, b"[default]\nregion = us-east-1\n");
    }

    #[test]
    fn a_library_is_given_files_alone() {
        let directory = tempfile::tempdir().unwrap();
        let (pipe, large) = (pipe(&directory), directory.path().join("large"));
        File::create(&large).unwrap().set_len(LARGEST + 1).unwrap();

        for odd in [pipe.as_path(), large.as_path(), directory.path(), Path::new("/dev/zero")] {
            assert!(refuse_odd(odd).is_err(), "{}", odd.display());
        }
        File::create(&large).unwrap().set_len(LARGEST).unwrap();
        assert!(refuse_odd(&large).is_ok() && refuse_odd(&directory.path().join("none")).is_ok());
    }

    #[test]
    fn what_is_too_large_or_has_no_end_is_left() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("large");
        let file = File::create(&path).unwrap();
        file.set_len(LARGEST).unwrap();
        assert_eq!(contents(&path).unwrap().len() as u64, LARGEST);
        file.set_len(LARGEST + 1).unwrap();

        for path in [path.as_path(), Path::new("/dev/zero")] {
            assert_eq!(contents(path).unwrap_err().to_string(), "larger than 8 MiB", "{}", path.display());
        }
        assert_eq!(contents(Path::new("/dev/null")).unwrap(), fs::read("/dev/null").unwrap());
    }
}
