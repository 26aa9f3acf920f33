//! The word by which ssh finds an instance: what is left of its tag `Name`.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization as _;

use super::{InstanceId, Untrusted};

/// Lower-case letters of any script, digits, `-` and `_`, behind the prefix that the user chose. Never a pattern, an address, an instance id
/// or `localhost`, and without a dot of its own: no tag answers for a host of the Internet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostAlias(String);

/// What the user wants in front of every alias: ASCII letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AliasPrefix(String);

/// Longest prefix.
const LONGEST_PREFIX: usize = 64;

impl HostAlias {
    /// The alias of a name; none if nothing is left of it, or what is left means something else.
    pub fn of(name: &Untrusted, prefix: &AliasPrefix) -> Option<Self> {
        let lower = name.raw().chars().flat_map(char::to_lowercase).nfc();
        let kept: String = lower.map(|letter| if is_kept(letter) { letter } else { '-' }).collect();
        let slug = kept.trim_matches('-');
        let alias = format!("{}{slug}", prefix.0);
        let is_other = alias.parse::<InstanceId>().is_ok() || alias.eq_ignore_ascii_case("localhost") || is_address(&alias);
        (!slug.is_empty() && !is_other).then_some(Self(alias))
    }

    /// The word. Safe in ssh_config, in argv and unquoted in a shell.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_kept(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '-'
}

/// Whether somebody who looks the word up would take it for an address, as `inet_aton` takes `1`, `0x7f.1` and `2130706433`.
fn is_address(word: &str) -> bool {
    let is_number = |part: &str| match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(hex) => hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
    };
    word.parse::<IpAddr>().is_ok() || word.split('.').all(is_number)
}

impl std::str::FromStr for AliasPrefix {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if is_plain && !text.starts_with('-') && text.len() <= LONGEST_PREFIX {
            Ok(Self(text.to_owned()))
        } else {
            Err("up to 64 letters, digits, -, _ and ., not beginning with -")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(name: &str) -> Option<String> {
        HostAlias::of(&name.into(), &AliasPrefix::default()).map(|alias| alias.0)
    }

    #[test]
    fn letters_digits_and_the_two_signs_stay_and_everything_else_is_a_hyphen() {
        for (name, expected) in [
            ("web-1", "web-1"),
            ("Web_1", "web_1"),
            ("결제-api-2", "결제-api-2"),
            ("\u{1100}\u{1161}", "가"),
            ("e\u{301}té", "été"),
            ("خادم", "خادم"),
            ("we b", "we-b"),
            ("github.com", "github-com"),
            ("-oProxyCommand=touch x", "oproxycommand-touch-x"),
            ("web\nHost *\n  ProxyCommand touch pwned", "web-host-----proxycommand-touch-pwned"),
            ("a\u{202e}b", "a-b"),
            ("!x", "x"),
            ("%h", "h"),
            ("\"x\"", "x"),
            ("Match exec x", "match-exec-x"),
        ] {
            assert_eq!(alias(name).as_deref(), Some(expected), "{name:?}");
        }
        assert_eq!(alias(&"x".repeat(300)).map(|alias| alias.len()), Some(300));
    }

    #[test]
    fn what_is_nothing_or_means_something_else_is_no_alias() {
        for name in [
            "",
            "*",
            "---",
            "!?",
            "localhost",
            "LocalHost",
            "i-0123456789abcdef0",
            "I-0A1B2C3D",
            "1",
            "0017",
            "0x7f",
            "2130706433",
        ] {
            assert_eq!(alias(name), None, "{name:?}");
        }
        assert_eq!(alias("10.0.0.1").as_deref(), Some("10-0-0-1"));
    }

    #[test]
    fn a_prefix_stands_in_front_and_makes_no_address_either() {
        let with = |prefix: &str, name: &str| HostAlias::of(&name.into(), &prefix.parse().unwrap()).map(|alias| alias.0);
        assert_eq!(with("aws.", "web-1").as_deref(), Some("aws.web-1"));
        assert_eq!(with("10.0.0.", "1"), None);
        assert_eq!(with("aws-", "*"), None);
        assert_eq!(with("aws-", "localhost").as_deref(), Some("aws-localhost"));
        for wrong in ["-a", "a b", "a*", "!", "é", "a\n", &"x".repeat(65)] {
            assert!(wrong.parse::<AliasPrefix>().is_err(), "{wrong:?}");
        }
    }
}
