//! Which programs would run if a profile were used: the one decision for whoever uses it, made before anything runs.

use std::fmt::Write as _;
use std::path::Path;

use aws_config::profile::Profile as Section;
use sha2::{Digest as _, Sha256};

use super::files::{words, written};
use super::profile_kind::gives_keys;
use super::{Environment, Error};
use crate::model::{AllowedPrograms, CredentialProgram, ProfileName};

/// Those of a profile and of all that it is built on. Which of several the SDK would take is not for us to guess, but for a profile
/// that others are built on and that has keys.
pub(super) fn programs(environment: &Environment, lineage: &[&Section]) -> Vec<CredentialProgram> {
    let line =
        |section: &Section| section.get("credential_process").map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let of = |section: &&Section| {
        let line = line(section)?;
        let name = written(section.name());
        let mark = mark(environment, &name, &line);
        Some(CredentialProgram { profile: ProfileName::new(name), line: line.into(), mark })
    };
    lineage.iter().enumerate().filter(|(at, own)| !gives_keys(*at, own)).filter_map(|(_, own)| of(own)).collect()
}

/// Nobody gets past this to a program that was not allowed.
pub(super) fn refuse_unasked(allowed: &AllowedPrograms, selected: &str, programs: Vec<CredentialProgram>) -> Result<(), Error> {
    if allowed.cover(&programs) {
        return Ok(());
    }
    Err(Error::ProgramUnasked { profile: selected.into(), programs })
}

/// A changed line, another profile or other files ask again, and so does another directory where the line means something else in it.
fn mark(environment: &Environment, profile: &str, line: &str) -> String {
    let mut hash = Sha256::new();
    let here = std::env::current_dir().unwrap_or_default();
    let file = |name: &str| environment.get(name).map_or_else(String::new, |path| from(&here, path));
    let files = [file("AWS_CONFIG_FILE"), file("AWS_SHARED_CREDENTIALS_FILE")];
    let directory = leans_on(&here, line).then(|| here.to_string_lossy());
    for part in files.iter().map(String::as_str).chain([profile, line]).chain(directory.as_deref()) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A path as it is from everywhere. One that begins with `~/` is.
fn from(here: &Path, path: &str) -> String {
    if path.starts_with("~/") { path.to_owned() } else { here.join(path).to_string_lossy().into_owned() }
}

/// Whether the line names something in this directory, so far as can be told without running it.
fn leans_on(here: &Path, line: &str) -> bool {
    let Some(words) = words(line) else { return true };
    let is_relative = |word: &str| !word.starts_with('/');
    let is_program_here = words.first().is_some_and(|program| program.contains('/') && is_relative(program));
    let names_what_is_here = |word: &String| is_relative(word) && (word.contains("./") || here.join(word).exists());
    is_program_here || words.iter().skip(1).any(names_what_is_here)
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::super::profiles::lineage;
    use super::*;

    const CONFIG: &str = "[profile ops]\nrole_arn = r\nsource_profile = middle\n[profile middle]\nrole_arn = r\nsource_profile = build\n[profile build]\ncredential_process = touch pwned\n[profile keys]\naws_access_key_id = A\n";

    async fn of(config: &str, variables: &[(&str, &str)], profile: &str) -> Vec<CredentialProgram> {
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, profile).await.unwrap();
        programs(&Environment::new(variables.to_vec()), &lineage(&files, profile).unwrap())
    }

    #[tokio::test]
    async fn a_program_counts_at_every_link_of_the_chain() {
        for profile in ["ops", "middle", "build"] {
            let programs = of(CONFIG, &[], profile).await;

            assert_eq!(programs.len(), 1, "{profile}");
            assert_eq!((programs[0].profile.raw(), programs[0].line.raw()), ("build", "touch pwned"), "{profile}");
        }
        assert_eq!(of(CONFIG, &[], "keys").await, []);
    }

    #[test]
    fn a_line_leans_on_the_directory_where_it_names_something_in_it() {
        let here = tempfile::tempdir().unwrap();
        std::fs::write(here.path().join("creds.sh"), "").unwrap();

        for leaning in ["./creds", "bin/creds", "sh creds.sh", "sh -c 'exec ./creds'", "sh -c '../creds'", "sh 'creds"] {
            assert!(leans_on(here.path(), leaning), "{leaning}");
        }
        for alike in ["/usr/bin/creds", "creds", "creds.sh", "corp-login --profile prod", "sh other.sh", "sh /etc/creds.sh"] {
            assert!(!leans_on(here.path(), alike), "{alike}");
        }
    }

    #[tokio::test]
    async fn a_relative_path_of_the_files_is_the_one_of_this_directory() {
        let here = std::env::current_dir().unwrap();
        let mark = |path: &str| mark(&Environment::new([("AWS_CONFIG_FILE", path)]), "build", "creds");

        assert_eq!(mark("aws"), mark(here.join("aws").to_str().unwrap()));
        assert_ne!(mark("aws"), mark("/elsewhere/aws"));
        assert_eq!(from(Path::new("/a"), "~/aws"), "~/aws");
    }

    #[tokio::test]
    async fn another_line_or_other_files_are_another_program() {
        let mark = async |config: String, variables: &[(&str, &str)]| of(&config, variables, "build").await[0].mark.clone();
        let first = mark(CONFIG.to_owned(), &[]).await;

        assert_eq!(mark(CONFIG.to_owned(), &[]).await, first);
        assert_ne!(mark(CONFIG.replace("pwned", "more"), &[]).await, first);
        assert_ne!(mark(CONFIG.to_owned(), &[("AWS_CONFIG_FILE", "/elsewhere")]).await, first);
    }
}
