//! One instance as a JSON object, in the documented shape.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::cell::View;
use super::column::Column;
use super::entries::ENTRIES;
use super::entry::Entry;

/// The columns of an object that holds everything, in the order of its keys.
static KEYS: LazyLock<Vec<&Entry>> = LazyLock::new(|| {
    let mut keys: Vec<&Entry> = ENTRIES.iter().filter(|entry| entry.in_object.is_some()).collect();
    keys.sort_by_key(|entry| entry.in_object);
    keys
});

impl View<'_> {
    /// Everything.
    pub fn object(&self) -> Value {
        Value::Object(KEYS.iter().map(|entry| (entry.name.to_owned(), entry.shows.json(self))).collect())
    }

    /// The id and these columns; single tags stand together under `tags`.
    pub fn object_of(&self, columns: &[Column]) -> Value {
        let mut object = Map::new();
        object.insert(Column::ID.name(), Column::ID.json(self));
        for column in columns {
            match column {
                Column::Tag(key) => {
                    let tags = object.entry(Column::TAGS.name()).or_insert_with(|| json!({}));
                    if let Some(tags) = tags.as_object_mut() {
                        tags.insert(key.clone(), column.json(self));
                    }
                }
                column => {
                    object.insert(column.name(), column.json(self));
                }
            }
        }
        Value::Object(object)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::access::Ways;
    use crate::model::{Denial, Fact, Instance, Why, row};
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
