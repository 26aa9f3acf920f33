//! The way through an HTTP proxy.

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::address::first_of;
use super::link_error::{LinkError, deepest};
use crate::aws::StreamUrl;
use crate::model::Untrusted;

/// Longest head of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;

/// The proxy that the environment wants for this address (`HTTPS_PROXY`, `ALL_PROXY`, unless `NO_PROXY` names the host).
pub(super) fn of(url: &StreamUrl) -> Option<Intercept> {
    let destination = format!("https://{}/", url.uri().authority()?).parse().ok()?;
    Matcher::from_env().intercept(&destination)
}

/// A connection to the gateway through `proxy`. The proxy sees the host's name and bytes that are sealed.
pub(super) async fn through(proxy: &Intercept, url: &StreamUrl) -> Result<TcpStream, LinkError> {
    let host = proxy.uri().host().unwrap_or_default().to_owned();
    let refused = |cause: Untrusted| LinkError::Proxy { host: host.clone(), cause };
    if proxy.uri().scheme_str() != Some("http") {
        return Err(refused("only http:// proxies can be used".into()));
    }
    let port = proxy.uri().port_u16().unwrap_or(80);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let mut stream = first_of(bare, port).await.map_err(|error| refused(deepest(&error)))?;
    let authority = match url.host() {
        address if address.contains(':') => format!("[{address}]:{}", url.port()),
        name => format!("{name}:{}", url.port()),
    };
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes();
    if let Some(credentials) = proxy.basic_auth() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(credentials.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|error| refused(deepest(&error)))?;
    let head = head(&mut stream).await.map_err(|error| refused(deepest(&error)))?;
    let status = head.lines().next().unwrap_or_default();
    match status.split_ascii_whitespace().nth(1) {
        Some(code) if code.len() == 3 && code.starts_with('2') => Ok(stream),
        _ => Err(refused(status.chars().take(200).collect::<String>().into())),
    }
}

/// The head of the answer and not one byte more: what follows belongs to the gateway.
async fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LONGEST_HEAD {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the answer is too long"));
        }
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
