//! `--demo`: an invented company in place of the user's AWS, for this process and what it starts.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

use super::{Exit, Failure};
use crate::config::Environment;
use crate::model::Untrusted;
use crate::terminal::note_leaving;
use crate::text::Catalogue;
pub use ec2dash_sim::Error;
use ec2dash_sim::{Directory, Options, Sim};

/// Proxies would stand between us and loopback; what names keys, profiles and files of the user is none of the demo's business.
const OTHERS: [&str; 6] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
/// Variables of ours that say how to look and not what at.
const KEPT: [&str; 9] = [
    "EC2DASH_DEMO",
    "EC2DASH_ASCII",
    "EC2DASH_COLOR",
    "EC2DASH_LANG",
    "EC2DASH_LOG_FILE",
    "EC2DASH_NO_INPUT",
    "EC2DASH_OUTPUT",
    "EC2DASH_PLAIN",
    "EC2DASH_QUIET",
];

/// A demo whose port and directory are there, and which does not run yet: so the environment can be set while this process has
/// one thread.
#[derive(Debug)]
pub struct Demo {
    listener: TcpListener,
    directory: Directory,
    told: Arc<AtomicUsize>,
}

impl Demo {
    /// Take a port on 127.0.0.1 and make the private directory.
    ///
    /// From here on a signal no longer ends the process by itself: it is kept for [`Self::told`] until somebody listens, or the
    /// directory would stay.
    pub fn prepare() -> Result<Self, Error> {
        let told = Arc::new(AtomicUsize::new(0));
        note_leaving()?;
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            signal_hook::flag::register_usize(signal, Arc::clone(&told), usize::try_from(signal).unwrap_or_default())?;
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|source| Error::Listen { port: 0, source })?;
        let directory = Directory::new(None)?;
        DirBuilder::new().mode(0o700).create(directory.path().join("home"))?;
        Ok(Self { listener, directory, told })
    }

    /// Variables of the user's that must go.
    pub fn removed(environment: &Environment) -> Vec<&str> {
        let names = environment.keys().map(String::as_str);
        let is_aws = |name: &str| name.starts_with("AWS_");
        let is_ours = |name: &str| name.starts_with("EC2DASH_") && !KEPT.contains(&name) && !name.starts_with("EC2DASH_TEST_");
        names.filter(|name| is_aws(name) || is_ours(name) || OTHERS.contains(name)).collect()
    }

    /// Variables of the demo's own.
    pub fn variables(&self) -> Result<Vec<(&'static str, OsString)>, Error> {
        let place = |name: &str| self.directory.path().join(name).into_os_string();
        let endpoint = format!("http://{}", self.listener.local_addr()?);
        Ok(vec![
            ("AWS_ENDPOINT_URL", endpoint.into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_CONFIG_FILE", place("aws-config")),
            ("AWS_SHARED_CREDENTIALS_FILE", place("aws-credentials")),
            ("EC2DASH_CONFIG", place("config.toml")),
            // Sign-ins are kept below it, where no other variable leads.
            ("HOME", place("home")),
            ("XDG_CONFIG_HOME", place("home/config")),
            ("XDG_STATE_HOME", place("home/state")),
            ("XDG_CACHE_HOME", place("home/cache")),
        ])
    }

    /// The signal that came since it was prepared, if one did.
    pub fn told(&self) -> Option<i32> {
        i32::try_from(self.told.load(Ordering::Relaxed)).ok().filter(|number| *number != 0)
    }

    /// Let it run.
    pub async fn start(self) -> Result<Sim, Error> {
        Sim::start_in(self.directory, self.listener, Options { tells_host_keys: true, ..Options::default() }).await
    }
}

/// What kept the simulated cloud from starting, with every cause on its own line.
pub fn failed(error: &Error, text: &Catalogue) -> Failure {
    let values = [("cause", Untrusted::from(error.to_string()).shown_in(300).into())];
    let mut failure = Failure::new("sim", Exit::Failed, text, &values);
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        failure.why.push(Untrusted::from(source.to_string()).shown_in(300));
        cause = source.source();
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_users_aws_and_settings_is_left() {
        let names =
            ["AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "EC2DASH_CONFIG", "EC2DASH_REGION", "https_proxy", "EC2DASH_COLOR", "PATH"];
        let environment = names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect();

        assert_eq!(
            Demo::removed(&environment),
            ["AWS_ENDPOINT_URL_EC2", "AWS_PROFILE", "EC2DASH_CONFIG", "EC2DASH_REGION", "https_proxy"]
        );
    }

    #[tokio::test]
    async fn the_files_that_the_variables_name_are_there_when_it_runs() {
        let demo = Demo::prepare().unwrap();
        let variables = demo.variables().unwrap();

        let sim = demo.start().await.unwrap();

        for (name, value) in variables {
            if matches!(name, "AWS_CONFIG_FILE" | "AWS_SHARED_CREDENTIALS_FILE" | "EC2DASH_CONFIG") {
                assert!(std::path::Path::new(&value).is_file(), "{name}");
            }
            if name == "AWS_ENDPOINT_URL" {
                assert_eq!(value, sim.endpoint());
            }
        }
        sim.stop().await;
    }
}
