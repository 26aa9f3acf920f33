//! One WebSocket to the gateway: found, dialled, proven and opened.

use std::time::Duration;

use futures_util::SinkExt;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use zeroize::Zeroizing;

use super::link_error::LinkError;
use crate::aws::{self, StreamAccess, StreamUrl, UnsafeStream};
use crate::model::Untrusted;
use crate::outbound::{Server, deepest};
use crate::websocket::{self, Failed, Socket, reason};
use ec2dash_ssm::{MESSAGE_LIMIT, Opening};

/// From the look-up of the name to the answer to the upgrade (docs/session-manager-protocol.md 2.1).
const LONGEST_DIAL: Duration = Duration::from_secs(15);
/// For the answer to the upgrade, so that a gateway that trickles is not waited for (docs/faults.md F24: at most ten seconds in all).
const LONGEST_UPGRADE: Duration = Duration::from_secs(9);
const READ_BUFFER: usize = 64 * 1024;
const WRITE_BUFFER: usize = 64 * 1024;
/// Why a connection that stood is gone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The gateway closed it; about hourly it does so with 1000.
    #[error("the gateway closed the connection ({code})")]
    Closed {
        /// The close code; 1005 if none was given.
        code: u16,
    },
    /// The network broke it.
    #[error("the connection broke: {}", .cause.shown_in(200))]
    Broken {
        /// Why.
        cause: Untrusted,
    },
    /// Nothing came for longer than a link in order is silent.
    #[error("no answer for too long")]
    Silent,
}

/// What proved to the gateway who we are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Proof {
    /// A signature, as the reference sends it since 1.2.688.
    #[default]
    Signature,
    /// The token alone.
    Token,
}

/// Connect to the gateway and show it the token. `proof` is what worked last, and remembers what worked now.
///
/// Dropping the future closes what was opened.
pub(super) async fn dial(
    access: &StreamAccess,
    url: &StreamUrl,
    opening: &Opening,
    proof: &mut Proof,
) -> Result<Socket, LinkError> {
    let host = url.host().to_owned();
    timeout(LONGEST_DIAL, proven(access, url, opening, proof)).await.unwrap_or(Err(LinkError::Timeout { host }))
}

async fn proven(access: &StreamAccess, url: &StreamUrl, opening: &Opening, proof: &mut Proof) -> Result<Socket, LinkError> {
    let order = match proof {
        Proof::Signature => [Proof::Signature, Proof::Token],
        Proof::Token => [Proof::Token, Proof::Signature],
    };
    let mut refused = None;
    for way in order {
        let signature = match way {
            Proof::Signature => access.signature(url).await,
            Proof::Token => None,
        };
        if way == Proof::Signature && signature.is_none() {
            continue;
        }
        match upgraded(access, url, signature).await {
            Err(error @ LinkError::Forbidden { .. }) => drop(refused.get_or_insert(error)),
            Err(error) => return Err(error),
            Ok(mut socket) => {
                let text = Message::text(opening.to_text().as_str());
                socket.send(text).await.map_err(|error| unreachable(url, &error))?;
                *proof = way;
                return Ok(socket);
            }
        }
    }
    Err(refused.expect("the token alone is always tried, and what else comes of that has returned"))
}

async fn upgraded(
    access: &StreamAccess,
    url: &StreamUrl,
    signature: Option<Vec<(String, Zeroizing<String>)>>,
) -> Result<Socket, LinkError> {
    let request = request(url, signature)?;
    let tls = url.is_secure().then(|| access.tls()).transpose()?;
    let server = Server { host: url.host(), port: url.port() };
    match websocket::upgraded(request, server, tls, limits(), LONGEST_UPGRADE).await {
        Ok((socket, ..)) => Ok(socket),
        Err(Failed::Answered(answer)) => {
            let host = url.host().to_owned();
            let words = reason(answer.status(), answer.body().as_deref().unwrap_or_default());
            match answer.status().as_u16() {
                status @ (401 | 403) => Err(LinkError::Forbidden { host, status, words }),
                status => Err(LinkError::Refused { host, status, words }),
            }
        }
        Err(Failed::Proxy { proxy, cause }) => Err(LinkError::Proxy { host: proxy, cause }),
        Err(Failed::ProxyTls { proxy, error }) => Err(match aws::Error::of_proxy(&proxy, &error) {
            Some(refused) => refused.into(),
            None => LinkError::Proxy { host: proxy, cause: deepest(&error) },
        }),
        Err(Failed::Socket(error)) => Err(match access.certificate_refused(url, &*error) {
            Some(refused) => refused.into(),
            None => unreachable(url, &*error),
        }),
        Err(Failed::Timeout) => Err(LinkError::Timeout { host: url.host().to_owned() }),
    }
}

fn request(url: &StreamUrl, signature: Option<Vec<(String, Zeroizing<String>)>>) -> Result<Request, LinkError> {
    let unreadable = |_| LinkError::Unsafe(UnsafeStream::Unreadable);
    let mut request = url.uri().clone().into_client_request().map_err(unreadable)?;
    for (name, value) in signature.into_iter().flatten() {
        let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value.as_str())) else { continue };
        value.set_sensitive(true);
        request.headers_mut().insert(name, value);
    }
    Ok(request)
}

/// Room for the largest message there is, and no more.
fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER + 2 * MESSAGE_LIMIT)
        .max_message_size(Some(MESSAGE_LIMIT))
        .max_frame_size(Some(MESSAGE_LIMIT))
}

fn unreachable(url: &StreamUrl, error: &dyn std::error::Error) -> LinkError {
    LinkError::Unreachable { host: url.host().to_owned(), cause: deepest(error) }
}
