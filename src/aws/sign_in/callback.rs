//! Where the browser comes back to: one address on this computer, for the time of one sign-in.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// Most bytes of a request's head.
const LONGEST_HEAD: usize = 16 * 1024;
/// How long a connection may take: browsers open some that say nothing.
const LONGEST_CONNECTION: Duration = Duration::from_secs(10);
const PATH: &str = "/oauth/callback";

/// The listener.
pub(super) struct Callback {
    listener: TcpListener,
    port: u16,
}

/// What the browser brought back.
pub(super) enum Returned {
    /// A code, which is good for one call.
    Code(Zeroizing<String>),
    /// The person, or the service, said no.
    Refused(String),
}

impl Callback {
    pub(super) async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// What is told the service, with this port.
    pub(super) fn redirect(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Wait for the browser that was sent out with this `state`. Whatever else comes is sent away.
    pub(super) async fn returned(self, state: &str, page: &str) -> Returned {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    let (state, page, port) = (state.to_owned(), page.to_owned(), self.port);
                    connections.spawn(async move { timeout(LONGEST_CONNECTION, answer(stream, &state, &page, port)).await });
                }
                Some(answered) = connections.join_next() => {
                    if let Ok(Ok(Some(returned))) = answered {
                        return returned;
                    }
                }
            }
        }
    }
}

/// Read one request and answer it. `None`: it is not the one that is waited for.
async fn answer(mut stream: TcpStream, state: &str, page: &str, port: u16) -> Option<Returned> {
    let head = head(&mut stream).await?;
    let returned = understood(&head, state, port);
    let (status, body) = match &returned {
        Some(_) => ("200 OK", page),
        None => ("404 Not Found", ""),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    returned
}

async fn head(stream: &mut TcpStream) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it at once: what moves leaves copies behind.
    let mut head = Zeroizing::new(Vec::with_capacity(LONGEST_HEAD));
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() == LONGEST_HEAD || stream.read_buf(&mut *head).await.ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

/// The answer in a request of the browser that was sent out.
fn understood(head: &[u8], state: &str, port: u16) -> Option<Returned> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let target = lines.next()?.strip_prefix("GET ")?.split(' ').next()?;
    let host = lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("host"))?.1.trim();
    // A page elsewhere may send its readers here under a name of its own.
    let is_ours = ["127.0.0.1", "localhost"].into_iter().any(|name| host == format!("{name}:{port}"));
    let (path, query) = target.split_once('?')?;
    if !is_ours || path != PATH {
        return None;
    }
    let value = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    if value("state").as_deref() != Some(state) {
        return None;
    }
    match (value("code").filter(|code| !code.is_empty()), value("error")) {
        (Some(code), None) => Some(Returned::Code(Zeroizing::new(code))),
        (_, Some(error)) => Some(Returned::Refused(error)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, host: &str) -> Vec<u8> {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").into_bytes()
    }

    #[test]
    fn only_the_browser_that_was_sent_out_is_heard() {
        let heard = |target: &str, host: &str| understood(&request(target, host), "STATE", 4_000);

        assert!(
            matches!(heard("/oauth/callback?code=C%2B1&state=STATE", "127.0.0.1:4000"), Some(Returned::Code(code)) if *code == "C+1")
        );
        assert!(
            matches!(heard("/oauth/callback?error=access_denied&state=STATE", "localhost:4000"), Some(Returned::Refused(why)) if why == "access_denied")
        );
        for (target, host) in [
            ("/oauth/callback?code=C&state=OTHER", "127.0.0.1:4000"),
            ("/oauth/callback?code=C", "127.0.0.1:4000"),
            ("/oauth/callback?state=STATE", "127.0.0.1:4000"),
            ("/oauth/callback?code=&state=STATE", "127.0.0.1:4000"),
            ("/oauth/callback", "127.0.0.1:4000"),
            ("/elsewhere?code=C&state=STATE", "127.0.0.1:4000"),
            ("/oauth/callback?code=C&state=STATE", "evil.example:4000"),
            ("/oauth/callback?code=C&state=STATE", "127.0.0.1:4001"),
        ] {
            assert!(heard(target, host).is_none(), "{target} {host}");
        }
        assert!(
            understood(b"POST /oauth/callback?code=C&state=STATE HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n", "STATE", 4_000)
                .is_none()
        );
        assert!(understood(b"\xff\xfe", "STATE", 4_000).is_none());
    }

    #[tokio::test]
    async fn foreign_and_silent_connections_hold_up_nothing() {
        let callback = Callback::open().await.unwrap();
        let port = callback.port;
        let waiting = tokio::spawn(async move { callback.returned("STATE", "<p>done").await });
        let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let ask = async |target: &str| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(&request(target, &format!("127.0.0.1:{port}"))).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };

        assert!(ask("/favicon.ico").await.starts_with("HTTP/1.1 404"));
        assert!(ask("/oauth/callback?code=C&state=FORGED").await.starts_with("HTTP/1.1 404"));
        let page = ask("/oauth/callback?code=C&state=STATE").await;

        assert!(page.starts_with("HTTP/1.1 200 OK") && page.ends_with("<p>done"), "{page}");
        assert!(page.contains("Referrer-Policy: no-referrer") && !page.contains("script"), "{page}");
        assert!(matches!(waiting.await.unwrap(), Returned::Code(code) if *code == "C"));
        assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "it is closed");
    }
}
