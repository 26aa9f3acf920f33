//! `CONNECT`: asking an HTTP proxy for a connection (RFC 9110 section 9.3.6).

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::denied::Denied;
use super::refusal::in_words;
use super::server::Server;

/// Longest head of a proxy's answer.
const LONGEST_HEAD: usize = 16 * 1024;
/// Longest text of a status that is kept.
const LONGEST_STATUS: usize = 100;

/// Ask for `server`. The proxy sees the host's name, and from then on bytes that are sealed.
pub(super) async fn connect(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    server: Server<'_>,
    authorization: Option<&[u8]>,
) -> Result<(), Denied> {
    let authority = server.authority();
    let mut request = zeroize::Zeroizing::new(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes());
    if let Some(credentials) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(credentials);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let asked = async {
        stream.write_all(&request).await?;
        stream.flush().await?;
        head(stream).await
    };
    let head = asked.await.map_err(|error| Denied::passing(in_words(&error)))?;
    let status = head.lines().next().unwrap_or_default();
    let mut words = status.splitn(3, ' ');
    let (version, code, reason) = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next());
    match code {
        _ if !version.starts_with("HTTP/1.") => Err(Denied::lasting("its answer is not one of an HTTP proxy")),
        code if code.len() == 3 && code.starts_with('2') => Ok(()),
        "407" if authorization.is_some() => Err(Denied::lasting("it does not take the user name and the password")),
        "407" => Err(Denied::lasting("it wants a user name and a password")),
        code => {
            let said: String = format!("{code} {}", reason.unwrap_or_default()).trim().chars().take(LONGEST_STATUS).collect();
            Err(Denied::passing(format!("it refuses to ({said})").into()))
        }
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
