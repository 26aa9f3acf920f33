//! One WebSocket to an endpoint: signed, dialled and upgraded.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::USER_AGENT;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::error::TunnelError;
use crate::aws::{self, EndpointHost, TunnelAccess, TunnelRequest, UnsafeEndpoint};
use crate::outbound::{Server, deepest};
use crate::websocket::{self, Boundary, Failed, Socket, error_code, reason};

/// From the look-up of the name to the answer to the upgrade.
const LONGEST_DIAL: Duration = Duration::from_secs(15);
/// For the answer to the upgrade, so that an endpoint that trickles is not waited for (docs/faults.md F24: at most ten seconds in all).
const LONGEST_UPGRADE: Duration = Duration::from_secs(9);
/// Bytes of one frame that we send. Endpoints are known to take 65,000; smaller ones let a key through in between.
pub(super) const PIECE: usize = 32 * 1024;
/// Largest frame that is taken: a limit on memory, and not one of the service's.
const LONGEST_FRAME: usize = 1024 * 1024;
/// For a farewell that nobody waits for.
const LONGEST_CLOSE: Duration = Duration::from_millis(500);
const READ_BUFFER: usize = 64 * 1024;
const WRITE_BUFFER: usize = 64 * 1024;

/// A tunnel whose upgrade was answered. Whether it leads anywhere shows only when the far side says something, or takes something.
pub struct Tunnel {
    pub(super) socket: Socket,
    pub(super) boundary: Boundary,
    /// When the service will cut it.
    pub(super) until: Instant,
    /// What AWS calls the request, for its support.
    pub(super) request_id: Option<String>,
}

impl Tunnel {
    /// Close it, as long as that takes no time.
    pub async fn close(mut self) {
        let _ = timeout(LONGEST_CLOSE, self.socket.close(None)).await;
    }

    /// When its time is over.
    pub fn until(&self) -> Instant {
        self.until
    }
}

/// Open a tunnel through the endpoint at `host`. Dropping the future closes what was opened.
pub async fn open(access: &TunnelAccess, host: &EndpointHost, request: &TunnelRequest) -> Result<Tunnel, TunnelError> {
    let opened = opened(access, host, request);
    timeout(LONGEST_DIAL, opened).await.unwrap_or_else(|_| Err(TunnelError::Timeout { host: host.host().to_owned() }))
}

async fn opened(access: &TunnelAccess, host: &EndpointHost, request: &TunnelRequest) -> Result<Tunnel, TunnelError> {
    // First what may fail without a signature.
    let tls = host.is_secure().then(|| access.tls()).transpose()?;
    let signed = access.signed(host, request).await?;
    let unreadable = || TunnelError::Unsafe(UnsafeEndpoint::Elsewhere);
    let mut upgrade = signed.uri().ok_or_else(unreadable)?.into_client_request().map_err(|_| unreadable())?;
    upgrade.headers_mut().insert(USER_AGENT, HeaderValue::from_static(concat!("ec2dash/", env!("CARGO_PKG_VERSION"))));
    let server = Server { host: host.host(), port: host.port() };
    let begun = Instant::now();
    match websocket::upgraded(upgrade, server, tls, limits(), LONGEST_UPGRADE).await {
        Ok((socket, answer, boundary)) => {
            let request_id = answer.headers().get("x-amzn-requestid").and_then(|id| id.to_str().ok()).map(str::to_owned);
            tracing::debug!(endpoint = %host.id(), request_id, "a tunnel is open");
            Ok(Tunnel { socket, boundary, until: begun + request.limit, request_id })
        }
        Err(Failed::Answered(answer)) => {
            let body = answer.body().as_deref().unwrap_or_default();
            let words = reason(answer.status(), body);
            Err(TunnelError::of_answer(host.host(), answer.status().as_u16(), error_code(body).as_deref(), words))
        }
        Err(Failed::Proxy { proxy, cause }) => Err(TunnelError::Proxy { host: proxy, cause }),
        Err(Failed::ProxyTls { proxy, error }) => Err(match aws::Error::of_proxy(&proxy, &error) {
            Some(refused) => refused.into(),
            None => TunnelError::Proxy { host: proxy, cause: deepest(&error) },
        }),
        Err(Failed::Socket(error)) => Err(match access.certificate_refused(host, &*error) {
            Some(refused) => refused.into(),
            None => TunnelError::Unreachable { host: host.host().to_owned(), cause: deepest(&*error) },
        }),
        Err(Failed::Timeout) => Err(TunnelError::Timeout { host: host.host().to_owned() }),
    }
}

fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER + 4 * PIECE)
        .max_message_size(Some(LONGEST_FRAME))
        .max_frame_size(Some(LONGEST_FRAME))
}
