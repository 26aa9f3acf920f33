//! Sealed payloads of an encrypted session (docs/session-manager-protocol.md 5.4).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// How much longer a sealed payload is: a nonce in front, a tag behind.
pub const SEAL_LENGTH: usize = NONCE_LEN + 16;

/// The length of the key to ask of KMS.
pub const DATA_KEY_LENGTH: usize = 64;

/// A data key of KMS: its first half seals what the agent sends, its second what the client sends.
pub struct DataKey {
    plaintext: Zeroizing<[u8; DATA_KEY_LENGTH]>,
}

/// KMS gave a key of another length than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a data key of {length} bytes, {DATA_KEY_LENGTH} were asked for")]
pub struct WrongKeyLength {
    /// Bytes in the key.
    pub length: usize,
}

impl DataKey {
    /// Take over the plaintext that `GenerateDataKey` or `Decrypt` gave. The caller wipes its own copy.
    pub fn new(plaintext: &[u8]) -> Result<Self, WrongKeyLength> {
        let bytes: &[u8; DATA_KEY_LENGTH] = plaintext.try_into().map_err(|_| WrongKeyLength { length: plaintext.len() })?;
        Ok(Self { plaintext: Zeroizing::new(*bytes) })
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(***)")
    }
}

/// One end's two keys, for what it sends and for what it receives.
pub struct Cipher {
    seal: LessSafeKey,
    open: LessSafeKey,
    nonce: [u8; NONCE_LEN],
}

/// A sealed payload that was not sealed with this key, or was changed on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payload cannot be opened with this session's key")]
pub struct Unopened;

impl Cipher {
    /// The client's end. `first_nonce` must be random: later ones are counted from it.
    pub fn client(key: &DataKey, first_nonce: [u8; NONCE_LEN]) -> Self {
        let (agent, client) = key.plaintext.split_at(32);
        Self { seal: aes(client), open: aes(agent), nonce: first_nonce }
    }

    /// The agent's end.
    pub fn agent(key: &DataKey, first_nonce: [u8; NONCE_LEN]) -> Self {
        let (agent, client) = key.plaintext.split_at(32);
        Self { seal: aes(agent), open: aes(client), nonce: first_nonce }
    }

    /// Nonce, ciphertext, tag.
    pub fn seal(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let nonce = self.nonce;
        self.count_up();
        let mut sealed = Vec::with_capacity(plaintext.len() + SEAL_LENGTH);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let tag = self
            .seal
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed[NONCE_LEN..])
            .expect("a payload is far below what AES-GCM can seal");
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    /// The plaintext of a payload that the other end sealed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unopened)?;
        let mut opened = rest.to_vec();
        let length =
            self.open.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut opened).map_err(|_| Unopened)?.len();
        opened.truncate(length);
        Ok(opened)
    }

    /// A nonce is a little-endian number that goes up by one, so none repeats within 2⁹⁶ messages.
    fn count_up(&mut self) {
        for byte in &mut self.nonce {
            let (sum, carry) = byte.overflowing_add(1);
            *byte = sum;
            if !carry {
                break;
            }
        }
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher(***)")
    }
}

fn aes(half: &[u8]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, half).expect("half a data key is an AES-256 key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_opens_what_the_other_sealed() {
        let (mut client, mut agent) = ends();

        let up = client.seal(b"ls\r");
        let down = agent.seal(b"hello");

        assert_eq!(agent.open(&up).as_deref(), Ok(b"ls\r".as_slice()));
        assert_eq!(client.open(&down).as_deref(), Ok(b"hello".as_slice()));
        assert_eq!(client.open(&up), Err(Unopened));
        assert_eq!(up.len(), 3 + SEAL_LENGTH);
    }

    #[test]
    fn a_nonce_never_repeats() {
        let key = DataKey::new(&[1; 64]).unwrap();
        let mut client = Cipher::client(&key, [0xff; 12]);

        let (first, second) = (client.seal(b"x"), client.seal(b"x"));

        assert_eq!(first[..12], [0xff; 12]);
        assert_eq!(second[..12], [0; 12]);
    }

    #[test]
    fn what_is_short_or_changed_stays_shut() {
        let (mut client, agent) = ends();
        let sealed = client.seal(b"ls\r");

        for length in 0..sealed.len() {
            assert_eq!(agent.open(&sealed[..length]), Err(Unopened), "{length} bytes");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(agent.open(&changed), Err(Unopened), "byte {at}");
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        assert_eq!(DataKey::new(&[1; 32]).unwrap_err(), WrongKeyLength { length: 32 });
    }

    #[test]
    fn debug_shows_no_key() {
        let key = DataKey::new(&[1; 64]).unwrap();

        assert_eq!(format!("{key:?} {:?}", Cipher::client(&key, [0; 12])), "DataKey(***) Cipher(***)");
    }

    fn ends() -> (Cipher, Cipher) {
        let mut bytes = [0; 64];
        for (at, byte) in (0..).zip(&mut bytes) {
            *byte = at;
        }
        let key = DataKey::new(&bytes).unwrap();
        (Cipher::client(&key, [1; 12]), Cipher::agent(&key, [2; 12]))
    }
}
