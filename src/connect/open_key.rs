//! Opens a key file: in memory, with its passphrase asked for once, on a terminal.

use std::path::Path;
use std::sync::{Arc, Weak};

use ec2dash_keys::{PrivateKey, Unopened, unlock};
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::Error;
use crate::here::read_key_file;
use crate::model::Untrusted;
use crate::ssh::OpenedKey;
use crate::terminal::{LeavingSignals, Silent, ask_secret};
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
    Key(Arc<OpenedKey>),
    /// This signal told us to leave.
    Left(i32),
}

/// Keys that a passphrase has opened, by the hash of their files, as long as some session has them: several sessions of one command ask
/// once, one after the other.
static LOCKED_KEYS: Mutex<Vec<([u8; 32], Weak<OpenedKey>)>> = Mutex::const_new(Vec::new());

/// The key in `file`, for our agent. Whoever must not be asked is not.
pub(super) async fn open_key(file: &Path, may_ask: bool, text: &Catalogue) -> Result<Opened, Error> {
    let of = |private: &PrivateKey| {
        let unsupported = || Error::KeyUnopened { file: file.to_owned(), why: Unopened::Unsupported };
        OpenedKey::new(private).map(Arc::new).ok_or_else(unsupported)
    };
    let bytes = read_key_file(file).map_err(Error::local("reading the key file"))?;
    match unlock(&bytes, None) {
        Ok(private) => return of(&private).map(Opened::Key),
        Err(Unopened::Locked) => {}
        Err(why) => return Err(Error::KeyUnopened { file: file.to_owned(), why }),
    }
    let hash: [u8; 32] = Sha256::digest(&*bytes).into();
    let mut opened = LOCKED_KEYS.lock().await;
    opened.retain(|(_, key)| key.strong_count() > 0);
    if let Some(key) = opened.iter().find(|(own, _)| *own == hash).and_then(|(_, key)| key.upgrade()) {
        return Ok(Opened::Key(key));
    }
    Ok(match asked(file, &bytes, may_ask, text).await? {
        Ok(private) => {
            let key = of(&private)?;
            opened.push((hash, Arc::downgrade(&key)));
            Opened::Key(key)
        }
        Err(number) => Opened::Left(number),
    })
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
    let is_putty = bytes.starts_with(b"PuTTY-User-Key-File");
    let nobody = || Error::NobodyToAsk { file: file.to_owned(), is_putty };
    if !may_ask {
        return Err(nobody());
    }
    let mut signals = LeavingSignals::listen().map_err(Error::local("listening to signals"))?;
    let path = Untrusted::from(file.to_string_lossy().as_ref()).shown_in(200);
    // What is typed while a passphrase is tried is shown to nobody.
    let _silent = Silent::meanwhile().map_err(Error::local("asking for the passphrase"))?;
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
