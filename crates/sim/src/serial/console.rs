//! What a serial console shows: nothing until Enter, then a login that lets nobody in.

use russh::server::Msg;
use russh::{Channel, ChannelMsg};

const ISSUE: &str = "\r\nAmazon Linux 2023 (simulated)\r\n";
const LOGIN: &str = "simulated login: ";
const BACKSPACE: [u8; 2] = [0x7f, 0x08];

/// What is typed on a line of `getty`.
enum Line {
    /// Nobody has pressed Enter yet.
    Asleep,
    Name(usize),
    Password,
}

/// Serve it until the client leaves.
pub(super) async fn shown(channel: Channel<Msg>) {
    let (mut reader, writer) = channel.split();
    let mut line = Line::Asleep;
    while let Some(message) = reader.wait().await {
        let data = match message {
            ChannelMsg::Data { data } => data,
            ChannelMsg::Eof | ChannelMsg::Close => break,
            _ => continue,
        };
        let mut said = String::new();
        for byte in data.iter().copied() {
            line = typed(line, byte, &mut said);
        }
        if !said.is_empty() && writer.data_bytes(said.into_bytes()).await.is_err() {
            break;
        }
    }
    let _ = writer.close().await;
}

fn typed(line: Line, byte: u8, said: &mut String) -> Line {
    match (line, byte) {
        (Line::Asleep, b'\r' | b'\n') => {
            said.push_str(ISSUE);
            said.push_str(LOGIN);
            Line::Name(0)
        }
        (Line::Name(0), b'\r' | b'\n') => {
            said.push_str("\r\n");
            said.push_str(LOGIN);
            Line::Name(0)
        }
        (Line::Name(_), b'\r' | b'\n') => {
            said.push_str("\r\nPassword: ");
            Line::Password
        }
        (Line::Name(count), byte) if BACKSPACE.contains(&byte) => {
            if count > 0 {
                said.push_str("\x08 \x08");
            }
            Line::Name(count.saturating_sub(1))
        }
        (Line::Name(count), byte) if byte.is_ascii_graphic() => {
            said.push(char::from(byte));
            Line::Name(count + 1)
        }
        (Line::Password, b'\r' | b'\n') => {
            said.push_str("\r\nLogin incorrect\r\n");
            said.push_str(LOGIN);
            Line::Name(0)
        }
        (line, _) => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_silent_until_enter_and_shows_no_password() {
        let mut said = String::new();
        let mut line = Line::Asleep;
        for byte in *b"x\rroot\rsecret\r" {
            line = typed(line, byte, &mut said);
        }

        assert_eq!(
            said,
            "\r\nAmazon Linux 2023 (simulated)\r\nsimulated login: root\r\nPassword: \r\nLogin incorrect\r\nsimulated login: "
        );
        assert!(matches!(line, Line::Name(0)));
    }
}
