//! `DescribeKeyPairs`.

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::fleet::KeyPair;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["key-name", "key-pair-id", "fingerprint"])?;
    let names = parameters.list("KeyName");
    let ids = parameters.list("KeyPairId");
    let with_public_key = parameters.flag("IncludePublicKey");
    let pairs = &asking.account.key_pairs;
    if let Some(name) = names.iter().find(|name| pairs.iter().all(|pair| pair.name != **name)) {
        let message = format!("The key pair '{name}' does not exist");
        return Err(Refusal::new(400, "InvalidKeyPair.NotFound", message));
    }
    if let Some(id) = ids.iter().find(|id| pairs.iter().all(|pair| pair.id != **id)) {
        return Err(Refusal::new(400, "InvalidKeyPair.NotFound", format!("The key pair ID '{id}' does not exist")));
    }
    let asked = |pair: &&KeyPair| {
        (names.is_empty() || names.contains(&pair.name.as_str()))
            && (ids.is_empty() || ids.contains(&pair.id.as_str()))
            && filters.hold(|name| match name {
                "key-name" => vec![pair.name.as_str()],
                "key-pair-id" => vec![pair.id.as_str()],
                _ => vec![pair.told().1],
            })
    };
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("keySet", pairs.iter().filter(asked), |xml, pair| {
            xml.text("keyPairId", &pair.id);
            let (public, fingerprint) = pair.told();
            xml.text("keyFingerprint", fingerprint);
            xml.text("keyName", &pair.name);
            xml.text("keyType", pair.kind.word());
            xml.text("createTime", &written(pair.created));
            xml.within("tagSet", |_| {});
            if with_public_key {
                xml.text("publicKey", public);
            }
        });
    }))
}
