//! More accounts for the company, as many as somebody asks for.

use super::company::{Assignment, Company, PermissionSet};
use super::fleet::{Account, Caller, Fleet, Instance, KeyPair};
use super::id::derived_iam_id;
use super::identity::random_credentials;
use super::permissions::Permissions;

const FIRST: u64 = 700_000_000_000;
const READING: [&str; 7] =
    ["ec2:Describe*", "ec2:GetConsoleOutput", "iam:Get*", "iam:List*", "ssm:Describe*", "ssm:Get*", "ssm:List*"];

/// Adds `count` accounts with nothing in them.
pub(super) fn add(fleet: &mut Fleet, count: usize) {
    let region = fleet.accounts.first().map_or_else(String::new, |first| first.region.clone());
    for number in 1..=count {
        let account = empty(fleet.accounts.len() + 1, &region);
        assign(fleet, &account.id, &format!("Account {number:04}"));
        fleet.accounts.push(account);
    }
}

/// Spreads the instances of the only account over `count` accounts, that one being the first.
pub(super) fn spread(fleet: &mut Fleet, count: usize) {
    let Some(first) = fleet.accounts.first_mut() else { return };
    let regions = fleet.regions.len().max(1);
    let mut shares: Vec<Vec<Instance>> = (0..count.max(1)).map(|_| Vec::new()).collect();
    for (index, instance) in std::mem::take(&mut first.instances).into_iter().enumerate() {
        let share = index / regions % shares.len();
        shares[share].push(instance);
    }
    let template = first.clone();
    for (number, instances) in shares.into_iter().enumerate() {
        if number == 0 {
            assign(fleet, &template.id, "Account 0001");
            fleet.accounts[0].instances = instances;
            continue;
        }
        let account = Account { instances, ..inhabited(number + 1, &template) };
        assign(fleet, &account.id, &format!("Account {:04}", number + 1));
        fleet.accounts.push(account);
    }
}

fn assign(fleet: &mut Fleet, account: &str, name: &str) {
    let region = fleet.accounts.first().map_or_else(String::new, |first| first.region.clone());
    let company = fleet.company.get_or_insert_with(|| company(region));
    company.assignments.push(Assignment {
        account: account.to_owned(),
        name: Some(name.to_owned()),
        email: Some(format!("aws-{account}@corp.example")),
        roles: company.permission_sets.iter().map(|set| set.name.clone()).collect(),
        is_gone: false,
    });
}

fn company(region: String) -> Company {
    let set = |name: &str, permissions| PermissionSet { name: name.to_owned(), permissions };
    Company {
        name: "corp".to_owned(),
        region,
        user: "jane".to_owned(),
        permission_sets: vec![set("Admin", Permissions::everything()), set("ReadOnly", Permissions::on_anything(READING))],
        assignments: Vec::new(),
    }
}

/// With the roles and key pairs of another account.
fn inhabited(number: usize, template: &Account) -> Account {
    Account {
        key_pairs: template.key_pairs.iter().map(KeyPair::elsewhere).collect(),
        roles: template.roles.clone(),
        instance_profiles: template.instance_profiles.clone(),
        groups: template.groups.clone(),
        vpcs: template.vpcs.clone(),
        ..empty(number, &template.region)
    }
}

fn empty(number: usize, region: &str) -> Account {
    let id = (FIRST + u64::try_from(number).unwrap_or_default()).to_string();
    Account {
        profile: String::new(),
        region: region.to_owned(),
        has_keys: false,
        caller: Caller { arn: format!("arn:aws:iam::{id}:root"), user_id: derived_iam_id("AIDA", &[&id]) },
        credentials: random_credentials("AKIASIM"),
        key_pairs: Vec::new(),
        roles: Vec::new(),
        instance_profiles: Vec::new(),
        policies: Vec::new(),
        session_preferences: None,
        documents: Vec::new(),
        kms_keys: Vec::new(),
        has_advanced_instances: true,
        host_management: None,
        just_in_time: None,
        serial_console: true,
        addresses: Vec::new(),
        endpoints: Vec::new(),
        groups: Vec::new(),
        vpcs: Default::default(),
        instances: Vec::new(),
        id,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn instances_are_spread_over_all_accounts_and_all_regions_of_each() {
        let regions = ["us-east-1", "eu-west-1", "ap-northeast-2"].map(str::to_owned);
        let mut fleet = crate::generate::fleet(120, &regions, 1, SystemTime::now()).unwrap();

        spread(&mut fleet, 20);

        let company = fleet.company.as_ref().unwrap();
        assert_eq!((fleet.accounts.len(), company.assignments.len()), (20, 20));
        assert!(fleet.accounts.iter().all(|account| {
            let places: BTreeSet<&String> = account.instances.iter().map(|instance| &instance.region).collect();
            (account.instances.len(), places.len()) == (6, 3)
        }));
        assert!(fleet.accounts.iter().skip(1).all(|account| !account.has_keys && account.key_pairs.len() == 1));
        add(&mut fleet, 1_000);
        let ids: BTreeSet<&String> = fleet.accounts.iter().map(|account| &account.id).collect();
        assert_eq!((ids.len(), fleet.accounts.len()), (1_020, 1_020));
    }
}
