//! The KMS API, as far as encrypted sessions need it: data keys bound to an encryption context.

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

/// The JSON that answers the call.
pub(super) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let answer = match asking.action {
        "GenerateDataKey" => generate(asking, arguments),
        "Decrypt" => decrypt(asking, arguments),
        "DescribeKey" => describe(asking, arguments),
        other => Err(Refusal::unknown_action(Service::Kms, other)),
    }?;
    Ok(answer.to_string().into_bytes())
}

fn generate(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
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
    let ciphertext = asking.world.seal.seal(&arn, &arguments.map("EncryptionContext"), &plaintext);
    Ok(json!({ "CiphertextBlob": BASE64.encode(ciphertext), "Plaintext": BASE64.encode(&*plaintext), "KeyId": arn }))
}

fn decrypt(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let ciphertext = arguments.text("CiphertextBlob").and_then(|text| BASE64.decode(text).ok()).unwrap_or_default();
    let opened = asking.world.seal.open(&ciphertext, &arguments.map("EncryptionContext"));
    let is_own = |arn: &str| arn.starts_with(&format!("arn:aws:kms:{}:{}:", asking.region, asking.account.id));
    let opened = opened.filter(|(arn, _)| is_own(arn));
    let (arn, plaintext) = opened.ok_or_else(|| Refusal::new(400, "InvalidCiphertextException", ""))?;
    Ok(json!({ "KeyId": arn, "Plaintext": BASE64.encode(&*plaintext), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT" }))
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
