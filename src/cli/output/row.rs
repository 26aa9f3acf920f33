//! One instance as it leaves the program: a JSON object, or the plain words of its cells.

use serde_json::{Map, Value, json};

use crate::access::{Reason, Ways};
use crate::config::COLUMNS;
use crate::model::{Fact, Iam, Instance, Ssm, Untrusted};
use crate::text::Catalogue;

/// One instance with what is said of the ways into it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// What is said of the ways into it; empty if nobody asked.
    pub ways: &'a Ways,
    /// Seconds since 1970.
    pub now: i64,
}

impl Row<'_> {
    /// Everything, in the documented order.
    pub fn whole(&self, text: &Catalogue) -> Value {
        let mut object = Map::new();
        for name in COLUMNS {
            if name == "iam" {
                object.insert("tags".to_owned(), tags(self.instance));
            }
            object.insert(name.to_owned(), self.value(name));
        }
        let methods = self.ways.list.iter().map(|way| {
            let reasons: Vec<Value> = way.reasons.iter().map(|reason| reason_object(reason, text)).collect();
            json!({"method": way.method.id(), "verdict": way.verdict.word(), "reasons": reasons})
        });
        object.insert("methods".to_owned(), methods.collect());
        Value::Object(object)
    }

    /// The id and these columns.
    pub fn part<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Value {
        let mut object = Map::new();
        object.insert("id".to_owned(), self.value("id"));
        for name in columns {
            match name.strip_prefix("tag:") {
                Some(key) => {
                    let tags = object.entry("tags").or_insert_with(|| json!({}));
                    if let Some(tags) = tags.as_object_mut() {
                        tags.insert(key.to_owned(), tag(self.instance, key).map_or(Value::Null, |value| value.raw().into()));
                    }
                }
                None => {
                    object.insert(name.to_owned(), self.value(name));
                }
            }
        }
        Value::Object(object)
    }

    /// The value of a column by its name in JSON.
    fn value(&self, name: &str) -> Value {
        let instance = self.instance;
        match name {
            "id" => instance.id.as_str().into(),
            "name" => foreign(instance.name()),
            "state" => instance.state.word().into(),
            "private_ip" => instance.private_ip.map_or(Value::Null, |ip| ip.to_string().into()),
            "public_ip" => instance.public_ip.map_or(Value::Null, |ip| ip.to_string().into()),
            "ipv6" => instance.ipv6.iter().map(|ip| Value::from(ip.to_string())).collect(),
            "profile" => instance.place.profile.as_ref().map_or(Value::Null, |profile| profile.raw().into()),
            "account" => instance.account.as_ref().map_or(Value::Null, |account| account.as_str().into()),
            "region" => instance.place.region.as_str().into(),
            "az" => foreign(instance.az.as_ref()),
            "instance_type" => foreign(instance.instance_type.as_ref()),
            "platform" => foreign(instance.platform.as_ref()),
            "image" => foreign(instance.image.as_ref()),
            "key_name" => foreign(instance.key_name.as_ref()),
            "vpc" => foreign(instance.vpc.as_ref()),
            "subnet" => foreign(instance.subnet.as_ref()),
            "security_groups" => instance.security_groups.iter().map(|group| Value::from(group.id.raw())).collect(),
            "launched" => instance.launched.map_or(Value::Null, |launched| launched.to_string().into()),
            "iam" => iam(instance.iam()),
            "ssm" => ssm(&instance.ssm),
            "via" => self.ways.best.map_or(Value::Null, |method| method.id().into()),
            "up" => self.up().map_or(Value::Null, Value::from),
            _ => Value::Null,
        }
    }

    /// Seconds since the last start, of an instance that is up.
    fn up(&self) -> Option<i64> {
        let is_up = matches!(self.instance.state, crate::model::InstanceState::Running);
        self.instance.launched.filter(|_| is_up).map(|launched| (self.now - launched.as_second()).max(0))
    }

    /// The text of a column in CSV and TSV; empty if there is nothing.
    pub fn plain(&self, name: &str) -> String {
        if let Some(key) = name.strip_prefix("tag:") {
            return tag(self.instance, key).map(|value| value.raw().to_owned()).unwrap_or_default();
        }
        match name {
            "ssm" => match &self.instance.ssm {
                Fact::Known(ssm) => ssm.status.word().to_owned(),
                Fact::Hidden(_) | Fact::Pending => "unknown".to_owned(),
            },
            "iam" => self.instance.iam().word().to_owned(),
            _ => flat(&self.value(name)),
        }
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(flat).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn foreign(text: Option<&Untrusted>) -> Value {
    text.map_or(Value::Null, |text| text.raw().into())
}

fn tag<'i>(instance: &'i Instance, key: &str) -> Option<&'i Untrusted> {
    instance.tags.get(&Untrusted::from(key))
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
        Fact::Known(ssm) => json!({
            "status": ssm.status.word(),
            "agent_version": ssm.agent_version.as_ref().map(Untrusted::raw),
            "last_ping": ssm.last_ping.map(|ping| ping.to_string()),
        }),
        Fact::Hidden(denial) => json!({
            "status": "unknown", "reason": denial.why.word(), "action": denial.action, "agent_version": null, "last_ping": null,
        }),
        // The listing ended before the answer came.
        Fact::Pending => json!({"status": "unknown", "reason": "failed", "action": null, "agent_version": null, "last_ping": null}),
    }
}

fn reason_object(reason: &Reason, text: &Catalogue) -> Value {
    json!({
        "code": reason.code, "rule": reason.rule, "outcome": reason.outcome.word(),
        "text": reason.text(text), "remedy": reason.remedy(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Denial, SsmStatus, Why, row};

    fn whole(instance: &Instance) -> Value {
        Row { instance, ways: &Ways::default(), now: 1_800_000_000 }.whole(&Catalogue::english())
    }

    #[test]
    fn the_object_has_the_documented_keys_in_the_documented_order() {
        let object = whole(&row("i-0123456789abcdef0", "web-1"));

        let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "id", "name", "state", "private_ip", "public_ip", "ipv6", "profile", "account", "region", "az", "instance_type",
                "platform", "image", "key_name", "vpc", "subnet", "security_groups", "launched", "tags", "iam", "ssm", "methods"
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
        let row = Row { instance: &instance, ways: &Ways::default(), now: 0 };

        let part = row.part(["name", "tag:Name", "tag:none", "via"].into_iter());

        assert_eq!(part, json!({"id": "i-0123456789abcdef0", "name": "web-1", "tags": {"Name": "web-1", "none": null}, "via": null}));
    }

    #[test]
    fn plain_cells_are_words_and_lists_are_joined_by_spaces() {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        instance.ipv6.push("2001:db8::2".parse().unwrap());
        instance.ssm = Fact::Known(Ssm { status: SsmStatus::Lost, ..Ssm::unmanaged() });
        let launched = instance.launched.unwrap().as_second();
        let row = Row { instance: &instance, ways: &Ways::default(), now: launched + 90 };

        let cells = ["ipv6", "ssm", "iam", "up", "via", "tag:Name"].map(|name| row.plain(name));

        assert_eq!(cells, ["2001:db8::1 2001:db8::2", "lost", "none", "90", "", "web-1"]);
    }
}
