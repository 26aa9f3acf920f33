//! `GetPasswordData`.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::fleet::Instance;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::instance::check_ids;

/// Before that Windows has not told its password yet.
const TOLD_AFTER: Duration = Duration::from_secs(4 * 60);

pub(super) fn data(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let Some(id) = parameters.text("InstanceId") else {
        return Err(Refusal::new(400, "MissingParameter", "The request must contain the parameter InstanceId"));
    };
    check_ids(asking, &[id])?;
    let sealed = asking.instances().find(|instance| instance.id == id).and_then(|instance| sealed(asking, instance));
    // AWS puts line ends around it.
    let data = sealed.map(|sealed| format!("\r\n{}\r\n", STANDARD.encode(sealed)));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.text("instanceId", id);
        xml.text("timestamp", &written(asking.now));
        xml.text("passwordData", &data.unwrap_or_default());
    }))
}

/// What the owner of its key pair opens; none if there is no password, or none yet.
fn sealed(asking: &Asking<'_>, instance: &Instance) -> Option<Vec<u8>> {
    let password = instance.password.as_ref()?;
    let name = instance.key_name.as_ref()?;
    let age = asking.now.duration_since(instance.launched).unwrap_or_default();
    let pair = asking.account.key_pairs.iter().find(|pair| pair.name == *name);
    pair.filter(|_| age >= TOLD_AFTER)?.encrypt(password)
}
