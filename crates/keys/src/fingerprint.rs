//! Fingerprints as EC2 shows them (`KeyFingerprint`): which hash, over what, is told by their shape.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// A fingerprint of a key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fingerprint {
    /// RSA, made by EC2: SHA-1 over the unlocked private key as PKCS#8 DER.
    Sha1([u8; 20]),
    /// RSA, imported: MD5 over the public key as `SubjectPublicKeyInfo`.
    Md5([u8; 16]),
    /// ed25519: SHA-256 over the public key as SSH sends it.
    Sha256([u8; 32]),
}

impl Fingerprint {
    /// Read what EC2 shows: 20 or 16 bytes as hexadecimal digits with colons, or base64 of 32 bytes, with or without `SHA256:` before it
    /// and `=` behind it. None if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains(':') && !text.starts_with("SHA256:") {
            let bytes: Option<Vec<u8>> = text.split(':').map(octet).collect();
            let bytes = bytes?;
            return bytes.as_slice().try_into().map(Self::Sha1).or_else(|_| bytes.as_slice().try_into().map(Self::Md5)).ok();
        }
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
        let bytes = engine.decode(text.strip_prefix("SHA256:").unwrap_or(text)).ok()?;
        bytes.as_slice().try_into().map(Self::Sha256).ok()
    }

    /// As EC2 shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Sha1(bytes) => with_colons(bytes),
            Self::Md5(bytes) => with_colons(bytes),
            Self::Sha256(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes),
        }
    }
}

fn octet(text: &str) -> Option<u8> {
    let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(text, 16).ok().filter(|_| is_plain)
}

fn with_colons(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        let colon = if text.is_empty() { "" } else { ":" };
        write!(text, "{colon}{byte:02x}").expect("writing to a String does not fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_ec2_is_read_and_shown_and_nothing_else_is_one() {
        for shown in [
            "2b:ba:d5:70:67:54:6e:b4:64:1d:96:3f:ca:9e:ac:f5:e2:35:83:4f",
            "3a:8d:10:95:1d:16:a7:f9:af:2c:12:d1:b6:21:d7:b5",
            "FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M=",
        ] {
            let read = Fingerprint::parse(shown).unwrap();

            assert_eq!(read.shown(), shown);
            assert_eq!(Fingerprint::parse(&format!(" {shown}\n")), Some(read));
        }
        let upper = "3A:8D:10:95:1D:16:A7:F9:AF:2C:12:D1:B6:21:D7:B5";
        assert_eq!(Fingerprint::parse(upper), Fingerprint::parse(&upper.to_lowercase()));
        let bare = "FgCp4YCoDTLpqVKLFzFfOgmc+mRXKev8Dpyt7SbSL/M";
        assert_eq!(Fingerprint::parse(&format!("SHA256:{bare}")), Fingerprint::parse(&format!("{bare}=")));
        for other in
            ["", ":", "SHA256:", "2b:ba", "+b:ba:d5:70:67:54:6e:b4:64:1d:96:3f:ca:9e:ac:f5", "FgCp4YCoDTLp", &"é:".repeat(16)]
        {
            assert_eq!(Fingerprint::parse(other), None, "{other:?}");
        }
    }
}
