//! The bare WebSocket relay that the benches compare with: a TCP port, binary messages over `ws://`, a TCP port, and nothing else.
//!
//! `relay far SERVICE_PORT PAYLOAD MANNER` takes WebSockets and dials the service for each; `relay near WEBSOCKET_PORT PAYLOAD MANNER`
//! takes TCP connections and opens a WebSocket for each. Both print their port. The manner says how messages leave and bytes are handed
//! on: `each` by itself, several `together` while there are more, or `paced`, each with a millisecond's sleep behind it.

#![expect(clippy::print_stdout, reason = "the port is what it has to say")]

use std::error::Error;
use std::time::Duration;

use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufWriter};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config, client_async_with_config};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const BUFFER: usize = 64 * 1024;
const PAUSE: Duration = Duration::from_millis(1);
const USAGE: &str = "relay far|near PORT PAYLOAD each|together|paced";

/// How messages leave, and bytes are handed on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Each,
    Together,
    Paced,
}

/// What a relay does with each connection.
#[derive(Clone, Copy)]
struct Relay {
    is_near: bool,
    to: u16,
    payload: usize,
    manner: Manner,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, to, payload, manner] = arguments.as_slice() else { return Err(USAGE.into()) };
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
    let relay = Relay { is_near, to: to.parse()?, payload: payload.parse()?, manner };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(relay.carry(stream));
    }
}

impl Relay {
    /// Whatever goes wrong ends the connection, and whoever measures sees that.
    async fn carry(self, accepted: TcpStream) -> Outcome<()> {
        accepted.set_nodelay(true)?;
        let dialled = TcpStream::connect(("127.0.0.1", self.to)).await?;
        dialled.set_nodelay(true)?;
        let (socket, plain) = if self.is_near {
            let address = format!("ws://127.0.0.1:{}/", self.to);
            (client_async_with_config(address, dialled, Some(settings())).await?.0, accepted)
        } else {
            (accept_async_with_config(accepted, Some(settings())).await?, dialled)
        };
        let (reader, writer) = plain.into_split();
        self.relay(socket, reader, writer).await
    }

    async fn relay(self, socket: WebSocketStream<TcpStream>, mut reader: OwnedReadHalf, writer: OwnedWriteHalf) -> Outcome<()> {
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
