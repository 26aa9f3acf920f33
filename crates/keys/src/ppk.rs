//! PuTTY's format, versions 2 and 3. Its public half is never locked.

use argon2::Algorithm;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::derive::{self, Argon2Wish, Mode, Secret};
use crate::pkcs::hex;
use crate::private::{PrivateKey, Unopened};
use crate::public::PublicKey;
use crate::rsa::Rsa;
use crate::wire;

const FIRST_WORDS: &[u8] = b"PuTTY-User-Key-File-";
/// Lines of the longest key by far.
const MOST_LINES: usize = 1_000;

/// What stands in a file.
pub(crate) struct Ppk<'a> {
    pub(crate) version: u8,
    algorithm: &'a [u8],
    encryption: &'a [u8],
    comment: &'a [u8],
    pub(crate) public: PublicKey,
    private: Secret,
    mac: Vec<u8>,
    wish: Option<Argon2Wish>,
}

impl<'a> Ppk<'a> {
    /// None if it is no whole file of PuTTY's.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let (version, algorithm) = lines.find_map(|line| header(line.strip_prefix(FIRST_WORDS)?))?;
        let version = match version {
            b"2" => 2,
            b"3" => 3,
            _ => return None,
        };
        let (mut encryption, mut comment, mut public, mut private, mut mac) = (None, None, None, None, None);
        let (mut kind, mut kibibytes, mut passes, mut lanes, mut salt) = (None, None, None, None, None);
        while let Some((name, value)) = lines.next().and_then(header) {
            match name {
                b"Encryption" => encryption = Some(value),
                b"Comment" => comment = Some(value),
                b"Public-Lines" => public = PublicKey::from_blob(&decoded(&mut lines, count(value)?)?),
                b"Private-Lines" => private = decoded(&mut lines, count(value)?),
                b"Private-MAC" => mac = Some(hex(text(value)?)?.to_vec()),
                b"Key-Derivation" => kind = argon2(value),
                b"Argon2-Memory" => kibibytes = number(value),
                b"Argon2-Passes" => passes = number(value),
                b"Argon2-Parallelism" => lanes = number(value),
                b"Argon2-Salt" => salt = Some(hex(text(value)?)?.to_vec()),
                _ => {}
            }
        }
        let whole_mac = if version == 2 { 20 } else { 32 };
        let wish = || Some(Argon2Wish { algorithm: kind?, kibibytes: kibibytes?, passes: passes?, lanes: lanes?, salt: salt? });
        Some(Self {
            version,
            algorithm,
            encryption: encryption?,
            comment: comment?,
            public: public?,
            private: private?,
            mac: mac.filter(|mac| mac.len() == whole_mac)?,
            wish: wish(),
        })
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.encryption != b"none"
    }

    pub(crate) fn open(&self, passphrase: Option<&[u8]>) -> Result<PrivateKey, Unopened> {
        let (text, mac_key) = self.unlocked(passphrase)?;
        let input = [self.algorithm, self.encryption, self.comment, self.public.blob(), &text];
        let input = Zeroizing::new(input.map(|part| Zeroizing::new(wire::string(part)).to_vec()).concat());
        let is_whole = match self.version {
            2 => Hmac::<Sha1>::new_from_slice(&mac_key).ok().map(|mac| mac.chain_update(&*input).verify_slice(&self.mac)),
            _ => Hmac::<Sha256>::new_from_slice(&mac_key).ok().map(|mac| mac.chain_update(&*input).verify_slice(&self.mac)),
        };
        if !matches!(is_whole, Some(Ok(()))) {
            return Err(if self.is_locked() { Unopened::WrongPassphrase } else { Unopened::Damaged });
        }
        match self.algorithm {
            b"ssh-rsa" => self.rsa(&text),
            b"ssh-ed25519" => {
                let mut rest = text.as_slice();
                wire::take_string(&mut rest).and_then(PrivateKey::of_seed)
            }
            _ => return Err(Unopened::Unsupported),
        }
        .filter(|key| key.public().as_ref() == Some(&self.public))
        .ok_or(Unopened::Damaged)
    }

    /// The private half, and the key of its MAC.
    fn unlocked(&self, passphrase: Option<&[u8]>) -> Result<(Secret, Secret), Unopened> {
        let own = match (self.is_locked(), passphrase) {
            (false, _) => b"".as_slice(),
            (true, None) => return Err(Unopened::Locked),
            (true, Some(_)) if self.encryption != b"aes256-cbc" => return Err(Unopened::Unsupported),
            (true, Some(passphrase)) => passphrase,
        };
        let of_mac = || {
            let hashed = Sha1::new().chain_update(b"putty-private-key-file-mac-key").chain_update(own).finalize();
            Zeroizing::new(hashed.to_vec())
        };
        let clear = || self.private.clone();
        match (self.version, self.is_locked()) {
            (2, false) => Ok((clear(), of_mac())),
            (2, true) => {
                let text = derive::decrypt(Mode::Cbc, &derive::by_sha1(own), &[0; 16], &self.private);
                Ok((text.ok_or(Unopened::Damaged)?, of_mac()))
            }
            (_, false) => Ok((clear(), Zeroizing::new(Vec::new()))),
            (_, true) => {
                let derived = derive::by_argon2(own, self.wish.as_ref().ok_or(Unopened::Damaged)?)?;
                let (key, rest) = derived.split_at(32);
                let (iv, mac) = rest.split_at(16);
                let text = derive::decrypt(Mode::Cbc, key, iv, &self.private).ok_or(Unopened::Damaged)?;
                Ok((text, Zeroizing::new(mac.to_vec())))
            }
        }
    }

    fn rsa(&self, text: &[u8]) -> Option<PrivateKey> {
        let mut rest = text;
        let mut next = || wire::take_string(&mut rest);
        let (private, p, q, coefficient) = (next()?, next()?, next()?, next()?);
        Rsa::from_parts(self.public.rsa_numbers()?, private, p, q, coefficient).map(|key| PrivateKey::of_rsa(&key))
    }
}

/// `Name: value`; the value may be empty.
fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.get(1..)?;
    Some((name, value.strip_prefix(b" ").unwrap_or(value)))
}

fn decoded<'a>(lines: &mut impl Iterator<Item = &'a [u8]>, count: usize) -> Option<Secret> {
    let encoded: Zeroizing<Vec<u8>> = Zeroizing::new(lines.take(count).collect::<Vec<_>>().concat());
    STANDARD.decode(&*encoded).ok().map(Zeroizing::new)
}

fn count(value: &[u8]) -> Option<usize> {
    text(value)?.parse().ok().filter(|count| (1..=MOST_LINES).contains(count))
}

fn number(value: &[u8]) -> Option<u32> {
    text(value)?.parse().ok()
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok().map(str::trim)
}

fn argon2(value: &[u8]) -> Option<Algorithm> {
    match value {
        b"Argon2id" => Some(Algorithm::Argon2id),
        b"Argon2i" => Some(Algorithm::Argon2i),
        b"Argon2d" => Some(Algorithm::Argon2d),
        _ => None,
    }
}
