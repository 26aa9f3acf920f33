//! Where a profile gets its credentials from.

use aws_config::profile::Profile as Section;

/// Where a profile gets its credentials from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// Keys in the file.
    Keys,
    /// IAM Identity Center.
    Sso,
    /// `aws login`.
    Login,
    /// A role, taken with other credentials.
    Role,
    /// A program of the user's.
    Process,
    /// None of these: container, instance metadata, or nothing.
    Other,
}

impl ProfileKind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Sso => "sso",
            Self::Login => "login",
            Self::Role => "role",
            Self::Process => "process",
            Self::Other => "other",
        }
    }
}

/// What a section's credentials come from, in the order in which the SDK looks.
pub(super) fn kind(section: &Section) -> ProfileKind {
    let has = |key: &str| section.get(key).is_some();
    if has("role_arn") || has("web_identity_token_file") { ProfileKind::Role } else { own_kind(section) }
}

/// The same beside a role: what is left if its role is taken with the section itself.
fn own_kind(section: &Section) -> ProfileKind {
    let has = |key: &str| section.get(key).is_some();
    if ["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"].into_iter().any(has) {
        ProfileKind::Sso
    } else if has("login_session") {
        ProfileKind::Login
    } else if has("credential_process") {
        ProfileKind::Process
    } else if has("aws_access_key_id") || has("aws_secret_access_key") {
        ProfileKind::Keys
    } else {
        ProfileKind::Other
    }
}

/// Whether a profile that stands so far down a lineage is used by its keys: where others are built on it, they come before all else
/// that it holds.
pub(super) fn gives_keys(at: usize, section: &Section) -> bool {
    at > 0 && section.get("aws_access_key_id").is_some() && section.get("aws_secret_access_key").is_some()
}

/// Whether a section's role is taken with what else the section holds.
pub(super) fn takes_its_own_role(section: &Section) -> bool {
    let is_chained = section.get("role_arn").is_some() && section.get("web_identity_token_file").is_none();
    is_chained && section.get("source_profile") == Some(section.name())
}

/// Where the credentials at the end of a lineage come from.
pub(super) fn base_kind(lineage: &[&Section]) -> ProfileKind {
    match lineage.last() {
        Some(base) if gives_keys(lineage.len() - 1, base) => ProfileKind::Keys,
        Some(base) if takes_its_own_role(base) => own_kind(base),
        Some(base) => kind(base),
        None => ProfileKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::super::profiles::lineage;
    use super::*;

    #[tokio::test]
    async fn one_setting_of_a_sign_in_makes_a_profile_one_and_a_role_may_be_taken_with_it() {
        let config = "[profile region]\nsso_region = us-east-1\n[profile self]\nrole_arn = r\nsource_profile = self\nsso_session = corp\n[profile metadata]\nrole_arn = r\ncredential_source = Ec2InstanceMetadata\n";
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, "default").await.unwrap();
        let kinds = |name: &str| {
            let lineage = lineage(&files, name).unwrap();
            (kind(lineage[0]), base_kind(&lineage))
        };

        assert_eq!(kinds("region"), (ProfileKind::Sso, ProfileKind::Sso));
        assert_eq!(kinds("self"), (ProfileKind::Role, ProfileKind::Sso));
        assert_eq!(kinds("metadata"), (ProfileKind::Role, ProfileKind::Role));
    }
}
