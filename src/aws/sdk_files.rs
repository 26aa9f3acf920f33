//! Files that the SDK opens itself, on a thread that others wait for: they are looked at before it does.

use std::path::PathBuf;

use aws_config::profile::Profile as Section;

use super::Environment;
use super::contents::refuse_odd;
use super::profile_kind::{ProfileKind, base_kind};
use super::sign_in::login_file;

const WEB_IDENTITY: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
const CONTAINER: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SdkFile {
    path: PathBuf,
    /// What names it, if a variable does.
    variable: Option<&'static str>,
}

/// What stands in the place of one of them.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", .file.path.display())]
pub(super) struct OddFile {
    file: SdkFile,
    cause: String,
}

impl OddFile {
    /// The variable that names it.
    pub(super) fn variable(&self) -> Option<&'static str> {
        self.file.variable
    }
}

/// What may be opened for the credentials of a profile, or without one. `is_own`: nobody else's are used in its name.
pub(super) fn of(environment: &Environment, lineage: &[&Section], is_own: bool) -> Vec<SdkFile> {
    let of_profile = lineage.iter().filter_map(|own| own.get("web_identity_token_file")).map(PathBuf::from);
    let of_login = lineage.last().filter(|_| base_kind(lineage) == ProfileKind::Login);
    let of_login = of_login.and_then(|own| login_file(environment, own));
    let files = of_profile.chain(of_login).map(|path| SdkFile { path, variable: None });
    let asks_container = !is_own || lineage.last().is_some_and(|own| own.get("credential_source").is_some());
    let variables = [(WEB_IDENTITY, !is_own), (CONTAINER, asks_container)];
    let named = variables
        .into_iter()
        .filter(|(_, is_used)| *is_used)
        .filter_map(|(variable, _)| Some(SdkFile { path: PathBuf::from(environment.get(variable)?), variable: Some(variable) }));
    files.chain(named).collect()
}

/// The first of them that is no file.
pub(super) fn check(files: &[SdkFile]) -> Result<(), OddFile> {
    files
        .iter()
        .try_for_each(|file| refuse_odd(&file.path).map_err(|error| OddFile { file: file.clone(), cause: error.to_string() }))
}
