//! The bare WebSocket relay that the benches compare with: a TCP port, binary messages over `ws://`, a TCP port, and nothing else.
//!
//! `relay far SERVICE_PORT PAYLOAD MANNER [CERTIFICATE KEY]` takes WebSockets and dials the service for each; `relay near WEBSOCKET_PORT PAYLOAD MANNER`
//! takes TCP connections and opens a WebSocket for each. Both print their port. The manner says how messages leave and bytes are handed
//! on: `each` by itself, several `together` while there are more, or `paced`, each with a millisecond's sleep behind it. With the files of a
//! certificate of `localhost` and its key, the WebSockets are over TLS.

#![expect(clippy::print_stdout, reason = "the port is what it has to say")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufWriter};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config, client_async_with_config};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const BUFFER: usize = 64 * 1024;
const PAUSE: Duration = Duration::from_millis(1);
const USAGE: &str = "relay far|near PORT PAYLOAD each|together|paced [CERTIFICATE KEY]";

/// What WebSockets are laid over.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Both sides of TLS.
#[derive(Clone)]
struct Tls {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
}

impl Tls {
    fn new(certificate: &str, key: &str) -> Outcome<Self> {
        let certificate = CertificateDer::from_pem_file(certificate)?;
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone())?;
        let server = ServerConfig::builder().with_no_client_auth();
        let server = server.with_single_cert(vec![certificate], PrivateKeyDer::from_pem_file(key)?)?;
        let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Ok(Self { acceptor: Arc::new(server).into(), connector: Arc::new(client).into() })
    }
}

/// How messages leave, and bytes are handed on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Each,
    Together,
    Paced,
}

/// What a relay does with each connection.
#[derive(Clone)]
struct Relay {
    is_near: bool,
    to: u16,
    payload: usize,
    manner: Manner,
    tls: Option<Tls>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (words, tls) = match arguments.as_slice() {
        [words @ .., certificate, key] if words.len() == 4 => (words, Some(Tls::new(certificate, key)?)),
        words => (words, None),
    };
    let [role, to, payload, manner] = words else { return Err(USAGE.into()) };
    let is_near = match role.as_str() {
        "near" => true,
        "far" => false,
        _ => return Err(USAGE.into()),
    };
    let manner = match manner.as_str() {
        "each" => Manner::Each,
        "together" => Manner::Together,
        "paced" => Manner::Paced,
        _ => return Err(USAGE.into()),
    };
    let relay = Relay { is_near, to: to.parse()?, payload: payload.parse()?, manner, tls };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(relay.clone().carry(stream));
    }
}

impl Relay {
    /// Whatever goes wrong ends the connection, and whoever measures sees that.
    async fn carry(self, accepted: TcpStream) -> Outcome<()> {
        accepted.set_nodelay(true)?;
        let dialled = TcpStream::connect(("127.0.0.1", self.to)).await?;
        dialled.set_nodelay(true)?;
        let (carrier, plain) = if self.is_near { (dialled, accepted) } else { (accepted, dialled) };
        let carrier: Box<dyn Stream> = match &self.tls {
            None => Box::new(carrier),
            Some(tls) if self.is_near => Box::new(tls.connector.connect(ServerName::try_from("localhost")?, carrier).await?),
            Some(tls) => Box::new(tls.acceptor.accept(carrier).await?),
        };
        let socket = if self.is_near {
            client_async_with_config(format!("ws://127.0.0.1:{}/", self.to), carrier, Some(settings())).await?.0
        } else {
            accept_async_with_config(carrier, Some(settings())).await?
        };
        let (reader, writer) = plain.into_split();
        self.relay(socket, reader, writer).await
    }

    async fn relay(
        self,
        socket: WebSocketStream<Box<dyn Stream>>,
        mut reader: OwnedReadHalf,
        writer: OwnedWriteHalf,
    ) -> Outcome<()> {
        let (mut sink, mut messages) = socket.split();
        let mut writer = BufWriter::with_capacity(BUFFER, writer);
        let sending = async {
            let mut buffer = vec![0; BUFFER];
            loop {
                let length = reader.read(&mut buffer).await?;
                if length == 0 {
                    return Ok::<_, Box<dyn Error + Send + Sync>>(sink.close().await?);
                }
                for piece in buffer.get(..length).unwrap_or_default().chunks(self.payload) {
                    sink.feed(Message::Binary(Bytes::copy_from_slice(piece))).await?;
                    if self.manner != Manner::Together {
                        sink.flush().await?;
                    }
                    if self.manner == Manner::Paced {
                        // The runtime's own sleep is up to a millisecond longer, which would flatter whoever is compared with this.
                        std::thread::sleep(PAUSE);
                    }
                }
                sink.flush().await?;
            }
        };
        let receiving = async {
            let mut next = messages.next().await;
            while let Some(message) = next {
                if let Message::Binary(bytes) = message? {
                    writer.write_all(&bytes).await?;
                }
                let ready = if self.manner == Manner::Together { messages.next().now_or_never() } else { None };
                next = match ready {
                    Some(next) => next,
                    None => {
                        writer.flush().await?;
                        messages.next().await
                    }
                };
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(writer.shutdown().await?)
        };
        tokio::try_join!(sending, receiving).map(|_| ())
    }
}

fn settings() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(BUFFER).write_buffer_size(BUFFER)
}
