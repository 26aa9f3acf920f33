//! `--demo` in a build that leaves the simulated cloud out: told in words, and never taken for the user's own AWS.

use std::ffi::OsString;

use super::{Exit, Failure};
use crate::config::Environment;
use crate::text::Catalogue;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
#[error("this build has no demo")]
pub struct Error;

/// A demo, of which there is none here.
#[derive(Debug)]
pub enum Demo {}

impl Demo {
    /// Says that there is none.
    pub fn prepare() -> Result<Self, Error> {
        Err(Error)
    }

    /// Variables of the user's that must go.
    pub fn removed(_: &Environment) -> Vec<&str> {
        Vec::new()
    }

    /// Variables of the demo's own.
    pub fn variables(&self) -> Result<Vec<(&'static str, OsString)>, Error> {
        match *self {}
    }

    /// The signal that came since it was prepared.
    pub fn told(&self) -> Option<i32> {
        match *self {}
    }

    /// Let it run.
    pub async fn start(self) -> Result<Self, Error> {
        match self {}
    }

    /// End it.
    pub async fn stop(self) {
        match self {}
    }
}

/// What is said where a demo or its cloud is asked for.
pub fn failed(_: &Error, text: &Catalogue) -> Failure {
    Failure::new("no-demo", Exit::Usage, text, &[])
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::args::{self, Arguments};
    use super::*;

    #[test]
    fn a_demo_that_is_asked_for_is_told_to_be_left_out() {
        let text = Catalogue::english();

        let failure = failed(&Demo::prepare().unwrap_err(), &text);

        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.what.contains("This build has no demo"), "{}", failure.what);
        assert!(!failure.next.is_empty());
    }

    #[test]
    fn a_demo_that_the_environment_asks_for_is_refused_as_well() {
        let parsed = |value: &str| {
            let environment = [("EC2DASH_DEMO".to_owned(), value.to_owned())].into_iter().collect();
            super::super::parse(["ec2dash", "ls"].map(OsString::from), &environment, &Catalogue::english())
        };

        assert_eq!(parsed("1").unwrap_err(), Exit::Usage);
        assert!(parsed("0").is_ok());
    }

    #[test]
    fn the_simulated_cloud_is_told_apart_from_a_mistyped_command() {
        let parsed = |words: &[&str]| {
            args::parse(words.iter().map(OsString::from), &Environment::default(), &Catalogue::english()).unwrap_err()
        };

        assert!(args::is_left_out(&parsed(&["ec2dash", "sim", "--instances", "5"])));
        assert!(args::is_left_out(&parsed(&["ec2dash", "--demo"])) && args::is_left_out(&parsed(&["ec2dash", "ls", "--demo"])));
        assert!(!args::is_left_out(&parsed(&["ec2dash", "simm"])));
    }

    #[test]
    fn help_and_completion_offer_neither() {
        let mut command = Arguments::command();
        let mut completion = Vec::new();

        let help = [command.render_help().to_string(), command.render_long_help().to_string()];
        clap_complete::generate(clap_complete::Shell::Bash, &mut command, "ec2dash", &mut completion);

        let completion = String::from_utf8(completion).unwrap();
        for text in help.iter().chain([&completion]) {
            for word in ["demo", "simulat", " sim "] {
                assert!(!text.contains(word), "{word}:\n{text}");
            }
        }
    }

    #[test]
    fn no_credentials_is_not_answered_with_a_demo_that_is_not_there() {
        let next = crate::aws::Error::NoCredentials.next(&Catalogue::english()).unwrap();

        assert!(!next.contains("demo"), "{next}");
        assert!(next.contains("ec2dash login"), "{next}");
    }
}
