//! One instance as a JSON object, in the documented shape.

use serde_json::{Map, Value, json};

use super::{Column, View};
use crate::access::Reason;
use crate::model::{Fact, Iam, Instance, Ssm, SsmStatus, Untrusted};

/// The keys of an object that holds everything, in their order.
const KEYS: [Column; 22] = [
    Column::Id,
    Column::Name,
    Column::State,
    Column::PrivateIp,
    Column::PublicIp,
    Column::Ipv6,
    Column::Profile,
    Column::Account,
    Column::Region,
    Column::Az,
    Column::InstanceType,
    Column::Platform,
    Column::Image,
    Column::KeyName,
    Column::Vpc,
    Column::Subnet,
    Column::SecurityGroups,
    Column::Launched,
    Column::Tags,
    Column::Iam,
    Column::Ssm,
    Column::Methods,
];

impl View<'_> {
    /// Everything.
    pub fn object(&self) -> Value {
        Value::Object(KEYS.iter().map(|column| (column.name(), self.json(column))).collect())
    }

    /// The id and these columns; single tags stand together under `tags`.
    pub fn object_of(&self, columns: &[Column]) -> Value {
        let mut object = Map::new();
        object.insert(Column::Id.name(), self.json(&Column::Id));
        for column in columns {
            match column {
                Column::Tag(key) => {
                    let tags = object.entry(Column::Tags.name()).or_insert_with(|| json!({}));
                    if let Some(tags) = tags.as_object_mut() {
                        tags.insert(key.clone(), self.json(column));
                    }
                }
                column => {
                    object.insert(column.name(), self.json(column));
                }
            }
        }
        Value::Object(object)
    }

    fn json(&self, column: &Column) -> Value {
        let instance = self.instance;
        match column {
            Column::Id => instance.id.as_str().into(),
            Column::Name => foreign(instance.name()),
            Column::State => instance.state.word().into(),
            Column::PrivateIp => instance.private_ip.map_or(Value::Null, |ip| ip.to_string().into()),
            Column::PublicIp => instance.public_ip.map_or(Value::Null, |ip| ip.to_string().into()),
            Column::Ipv6 => instance.ipv6.iter().map(|ip| Value::from(ip.to_string())).collect(),
            Column::Profile => instance.place.profile.as_ref().map_or(Value::Null, |profile| profile.raw().into()),
            Column::Account => instance.account.as_ref().map_or(Value::Null, |account| account.as_str().into()),
            Column::Region => instance.place.region.as_str().into(),
            Column::Az => foreign(instance.az.as_ref()),
            Column::InstanceType => foreign(instance.instance_type.as_ref()),
            Column::Platform => foreign(instance.platform.as_ref()),
            Column::Image => foreign(instance.image.as_ref()),
            Column::KeyName => foreign(instance.key_name.as_ref()),
            Column::Vpc => foreign(instance.vpc.as_ref()),
            Column::Subnet => foreign(instance.subnet.as_ref()),
            Column::SecurityGroups => instance.security_groups.iter().map(|group| Value::from(group.id.raw())).collect(),
            Column::Launched => instance.launched.map_or(Value::Null, |launched| launched.to_string().into()),
            Column::Tags => tags(instance),
            Column::Iam => iam(instance.iam()),
            Column::Ssm => ssm(&instance.ssm),
            Column::Methods => self.methods(),
            Column::Via => self.ways.best.map_or(Value::Null, |method| method.id().into()),
            Column::Up => self.instance.up(self.now).map_or(Value::Null, Value::from),
            Column::Tag(key) => tag(instance, key).map_or(Value::Null, |value| value.raw().into()),
        }
    }

    fn methods(&self) -> Value {
        let methods = self.ways.list.iter().map(|way| {
            let reasons: Vec<Value> = way.reasons.iter().map(|reason| self.reason(reason)).collect();
            json!({"method": way.method.id(), "verdict": way.verdict.word(), "reasons": reasons})
        });
        methods.collect()
    }

    fn reason(&self, reason: &Reason) -> Value {
        json!({
            "code": reason.code, "rule": reason.rule, "outcome": reason.outcome.word(),
            "text": reason.text(self.text), "remedy": reason.remedy(self.text),
        })
    }
}

fn foreign(text: Option<&Untrusted>) -> Value {
    text.map_or(Value::Null, |text| text.raw().into())
}

fn tag<'i>(instance: &'i Instance, key: &str) -> Option<&'i Untrusted> {
    instance.tags.iter().find(|(own, _)| own.composed() == key).map(|(_, value)| value)
}

fn tags(instance: &Instance) -> Value {
    let tags: Map<String, Value> = instance.tags.iter().map(|(key, value)| (key.raw().to_owned(), value.raw().into())).collect();
    Value::Object(tags)
}

fn iam(iam: Iam<'_>) -> Value {
    match iam {
        Iam::None => json!({"status": "none", "profile": null, "role": null}),
        Iam::Set { profile } | Iam::NoRole { profile } => {
            json!({"status": iam.word(), "profile": profile.raw(), "role": null})
        }
        Iam::Ok { profile, role } | Iam::NoSsm { profile, role } => {
            json!({"status": iam.word(), "profile": profile.raw(), "role": role.raw()})
        }
        Iam::Unknown { profile, role, denial } => json!({
            "status": "unknown", "reason": denial.why.word(), "action": denial.action,
            "profile": profile.raw(), "role": role.map(Untrusted::raw),
        }),
    }
}

fn ssm(fact: &Fact<Ssm>) -> Value {
    match fact {
        Fact::Known(ssm) | Fact::Kept(ssm, _) if ssm.status != SsmStatus::Unknown => json!({
            "status": ssm.status.word(),
            "agent_version": ssm.agent_version.as_ref().map(Untrusted::raw),
            "last_ping": ssm.last_ping.map(|ping| ping.to_string()),
        }),
        Fact::Hidden(denial) => json!({
            "status": "unknown", "reason": denial.why.word(), "action": denial.action, "agent_version": null, "last_ping": null,
        }),
        // The answer came without it.
        Fact::Known(ssm) | Fact::Kept(ssm, _) => json!({
            "status": "unknown", "reason": "undecided", "action": "ssm:DescribeInstanceProperties",
            "agent_version": ssm.agent_version.as_ref().map(Untrusted::raw),
            "last_ping": ssm.last_ping.map(|ping| ping.to_string()),
        }),
        // The listing ended before the answer came.
        Fact::Pending => {
            json!({"status": "unknown", "reason": "failed", "action": null, "agent_version": null, "last_ping": null})
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::access::Ways;
    use crate::model::{Denial, Why, row};
    use crate::text::Catalogue;

    fn whole(instance: &Instance) -> Value {
        View { instance, ways: &Ways::default(), now: Timestamp::UNIX_EPOCH, text: &Catalogue::english() }.object()
    }

    #[test]
    fn the_object_has_the_documented_keys_in_the_documented_order() {
        let object = whole(&row("i-0123456789abcdef0", "web-1"));

        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "id",
                "name",
                "state",
                "private_ip",
                "public_ip",
                "ipv6",
                "profile",
                "account",
                "region",
                "az",
                "instance_type",
                "platform",
                "image",
                "key_name",
                "vpc",
                "subnet",
                "security_groups",
                "launched",
                "tags",
                "iam",
                "ssm",
                "methods"
            ]
        );
        assert_eq!(object["launched"], "2026-10-11T02:03:04Z");
        assert_eq!(object["iam"], json!({"status": "none", "profile": null, "role": null}));
        assert_eq!(object["tags"]["Name"], "web-1");
    }

    #[test]
    fn what_is_absent_is_null_and_a_list_stays() {
        let mut bare = (*row("i-0123456789abcdef0", "web-1")).clone();
        (bare.tags, bare.public_ip, bare.ipv6, bare.key_name) = Default::default();

        let object = whole(&bare);

        assert_eq!((&object["name"], &object["public_ip"], &object["key_name"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&object["ipv6"], &object["tags"]), (&json!([]), &json!({})));
    }

    #[test]
    fn what_aws_did_not_tell_is_unknown_with_the_reason() {
        let mut hidden = (*row("i-0123456789abcdef0", "web-1")).clone();
        let denial = Denial { why: Why::AccessDenied, action: "iam:GetInstanceProfile", message: None };
        hidden.instance_profile = Some("web-profile".into());
        hidden.role = Fact::Hidden(denial.clone());
        hidden.ssm = Fact::Hidden(Denial { action: "ssm:DescribeInstanceInformation", ..denial });

        let object = whole(&hidden);

        assert_eq!(
            object["iam"],
            json!({"status": "unknown", "reason": "access_denied", "action": "iam:GetInstanceProfile",
                   "profile": "web-profile", "role": null})
        );
        assert_eq!(object["ssm"]["status"], "unknown");
        assert_eq!(object["ssm"]["action"], "ssm:DescribeInstanceInformation");
    }

    #[test]
    fn asked_columns_are_the_only_keys_besides_the_id() {
        let instance = row("i-0123456789abcdef0", "web-1");
        let (ways, text) = (Ways::default(), Catalogue::english());
        let view = View { instance: &instance, ways: &ways, now: Timestamp::UNIX_EPOCH, text: &text };
        let columns = ["name", "tag:Name", "tag:none", "via"].map(|name| Column::parse(name).unwrap());

        let part = view.object_of(&columns);

        assert_eq!(
            part,
            json!({"id": "i-0123456789abcdef0", "name": "web-1", "tags": {"Name": "web-1", "none": null}, "via": null})
        );
    }
}
