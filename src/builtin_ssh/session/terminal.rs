//! The terminal that is asked for there: like the one here.

use std::os::fd::AsFd;

use russh::client::Msg;
use russh::{Channel, Error, Pty};
use rustix::termios::{InputModes, SpecialCodeIndex, Termios, tcgetattr};

use crate::terminal::{Size, size};

/// What is asked for where nobody knows.
const USUAL: Size = Size { columns: 80, rows: 24 };
/// Keys of the terminal, which are typed there as here.
const KEYS: [(Pty, SpecialCodeIndex); 7] = [
    (Pty::VINTR, SpecialCodeIndex::VINTR),
    (Pty::VQUIT, SpecialCodeIndex::VQUIT),
    (Pty::VERASE, SpecialCodeIndex::VERASE),
    (Pty::VKILL, SpecialCodeIndex::VKILL),
    (Pty::VEOF, SpecialCodeIndex::VEOF),
    (Pty::VSUSP, SpecialCodeIndex::VSUSP),
    (Pty::VWERASE, SpecialCodeIndex::VWERASE),
];

/// Ask for one, before ours is made raw.
pub(super) async fn request(channel: &Channel<Msg>) -> Result<(), Error> {
    let term = std::env::var("TERM").unwrap_or_default();
    let size = size().unwrap_or(USUAL);
    let modes = tcgetattr(std::io::stdin().as_fd()).map(|own| modes(&own)).unwrap_or_default();
    channel.request_pty(true, &term, size.columns.into(), size.rows.into(), 0, 0, &modes).await
}

fn modes(own: &Termios) -> Vec<(Pty, u32)> {
    let mut modes: Vec<(Pty, u32)> = KEYS.iter().map(|(name, key)| (*name, own.special_codes[*key].into())).collect();
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    modes.push((Pty::IUTF8, own.input_modes.contains(InputModes::IUTF8).into()));
    modes
}
