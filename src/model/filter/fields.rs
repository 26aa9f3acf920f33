//! The fields of a filter: their names, what else they are called, and the words of those that have but a few.

/// Names of all fields, in the order they are offered.
pub const FIELDS: [&str; 17] = [
    "name", "id", "state", "ssm", "iam", "via", "ip", "type", "az", "region", "account", "vpc", "subnet", "sg", "key", "image",
    "platform",
];

/// What fields are also called, here and where columns are named: the words of JSON and of AWS.
pub const OTHER_NAMES: [(&str, &str); 15] = [
    ("instance_id", "id"),
    ("instance_state", "state"),
    ("instance_type", "type"),
    ("availability_zone", "az"),
    ("az_name", "az"),
    ("zone", "az"),
    ("vpc_id", "vpc"),
    ("subnet_id", "subnet"),
    ("security_groups", "sg"),
    ("security_group", "sg"),
    ("group", "sg"),
    ("key_name", "key"),
    ("key_pair", "key"),
    ("image_id", "image"),
    ("ami", "image"),
];

const STATES: [&str; 8] = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped", "hybrid", "unknown"];
const SSM: [&str; 4] = ["online", "lost", "none", "unknown"];
const IAM: [&str; 6] = ["ok", "no_ssm", "no_role", "set", "none", "unknown"];
/// The ways in that can be the best one: held to the list of `access` by a test there.
pub(crate) const WAYS: [&str; 5] = ["ssm", "ssm-ssh", "eice", "eic", "ssh"];

/// The field of that name, or of one of its other names.
pub(super) fn field(name: &str) -> Option<&'static str> {
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
    FIELDS.iter().copied().find(|field| *field == name).or(other)
}

/// All values that a field can have, if they are few.
pub(super) fn values(field: &str) -> Option<&'static [&'static str]> {
    match field {
        "state" => Some(&STATES),
        "ssm" => Some(&SSM),
        "iam" => Some(&IAM),
        "via" => Some(&WAYS),
        _ => None,
    }
}

/// The field that was meant, if one is near.
pub(super) fn nearest_field(typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase().replace('-', "_");
    field(&typed).or_else(|| nearest(&typed, FIELDS.iter().chain(&["tag"]).copied()))
}

/// The nearest of some words, if one is near enough to be what was meant.
pub(super) fn nearest<'w>(typed: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // What is longer than every word is near none, and comparing a megabyte takes a while.
    if typed.len() > 60 {
        return None;
    }
    let typed = typed.to_lowercase();
    words
        .map(|word| (strsim::damerau_levenshtein(word, &typed), word))
        .min()
        .filter(|(distance, word)| *distance <= 2 && *distance < word.chars().count())
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::super::super::{InstanceState, SsmStatus};
    use super::*;

    #[test]
    fn the_words_of_a_state_are_those_that_rows_have() {
        for state in STATES {
            assert_eq!(InstanceState::from_word(state).word(), state);
        }
        let ssm = [SsmStatus::Online, SsmStatus::Lost, SsmStatus::Unmanaged, SsmStatus::Unknown].map(SsmStatus::word);
        assert_eq!(ssm, SSM);
    }

    #[test]
    fn another_name_leads_to_a_field_and_is_none_itself() {
        for (other, name) in OTHER_NAMES {
            assert!(FIELDS.contains(&name) && !FIELDS.contains(&other), "{other}");
            assert_eq!(field(other), Some(name));
        }
    }
}
