//! Opens a key file: in memory, with its passphrase asked for once, on a terminal.

use std::path::Path;

use ec2dash_keys::{PrivateKey, Unopened, unlock};
use zeroize::Zeroizing;

use super::Error;
use crate::here::read_key_file;
use crate::model::Untrusted;
use crate::ssh::OpenedKey;
use crate::terminal::{LeavingSignals, ask_secret};
use crate::text::Catalogue;

/// How often a passphrase may be another one.
const TRIES: usize = 3;

/// A private key, for whatever is done with it.
pub(super) enum Unlocked {
    Key(PrivateKey),
    /// This signal told us to leave.
    Left(i32),
}

/// A key for our agent.
pub(super) enum Opened {
    Key(OpenedKey),
    /// This signal told us to leave.
    Left(i32),
}

/// The key in `file`, for our agent. Whoever must not be asked is not.
pub(super) async fn open_key(file: &Path, may_ask: bool, text: &Catalogue) -> Result<Opened, Error> {
    let private = match unlocked(file, may_ask, text).await? {
        Unlocked::Key(private) => private,
        Unlocked::Left(number) => return Ok(Opened::Left(number)),
    };
    let unsupported = || Error::KeyUnopened { file: file.to_owned(), why: Unopened::Unsupported };
    OpenedKey::new(&private).map(Opened::Key).ok_or_else(unsupported)
}

/// The private half in `file`.
pub(super) async fn unlocked(file: &Path, may_ask: bool, text: &Catalogue) -> Result<Unlocked, Error> {
    let bytes = read_key_file(file).map_err(Error::local("reading the key file"))?;
    match unlock(&bytes, None) {
        Ok(private) => Ok(Unlocked::Key(private)),
        Err(Unopened::Locked) => Ok(match asked(file, &bytes, may_ask, text).await? {
            Ok(private) => Unlocked::Key(private),
            Err(number) => Unlocked::Left(number),
        }),
        Err(why) => Err(Error::KeyUnopened { file: file.to_owned(), why }),
    }
}

/// The key by its passphrase, or the signal that told us to leave.
async fn asked(
    file: &Path,
    bytes: &Zeroizing<Vec<u8>>,
    may_ask: bool,
    text: &Catalogue,
) -> Result<Result<PrivateKey, i32>, Error> {
    let nobody = || Error::NobodyToAsk { file: file.to_owned() };
    if !may_ask {
        return Err(nobody());
    }
    let mut signals = LeavingSignals::listen().map_err(Error::local("listening to signals"))?;
    let path = Untrusted::from(file.to_string_lossy().as_ref()).shown_in(200);
    for number in 0..TRIES {
        let question = if number == 0 { "ask-passphrase" } else { "ask-passphrase-again" };
        let question = text.say_with(question, &[("path", path.clone().into())]);
        let typed = tokio::select! {
            typed = ask_secret(&question) => typed,
            number = signals.next() => return Ok(Err(number)),
        };
        let passphrase = match typed {
            Ok(Some(passphrase)) => passphrase,
            Ok(None) => return Err(nobody()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(nobody()),
            Err(error) => return Err(Error::local("asking for the passphrase")(error)),
        };
        let bytes = bytes.clone();
        // Some formats take a second for it.
        let tried = tokio::task::spawn_blocking(move || unlock(&bytes, Some(passphrase.as_bytes())));
        match tried.await.unwrap_or(Err(Unopened::Damaged)) {
            Ok(private) => return Ok(Ok(private)),
            Err(Unopened::WrongPassphrase) => {}
            Err(why) => return Err(Error::KeyUnopened { file: file.to_owned(), why }),
        }
    }
    Err(Error::KeyUnopened { file: file.to_owned(), why: Unopened::WrongPassphrase })
}
