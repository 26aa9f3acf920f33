//! Which version of a peer can do what (docs/session-manager-protocol.md 5.3).

/// The protocol level we speak, said in the opening frame and in the handshake. It switches features at the agent, and AWS
/// states 1.2.764.0 as the least it will serve, so it is not our product version but that of a current reference client.
pub const CLIENT_VERSION: &str = "1.2.835.0";

/// Agents above this understand the flag that ends a session.
pub(crate) const TERMINATE_FLAG: &str = "2.3.722.0";
/// Agents above this carry many connections in one port session.
pub(crate) const MULTIPLEXING: &str = "3.0.196.0";
/// Agents above this expect no keep-alive in a multiplexed session.
pub(crate) const NO_KEEP_ALIVE: &str = "3.1.1511.0";
/// Clients from this on get a multiplexed session.
pub(crate) const MULTIPLEXING_CLIENT: &str = "1.1.70";
/// Clients above this send no keep-alive.
pub(crate) const NO_KEEP_ALIVE_CLIENT: &str = "1.2.331.0";

/// Whether `version` is above `than` by the client's rule: as many parts, all of them numbers, or the answer is no.
pub(crate) fn is_newer(version: &str, than: &str) -> bool {
    match (parts(version), parts(than)) {
        (Some(version), Some(than)) => version.len() == than.len() && version > than,
        _ => false,
    }
}

/// Whether `version` is `minimum` or above by the agent's rule: part by part, missing ones count as 0.
pub(crate) fn is_at_least(version: &str, minimum: &str) -> bool {
    compare_padded(version, minimum).is_some_and(std::cmp::Ordering::is_ge)
}

/// Whether `version` is above `than` by the agent's rule.
pub(crate) fn is_above(version: &str, than: &str) -> bool {
    compare_padded(version, than).is_some_and(std::cmp::Ordering::is_gt)
}

fn compare_padded(left: &str, right: &str) -> Option<std::cmp::Ordering> {
    let (mut left, mut right) = (parts(left)?, parts(right)?);
    let longest = left.len().max(right.len());
    left.resize(longest, 0);
    right.resize(longest, 0);
    Some(left.cmp(&right))
}

fn parts(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_compares_versions_of_one_shape_only() {
        for (version, than, newer) in [
            ("3.0.197.0", "3.0.196.0", true),
            ("3.0.196.0", "3.0.196.0", false),
            ("3.3.987.0", "3.1.1511.0", true),
            ("3.1.1511.0", "3.1.1511.0", false),
            ("3.1.1512.0", "3.1.1511.0", true),
            ("10.0.0.0", "9.0.0.0", true),
            ("2.3.700.0", "2.3.722.0", false),
            ("4.0", "3.0.196.0", false),
            ("3.3.987.0-rc1", "3.0.196.0", false),
            ("", "3.0.196.0", false),
        ] {
            assert_eq!(is_newer(version, than), newer, "{version} > {than}");
        }
    }

    #[test]
    fn the_agent_takes_missing_parts_for_zero() {
        for (version, minimum, at_least) in [
            ("1.1.70", "1.1.70", true),
            ("1.2.650.0", "1.1.70", true),
            ("1.1.69.9", "1.1.70", false),
            ("1.1.70.0", "1.1.70", true),
            ("nonsense", "1.1.70", false),
        ] {
            assert_eq!(is_at_least(version, minimum), at_least, "{version} >= {minimum}");
        }
        assert!(!is_above("1.2.331.0", NO_KEEP_ALIVE_CLIENT));
    }

    #[test]
    fn the_level_we_speak_is_one_that_is_served_and_has_every_feature() {
        assert!(is_at_least(CLIENT_VERSION, "1.2.764.0"), "the least that AWS says it will serve");
        assert!(is_above(CLIENT_VERSION, NO_KEEP_ALIVE_CLIENT) && is_at_least(CLIENT_VERSION, MULTIPLEXING_CLIENT));
        assert!(is_newer(CLIENT_VERSION, NO_KEEP_ALIVE_CLIENT), "four parts, as peers compare them");
    }
}
