//! Just-in-time node access: asking for a session on an instance, and what came of it.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_ssm as ssm;

use super::{Cloud, Error, call};
use crate::model::{InstanceId, Region, Untrusted};

/// Characters that AWS takes as a reason.
const LONGEST_REASON: usize = 256;

/// Why somebody wants a session: whoever decides reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessReason(String);

/// A text that is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reason has 1 to 256 characters")]
pub struct InvalidReason;

impl FromStr for AccessReason {
    type Err = InvalidReason;

    fn from_str(text: &str) -> Result<Self, InvalidReason> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_REASON || text.chars().any(char::is_control) {
            return Err(InvalidReason);
        }
        Ok(Self(text.to_owned()))
    }
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRequest {
    /// Its id, such as `oi-0123456789ab`.
    pub id: Untrusted,
    region: Region,
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
            let request = clients.ssm.start_access_request().reason(&reason.0).targets(on);
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
    fn a_reason_is_what_aws_takes_as_one() {
        for good in ["x", " the disk is full ", &"나".repeat(256)] {
            assert_eq!(good.parse(), Ok(AccessReason(good.trim().to_owned())));
        }
        for bad in ["", "  ", "a\nb", "\u{1b}[2J", &"x".repeat(257)] {
            assert_eq!(bad.parse::<AccessReason>(), Err(InvalidReason), "{bad:?}");
        }
    }

    #[test]
    fn what_was_granted_is_not_shown() {
        let access = GrantedAccess(Credentials::new("A", "canary", Some("canary".to_owned()), None, "test"));

        assert!(!format!("{:?}", AccessStanding::Approved(access)).contains("canary"));
    }
}
