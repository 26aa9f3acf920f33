//! Which instance the user means: `web-1`, `i-0123…`, an address, a DNS name, `tag:Key=Value`, `@name`, `-`.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use super::{Instance, InstanceId, Untrusted};

/// Fewest hexadecimal digits of an id's unique start.
pub(super) const PREFIX_DIGITS: usize = 6;
/// Hexadecimal digits of an id since 2016.
const WHOLE_DIGITS: usize = 17;

/// What a user typed to name an instance: TARGET.
///
/// | Typed | Means |
/// |---|---|
/// | `i-0123456789abcdef0`, `mi-…` | the instance of that id, in upper case too |
/// | `i-012345` (6 digits or more) | the one whose id begins so, or whose name is that |
/// | `web-1` | the one of that name: its tag `Name`, or a name of it in DNS |
/// | `10.0.1.21`, `2001:db8::6`, `ip:10.0.1.21` | the one with that address |
/// | `tag:Role=web` | the one with that tag and that value, whole |
/// | `Role=web` | the one of that name; if there is none, as `tag:Role=web` |
/// | `@web` | a favourite; for `tunnel` a tunnel of the config file |
/// | `-` | the last one connected to |
///
/// Anything else that begins with `-` is refused: no name of an instance is ever taken for an option of another program.
///
/// ```
/// use ec2dash::model::{InvalidTarget, Target};
///
/// assert!(matches!("i-0123456789ABCDEF0".parse()?, Target::Id(id) if id.as_str() == "i-0123456789abcdef0"));
/// assert!(matches!("i-012345".parse()?, Target::IdStartOrName { start, .. } if start == "i-012345"));
/// assert_eq!("web-1".parse::<Target>()?, Target::Name("web-1".into()));
/// assert_eq!("i-0123".parse::<Target>()?, Target::Name("i-0123".into()), "too short for the start of an id");
/// assert_eq!("10.0.1.21".parse::<Target>()?, "ip:10.0.1.21".parse()?);
/// assert_eq!("tag:Role=web".parse::<Target>()?, Target::Tag("Role".into(), "web".into()));
/// assert!(matches!("Role=web".parse()?, Target::NameOrTag { key, .. } if key == "Role".into()));
/// assert_eq!("@web".parse::<Target>()?, Target::Favourite("web".into()));
/// assert_eq!("-".parse::<Target>()?, Target::Last);
///
/// for wrong in ["", "-oProxyCommand=x", "ip:web-1", "tag:Role", "tag:=web"] {
///     assert!(wrong.parse::<Target>().is_err(), "{wrong}");
/// }
/// # Ok::<(), InvalidTarget>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A whole id.
    Id(InstanceId),
    /// A text that may be the start of an id, and is a name otherwise.
    IdStartOrName {
        /// `i-` or `mi-` and at least six digits, in lower case.
        start: String,
        /// What was typed.
        name: Untrusted,
    },
    /// A name, whole: that of the tag `Name`, or of DNS.
    Name(Untrusted),
    /// Any address of the instance.
    Ip(IpAddr),
    /// A tag and its value, whole.
    Tag(Untrusted, Untrusted),
    /// A name, whole; where no instance bears it, a tag and its value.
    NameOrTag {
        /// What was typed.
        name: Untrusted,
        /// What stands before the `=`.
        key: Untrusted,
        /// What stands behind it.
        value: Untrusted,
    },
    /// A favourite.
    Favourite(Untrusted),
    /// The last one.
    Last,
}

/// A text that names no instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTarget {
    /// Nothing was typed.
    #[error("an empty target")]
    Empty,
    /// It begins like an option.
    #[error("no instance called {shown}: a target does not start with `-`")]
    LikeAnOption {
        /// What was typed, fit for a screen.
        shown: String,
    },
    /// `ip:` and no address.
    #[error("not an IP address: {shown}")]
    Ip {
        /// What was typed, fit for a screen.
        shown: String,
    },
    /// `tag:` and no `=`.
    #[error("not Key=Value: {shown}")]
    Tag {
        /// What was typed, fit for a screen.
        shown: String,
    },
}

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let shown = || Untrusted::from(text).shown_in(60);
        if text.is_empty() {
            return Err(InvalidTarget::Empty);
        }
        if text == "-" {
            return Ok(Self::Last);
        }
        if text.starts_with('-') {
            return Err(InvalidTarget::LikeAnOption { shown: shown() });
        }
        if let Some(ip) = text.strip_prefix("ip:") {
            return ip.parse().map(Self::Ip).map_err(|_| InvalidTarget::Ip { shown: shown() });
        }
        if let Some(tag) = text.strip_prefix("tag:") {
            let (key, value) =
                tag.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| InvalidTarget::Tag { shown: shown() })?;
            return Ok(Self::Tag(key.into(), value.into()));
        }
        if let Some(name) = text.strip_prefix('@').filter(|name| !name.is_empty()) {
            return Ok(Self::Favourite(name.into()));
        }
        // As ssh hands it to a ProxyCommand.
        if let Ok(ip) = text.parse() {
            return Ok(Self::Ip(ip));
        }
        if let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) {
            return Ok(Self::NameOrTag { name: text.into(), key: key.into(), value: value.into() });
        }
        let lower = text.to_ascii_lowercase();
        // Eight digits are a whole id of old, and more often the start of a new one; as a start they find both.
        let digits = lower.strip_prefix("mi-").or_else(|| lower.strip_prefix("i-"));
        if let Some(id) = lower.parse().ok().filter(|_| digits.is_some_and(|digits| digits.len() == WHOLE_DIGITS)) {
            return Ok(Self::Id(id));
        }
        match digits {
            Some(digits)
                if (PREFIX_DIGITS..WHOLE_DIGITS).contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                Ok(Self::IdStartOrName { start: lower, name: text.into() })
            }
            _ => Ok(Self::Name(text.into())),
        }
    }
}

/// What a target comes to among the rows at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUp {
    /// Exactly one.
    Found(Arc<Instance>),
    /// Several; the user must choose.
    Ambiguous(Vec<Arc<Instance>>),
    /// None.
    Missing,
}

impl Target {
    /// Find the instance among `rows`. Those that fit as it is typed come before those that fit otherwise. Instances that are gone for
    /// good count only when nothing else fits. `Favourite` and `Last` must have been resolved by the caller: here they find nothing.
    pub fn look_up<'a>(&self, rows: impl IntoIterator<Item = &'a Arc<Instance>>) -> LookUp {
        let fitting: Vec<_> = rows.into_iter().filter_map(|row| Some((self.fit(row)?, row))).collect();
        let best = fitting.iter().map(|(fit, _)| *fit).min();
        let fitting: Vec<_> = fitting.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, row)| row.clone()).collect();
        let (gone, alive): (Vec<_>, Vec<_>) = fitting
            .into_iter()
            .partition(|row| matches!(row.state, super::InstanceState::Terminated | super::InstanceState::ShuttingDown));
        let mut found = if alive.is_empty() { gone } else { alive };
        match found.len() {
            0 => LookUp::Missing,
            1 => found.pop().map_or(LookUp::Missing, LookUp::Found),
            _ => LookUp::Ambiguous(found),
        }
    }

    /// Whether it means all instances with a tag, as far as these rows tell.
    pub fn is_of_tag<'a>(&self, rows: impl IntoIterator<Item = &'a Arc<Instance>>) -> bool {
        match self {
            Self::Tag(..) => true,
            Self::NameOrTag { name, .. } => rows.into_iter().all(|row| named(row, name).is_none()),
            _ => false,
        }
    }

    /// The name that it may be, if it is one that the case of letters matters to.
    pub fn name(&self) -> Option<&Untrusted> {
        match self {
            Self::IdStartOrName { name, .. } | Self::Name(name) | Self::NameOrTag { name, .. } => Some(name),
            Self::Id(_) | Self::Ip(_) | Self::Tag(..) | Self::Favourite(_) | Self::Last => None,
        }
    }

    fn fit(&self, row: &Instance) -> Option<Fit> {
        let exactly = |fits: bool| fits.then_some(Fit::AsTyped);
        match self {
            Self::Id(id) => exactly(row.id == *id),
            Self::IdStartOrName { start, name } => exactly(row.id.as_str().starts_with(start)).or_else(|| named(row, name)),
            Self::Name(name) => named(row, name),
            Self::Ip(ip) => exactly(row.addresses().any(|address| address == *ip)),
            Self::Tag(key, value) => exactly(bears(row, key, value)),
            Self::NameOrTag { name, key, value } => named(row, name).or_else(|| bears(row, key, value).then_some(Fit::ByTag)),
            Self::Favourite(_) | Self::Last => None,
        }
    }
}

/// Of several instances those that are nearest to another one: up, of its account and region, in its VPC. What none of them
/// has does not count.
pub fn nearest(candidates: Vec<Arc<Instance>>, from: &Instance) -> Vec<Arc<Instance>> {
    let rules: [fn(&Instance, &Instance) -> bool; 3] = [
        |one, _| one.state.may_be_up(),
        |one, from| one.account == from.account && one.place.region == from.place.region,
        |one, from| one.vpc.is_some() && one.vpc == from.vpc,
    ];
    rules.into_iter().fold(candidates, |left, is_near| {
        let near: Vec<Arc<Instance>> = left.iter().filter(|one| is_near(one, from)).cloned().collect();
        if near.is_empty() { left } else { near }
    })
}

/// How an instance fits what was typed, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    AsTyped,
    ByDns,
    InAnotherCase,
    ByTag,
}

fn bears(row: &Instance, key: &Untrusted, value: &Untrusted) -> bool {
    row.tags.iter().any(|(own, text)| own.composed() == key.composed() && text.composed() == value.composed())
}

fn named(row: &Instance, name: &Untrusted) -> Option<Fit> {
    if row.name().is_some_and(|own| own == name || own.composed() == name.composed()) {
        return Some(Fit::AsTyped);
    }
    let in_dns = name.raw().strip_suffix('.').unwrap_or(name.raw());
    if row.dns_names.iter().any(|own| own.raw().eq_ignore_ascii_case(in_dns)) {
        return Some(Fit::ByDns);
    }
    // ssh hands names to a ProxyCommand in lower case.
    let lower = |name: &Untrusted| name.composed().to_lowercase();
    row.name().is_some_and(|own| lower(own) == lower(name)).then_some(Fit::InAnotherCase)
}

#[cfg(test)]
mod tests {
    use super::super::filter::tests::row;
    use super::*;

    #[test]
    fn what_starts_with_a_dash_is_never_a_target() {
        for text in ["-oProxyCommand=touch pwned", "--help", "-l"] {
            assert!(matches!(text.parse::<Target>(), Err(InvalidTarget::LikeAnOption { .. })), "{text}");
        }
        assert_eq!("-".parse(), Ok(Target::Last));
    }

    #[test]
    fn an_id_may_be_typed_in_upper_case_and_cut_short() {
        let rows =
            [row("i-0aaaaaaaaaaaaaaa1", "web-1"), row("i-0aaaaaaaaaaaaaaa2", "web-2"), row("i-0bbbbbbbbbbbbbbb1", "web-2")];
        let find = |text: &str| text.parse::<Target>().unwrap().look_up(&rows);

        assert_eq!(find("I-0AAAAAAAAAAAAAAA1"), LookUp::Found(rows[0].clone()));
        assert_eq!(find("i-0bbbbb"), LookUp::Found(rows[2].clone()));
        assert_eq!(find("i-0bbbbbbb"), LookUp::Found(rows[2].clone()));
        assert_eq!(find("web-1"), LookUp::Found(rows[0].clone()));
        assert!(matches!(find("i-0aaaaa"), LookUp::Ambiguous(rows) if rows.len() == 2));
        assert!(matches!(find("web-2"), LookUp::Ambiguous(rows) if rows.len() == 2));
        assert_eq!(find("i-0bbb"), LookUp::Missing);
        assert_eq!(find("web"), LookUp::Missing);
        assert_eq!(find("ip:10.0.0.1"), LookUp::Ambiguous(rows.to_vec()));
        assert_eq!(find("tag:Name=web-1"), LookUp::Found(rows[0].clone()));
    }

    #[test]
    fn a_name_in_another_case_is_taken_if_none_is_as_typed_and_it_is_the_only_one() {
        let rows = [
            row("i-0aaaaaaaaaaaaaaa1", "UPPER-Web"),
            row("i-0aaaaaaaaaaaaaaa2", "Db"),
            row("i-0aaaaaaaaaaaaaaa3", "DB"),
            row("i-0aaaaaaaaaaaaaaa4", "db-2"),
        ];
        let find = |text: &str| text.parse::<Target>().unwrap().look_up(&rows);

        assert_eq!(find("upper-web"), LookUp::Found(rows[0].clone()));
        assert_eq!(find("DB"), LookUp::Found(rows[2].clone()));
        assert!(matches!(find("db"), LookUp::Ambiguous(rows) if rows.len() == 2));
        assert_eq!(find("upper"), LookUp::Missing);
    }

    #[test]
    fn an_address_needs_no_word_before_it_and_dns_names_lead_to_their_instance() {
        let mut own = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
        own.further_ips = vec!["10.0.9.9".parse().unwrap()];
        own.dns_names = vec![
            "ip-10-0-0-1.ap-northeast-2.compute.internal".into(),
            "ec2-3-36-112-8.ap-northeast-2.compute.amazonaws.com".into(),
        ];
        let mut other = (*row("i-0aaaaaaaaaaaaaaa2", "web-2")).clone();
        (other.private_ip, other.public_ip, other.ipv6) = (None, None, Vec::new());
        let rows = [Arc::new(own), Arc::new(other)];

        for text in [
            "10.0.0.1",
            "3.36.112.8",
            "10.0.9.9",
            "2001:db8::1",
            "ip-10-0-0-1.ap-northeast-2.compute.internal",
            "EC2-3-36-112-8.ap-northeast-2.compute.amazonaws.com.",
        ] {
            assert_eq!(text.parse::<Target>().unwrap().look_up(&rows), LookUp::Found(rows[0].clone()), "{text}");
        }
        assert_eq!("10.0.0.2".parse::<Target>().unwrap().look_up(&rows), LookUp::Missing);
    }

    #[test]
    fn a_key_and_a_value_are_a_tag_where_no_instance_is_called_so() {
        let with_tag = |id: &str, name: &str| {
            let mut own = (*row(id, name)).clone();
            own.tags.insert("team".into(), "shop".into());
            Arc::new(own)
        };
        let rows = [with_tag("i-0aaaaaaaaaaaaaaa1", "web-1"), row("i-0aaaaaaaaaaaaaaa2", "web-2")];
        let target: Target = "team=shop".parse().unwrap();
        assert_eq!(target.look_up(&rows), LookUp::Found(rows[0].clone()));
        assert!(target.is_of_tag(&rows));

        let named = [rows[0].clone(), row("i-0aaaaaaaaaaaaaaa3", "team=shop")];
        assert_eq!(target.look_up(&named), LookUp::Found(named[1].clone()));
        assert!(!target.is_of_tag(&named) && !"web-1".parse::<Target>().unwrap().is_of_tag(&named));
        assert!("=x".parse::<Target>().is_ok_and(|target| matches!(target, Target::Name(_))));
    }

    #[test]
    fn a_terminated_namesake_does_not_stand_in_the_way() {
        let mut gone = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
        gone.state = super::super::InstanceState::Terminated;
        let rows = [Arc::new(gone), row("i-0aaaaaaaaaaaaaaa2", "web-1")];

        assert_eq!("web-1".parse::<Target>().unwrap().look_up(&rows), LookUp::Found(rows[1].clone()));
    }
}
