//! A role that a profile takes, as its section describes it.

use aws_config::profile::Profile as Section;

use super::files::written;
use super::profile_kind::{gives_keys, takes_its_own_role};
use crate::model::MfaDevice;

/// One role, as its section describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// The profile that names it.
    pub(super) profile: String,
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) seconds: Option<i32>,
    /// The MFA device whose code it wants.
    pub(super) serial: Option<String>,
}

/// The roles of a lineage, in the order in which they are taken.
pub(super) fn roles(lineage: &[&Section]) -> Vec<Role> {
    let is_taken = |at: usize, section: &Section| {
        let is_base = at + 1 == lineage.len();
        !gives_keys(at, section) && (!is_base || takes_its_own_role(section))
    };
    let taken = lineage.iter().enumerate().rev().filter(|(at, section)| is_taken(*at, section));
    taken.filter_map(|(_, section)| Role::of(section)).collect()
}

impl Role {
    /// Whose code it wants.
    pub(super) fn device(&self) -> Option<MfaDevice> {
        let serial = self.serial.as_deref()?.into();
        Some(MfaDevice { profile: self.profile.as_str().into(), serial })
    }

    fn of(section: &Section) -> Option<Self> {
        let text = |key: &str| section.get(key).map(str::to_owned);
        Some(Self {
            profile: written(section.name()).into_owned(),
            serial: text("mfa_serial").filter(|serial| !serial.trim().is_empty()),
            arn: text("role_arn")?,
            external_id: text("external_id"),
            session_name: text("role_session_name"),
            // As in the AWS CLI, what is no number is no wish.
            seconds: section.get("duration_seconds").and_then(|seconds| seconds.trim().parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::super::profiles::lineage;
    use super::*;

    #[tokio::test]
    async fn roles_are_taken_from_the_base_upwards_and_none_beside_keys_that_give_the_first() {
        let config = "[profile a]\nrole_arn = A\nsource_profile = b\nexternal_id = x\nduration_seconds = 900\n[profile b]\nrole_arn = B\nsource_profile = c\nduration_seconds = long\n[profile c]\nrole_arn = C\nsource_profile = d\naws_access_key_id = A\naws_secret_access_key = B\n[profile self]\nrole_arn = S\nsource_profile = self\nsso_session = s\n[profile metadata]\nrole_arn = M\ncredential_source = Ec2InstanceMetadata\n";
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, "default").await.unwrap();
        let arns =
            |name: &str| -> Vec<String> { roles(&lineage(&files, name).unwrap()).into_iter().map(|role| role.arn).collect() };

        assert_eq!(arns("a"), ["B", "A"]);
        assert_eq!(arns("self"), ["S"]);
        assert_eq!(arns("metadata"), [""; 0], "its base takes it");
        let roles = roles(&lineage(&files, "a").unwrap());
        assert_eq!(roles.iter().map(|role| role.seconds).collect::<Vec<_>>(), [None, Some(900)]);
        assert_eq!(roles.last().unwrap().external_id.as_deref(), Some("x"));
    }
}
