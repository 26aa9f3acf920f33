//! The flags of every command.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum, ValueHint};

use super::offers;
use crate::cli::language;
use crate::model::{InvalidId, Region, Untrusted};
use crate::text::shell_word;

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// AWS profile; repeat it for several, or use * for all that fit
    #[arg(long = "profile", global = true, value_name = "NAME", value_delimiter = ',', add = offers::profiles())]
    pub profiles: Vec<String>,
    /// Region; repeat it, or "all" for every enabled one
    #[arg(long = "region", global = true, value_name = "REGION", value_delimiter = ',', add = offers::regions())]
    pub regions: Vec<RegionChoice>,
    /// Places with a name in the configuration file: profiles and regions
    #[arg(long, global = true, value_name = "NAME", add = offers::places())]
    pub places: Option<String>,
    /// Form of the output
    #[arg(short, long, global = true, value_name = "FORM")]
    pub output: Option<Form>,
    /// Filter, as the words after "ls"
    #[arg(long, global = true, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Never ask anything
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Language
    #[arg(long, global = true, value_name = "LANG", value_parser = language::parse_choice, add = offers::languages())]
    pub lang: Option<String>,
    /// Plain mode, for screen readers: sentences and typed words in place of a picture
    #[arg(long, global = true)]
    pub plain: bool,
    /// Say only errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say what is done on stderr; twice: in detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Longest wait for one answer of AWS
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=600)
    )]
    pub api_timeout: u64,
    /// Configuration file
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Change nothing in the account but what a connection needs, and run no commands
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Keep no inventory for the next start, and begin with none
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// Let the profile's program (credential_process) run without a question
    #[arg(long, global = true)]
    pub allow_credential_process: bool,
    /// Use an invented company on a simulated cloud: no AWS, nothing is sent
    #[cfg_attr(feature = "demo", arg(long, global = true, conflicts_with = "config"))]
    #[cfg_attr(not(feature = "demo"), arg(skip))]
    pub demo: bool,
    /// Write down what is done
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
    /// What of this was typed: the rest is of variables, which are there whatever the command.
    #[arg(skip)]
    pub typed: Typed,
}

impl Global {
    /// What was typed to say where to look: flags and their values, each fit for a shell and a screen. What a variable says it goes on
    /// saying.
    pub fn places_again(&self) -> Vec<String> {
        let word = |text: &str| shell_word(&Untrusted::from(text).shown());
        let mut flags = Vec::new();
        if self.demo {
            flags.push("--demo".to_owned());
        }
        if let Some(path) = self.config.as_ref().filter(|_| self.typed.config) {
            flags.push(format!("--config {}", word(&path.to_string_lossy())));
        }
        if self.typed.profile {
            flags.extend(self.profiles.iter().map(|profile| format!("--profile {}", word(profile))));
        }
        if self.typed.places {
            flags.extend(self.places.iter().map(|name| format!("--places {}", word(name))));
        }
        if self.typed.region {
            flags.extend(self.regions.iter().map(|region| match region {
                RegionChoice::All => "--region all".to_owned(),
                RegionChoice::One(region) => format!("--region {region}"),
            }));
        }
        flags
    }
}

/// Which flags stand on the command line itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed {
    /// `--output`.
    pub output: bool,
    /// `--filter`.
    pub filter: bool,
    /// `--profile`.
    pub profile: bool,
    /// `--region`.
    pub region: bool,
    /// `--places`.
    pub places: bool,
    /// `--config`.
    pub config: bool,
}

/// A region, or all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionChoice {
    /// Every enabled one.
    All,
    /// This one.
    One(Region),
}

impl std::str::FromStr for RegionChoice {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people
    Table,
    /// For people, every column
    Wide,
    /// One object with everything
    Json,
    /// One object an instance and line
    Jsonl,
    /// RFC 4180
    Csv,
    /// Tab-separated
    Tsv,
    /// One id a line
    Ids,
    /// Of ls: an inventory of Ansible
    Ansible,
    /// Of policy: a line for the AWS CLI
    Cli,
    /// Of policy: a resource of Terraform
    Terraform,
    /// Of doctor --all: Markdown
    Md,
    /// Of doctor --all: one file for a browser
    Html,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
