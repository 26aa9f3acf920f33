//! What is typed or piped in, read so that nothing is taken that somebody else should have.

use std::fs::File;
use std::io::{self, Read, Stdin};
use std::os::fd::{AsFd, OwnedFd};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Our standard input. It is read only when somebody asks: no thread waits in a read that would eat the first key after us.
#[derive(Debug)]
pub enum Keyboard {
    /// A terminal, a pipe or a socket: waited for.
    Waited(AsyncFd<File>),
    /// A file, or something like one: always ready.
    Ready(File),
}

impl Keyboard {
    /// Read from a duplicate of standard input.
    pub fn open(stdin: &Stdin) -> io::Result<Self> {
        let own: OwnedFd = stdin.as_fd().try_clone_to_owned()?;
        match waited(own) {
            Ok(waited) => Ok(Self::Waited(waited)),
            // Regular files cannot be waited for, and need not be.
            Err(_) => Ok(Self::Ready(File::from(stdin.as_fd().try_clone_to_owned()?))),
        }
    }

    /// Some bytes; none at the end. Safe to drop half-done.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let waited = match self {
            Self::Ready(file) => return file.read(buffer),
            Self::Waited(waited) => waited,
        };
        loop {
            let mut guard = waited.readable().await?;
            // The descriptor is shared with whoever started us, so it stays as it is, and a read must not be one that waits.
            let waiting = rustix::io::ioctl_fionread(guard.get_inner()).unwrap_or(1);
            if waiting == 0 && !guard.ready().is_read_closed() && !guard.ready().is_error() {
                guard.clear_ready();
                continue;
            }
            return match guard.get_inner().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                outcome => outcome,
            };
        }
    }

    /// Some bytes that are already here, without waiting; none at the end.
    pub fn read_ready(&mut self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let file = match self {
            Self::Ready(file) => file,
            Self::Waited(waited) => waited.get_mut(),
        };
        match rustix::io::ioctl_fionread(&*file) {
            Ok(0) => None,
            Ok(_) => Some(file.read(buffer)),
            Err(error) => Some(Err(error.into())),
        }
    }
}

#[expect(deprecated, reason = "its successor is unsafe to call, for types that may lose their descriptor; a file keeps it")]
fn waited(own: OwnedFd) -> io::Result<AsyncFd<File>> {
    AsyncFd::with_interest(File::from(own), Interest::READABLE)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_pipe_is_waited_for_and_its_end_is_told() {
        let (reader, mut writer) = io::pipe().unwrap();
        let mut keyboard = Keyboard::Waited(waited(reader.into()).unwrap());
        let mut buffer = [0; 16];

        assert!(tokio::time::timeout(Duration::from_millis(50), keyboard.read(&mut buffer)).await.is_err());
        writer.write_all(b"ls\n").unwrap();
        assert_eq!(keyboard.read(&mut buffer).await.unwrap(), 3);
        assert!(tokio::time::timeout(Duration::from_millis(50), keyboard.read(&mut buffer)).await.is_err());
        drop(writer);
        assert_eq!(keyboard.read(&mut buffer).await.unwrap(), 0);
    }
}
