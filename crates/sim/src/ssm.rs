//! The SSM API: what is registered with Systems Manager, and whether its agent answers.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::asking::Asking;
use super::fleet::{Agent, Instance, Ping, State};
use super::json::Arguments;
use super::refusal::Refusal;
use super::service::Service;

/// The JSON that answers the call.
pub(super) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "DescribeInstanceInformation" => describe(asking, arguments, &INFORMATION),
        "DescribeInstanceProperties" => describe(asking, arguments, &PROPERTIES),
        "GetServiceSetting" => setting(asking, arguments),
        other => Err(Refusal::unknown_action(Service::Ssm, other)),
    }
}

/// What the account has set for all nodes of the region.
fn setting(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let id = arguments.text("SettingId").unwrap_or_default();
    let value = match id {
        "/ssm/managed-instance/default-ec2-instance-management-role" => {
            asking.account.host_management.clone().unwrap_or_else(|| "$None".to_owned())
        }
        "/ssm/managed-instance/activation-tier" => {
            if asking.account.has_advanced_instances { "advanced" } else { "standard" }.to_owned()
        }
        _ => return Err(Refusal::new(400, "ServiceSettingNotFound", "")),
    };
    let answer = json!({ "ServiceSetting": { "SettingId": id, "SettingValue": value, "Status": "Default" } });
    Ok(answer.to_string().into_bytes())
}

/// What a call is about, for the text of a denial; those about sessions and commands, too.
pub(super) fn resource(account: &str, region: &str, arguments: &Arguments) -> String {
    match (arguments.text("Target"), arguments.text("SessionId")) {
        (Some(id), _) => format!("arn:aws:ec2:{region}:{account}:instance/{id}"),
        (None, Some(id)) => format!("arn:aws:ssm:{region}:{account}:session/{id}"),
        (None, None) => format!("arn:aws:ssm:{region}:{account}:*"),
    }
}

/// One of the two calls that list agents; they differ in names and sizes.
struct Listing {
    list: &'static str,
    filters: &'static str,
    old_filters: &'static str,
    usual_page: u64,
    most_per_page: u64,
    with_instance: bool,
}

const INFORMATION: Listing = Listing {
    list: "InstanceInformationList",
    filters: "Filters",
    old_filters: "InstanceInformationFilterList",
    usual_page: 10,
    most_per_page: 50,
    with_instance: false,
};

const PROPERTIES: Listing = Listing {
    list: "InstanceProperties",
    filters: "FiltersWithOperator",
    old_filters: "InstancePropertyFilterList",
    usual_page: 50,
    most_per_page: 1000,
    with_instance: true,
};

fn describe(asking: &Asking<'_>, arguments: &Arguments, listing: &Listing) -> Result<Vec<u8>, Refusal> {
    let size = arguments.number("MaxResults").unwrap_or(listing.usual_page);
    if !(5..=listing.most_per_page).contains(&size) {
        let bound = if size < 5 {
            "greater than or equal to 5".to_owned()
        } else {
            format!("less than or equal to {}", listing.most_per_page)
        };
        let message = format!(
            "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must \
             have value {bound}"
        );
        return Err(Refusal::new(400, "ValidationException", message));
    }
    let mut filters = arguments.filters(listing.filters, "Key", "Values");
    filters.extend(arguments.filters(listing.old_filters, "key", "valueSet"));
    check(&filters)?;
    // Systems Manager leaves out what is stopped or gone (docs/access-rules.md 4.3).
    let registered = asking.nodes().filter_map(|instance| {
        let agent = instance.agent.as_ref()?;
        let is_told = !matches!(instance.state, State::Stopped | State::ShuttingDown | State::Terminated);
        let fits = filters.iter().all(|(key, wanted)| {
            let found = values(instance, agent, key);
            wanted.iter().any(|wanted| found.contains(wanted))
        });
        (is_told && fits).then_some((instance, agent))
    });
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let page = asking
        .paging
        .cut(registered.collect(), size, arguments.text("NextToken"))
        .map_err(|_| Refusal::new(400, "InvalidNextToken", "The specified token is not valid."))?;

    let rows: Vec<Value> = page
        .items
        .into_iter()
        .map(|(instance, agent)| {
            let mut row = agent_facts(asking, instance, agent);
            if listing.with_instance {
                add_instance_facts(&mut row, asking, instance);
            }
            row
        })
        .collect();
    let mut answer = json!({ listing.list: rows });
    if let Some(next) = page.next {
        answer["NextToken"] = Value::from(next);
    }
    Ok(answer.to_string().into_bytes())
}

fn check(filters: &[(&str, Vec<&str>)]) -> Result<(), Refusal> {
    const KNOWN: [&str; 9] = [
        "InstanceIds",
        "PingStatus",
        "PlatformTypes",
        "AgentVersion",
        "ResourceType",
        "ActivationIds",
        "IamRole",
        "AssociationStatus",
        "DocumentName",
    ];
    let unknown = filters.iter().find(|(key, _)| !KNOWN.contains(key) && !key.starts_with("tag"));
    match unknown {
        Some((key, _)) => Err(Refusal::new(
            400,
            "InvalidFilterKey",
            format!("{key} is not a valid filter key. Valid filter keys include: [{}]", KNOWN.join(", ")),
        )),
        None if filters.len() > 1 && filters.iter().any(|(key, _)| key.starts_with("tag")) => {
            Err(Refusal::new(400, "ValidationException", "Tag filters cannot be combined with other filters."))
        }
        None => Ok(()),
    }
}

fn values<'a>(instance: &'a Instance, agent: &'a Agent, key: &str) -> Vec<&'a str> {
    match key {
        "InstanceIds" => vec![&instance.id],
        "PingStatus" => vec![status(agent)],
        "PlatformTypes" => vec![&agent.platform[0]],
        "AgentVersion" => vec![&agent.version],
        "ResourceType" => vec![resource_type(instance)],
        "ActivationIds" => instance.hybrid.iter().map(|hybrid| hybrid.activation.as_str()).collect(),
        "IamRole" => instance.hybrid.iter().map(|hybrid| hybrid.role.as_str()).collect(),
        _ => match key.strip_prefix("tag:") {
            Some(tag) => instance.tags.iter().filter(|(key, _)| key == tag).map(|(_, value)| value.as_str()).collect(),
            None => Vec::new(),
        },
    }
}

fn status(agent: &Agent) -> &'static str {
    match agent.ping {
        Ping::Online(_) => "Online",
        Ping::Lost(_) => "ConnectionLost",
    }
}

fn agent_facts(asking: &Asking<'_>, instance: &Instance, agent: &Agent) -> Value {
    let last = match agent.ping {
        Ping::Online(silence) => asking.now - silence,
        Ping::Lost(at) => at,
    };
    let [platform, name, version] = &agent.platform;
    let mut row = json!({
        "InstanceId": instance.id,
        "PingStatus": status(agent),
        "LastPingDateTime": seconds(last),
        "AgentVersion": agent.version,
        "IsLatestVersion": agent.version.starts_with("3.3."),
        "PlatformType": platform,
        "PlatformName": name,
        "PlatformVersion": version,
        "ResourceType": resource_type(instance),
        "IPAddress": instance.private_ip.as_deref().unwrap_or_default(),
        "ComputerName": instance.computer_name(),
        "SourceId": instance.id,
        "SourceType": "AWS::EC2::Instance",
    });
    if let Some(hybrid) = &instance.hybrid {
        row["SourceType"] = Value::from("AWS::SSM::ManagedInstance");
        row["Name"] = Value::from(instance.name());
        row["ActivationId"] = Value::from(hybrid.activation.as_str());
        row["IamRole"] = Value::from(hybrid.role.as_str());
        row["RegistrationDate"] = seconds(hybrid.registered);
    }
    row
}

fn resource_type(instance: &Instance) -> &'static str {
    if instance.hybrid.is_some() { "ManagedInstance" } else { "EC2Instance" }
}

fn add_instance_facts(row: &mut Value, asking: &Asking<'_>, instance: &Instance) {
    if let Some(facts) = row.as_object_mut() {
        facts.remove("IsLatestVersion");
    }
    if instance.hybrid.is_some() {
        return;
    }
    row["InstanceName"] = Value::from(instance.name());
    row["Name"] = Value::from(instance.name());
    row["InstanceType"] = Value::from(instance.instance_type.as_str());
    row["InstanceState"] = Value::from(instance.state.code().1);
    row["Architecture"] = Value::from(instance.architecture.as_str());
    row["LaunchTime"] = seconds(instance.launched);
    row["AvailabilityZone"] = Value::from(instance.zone.as_str());
    if let Some(key) = &instance.key_name {
        row["KeyName"] = Value::from(key.as_str());
    }
    let profile = instance.instance_profile.as_ref();
    let profiles = &asking.account.instance_profiles;
    let role = profile.and_then(|name| profiles.iter().find(|profile| profile.name == *name)?.role.as_ref());
    if let Some(role) = role {
        row["InstanceRole"] = Value::from(role.as_str());
    }
}

/// Seconds since 1970, as the JSON protocols write times.
fn seconds(time: SystemTime) -> Value {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Value::from(since.as_secs_f64())
}
