//! A TCP connection to a host by its name.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::server::Server;

/// For one of several addresses of a host.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);

/// A connection to the first address that takes one; a silent one does not use up the time of the others. It does not wait for more to
/// send: keys are small and want no company.
pub(super) async fn first_of(server: Server<'_>) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "name not found");
    for address in addresses(server).await? {
        match timeout(LONGEST_CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::Error::new(io::ErrorKind::TimedOut, "no connection in time"),
        }
    }
    Err(last)
}

/// The addresses of a host, as this computer looks them up.
pub(super) async fn addresses(server: Server<'_>) -> io::Result<Vec<SocketAddr>> {
    Ok(lookup_host((server.host, server.port)).await?.collect())
}
