//! A key pair as EC2 tells it.

use ec2dash_keys::{Fingerprint, PublicKey};

/// What EC2 keeps of a key pair. Of a private key it keeps nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// The public half; `None` where whoever answers does not tell it.
    pub public: Option<PublicKey>,
    /// `KeyFingerprint`; `None` if it is of no shape that we know.
    pub fingerprint: Option<Fingerprint>,
}
