//! The message gateway: from an HTTP upgrade to a connection of a session.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use hyper::header::{
    CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::agents::FarEnd;
use super::socket::{Socket, settings};
use crate::stream::{Stream, tcp};
use ec2dash_ssm::Opening;

/// Where the data channels are.
const PATH: &str = "/v1/data-channel/";
/// How long a client has for its first message.
const OPENING_LIMIT: Duration = Duration::from_secs(15);

/// The session that a path names, if it names one.
pub(crate) fn session_of(path: &str) -> Option<String> {
    let id = path.strip_prefix(PATH)?;
    Some(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned())
}

/// The `cell-number` of a query.
pub(crate) fn cell_of(query: &str) -> String {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.into_iter().find(|(name, _)| name == "cell-number").map(|(_, cell)| cell.into_owned()).unwrap_or_default()
}

/// The headers that make a request a WebSocket, or what is wrong with it.
pub(crate) fn accept(headers: &HeaderMap) -> Result<HeaderMap, &'static str> {
    let has = |name, word: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(word))
    };
    if !has(CONNECTION, "upgrade") || !has(UPGRADE, "websocket") {
        return Err("this is a data channel: ask for a WebSocket\n");
    }
    if !has(SEC_WEBSOCKET_VERSION, "13") {
        return Err("only version 13 of the WebSocket protocol is spoken here\n");
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or("Sec-WebSocket-Key is missing\n")?;
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| "Sec-WebSocket-Key is no key\n")?;
    Ok(HeaderMap::from_iter([
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (SEC_WEBSOCKET_ACCEPT, accept),
    ]))
}

impl FarEnd {
    /// Take the connection that comes out of an upgrade, whose answer is on its way.
    pub(crate) fn open(&self, id: String, cell: String, upgrade: OnUpgrade) {
        let table = self.ground.table.clone();
        self.run(async move {
            let Ok(upgraded) = upgrade.await else { return };
            // The server serves nothing else.
            let Ok(parts) = upgraded.downcast::<TokioIo<Stream>>() else { return };
            let stream = parts.io.into_inner();
            let _ = tcp(&stream).set_nodelay(true);
            let read = parts.read_buf.to_vec();
            let mut socket = WebSocketStream::from_partially_read(stream, read, Role::Server, Some(settings())).await;
            let opening = tokio::time::timeout(OPENING_LIMIT, opening(&mut socket)).await.ok().flatten();
            let agent = opening.and_then(|opening| table.admit(&id, &cell, &opening.token, Instant::now()));
            // Without an agent the socket just closes: that is all a wrong token is told.
            match agent {
                Some(agent) => drop(agent.send(socket).await),
                None => drop(tokio::time::timeout(Duration::from_secs(1), socket.close(None)).await),
            }
        });
    }
}

/// The first message that is no ping.
async fn opening(socket: &mut Socket) -> Option<Opening> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return Opening::from_text(&text),
            Message::Ping(_) | Message::Pong(_) => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_documented_key_has_the_documented_answer() {
        let asked = headers(&[
            ("connection", "keep-alive, Upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ]);

        assert_eq!(accept(&asked).unwrap()[SEC_WEBSOCKET_ACCEPT], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(accept(&headers(&[("upgrade", "websocket")])).is_err());
    }

    #[test]
    fn a_path_names_its_session() {
        assert_eq!(session_of("/v1/data-channel/jane%40x-0a").as_deref(), Some("jane@x-0a"));
        assert_eq!(session_of("/v1/control-channel/x"), None);
        assert_eq!(cell_of("role=publish_subscribe&cell-number=AA%3D"), "AA=");
    }
}
