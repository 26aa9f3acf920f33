//! The way through an HTTP proxy.

use std::sync::Arc;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::address::{first_of, unhurried};
use super::failed::{Failed, deepest};
use super::server::Server;
use super::wire::Wire;
use crate::model::Untrusted;

/// Longest head of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;

/// The proxy that the environment wants for this server (`HTTPS_PROXY`, `ALL_PROXY`, unless `NO_PROXY` names the host).
pub(super) fn of(server: Server<'_>) -> Option<Intercept> {
    let destination = format!("https://{}/", server.authority()).parse().ok()?;
    Matcher::from_env().intercept(&destination)
}

/// A connection to `server` through `proxy`, to which it goes under TLS where the proxy's address begins with `https`. The proxy sees the
/// host's name and bytes that are sealed.
pub(super) async fn through(proxy: &Intercept, server: Server<'_>, tls: &Arc<ClientConfig>) -> Result<Box<dyn Wire>, Failed> {
    let host = proxy.uri().host().unwrap_or_default().to_owned();
    let refused = |cause: Untrusted| Failed::Proxy { host: host.clone(), cause };
    let is_sealed = match proxy.uri().scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(refused("only http:// and https:// proxies can be used".into())),
    };
    let port = proxy.uri().port_u16().unwrap_or(if is_sealed { 443 } else { 80 });
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let stream = async { unhurried(first_of(&bare, port).await?) }.await.map_err(|error| refused(deepest(&error)))?;
    let mut stream: Box<dyn Wire> = if is_sealed {
        let name = ServerName::try_from(bare).map_err(|error| refused(deepest(&error)))?;
        let sealed = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
        Box::new(sealed.map_err(|error| refused(deepest(&error)))?)
    } else {
        Box::new(stream)
    };
    let authority = server.authority();
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes();
    if let Some(credentials) = proxy.basic_auth() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(credentials.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|error| refused(deepest(&error)))?;
    stream.flush().await.map_err(|error| refused(deepest(&error)))?;
    let head = head(&mut stream).await.map_err(|error| refused(deepest(&error)))?;
    let status = head.lines().next().unwrap_or_default();
    match status.split_ascii_whitespace().nth(1) {
        Some(code) if code.len() == 3 && code.starts_with('2') => Ok(stream),
        _ => Err(refused(status.chars().take(200).collect::<String>().into())),
    }
}

/// The head of the answer and not one byte more: what follows belongs to the server.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the answer is too long"));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
