//! What is written down of a run, for whoever looks for a mistake: never a body, a credential or a signature.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt};

/// Begin to log: to `file` everything of ours, to stderr as much as `verbosity` says (0 nothing, 1 steps, 2 details).
/// While the dashboard has the terminal nothing may go there.
pub fn begin(file: Option<&Path>, verbosity: u8, owns_terminal: bool) -> io::Result<()> {
    let to_file = match file {
        Some(path) => {
            let file = open(path)?;
            Some(fmt::layer().with_ansi(false).with_writer(std::sync::Mutex::new(file)).with_filter(targets(LevelFilter::DEBUG)))
        }
        None => None,
    };
    let level = match (owns_terminal, verbosity) {
        (true, _) | (false, 0) => None,
        (false, 1) => Some(LevelFilter::INFO),
        (false, _) => Some(LevelFilter::DEBUG),
    };
    let to_stderr = level.map(|level| {
        fmt::layer().with_ansi(false).without_time().with_target(false).with_writer(io::stderr).with_filter(targets(level))
    });
    if to_file.is_none() && to_stderr.is_none() {
        return Ok(());
    }
    // A second call in one process (tests) keeps the first subscriber.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(to_file).with(to_stderr));
    Ok(())
}

/// Ours, and of all others only warnings: below that the SDK and the HTTP client write requests and answers down. Where the SDK gets
/// credentials its warnings have what a credential program said in them, which may be a secret; we tell of the failure ourselves.
fn targets(ours: LevelFilter) -> Targets {
    let others = Targets::new().with_default(LevelFilter::WARN).with_target("aws_config", LevelFilter::ERROR);
    others.with_target("ec2dash", ours)
}

/// A log file that only we can read, and that nobody put there for us to write into something else.
fn open(path: &Path) -> io::Result<File> {
    let no_follow = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = File::options();
    options.append(true).mode(0o600).custom_flags(no_follow.bits().cast_signed());
    let file = match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path)?,
        other => other?,
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is not a file"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file belongs to another user"));
    }
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_file_is_private_even_if_it_was_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        fs::write(&path, "old\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();

        open(&path).unwrap();

        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old\n");
    }

    #[test]
    fn a_log_is_never_written_through_a_link() {
        let directory = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/null", directory.path().join("log")).unwrap();

        assert!(open(&directory.path().join("log")).is_err());
    }

    #[test]
    fn of_other_crates_only_warnings_are_written_down() {
        let targets = targets(LevelFilter::TRACE);

        assert!(targets.would_enable("ec2dash::aws", &tracing::Level::TRACE));
        assert!(targets.would_enable("aws_smithy_runtime", &tracing::Level::WARN));
        assert!(!targets.would_enable("aws_smithy_runtime", &tracing::Level::INFO));
        assert!(!targets.would_enable("aws_config::meta::credentials::chain", &tracing::Level::WARN));
    }
}
