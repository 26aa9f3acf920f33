//! Runs the program that a profile gets its credentials from, and reads what it prints.

use std::fmt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, future};
use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

/// Most bytes of what it prints; credentials are far smaller.
const MOST_PRINTED: usize = 256 * 1024;
/// Most bytes kept of what it complains about.
const MOST_SAID: usize = 2_000;

/// A profile's `credential_process`.
pub(super) struct CredentialProcess {
    /// For `sh -c`.
    line: String,
    /// The profile's `aws_account_id`.
    account: Option<String>,
    longest: Duration,
}

/// Why a program gave no credentials. What it said may hold a secret; whoever shows this knows.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unprovided {
    /// It could not be started.
    #[error("it cannot be started: {0}")]
    NotStarted(std::io::Error),
    /// It did not end well.
    #[error("{0}: {1}")]
    Failed(ExitStatus, String),
    /// It neither ended nor closed its output in time.
    #[error("nothing for {} s, so it was ended", .0.as_secs())]
    TooSlow(Duration),
    /// It printed something else.
    #[error("it did not print credentials: {0}")]
    NoCredentials(&'static str),
}

impl CredentialProcess {
    pub(super) fn new(line: &str, account: Option<&str>, longest: Duration) -> Self {
        Self { line: line.to_owned(), account: account.map(str::to_owned), longest }
    }

    async fn credentials(&self) -> std::result::Result<Credentials, Unprovided> {
        // No more than the program's own name: the rest of the line may hold secrets.
        tracing::debug!(program = self.line.split_whitespace().next().unwrap_or_default(), "credential program");
        match tokio::time::timeout(self.longest, self.run()).await {
            Ok(printed) => parse(&printed?, self.account.as_deref()).map_err(Unprovided::NoCredentials),
            Err(_) => Err(Unprovided::TooSlow(self.longest)),
        }
    }

    /// Its output. The keys of the terminal are not its own, and no signal of the terminal reaches it; dropped, it is ended with all
    /// that it has started.
    async fn run(&self) -> std::result::Result<Zeroizing<Vec<u8>>, Unprovided> {
        let mut command = Command::new("sh");
        command.args(["-c", &self.line]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut group = Group(command.spawn().map_err(Unprovided::NotStarted)?);
        let (output, errors) = (group.0.stdout.take(), group.0.stderr.take());
        let mut printed = Zeroizing::new(Vec::new());
        let mut said = Vec::new();
        let (ended, (), ()) =
            tokio::join!(group.0.wait(), keep(output, &mut printed, MOST_PRINTED), keep(errors, &mut said, MOST_SAID));
        let status = ended.map_err(Unprovided::NotStarted)?;
        if status.success() {
            Ok(printed)
        } else {
            Err(Unprovided::Failed(status, String::from_utf8_lossy(&said).trim().to_owned()))
        }
    }
}

impl fmt::Debug for CredentialProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialProcess(***)")
    }
}

impl ProvideCredentials for CredentialProcess {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.credentials().await.map_err(CredentialsError::provider_error) as Result })
    }
}

/// A program that leads a process group; the group ends with this, unless the program has ended before.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let leader = self.0.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(leader) = leader {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

/// Read to the end, and keep the beginning.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>, most: usize) {
    let Some(mut stream) = stream else { return };
    // Room for all of it at once: what moves leaves copies behind.
    kept.reserve_exact(most);
    let mut piece = Zeroizing::new([0; 4_096]);
    while let Ok(count @ 1..) = stream.read(piece.as_mut_slice()).await {
        let room = most.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(piece.get(..room).unwrap_or_default());
    }
}

/// Credentials, of the one form there is. Names count whatever their case.
fn parse(printed: &[u8], account: Option<&str>) -> std::result::Result<Credentials, &'static str> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(printed) else { return Err("no JSON object") };
    let field = |wanted: &str| fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
    let text = |wanted: &str| field(wanted).and_then(Value::as_str).filter(|text| !text.is_empty());
    if field("Version").and_then(Value::as_i64) != Some(1) {
        return Err("Version is not 1");
    }
    let key = text("AccessKeyId").ok_or("AccessKeyId is missing")?;
    let secret = text("SecretAccessKey").ok_or("SecretAccessKey is missing")?;
    let mut builder = Credentials::builder().access_key_id(key).secret_access_key(secret).provider_name("credential_process");
    builder.set_session_token(text("SessionToken").map(str::to_owned));
    if let Some(expiration) = text("Expiration") {
        let expiration: Timestamp = expiration.parse().map_err(|_| "Expiration is no time")?;
        builder.set_expiry(Some(SystemTime::from(expiration)));
    }
    let account = text("AccountId").or(account).map(|account| account.to_owned().into());
    builder.set_account_id(account);
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(line: &str) -> CredentialProcess {
        CredentialProcess::new(line, Some("123456789012"), Duration::from_secs(60))
    }

    #[tokio::test]
    async fn what_a_program_prints_are_credentials_of_the_profiles_account() {
        let printed =
            r#"{"version":1,"accesskeyid":"A","SECRETACCESSKEY":"B","SessionToken":"","Expiration":"2026-11-28T17:28:16+01:00"}"#;

        let credentials = process(&format!("echo '{printed}'")).credentials().await.unwrap();

        assert_eq!((credentials.access_key_id(), credentials.secret_access_key()), ("A", "B"));
        assert_eq!(credentials.session_token(), None);
        let end: Timestamp = "2026-11-28T16:28:16Z".parse().unwrap();
        assert_eq!(credentials.expiry(), Some(SystemTime::from(end)));
        assert_eq!(credentials.account_id().map(|account| account.as_str()), Some("123456789012"));
    }

    #[tokio::test]
    async fn what_is_no_credentials_is_told_without_a_word_of_it() {
        for (printed, expected) in [
            ("canary", "no JSON object"),
            (r#"{"Version":"1","AccessKeyId":"canary","SecretAccessKey":"B"}"#, "Version is not 1"),
            (r#"{"Version":1,"SecretAccessKey":"canary"}"#, "AccessKeyId is missing"),
            (r#"{"Version":1,"AccessKeyId":"canary","SecretAccessKey":""}"#, "SecretAccessKey is missing"),
            (r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"canary","Expiration":"soon"}"#, "Expiration is no time"),
        ] {
            let error = process(&format!("echo '{printed}'")).credentials().await.unwrap_err().to_string();

            assert!(error.ends_with(expected) && !error.contains("canary"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_program_has_no_input_and_what_it_complains_is_kept_in_its_beginning() {
        let read = process("read line && exit 1; head -c 100000 /dev/zero | tr '\\0' x >&2; exit 3").credentials().await;

        let Err(Unprovided::Failed(status, said)) = read else { panic!("{read:?}") };
        assert_eq!((status.code(), said.len()), (Some(3), MOST_SAID));
    }

    #[tokio::test]
    async fn a_program_that_takes_too_long_ends_with_all_it_has_started() {
        let directory = tempfile::tempdir().unwrap();
        let witness = directory.path().join("child");
        let line = format!("sleep 600 & echo $! > {0}.part && mv {0}.part {0}; wait", witness.display());
        let slow = CredentialProcess { longest: Duration::from_millis(600), ..process(&line) };

        let outcome = slow.credentials().await;

        assert!(matches!(outcome, Err(Unprovided::TooSlow(_))), "{outcome:?}");
        // Whoever adopts the child may take a moment to bury it; then nobody answers to its number.
        let child: i32 = std::fs::read_to_string(&witness).unwrap().trim().parse().unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        let is_gone = || state().rsplit(')').next().is_none_or(|rest| rest.trim().is_empty() || rest.trim().starts_with('Z'));
        while !is_gone() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[test]
    fn the_line_is_in_no_debug_text() {
        assert!(!format!("{:?}", process("login --password canary")).contains("canary"));
    }
}
