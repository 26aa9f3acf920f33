//! Policies of roles: attached, looked at, detached.

use crate::aws::{Cloud, Error, call};
use crate::model::{Region, RoleName};

impl Cloud {
    /// Attach a managed policy to a role. What was read of roles is read anew afterwards.
    pub async fn attach_policy(&self, region: &Region, role: &RoleName, arn: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::ATTACH_ROLE_POLICY, |clients| {
            clients.iam.attach_role_policy().role_name(role.as_str()).policy_arn(arn).send()
        });
        let answer = asked.await.map(drop);
        self.roles().forget_all();
        answer
    }

    /// Detach it.
    pub async fn detach_policy(&self, region: &Region, role: &RoleName, arn: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::DETACH_ROLE_POLICY, |clients| {
            clients.iam.detach_role_policy().role_name(role.as_str()).policy_arn(arn).send()
        });
        let answer = asked.await.map(drop);
        self.roles().forget_all();
        answer
    }

    /// Whether it is attached.
    pub async fn has_policy(&self, region: &Region, role: &RoleName, arn: &str) -> Result<bool, Error> {
        // Whoever looks wants to know how it is now.
        self.roles().forget_all();
        Ok(self.attached_policies(region, role.as_str()).await?.iter().any(|own| own == arn))
    }
}
