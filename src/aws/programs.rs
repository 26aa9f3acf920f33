//! Which programs would run if a profile were used: the one decision for whoever uses it, made before anything runs.

use std::fmt::Write as _;

use aws_config::profile::Profile as Section;
use sha2::{Digest as _, Sha256};

use super::files::written;
use super::{Environment, Error};
use crate::model::{AllowedPrograms, CredentialProgram, ProfileName};

/// Those of a profile and of all that it is built on. Which of several the SDK would take is not for us to guess.
pub(super) fn programs(environment: &Environment, lineage: &[&Section]) -> Vec<CredentialProgram> {
    let line =
        |section: &Section| section.get("credential_process").map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    let of = |section: &&Section| {
        let line = line(section)?;
        let name = written(section.name());
        let mark = mark(environment, &name, &line);
        Some(CredentialProgram { profile: ProfileName::new(name), line: line.into(), mark })
    };
    lineage.iter().filter_map(of).collect()
}

/// Nobody gets past this to a program that was not allowed.
pub(super) fn refuse_unasked(allowed: &AllowedPrograms, selected: &str, programs: Vec<CredentialProgram>) -> Result<(), Error> {
    if allowed.cover(&programs) {
        return Ok(());
    }
    Err(Error::ProgramUnasked { profile: selected.into(), programs })
}

/// A changed line, another profile or other files ask again.
fn mark(environment: &Environment, profile: &str, line: &str) -> String {
    let mut hash = Sha256::new();
    let files = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"].map(|name| environment.get(name).unwrap_or_default());
    for part in files.into_iter().chain([profile, line]) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
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

    #[tokio::test]
    async fn another_line_or_other_files_are_another_program() {
        let mark = async |config: String, variables: &[(&str, &str)]| of(&config, variables, "build").await[0].mark.clone();
        let first = mark(CONFIG.to_owned(), &[]).await;

        assert_eq!(mark(CONFIG.to_owned(), &[]).await, first);
        assert_ne!(mark(CONFIG.replace("pwned", "more"), &[]).await, first);
        assert_ne!(mark(CONFIG.to_owned(), &[("AWS_CONFIG_FILE", "/elsewhere")]).await, first);
    }
}
