//! Whether a connection ended between two WebSocket frames or inside of one (RFC 6455 section 5.2).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The bytes of a head before its length is known.
const SHORTEST_HEAD: usize = 2;

/// A connection whose incoming frames are counted. The head of the upgrade's answer has passed before it is switched on.
#[derive(Debug)]
pub struct Counted<T> {
    wire: T,
    boundary: Boundary,
    head: Head,
    frames: Frames,
}

/// Where the incoming bytes stand.
#[derive(Debug, Clone, Default)]
pub struct Boundary(Arc<AtomicBool>);

impl Boundary {
    /// Whether the last byte that came is not the last of a frame.
    pub fn is_inside_of_a_frame(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The head of an HTTP answer, which ends with an empty line.
#[derive(Debug, Default)]
struct Head {
    is_over: bool,
    matched: usize,
}

impl Head {
    const END: &'static [u8] = b"\r\n\r\n";

    /// How many of `bytes` belong to it.
    fn take(&mut self, bytes: &[u8]) -> usize {
        for (at, byte) in bytes.iter().enumerate() {
            if self.is_over {
                return at;
            }
            let wanted = Self::END.get(self.matched);
            self.matched = if wanted == Some(byte) { self.matched + 1 } else { usize::from(*byte == b'\r') };
            self.is_over = self.matched == Self::END.len();
        }
        bytes.len()
    }
}

/// Frames passing by: how much of the present one is still to come.
#[derive(Debug, Default)]
struct Frames {
    head: Vec<u8>,
    payload: u64,
}

impl Frames {
    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.payload > 0 {
                let here = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
                self.payload -= here as u64;
                bytes = bytes.get(here..).unwrap_or_default();
                continue;
            }
            let (first, rest) = bytes.split_at(1);
            self.head.extend_from_slice(first);
            bytes = rest;
            if let Some(length) = length(&self.head) {
                self.payload = length;
                self.head.clear();
            }
        }
    }

    fn is_inside(&self) -> bool {
        self.payload > 0 || !self.head.is_empty()
    }
}

/// The length of the payload behind a whole head; none while more of the head is to come.
fn length(head: &[u8]) -> Option<u64> {
    let second = *head.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let (extended, short) = match second & 0x7f {
        126 => (2, None),
        127 => (8, None),
        short => (0, Some(u64::from(short))),
    };
    if head.len() < SHORTEST_HEAD + extended + mask {
        return None;
    }
    let long = || head.get(SHORTEST_HEAD..SHORTEST_HEAD + extended).unwrap_or_default();
    Some(short.unwrap_or_else(|| long().iter().fold(0, |length, byte| length << 8 | u64::from(*byte))))
}

impl<T> Counted<T> {
    /// Count what comes over `wire`, and tell `boundary`. The first that comes is the answer to an upgrade.
    pub(super) fn new(wire: T, boundary: Boundary) -> Self {
        Self { wire, boundary, head: Head::default(), frames: Frames::default() }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Counted<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.wire).poll_read(cx, into))?;
        let came = into.filled().get(before..).unwrap_or_default();
        let of_head = self.head.take(came);
        self.frames.take(came.get(of_head..).unwrap_or_default());
        self.boundary.0.store(self.frames.is_inside(), Ordering::Release);
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Counted<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    fn frame(length: usize) -> Vec<u8> {
        let mut frame = vec![0x82];
        match length {
            0..=125 => frame.push(length as u8),
            126..=65_535 => frame.extend([&[126], (length as u16).to_be_bytes().as_slice()].concat()),
            _ => frame.extend([&[127], (length as u64).to_be_bytes().as_slice()].concat()),
        }
        frame.resize(frame.len() + length, b'x');
        frame
    }

    /// Whether the reader is inside of a frame after each of these pieces.
    async fn inside_after(pieces: &[&[u8]]) -> Vec<bool> {
        let boundary = Boundary::default();
        let mut said = Vec::new();
        let (near, mut far) = tokio::io::duplex(1 << 20);
        let mut counted = Counted::new(near, boundary.clone());
        for piece in pieces {
            tokio::io::AsyncWriteExt::write_all(&mut far, piece).await.unwrap();
            let mut read = vec![0; piece.len()];
            counted.read_exact(&mut read).await.unwrap();
            said.push(boundary.is_inside_of_a_frame());
        }
        said
    }

    #[tokio::test]
    async fn every_cut_of_a_frame_is_inside_and_its_end_is_not() {
        const HEAD: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
        for length in [0, 1, 125, 126, 70_000] {
            let frame = frame(length);
            for cut in [1, 2, 3, frame.len() / 2, frame.len() - 1] {
                let Some((start, rest)) =
                    frame.split_at_checked(cut).filter(|(start, rest)| !start.is_empty() && !rest.is_empty())
                else {
                    continue;
                };
                // Once apart from the head, once in one piece with it.
                assert_eq!(inside_after(&[HEAD, start, rest]).await, [false, true, false], "{length} at {cut}");
                let together = [HEAD, start].concat();
                assert_eq!(inside_after(&[&together, rest, &frame]).await, [true, false, false], "{length} at {cut}");
            }
        }
    }

    #[tokio::test]
    async fn the_end_of_the_head_may_be_cut_anywhere() {
        let head = b"HTTP/1.1 101 x\r\n\r\r\n\r\n".as_slice();
        for cut in 1..head.len() {
            let (start, rest) = head.split_at(cut);
            assert_eq!(inside_after(&[start, rest, &frame(3)]).await, [false, false, false]);
        }
    }
}
