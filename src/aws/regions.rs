//! The regions we know without asking: for choosing one before any call, and for telling a region that is off.

/// Region and city, in the order of their names (docs/access-rules.md 5).
const REGIONS: [(&str, &str); 39] = [
    ("af-south-1", "Cape Town"),
    ("ap-east-1", "Hong Kong"),
    ("ap-east-2", "Taipei"),
    ("ap-northeast-1", "Tokyo"),
    ("ap-northeast-2", "Seoul"),
    ("ap-northeast-3", "Osaka"),
    ("ap-south-1", "Mumbai"),
    ("ap-south-2", "Hyderabad"),
    ("ap-southeast-1", "Singapore"),
    ("ap-southeast-2", "Sydney"),
    ("ap-southeast-3", "Jakarta"),
    ("ap-southeast-4", "Melbourne"),
    ("ap-southeast-5", "Malaysia"),
    ("ap-southeast-6", "New Zealand"),
    ("ap-southeast-7", "Thailand"),
    ("ca-central-1", "Montreal"),
    ("ca-west-1", "Calgary"),
    ("cn-north-1", "Beijing"),
    ("cn-northwest-1", "Ningxia"),
    ("eu-central-1", "Frankfurt"),
    ("eu-central-2", "Zurich"),
    ("eu-north-1", "Stockholm"),
    ("eu-south-1", "Milan"),
    ("eu-south-2", "Spain"),
    ("eu-west-1", "Ireland"),
    ("eu-west-2", "London"),
    ("eu-west-3", "Paris"),
    ("eusc-de-east-1", "Brandenburg"),
    ("il-central-1", "Tel Aviv"),
    ("me-central-1", "UAE"),
    ("me-south-1", "Bahrain"),
    ("mx-central-1", "Querétaro"),
    ("sa-east-1", "São Paulo"),
    ("us-east-1", "N. Virginia"),
    ("us-east-2", "Ohio"),
    ("us-gov-east-1", "GovCloud East"),
    ("us-gov-west-1", "GovCloud West"),
    ("us-west-1", "N. California"),
    ("us-west-2", "Oregon"),
];

/// Regions of the standard partition that an account has from the start.
const ALWAYS_ON: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Every region this version knows with its city, by name. An account may not have all of them.
pub fn known_regions() -> &'static [(&'static str, &'static str)] {
    &REGIONS
}

/// Whether this version knows the region.
pub(super) fn is_known(region: &str) -> bool {
    REGIONS.iter().any(|(name, _)| *name == region)
}

/// The region that was meant, if one is near.
pub(super) fn nearest(region: &str) -> Option<&'static str> {
    let distances = REGIONS.iter().map(|(name, _)| (strsim::damerau_levenshtein(name, region), *name));
    distances.min().filter(|(distance, _)| *distance <= 2).map(|(_, name)| name)
}

/// Whether an account has the region only after it was switched on.
pub fn is_opt_in(region: &str) -> bool {
    let is_elsewhere = ["cn-", "us-gov-", "eusc-"].iter().any(|start| region.starts_with(start));
    !is_elsewhere && !ALWAYS_ON.contains(&region)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Region;

    #[test]
    fn the_table_is_sorted_and_holds_only_region_names() {
        assert!(REGIONS.is_sorted());
        assert!(REGIONS.iter().all(|(name, city)| name.parse::<Region>().is_ok() && !city.is_empty()));
        assert!(ALWAYS_ON.iter().all(|name| REGIONS.iter().any(|(known, _)| known == name)));
    }

    #[test]
    fn a_region_that_nobody_knows_has_a_nearest_one() {
        assert!(is_known("eu-west-1") && !is_known("eu-wset-1"));
        assert_eq!(
            (nearest("eu-wset-1"), nearest("ap-northeast-9"), nearest("xx-none-1")),
            (Some("eu-west-1"), Some("ap-northeast-1"), None)
        );
    }

    #[test]
    fn only_later_regions_of_the_standard_partition_are_opt_in() {
        assert!(is_opt_in("ap-east-1") && is_opt_in("xx-new-1"));
        assert!(!is_opt_in("us-east-1") && !is_opt_in("cn-north-1") && !is_opt_in("us-gov-west-1"));
    }
}
