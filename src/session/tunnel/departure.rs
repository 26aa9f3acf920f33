//! Whether a local program that sends no more is gone, or waits for an answer.
//!
//! On the wire both look the same: a FIN. But the far side cannot be told of a half-closed connection, so it would hold a connection that
//! nobody has any more for half a minute, and with an old agent the next one would wait for it. This computer knows the difference.

use std::future::pending;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsFd as _;
use std::time::Duration;

use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::time::sleep;
use tokio_util::either::Either;

use super::listener::Local;

/// A program that closes at once is seen at the first look.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const LATEST_LOOK: Duration = Duration::from_secs(5);

/// How to find out about the other end of one connection.
pub(super) enum Departure {
    /// The two addresses as the other end sees them.
    Tcp {
        its: SocketAddr,
        ours: SocketAddr,
    },
    Unix(UnixStream),
    /// It cannot be told.
    Unknown,
}

impl Departure {
    pub(super) fn of(local: &Local) -> Self {
        match local {
            Either::Left(tcp) => match (tcp.peer_addr(), tcp.local_addr()) {
                // Of other computers nothing is known here.
                (Ok(its), Ok(ours)) if its.ip().is_loopback() => Self::Tcp { its, ours },
                _ => Self::Unknown,
            },
            Either::Right(unix) => {
                let copy = unix.as_fd().try_clone_to_owned().map(std::os::unix::net::UnixStream::from);
                copy.and_then(UnixStream::from_std).map_or(Self::Unknown, Self::Unix)
            }
        }
    }

    /// Ends when the program is surely gone. Ask when it sends no more.
    pub(super) async fn seen(&self) {
        match self {
            Self::Unknown => pending().await,
            Self::Unix(stream) => loop {
                match stream.ready(Interest::WRITABLE).await {
                    Ok(ready) if ready.is_write_closed() => return,
                    Ok(_) => sleep(LATEST_LOOK / 10).await,
                    Err(_) => return pending().await,
                }
            },
            Self::Tcp { its, ours } => {
                let mut pause = FIRST_LOOK;
                loop {
                    sleep(pause).await;
                    if is_orphan(*its, *ours) {
                        return;
                    }
                    pause = (pause * 3).min(LATEST_LOOK);
                }
            }
        }
    }
}

/// Whether the socket with these addresses belongs to no process any more; Linux tells, others do not.
fn is_orphan(its: SocketAddr, ours: SocketAddr) -> bool {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    tables.iter().any(|table| is_orphan_in(table, its, ours))
}

fn is_orphan_in(table: &str, its: SocketAddr, ours: SocketAddr) -> bool {
    let pairs = [[written(its), written(ours)], [written(mapped(its)), written(mapped(ours))]];
    table.lines().any(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (Some(from), Some(to)) = (fields.next(), fields.next()) else { return false };
        // A socket without an inode is one that its program has closed.
        pairs.iter().any(|pair| pair[0] == from && pair[1] == to) && fields.nth(6) == Some("0")
    })
}

/// A program may reach an IPv4 address by a socket of IPv6.
fn mapped(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) => SocketAddr::new(ip.to_ipv6_mapped().into(), address.port()),
        IpAddr::V6(_) => address,
    }
}

/// An address as the kernel's table has it: words of four bytes, each a number in its own byte order.
fn written(address: SocketAddr) -> String {
    let bytes = match address.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let words = bytes.chunks_exact(4).filter_map(|word| word.try_into().ok()).map(u32::from_ne_bytes);
    let words: String = words.map(|word| format!("{word:08X}")).collect();
    format!("{words}:{:04X}", address.port())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::{Shutdown, TcpListener, TcpStream};

    use tokio::time::timeout;

    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_program_that_closed_is_gone_and_one_that_only_sends_no_more_is_not() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let program = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut ours, its) = listener.accept().unwrap();
            let departure = Departure::Tcp { its, ours: ours.local_addr().unwrap() };
            let is_gone = |limit: u64| timeout(Duration::from_millis(limit), departure.seen());

            program.shutdown(Shutdown::Write).unwrap();
            assert_eq!(ours.read(&mut [0]).unwrap(), 0);
            assert!(is_gone(700).await.is_err(), "{address}: it waits for an answer");

            drop(program);
            assert!(is_gone(5_000).await.is_ok(), "{address}");
        }
    }

    #[tokio::test]
    async fn a_program_at_a_socket_is_gone_when_it_closed_both_ways() {
        let (program, ours) = UnixStream::pair().unwrap();
        let departure = Departure::of(&Either::Right(ours));
        let program = program.into_std().unwrap();

        program.shutdown(Shutdown::Write).unwrap();
        assert!(timeout(Duration::from_millis(700), departure.seen()).await.is_err());

        drop(program);
        assert!(timeout(Duration::from_secs(5), departure.seen()).await.is_ok());
    }
}
