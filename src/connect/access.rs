//! Just-in-time node access: asking for a session that is denied, and waiting until somebody, or a policy, has decided.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::aws::{self, AccessRequest, AccessStanding, Cloud};
use crate::model::{AccessReason, InstanceId, Region};

/// Pauses before looking again: a policy that approves by itself does so at once.
const FIRST_PAUSES: [u64; 4] = [1, 2, 3, 5];
const PAUSE: Duration = Duration::from_secs(10);
/// A person who has not decided by now is asked more seldom.
const IN_A_HURRY: Duration = Duration::from_secs(2 * 60);
const LATER_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);

/// Why there is no session by request.
#[derive(Debug, Clone, PartialEq)]
pub enum AccessEnd {
    /// Nobody here can grant one.
    Impossible,
    /// It was not granted.
    Rejected,
    /// It was, and was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// Nobody has decided; the request stands.
    Undecided,
    /// It cannot be made, or not be seen.
    Aws(aws::Error),
}

impl AccessEnd {
    /// Stable and documented; `None`: that of the error.
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::Impossible => "access-request-impossible",
            Self::Rejected => "access-request-rejected",
            Self::Revoked => "access-request-revoked",
            Self::Expired => "access-request-expired",
            Self::Undecided => "access-request-pending",
            Self::Aws(_) => return None,
        })
    }

    /// Whether the request is of no use any more: decided, or not to be found.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Rejected | Self::Revoked | Self::Expired => true,
            Self::Aws(error) => is_unknown(error) || matches!(error, aws::Error::Denied { .. }),
            Self::Impossible | Self::Undecided => false,
        }
    }
}

fn is_unknown(error: &aws::Error) -> bool {
    matches!(error, aws::Error::Service { aws_code, .. } if aws_code.raw() == "ResourceNotFoundException")
}

/// Make a request: somebody has to look at each.
pub async fn ask_for_access(
    cloud: &Cloud,
    region: &Region,
    target: &InstanceId,
    reason: &AccessReason,
) -> Result<AccessRequest, AccessEnd> {
    match cloud.request_access(region, target, reason).await {
        Err(error) if is_unknown(&error) => Err(AccessEnd::Impossible),
        made => made.map_err(AccessEnd::Aws),
    }
}

/// Wait until it is decided: the way to AWS that may begin the session. Safe to drop half-done; the request stands.
pub async fn access_decided(cloud: &Cloud, request: &AccessRequest) -> Result<Cloud, AccessEnd> {
    let begun = Instant::now();
    let mut first = FIRST_PAUSES.into_iter().map(Duration::from_secs);
    loop {
        match cloud.access_standing(request).await {
            Ok(AccessStanding::Approved(access)) => return cloud.with_access(&access).await.map_err(AccessEnd::Aws),
            Ok(AccessStanding::Rejected) => return Err(AccessEnd::Rejected),
            Ok(AccessStanding::Revoked) => return Err(AccessEnd::Revoked),
            Ok(AccessStanding::Expired) => return Err(AccessEnd::Expired),
            // The request stands; what keeps us from seeing it may pass.
            Err(error) if !may_pass(&error) => return Err(AccessEnd::Aws(error)),
            Ok(AccessStanding::Pending) | Err(_) => {}
        }
        if begun.elapsed() >= LONGEST_WAIT {
            return Err(AccessEnd::Undecided);
        }
        let usual = if begun.elapsed() < IN_A_HURRY { PAUSE } else { LATER_PAUSE };
        sleep(first.next().unwrap_or(usual)).await;
    }
}

fn may_pass(error: &aws::Error) -> bool {
    use aws::Error;
    matches!(error, Error::Throttled { .. } | Error::Timeout { .. } | Error::Unreachable { .. } | Error::Proxy { .. })
}
