//! EC2's filters: all names must hold, any value of one may.

use crate::fleet::{Instance, Interface};
use crate::query::Parameters;
use crate::refusal::Refusal;

/// EC2 takes so many values in all filters of a call (docs/access-rules.md 4.4).
const MOST_VALUES: usize = 200;

/// The filters of a call.
pub(super) struct Filters<'a>(Vec<(&'a str, Vec<&'a str>)>);

impl<'a> Filters<'a> {
    /// Reads the filters, of which only those `known` exist; a known one may end in `*`.
    pub(super) fn read(parameters: &'a Parameters, known: &[&str]) -> Result<Self, Refusal> {
        let filters = parameters.filters();
        let exists = |name: &str| {
            known.iter().any(|known| known.strip_suffix('*').map_or(*known == name, |start| name.starts_with(start)))
        };
        for (name, values) in &filters {
            if !exists(name) {
                return Err(Refusal::new(400, "InvalidParameterValue", format!("The filter '{name}' is invalid")));
            }
            if values.is_empty() {
                return Err(Refusal::new(400, "InvalidParameterValue", format!("The filter '{name}' has no values")));
            }
        }
        if filters.iter().map(|(_, values)| values.len()).sum::<usize>() > MOST_VALUES {
            let message = format!("The maximum number of filter values specified on a single call is {MOST_VALUES}");
            return Err(Refusal::new(400, "FilterLimitExceeded", message));
        }
        Ok(Self(filters))
    }

    /// Whether all filters hold for something whose values under a filter's name `values` tells.
    pub(super) fn hold<'v>(&self, values: impl Fn(&str) -> Vec<&'v str>) -> bool {
        self.0.iter().all(|(name, wanted)| {
            let found = values(name);
            wanted.iter().any(|wanted| found.iter().any(|found| fits(wanted, found)))
        })
    }
}

/// The filters an instance can be chosen by.
pub(super) const OF_INSTANCE: &[&str] = &[
    "instance-id",
    "instance-state-name",
    "instance-state-code",
    "instance-type",
    "instance-lifecycle",
    "vpc-id",
    "subnet-id",
    "image-id",
    "key-name",
    "private-ip-address",
    "ip-address",
    "private-dns-name",
    "dns-name",
    "network-interface.addresses.private-ip-address",
    "network-interface.addresses.association.public-ip",
    "network-interface.ipv6-addresses.ipv6-address",
    "availability-zone",
    "iam-instance-profile.arn",
    "instance.group-id",
    "network-interface.group-id",
    "instance.group-name",
    "platform",
    "architecture",
    "owner-id",
    "reservation-id",
    "tag-key",
    "tag:*",
];

/// The values of `instance` under the name of a filter that need no words of their own.
pub(super) fn instance_values<'a>(instance: &'a Instance, owner: &'a str, name: &str) -> Vec<&'a str> {
    let maybe = |value: &'a Option<String>| value.as_deref().into_iter().collect();
    match name {
        "instance-id" => vec![&instance.id],
        "instance-state-name" => vec![instance.state.code().1],
        "instance-type" => vec![&instance.instance_type],
        "instance-lifecycle" => maybe(&instance.lifecycle),
        "vpc-id" => maybe(&instance.vpc),
        "subnet-id" => maybe(&instance.subnet),
        "image-id" => vec![&instance.image],
        "key-name" => maybe(&instance.key_name),
        "private-ip-address" => maybe(&instance.private_ip),
        "ip-address" => maybe(&instance.public_ip),
        "network-interface.addresses.private-ip-address" => {
            instance.private_ip.as_deref().into_iter().chain(further(instance).map(|own| own.private_ip.as_str())).collect()
        }
        "network-interface.addresses.association.public-ip" => {
            let further = further(instance).filter_map(|own| own.public_ip.as_deref());
            instance.public_ip.as_deref().into_iter().chain(further).collect()
        }
        "network-interface.ipv6-addresses.ipv6-address" => instance.ipv6.iter().map(String::as_str).collect(),
        "availability-zone" => vec![&instance.zone],
        "network-interface.group-id" => {
            let further = further(instance).filter_map(|own| own.security_groups.as_ref()).flatten();
            instance.security_groups.iter().chain(further).map(|group| group.id.as_str()).collect()
        }
        "instance.group-id" => instance.security_groups.iter().map(|group| group.id.as_str()).collect(),
        "instance.group-name" => instance.security_groups.iter().map(|group| group.name.as_str()).collect(),
        "platform" => instance.is_windows().then_some("windows").into_iter().collect(),
        "architecture" => vec![&instance.architecture],
        "owner-id" => vec![owner],
        "reservation-id" => vec![&instance.reservation],
        "tag-key" => instance.tags.iter().map(|(key, _)| key.as_str()).collect(),
        _ => match name.strip_prefix("tag:") {
            Some(wanted) => instance.tags.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value.as_str()).collect(),
            None => Vec::new(),
        },
    }
}

fn further(instance: &Instance) -> impl Iterator<Item = &Interface> {
    instance.further_interfaces.iter()
}

/// Whether `value` fits `pattern`: `*` is any run of characters, `?` any one, `\` takes the next as it is.
fn fits(pattern: &str, value: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => value.is_empty(),
        Some('*') => {
            let tails = value.char_indices().map(|(start, _)| &value[start..]).chain([""]);
            tails.into_iter().any(|tail| fits(rest.as_str(), tail))
        }
        Some('?') => {
            let mut value = value.chars();
            value.next().is_some() && fits(rest.as_str(), value.as_str())
        }
        Some('\\') => fits_char(rest.next().unwrap_or('\\'), rest.as_str(), value),
        Some(c) => fits_char(c, rest.as_str(), value),
    }
}

fn fits_char(c: char, pattern: &str, value: &str) -> bool {
    value.strip_prefix(c).is_some_and(|value| fits(pattern, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_those_of_ec2() {
        let cases = [
            ("web-1", "web-1", true),
            ("web-1", "web-10", false),
            ("web-*", "web-10", true),
            ("web-?", "web-10", false),
            ("*결제*", "new-결제-api", true),
            ("", "", true),
            ("*", "", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("Web-1", "web-1", false),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(fits(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn all_names_must_hold_and_any_value_may() {
        let parameters =
            Parameters::read(b"Filter.1.Name=a&Filter.1.Value.1=x&Filter.1.Value.2=1*&Filter.2.Name=tag:b&Filter.2.Value.1=2");
        let filters = Filters::read(&parameters, &["a", "tag:*"]).unwrap();
        let hold = |a: &'static str, b: &'static str| filters.hold(|name| vec![if name == "a" { a } else { b }]);

        assert!(hold("10", "2") && hold("x", "2"));
        assert!(!hold("y", "2") && !hold("x", "3"));
    }

    #[test]
    fn an_unknown_filter_is_refused_by_name() {
        let parameters = Parameters::read(b"Filter.1.Name=colour&Filter.1.Value.1=x");

        let refusal = Filters::read(&parameters, OF_INSTANCE).err().unwrap();

        assert_eq!(refusal.message, "The filter 'colour' is invalid");
    }
}
