//! The columns there are, by name, width and rank.

use crate::model::Untrusted;
use crate::text::Catalogue;

/// A column of the table, of `ls`, and a key to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Column {
    /// The tag `Name`.
    Name,
    /// The instance's id.
    Id,
    /// The state.
    State,
    /// The first private IPv4 address, else IPv6.
    PrivateIp,
    /// The public IPv4 address.
    PublicIp,
    /// All IPv6 addresses.
    Ipv6,
    /// Registration with Systems Manager.
    Ssm,
    /// Instance profile and role.
    Iam,
    /// The best way in.
    Via,
    /// The AWS profile that listed the row.
    Profile,
    /// The account.
    Account,
    /// The region.
    Region,
    /// The availability zone.
    Az,
    /// The instance type.
    InstanceType,
    /// Time since the last start.
    Up,
    /// EC2's `PlatformDetails`.
    Platform,
    /// The machine image.
    Image,
    /// The key pair.
    KeyName,
    /// The VPC.
    Vpc,
    /// The subnet.
    Subnet,
    /// The security groups.
    SecurityGroups,
    /// The last start.
    Launched,
    /// Every tag but `Name`.
    Tags,
    /// Every way in with its mark.
    Methods,
    /// The value of one tag.
    Tag(String),
}

/// A name that no column has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no column called {name}")]
pub struct UnknownColumn {
    /// The name as typed, fit for a screen.
    pub name: String,
    /// The nearest name there is, if one is near.
    pub nearest: Option<&'static str>,
}

/// Columns of a terminal that a column wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// With fewer it is left out; at this width the short form of its cells is shown.
    pub min: usize,
    /// With more nothing is gained.
    pub max: usize,
}

/// Which facts a column shows that cost calls of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Registrations with Systems Manager.
    pub ssm: bool,
    /// Roles of instance profiles.
    pub iam: bool,
    /// Names of machine images.
    pub images: bool,
}

impl Needs {
    /// Both needs at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { ssm: self.ssm || other.ssm, iam: self.iam || other.iam, images: self.images || other.images }
    }
}

/// Words that people type for a column that has another name in JSON.
const OTHER_WORDS: [(&str, &str); 12] = [
    ("ami", "image"),
    ("az_name", "az"),
    ("group", "security_groups"),
    ("ip", "private_ip"),
    ("key", "key_name"),
    ("launch", "launched"),
    ("method", "methods"),
    ("role", "iam"),
    ("sg", "security_groups"),
    ("type", "instance_type"),
    ("uptime", "up"),
    ("zone", "az"),
];

impl Column {
    /// Every column but those of single tags, in the order in which they are offered.
    pub const ALL: [Self; 24] = [
        Self::Name,
        Self::Id,
        Self::State,
        Self::PrivateIp,
        Self::PublicIp,
        Self::Ssm,
        Self::Iam,
        Self::Via,
        Self::Region,
        Self::Account,
        Self::InstanceType,
        Self::Az,
        Self::Up,
        Self::Platform,
        Self::KeyName,
        Self::Vpc,
        Self::Subnet,
        Self::Image,
        Self::Launched,
        Self::SecurityGroups,
        Self::Ipv6,
        Self::Profile,
        Self::Tags,
        Self::Methods,
    ];

    /// The column of that name: as in JSON, further `ssm`, `iam`, `via`, `up` and `tag:X`.
    pub fn parse(name: &str) -> Result<Self, UnknownColumn> {
        if let Some(key) = name.strip_prefix("tag:").filter(|key| !key.is_empty()) {
            return Ok(Self::Tag(Untrusted::from(key).composed()));
        }
        let found = Self::ALL.into_iter().find(|column| column.fixed_name() == Some(name));
        found.ok_or_else(|| UnknownColumn { name: Untrusted::from(name).shown_in(40), nearest: nearest(name) })
    }

    /// The name: the same in `--columns`, in the settings and in JSON.
    pub fn name(&self) -> String {
        match self {
            Self::Tag(key) => format!("tag:{key}"),
            column => column.fixed_name().unwrap_or_default().to_owned(),
        }
    }

    fn fixed_name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::State => "state",
            Self::PrivateIp => "private_ip",
            Self::PublicIp => "public_ip",
            Self::Ipv6 => "ipv6",
            Self::Ssm => "ssm",
            Self::Iam => "iam",
            Self::Via => "via",
            Self::Profile => "profile",
            Self::Account => "account",
            Self::Region => "region",
            Self::Az => "az",
            Self::InstanceType => "instance_type",
            Self::Up => "up",
            Self::Platform => "platform",
            Self::Image => "image",
            Self::KeyName => "key_name",
            Self::Vpc => "vpc",
            Self::Subnet => "subnet",
            Self::SecurityGroups => "security_groups",
            Self::Launched => "launched",
            Self::Tags => "tags",
            Self::Methods => "methods",
            Self::Tag(_) => return None,
        })
    }

    /// The head of the column. A tag's key is somebody else's text and passes the gate here.
    pub fn title(&self, text: &Catalogue) -> String {
        match self.fixed_name() {
            Some(name) => text.say(&format!("column-{name}")),
            None => Untrusted::from(self.name().trim_start_matches("tag:")).shown_in(40),
        }
    }

    /// The lower, the longer it stays on a narrow screen (ux 4).
    pub fn priority(&self) -> u8 {
        match self {
            Self::Name | Self::State | Self::Via => 1,
            Self::PrivateIp | Self::PublicIp | Self::Ssm | Self::Iam => 2,
            Self::Id => 3,
            Self::Region | Self::Account | Self::InstanceType | Self::Az | Self::Up => 4,
            _ => 5,
        }
    }

    /// The columns of a terminal that it wants.
    pub fn width(&self) -> Width {
        let (min, max) = match self {
            Self::Name => (18, 32),
            Self::Id => (19, 19),
            Self::State => (7, 10),
            Self::PrivateIp | Self::PublicIp => (15, 15),
            Self::Ssm => (8, 9),
            Self::Iam => (3, 10),
            Self::Via => (4, 7),
            Self::Region => (14, 14),
            Self::Account | Self::InstanceType => (12, 12),
            Self::Az => (3, 3),
            Self::Up => (6, 6),
            Self::Platform => (10, 24),
            Self::KeyName | Self::Profile | Self::Tag(_) => (8, 24),
            Self::Vpc | Self::Image => (12, 21),
            Self::Subnet => (15, 24),
            Self::Launched => (20, 20),
            Self::SecurityGroups => (10, 30),
            Self::Ipv6 => (15, 39),
            Self::Tags => (12, 40),
            Self::Methods => (10, 24),
        };
        Width { min, max }
    }

    /// What it shows that costs calls of its own. The ways in are judged by the facts of all three.
    pub fn needs(&self) -> Needs {
        match self {
            Self::Ssm => Needs { ssm: true, ..Needs::default() },
            Self::Iam => Needs { iam: true, ..Needs::default() },
            Self::Via | Self::Methods => Needs { ssm: true, iam: true, images: true },
            _ => Needs::default(),
        }
    }
}

/// The name nearest to what was typed: another word for it, one that holds it, or one with few letters changed.
fn nearest(typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase().replace('-', "_");
    if let Some((_, name)) = OTHER_WORDS.iter().find(|(word, _)| *word == typed) {
        return Some(name);
    }
    let names = || Column::ALL.iter().filter_map(Column::fixed_name);
    let by_letters = names().map(|name| (strsim::damerau_levenshtein(name, &typed), name)).min();
    match by_letters {
        Some((distance, name)) if distance <= 2 && distance < name.len() => Some(name),
        _ => names().find(|name| typed.len() >= 3 && name.contains(&typed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_by_its_name_and_has_a_head() {
        let text = Catalogue::english();
        for column in Column::ALL {
            assert_eq!(Column::parse(&column.name()), Ok(column.clone()));
            assert!(text.has(&format!("column-{}", column.name())), "{column:?}");
            assert!(column.width().min <= column.width().max);
            assert!(crate::model::display_width(&column.title(&text)) <= column.width().max, "{column:?}");
        }
        assert_eq!(Column::parse("tag:env"), Ok(Column::Tag("env".into())));
        assert_eq!(Column::parse("tag:aws:cloudformation:stack-name").unwrap().name(), "tag:aws:cloudformation:stack-name");
    }

    #[test]
    fn an_unknown_name_is_told_with_the_nearest_one() {
        for (typed, nearest) in [
            ("nmae", Some("name")),
            ("private-ip", Some("private_ip")),
            ("type", Some("instance_type")),
            ("groups", Some("security_groups")),
            ("Region", Some("region")),
            ("zzzzzz", None),
            ("tag:", Some("tags")),
        ] {
            assert_eq!(Column::parse(typed).unwrap_err().nearest, nearest, "{typed}");
        }
    }

    #[test]
    fn the_head_of_a_tag_is_clean() {
        let column = Column::parse("tag:a\u{1b}[2J").unwrap();

        assert_eq!(column.title(&Catalogue::english()), "a·[2J");
    }

    #[test]
    fn columns_of_the_listing_alone_need_no_further_call() {
        for name in ["id", "name", "state", "private_ip", "public_ip"] {
            assert_eq!(Column::parse(name).unwrap().needs(), Needs::default());
        }
        assert_eq!(Column::Via.needs(), Needs { ssm: true, iam: true, images: true });
    }
}
