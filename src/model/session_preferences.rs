//! How an account wants its sessions of Session Manager, as its document `SSM-SessionManagerRunShell` says.

use super::Untrusted;

/// What the document says; an account that never changed it has the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionPreferences {
    /// The bucket in which the output is kept.
    pub bucket: Option<Untrusted>,
    /// The log group in which the output is kept.
    pub log_group: Option<Untrusted>,
    /// The key of KMS with which the data is sealed.
    pub key: Option<Untrusted>,
    /// Whether the shell runs as another user than `ssm-user`.
    pub runs_as: bool,
    /// That user, where nobody's own tag names another one.
    pub run_as_user: Option<Untrusted>,
    /// Minutes without input after which a session ends.
    pub idle_minutes: Option<u32>,
    /// Minutes after which a session ends.
    pub longest_minutes: Option<u32>,
}

impl SessionPreferences {
    /// Whether a user would want to know nothing of it: how the data is sealed shows in nothing that they do.
    pub fn are_usual(&self) -> bool {
        let Self { bucket, log_group, key: _, runs_as, run_as_user: _, idle_minutes, longest_minutes } = self;
        bucket.is_none() && log_group.is_none() && !runs_as && idle_minutes.is_none() && longest_minutes.is_none()
    }
}
