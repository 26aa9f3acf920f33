//! The command line: every command, flag and variable this version acts on.

mod connect;
mod copy;
mod desktop;
mod doctor;
mod exec;
mod files;
mod global;
mod list;
mod mssh;
mod offers;
mod policy;
mod power;
mod signing_in;
#[cfg(feature = "demo")]
mod simulation;
mod ssh_config;
#[cfg(test)]
mod tests;
mod tunnel;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueHint};

pub use connect::{Connect, How, MethodChoice, Switch};
pub use copy::{Copy, Files, Sync};
pub use desktop::{AskPassword, DesktopVia, Rdp};
pub use doctor::{Doctor, Undo};
pub use exec::Exec;
pub use files::{ConfigAction, KnownHostsAction};
pub use global::{ColorChoice, Form, Global, RegionChoice, Typed};
pub use list::{List, ListProfiles};
pub use mssh::{Client, Foreign, Misused, Mssh};
pub use offers::is_plain;
pub use policy::{AskedPolicy, PolicyName, Tag};
pub use power::Powering;
pub use signing_in::{Login, Logout};
#[cfg(feature = "demo")]
pub use simulation::Simulation;
pub use ssh_config::{Agent, SshConfig};
pub use tunnel::{Onward, Proxy, Tunnel};
pub use words::message;

use crate::config::{Environment, is_set};
use crate::text::Catalogue;

/// Commands of later versions: typed anyway they are named as such.
pub const LATER_COMMANDS: [&str; 1] = ["sessions"];
/// Flags of later versions.
pub const LATER_FLAGS: [&str; 3] = ["--watch", "--endpoint", "--test"];

/// Get into EC2 instances: a dashboard, and a command for each thing it does.
#[derive(Debug, Parser)]
#[command(
    name = "ec2dash",
    version,
    long_version = env!("EC2DASH_LONG_VERSION"),
    max_term_width = 100,
    disable_help_subcommand = false,
    before_help = examples(),
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

fn examples() -> String {
    let lines = [
        "Examples:",
        "  ec2dash                                       open the dashboard",
        "  ec2dash --demo                                the same with an invented company",
        "  ec2dash ls env=prod state:running             list",
        "  ec2dash connect web-1                         a shell by the best way",
        "  ec2dash ls -o csv --columns name,id > x.csv   for other programs",
    ];
    let is_offered = |line: &&&str| cfg!(feature = "demo") || !line.contains("--demo");
    lines.iter().filter(is_offered).map(|line| format!("{line}\n")).collect()
}

const AFTER_LONG: &str = "\
Without a command the dashboard opens.

TARGET is an id (i-…), a name, the start of an id (6 hexadecimal digits or more), an address, a DNS name, tag:KEY=VALUE, @NAME for a \
favourite, or - for the last one connected to. For tunnel, @NAME is first a tunnel that the config file names.

FILTER words are joined by AND: web, !web, state:running, ssm:online, iam:none, via:eic, ip:10.0.3., ip:10.0.0.0/16, \
type:c6i.*, az:2a, Role=web (a tag), \"two words\".

Every flag listed under \"Everywhere\" has a variable: --log-file is EC2DASH_LOG_FILE. No flag takes a secret.";

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
        /// Instance: id, name, start of an id, address, DNS name, tag:K=V, -
        #[arg(value_name = "TARGET", add = offers::targets())]
        target: String,
    },
    /// Why a way into an instance works or does not: every rule that was looked at, and what mends it
    #[command(
        before_help = "Examples:\n  ec2dash doctor\n  ec2dash doctor web-1\n  ec2dash doctor web-1 --test\n  ec2dash doctor web-1 --from 203.0.113.9\n  ec2dash doctor i-0123456789abcdef0 -o json\n  ec2dash doctor web-1 --from 203.0.113.9 --fix FX-SG-MYIP\n",
        after_help = "Exit code 0 if a way in works, 6 if none does. Without a target it looks at this computer: its ssh, keys, proxy and clock, your credentials, and whether you may list. Without --test nothing is opened, and without --fix nothing is changed. Without --from what depends on your address stays open. What --fix changed is listed by \"ec2dash fixes\", and \"ec2dash undo\" takes it back."
    )]
    Doctor(Doctor),
    /// List what the doctor's fixes changed: when, by whom, and what is left of it
    #[command(before_help = "Examples:\n  ec2dash fixes\n  ec2dash fixes -o json\n")]
    Fixes,
    /// Take a fix back, as far as it came, after a yes
    #[command(
        before_help = "Examples:\n  ec2dash undo 7\n",
        after_help = "What somebody else has changed since is left alone, and shown."
    )]
    Undo(Undo),
    /// Open a shell by the best way
    #[command(
        before_help = "Examples:\n  ec2dash connect web-1\n  ec2dash connect web-1 --method ssh --user deploy\n  ec2dash connect web-1 --dry-run\n  ec2dash connect web-1 --method ssm --record web-1.cast\n"
    )]
    Connect {
        /// How to get in.
        #[command(flatten)]
        connect: Connect,
        /// Record what a Session Manager shell shows, never what is typed, in a new file (asciicast v2: asciinema play FILE)
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        record: Option<PathBuf>,
        /// Wait for Enter after a failure: for a pane or window that closes with the program
        #[arg(long)]
        hold: bool,
    },
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
    /// AWS's mssh as it is called there: ssh with a one-time key by EC2 Instance Connect; also under the name mssh
    #[command(
        before_help = "Examples:\n  ec2dash mssh i-0123456789abcdef0\n  ec2dash mssh -r us-east-1 -u prod ubuntu@web-1 uptime\n  ln -s \"$(command -v ec2dash)\" ~/.local/bin/mssh\n"
    )]
    Mssh(Foreign),
    /// AWS's msftp as it is called there: sftp with a one-time key by EC2 Instance Connect; also under the name msftp
    #[command(
        before_help = "Examples:\n  ec2dash msftp web-1:/var/log\n  ec2dash msftp -b batch.txt ubuntu@i-0123456789abcdef0\n"
    )]
    Msftp(Foreign),
    /// Forward ports of this computer to an instance, or to hosts behind it, through Session Manager
    #[command(
        before_help = "Examples:\n  ec2dash tunnel web-1 8080:80\n  ec2dash tunnel bastion 5432:db.internal:5432 6379:cache.internal:6379\n  ec2dash tunnel bastion -D 1080\n  ec2dash tunnel db-1 5432 --socket ~/db.sock\n  ec2dash tunnel web-1 2375:/var/run/docker.sock\n  ec2dash tunnel @db\n"
    )]
    Tunnel(Tunnel),
    /// Join stdin and stdout to a port of an instance: for ssh, scp, rsync and git as ProxyCommand
    #[command(
        before_help = "Examples:\n  ssh -o ProxyCommand='ec2dash proxy %h' ec2-user@i-0123456789abcdef0\n  scp -o ProxyCommand='ec2dash proxy %h' app.tar ec2-user@i-0123456789abcdef0:\n  ec2dash proxy web-1 --port 6379\n"
    )]
    Proxy(Proxy),
    /// Print a block of ssh_config for each running instance: for ssh, scp, rsync, git, editors and every other program that uses ssh
    #[command(
        before_help = "Examples:\n  ec2dash ssh-config --write ~/.ssh/ec2dash.conf --include\n  ssh web-1\n  ec2dash ssh-config env=prod --prefix prod- --write ~/.ssh/prod.conf\n  ec2dash ssh-config --write ~/.ssh/ec2dash.conf --check\n",
        after_help = "A block has the instance's id and, if only one instance has it, its name: lower-case letters, digits, - and _. It asks EC2 anew each time, so it stays true when addresses change."
    )]
    SshConfig(SshConfig),
    /// Serve one-time keys to ssh programs that use the blocks of ssh-config; "proxy" starts it, and it ends by itself
    #[command(before_help = "Examples:\n  ec2dash agent --status\n  ec2dash agent --stop\n")]
    Agent(Agent),
    /// Run a command: on one instance over ssh or a session, on many through SSM Run Command, as root there
    #[command(
        before_help = "Examples:\n  ec2dash exec web-1 -- 'systemctl is-active nginx'\n  ec2dash exec tag:Role=web -- uptime\n  ec2dash exec --filter 'env=prod ssm:online' -- 'df -h / | tail -1'\n  ec2dash exec web-1 web-2 -o json --timeout 60 -- systemctl restart nginx\n"
    )]
    Exec(Exec),
    /// Copy files to and from instances, or between them
    #[command(
        before_help = "Examples:\n  ec2dash cp app.tar web-1:/tmp/\n  ec2dash cp -r web-1:/var/log/nginx .\n  ec2dash cp --resume web-1:dump.sql.gz .\n  ec2dash cp -rp web-1:site web-2:\n",
        after_help = "TARGET:PATH is on an instance if no / stands before the first colon; ./a:b is here. PATH is taken as it is: no shell reads it, and no * is special. An interrupted copy keeps what it has beside the target, under a name that ends in .ec2dash-part, for --resume, which goes on in the same place, also in a folder that the copy gave a new name; by a command session (-m ssm) it does so where --resume was given from the start.",
        mut_arg("port", |port| port.short(None))
    )]
    Cp(Copy),
    /// Make a folder on an instance like one here, or the other way round
    #[command(
        before_help = "Examples:\n  ec2dash sync site web-1:/var/www/site\n  ec2dash sync --delete web-1:/var/log/nginx logs\n  ec2dash sync --dry-run --delete site web-1:/var/www/site\n",
        after_help = "DST is made like SRC itself, not put into it. What has the same size and time is left alone; modes and times are kept. Without --delete nothing is removed."
    )]
    Sync(Sync),
    /// Two panes of files, here and on an instance, to mark and copy: m in the dashboard
    #[command(before_help = "Examples:\n  ec2dash files web-1\n  ec2dash files web-1 --user deploy\n")]
    Files(Files),
    /// Show the desktop of a Windows instance, through a tunnel
    #[command(
        before_help = "Examples:\n  ec2dash rdp win-1\n  ec2dash rdp win-1 --print\n  ec2dash rdp win-1 --method eice --file win-1.rdp\n",
        after_help = "The certificate that the desktop shows is compared with the one that the console tells. The password is for you to type: ec2dash password TARGET --print. The tunnel ends with the program, or with Ctrl-C."
    )]
    Rdp(Rdp),
    /// The first Administrator password of a Windows instance, decrypted here with the key pair's private half
    #[command(
        before_help = "Examples:\n  ec2dash password win-1\n  ec2dash password win-1 --print\n  ec2dash password win-1 --file win-1.password\n",
        after_help = "Without --print and --file it says whether there is one, and which key opens it. It may have been changed since."
    )]
    Password(AskPassword),
    /// Start stopped instances, after a yes
    #[command(
        before_help = "Examples:\n  ec2dash start web-1\n  ec2dash start tag:Role=batch --yes --wait\n  ec2dash start web-1 --dry-run\n"
    )]
    Start(Powering),
    /// Stop running instances, after a yes that knows what is lost
    #[command(
        before_help = "Examples:\n  ec2dash stop web-1\n  ec2dash stop web-1 web-2 --yes --wait -o json\n  ec2dash stop --filter 'env=dev state:running' --dry-run\n"
    )]
    Stop(Powering),
    /// Reboot running instances, after a yes
    #[command(before_help = "Examples:\n  ec2dash reboot web-1\n")]
    Reboot(Powering),
    /// Print an IAM policy for what you name: least privilege, for an administrator to make
    #[command(
        before_help = "Examples:\n  ec2dash policy connect-eic --user ec2-user --tag team=payments\n  ec2dash policy connect-ssm --region eu-west-1 --account 123456789012 -o cli\n  ec2dash policy read -o terraform\n",
        after_help = "Nothing is asked of AWS and nothing is made there. Without --region, --account and --tag it holds for all of them."
    )]
    Policy(AskedPolicy),
    /// List the profiles of your AWS files without calling AWS, or with --sso what your sign-ins give
    #[command(before_help = "Examples:\n  ec2dash profiles\n  ec2dash profiles --sso\n  ec2dash profiles --sso --write\n")]
    Profiles(ListProfiles),
    /// List the regions that are enabled for the account
    Regions,
    /// Who AWS says you are, and how long that lasts
    Whoami,
    /// Sign in to IAM Identity Center (SSO); every AWS tool of this computer is signed in then
    #[command(
        before_help = "Examples:\n  ec2dash login\n  ec2dash login --profile prod\n  ec2dash login --start-url https://corp.awsapps.com/start --sso-region eu-central-1\n  ec2dash login --no-browser\n"
    )]
    Login(Login),
    /// End a sign-in, at AWS and on this computer
    #[command(before_help = "Examples:\n  ec2dash logout\n  ec2dash logout --all\n")]
    Logout(Logout),
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
    /// Print what a shell needs to complete commands, flags, profiles, regions, columns and saved tunnels
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
    /// Print the licences of every crate that is in the program
    #[command(before_help = "Examples:\n  ec2dash licenses | less\n")]
    Licenses,
    #[cfg(feature = "demo")]
    /// Serve the simulated cloud to other programs until SIGINT or SIGTERM
    #[command(
        before_help = "Examples:\n  ec2dash sim\n  ec2dash sim --instances 10000 --regions us-east-1,eu-west-1\n  ec2dash sim --fault 'ssm:*=deny' --fault ec2:DescribeInstances=delay:3s@2\n"
    )]
    Sim(Simulation),
}

/// Parse a command line. A variable `EC2DASH_<FLAG>` stands for a flag of every command that is not given.
pub fn parse(
    words: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    text: &Catalogue,
) -> Result<Arguments, clap::Error> {
    let declared = Arguments::command();
    let words = mssh::as_ours(words.into_iter().collect(), |word| takes_value(&declared, word));
    let mut matches = command(environment, text).try_get_matches_from(&words).map_err(|mut error| {
        if let Some(variable) = wrong_variable(&error, &words, environment, text) {
            error.insert(ContextKind::Custom, ContextValue::String(variable));
        }
        error
    })?;
    let typed = Typed {
        output: is_typed(&matches, "output"),
        filter: is_typed(&matches, "filter"),
        profile: is_typed(&matches, "profiles"),
        region: is_typed(&matches, "regions"),
        places: is_typed(&matches, "places"),
        config: is_typed(&matches, "config"),
    };
    let mut arguments = Arguments::from_arg_matches_mut(&mut matches)?;
    arguments.global.typed = typed;
    if let Some((client, foreign)) = arguments.command.as_ref().and_then(Command::foreign) {
        // What is wrong with it is told when it is carried out.
        if let Ok(read) = Mssh::read(client, &foreign.words) {
            read.apply(&mut arguments.global);
        }
    }
    Ok(arguments)
}

/// Whether a flag of every command has its value in the next word.
fn takes_value(declared: &clap::Command, word: &OsStr) -> bool {
    let is_it = |arg: &clap::Arg| {
        let long = arg.get_long().is_some_and(|long| word.to_str() == Some(&format!("--{long}")));
        long || arg.get_short().is_some_and(|short| word.to_str() == Some(&format!("-{short}")))
    };
    declared.get_arguments().any(|arg| is_it(arg) && arg.get_action().takes_values())
}

impl Command {
    /// The command line of another program that it stands for.
    pub fn foreign(&self) -> Option<(Client, &Foreign)> {
        match self {
            Self::Mssh(foreign) => Some((Client::Ssh, foreign)),
            Self::Msftp(foreign) => Some((Client::Sftp, foreign)),
            _ => None,
        }
    }
}

/// Whether a flag of every command stands on the command line, before the command or behind it.
fn is_typed(matches: &clap::ArgMatches, id: &str) -> bool {
    let is_here = matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine);
    is_here || matches.subcommand().is_some_and(|(_, inner)| is_typed(inner, id))
}

/// The command line with the environment's values as its defaults, in the words of the catalogue.
pub fn command(environment: &Environment, text: &Catalogue) -> clap::Command {
    let mut command = Arguments::command();
    for (id, variable) in variables(&command) {
        let Some(value) = environment.get(&variable).filter(|value| !value.is_empty()) else { continue };
        command = command.mut_arg(id, |arg| match arg.get_action() {
            ArgAction::SetTrue => arg.default_value(if is_set(environment, &variable) { "true" } else { "false" }),
            // A switch that may be given twice: a number, or on and off as for every switch.
            ArgAction::Count => {
                let times = value.parse::<u8>().unwrap_or_else(|_| u8::from(is_set(environment, &variable)));
                arg.default_value(times.to_string())
            }
            ArgAction::Append => arg.default_values(value.split(',').map(str::to_owned).collect::<Vec<_>>()),
            _ => arg.default_value(value.clone()),
        });
    }
    words::localised(command, text)
}

/// The variable whose value could not be understood, if that is what is wrong: without it the same words are understood.
fn wrong_variable(error: &clap::Error, words: &[OsString], environment: &Environment, text: &Catalogue) -> Option<String> {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return None };
    let long = argument.split(' ').next().unwrap_or_default();
    let global = variables(&Arguments::command());
    let (_, variable) = global.into_iter().find(|(_, variable)| *variable == variable_of(long.trim_start_matches('-')))?;
    let mut others = environment.clone();
    others.remove(&variable)?;
    command(&others, text).try_get_matches_from(words).is_ok().then_some(variable)
}

fn variable_of(long: &str) -> String {
    format!("EC2DASH_{}", long.replace('-', "_").to_uppercase())
}

/// Every flag of every command with its variable: `--log-file` is `EC2DASH_LOG_FILE`.
fn variables(command: &clap::Command) -> Vec<(clap::Id, String)> {
    let global = command.get_arguments().filter(|arg| arg.is_global_set());
    global.filter_map(|arg| Some((arg.get_id().clone(), variable_of(arg.get_long()?)))).collect()
}

/// What a parse that failed was about, if it is something of a later version: the word as typed.
pub fn later(error: &clap::Error) -> Option<String> {
    let (kind, known): (ContextKind, &[&str]) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, &LATER_COMMANDS),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, &LATER_FLAGS),
        _ => return None,
    };
    let Some(ContextValue::String(word)) = error.get(kind) else { return None };
    let name = word.split('=').next().unwrap_or_default();
    known.contains(&name).then(|| name.to_owned())
}

/// Whether a parse failed because this build leaves out what was asked for.
#[cfg(not(feature = "demo"))]
pub fn is_left_out(error: &clap::Error) -> bool {
    let is = |kind: ContextKind, left_out: &str| matches!(error.get(kind), Some(ContextValue::String(word)) if word == left_out);
    is(ContextKind::InvalidSubcommand, "sim") || is(ContextKind::InvalidArg, "--demo")
}
