//! `proxy` to a port at an address of the instance, by the network.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::entrance::Entrance;
use super::stdout::stdout;
use crate::access::Method;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::of_output;
use crate::cli::{Exit, Failure};
use crate::model::{Instance, RunningKind, Untrusted};

/// How long an address may take for a connection.
const DIAL_LIMIT: Duration = Duration::from_secs(20);
/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Stdout carries what comes from the port and nothing else.
pub(super) async fn relayed(
    invocation: &Invocation,
    instance: &Instance,
    method: Method,
    address: SocketAddr,
    entrance: &mut Entrance<'_>,
) -> Result<Exit, Failure> {
    let dialled = timeout(DIAL_LIMIT, TcpStream::connect(address)).await;
    let stream = dialled.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(|error| {
        let values = [
            ("target", instance.shown().into()),
            ("address", address.to_string().into()),
            ("cause", Untrusted::from(error.to_string()).shown_in(200).into()),
            ("id", instance.id.to_string().into()),
        ];
        invocation.failure("proxy-not-dialled", Exit::Session, &values)
    })?;
    // What is typed is small, and somebody waits for it.
    let _ = stream.set_nodelay(true);
    entrance.let_in().await?;
    let name = instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let _held = hold(invocation, RunningKind::Proxy, name, method.id(), Some(String::new()));
    let (mut output, gone) = stdout()?;
    let (mut from, mut to) = stream.into_split();
    let cut = |error: io::Error| {
        let cause = Untrusted::from(error.to_string()).shown_in(200);
        invocation.failure("proxy-cut", Exit::Session, &[("target", instance.shown().into()), ("cause", cause.into())])
    };
    let down = async {
        let mut piece = vec![0; PIECE];
        loop {
            let count = from.read(&mut piece).await.map_err(cut)?;
            if count == 0 {
                return Ok(());
            }
            output.write_all(piece.get(..count).unwrap_or_default()).await.map_err(of_output)?;
            output.flush().await.map_err(of_output)?;
        }
    };
    let up = async {
        // The far side hears that nothing more comes, and may still have more to say.
        let _ = copy(&mut tokio::io::stdin(), &mut to).await;
        let _ = to.shutdown().await;
        pending::<Infallible>().await
    };
    tokio::select! {
        shown = down => shown.map(|()| Exit::Done),
        never = up => match never {},
        // Nobody reads on: that is how ssh leaves.
        () = gone => Ok(Exit::Done),
        failure = entrance.keep() => Err(failure),
    }
}
