//! SOCKS5 as far as a tunnel needs it: CONNECT without a login (RFC 1928). Names go to the far side as they are.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::model::{Destination, Host};

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const NO_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;

/// What a client is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Granted = 0,
    Failed = 1,
    NotAllowed = 2,
    NoSuchCommand = 7,
    NoSuchAddress = 8,
}

/// Where the client wants to go; `None` if it does not speak SOCKS5 or wants what is not offered, and has been told so.
pub(crate) async fn asked(client: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<Option<Destination>> {
    if client.read_u8().await? != VERSION {
        return Ok(None);
    }
    let mut methods = vec![0; usize::from(client.read_u8().await?)];
    client.read_exact(&mut methods).await?;
    if !methods.contains(&NO_LOGIN) {
        client.write_all(&[VERSION, NO_METHOD]).await?;
        return Ok(None);
    }
    client.write_all(&[VERSION, NO_LOGIN]).await?;
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    let [version, command, _, kind] = head;
    if version != VERSION {
        return Ok(None);
    }
    let host = match kind {
        1 => IpAddr::from(Ipv4Addr::from(client.read_u32().await?)).to_string(),
        3 => {
            let mut name = vec![0; usize::from(client.read_u8().await?)];
            client.read_exact(&mut name).await?;
            String::from_utf8_lossy(&name).into_owned()
        }
        4 => IpAddr::from(Ipv6Addr::from(client.read_u128().await?)).to_string(),
        _ => {
            answer(client, Answer::NoSuchAddress).await?;
            return Ok(None);
        }
    };
    let port = client.read_u16().await?;
    if command != CONNECT {
        answer(client, Answer::NoSuchCommand).await?;
        return Ok(None);
    }
    match host.parse::<Host>() {
        Ok(host) if port != 0 => Ok(Some(Destination::of(host, port))),
        _ => {
            answer(client, Answer::NoSuchAddress).await?;
            Ok(None)
        }
    }
}

/// Tell the client how it went. Our end of the connection is nobody's business, so its address is left empty.
pub(crate) async fn answer(client: &mut (impl AsyncWrite + Unpin), answer: Answer) -> io::Result<()> {
    client.write_all(&[VERSION, answer as u8, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn told(bytes: &[u8]) -> (Option<Destination>, Vec<u8>) {
        let (mut near, mut far) = tokio::io::duplex(1024);
        near.write_all(bytes).await.unwrap();
        let asked = asked(&mut far).await.unwrap_or_default();
        drop(far);
        let mut answer = Vec::new();
        near.read_to_end(&mut answer).await.unwrap();
        (asked, answer)
    }

    fn shown(asked: Option<Destination>) -> String {
        asked.map(|to| to.to_string()).unwrap_or_default()
    }

    #[tokio::test]
    async fn names_and_addresses_of_both_kinds_are_understood() {
        let name = [b"\x05\x01\x00\x05\x01\x00\x03\x0b".as_slice(), b"db.internal", &[0x15, 0x38]].concat();
        assert_eq!(shown(told(&name).await.0), "db.internal:5432");
        assert_eq!(shown(told(b"\x05\x02\x02\x00\x05\x01\x00\x01\x0a\x00\x00\x05\x00\x50").await.0), "10.0.0.5:80");
        let v6 = [b"\x05\x01\x00\x05\x01\x00\x04".as_slice(), &Ipv6Addr::new(0xfd12, 0, 0, 0, 0, 0, 0, 1).octets(), &[0, 80]];
        assert_eq!(shown(told(&v6.concat()).await.0), "[fd12::1]:80");
    }

    #[tokio::test]
    async fn what_is_not_offered_is_answered_so() {
        for (asked, expected) in [
            (b"\x04\x01\x00\x50\x0a\x00\x00\x05\x00".as_slice(), b"".as_slice()),
            (b"GET / HTTP/1.1\r\n", b""),
            (b"\x05\x01\x02", b"\x05\xff"),
            (b"\x05\x01\x00\x05\x02\x00\x01\x0a\x00\x00\x05\x00\x50", b"\x05\x00\x05\x07\x00\x01\0\0\0\0\0\0"),
            (b"\x05\x01\x00\x05\x01\x00\x03\x03a b\x00\x50", b"\x05\x00\x05\x08\x00\x01\0\0\0\0\0\0"),
            (b"\x05\x01\x00\x05\x01\x00\x09\x00\x00", b"\x05\x00\x05\x08\x00\x01\0\0\0\0\0\0"),
        ] {
            assert_eq!(told(asked).await, (None, expected.to_vec()), "{asked:?}");
        }
    }
}
