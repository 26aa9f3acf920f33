//! Reading what a program on a terminal says, up to its last words.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio_util::sync::CancellationToken;

/// How long a terminal is still read when its shell has ended and something else has it open.
const LAST_OUTPUT: Duration = Duration::from_millis(300);

/// The next bytes; none when nobody will say anything any more. `exited` tells that the program has ended.
pub(crate) async fn read_terminal(terminal: &mut (impl AsyncRead + Unpin), data: &mut [u8], exited: &CancellationToken) -> usize {
    let patience = async {
        exited.cancelled().await;
        tokio::time::sleep(LAST_OUTPUT).await;
    };
    tokio::select! {
        biased;
        // An error is how Linux says that nobody has the terminal open any more.
        read = terminal.read(data) => read.unwrap_or(0),
        () = patience => 0,
    }
}
