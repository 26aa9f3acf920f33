//! The connection of a client, in the clear or over TLS.

use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

/// What a client's bytes come over.
pub(crate) type Stream = Either<TcpStream, Box<TlsStream<TcpStream>>>;

/// What is below the TLS, if there is any.
pub(crate) fn tcp(stream: &Stream) -> &TcpStream {
    match stream {
        Either::Left(stream) => stream,
        Either::Right(stream) => stream.get_ref().0,
    }
}
