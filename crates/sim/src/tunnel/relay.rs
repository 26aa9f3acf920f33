//! The bytes of a tunnel: WebSocket frames on one side, a port of this computer on the other.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};

use crate::fault::TunnelFault;
use crate::stream::{Stream, tcp};

/// Bytes after which a fault of a tunnel happens, in either direction.
const SOON: u64 = 100;
/// How long an endpoint looks for whom it cannot connect to.
const SEARCH: Duration = Duration::from_millis(500);
/// How long a client that is told to go may take.
const LAST_READ: Duration = Duration::from_secs(1);
const PIECE: usize = 32 * 1024;
/// What a client may send in one frame: the AWS CLI sends 65,000 bytes at most.
const LONGEST_FRAME: usize = 65_000;

/// What ends a tunnel before its time.
pub(super) struct Limits {
    pub(super) life: Duration,
    pub(super) fault: Option<TunnelFault>,
}

type Socket = WebSocketStream<Stream>;

/// Carry bytes between the connection that comes out of `upgrade` and the port `target` of this computer.
pub(super) async fn relay(upgrade: OnUpgrade, target: Option<u16>, limits: Limits) {
    let Ok(upgraded) = upgrade.await else { return };
    // The server serves nothing else.
    let Ok(parts) = upgraded.downcast::<TokioIo<Stream>>() else { return };
    let stream = parts.io.into_inner();
    let _ = tcp(&stream).set_nodelay(true);
    let settings = WebSocketConfig::default().max_frame_size(Some(LONGEST_FRAME)).max_message_size(Some(LONGEST_FRAME));
    let mut socket = WebSocketStream::from_partially_read(stream, parts.read_buf.to_vec(), Role::Server, Some(settings)).await;
    let life = if limits.fault == Some(TunnelFault::Short) { Duration::from_secs(2) } else { limits.life };
    let deadline = Instant::now() + life;
    if limits.fault == Some(TunnelFault::Silent) {
        // Pings are answered: it is the instance that says nothing.
        let _ = timeout(life, async { while let Some(Ok(_)) = socket.next().await {} }).await;
        return;
    }
    let target = target.filter(|_| limits.fault != Some(TunnelFault::NoTarget));
    let connected = match target {
        Some(port) => TcpStream::connect(("127.0.0.1", port)).await.ok(),
        None => None,
    };
    let Some(stream) = connected else {
        tokio::time::sleep(SEARCH).await;
        return close(socket, CloseCode::Error, "Unable to connect to target").await;
    };
    let _ = stream.set_nodelay(true);
    carry(socket, stream, deadline, limits.fault).await;
}

/// How a tunnel ends.
enum End {
    Closed(CloseCode, &'static str),
    Broken(TunnelFault),
    /// The client has left.
    Gone,
}

/// Carry both ways at once: either end may take nothing until it has been given something.
async fn carry(socket: Socket, stream: TcpStream, deadline: Instant, fault: Option<TunnelFault>) {
    let (from_target, to_target) = stream.into_split();
    let (mut sink, mut messages) = socket.split();
    let carried = AtomicU64::new(0);
    // What is due of a fault after so many bytes more.
    let due = |count: usize| {
        let all = carried.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        fault.filter(|fault| all >= SOON && ends_it(*fault))
    };
    let end = tokio::select! {
        end = up(&mut messages, to_target, due) => end,
        end = down(from_target, &mut sink, fault, due) => end,
        () = sleep_until(deadline) => End::Closed(CloseCode::Away, "Tunnel duration exceeded"),
    };
    let Ok(socket) = sink.reunite(messages) else { return };
    match end {
        End::Closed(code, reason) => close(socket, code, reason).await,
        End::Broken(fault) => broken(socket, fault).await,
        End::Gone => {}
    }
}

async fn up(
    messages: &mut SplitStream<Socket>,
    mut to_target: OwnedWriteHalf,
    due: impl Fn(usize) -> Option<TunnelFault>,
) -> End {
    loop {
        match messages.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                let fault = due(bytes.len());
                if to_target.write_all(&bytes).await.is_err() {
                    return End::Closed(CloseCode::Normal, "");
                }
                if let Some(fault) = fault {
                    return End::Broken(fault);
                }
            }
            Some(Ok(Message::Text(_))) => return End::Closed(CloseCode::Unsupported, "text"),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return End::Gone,
            Some(Ok(_)) => {}
        }
    }
}

async fn down(
    mut from_target: OwnedReadHalf,
    sink: &mut SplitSink<Socket, Message>,
    fault: Option<TunnelFault>,
    due: impl Fn(usize) -> Option<TunnelFault>,
) -> End {
    let mut piece = vec![0; PIECE];
    loop {
        match from_target.read(&mut piece).await {
            Ok(0) | Err(_) => return End::Closed(CloseCode::Normal, ""),
            Ok(count) => {
                let due = due(count);
                let bytes = piece.get(..count).unwrap_or_default().to_vec();
                if send(sink, bytes, fault).await.is_err() {
                    return End::Gone;
                }
                if let Some(fault) = due {
                    return End::Broken(fault);
                }
            }
        }
    }
}

async fn send(sink: &mut SplitSink<Socket, Message>, bytes: Vec<u8>, fault: Option<TunnelFault>) -> Result<(), ()> {
    if fault != Some(TunnelFault::Fragments) || bytes.len() < 3 {
        return sink.send(Message::Binary(bytes.into())).await.map_err(drop);
    }
    let (start, rest) = bytes.split_at(bytes.len() / 3);
    let (middle, end) = rest.split_at(rest.len() / 2);
    let pieces = [(start, Data::Binary, false), (middle, Data::Continue, false), (end, Data::Continue, true)];
    for (piece, kind, is_last) in pieces {
        let frame = Frame::message(piece.to_vec(), OpCode::Data(kind), is_last);
        sink.send(Message::Frame(frame)).await.map_err(drop)?;
    }
    Ok(())
}

/// Whether the tunnel does not survive it.
fn ends_it(fault: TunnelFault) -> bool {
    !matches!(fault, TunnelFault::Short | TunnelFault::Fragments | TunnelFault::Silent | TunnelFault::NoTarget)
}

async fn broken(mut socket: Socket, fault: TunnelFault) {
    match fault {
        TunnelFault::Reset => _ = tcp(socket.get_ref()).set_zero_linger(),
        TunnelFault::Vanish => std::future::pending().await,
        TunnelFault::TextFrame => {
            let _ = socket.send(Message::text("hello")).await;
            let _ = timeout(LAST_READ, async { while let Some(Ok(_)) = socket.next().await {} }).await;
        }
        TunnelFault::Close => close(socket, CloseCode::Error, "\u{1b}[2Jno more\u{202e}").await,
        // The head of a binary frame without a mask, and less than it announces.
        TunnelFault::HalfFrame => raw(socket, &[0x82, 126, 0x10, 0x00, b'x', b'y']).await,
        TunnelFault::HugeFrame => raw(socket, &[0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0, b'x']).await,
        TunnelFault::Silent | TunnelFault::NoTarget | TunnelFault::Short | TunnelFault::Fragments => {}
    }
}

async fn raw(mut socket: Socket, bytes: &[u8]) {
    let _ = socket.flush().await;
    let stream = socket.get_mut();
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
    let _ = stream.shutdown().await;
    tokio::time::sleep(LAST_READ).await;
}

async fn close(mut socket: Socket, code: CloseCode, reason: &'static str) {
    let closing = async {
        if socket.close(Some(CloseFrame { code, reason: reason.into() })).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    let _ = timeout(LAST_READ, closing).await;
}
