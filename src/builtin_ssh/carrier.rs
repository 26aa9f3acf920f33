//! What carries the bytes of a login: a connection to the address, or a program that leads there.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::arguments::Call;
use super::trouble::Trouble;
use super::words::{expanded, split};

/// How long a program that leads to the host may take to end once nothing is carried any more: it may have a session to close.
pub(super) const GRACE: Duration = Duration::from_secs(3);
/// The same where we were asked to leave: who asked may not wait longer than 2 seconds.
pub(super) const SHORT_GRACE: Duration = Duration::from_millis(1_500);

/// Bytes to the host and back.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The program that leads to the host, while it does.
#[derive(Debug)]
pub(super) struct Proxy(Child);

/// The stream to the host; the program behind it is put into `proxy`.
pub(super) async fn open(call: &Call, proxy: &mut Option<Proxy>) -> Result<Box<dyn Stream>, Trouble> {
    if let Some(command) = &call.proxy {
        let (stream, started) = through(command, call)?;
        *proxy = Some(started);
        return Ok(stream);
    }
    let stream = TcpStream::connect((call.host.as_str(), call.port)).await.map_err(Trouble::Unreachable)?;
    stream.set_nodelay(true).map_err(Trouble::Unreachable)?;
    Ok(Box::new(stream))
}

/// Start the program. OpenSSH has a shell read the line; here no shell does: the words are those that our plans wrote.
fn through(command: &[u8], call: &Call) -> Result<(Box<dyn Stream>, Proxy), Trouble> {
    let port = call.port.to_string();
    let values = [(b'h', call.host.as_str()), (b'p', port.as_str()), (b'r', call.user.as_str())];
    let words = split(command).unwrap_or_default();
    let words: Option<Vec<_>> = words.iter().map(|word| expanded(word, &values)).collect();
    let odd = || Trouble::Proxy(std::io::ErrorKind::InvalidInput.into());
    let words = words.ok_or_else(odd)?;
    let (program, arguments) = words.split_first().ok_or_else(odd)?;
    let mut starting = Command::new(program);
    starting.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = starting.spawn().map_err(Trouble::Proxy)?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (input, output) = input.zip(output).ok_or_else(odd)?;
    Ok((Box::new(tokio::io::join(output, input)), Proxy(child)))
}

impl Proxy {
    /// Let it end, within this time: as OpenSSH does, it is told that nobody listens any more.
    pub(super) async fn end(mut self, grace: Duration) {
        let pid = self.0.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended already.
            let _ = rustix::process::kill_process(pid, Signal::HUP);
        }
        // What does not end is killed when this goes.
        let _ = timeout(grace, self.0.wait()).await;
    }
}
