//! Just-in-time node access: asking for a session on an instance, and what came of it.

use std::fmt;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_ssm as ssm;

use super::{Cloud, Error, call};
use crate::model::{AccessReason, InstanceId, Region, Untrusted};

/// Digits of a request's id; today they are twelve.
const LONGEST_ID: usize = 64;

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Its id, such as `oi-0123456789ab`.
    pub id: Untrusted,
    region: Region,
}

impl AccessRequest {
    /// One that an earlier run made, if this is an id.
    pub fn known(id: &str, region: &Region) -> Option<Self> {
        let hex = id.strip_prefix("oi-")?;
        let is_one =
            !hex.is_empty() && hex.len() <= LONGEST_ID && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Self { id: id.into(), region: region.clone() })
    }

    /// Where it was made.
    pub fn region(&self) -> &Region {
        &self.region
    }
}

/// What has become of a request.
#[derive(Debug)]
pub enum AccessStanding {
    /// Nobody has decided yet.
    Pending,
    /// It was granted.
    Approved(GrantedAccess),
    /// It was not.
    Rejected,
    /// It was, and was taken back.
    Revoked,
    /// Its time is over.
    Expired,
}

/// Credentials for sessions on one instance. Its `Debug` says nothing.
pub struct GrantedAccess(Credentials);

impl fmt::Debug for GrantedAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Cloud {
    /// Ask for a session. Made once: each call is a request that somebody has to look at.
    pub async fn request_access(
        &self,
        region: &Region,
        target: &InstanceId,
        reason: &AccessReason,
    ) -> Result<AccessRequest, Error> {
        const ACTION: &str = call::START_ACCESS_REQUEST.action;
        let garbled = |cause: &str| Error::Garbled { action: ACTION, cause: cause.into() };
        let on = ssm::types::Target::builder().key("InstanceIds").values(target.as_str()).build();
        let asked = self.ask(region, call::START_ACCESS_REQUEST, |clients| {
            let request = clients.ssm.start_access_request().reason(reason.as_str()).targets(on);
            request.customize().config_override(self.once()).send()
        });
        let id = asked.await?.access_request_id.filter(|id| !id.is_empty()).ok_or_else(|| garbled("no request in it"))?;
        Ok(AccessRequest { id: id.into(), region: region.clone() })
    }

    /// What has become of it.
    pub async fn access_standing(&self, request: &AccessRequest) -> Result<AccessStanding, Error> {
        use ssm::types::AccessRequestStatus as Status;
        const ACTION: &str = call::GET_ACCESS_TOKEN.action;
        let garbled = |cause: &str| Error::Garbled { action: ACTION, cause: cause.into() };
        let asked = self.ask(&request.region, call::GET_ACCESS_TOKEN, |clients| {
            clients.ssm.get_access_token().access_request_id(request.id.raw()).send()
        });
        let told = asked.await?;
        match told.access_request_status {
            Some(Status::Pending) => Ok(AccessStanding::Pending),
            Some(Status::Rejected) => Ok(AccessStanding::Rejected),
            Some(Status::Revoked) => Ok(AccessStanding::Revoked),
            Some(Status::Expired) => Ok(AccessStanding::Expired),
            Some(Status::Approved) => {
                let given = told.credentials.ok_or_else(|| garbled("no credentials in it"))?;
                let expiry = SystemTime::try_from(given.expiration_time).ok();
                let token = Some(given.session_token);
                let keys = Credentials::new(given.access_key_id, given.secret_access_key, token, expiry, "GetAccessToken");
                Ok(AccessStanding::Approved(GrantedAccess(keys)))
            }
            _ => Err(garbled("an unknown standing")),
        }
    }

    /// The same way to AWS with what was granted, for the session and nothing else.
    pub async fn with_access(&self, access: &GrantedAccess) -> Result<Self, Error> {
        self.with_keys(&access.0).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_again_by_its_id_alone() {
        let region: Region = "eu-west-1".parse().unwrap();
        let known = |id| AccessRequest::known(id, &region).map(|request| request.id.raw().to_owned());

        assert_eq!(known("oi-0123456789ab").as_deref(), Some("oi-0123456789ab"));
        for bad in ["", "oi-", "oi-0123456789AB", "oi-0123456789ab\n", "i-0123456789abcdef0", "oi-../../x"] {
            assert_eq!(known(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_was_granted_is_not_shown() {
        let access = GrantedAccess(Credentials::new("A", "canary", Some("canary".to_owned()), None, "test"));

        assert!(!format!("{:?}", AccessStanding::Approved(access)).contains("canary"));
    }
}
