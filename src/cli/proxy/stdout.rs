//! Stdout of a proxy, and when its reader goes.

use std::fs::File;
use std::future::pending;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Stdout without a buffer of its own, and when its reader goes.
pub(super) fn stdout() -> io::Result<(tokio::fs::File, impl Future<Output = ()>)> {
    let copy = || io::stdout().as_fd().try_clone_to_owned();
    let output = tokio::fs::File::from_std(File::from(copy()?));
    Ok((output, reader_gone(copy()?)))
}

/// Never ends where that cannot be told: for files.
async fn reader_gone(stdout: OwnedFd) {
    #[expect(deprecated, reason = "what replaces it is unsafe, and an OwnedFd is the same descriptor as long as it lives")]
    let watched = AsyncFd::with_interest(stdout, Interest::WRITABLE);
    let Ok(watched) = watched else { return pending().await };
    loop {
        match watched.writable().await {
            Ok(mut guard) if !guard.ready().is_write_closed() => guard.clear_ready(),
            Ok(_) => return,
            Err(_) => return pending().await,
        }
    }
}
