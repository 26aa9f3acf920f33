//! Stdout of a command, whose reader may go: that alone ends a command quietly, and is told apart from every other broken pipe.

use std::io::{self, Write};

/// Whoever read our output does so no more.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads on")]
pub struct ReaderGone;

/// A writer to what a command's output goes to.
#[derive(Debug)]
pub struct Stdout<W>(pub W);

impl<W: Write> Write for Stdout<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(of_output)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(of_output)
    }
}

/// An error of writing output, with the mark that tells a reader that has gone.
pub fn of_output(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::BrokenPipe { io::Error::new(io::ErrorKind::BrokenPipe, ReaderGone) } else { error }
}
