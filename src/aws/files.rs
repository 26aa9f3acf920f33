//! Reading `~/.aws/config` and `~/.aws/credentials`, by the SDK's own parser.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aws_config::profile::{ProfileSet, load};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};
use tokio::io::AsyncReadExt;

use super::{Environment, Error};
use crate::model::Untrusted;

/// A larger file is a mistake or an attack; parsing it would hold up the start.
const LARGEST: u64 = 8 * 1024 * 1024;
const CONFIG: &str = "AWS_CONFIG_FILE";
const CREDENTIALS: &str = "AWS_SHARED_CREDENTIALS_FILE";

/// What stands in the two files at one moment.
pub(super) struct Files {
    /// Profiles, SSO sessions and service sections, with one profile selected.
    pub(super) sections: ProfileSet,
    /// The same contents for the SDK's credential chain, so that it reads no file a second time.
    pub(super) sources: EnvConfigFiles,
}

impl Files {
    /// Read both files and select a profile. A missing file is an empty one.
    pub(super) async fn read(environment: &Environment, selected: &str) -> Result<Self, Error> {
        let config = path(environment, CONFIG, ".aws/config");
        let credentials = path(environment, CREDENTIALS, ".aws/credentials");
        let mut contents = HashMap::new();
        let mut variables = HashMap::new();
        let mut sources = EnvConfigFiles::builder();
        for (kind, variable, path) in
            [(EnvConfigFileKind::Config, CONFIG, config), (EnvConfigFileKind::Credentials, CREDENTIALS, credentials)]
        {
            let text = match &path {
                Some(path) => read(path).await?,
                None => String::new(),
            };
            // Names that cannot be mixed up even if both variables name one file, or the file is not UTF-8 by name.
            let name = path.map_or_else(|| variable.to_owned(), |path| path.to_string_lossy().into_owned());
            contents.insert(OsString::from(&name), text.clone().into_bytes());
            variables.insert(variable.to_owned(), name);
            sources = sources.with_contents(kind, text);
        }
        let sections = load(
            &Fs::from_raw_map(contents),
            &Env::from(variables),
            &EnvConfigFiles::default(),
            Some(selected.to_owned().into()),
        )
        .await
        .map_err(|error| bad_files(deepest(&error)))?;
        Ok(Self { sections, sources: sources.build() })
    }
}

/// A complaint about the files. The caller must not quote a line: it may hold a secret.
pub(super) fn bad_files(cause: String) -> Error {
    let words: Vec<&str> = cause.split_whitespace().collect();
    Error::BadFiles { cause: Untrusted::from(words.join(" ")) }
}

fn path(environment: &Environment, variable: &str, default: &str) -> Option<PathBuf> {
    match environment.get(variable) {
        Some(given) => match given.strip_prefix("~/") {
            Some(rest) => environment.under_home(rest),
            None => Some(PathBuf::from(given)),
        },
        None => environment.under_home(default),
    }
}

async fn read(path: &Path) -> Result<String, Error> {
    let file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(bad_files(format!("{}: {error}", path.display()))),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).await.map_err(|error| bad_files(format!("{}: {error}", path.display())))?;
    if bytes.len() as u64 > LARGEST {
        return Err(bad_files(format!("{} is larger than 8 MiB", path.display())));
    }
    String::from_utf8(bytes).map_err(|_| bad_files(format!("{} is not UTF-8", path.display())))
}

fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two files in a directory of their own, and the environment that names them.
    pub(in super::super) struct Home {
        pub(in super::super) directory: tempfile::TempDir,
        pub(in super::super) environment: Environment,
    }

    pub(in super::super) fn home(config: &str, credentials: &str, more: &[(&str, &str)]) -> Home {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(directory.path().join(".aws")).unwrap();
        std::fs::write(directory.path().join(".aws/config"), config).unwrap();
        std::fs::write(directory.path().join(".aws/credentials"), credentials).unwrap();
        let mut variables = vec![("HOME".to_owned(), directory.path().to_str().unwrap().to_owned())];
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Home { directory, environment: Environment::new(variables) }
    }

    async fn cause(home: &Home) -> String {
        match Files::read(&home.environment, "default").await {
            Err(Error::BadFiles { cause }) => cause.shown(),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("accepted"),
        }
    }

    #[tokio::test]
    async fn both_files_are_one_set_of_profiles() {
        let home = home("[profile a]\nregion=us-east-1\n", "[a]\naws_access_key_id=X\n[b]\naws_access_key_id=Y\n", &[]);

        let files = Files::read(&home.environment, "a").await.unwrap();

        assert_eq!(files.sections.get("region"), Some("us-east-1"));
        assert_eq!(files.sections.get("aws_access_key_id"), Some("X"));
        assert!(files.sections.get_profile("b").is_some());
    }

    #[tokio::test]
    async fn no_files_are_no_profiles() {
        let files = Files::read(&Environment::default(), "default").await.unwrap();

        assert!(files.sections.is_empty());
    }

    #[tokio::test]
    async fn a_bad_line_is_named_by_file_and_number_and_never_quoted() {
        let home = home("[profile a]\nregion = us-east-1\nAKIACANARY wJalrCanary\n", "", &[]);

        let cause = cause(&home).await;

        assert!(cause.contains(".aws/config") && cause.contains("line 3"), "{cause}");
        assert!(!cause.contains("Canary") && !cause.contains("CANARY"), "{cause}");
    }

    #[tokio::test]
    async fn a_huge_file_is_refused() {
        let home = home("", "", &[]);
        let file = std::fs::File::create(home.directory.path().join(".aws/config")).unwrap();
        file.set_len(100 * 1024 * 1024).unwrap();

        assert!(cause(&home).await.ends_with(".aws/config is larger than 8 MiB"));
    }

    #[tokio::test]
    async fn a_file_that_is_not_text_is_refused() {
        let home = home("", "", &[]);
        std::fs::write(home.directory.path().join(".aws/config"), b"[default]\nregion=\xff\xfe").unwrap();

        assert!(cause(&home).await.ends_with(".aws/config is not UTF-8"));
    }

    #[tokio::test]
    async fn nul_bytes_do_no_harm() {
        let home = home("[profile a]\nregion = us\0east\n", "", &[]);

        assert!(Files::read(&home.environment, "a").await.is_ok());
    }
}
