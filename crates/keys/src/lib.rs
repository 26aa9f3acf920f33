//! What a key file says, without a file: bytes in; public halves, EC2's fingerprints and unlocked private halves out.
//!
//! Every format in which the private key of an EC2 key pair is found is read: PKCS#1, PKCS#8, OpenSSH's own and PuTTY's, locked or not.
//! Facts about the formats come from docs/instance-connect.md.
//!
//! ```
//! use ec2dash_keys::{Fingerprint, KeyFile};
//!
//! let file = KeyFile::read(include_bytes!("../../../tests/vectors/keypairs/TEST-ONLY-ed25519.v3.ppk")).unwrap();
//! let told_by_ec2 = Fingerprint::parse("FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M=").unwrap();
//!
//! assert!(file.fingerprints.contains(&told_by_ec2));
//! assert!(!file.is_locked);
//! ```

mod der;
mod derive;
mod file;
mod fingerprint;
#[doc(hidden)]
pub mod hostile;
mod openssh;
mod pem;
mod pkcs;
mod ppk;
mod private;
mod public;
mod rsa;
mod wire;

pub use file::{Format, KeyFile, unlock};
pub use fingerprint::Fingerprint;
pub use private::{PrivateKey, Unopened};
pub use public::PublicKey;
