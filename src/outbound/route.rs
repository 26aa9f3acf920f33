//! A connection to a server, through a proxy or without one.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address::first_of;
use super::denied::Denied;
use super::proxy::{Proxy, Speech};
use super::refusal::{Unconnected, in_words};
use super::server::Server;
use super::wire::Wire;
use super::{connect, socks};

/// A connection to `server`, through the proxy if there is one on the way, to which it goes under this TLS where the proxy wants that.
///
/// Dropping the future closes what was opened.
pub async fn connected(server: Server<'_>, proxy: Option<(&Proxy, &Arc<ClientConfig>)>) -> Result<Box<dyn Wire>, Unconnected> {
    let Some((proxy, tls)) = proxy else { return Ok(Box::new(first_of(server).await?)) };
    let refused = |Denied { cause, may_pass }: Denied| Unconnected::Proxy { proxy: proxy.authority(), cause, may_pass };
    let stream = first_of(proxy.server()).await.map_err(|error| refused(Denied::passing(in_words(&error))))?;
    match &proxy.speech {
        Speech::Socks { resolver, login } => {
            let stream = socks::connect(stream, server, *resolver, login.as_ref()).await.map_err(refused)?;
            Ok(Box::new(stream))
        }
        Speech::Http { is_sealed, authorization } => {
            let mut stream: Box<dyn Wire> = if *is_sealed {
                let sealed = sealed(stream, &proxy.host, tls).await;
                Box::new(sealed.map_err(|error| Unconnected::Tls { proxy: proxy.authority(), error })?)
            } else {
                Box::new(stream)
            };
            let authorization = authorization.as_ref().map(|value| value.as_slice());
            connect::connect(&mut stream, server, authorization).await.map_err(refused)?;
            Ok(stream)
        }
    }
}

async fn sealed(stream: TcpStream, host: &str, tls: &Arc<ClientConfig>) -> io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    TlsConnector::from(Arc::clone(tls)).connect(name, stream).await
}
