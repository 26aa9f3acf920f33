//! What a way to AWS is opened with.

use std::time::Duration;

use super::files::NamedSessions;
use super::role_cache::RoleCache;
use crate::model::{AllowedPrograms, Region};

/// Where signing goes when there is no region: STS and IAM answer there for every account of the standard partition.
pub(super) const FALLBACK_REGION: &str = "us-east-1";

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The profile; it beats keys in the environment. `None`: what the environment says.
    pub profile: Option<String>,
    /// The region; `None`: what the environment or the profile says.
    pub region: Option<Region>,
    /// The limit of each call with its retries; 15 s unless the user says otherwise.
    pub timeout: Duration,
    /// Our version, for the user agent.
    pub version: &'static str,
    /// Which programs may give credentials.
    pub programs: AllowedPrograms,
    /// What roles gave that were taken with an MFA code, and the code that waits.
    pub roles: RoleCache,
    /// SSO sessions that the AWS files do not name.
    pub sessions: NamedSessions,
}
