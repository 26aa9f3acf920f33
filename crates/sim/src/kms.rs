//! The KMS API, as far as encrypted sessions need it: data keys bound to an encryption context.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use ssh_key::rand_core::{OsRng, RngCore as _};
use zeroize::Zeroizing;

use super::asking::Asking;
use super::fleet::KmsKey;
use super::json::Arguments;
use super::refusal::Refusal;
use super::service::Service;

/// What a ciphertext starts with; behind it the length of the key's arn, the arn, a nonce and the sealed key.
const MARK: &[u8] = b"sim1";

/// What seals the data keys of one simulated cloud. No ciphertext opens in another one.
pub(super) struct Kms(LessSafeKey);

impl std::fmt::Debug for Kms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kms(***)")
    }
}

impl Kms {
    pub(super) fn new() -> Self {
        let secret = random::<32>();
        Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, secret.as_slice()).expect("thirty-two bytes are an AES-256 key")))
    }

    fn seal(&self, arn: &str, context: &BTreeMap<String, String>, plaintext: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_LEN>();
        let mut sealed = plaintext.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(bound(arn, context)), &mut sealed)
            .expect("a data key is far below what AES-GCM can seal");
        let length = u16::try_from(arn.len()).unwrap_or(u16::MAX).to_be_bytes();
        [MARK, &length, arn.as_bytes(), nonce.as_slice(), &sealed].concat()
    }

    /// The arn of the key and the plaintext, if `context` is the one it was sealed with.
    pub(super) fn open(&self, ciphertext: &[u8], context: &BTreeMap<String, String>) -> Option<(String, Zeroizing<Vec<u8>>)> {
        let (length, rest) = ciphertext.strip_prefix(MARK)?.split_first_chunk()?;
        let (arn, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let arn = std::str::from_utf8(arn).ok()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(bound(arn, context)), &mut opened).ok()?.len();
        opened.truncate(length);
        Some((arn.to_owned(), opened))
    }

    /// The JSON that answers the call.
    pub(super) fn answer(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
        let answer = match asking.action {
            "GenerateDataKey" => self.generate(asking, arguments),
            "Decrypt" => self.decrypt(asking, arguments),
            "DescribeKey" => describe(asking, arguments),
            other => Err(Refusal::unknown_action(Service::Kms, other)),
        }?;
        Ok(answer.to_string().into_bytes())
    }

    fn generate(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let key = usable(asking, arguments)?;
        let length = match (arguments.number("NumberOfBytes"), arguments.text("KeySpec")) {
            (Some(length @ 1..=1024), None) => usize::try_from(length).unwrap_or_default(),
            (None, Some("AES_256")) => 32,
            (None, Some("AES_128")) => 16,
            _ => return Err(Refusal::new(400, "ValidationException", "Please specify either number of bytes or key spec.")),
        };
        let mut plaintext = Zeroizing::new(vec![0; length]);
        OsRng.fill_bytes(&mut plaintext);
        let arn = arn(asking, key);
        let ciphertext = self.seal(&arn, &arguments.map("EncryptionContext"), &plaintext);
        Ok(json!({ "CiphertextBlob": BASE64.encode(ciphertext), "Plaintext": BASE64.encode(&*plaintext), "KeyId": arn }))
    }

    fn decrypt(&self, asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
        let ciphertext = arguments.text("CiphertextBlob").and_then(|text| BASE64.decode(text).ok()).unwrap_or_default();
        let opened = self.open(&ciphertext, &arguments.map("EncryptionContext"));
        let is_own = |arn: &str| arn.starts_with(&format!("arn:aws:kms:{}:{}:", asking.region, asking.account.id));
        let opened = opened.filter(|(arn, _)| is_own(arn));
        let (arn, plaintext) = opened.ok_or_else(|| Refusal::new(400, "InvalidCiphertextException", ""))?;
        Ok(json!({ "KeyId": arn, "Plaintext": BASE64.encode(&*plaintext), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT" }))
    }
}

fn describe(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let key = named(asking, arguments)?;
    Ok(json!({
        "KeyMetadata": {
            "AWSAccountId": asking.account.id,
            "KeyId": key.id,
            "Arn": arn(asking, key),
            "CreationDate": asking.fleet.started.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
            "Enabled": key.is_enabled,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": if key.is_enabled { "Enabled" } else { "Disabled" },
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": false,
        }
    }))
}

fn usable<'a>(asking: &Asking<'a>, arguments: &Arguments) -> Result<&'a KmsKey, Refusal> {
    let key = named(asking, arguments)?;
    if key.is_enabled {
        return Ok(key);
    }
    Err(Refusal::new(400, "DisabledException", format!("{} is disabled.", arn(asking, key))))
}

/// By id, alias, or the arn of either.
fn named<'a>(asking: &Asking<'a>, arguments: &Arguments) -> Result<&'a KmsKey, Refusal> {
    let name = arguments.text("KeyId").unwrap_or_default();
    let prefix = format!("arn:aws:kms:{}:{}:", asking.region, asking.account.id);
    let short = name.strip_prefix(&prefix).unwrap_or(name);
    let found =
        asking.account.kms_keys.iter().find(|key| key.alias == short || key.id == short || short == format!("key/{}", key.id));
    found.ok_or_else(|| {
        let message = match short.strip_prefix("alias/") {
            Some(_) => format!("Alias {prefix}{short} is not found."),
            None => format!("Key '{prefix}key/{short}' does not exist"),
        };
        Refusal::new(400, "NotFoundException", message)
    })
}

fn arn(asking: &Asking<'_>, key: &KmsKey) -> String {
    format!("arn:aws:kms:{}:{}:key/{}", asking.region, asking.account.id, key.id)
}

/// What a ciphertext is bound to; the lengths keep two contexts apart that would read the same.
fn bound(arn: &str, context: &BTreeMap<String, String>) -> Vec<u8> {
    let pairs = context.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    std::iter::once(arn)
        .chain(pairs)
        .flat_map(|text| [&(text.len() as u64).to_be_bytes()[..], text.as_bytes()].concat())
        .collect()
}

fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    OsRng.fill_bytes(bytes.as_mut());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_opens_under_its_context_and_no_other() {
        let kms = Kms::new();
        let context = BTreeMap::from([("aws:ssm:SessionId".to_owned(), "jane-1".to_owned())]);
        let other = BTreeMap::from([("aws:ssm:SessionId".to_owned(), "jane-2".to_owned())]);
        let sealed = kms.seal("arn:1", &context, b"key");

        assert_eq!(kms.open(&sealed, &context).unwrap(), ("arn:1".to_owned(), Zeroizing::new(b"key".to_vec())));
        assert!(kms.open(&sealed, &other).is_none() && kms.open(&sealed, &BTreeMap::new()).is_none());
        assert!(Kms::new().open(&sealed, &context).is_none());
        for length in 0..sealed.len() {
            assert!(kms.open(&sealed[..length], &context).is_none(), "{length}");
        }
    }
}
