//! What an account wants of its sessions: the content of `SSM-SessionManagerRunShell`.

use std::time::Duration;

use serde_json::json;

/// What an account wants of its sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Encrypt shells and commands with this KMS key: an alias, an id or an arn.
    pub kms_key: Option<String>,
    /// End a session without input after so long; 20 minutes if not set.
    pub idle: Option<Duration>,
    /// End every session after so long.
    pub longest: Option<Duration>,
    /// Where sessions are logged to.
    pub s3_bucket: String,
    /// Where sessions are logged to.
    pub log_group: String,
    /// Run as this user; without a name, sessions fail.
    pub run_as: Option<String>,
    /// A line that is typed into every new shell.
    pub shell_profile: String,
}

impl Preferences {
    /// The document, as `GetDocument` gives it.
    pub(super) fn content(&self) -> String {
        let minutes = |time: Option<Duration>| time.map(|time| time.as_secs().div_ceil(60).to_string()).unwrap_or_default();
        let content = json!({
            "schemaVersion": "1.0",
            "description": "Document to hold regional settings for Session Manager",
            "sessionType": "Standard_Stream",
            "inputs": {
                "s3BucketName": self.s3_bucket,
                "s3KeyPrefix": "",
                "s3EncryptionEnabled": true,
                "cloudWatchLogGroupName": self.log_group,
                "cloudWatchEncryptionEnabled": true,
                "cloudWatchStreamingEnabled": !self.log_group.is_empty(),
                "kmsKeyId": self.kms_key.as_deref().unwrap_or_default(),
                "idleSessionTimeout": self.idle.map_or_else(|| "20".to_owned(), |idle| minutes(Some(idle))),
                "maxSessionDuration": minutes(self.longest),
                "runAsEnabled": self.run_as.is_some(),
                "runAsDefaultUser": self.run_as.as_deref().unwrap_or_default(),
                "shellProfile": { "windows": "", "linux": self.shell_profile },
            },
        });
        format!("{content:#}")
    }
}
