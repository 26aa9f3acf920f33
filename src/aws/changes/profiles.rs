//! Instance profiles and roles for agents: looked for, made, attached, taken away.

use aws_sdk_ec2::types::{Filter, IamInstanceProfileSpecification};
use aws_sdk_iam::types::EntityType;

use crate::aws::calls::filter;
use crate::aws::{Cloud, Error, call};
use crate::model::{ProfileAssociation, Region, ResourceId, RoleName};

/// Most roles that are looked at for one that fits.
const MOST_ROLES: i32 = 20;

impl Cloud {
    /// The instance profiles whose role has this policy of AWS's and nothing else, by name: `MOST_ROLES` roles are looked at.
    pub async fn profiles_of_policy_alone(&self, region: &Region, arn: &str) -> Result<Vec<RoleName>, Error> {
        let asked = self.ask(region, call::LIST_ENTITIES_FOR_POLICY, |clients| {
            clients.iam.list_entities_for_policy().policy_arn(arn).entity_filter(EntityType::Role).max_items(MOST_ROLES).send()
        });
        let roles = asked.await?.policy_roles.unwrap_or_default();
        let mut names = Vec::new();
        for role in roles.into_iter().filter_map(|role| role.role_name) {
            if !self.has_this_alone(region, &role, arn).await? {
                continue;
            }
            let asked = self.ask(region, call::LIST_INSTANCE_PROFILES_FOR_ROLE, |clients| {
                clients.iam.list_instance_profiles_for_role().role_name(&role).send()
            });
            let profiles = asked.await?.instance_profiles;
            names.extend(profiles.into_iter().filter_map(|profile| profile.instance_profile_name.parse::<RoleName>().ok()));
        }
        names.sort();
        Ok(names)
    }

    /// Whether a role has this managed policy, or none, and no other and none of its own.
    pub async fn has_this_alone(&self, region: &Region, role: &str, arn: &str) -> Result<bool, Error> {
        let attached = self.attached_policies(region, role).await?;
        Ok(attached.iter().all(|own| own == arn) && self.inline_policies(region, role).await?.is_empty())
    }

    /// Make a role that `service` may take, with no policy yet.
    pub async fn create_role(&self, region: &Region, role: &RoleName, trust: &str, description: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::CREATE_ROLE, |clients| {
            let asked = clients.iam.create_role().role_name(role.as_str());
            asked.assume_role_policy_document(trust).description(description).send()
        });
        asked.await.map(drop)
    }

    /// What stands beside a role.
    pub async fn description_of_role(&self, region: &Region, role: &RoleName) -> Result<String, Error> {
        let asked = self.ask(region, call::GET_ROLE, |clients| clients.iam.get_role().role_name(role.as_str()).send());
        Ok(asked.await?.role.and_then(|role| role.description).unwrap_or_default())
    }

    /// Take a role away.
    pub async fn delete_role(&self, region: &Region, role: &RoleName) -> Result<(), Error> {
        let asked = self.ask(region, call::DELETE_ROLE, |clients| clients.iam.delete_role().role_name(role.as_str()).send());
        asked.await.map(drop)
    }

    /// Make an instance profile without a role.
    pub async fn create_profile(&self, region: &Region, profile: &RoleName) -> Result<(), Error> {
        let asked = self.ask(region, call::CREATE_INSTANCE_PROFILE, |clients| {
            clients.iam.create_instance_profile().instance_profile_name(profile.as_str()).send()
        });
        asked.await.map(drop)
    }

    /// Take an instance profile away.
    pub async fn delete_profile(&self, region: &Region, profile: &RoleName) -> Result<(), Error> {
        let asked = self.ask(region, call::DELETE_INSTANCE_PROFILE, |clients| {
            clients.iam.delete_instance_profile().instance_profile_name(profile.as_str()).send()
        });
        asked.await.map(drop)
    }

    /// Put a role into an instance profile.
    pub async fn put_role(&self, region: &Region, profile: &RoleName, role: &RoleName) -> Result<(), Error> {
        let asked = self.ask(region, call::ADD_ROLE_TO_INSTANCE_PROFILE, |clients| {
            let asked = clients.iam.add_role_to_instance_profile().instance_profile_name(profile.as_str());
            asked.role_name(role.as_str()).send()
        });
        asked.await.map(drop)
    }

    /// Take it out again.
    pub async fn remove_role(&self, region: &Region, profile: &RoleName, role: &RoleName) -> Result<(), Error> {
        let asked = self.ask(region, call::REMOVE_ROLE_FROM_INSTANCE_PROFILE, |clients| {
            let asked = clients.iam.remove_role_from_instance_profile().instance_profile_name(profile.as_str());
            asked.role_name(role.as_str()).send()
        });
        asked.await.map(drop)
    }

    /// The roles in an instance profile, by name: one or none.
    pub async fn roles_in_profile(&self, region: &Region, profile: &RoleName) -> Result<Vec<String>, Error> {
        let asked = self.ask(region, call::GET_INSTANCE_PROFILE, |clients| {
            clients.iam.get_instance_profile().instance_profile_name(profile.as_str()).send()
        });
        let told = asked.await?.instance_profile;
        Ok(told.into_iter().flat_map(|own| own.roles).map(|role| role.role_name).collect())
    }

    /// Attach an instance profile to an instance. The id of the association.
    pub async fn attach_profile(
        &self,
        region: &Region,
        instance: &ResourceId,
        profile: &RoleName,
    ) -> Result<Option<String>, Error> {
        let profile = IamInstanceProfileSpecification::builder().name(profile.as_str()).build();
        let asked = self.ask(region, call::ASSOCIATE_IAM_INSTANCE_PROFILE, |clients| {
            clients.ec2.associate_iam_instance_profile().instance_id(instance.as_str()).iam_instance_profile(profile).send()
        });
        Ok(asked.await?.iam_instance_profile_association.and_then(|own| own.association_id))
    }

    /// End an association.
    pub async fn detach_profile(&self, region: &Region, association: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::DISASSOCIATE_IAM_INSTANCE_PROFILE, |clients| {
            clients.ec2.disassociate_iam_instance_profile().association_id(association).send()
        });
        asked.await.map(drop)
    }

    /// The associations of one instance, or with `None` those of all instances of the region, as far as they last.
    pub async fn profile_associations(
        &self,
        region: &Region,
        instance: Option<&ResourceId>,
    ) -> Result<Vec<ProfileAssociation>, Error> {
        let of_instance = instance.map(|id| filter("instance-id", [id.as_str()]));
        let lasting: Filter = filter("state", ["associating", "associated"]);
        let told = crate::aws::pages::whole(call::DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS.action, |token| async {
            let filters: Vec<Filter> = of_instance.iter().chain([&lasting]).cloned().collect();
            let asked = self.ask(region, call::DESCRIBE_IAM_INSTANCE_PROFILE_ASSOCIATIONS, |clients| {
                let asked = clients.ec2.describe_iam_instance_profile_associations().set_filters(Some(filters));
                asked.set_next_token(token).send()
            });
            let told = asked.await?;
            Ok((told.iam_instance_profile_associations.unwrap_or_default(), told.next_token))
        });
        let one = |told: aws_sdk_ec2::types::IamInstanceProfileAssociation| {
            let arn = told.iam_instance_profile.and_then(|profile| profile.arn)?;
            Some(ProfileAssociation {
                id: told.association_id?.into(),
                instance: told.instance_id?.into(),
                profile: arn.rsplit('/').next().unwrap_or_default().into(),
            })
        };
        Ok(told.await?.into_iter().filter_map(one).collect())
    }
}
