//! What a file is: its format, what can be known of its key without a passphrase, and the way to the private half.

use crate::fingerprint::Fingerprint;
use crate::openssh::OpenSsh;
use crate::pem::Block;
use crate::pkcs;
use crate::ppk::Ppk;
use crate::private::{PrivateKey, Unopened};
use crate::public::PublicKey;

/// How a key is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `BEGIN RSA PRIVATE KEY`.
    Pkcs1,
    /// `BEGIN PRIVATE KEY` or `BEGIN ENCRYPTED PRIVATE KEY`.
    Pkcs8,
    /// `BEGIN OPENSSH PRIVATE KEY`.
    OpenSsh,
    /// A private key of another kind, such as `BEGIN EC PRIVATE KEY`: no key pair of EC2 is one.
    Other,
    /// `PuTTY-User-Key-File-2` or `-3`; the number.
    Ppk(u8),
    /// A public key alone.
    Public,
}

/// What is known of a key file without its passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// How it is written.
    pub format: Format,
    /// The public half, where it can be read.
    pub public: Option<PublicKey>,
    /// Whether the private half asks for a passphrase.
    pub is_locked: bool,
    /// What EC2 may show of this key: all of it if the private half can be read, else what the public half tells.
    pub fingerprints: Vec<Fingerprint>,
}

impl KeyFile {
    /// What `bytes` are; none if they are no key, or one that is cut or contradicts itself.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        if let Some(ppk) = Ppk::read(bytes) {
            let (public, format) = (ppk.public.clone(), Format::Ppk(ppk.version));
            return Self::of_private(format, Some(public), ppk.is_locked(), || ppk.open(None));
        }
        let text = text(bytes)?;
        let Some(block) = Block::find(text) else { return Self::of_public(text) };
        match block.label {
            "RSA PRIVATE KEY" => {
                Self::of_private(Format::Pkcs1, None, pkcs::is_locked(&block), || pkcs::open_pkcs1(&block, None))
            }
            "PRIVATE KEY" => Self::of_private(Format::Pkcs8, None, false, || pkcs::open_pkcs8(&block.bytes)),
            "ENCRYPTED PRIVATE KEY" => {
                Self::of_private(Format::Pkcs8, None, true, || pkcs::open_locked_pkcs8(&block.bytes, None))
            }
            "OPENSSH PRIVATE KEY" => {
                let key = OpenSsh::read(&block.bytes)?;
                Self::of_private(Format::OpenSsh, Some(key.public.clone()), key.is_locked(), || key.open(None))
            }
            _ => Some(Self { format: Format::Other, public: None, is_locked: pkcs::is_locked(&block), fingerprints: Vec::new() }),
        }
    }

    fn of_private(
        format: Format,
        public: Option<PublicKey>,
        is_locked: bool,
        open: impl FnOnce() -> Result<PrivateKey, Unopened>,
    ) -> Option<Self> {
        let opened = match open() {
            Ok(private) => Some(private),
            Err(Unopened::Damaged) => return None,
            Err(_) => None,
        };
        let public = public.or_else(|| opened.as_ref()?.public());
        let fingerprints = match &opened {
            Some(private) => private.fingerprints(),
            None => public.as_ref().and_then(PublicKey::fingerprint).into_iter().collect(),
        };
        Some(Self { format, public, is_locked, fingerprints })
    }

    fn of_public(text: &str) -> Option<Self> {
        let public = text.lines().find_map(PublicKey::from_line).or_else(|| PublicKey::from_rfc4716(text))?;
        let fingerprints = public.fingerprint().into_iter().collect();
        Some(Self { format: Format::Public, public: Some(public), is_locked: false, fingerprints })
    }
}

/// The private half of a key file. Without a passphrase only what is not locked is opened.
pub fn unlock(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey, Unopened> {
    if let Some(ppk) = Ppk::read(bytes) {
        return ppk.open(passphrase);
    }
    let block = text(bytes).and_then(Block::find).ok_or(Unopened::Damaged)?;
    match block.label {
        "RSA PRIVATE KEY" => pkcs::open_pkcs1(&block, passphrase),
        "PRIVATE KEY" => pkcs::open_pkcs8(&block.bytes),
        "ENCRYPTED PRIVATE KEY" => pkcs::open_locked_pkcs8(&block.bytes, passphrase),
        "OPENSSH PRIVATE KEY" => OpenSsh::read(&block.bytes).ok_or(Unopened::Damaged)?.open(passphrase),
        _ => Err(Unopened::Unsupported),
    }
}

/// The part of a file from where its key begins, as text: what stands before it may be in any encoding.
fn text(bytes: &[u8]) -> Option<&str> {
    let starts = [b"-----BEGIN ".as_slice(), b"---- BEGIN SSH2", b"ssh-", b"ecdsa-", b"sk-"];
    let is_start = |at: &usize| starts.iter().any(|start| bytes.get(*at..).is_some_and(|rest| rest.starts_with(start)));
    let at = (0..bytes.len()).filter(|at| *at == 0 || matches!(bytes.get(at - 1), Some(b'\n' | b'\r'))).find(is_start)?;
    let rest = bytes.get(at..)?;
    match std::str::from_utf8(rest) {
        Ok(text) => Some(text),
        // What stands behind it, too.
        Err(error) => std::str::from_utf8(rest.get(..error.valid_up_to())?).ok(),
    }
}
