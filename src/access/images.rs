//! What is known of public machine images: who logs in, and which packages they come with (`assets/default-users.toml`).

use std::sync::LazyLock;

use regex_lite::Regex;
use serde::Deserialize;

use super::Login;
use crate::model::{Image, glob_fits};

const SOURCE: &str = include_str!("../../assets/default-users.toml");

/// The whole table.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(SOURCE).expect("a test reads the embedded table"));

/// Whether an image comes with a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    /// It does.
    Present,
    /// It does not, and it can be installed.
    Absent,
    /// It does not, and its makers do not support it there.
    Unsupported,
    /// It cannot be told.
    Unknown,
    /// It does not exist for this system.
    Never,
}

impl Package {
    /// The EC2 Instance Connect package (docs/access-rules.md 1.2.3).
    pub(super) fn eic(image: &Image) -> Self {
        let Some(entry) = entry(image) else { return Self::Unknown };
        match entry.eic {
            Carries::Never => Self::Never,
            Carries::Unknown => Self::Unknown,
            Carries::No if entry.id == "amazon-linux-1" => Self::Unsupported,
            Carries::No if is_documented_without(entry, image) => Self::Absent,
            Carries::No => Self::Unknown,
            Carries::Yes => entry.since(entry.eic_min.as_ref(), image),
        }
    }

    /// The SSM Agent (docs/access-rules.md 1.2.4).
    pub(super) fn ssm(image: &Image) -> Self {
        let Some(entry) = entry(image) else { return Self::Unknown };
        match entry.ssm {
            Carries::Never => Self::Never,
            Carries::Unknown => Self::Unknown,
            Carries::No => Self::Absent,
            Carries::Yes => entry.since(entry.ssm_min.as_ref(), image),
        }
    }
}

/// Only where AWS documents that the package must be installed (source D1) is its absence worth a warning; elsewhere nobody
/// says, and a golden image may well have it.
fn is_documented_without(entry: &Entry, image: &Image) -> bool {
    entry.src.iter().any(|source| source == "D1") || image.name.raw().starts_with("CentOS Stream 8")
}

/// The first entry whose name fits. The owner is not looked at: a private copy keeps the name, and what it holds.
pub(super) fn entry(image: &Image) -> Option<&'static Entry> {
    let name = image.name.raw();
    TABLE.ami.iter().find(|entry| entry.names.iter().any(|pattern| glob_fits(pattern, name)))
}

impl Entry {
    fn version(&self, name: &str) -> Option<Vec<u64>> {
        let found = self.version_re.as_ref()?.0.captures(name)?;
        found.get(1).map(|version| dotted(version.as_str()))
    }

    fn since(&self, least: Option<&Least>, image: &Image) -> Package {
        let Some(least) = least else { return Package::Present };
        match self.version(image.name.raw()) {
            None => Package::Unknown,
            Some(version) if least.is_met_by(&version) => Package::Present,
            Some(_) => Package::Absent,
        }
    }
}

impl Least {
    /// A list has one version per major line: a line above the highest has it, every other one that is not listed has not.
    fn is_met_by(&self, version: &[u64]) -> bool {
        match self {
            Self::One(least) => version >= dotted(least).as_slice(),
            Self::PerLine(lines) => {
                let lines: Vec<Vec<u64>> = lines.iter().map(|line| dotted(line)).collect();
                match lines.iter().find(|line| line.first() == version.first()) {
                    Some(line) => version >= line.as_slice(),
                    None => lines.iter().all(|line| line.first() < version.first()),
                }
            }
        }
    }
}

/// The numbers of a version, to be compared one by one: `15-sp6` is 15, 6. A missing part counts as 0, so none ends with one.
pub fn dotted(version: &str) -> Vec<u64> {
    let mut parts: Vec<u64> = version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    parts.truncate(parts.iter().rposition(|part| *part != 0).map_or(0, |last| last + 1));
    parts
}

#[derive(Debug, Deserialize)]
pub(super) struct Table {
    pub(super) fallback: Fallback,
    ami: Vec<Entry>,
    pub(super) platform_name: Vec<PlatformName>,
    pub(super) platform_details: Vec<PlatformDetails>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fallback {
    pub(super) linux: Vec<Login>,
    pub(super) macos: Vec<Login>,
    pub(super) windows: Vec<Login>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    id: String,
    names: Vec<String>,
    pub(super) users: Vec<Login>,
    eic: Carries,
    eic_min: Option<Least>,
    ssm: Carries,
    ssm_min: Option<Least>,
    version_re: Option<Version>,
    src: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Carries {
    Yes,
    No,
    Unknown,
    Never,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Least {
    One(String),
    PerLine(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Version(Regex);

impl TryFrom<String> for Version {
    type Error = regex_lite::Error;

    fn try_from(pattern: String) -> Result<Self, Self::Error> {
        Regex::new(&pattern).map(Self)
    }
}

/// A pattern that fits without regard to case: it is kept in lower case, for lower-case names.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct LowerCase(pub(super) String);

impl From<String> for LowerCase {
    fn from(pattern: String) -> Self {
        Self(pattern.to_lowercase())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PlatformName {
    pub(super) names: Vec<LowerCase>,
    pub(super) version_min: Option<String>,
    pub(super) users: Vec<Login>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PlatformDetails {
    pub(super) prefix: String,
    pub(super) users: Vec<Login>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Examples {
        example: Vec<Example>,
    }

    #[derive(Deserialize)]
    struct Example {
        name: String,
        id: String,
        version: Option<String>,
        eic: Option<String>,
    }

    fn image(name: &str) -> Image {
        Image { name: name.into(), owner: None, owner_alias: None }
    }

    #[test]
    fn a_missing_part_of_a_version_is_zero() {
        for (one, other) in [("3.0.1124", "3.0.1124.0"), ("2", "2.0.0"), ("", "0.0.0.0")] {
            assert_eq!(dotted(one), dotted(other));
        }
        assert!(dotted("2.3.672") < dotted("2.3.672.1") && dotted("2.0.1") > dotted("2"));
    }

    #[test]
    fn every_example_of_the_table_is_read_as_it_says() {
        let examples: Examples = toml::from_str(SOURCE).unwrap();
        assert!(examples.example.len() > 30);
        for example in examples.example {
            let image = image(&example.name);
            let found = entry(&image).unwrap_or_else(|| panic!("{} fits nothing", example.name));

            assert_eq!(found.id, example.id, "{}", example.name);
            if let Some(version) = example.version {
                assert_eq!(found.version(&example.name), Some(dotted(&version)), "{}", example.name);
            }
            match example.eic.as_deref() {
                Some("yes") => assert_eq!(Package::eic(&image), Package::Present, "{}", example.name),
                Some("no") => assert_eq!(Package::eic(&image), Package::Absent, "{}", example.name),
                _ => (),
            }
        }
    }

    #[test]
    fn the_package_is_told_as_in_the_table_of_the_rule_book() {
        for (name, package) in [
            ("al2023-ami-2023.5.20240722.0-kernel-6.1-x86_64", Package::Present),
            ("al2023-ami-minimal-2023.5.20240722.0-kernel-6.1-x86_64", Package::Absent),
            ("al2023-ami-ecs-hvm-2023.0.20240802-kernel-6.1-x86_64", Package::Absent),
            ("amzn2-ami-hvm-2.0.20190618-x86_64-gp2", Package::Present),
            ("amzn2-ami-hvm-2.0.20190617-x86_64-gp2", Package::Absent),
            ("amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2", Package::Unsupported),
            ("ubuntu/images/hvm-ssd/ubuntu-focal-20.04-amd64-server-20230607", Package::Present),
            ("ubuntu/images/hvm-ssd/ubuntu-xenial-16.04-amd64-server-20200101", Package::Absent),
            ("ubuntu-minimal/images/hvm-ssd/ubuntu-jammy-22.04-amd64-minimal-20240701", Package::Unknown),
            ("amzn-ec2-macos-14.2.1-20240101", Package::Present),
            ("amzn-ec2-macos-15.0-20241001", Package::Present),
            ("amzn-ec2-macos-12.7.1-20240101", Package::Absent),
            ("amzn-ec2-macos-11.7-20240101", Package::Absent),
            ("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3", Package::Absent),
            ("CentOS Stream 9 x86_64 20240715", Package::Absent),
            ("CentOS Stream 8 x86_64 20230830", Package::Absent),
            ("CentOS Linux 7 x86_64 - 2211", Package::Unknown),
            ("debian-12-amd64-20240717-1811", Package::Unknown),
            ("Rocky-9-EC2-Base-9.4-20240509.0.x86_64", Package::Unknown),
            ("Windows_Server-2022-English-Full-Base-2024.07.10", Package::Never),
            ("our-golden-image-7", Package::Unknown),
        ] {
            assert_eq!(Package::eic(&image(name)), package, "{name}");
        }
    }

    #[test]
    fn the_agent_is_told_by_image_and_version() {
        for (name, package) in [
            ("suse-sles-15-sp6-v20240808-hvm-ssd-x86_64", Package::Present),
            ("suse-sles-15-sp2-v20240808-hvm-ssd-x86_64", Package::Absent),
            ("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3", Package::Absent),
            ("amzn2-ami-hvm-2.0.20190612-x86_64-gp2", Package::Present),
            ("our-golden-image-7", Package::Unknown),
        ] {
            assert_eq!(Package::ssm(&image(name)), package, "{name}");
        }
    }
}
