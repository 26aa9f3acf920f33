//! PKCS#1 and PKCS#8: what EC2 gives for RSA key pairs, and what OpenSSL makes of keys.

use pkcs8::der::Decode;
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::der;
use crate::derive::{self, Mode, Secret};
use crate::pem::Block;
use crate::private::{PrivateKey, Unopened};
use crate::rsa::Rsa;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Whether `BEGIN RSA PRIVATE KEY` is locked: the way of old OpenSSL, told by headers.
pub(crate) fn is_locked(block: &Block<'_>) -> bool {
    block.header("Proc-Type").is_some_and(|kind| kind.ends_with("ENCRYPTED"))
}

/// `BEGIN RSA PRIVATE KEY`.
pub(crate) fn open_pkcs1(block: &Block<'_>, passphrase: Option<&[u8]>) -> Result<PrivateKey, Unopened> {
    let of = |der: &[u8]| Rsa::from_pkcs1(der).map(|key| PrivateKey::of_rsa(&key));
    if !is_locked(block) {
        return of(&block.bytes).ok_or(Unopened::Damaged);
    }
    let passphrase = passphrase.ok_or(Unopened::Locked)?;
    let (cipher, iv) = block.header("DEK-Info").and_then(|info| info.split_once(',')).ok_or(Unopened::Damaged)?;
    let length = match cipher {
        "AES-128-CBC" => 16,
        "AES-192-CBC" => 24,
        "AES-256-CBC" => 32,
        _ => return Err(Unopened::Unsupported),
    };
    let iv = hex(iv).filter(|iv| iv.len() == 16).ok_or(Unopened::Damaged)?;
    let key = derive::by_md5(passphrase, iv.get(..8).unwrap_or_default(), length);
    let text = derive::decrypt(Mode::Cbc, &key, &iv, &block.bytes).ok_or(Unopened::Damaged)?;
    // Nothing but the key itself tells whether the passphrase was the right one.
    unpadded(&text).and_then(of).ok_or(Unopened::WrongPassphrase)
}

/// `BEGIN PRIVATE KEY`.
pub(crate) fn open_pkcs8(der: &[u8]) -> Result<PrivateKey, Unopened> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| Unopened::Damaged)?;
    let key = info.private_key.as_bytes();
    match info.algorithm.oid {
        RSA => Rsa::from_pkcs1(key).map(|key| PrivateKey::of_rsa(&key)),
        ED25519 => der::octets(key).and_then(PrivateKey::of_seed),
        _ => return Err(Unopened::Unsupported),
    }
    .ok_or(Unopened::Damaged)
}

/// `BEGIN ENCRYPTED PRIVATE KEY`.
pub(crate) fn open_locked_pkcs8(der: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey, Unopened> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| Unopened::Damaged)?;
    let parameters = info.encryption_algorithm.pbes2().ok_or(Unopened::Unsupported)?;
    let passphrase = passphrase.ok_or(Unopened::Locked)?;
    if !derive::is_bounded(&parameters.kdf) {
        return Err(Unopened::TooMuchWork);
    }
    let opened = info.decrypt(passphrase).map_err(|_| Unopened::WrongPassphrase)?;
    open_pkcs8(opened.as_bytes()).map_err(|why| if why == Unopened::Damaged { Unopened::WrongPassphrase } else { why })
}

/// Without the padding of PKCS#7; none if there is none.
fn unpadded(text: &Secret) -> Option<&[u8]> {
    let count = usize::from(*text.last()?);
    let (inside, padding) = text.split_at_checked(text.len().checked_sub(count)?)?;
    ((1..=16).contains(&count) && padding.iter().all(|byte| usize::from(*byte) == count)).then_some(inside)
}

pub(crate) fn hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.trim().as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}
