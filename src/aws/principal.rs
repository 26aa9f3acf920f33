//! Whose policies decide what a caller may do.

use super::call;
use super::{Cloud, Error, failure};
use crate::model::{Fact, Identity, Region, Untrusted};

/// The tag that names the user whom somebody's sessions run as.
const RUN_AS: &str = "SSMSessionRunAs";

/// Whose policies decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Principal {
    /// A user's, by ARN, with its name.
    User { arn: String, name: String },
    /// A role's, by ARN: of a role with a path this is a guess until IAM tells it. With the role's name, and that of the session.
    Role { arn: String, name: String, session: String },
    /// Nobody's: it is the account itself.
    Root,
    /// Whose cannot be told: somebody of a federation.
    Other,
}

impl Principal {
    /// By the ARN that AWS says of the caller.
    pub(super) fn of(identity: &Identity) -> Self {
        let mut parts = identity.arn.raw().splitn(6, ':');
        let (partition, account, tail) = (parts.nth(1).unwrap_or_default(), parts.nth(2).unwrap_or_default(), parts.next());
        let mut words = tail.unwrap_or_default().split('/');
        match (words.next(), words.next_back()) {
            (Some("root"), None) => Self::Root,
            (Some("user"), Some(name)) => Self::User { arn: identity.arn.raw().to_owned(), name: name.to_owned() },
            (Some("assumed-role"), Some(session)) => match words.next() {
                Some(name) => Self::Role {
                    arn: format!("arn:{partition}:iam::{account}:role/{name}"),
                    name: name.to_owned(),
                    session: session.to_owned(),
                },
                None => Self::Other,
            },
            _ => Self::Other,
        }
    }

    /// What the ids of its sessions begin with.
    pub(super) fn session_name(&self) -> Option<&str> {
        match self {
            Self::User { name, .. } => Some(name),
            Self::Role { session, .. } => Some(session),
            Self::Root | Self::Other => None,
        }
    }
}

impl Cloud {
    /// What IAM tells of a principal: its whole ARN, and whom its sessions run as.
    pub(super) async fn principal_of(&self, region: &Region, identity: &Identity) -> (Principal, Fact<Option<Untrusted>>) {
        let principal = Principal::of(identity);
        match principal {
            Principal::Role { ref name, ref session, .. } => match self.role(region, name).await {
                Ok((arn, user)) => {
                    let role = Principal::Role { arn, name: name.clone(), session: session.clone() };
                    (role, Fact::Known(user))
                }
                Err(error) => (principal, Fact::Hidden(failure::denial(error, call::GET_ROLE.action))),
            },
            Principal::User { ref name, .. } => match self.run_as_of_user(region, name).await {
                Ok(user) => (principal, Fact::Known(user)),
                Err(error) => (principal, Fact::Hidden(failure::denial(error, call::GET_USER.action))),
            },
            Principal::Root | Principal::Other => (principal, Fact::Known(None)),
        }
    }

    async fn role(&self, region: &Region, name: &str) -> Result<(String, Option<Untrusted>), Error> {
        let told = self.ask(region, call::GET_ROLE, |clients| clients.iam.get_role().role_name(name).send()).await?;
        let role = told.role.ok_or_else(|| Error::Garbled { action: call::GET_ROLE.action, cause: "no role in it".into() })?;
        Ok((role.arn, run_as(role.tags.unwrap_or_default())))
    }

    async fn run_as_of_user(&self, region: &Region, name: &str) -> Result<Option<Untrusted>, Error> {
        let told = self.ask(region, call::GET_USER, |clients| clients.iam.get_user().user_name(name).send()).await?;
        Ok(run_as(told.user.and_then(|user| user.tags).unwrap_or_default()))
    }
}

fn run_as(tags: Vec<aws_sdk_iam::types::Tag>) -> Option<Untrusted> {
    tags.into_iter().find(|tag| tag.key == RUN_AS).map(|tag| Untrusted::from(tag.value)).filter(|user| !user.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arn: &str) -> Principal {
        Principal::of(&Identity { account: "123456789012".parse().unwrap(), arn: arn.into(), user_id: "X".into() })
    }

    #[test]
    fn an_arn_tells_whose_policies_decide() {
        let user = of("arn:aws:iam::123456789012:user/team/jane");
        assert_eq!(user, Principal::User { arn: "arn:aws:iam::123456789012:user/team/jane".into(), name: "jane".into() });
        let role = of("arn:aws-cn:sts::123456789012:assumed-role/Developer/jane@example.com");
        let arn = "arn:aws-cn:iam::123456789012:role/Developer".to_owned();
        assert_eq!(role, Principal::Role { arn, name: "Developer".into(), session: "jane@example.com".into() });
        assert_eq!(of("arn:aws:iam::123456789012:root"), Principal::Root);
        for other in ["arn:aws:sts::123456789012:federated-user/jane", "arn:aws:sts::123456789012:assumed-role/jane", "", "jane"]
        {
            assert_eq!(of(other), Principal::Other, "{other}");
        }
        assert_eq!((user.session_name(), role.session_name()), (Some("jane"), Some("jane@example.com")));
        assert_eq!(Principal::Root.session_name(), None);
    }
}
