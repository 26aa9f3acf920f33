//! What temporary credentials may do.

use super::fault::matches;

/// Actions and the resources on which they are allowed, both with `*` for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions(Vec<(String, String)>);

impl Permissions {
    /// Everything.
    pub fn everything() -> Self {
        Self::on_anything(["*"])
    }

    /// These actions, on whatever resource.
    pub fn on_anything<'a>(actions: impl IntoIterator<Item = &'a str>) -> Self {
        Self::on("*", actions)
    }

    /// These actions on this resource.
    pub fn on<'a>(resource: &str, actions: impl IntoIterator<Item = &'a str>) -> Self {
        Self(actions.into_iter().map(|action| (action.to_owned(), resource.to_owned())).collect())
    }

    /// Whether `action` is allowed on `resource`.
    pub(super) fn allow(&self, action: &str, resource: &str) -> bool {
        self.0.iter().any(|(actions, resources)| matches(actions, action) && matches(resources, resource))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_is_not_allowed() {
        let reading = Permissions::on_anything(["ec2:Describe*", "sts:*"]);
        let one = Permissions::on("arn:aws:ec2:*:instance/i-1", ["ssm:StartSession"]);

        assert!(reading.allow("ec2:DescribeInstances", "*") && !reading.allow("ssm:StartSession", "*"));
        assert!(one.allow("ssm:StartSession", "arn:aws:ec2:eu-west-1:1:instance/i-1"));
        assert!(!one.allow("ssm:StartSession", "arn:aws:ec2:eu-west-1:1:instance/i-2"));
        assert!(Permissions::everything().allow("kms:Decrypt", "anything"));
    }
}
