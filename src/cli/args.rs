//! The command line: every command, flag and variable this version acts on.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::{ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum, ValueHint};

use crate::access::{AddressChoice, Login, Method};
use crate::config::{Environment, is_set};
use crate::model::Region;

/// Commands of later versions: typed anyway they are named as such.
pub const LATER_COMMANDS: [&str; 12] =
    ["exec", "cp", "tunnel", "doctor", "sessions", "proxy", "ssh-config", "login", "logout", "start", "stop", "reboot"];
/// Flags of later versions.
pub const LATER_FLAGS: [&str; 12] = [
    "--plain",
    "--lang",
    "--no-cache",
    "--favourites",
    "--watch",
    "--endpoint",
    "--record",
    "--no-browser",
    "--prefix",
    "--write",
    "--check",
    "--test",
];

/// Get into EC2 instances: a dashboard, and a command for each thing it does.
#[derive(Debug, Parser)]
#[command(
    name = "ec2dash",
    version,
    max_term_width = 100,
    disable_help_subcommand = false,
    before_help = EXAMPLES,
    after_help = "Without a command the dashboard opens. \"ec2dash help COMMAND\" says more about one, --help more about all.",
    after_long_help = AFTER_LONG
)]
pub struct Arguments {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without one, the dashboard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  ec2dash                                       open the dashboard
  ec2dash --demo                                the same with an invented company
  ec2dash ls env=prod state:running             list
  ec2dash connect web-1                         a shell by the best way
  ec2dash ls -o csv --columns name,id > x.csv   for other programs
";

const AFTER_LONG: &str = "\
Without a command the dashboard opens.

TARGET is an id (i-…), a name, the start of an id (6 hexadecimal digits or more), ip:ADDRESS, tag:KEY=VALUE, or - for the \
last one connected to.

FILTER words are joined by AND: web, !web, state:running, ssm:online, iam:none, via:eic, ip:10.0.3., ip:10.0.0.0/16, \
type:c6i.*, az:2a, Role=web (a tag), \"two words\".

Every flag listed under \"Everywhere\" has a variable: --log-file is EC2DASH_LOG_FILE. No flag takes a secret.";

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// AWS profile
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Region; repeat it, or "all" for every enabled one
    #[arg(long = "region", global = true, value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<RegionChoice>,
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
    /// Change nothing in the account but what a connection needs
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Use an invented company on a simulated cloud: no AWS, nothing is sent
    #[arg(long, global = true, conflicts_with = "config")]
    pub demo: bool,
    /// Write down what is done
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log_file: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List instances
    #[command(
        before_help = "Examples:\n  ec2dash ls web state:running\n  ec2dash ls --region all -o json --columns id,name,ssm\n  ec2dash ls Role=web -o ids\n"
    )]
    Ls(List),
    /// All fields of one instance, its tags, and every way in with what is in the way
    #[command(before_help = "Examples:\n  ec2dash show web-1\n  ec2dash show i-0123456789abcdef0 -o json\n")]
    Show {
        /// Instance: id, name, start of an id, ip:…, tag:K=V, -
        #[arg(value_name = "TARGET")]
        target: String,
    },
    /// Open a shell by the best way
    #[command(
        before_help = "Examples:\n  ec2dash connect web-1\n  ec2dash connect web-1 --method ssh --user deploy\n  ec2dash connect web-1 --dry-run\n"
    )]
    Connect(Connect),
    /// Run OpenSSH with our way in and our host keys
    #[command(
        before_help = "Examples:\n  ec2dash ssh web-1\n  ec2dash ssh web-1 -- uptime\n  ec2dash ssh web-1 -- -L 8080:localhost:80 -N\n"
    )]
    Ssh {
        /// How to get in.
        #[command(flatten)]
        connect: Connect,
        /// Options of ssh, then the remote command
        #[arg(last = true, value_name = "SSH-ARGS")]
        arguments: Vec<OsString>,
    },
    /// List the profiles of your AWS files, without calling AWS
    Profiles,
    /// List the regions that are enabled for the account
    Regions,
    /// Who AWS says you are, and how long that lasts
    Whoami,
    /// The configuration file: where it is, what is wrong with it, an example, the keys
    Config {
        /// What about it.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// The host keys of instances we have seen, by instance id
    KnownHosts {
        /// What about them.
        #[command(subcommand)]
        action: KnownHostsAction,
    },
    /// Print completion for a shell
    #[command(
        before_help = "Examples:\n  ec2dash completions bash > ~/.local/share/bash-completion/completions/ec2dash\n  ec2dash completions fish > ~/.config/fish/completions/ec2dash.fish\n"
    )]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    #[command(before_help = "Examples:\n  ec2dash man | man -l -\n")]
    Man,
    /// Serve the simulated cloud to other programs until SIGINT or SIGTERM
    #[command(
        before_help = "Examples:\n  ec2dash sim\n  ec2dash sim --instances 10000 --regions us-east-1,eu-west-1\n  ec2dash sim --fault 'ssm:*=deny' --fault ec2:DescribeInstances=delay:3s@2\n"
    )]
    Sim(Simulation),
}

/// `ls`.
#[derive(Debug, Args)]
pub struct List {
    /// Words that all must fit: web, !web, state:running, Role=web, ip:10.0.0.0/16
    #[arg(value_name = "FILTER")]
    pub words: Vec<String>,
    /// Only these columns, by their names in JSON, and via, up, tag:KEY
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,
    /// Column to sort by; with - in front turned round
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// In CSV, write cells that begin with = + - @ as they are
    #[arg(long)]
    pub csv_raw: bool,
}

/// `connect`, and what `ssh` has in common with it.
#[derive(Debug, Args)]
pub struct Connect {
    /// Instance: id, name, start of an id, ip:…, tag:K=V, -
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Way in; several: the best of them
    #[arg(short, long = "method", value_name = "METHOD", value_delimiter = ',', value_parser = parse_method)]
    pub methods: Vec<MethodChoice>,
    /// Login name
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<Login>,
    /// Private key file, for the method ssh
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub identity: Option<PathBuf>,
    /// Port of sshd
    #[arg(short, long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// Which address: auto, public, private, ipv6, or an IP address
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub address: Option<AddressChoice>,
    /// Whether your ~/.ssh/config is read
    #[arg(long, value_name = "ON|OFF")]
    pub ssh_config: Option<Switch>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Connect to an account marked "confirm" without a question
    #[arg(long)]
    pub yes: bool,
}

/// `config …`.
#[derive(Debug, Clone, Subcommand)]
pub enum ConfigAction {
    /// Print where the file is
    Path,
    /// Say what is wrong with the file, and which rule applies to an instance
    Check {
        /// Instance to say the rules of
        #[arg(long, value_name = "TARGET")]
        target: Option<String>,
    },
    /// Write the example file, if there is none
    Init,
    /// Print the keys of the dashboard and their commands
    Keys,
}

/// `known-hosts …`.
#[derive(Debug, Clone, Subcommand)]
pub enum KnownHostsAction {
    /// Print the instances whose host keys are known
    List,
    /// Forget the host keys of an instance
    Forget {
        /// The instance's id
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// `sim`.
#[derive(Debug, Clone, Args)]
pub struct Simulation {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// Instead of the demo fleet this many generated instances
    #[arg(long, value_name = "N", conflicts_with = "fleet")]
    pub instances: Option<usize>,
    /// Regions of generated instances
    #[arg(long = "regions", value_name = "A,B", value_delimiter = ',', requires = "instances")]
    pub spread: Vec<Region>,
    /// Another fleet (TOML)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub fleet: Option<PathBuf>,
    /// Seed of generated instances
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "instances")]
    pub seed: u64,
    /// What goes wrong: "ACTION=KIND", then ":VALUE" and "@N" if wanted; kinds: deny, throttle:30%, error:CODE, delay:2s, hang, cut, corrupt, clock:+10m
    ///
    /// ACTION is that of a policy, such as ec2:DescribeInstances, with * for any run of characters; @N is the N-th call.
    /// ssm:ResumeSession also knows no-token and other-url, kms:Decrypt=corrupt gives the agent a wrong key.
    ///
    /// The messages on data channels are ssmmessages:Up (from the client) and ssmmessages:Down; @N is the N-th connection.
    /// Kinds: delay:300ms, drop:5%, drop-acks:5%, duplicate:10%, reorder:64, flip:1% (each with ":SEED" if wanted),
    /// lose:HandshakeComplete (a type of payload), close:2s, reset:1MB, stall:5s, pause:30s.
    #[arg(long = "fault", value_name = "FAULT", value_parser = parse_fault)]
    pub faults: Vec<crate::sim::Fault>,
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
    type Err = crate::model::InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "all" { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

/// A way in, or the choice left to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodChoice {
    /// The best one.
    Auto,
    /// This one.
    One(Method),
}

fn parse_method(text: &str) -> Result<MethodChoice, String> {
    if text == "auto" {
        return Ok(MethodChoice::Auto);
    }
    let ids = || Method::ALL.map(Method::id).join(", ");
    text.parse().map(MethodChoice::One).map_err(|()| format!("one of: auto, {}", ids()))
}

fn parse_address(text: &str) -> Result<AddressChoice, &'static str> {
    text.parse().map_err(|()| "one of: auto, public, private, ipv6, or an IP address")
}

fn parse_fault(text: &str) -> Result<crate::sim::Fault, String> {
    text.parse().map_err(|error: crate::sim::InvalidFault| error.to_string())
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

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes
    On,
    /// No
    Off,
}

/// Parse a command line. A variable `EC2DASH_<FLAG>` stands for a flag of every command that is not given.
pub fn parse(words: impl IntoIterator<Item = OsString>, environment: &Environment) -> Result<Arguments, clap::Error> {
    let mut matches = command(environment).try_get_matches_from(words)?;
    Arguments::from_arg_matches_mut(&mut matches)
}

/// The command line with the environment's values as its defaults.
fn command(environment: &Environment) -> clap::Command {
    let mut command = Arguments::command();
    for (id, variable) in variables(&command) {
        let Some(value) = environment.get(&variable).filter(|value| !value.is_empty()) else { continue };
        command = command.mut_arg(id, |arg| match arg.get_action() {
            ArgAction::SetTrue => arg.default_value(if is_set(environment, &variable) { "true" } else { "false" }),
            ArgAction::Append => arg.default_values(value.split(',').map(str::to_owned).collect::<Vec<_>>()),
            _ => arg.default_value(value.clone()),
        });
    }
    command
}

/// Every flag of every command with its variable: `--log-file` is `EC2DASH_LOG_FILE`.
fn variables(command: &clap::Command) -> Vec<(clap::Id, String)> {
    let global = command.get_arguments().filter(|arg| arg.is_global_set());
    let variable = |long: &str| format!("EC2DASH_{}", long.replace('-', "_").to_uppercase());
    global.filter_map(|arg| Some((arg.get_id().clone(), variable(arg.get_long()?)))).collect()
}

/// What a parse that failed was about, if it is something of a later version: the word as typed.
pub fn later(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let (kind, known): (ContextKind, &[&str]) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, &LATER_COMMANDS),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, &LATER_FLAGS),
        _ => return None,
    };
    let Some(ContextValue::String(word)) = error.get(kind) else { return None };
    let name = word.split('=').next().unwrap_or_default();
    known.contains(&name).then(|| name.to_owned())
}

/// The message of a parse that failed, without the control characters that an argument may have brought along.
pub fn message(error: &clap::Error) -> String {
    let rendered: StyledStr = error.render();
    let lines = rendered.to_string();
    let clean = lines.lines().map(|line| crate::model::Untrusted::from(line).shown_in(400));
    clean.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, clap::Error> {
        parse_in(words, &[])
    }

    fn parse_in(words: &[&str], variables: &[(&str, &str)]) -> Result<Arguments, clap::Error> {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        super::parse(std::iter::once(&"ec2dash").chain(words).map(OsString::from), &environment)
    }

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn no_command_hides_a_flag_of_every_command() {
        let command = Arguments::command();
        let global: Vec<String> = variables(&command).into_iter().map(|(id, _)| id.to_string()).collect();
        let mut inner: Vec<&clap::Command> = command.get_subcommands().collect();
        inner.extend(command.get_subcommands().flat_map(clap::Command::get_subcommands));

        for own in inner.iter().flat_map(|command| command.get_arguments()) {
            assert!(!global.contains(&own.get_id().to_string()), "{}", own.get_id());
        }
        let filtered = parse(&["ls", "--filter", "web", "state:running"]).unwrap();
        assert_eq!(filtered.global.filter.as_deref(), Some("web"));
    }

    #[test]
    fn a_later_command_or_flag_is_told_apart_from_a_mistyped_one() {
        let later_word = |words: &[&str]| later(&parse(words).unwrap_err());

        for command in LATER_COMMANDS {
            assert_eq!(later_word(&[command, "web-1"]), Some(command.to_owned()));
        }
        assert_eq!(later_word(&["--plain"]), Some("--plain".to_owned()));
        assert_eq!(later_word(&["ls", "--watch", "3"]), Some("--watch".to_owned()));
        assert_eq!(later_word(&["--lang=ko", "ls"]), Some("--lang".to_owned()));
        assert_eq!(later_word(&["conect", "web-1"]), None);
    }

    #[test]
    fn a_mistyped_command_is_suggested_and_never_run() {
        let error = parse(&["conect", "web-1"]).unwrap_err();

        assert!(message(&error).contains("connect"), "{}", message(&error));
    }

    #[test]
    fn what_follows_two_dashes_is_sshs() {
        let Some(Command::Ssh { connect, arguments }) =
            parse(&["ssh", "-m", "eic", "web-1", "--", "-v", "uptime"]).unwrap().command
        else {
            panic!("not ssh")
        };

        assert_eq!((connect.target.as_str(), arguments.len()), ("web-1", 2));
    }

    #[test]
    fn a_dash_is_a_target_and_words_that_begin_with_one_are_not() {
        assert!(parse(&["connect", "-"]).is_ok());
        assert!(parse(&["connect", "-Xfoo"]).is_err());
        let Some(Command::Connect(connect)) = parse(&["connect", "--", "-oProxyCommand=x"]).unwrap().command else {
            panic!("not connect")
        };
        assert!(connect.target.parse::<crate::model::Target>().is_err());
    }

    #[test]
    fn a_login_or_region_that_is_none_is_refused_here() {
        assert!(parse(&["connect", "web-1", "-u", "a b"]).is_err());
        assert!(parse(&["--region", "us-east-1.evil.com#"]).is_err());
        assert_eq!(parse(&["--region", "all"]).unwrap().global.regions, [RegionChoice::All]);
    }

    #[test]
    fn a_complaint_carries_no_control_character_of_the_argument() {
        let error = parse(&["\u{1b}[2Jx"]).unwrap_err();

        assert!(!message(&error).contains('\u{1b}'));
    }

    #[test]
    fn every_flag_of_every_command_has_a_variable_and_loses_nothing_to_it() {
        let global = |words: &[&str], variables: &[(&str, &str)]| parse_in(words, variables).unwrap().global;

        let variables = [
            ("EC2DASH_PROFILE", "prod"),
            ("EC2DASH_REGION", "us-east-1,eu-west-1"),
            ("EC2DASH_OUTPUT", "json"),
            ("EC2DASH_READ_ONLY", "1"),
            ("EC2DASH_QUIET", "0"),
            ("EC2DASH_VERBOSE", "2"),
            ("EC2DASH_API_TIMEOUT", "3"),
            ("EC2DASH_LOG_FILE", "/l"),
            ("EC2DASH_COLOR", ""),
        ];
        let from_environment = global(&["ls"], &variables);
        let from_flags = global(&["ls", "--profile", "dev", "--region", "us-west-2", "-o", "csv"], &variables);

        assert_eq!(from_environment.profile.as_deref(), Some("prod"));
        assert_eq!(from_environment.regions.len(), 2);
        assert_eq!(from_environment.output, Some(Form::Json));
        assert!(from_environment.read_only && !from_environment.quiet);
        assert_eq!((from_environment.verbose, from_environment.api_timeout), (2, 3));
        assert_eq!(from_environment.log_file, Some("/l".into()));
        assert_eq!(from_flags.profile.as_deref(), Some("dev"));
        assert_eq!(from_flags.regions, ["us-west-2".parse().unwrap()]);
        assert_eq!(from_flags.output, Some(Form::Csv));
        assert!(parse_in(&["ls"], &[("EC2DASH_OUTPUT", "xml")]).is_err());
    }
}
