//! A descriptor of the terminal's that can be written without waiting for as long as the terminal likes.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::termios::{QueueSelector, tcflush};

/// Most that is written at once where a write may wait: a pipe that takes anything takes so much.
const CHUNK: usize = 1024;

/// Standard output or error.
#[derive(Debug)]
pub(super) struct Descriptor {
    file: File,
    /// Whether a write of any length returns at once.
    returns: bool,
    is_terminal: bool,
}

impl Descriptor {
    /// A terminal is opened once more: the descriptor that was handed to us is shared with whoever started us, and shall go on waiting for
    /// them. Where that is refused (the terminal is another user's) a duplicate must do.
    pub(super) fn open(inherited: impl AsFd + IsTerminal) -> io::Result<Self> {
        let is_terminal = inherited.is_terminal();
        if is_terminal && let Some(file) = opened_again(&inherited) {
            return Ok(Self { file, returns: true, is_terminal });
        }
        Ok(Self { file: inherited.as_fd().try_clone_to_owned()?.into(), returns: false, is_terminal })
    }

    /// Whether a write of any length returns at once.
    pub(super) const fn returns(&self) -> bool {
        self.returns
    }

    /// Whether a terminal is behind it.
    pub(super) const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Write a part of these bytes, none where nothing is taken for as long as `patience`.
    pub(super) fn write_some(&self, bytes: &[u8], patience: Duration) -> io::Result<usize> {
        if !self.returns {
            if !self.is_writable(patience)? {
                return Ok(0);
            }
            let chunk = bytes.get(..CHUNK).unwrap_or(bytes);
            return self.once(chunk);
        }
        match self.once(bytes)? {
            0 if self.is_writable(patience)? => self.once(bytes),
            count => Ok(count),
        }
    }

    /// Write all of these bytes until then. Whether they are written.
    pub(super) fn write_until(&self, mut bytes: &[u8], until: Instant) -> io::Result<bool> {
        while !bytes.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            match self.write_some(bytes, left)? {
                0 if left.is_zero() => return Ok(false),
                count => bytes = bytes.get(count..).unwrap_or_default(),
            }
        }
        Ok(true)
    }

    /// Forget what was written and the terminal has not read.
    pub(super) fn drop_unread(&self) {
        // If it does not work, the terminal is gone or still takes nothing.
        let _ = tcflush(&self.file, QueueSelector::OFlush);
    }

    fn once(&self, bytes: &[u8]) -> io::Result<usize> {
        match (&self.file).write(bytes) {
            Ok(0) if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(0),
            outcome => outcome,
        }
    }

    fn is_writable(&self, patience: Duration) -> io::Result<bool> {
        let mut wanted = [PollFd::new(&self.file, PollFlags::OUT)];
        let patience = Timespec::try_from(patience).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        match poll(&mut wanted, Some(&patience)) {
            // Also when nobody is at the other end: then writing says so.
            Ok(count) => Ok(count > 0),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// The same terminal with a state of its own.
fn opened_again(inherited: &impl AsFd) -> Option<File> {
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    #[cfg(target_os = "linux")]
    let path = std::ffi::CString::new(format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&inherited.as_fd()))).ok()?;
    #[cfg(not(target_os = "linux"))]
    let path = rustix::termios::ttyname(inherited, Vec::new()).ok()?;
    rustix::fs::open(path, flags, Mode::empty()).ok().map(File::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// A terminal's two ends: what it shows, and what programs write to.
    fn terminal() -> (File, File) {
        let shown = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&shown).unwrap();
        unlockpt(&shown).unwrap();
        let name = ptsname(&shown, Vec::new()).unwrap();
        let written = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let mut raw = rustix::termios::tcgetattr(&written).unwrap();
        raw.make_raw();
        rustix::termios::tcsetattr(&written, rustix::termios::OptionalActions::Now, &raw).unwrap();
        (shown.into(), written.into())
    }

    #[test]
    fn a_terminal_that_nobody_reads_takes_what_it_can_and_the_last_word_instead_of_the_rest() {
        let (mut shown, written) = terminal();
        let descriptor = Descriptor::open(written.try_clone().unwrap()).unwrap();

        assert!(!descriptor.write_until(&[b'x'; 1024 * 1024], Instant::now() + Duration::from_millis(50)).unwrap());
        assert!(!descriptor.write_until(b"last", Instant::now()).unwrap());
        descriptor.drop_unread();
        assert!(descriptor.write_until(b"last", Instant::now() + Duration::from_secs(10)).unwrap());

        let mut seen = vec![0; 64 * 1024];
        let mut all = Vec::new();
        while !all.ends_with(b"last") {
            let count = shown.read(&mut seen).unwrap();
            all.extend_from_slice(&seen[..count]);
        }
        assert!(all.len() < 64 * 1024, "{} bytes", all.len());
    }

    #[test]
    fn whoever_shares_the_terminal_with_us_still_waits_for_it() {
        let (_shown, written) = terminal();

        let descriptor = Descriptor::open(written.try_clone().unwrap()).unwrap();

        assert!(descriptor.returns && descriptor.is_terminal());
        assert!(!rustix::fs::fcntl_getfl(&written).unwrap().contains(OFlags::NONBLOCK));
        assert!(rustix::fs::fcntl_getfl(&descriptor.file).unwrap().contains(OFlags::NONBLOCK));
    }

    #[test]
    fn a_pipe_takes_no_more_than_it_holds_and_says_when_nobody_reads() {
        let (reader, writer) = io::pipe().unwrap();
        let descriptor = Descriptor { file: File::from(std::os::fd::OwnedFd::from(writer)), returns: false, is_terminal: false };

        assert!(!descriptor.write_until(&[b'x'; 1024 * 1024], Instant::now() + Duration::from_millis(50)).unwrap());
        drop(reader);
        let error = descriptor.write_until(b"x", Instant::now() + Duration::from_secs(10)).unwrap_err();

        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
