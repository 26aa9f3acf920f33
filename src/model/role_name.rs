//! The name of an IAM role whose policies are changed.

use super::checked_word::checked_word;

checked_word! {
    /// The name of an IAM role: letters, digits and `+=,.@_-`, at most 64.
    RoleName, InvalidRole, "the name of a role", 64, |text| {
        let is_taken = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        (1..=64).contains(&text.len()) && !text.starts_with('-') && text.chars().all(is_taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_roles_pass() {
        for good in ["web-role", "AWSReservedSSO_x_1", "a+b=c,d.e@f"] {
            assert_eq!(good.parse::<RoleName>().unwrap().as_str(), good);
        }
        for bad in ["", "--role-name", "a b", "a/b", "röle", "a\n", &"a".repeat(65)] {
            assert!(bad.parse::<RoleName>().is_err(), "{bad:?}");
        }
    }
}
