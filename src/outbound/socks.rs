//! Asking a SOCKS5 proxy for a connection (RFC 1928, RFC 1929).

use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::task::{Context, Poll};

use hyper::Uri;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::address::addresses;
use super::denied::Denied;
use super::proxy::{Resolver, SocksLogin};
use super::refusal::in_words;
use super::server::Server;

/// Ask for `server` over a connection to the proxy.
pub(super) async fn connect(
    stream: TcpStream,
    server: Server<'_>,
    resolver: Resolver,
    login: Option<&SocksLogin>,
) -> Result<TcpStream, Denied> {
    let address;
    let target = match resolver {
        Resolver::Here if server.host.parse::<IpAddr>().is_err() => {
            address = looked_up(server).await?.to_string();
            Server { host: &address, port: server.port }
        }
        _ => server,
    };
    let no_address = |_| Denied::lasting("it does not know this kind of address");
    let target = format!("https://{}/", target.authority()).parse().map_err(no_address)?;
    // Where the proxy is was said by whoever made the connection.
    let mut asking = SocksV5::new(Uri::from_static("socks5://proxy"), Made(Some(TokioIo::new(stream))));
    if let Some(SocksLogin { user, password }) = login {
        asking = asking.with_auth(user.to_string(), password.to_string());
    }
    let asked = asking.call(target).await;
    asked.map(TokioIo::into_inner).map_err(|error| denied(&error.to_string(), login.is_some()))
}

/// An address as this computer looks it up; one of IPv4 is preferred: not every proxy has a way to the others.
async fn looked_up(server: Server<'_>) -> Result<IpAddr, Denied> {
    let known = addresses(server).await.map_err(|error| Denied::passing(in_words(&error)))?;
    let address = known.iter().find(|address| address.is_ipv4()).or(known.first());
    address.map(|address| address.ip()).ok_or_else(|| Denied::passing("name not found".into()))
}

/// The library's words in ours: it shows its errors, but does not name their types.
fn denied(said: &str, has_login: bool) -> Denied {
    let lasting = |ours| Some(Denied::lasting(ours));
    let passing = |ours: &str| Some(Denied::passing(ours.into()));
    let known = match said.strip_prefix("SOCKS error: ").unwrap_or(said) {
        "server does not support user/pass authentication" | "server implements authentication incorrectly" if has_login => {
            lasting("it takes no user name and password")
        }
        "server does not support user/pass authentication" => lasting("it wants a user name and a password"),
        "credentials not accepted" => lasting("it does not take the user name and the password"),
        "connection not allowed" => lasting("it refuses to"),
        "network unreachable" => passing("the network there cannot be reached"),
        "host unreachable" | "ttl expired" => passing("the host cannot be reached from there"),
        "connection refused" => passing("the host refuses the connection"),
        "general server failure" => passing("it failed and does not say why"),
        "command not supported" | "address type not supported" => lasting("it does not know this kind of address"),
        "io error during SOCKS handshake" => passing("it closes the connection"),
        // Its buffer holds both.
        "failed serialize request" => lasting("the login and the name of the host are too long together"),
        _ => None,
    };
    known.unwrap_or_else(|| Denied::lasting("its answer is not one of a SOCKS5 proxy"))
}

/// A connection that stands already.
struct Made(Option<TokioIo<TcpStream>>);

impl Service<Uri> for Made {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use zeroize::Zeroizing;

    use super::*;

    /// What is said of a proxy that answers so, byte by byte, and of nothing else.
    async fn told(answers: &'static [&'static [u8]], login: Option<(&str, &str)>) -> Option<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut proxy, _) = listener.accept().await.unwrap();
        let answering = tokio::spawn(async move {
            for answer in answers {
                let mut asked = [0; 600];
                let _ = proxy.read(&mut asked).await.unwrap();
                for byte in *answer {
                    proxy.write_all(&[*byte]).await.unwrap();
                }
            }
        });
        let own = |text: &str| Zeroizing::new(text.to_owned());
        let login = login.map(|(user, password)| SocksLogin { user: own(user), password: own(password) });
        let server = Server { host: "ssm.eu-west-1.amazonaws.com", port: 443 };
        let outcome = connect(stream, server, Resolver::Proxy, login.as_ref()).await;
        answering.await.unwrap();
        outcome.err().map(|denied| denied.cause.raw().to_owned())
    }

    #[tokio::test]
    async fn each_answer_is_told_in_words() {
        let login = Some(("jane", "word"));
        assert_eq!(told(&[&[5, 0], &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]], None).await, None);
        assert_eq!(told(&[&[5, 2], &[1, 0], &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]], login).await, None);
        for (reply, expected) in [
            (1, "it failed and does not say why"),
            (2, "it refuses to"),
            (3, "the network there cannot be reached"),
            (4, "the host cannot be reached from there"),
            (5, "the host refuses the connection"),
            (6, "the host cannot be reached from there"),
            (7, "it does not know this kind of address"),
            (8, "it does not know this kind of address"),
            (9, "its answer is not one of a SOCKS5 proxy"),
        ] {
            let answer: &'static [u8] = Box::leak(Box::new([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
            let answers: &'static [&'static [u8]] = Box::leak(Box::new([&[5, 0], answer]));
            assert_eq!(told(answers, None).await.as_deref(), Some(expected), "{reply}");
        }
        assert_eq!(told(&[&[5, 0xff]], None).await.as_deref(), Some("it wants a user name and a password"));
        assert_eq!(told(&[&[5, 0xff]], login).await.as_deref(), Some("it takes no user name and password"));
        assert_eq!(told(&[&[5, 0]], login).await.as_deref(), Some("it takes no user name and password"));
        let refused = told(&[&[5, 2], &[1, 1]], login).await;
        assert_eq!(refused.as_deref(), Some("it does not take the user name and the password"));
        assert_eq!(
            told(&[b"HTTP/1.1 400 Bad Request\r\n\r\n"], None).await.as_deref(),
            Some("its answer is not one of a SOCKS5 proxy")
        );
        assert_eq!(told(&[&[5]], None).await.as_deref(), Some("it closes the connection"));
        let long: &'static str = Box::leak("w".repeat(250).into_boxed_str());
        let too_long = told(&[&[5, 2], &[1, 0]], Some(("jane", long))).await;
        assert_eq!(too_long.as_deref(), Some("the login and the name of the host are too long together"));
    }
}
