//! What `policy` is asked.

use std::str::FromStr;

use clap::{Args, ValueEnum};

use crate::access::Login;
use crate::model::AccountId;

/// Which policy, and for what.
#[derive(Debug, Args)]
pub struct AskedPolicy {
    /// What it allows, or denies
    #[arg(value_name = "NAME", value_enum)]
    pub name: PolicyName,
    /// Whom one may log in as by a pushed key (connect-eic, connect-eice, connect-ssm-ssh); may be repeated
    #[arg(long, value_name = "USER")]
    pub user: Vec<Login>,
    /// Only on instances with this tag
    #[arg(long, value_name = "KEY=VALUE")]
    pub tag: Option<Tag>,
    /// Only in this account
    #[arg(long, value_name = "ID")]
    pub account: Option<AccountId>,
}

/// The policies that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PolicyName {
    /// Log in by EC2 Instance Connect
    ConnectEic,
    /// Open shells by Session Manager, and end and resume one's own
    ConnectSsm,
    /// Log in by ssh, copy files and open tunnels by Session Manager, with pushed keys
    ConnectSsmSsh,
    /// Log in, and reach desktops, through EC2 Instance Connect Endpoints, with pushed keys
    ConnectEice,
    /// Use serial consoles
    ConnectSerial,
    /// Reach desktops by Session Manager, and read their first passwords
    ConnectRdp,
    /// Deny ssh by Session Manager
    DenySshOverSsm,
    /// List instances, and read what the doctor looks at
    Read,
    /// Change what fixes of the doctor change, and take it back; beside read
    Fix,
    /// Let keys in by FX-KEY-ADD: its holder may run anything as root on these instances; beside read
    FixKeys,
    /// What an instance's own role needs for sessions: for the role, not for people
    Agent,
}

impl PolicyName {
    /// Whether it pushes keys, and so is about whom one logs in as.
    pub fn pushes_keys(self) -> bool {
        matches!(self, Self::ConnectEic | Self::ConnectEice | Self::ConnectSsmSsh)
    }

    /// Whether it is about certain instances, which a tag may name.
    pub fn is_of_instances(self) -> bool {
        self.pushes_keys() || matches!(self, Self::ConnectSsm | Self::ConnectSerial | Self::ConnectRdp | Self::FixKeys)
    }
}

/// One tag, as EC2 takes it: a key of 1 to 128 characters, and a value of up to 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// What stands before the first `=`.
    pub key: String,
    /// What stands behind it.
    pub value: String,
}

impl FromStr for Tag {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("a tag is KEY=VALUE")?;
        let is_plain = |text: &str| !text.chars().any(char::is_control);
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 || !is_plain(key) || !is_plain(value) {
            return Err("a tag is KEY=VALUE, of at most 128 and 256 characters".to_owned());
        }
        Ok(Self { key: key.to_owned(), value: value.to_owned() })
    }
}
