//! A recording of what a session shows, in a file of the user's.

mod cast;
#[cfg(test)]
mod hostile;

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Instant;

pub use cast::Heading;

use cast::Cast;

use super::own_file::OwnFile;
use crate::terminal::{self, Witness};
use ec2dash_ssm::Size;

/// A recording of what a session shows, never of what is typed. Each event is in the file as soon as it is noted; after a failure
/// nothing more is, and what stands there is whole lines.
#[derive(Debug)]
pub struct Recording {
    path: OwnFile,
    file: File,
    /// Length of the whole lines in the file.
    length: u64,
    began: Option<Instant>,
    cast: Cast,
    failure: Option<io::Error>,
}

impl Recording {
    /// Make the file, which only its owner can read. What is there already is never touched.
    pub fn create(path: &Path) -> io::Result<Self> {
        // Not through a link either: it must not be there at all.
        let file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Self { path: OwnFile::of(path), file, length: 0, began: None, cast: Cast::default(), failure: None })
    }

    /// The session has begun.
    pub(super) fn begin(&mut self, heading: &Heading, now: Instant) {
        self.began = Some(now);
        self.note(&heading.line());
    }

    /// The remote shows these bytes.
    pub(super) fn output(&mut self, bytes: &[u8], now: Instant) {
        let after = now.saturating_duration_since(self.began.unwrap_or(now));
        if let Some(line) = self.cast.output(bytes, after) {
            self.note(&line);
        }
    }

    /// The terminal has another size.
    pub(super) fn resized(&mut self, size: Size, now: Instant) {
        let after = now.saturating_duration_since(self.began.unwrap_or(now));
        self.note(&Cast::resized(size, after));
    }

    /// Nothing more is shown. An error says why the recording is not complete.
    pub(super) fn finish(mut self, now: Instant) -> io::Result<()> {
        let after = now.saturating_duration_since(self.began.unwrap_or(now));
        if let Some(line) = self.cast.end(after) {
            self.note(&line);
        }
        self.failure.take().map_or(Ok(()), Err)
    }

    fn note(&mut self, line: &str) {
        if self.failure.is_some() {
            return;
        }
        match self.file.write_all(line.as_bytes()) {
            Ok(()) => self.length += line.len() as u64,
            Err(error) => {
                // Half a line is no JSON; if it cannot be taken back, most players skip it.
                let _ = self.file.set_len(self.length);
                self.failure = Some(error);
            }
        }
    }
}

impl Witness for Recording {
    fn shown(&mut self, bytes: &[u8], at: Instant) {
        self.output(bytes, at);
    }

    fn resized(&mut self, size: terminal::Size, at: Instant) {
        Self::resized(self, Size { columns: size.columns, rows: size.rows }, at);
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        Self::finish(*self, Instant::now())
    }
}

impl Drop for Recording {
    /// Of a session that never began nothing stays.
    fn drop(&mut self) {
        if self.began.is_none() {
            self.path.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::time::Duration;

    use serde_json::Value;

    use super::*;

    fn heading() -> Heading {
        Heading { size: Size { columns: 80, rows: 24 }, began: 1, title: "web-1".to_owned(), term: None }
    }

    fn lines(path: &Path) -> Vec<Value> {
        fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn the_file_is_private_and_holds_the_events_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.cast");
        let start = Instant::now();
        let mut recording = Recording::create(&path).unwrap();

        recording.begin(&heading(), start);
        recording.output(b"$ ", start + Duration::from_millis(250));
        recording.resized(Size { columns: 100, rows: 30 }, start + Duration::from_secs(2));
        recording.output(b"\xe2\x82", start + Duration::from_secs(3));
        recording.finish(start + Duration::from_secs(4)).unwrap();

        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let lines = lines(&path);
        assert_eq!(lines[0]["title"], "web-1");
        assert_eq!(
            lines[1..],
            [
                serde_json::json!([0.25, "o", "$ "]),
                serde_json::json!([2.0, "r", "100x30"]),
                serde_json::json!([4.0, "o", "\u{fffd}"]),
            ]
        );
    }

    #[test]
    fn what_is_there_is_never_replaced_nor_followed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.cast");
        fs::write(&path, "mine").unwrap();
        let link = directory.path().join("link.cast");
        symlink(directory.path().join("elsewhere"), &link).unwrap();

        for taken in [&path, &link] {
            assert_eq!(Recording::create(taken).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert!(!directory.path().join("elsewhere").exists());
    }

    #[test]
    fn of_a_session_that_never_began_no_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.cast");

        drop(Recording::create(&path).unwrap());

        assert!(!path.exists());
    }

    #[test]
    fn a_full_disk_is_told_at_the_end_and_the_session_goes_on() {
        let mut recording = Recording {
            path: OwnFile::of(Path::new("/dev/full")),
            file: File::options().write(true).open("/dev/full").unwrap(),
            length: 0,
            began: None,
            cast: Cast::default(),
            failure: None,
        };
        let now = Instant::now();

        recording.begin(&heading(), now);
        recording.output(b"hello", now);

        assert_eq!(recording.length, 0);
        assert_eq!(recording.finish(now).unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
