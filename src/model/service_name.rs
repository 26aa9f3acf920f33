//! What AWS calls a service that VPCs have endpoints of.

use super::checked_word::checked_word;

/// Longest name that is taken.
const LONGEST: usize = 128;

checked_word! {
    /// `com.amazonaws.eu-west-1.ssm`; before it is read, `ssm` alone.
    ServiceName, InvalidServiceName, "the name of a service", 60, |text| {
        let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        (1..=LONGEST).contains(&text.len()) && !text.starts_with(['-', '.']) && text.bytes().all(is_taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_services_pass() {
        for good in ["ssm", "com.amazonaws.eu-west-1.ssmmessages", "cn.com.amazonaws.cn-north-1.ssm"] {
            assert_eq!(good.parse::<ServiceName>().unwrap().as_str(), good);
        }
        for bad in ["", "--x", ".ssm", "a b", "ssm\n", "ssm;x", &"a".repeat(129)] {
            assert!(bad.parse::<ServiceName>().is_err(), "{bad:?}");
        }
    }
}
