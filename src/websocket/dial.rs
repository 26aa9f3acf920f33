//! From a host name to an upgraded connection.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::boundary::{Boundary, Counted};
use super::failed::Failed;
use crate::outbound::{Proxies, Server, Wire, connected};

/// An upgraded connection.
pub type Socket = WebSocketStream<Counted<Box<dyn Wire>>>;

/// Connect to `server`, through the proxy that the environment names, and upgrade. Without `tls` everything is in the clear, and no proxy
/// is used: that stays on this computer. From the first byte of TLS to the answer it may take as long as `longest`.
///
/// Redirects are never followed. Dropping the future closes what was opened.
pub async fn upgraded(
    request: Request,
    server: Server<'_>,
    tls: Option<Arc<ClientConfig>>,
    limits: WebSocketConfig,
    longest: Duration,
) -> Result<(Socket, Response, Boundary), Failed> {
    let stream = dialled(server, tls.as_ref()).await?;
    let boundary = Boundary::default();
    let upgrade = async {
        let wire: Box<dyn Wire> = match tls {
            None => stream,
            Some(tls) => {
                let name = ServerName::try_from(server.host.to_owned()).map_err(std::io::Error::other)?;
                Box::new(TlsConnector::from(tls).connect(name, stream).await?)
            }
        };
        let counted = Counted::new(wire, boundary.clone());
        Ok::<_, Failed>(client_async_with_config(request, counted, Some(limits)).await?)
    };
    let (socket, answer) = timeout(longest, upgrade).await.unwrap_or(Err(Failed::Timeout))?;
    Ok((socket, answer, boundary))
}

async fn dialled(server: Server<'_>, tls: Option<&Arc<ClientConfig>>) -> Result<Box<dyn Wire>, Failed> {
    let Some(tls) = tls else { return Ok(connected(server, None).await?) };
    let proxies = Proxies::of_process().map_err(std::io::Error::other)?;
    Ok(connected(server, proxies.on_the_way_to(server).map(|proxy| (proxy, tls))).await?)
}
