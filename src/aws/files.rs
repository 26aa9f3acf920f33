//! Reading `~/.aws/config` and `~/.aws/credentials`: made regular first, then parsed by the SDK.

mod name;
mod regular;
mod sections;
mod session_places;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aws_config::profile::{Profile as Section, ProfileSet, load};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

pub(super) use name::{regular, words, written};
pub use session_places::NamedSessions;

use super::contents::{LARGEST, contents};
use super::flaw::{Fault, Flaw};
use super::{Environment, Error};
use crate::model::{ProfileName, Untrusted};

const CONFIG: &str = "AWS_CONFIG_FILE";
const CREDENTIALS: &str = "AWS_SHARED_CREDENTIALS_FILE";

/// What stands in the two files at one moment.
pub(super) struct Files {
    /// Profiles, SSO sessions and service sections, with one profile selected. Names are as [`regular()`] makes them.
    pub(super) sections: ProfileSet,
    /// The same contents for the SDK's credential chain, so that it reads no file a second time.
    pub(super) sources: EnvConfigFiles,
    /// What was passed over.
    pub(super) flaws: Vec<Flaw>,
    /// The profiles that cannot be used, by name, and why.
    bad: BTreeMap<String, Flaw>,
    /// Whether the selected profile is the place of an SSO session, whose region is no more than that of its portal.
    pub(super) is_place: bool,
}

impl Files {
    /// Read both files and select a profile. A missing file is an empty one; one that cannot be read is an error.
    pub(super) async fn read(environment: &Environment, selected: &str) -> Result<Self, Error> {
        Self::read_beside(environment, selected, &NamedSessions::default()).await
    }

    /// The same with sessions that the files do not name. `selected` may be the place of a session.
    pub(super) async fn read_beside(environment: &Environment, selected: &str, sessions: &NamedSessions) -> Result<Self, Error> {
        Self::read_each(environment, selected, sessions, Err).await
    }

    /// The same for somebody who has keys from elsewhere: a file that cannot be read is a flaw.
    pub(super) async fn read_what_can_be_read(environment: &Environment, selected: &str) -> Result<Self, Error> {
        Self::read_each(environment, selected, &NamedSessions::default(), |_| Ok(())).await
    }

    async fn read_each(
        environment: &Environment,
        selected: &str,
        sessions: &NamedSessions,
        fails: impl Fn(Error) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut unreadable = Vec::new();
        let mut both = Vec::new();
        for (variable, default) in [(CONFIG, ".aws/config"), (CREDENTIALS, ".aws/credentials")] {
            let Some(path) = path(environment, variable, default) else {
                both.push((String::new(), String::new()));
                continue;
            };
            let file = path.to_string_lossy().into_owned();
            let text = match read(&path).await {
                Ok(text) => text,
                Err(cause) => {
                    fails(bad_files(format!("{file}: {cause}")))?;
                    unreadable.push(Flaw { file: file.as_str().into(), line: None, fault: Fault::Unreadable(cause.into()) });
                    String::new()
                }
            };
            both.push((file, text));
        }
        let [(config, config_text), (credentials, credentials_text)] = both.as_slice() else { unreachable!("two files") };
        let made = regular::make(
            &regular::Source { file: config, text: config_text },
            &regular::Source { file: credentials, text: credentials_text },
        );
        let mut text = made.text;
        text.push_str(&sessions.sections_beside(&text));
        let (mut sources, mut sections) = parsed(&text, selected).await?;
        let place = session_places::section_of(&sections, selected).filter(|_| !made.bad.contains_key(selected));
        if let Some(section) = &place {
            text.push_str(section);
            (sources, sections) = parsed(&text, selected).await?;
        }
        unreadable.extend(made.flaws);
        Ok(Self { sections, sources, flaws: unreadable, bad: made.bad, is_place: place.is_some() })
    }

    /// A profile by the name that a person writes or that a section gives ([`regular()`]).
    ///
    /// One that stands in the files and cannot be used is [`Error::BadProfile`], any other that is not there [`Error::NoProfile`].
    pub(super) fn profile(&self, name: &str) -> Result<&Section, Error> {
        if let Some(flaw) = self.bad.get(name) {
            return Err(Error::BadProfile { profile: name.into(), flaw: Box::new(flaw.clone()) });
        }
        self.sections.get_profile(&regular(name)).ok_or_else(|| Error::NoProfile { profile: name.into() })
    }

    /// Every name that a person would look for, good or bad, in order.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.sections.profiles().map(|name| written(name).into_owned()).chain(self.bad.keys().cloned()).collect()
    }
}

/// The text for the SDK's chain, and what it says with a profile selected.
async fn parsed(text: &str, selected: &str) -> Result<(EnvConfigFiles, ProfileSet), Error> {
    let sources = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, text)
        .with_contents(EnvConfigFileKind::Credentials, String::new())
        .build();
    let selected = regular(selected).into_owned().into();
    let sections = load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &sources, Some(selected)).await;
    Ok((sources, sections.map_err(|error| bad_files(deepest(&error)))?))
}

/// The profiles that can be used, by name, for a shell that completes one: nothing is waited for and nothing said.
/// A file that cannot be read holds none.
pub fn profile_names(environment: &Environment) -> Vec<ProfileName> {
    let text = |variable, default| path(environment, variable, default).and_then(|path| read_at_once(&path)).unwrap_or_default();
    let made = regular_text(&text(CONFIG, ".aws/config"), &text(CREDENTIALS, ".aws/credentials"));
    let headings = made.lines().filter_map(|line| line.strip_prefix("[profile ")?.strip_suffix(']'));
    headings.map(|name| ProfileName::new(written(name))).collect()
}

/// The names that are taken in the two files: of profiles, good or bad, and of SSO sessions.
pub(super) fn names_in(config: &str, credentials: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let source = |text| regular::Source { file: "", text };
    let made = regular::make(&source(config), &source(credentials));
    let named = |kind: &str| -> BTreeSet<String> {
        let headings = made.text.lines().filter_map(|line| line.strip_prefix(kind)?.strip_suffix(']'));
        headings.map(|name| written(name).into_owned()).collect()
    };
    (named("[profile ").into_iter().chain(made.bad.into_keys()).collect(), named("[sso-session "))
}

/// Where the two files are: config and credentials. `None` without a home.
pub(super) fn paths(environment: &Environment) -> Option<(PathBuf, PathBuf)> {
    Some((path(environment, CONFIG, ".aws/config")?, path(environment, CREDENTIALS, ".aws/credentials")?))
}

/// A file's text, if it is a file: whatever else stands in its place may make its reader wait.
fn read_at_once(path: &Path) -> Option<String> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let mut options = std::fs::OpenOptions::new();
    let file = std::os::unix::fs::OpenOptionsExt::custom_flags(options.read(true), flags).open(path).ok()?;
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() <= LARGEST)?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, metadata.len()), &mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// What the SDK's parser gets of the two files' texts. It takes whatever this gives: for tests with hostile bytes.
pub fn regular_text(config: &str, credentials: &str) -> String {
    let source = |text| regular::Source { file: "", text };
    regular::make(&source(config), &source(credentials)).text
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

/// A file's text, or why there is none.
async fn read(path: &Path) -> Result<String, String> {
    let path = path.to_owned();
    let bytes = match tokio::task::spawn_blocking(move || contents(&path)).await.map_err(|error| error.to_string())? {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error.to_string()),
    };
    String::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())
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
        let home = home("[profile a]\nregion = us-east-1\nAKIACANARY wJalrCanary\n[profile b]\n", "", &[]);

        let files = Files::read(&home.environment, "a").await.unwrap();

        let flaw = files.flaws.first().unwrap();
        let said = format!("{} {flaw} {flaw:?}", flaw.said(&crate::text::Catalogue::english()));
        assert!(said.contains(".aws/config") && said.contains("line 3"), "{said}");
        assert!(!said.contains("Canary") && !said.contains("CANARY"), "{said}");
        assert!(matches!(files.profile("a"), Err(Error::BadProfile { .. })));
        assert!(files.profile("b").is_ok(), "only its own profile fails");
    }

    #[tokio::test]
    async fn a_name_may_hold_what_the_sdk_does_not_take() {
        let config = "[profile \"q r\"]\nregion = us-east-1\n[profile 'jane (dev)']\nrole_arn = r\nsource_profile = q r\n";
        let home = home(config, "[q r]\naws_access_key_id = A\n[이름]\n", &[]);

        let files = Files::read(&home.environment, "q r").await.unwrap();

        assert_eq!(files.sections.get("aws_access_key_id"), Some("A"));
        assert_eq!(files.sections.get("region"), Some("us-east-1"));
        assert_eq!(files.names().into_iter().collect::<Vec<_>>(), ["jane (dev)", "q r", "이름"]);
        assert!(files.profile("이름").is_ok());
    }

    #[tokio::test]
    async fn a_place_of_a_session_is_a_profile_unless_one_is_called_so() {
        let name = "corp/444455556666/ReadOnly";
        let config = "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://x/start\n";
        let taken = format!("{config}[profile {name}]\nregion = us-east-1\n");
        let region = async |config: &str, name: &str, sessions: &NamedSessions| {
            let home = home(config, "", &[]);
            let files = Files::read_beside(&home.environment, name, sessions).await.unwrap();
            files
                .profile(name)
                .ok()
                .map(|own| (own.get("region").map(str::to_owned), own.get("sso_role_name").map(str::to_owned)))
        };
        let none = NamedSessions::default();
        let known: NamedSessions = [("팀 운영", "https://y/start"), ("corp", "https://other"), ("torn", "https://y\nregion=x")]
            .map(|(name, url)| (name.to_owned(), url.to_owned(), "us-west-2".parse().unwrap()))
            .into_iter()
            .collect();

        let own = |region: &str| Some((Some(region.to_owned()), Some("ReadOnly".to_owned())));
        assert_eq!(region(config, name, &none).await, own("eu-central-1"));
        assert_eq!(region(config, name, &known).await, own("eu-central-1"), "the files come first");
        assert_eq!(region("", "팀 운영/444455556666/ReadOnly", &known).await, own("us-west-2"));
        assert_eq!(region(&taken, name, &none).await, Some((Some("us-east-1".to_owned()), None)));
        assert_eq!(region(config, "other/444455556666/ReadOnly", &known).await, None);
        assert_eq!(region(config, "torn/444455556666/ReadOnly", &known).await, None);
    }

    #[tokio::test]
    async fn one_file_may_be_named_twice() {
        let home = home("[default]\nregion = us-east-1\n", "", &[]);
        let path = home.directory.path().join(".aws/config");
        let environment = Environment::new([CONFIG, CREDENTIALS].map(|name| (name, path.to_str().unwrap())));

        let files = Files::read(&environment, "default").await.unwrap();

        assert_eq!(files.sections.get("region"), Some("us-east-1"));
    }

    #[tokio::test]
    async fn a_huge_file_is_refused() {
        let home = home("", "", &[]);
        let file = std::fs::File::create(home.directory.path().join(".aws/config")).unwrap();
        file.set_len(100 * 1024 * 1024).unwrap();

        assert!(cause(&home).await.ends_with(".aws/config: larger than 8 MiB"));
    }

    #[tokio::test]
    async fn a_file_that_is_not_text_is_refused() {
        let home = home("", "", &[]);
        std::fs::write(home.directory.path().join(".aws/config"), b"[default]\nregion=\xff\xfe").unwrap();

        assert!(cause(&home).await.ends_with(".aws/config: not UTF-8"));
    }

    #[tokio::test]
    async fn nul_bytes_do_no_harm() {
        let home = home("[profile a]\nregion = us\0east\n", "", &[]);

        assert!(Files::read(&home.environment, "a").await.is_ok());
    }
}
