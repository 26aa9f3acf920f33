//! From a passphrase to the key of a cipher, and from the cipher to the text.

use aes::{Aes128, Aes192, Aes256};
use argon2::{Algorithm, Argon2, Params, Version};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit, StreamCipher};
use ctr::Ctr128BE;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::private::Unopened;

pub(crate) type Secret = Zeroizing<Vec<u8>>;

/// What a file may ask of this computer before its passphrase is tried: a quarter of a gigabyte, and some seconds.
const MOST_KIBIBYTES: u32 = 256 * 1024;
const MOST_PASSES: u32 = 10_000;
const MOST_WORK: u64 = 64 * 1024 * 1024;
const MOST_ROUNDS: u32 = 4_096;

/// How AES goes from block to block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Cbc,
    Ctr,
}

/// AES by the length of its key; none if the lengths do not fit.
pub(crate) fn decrypt(mode: Mode, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Secret> {
    let mut text = Zeroizing::new(data.to_vec());
    match (mode, key.len()) {
        (Mode::Cbc, 16) => cbc_with(cbc::Decryptor::<Aes128>::new_from_slices(key, iv).ok()?, &mut text)?,
        (Mode::Cbc, 24) => cbc_with(cbc::Decryptor::<Aes192>::new_from_slices(key, iv).ok()?, &mut text)?,
        (Mode::Cbc, 32) => cbc_with(cbc::Decryptor::<Aes256>::new_from_slices(key, iv).ok()?, &mut text)?,
        (Mode::Ctr, 16) => Ctr128BE::<Aes128>::new_from_slices(key, iv).ok()?.apply_keystream(&mut text),
        (Mode::Ctr, 24) => Ctr128BE::<Aes192>::new_from_slices(key, iv).ok()?.apply_keystream(&mut text),
        (Mode::Ctr, 32) => Ctr128BE::<Aes256>::new_from_slices(key, iv).ok()?.apply_keystream(&mut text),
        _ => return None,
    }
    Some(text)
}

fn cbc_with(cipher: impl BlockModeDecrypt, text: &mut [u8]) -> Option<()> {
    cipher.decrypt_padded::<NoPadding>(text).ok().map(|_| ())
}

/// OpenSSL's `EVP_BytesToKey` with MD5 and one round: locked PKCS#1.
pub(crate) fn by_md5(passphrase: &[u8], salt: &[u8], length: usize) -> Secret {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut last = Zeroizing::new(Vec::new());
    while key.len() < length {
        let input = Zeroizing::new([last.as_slice(), passphrase, salt].concat());
        last = Zeroizing::new(md5::compute(&*input).0.to_vec());
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

/// The cipher's key of PuTTY's second version.
pub(crate) fn by_sha1(passphrase: &[u8]) -> Secret {
    let part = |number: u32| Sha1::new().chain_update(number.to_be_bytes()).chain_update(passphrase).finalize();
    let mut key = Zeroizing::new([part(0), part(1)].concat());
    key.truncate(32);
    key
}

/// What a file of PuTTY's third version asks for.
pub(crate) struct Argon2Wish {
    pub(crate) algorithm: Algorithm,
    pub(crate) kibibytes: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
    pub(crate) salt: Vec<u8>,
}

/// 32 bytes of key, 16 of IV, 32 of MAC key.
pub(crate) fn by_argon2(passphrase: &[u8], wish: &Argon2Wish) -> Result<Secret, Unopened> {
    let work = u64::from(wish.kibibytes) * u64::from(wish.passes);
    if wish.kibibytes > MOST_KIBIBYTES || wish.passes > MOST_PASSES || work > MOST_WORK {
        return Err(Unopened::TooMuchWork);
    }
    let mut out = Zeroizing::new(vec![0; 80]);
    let params = Params::new(wish.kibibytes, wish.passes, wish.lanes, Some(out.len())).map_err(|_| Unopened::Damaged)?;
    let argon2 = Argon2::new(wish.algorithm, Version::V0x13, params);
    argon2.hash_password_into(passphrase, &wish.salt, &mut out).map_err(|_| Unopened::Damaged)?;
    Ok(out)
}

/// Key and IV of OpenSSH's own format.
pub(crate) fn by_bcrypt(passphrase: &[u8], salt: &[u8], rounds: u32, length: usize) -> Result<Secret, Unopened> {
    if rounds > MOST_ROUNDS {
        return Err(Unopened::TooMuchWork);
    }
    let mut out = Zeroizing::new(vec![0; length]);
    bcrypt_pbkdf::bcrypt_pbkdf(passphrase, salt, rounds, &mut out).map_err(|_| Unopened::Damaged)?;
    Ok(out)
}

/// Whether the parameters of a locked PKCS#8 key are worth trying.
pub(crate) fn is_bounded(kdf: &pkcs8::pkcs5::pbes2::Kdf) -> bool {
    use pkcs8::pkcs5::pbes2::Kdf;
    const MOST_ITERATIONS: u32 = 10_000_000;
    match kdf {
        Kdf::Pbkdf2(wish) => wish.iteration_count <= MOST_ITERATIONS,
        Kdf::Scrypt(wish) => {
            let memory = wish.cost_parameter.checked_mul(u64::from(wish.block_size) * 128);
            memory.is_some_and(|bytes| bytes <= u64::from(MOST_KIBIBYTES) * 1024 && wish.parallelization <= 16)
        }
        _ => false,
    }
}
