//! Where clients come in: the ports of a simulated cloud, and what they show to a new connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::either::Either;

use super::authority::Authority;
use super::directory::Directory;
use super::fault::Carried;
use super::stream::Stream;
use super::world::{World, lock};

/// The certificate that clients have to trust, in the private directory.
const BUNDLE: &str = "ca.pem";
/// How long a client has for its part of the TLS handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(15);

/// The ports, and what clients must know of them.
pub(super) struct Doors {
    /// Where calls go: `http://127.0.0.1:41234`.
    pub(super) endpoint: String,
    /// Where data channels are: `ws://127.0.0.1:41234`.
    pub(super) channels: String,
    /// The file to trust.
    pub(super) bundle: Option<PathBuf>,
    pub(super) all: Vec<(TcpListener, Door)>,
}

/// What a port does with a new connection.
#[derive(Clone, Debug)]
pub(super) enum Door {
    /// Takes it as it is.
    Open,
    /// Shows a certificate first, which may be flawed on purpose.
    Tls { authority: Arc<Authority>, carried: Carried },
}

impl Doors {
    /// One port for all, in the clear.
    pub(super) fn open(listener: TcpListener, address: SocketAddr) -> Self {
        Self {
            endpoint: format!("http://{address}"),
            channels: format!("ws://{address}"),
            bundle: None,
            all: vec![(listener, Door::Open)],
        }
    }

    /// Over TLS. As AWS has it, data channels are another host's, which may have trouble of its own.
    pub(super) async fn tls(
        listener: TcpListener,
        address: SocketAddr,
        authority: Authority,
        directory: &Directory,
    ) -> io::Result<Self> {
        let bundle = directory.write(BUNDLE, &authority.pem())?;
        let gateway = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let channels = format!("wss://{}", gateway.local_addr()?);
        let authority = Arc::new(authority);
        let calls = Door::Tls { authority: Arc::clone(&authority), carried: Carried::Calls };
        let all = vec![(listener, calls), (gateway, Door::Tls { authority, carried: Carried::DataChannels })];
        Ok(Self { endpoint: format!("https://{address}"), channels, bundle: Some(bundle), all })
    }
}

impl Door {
    /// The connection as it can be read; `None` if the client does not take the certificate.
    pub(super) async fn admit(&self, stream: TcpStream, world: &World) -> Option<Stream> {
        let Self::Tls { authority, carried } = self else { return Some(Either::Left(stream)) };
        let flaw = lock(&world.faults).of_certificate(*carried);
        let handshake = authority.acceptor(flaw).accept(stream);
        let stream = tokio::time::timeout(HANDSHAKE_LIMIT, handshake).await.ok()?.ok()?;
        Some(Either::Right(Box::new(stream)))
    }
}
