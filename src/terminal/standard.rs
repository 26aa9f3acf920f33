//! Standard output and error for sentences of ours: a terminal that takes nothing keeps nobody who is asked to leave.

use std::io::{self, IsTerminal, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::descriptor::Descriptor;
use super::leaving;

/// How often it is looked whether we are asked to leave.
const LOOK: Duration = Duration::from_millis(20);
/// How long it may take nothing then, before it is taken for one that takes nothing any more.
const STANDSTILL: Duration = Duration::from_millis(250);

/// Whether one took nothing when we were asked to leave: nothing more is said then.
static IS_GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// A stream whose reader is waited for, but not when we are asked to leave.
#[derive(Debug)]
pub enum Standard {
    /// One that says whether it takes something.
    Patient(PatientStream),
    /// One that the system waits for.
    Plain(io::Stdout),
    /// Nobody is there.
    Nobody,
}

/// What is written in parts, as the other end takes them.
#[derive(Debug)]
pub struct PatientStream(Descriptor);

impl Standard {
    /// Standard error.
    pub fn error() -> Self {
        Descriptor::open(stderr()).map_or(Self::Nobody, |error| Self::Patient(PatientStream(error)))
    }

    /// Standard output. A program that reads it ends it by leaving; a terminal may stay and read nothing.
    pub fn output() -> Self {
        match Descriptor::open(stdout()) {
            Ok(out) if stdout().is_terminal() => Self::Patient(PatientStream(out)),
            _ => Self::Plain(stdout()),
        }
    }
}

impl Write for Standard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Patient(stream) => stream.write(bytes),
            Self::Plain(out) => out.write(bytes),
            Self::Nobody => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Patient(_) | Self::Nobody => Ok(()),
        }
    }
}

impl PatientStream {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let begun = Instant::now();
        while !bytes.is_empty() {
            let written = self.0.write_some(bytes, LOOK)?;
            if written > 0 {
                return Ok(written);
            }
            if leaving::is_asked() && (begun.elapsed() > STANDSTILL || IS_GIVEN_UP.load(Ordering::Relaxed)) {
                IS_GIVEN_UP.store(true, Ordering::Relaxed);
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(0)
    }
}
