//! OpenSSH's own format: what EC2 gives for ed25519 key pairs. Its public half is never locked.

use zeroize::Zeroizing;

use crate::derive::{self, Mode, Secret};
use crate::private::{PrivateKey, Unopened};
use crate::public::PublicKey;
use crate::rsa::Rsa;
use crate::wire;

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// What stands in a file.
pub(crate) struct OpenSsh<'a> {
    cipher: &'a [u8],
    kdf_options: &'a [u8],
    pub(crate) public: PublicKey,
    private: &'a [u8],
}

impl<'a> OpenSsh<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let cipher = wire::take_string(&mut rest)?;
        let _kdf = wire::take_string(&mut rest)?;
        let kdf_options = wire::take_string(&mut rest)?;
        // Files with several keys were never made.
        let count = wire::take_u32(&mut rest)?;
        let public = PublicKey::from_blob(wire::take_string(&mut rest)?)?;
        let private = wire::take_string(&mut rest)?;
        (count == 1).then_some(Self { cipher, kdf_options, public, private })
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.cipher != b"none"
    }

    pub(crate) fn open(&self, passphrase: Option<&[u8]>) -> Result<PrivateKey, Unopened> {
        let text = self.unlocked(passphrase)?;
        let mut rest = text.as_slice();
        let checks = [wire::take_u32(&mut rest), wire::take_u32(&mut rest)];
        if checks[0] != checks[1] || checks[0].is_none() {
            return Err(if self.is_locked() { Unopened::WrongPassphrase } else { Unopened::Damaged });
        }
        match wire::take_string(&mut rest) {
            Some(b"ssh-ed25519") => ed25519(rest),
            Some(b"ssh-rsa") => rsa(rest),
            Some(_) => return Err(Unopened::Unsupported),
            None => None,
        }
        .filter(|key| key.public().as_ref() == Some(&self.public))
        .ok_or(Unopened::Damaged)
    }

    fn unlocked(&self, passphrase: Option<&[u8]>) -> Result<Secret, Unopened> {
        let (mode, length) = match self.cipher {
            b"none" => return Ok(Zeroizing::new(self.private.to_vec())),
            b"aes256-ctr" => (Mode::Ctr, 32),
            b"aes192-ctr" => (Mode::Ctr, 24),
            b"aes128-ctr" => (Mode::Ctr, 16),
            b"aes256-cbc" => (Mode::Cbc, 32),
            b"aes192-cbc" => (Mode::Cbc, 24),
            b"aes128-cbc" => (Mode::Cbc, 16),
            _ => return Err(Unopened::Unsupported),
        };
        let passphrase = passphrase.ok_or(Unopened::Locked)?;
        let mut options = self.kdf_options;
        let salt = wire::take_string(&mut options).ok_or(Unopened::Damaged)?;
        let rounds = wire::take_u32(&mut options).ok_or(Unopened::Damaged)?;
        let derived = derive::by_bcrypt(passphrase, salt, rounds, length + 16)?;
        let (key, iv) = derived.split_at(length);
        derive::decrypt(mode, key, iv, self.private).ok_or(Unopened::Damaged)
    }
}

fn ed25519(mut rest: &[u8]) -> Option<PrivateKey> {
    let _public = wire::take_string(&mut rest)?;
    PrivateKey::of_seed(wire::take_string(&mut rest)?.get(..32)?)
}

fn rsa(mut rest: &[u8]) -> Option<PrivateKey> {
    let mut next = || wire::take_string(&mut rest);
    let (modulus, exponent, private, coefficient, p, q) = (next()?, next()?, next()?, next()?, next()?, next()?);
    Rsa::from_parts((modulus, exponent), private, p, q, coefficient).map(|key| PrivateKey::of_rsa(&key))
}
