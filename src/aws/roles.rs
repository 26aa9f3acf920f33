//! What instance profiles hold: the role, and whether its policies grant what the SSM agent needs.

use super::policy::{Documents, Managed, is_retired, managed};
use super::role_memory::is_passing;
use super::{Cloud, Error, call, failure};
use crate::model::{Denial, Fact, Grant, ProfileRole, Region, Untrusted, Why};

/// Most entries of a page.
const PAGE: i32 = 1_000;

impl Cloud {
    /// What an instance profile holds, from memory if it was read within 15 minutes.
    pub async fn role_of(&self, region: &Region, profile: &Untrusted) -> Fact<ProfileRole> {
        let answer = self.roles().entry(profile);
        let answer = answer.get_or_init(|| self.read_role(region, profile)).await.clone();
        if is_passing(&answer) {
            self.roles().forget(profile);
        }
        answer
    }

    async fn read_role(&self, region: &Region, profile: &Untrusted) -> Fact<ProfileRole> {
        const ACTION: &str = call::GET_INSTANCE_PROFILE.action;
        let asked = self.ask(region, call::GET_INSTANCE_PROFILE, |clients| {
            clients.iam.get_instance_profile().instance_profile_name(profile.raw()).send()
        });
        let told = match asked.await {
            Ok(told) => told.instance_profile,
            Err(error) => return Fact::Hidden(failure::denial(error, ACTION)),
        };
        let Some(role) = told.and_then(|told| told.roles.into_iter().next()) else {
            return Fact::Known(ProfileRole { role: None, grant: Fact::Pending, has_retired_policy: false });
        };
        let attached = self.attached_policies(region, &role.role_name).await;
        let has_retired_policy = attached.iter().flatten().any(|arn| is_retired(arn));
        let granted = match attached {
            Ok(attached) => self.read_grant(region, &role.role_name, &attached).await,
            Err(error) => Err((call::LIST_ATTACHED_ROLE_POLICIES.action, error)),
        };
        let grant = match granted {
            Ok(Some(grant)) => Fact::Known(grant),
            Ok(None) => Fact::Hidden(Denial { why: Why::Undecided, action: "iam:SimulatePrincipalPolicy", message: None }),
            Err((action, error)) => Fact::Hidden(failure::denial(error, action)),
        };
        Fact::Known(ProfileRole { role: Some(role.role_name.into()), grant, has_retired_policy })
    }

    /// By the names of AWS's policies if they decide, else by all documents. `None`: the documents do not settle it.
    async fn read_grant(&self, region: &Region, role: &str, attached: &[String]) -> Result<Option<Grant>, (&'static str, Error)> {
        if attached.iter().any(|arn| managed(arn) == Managed::Grants) {
            return Ok(Some(Grant::Sessions));
        }
        let mut documents = Documents::default();
        for arn in attached {
            match managed(arn) {
                Managed::Grants | Managed::Irrelevant => {}
                Managed::Unclear => documents.add_unclear(),
                Managed::Unlisted => {
                    if let Some(document) = self.managed_document(region, arn).await? {
                        documents.add(&document);
                    }
                }
            }
        }
        for name in self.inline_policies(region, role).await.map_err(|error| (call::LIST_ROLE_POLICIES.action, error))? {
            const ACTION: &str = call::GET_ROLE_POLICY.action;
            let asked = self.ask(region, call::GET_ROLE_POLICY, |clients| {
                clients.iam.get_role_policy().role_name(role).policy_name(&name).send()
            });
            let told = asked.await.map_err(|error| (ACTION, error))?;
            documents.add(&told.policy_document);
        }
        Ok(documents.verdict())
    }

    pub(super) async fn attached_policies(&self, region: &Region, role: &str) -> Result<Vec<String>, Error> {
        let mut arns = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let asked = self.ask(region, call::LIST_ATTACHED_ROLE_POLICIES, |clients| {
                clients.iam.list_attached_role_policies().role_name(role).max_items(PAGE).set_marker(marker.take()).send()
            });
            let told = asked.await?;
            arns.extend(told.attached_policies.unwrap_or_default().into_iter().filter_map(|policy| policy.policy_arn));
            match told.marker.filter(|_| told.is_truncated) {
                // A role has at most 20 policies; more pages than that are a circle.
                Some(next) if arns.len() <= 1_000 => marker = Some(next),
                _ => return Ok(arns),
            }
        }
    }

    pub(super) async fn inline_policies(&self, region: &Region, role: &str) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let asked = self.ask(region, call::LIST_ROLE_POLICIES, |clients| {
                clients.iam.list_role_policies().role_name(role).max_items(PAGE).set_marker(marker.take()).send()
            });
            let told = asked.await?;
            names.extend(told.policy_names);
            match told.marker.filter(|_| told.is_truncated) {
                Some(next) if names.len() <= 1_000 => marker = Some(next),
                _ => return Ok(names),
            }
        }
    }

    /// The document of a managed policy's version in force.
    async fn managed_document(&self, region: &Region, arn: &str) -> Result<Option<String>, (&'static str, Error)> {
        let policy = self.ask(region, call::GET_POLICY, |clients| clients.iam.get_policy().policy_arn(arn).send());
        let policy = policy.await.map_err(|error| (call::GET_POLICY.action, error))?.policy;
        let Some(version) = policy.and_then(|policy| policy.default_version_id) else { return Ok(None) };
        const ACTION: &str = call::GET_POLICY_VERSION.action;
        let asked = self.ask(region, call::GET_POLICY_VERSION, |clients| {
            clients.iam.get_policy_version().policy_arn(arn).version_id(&version).send()
        });
        let told = asked.await.map_err(|error| (ACTION, error))?;
        Ok(told.policy_version.and_then(|version| version.document))
    }
}
