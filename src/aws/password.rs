//! The first password of a Windows instance, as EC2 keeps it: encrypted for whoever has the key pair.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Cloud, Error, call};
use crate::model::{InstanceId, Region};

impl Cloud {
    /// What the private half of the instance's key pair opens, RSA PKCS#1 v1.5; `None` if there is no password, or none yet.
    pub async fn password_data(&self, region: &Region, id: &InstanceId) -> Result<Option<Vec<u8>>, Error> {
        const ACTION: &str = call::GET_PASSWORD_DATA.action;
        let asked =
            self.ask(region, call::GET_PASSWORD_DATA, |clients| clients.ec2.get_password_data().instance_id(id.as_str()).send());
        let told = asked.await?;
        if told.instance_id.as_deref().is_some_and(|told| told != id.as_str()) {
            return Err(Error::Garbled { action: ACTION, cause: "of another instance".into() });
        }
        // Line ends stand around it, and may stand in it.
        let mut text = told.password_data.unwrap_or_default();
        text.retain(|c| !c.is_ascii_whitespace());
        let data = STANDARD.decode(text).map_err(|_| Error::Garbled { action: ACTION, cause: "not base64".into() })?;
        Ok((!data.is_empty()).then_some(data))
    }
}
