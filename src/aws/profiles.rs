//! The profiles in the user's AWS files: what each is, without a call and without running a program.

use aws_config::profile::Profile as Section;
use jiff::Timestamp;

use super::files::{Files, bad_files, regular, written};
use super::flaw::Flaw;
use super::profile_kind::{ProfileKind, base_kind, gives_keys, kind};
use super::programs::programs;
use super::sign_in::{self, SignIn};
use super::{Environment, Error};
use crate::model::{AccountId, CredentialProgram, ProfileName, Region, Untrusted};

/// Profiles in a row by `source_profile`; nobody has as many.
const LONGEST: usize = 32;

/// One profile, as its files describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: ProfileName,
    /// Where its credentials come from.
    pub kind: ProfileKind,
    /// The account, if the files tell it.
    pub account: Option<AccountId>,
    /// Its own region.
    pub region: Option<Region>,
    /// The role that it takes, if the files tell one.
    pub role: Option<Untrusted>,
    /// The SSO session it uses.
    pub sso_session: Option<Untrusted>,
    /// What a role is taken with: another profile, or a credential source such as `Ec2InstanceMetadata`.
    pub source: Option<Untrusted>,
    /// The program that makes its credentials. Shown, never run by us.
    pub program: Option<Untrusted>,
    /// Every program that may run if it is used: its own, and those of the profiles it is built on.
    pub programs: Vec<CredentialProgram>,
    /// The MFA device that its role asks for.
    pub mfa: Option<Untrusted>,
    /// Whether the sign-in that its credentials begin with still holds.
    pub sign_in: SignIn,
    /// Why it cannot be used, as far as the files tell.
    pub problem: Option<Error>,
}

/// What the AWS files hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profiles {
    /// Every section that is a profile or looks like one, by name.
    pub list: Vec<Profile>,
    /// What was passed over.
    pub flaws: Vec<Flaw>,
}

/// All profiles in the AWS files, by name, those that cannot be used among them. Calls nothing and runs nothing.
pub async fn profiles() -> Result<Profiles, Error> {
    profiles_in(&Environment::of_process()).await
}

/// As [`profiles`], for the files that `environment` names.
pub async fn profiles_in(environment: &Environment) -> Result<Profiles, Error> {
    let files = Files::read(environment, "default").await?;
    let now = Timestamp::now();
    let list = files.names().iter().map(|name| profile(environment, &files, name, now)).collect();
    Ok(Profiles { list, flaws: files.flaws })
}

/// A profile and those it gets its credentials from, down to the one that has some of its own.
///
/// `name` is as [`regular`] makes it. An unknown profile is [`Error::NoProfile`], one that cannot be used [`Error::BadProfile`];
/// a circle is [`Error::BadFiles`] and names its members.
pub(super) fn lineage<'a>(files: &'a Files, name: &str) -> Result<Vec<&'a Section>, Error> {
    let mut lineage: Vec<&Section> = Vec::new();
    let mut next = name;
    loop {
        let section = files.profile(&written(next))?;
        if let Some(first) = lineage.iter().position(|seen| seen.name() == section.name()) {
            let circle = lineage.iter().skip(first).map(|section| section.name()).chain([next]);
            let circle: Vec<String> = circle.map(|name| shown(name, 40)).collect();
            return Err(bad_files(format!("source_profile goes in a circle: {}", circle.join(", "))));
        }
        if lineage.len() == LONGEST {
            return Err(bad_files(format!(
                "more than {LONGEST} profiles in a row by source_profile, beginning with {}",
                shown(name, 40)
            )));
        }
        lineage.push(section);
        if gives_keys(lineage.len() - 1, section) {
            return Ok(lineage);
        }
        match source_profile(section) {
            Some(source) if source != section.name() => next = source,
            _ => return Ok(lineage),
        }
    }
}

/// The profile a role is taken with. A profile with a role of a web identity has none.
fn source_profile(section: &Section) -> Option<&str> {
    let is_chained = section.get("role_arn").is_some() && section.get("web_identity_token_file").is_none();
    section.get("source_profile").filter(|_| is_chained)
}

fn shown(regular: &str, columns: usize) -> String {
    Untrusted::from(written(regular).as_ref()).shown_in(columns)
}

fn profile(environment: &Environment, files: &Files, name: &str, now: Timestamp) -> Profile {
    let section = match files.profile(name) {
        Ok(section) => section,
        Err(problem) => return unusable(name, problem),
    };
    let text = |key: &str| section.get(key).map(Untrusted::from);
    let account = section
        .get("sso_account_id")
        .or_else(|| section.get("role_arn").and_then(account_in_arn))
        .or_else(|| section.get("aws_account_id"))
        .or_else(|| section.get("login_session").and_then(account_in_arn));
    let (lineage, problem) = match lineage(files, &regular(name)) {
        Ok(lineage) => (lineage, None),
        // Using this profile would fail; listing it need not.
        Err(problem) => (Vec::new(), Some(problem)),
    };
    let base = lineage.last().copied();
    Profile {
        name: ProfileName::new(name),
        kind: kind(section),
        account: account.and_then(|account| account.parse().ok()),
        region: section.get("region").and_then(|region| region.parse().ok()),
        role: text("sso_role_name").or_else(|| section.get("role_arn").and_then(role_in_arn).map(Untrusted::from)),
        sso_session: text("sso_session"),
        source: section.get("source_profile").map(|name| written(name).as_ref().into()).or_else(|| text("credential_source")),
        program: text("credential_process"),
        programs: programs(environment, &lineage),
        mfa: text("mfa_serial"),
        sign_in: base.map_or(SignIn::NotNeeded, |base| sign_in::of(environment, base, base_kind(&lineage), now)),
        problem,
    }
}

/// A section of which no more is known than its name.
fn unusable(name: &str, problem: Error) -> Profile {
    Profile {
        name: ProfileName::new(name),
        kind: ProfileKind::Other,
        account: None,
        region: None,
        role: None,
        sso_session: None,
        source: None,
        program: None,
        programs: Vec::new(),
        mfa: None,
        sign_in: SignIn::NotNeeded,
        problem: Some(problem),
    }
}

fn role_in_arn(arn: &str) -> Option<&str> {
    arn.split_once(":role/")?.1.rsplit('/').next()
}

fn account_in_arn(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

#[cfg(test)]
mod tests {
    use super::super::files::tests::home;
    use super::*;

    const CONFIG: &str = "
[default]
region = ap-northeast-2
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Admin
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.com/start
[profile role]
role_arn = arn:aws:iam::210987654321:role/Ops
source_profile = sso
mfa_serial = arn:aws:iam::123456789012:mfa/jane
[profile console]
login_session = arn:aws:iam::123456789012:user/Admin
[profile build]
credential_process = touch pwned
region = nowhere
[profile self]
role_arn = arn:aws:iam::210987654321:role/Self
source_profile = self
";
    const CREDENTIALS: &str = "[self]\naws_access_key_id = A\naws_secret_access_key = B\n[keys]\naws_access_key_id = A\n";

    #[tokio::test]
    async fn every_kind_of_profile_is_told_from_the_files_alone() {
        let home = home(CONFIG, CREDENTIALS, &[]);

        let profiles = profiles_in(&home.environment).await.unwrap().list;

        let told: Vec<_> = profiles
            .iter()
            .map(|p| {
                (p.name.raw(), p.kind.word(), p.account.as_ref().map(AccountId::as_str), p.region.as_ref().map(Region::as_str))
            })
            .collect();
        assert_eq!(
            told,
            [
                ("build", "process", None, None),
                ("console", "login", Some("123456789012"), None),
                ("default", "other", None, Some("ap-northeast-2")),
                ("keys", "keys", None, None),
                ("role", "role", Some("210987654321"), None),
                ("self", "role", Some("210987654321"), None),
                ("sso", "sso", Some("123456789012"), None),
            ]
        );
        let role = &profiles[4];
        assert_eq!(role.source, Some("sso".into()));
        assert_eq!(role.mfa, Some("arn:aws:iam::123456789012:mfa/jane".into()));
        assert_eq!(role.sign_in, SignIn::None, "a role is signed in as its source is");
        assert_eq!(profiles[0].program, Some("touch pwned".into()));
    }

    #[tokio::test]
    async fn listing_runs_no_credential_program() {
        let mut home = home("", "", &[]);
        let witness = home.directory.path().join("pwned");
        std::fs::write(
            home.directory.path().join(".aws/config"),
            format!("[profile x]\ncredential_process = touch {}\n", witness.display()),
        )
        .unwrap();
        home.environment = Environment::new([("HOME", home.directory.path().to_str().unwrap())]);

        assert_eq!(profiles_in(&home.environment).await.unwrap().list.len(), 1);
        assert!(!witness.exists());
    }

    #[tokio::test]
    async fn a_circle_of_source_profiles_is_told_at_those_that_lead_into_it() {
        let circle = "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=c\n[profile c]\nrole_arn=r\nsource_profile=b\n[profile fine]\n";
        let home = home(circle, "", &[]);

        let profiles = profiles_in(&home.environment).await.unwrap().list;

        let told: Vec<_> = profiles.iter().map(|own| (own.name.raw(), own.problem.as_ref().map(ToString::to_string))).collect();
        let circle = |names: &str| Some(format!("cannot use the AWS files: source_profile goes in a circle: {names}"));
        assert_eq!(told, [("a", circle("b, c, b")), ("b", circle("b, c, b")), ("c", circle("c, b, c")), ("fine", None)]);
    }

    #[tokio::test]
    async fn every_section_that_looks_like_a_profile_is_listed() {
        let config = "[root]\n[profile a b]\n[profile spoiled]\nsecret\n[profile \"q r\"]\n[profile role]\nrole_arn=r\nsource_profile=spoiled\n";
        let home = home(config, "[keys]\n", &[]);

        let profiles = profiles_in(&home.environment).await.unwrap();

        let told: Vec<_> = profiles.list.iter().map(|own| (own.name.raw(), own.problem.is_none())).collect();
        assert_eq!(told, [("a b", false), ("keys", true), ("q r", true), ("role", false), ("root", false), ("spoiled", false)]);
        assert_eq!(profiles.flaws.len(), 1);
    }

    #[tokio::test]
    async fn ten_thousand_profiles_are_listed_and_as_many_in_a_row_are_marked() {
        let config = |in_a_row: bool| -> String {
            let role = if in_a_row { "role_arn = r\nsource_profile" } else { "note" };
            (0..10_000).map(|number| format!("[profile p{number}]\n{role} = p{}\n", number + 1)).collect()
        };

        assert_eq!(profiles_in(&home(&config(false), "", &[]).environment).await.unwrap().list.len(), 10_000);
        let listed = profiles_in(&home(&config(true), "", &[]).environment).await.unwrap().list;
        assert!(matches!(listed.first().unwrap().problem, Some(Error::BadFiles { .. })));
    }
}
