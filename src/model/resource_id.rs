//! The id of something in an account that is changed: a group, a network ACL, a route table, an address.

use super::checked_word::checked_word;

/// Longest that we take; today's have 31 characters.
const LONGEST: usize = 64;
/// The kind of what is not made yet.
const STEP: &str = "step-";

checked_word! {
    /// A short word of lower-case letters, `-`, and letters and digits: `sg-0123456789abcdef0`.
    ResourceId, InvalidResourceId, "the id of a resource", 40, |text| {
        let (kind, rest) = text.split_once('-').unwrap_or_default();
        let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_name = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_kind && is_name && !rest.starts_with('-') && text.len() <= LONGEST
    }
}

impl ResourceId {
    /// Of what a step makes, counted from 1, before it is made: AWS's ids have other kinds.
    pub fn of_step(step: usize) -> Self {
        Self(format!("{STEP}{step}"))
    }

    /// The step that makes it, if it is not made yet.
    pub fn step(&self) -> Option<usize> {
        self.0.strip_prefix(STEP)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kind_and_a_name_pass() {
        for good in ["sg-0123456789abcdef0", "i-0a1b2c3d", "acl-1", "eipalloc-0a", "vpce-svc-0a"] {
            assert_eq!(good.parse::<ResourceId>().unwrap().as_str(), good);
        }
        let long = format!("sg-{}", "a".repeat(80));
        for bad in ["", "sg", "sg-", "-sg", "--force", "sg-1 --x", "sg-1\n", "Sg-1", "sg-$(x)", "sg--x", "sg-…", &long] {
            assert!(bad.parse::<ResourceId>().is_err(), "{bad:?}");
        }
        assert!(serde_json::from_str::<ResourceId>("\"--force\"").is_err(), "a file holds no other");
        let coming = ResourceId::of_step(3);
        assert_eq!((coming.step(), coming.as_str().parse::<ResourceId>().unwrap()), (Some(3), coming));
        assert_eq!("sg-1".parse::<ResourceId>().unwrap().step(), None);
    }
}
