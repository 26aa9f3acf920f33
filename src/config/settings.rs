//! Every setting with its default, parsed: what the rest of the program reads.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::access::{AddressChoice, LONGEST_TUNNEL, Login, Method, SerialHost, SessionShell};
use crate::columns::{Column, Sort};
use crate::model::{AccountId, AddressService, Forward, InstanceId, Os, Region, RemoteSocket, SavedFilters, Target};
use crate::text::Language;

/// The columns of somebody who has chosen none.
const COLUMNS: [Column; 8] = [
    Column::NAME,
    Column::ID,
    Column::STATE,
    Column::declared("private_ip"),
    Column::declared("public_ip"),
    Column::declared("ssm"),
    Column::declared("iam"),
    Column::VIA,
];

/// All settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The AWS profiles, as names or with `*`; empty is `AWS_PROFILE`, else `AWS_DEFAULT_PROFILE`, else `default`.
    pub profiles: Vec<String>,
    /// The regions asked for; empty is the profile's own.
    pub regions: Vec<Region>,
    /// Whether every enabled region is asked for (`regions = ["all"]`).
    pub all_regions: bool,
    /// Seconds between refreshes; 0 only by hand.
    pub refresh: u64,
    /// Nothing that changes the account but connecting.
    pub read_only: bool,
    /// Whether what an MFA code gave is kept as the AWS CLI keeps it (`[aws] share_role_cache`); else in memory.
    pub share_role_cache: bool,
    /// Whether hybrid nodes (`mi-…`) are listed beside EC2 instances.
    pub hybrid: bool,
    /// Favourites of the file: names or ids.
    pub favourites: Vec<String>,
    /// How the screen looks.
    pub ui: Ui,
    /// Where sessions are opened beside the dashboard.
    pub panes: Panes,
    /// What is read to tell why a way in is shut.
    pub doctor: Doctor,
    /// How to connect.
    pub connect: Connect,
    /// What to call an account and whether to ask before connecting.
    pub accounts: BTreeMap<AccountId, Accounts>,
    /// Rules, first match wins for each setting.
    pub rules: Vec<Rule>,
    /// Commands of the user's own, in the order of the file.
    pub commands: Vec<super::OwnCommand>,
    /// Saved tunnels by name.
    pub tunnels: BTreeMap<String, SavedTunnel>,
    /// Filters with a name: `@name` in a filter. Each was read once, and none uses itself.
    pub filters: SavedFilters,
    /// Sets of places with a name.
    pub places: BTreeMap<String, PlaceSet>,
    /// Keys by command name; an empty list unbinds.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// Places with a name: every profile in every region of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceSet {
    /// The profiles, as names or with `*`; empty is the one in use.
    pub profiles: Vec<String>,
    /// The regions; empty is each profile's own.
    pub regions: Vec<Region>,
    /// Whether every enabled region is asked for.
    pub all_regions: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profiles: Vec::new(),
            regions: Vec::new(),
            all_regions: false,
            refresh: 30,
            read_only: false,
            share_role_cache: true,
            hybrid: true,
            favourites: Vec::new(),
            ui: Ui::default(),
            panes: Panes::default(),
            doctor: Doctor::default(),
            connect: Connect::default(),
            accounts: BTreeMap::new(),
            rules: Vec::new(),
            commands: Vec::new(),
            tunnels: BTreeMap::new(),
            filters: SavedFilters::new(),
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Whether a command may be run on instances, on one or on many: it changes nothing in the account's settings, but it runs as root
    /// there. Connecting needs no such leave.
    pub fn may_run_commands(&self) -> bool {
        !self.read_only
    }

    /// Whether files may be copied to instances; from them they may be.
    pub fn may_write_files(&self) -> bool {
        !self.read_only
    }

    /// Whether the first passwords of Windows instances may be asked for.
    pub fn may_read_passwords(&self) -> bool {
        !self.read_only
    }

    /// Whether instances may be started, stopped and rebooted.
    pub fn may_change_power(&self) -> bool {
        !self.read_only
    }

    /// Whether what the doctor finds may be mended, and taken back.
    pub fn may_mend(&self) -> bool {
        !self.read_only
    }

    /// What is said of an account that nothing is begun in without a yes; none for the others.
    pub fn asking_account(&self, account: Option<&AccountId>) -> Option<&Accounts> {
        self.accounts.get(account?).filter(|marked| marked.confirm)
    }
}

/// What is read to tell why a way in is shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doctor {
    /// Whether security groups, network ACLs, routes, gateways and subnets are read for the list, too.
    pub network: bool,
    /// What is known of this computer's address as AWS sees it.
    pub source: AddressSource,
    /// The page that tells it, where somebody says yes to that.
    pub address_service: AddressService,
}

/// How this computer's address, as AWS sees it, is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSource {
    /// A page on the internet is asked for it, after a yes.
    Ask,
    /// Nobody is asked.
    Off,
    /// It is this one.
    At(IpAddr),
}

/// Whether packets from this address may come to an instance: none come from nowhere, from many at once, or from each computer's own.
pub fn may_be_seen(address: &IpAddr) -> bool {
    let is_broadcast = matches!(address, IpAddr::V4(address) if address.is_broadcast());
    !(address.is_unspecified() || address.is_loopback() || address.is_multicast() || is_broadcast)
}

impl FromStr for AddressSource {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "ask" => Ok(Self::Ask),
            "off" => Ok(Self::Off),
            address => address.parse().ok().filter(may_be_seen).map(Self::At).ok_or(()),
        }
    }
}

impl Default for Doctor {
    fn default() -> Self {
        Self { network: true, source: AddressSource::Ask, address_service: AddressService::default() }
    }
}

/// How the screen looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Ui {
    /// Colours that are built in.
    pub theme: ThemeName,
    /// Colours of the user's own, in place of those.
    pub own_theme: Option<OwnTheme>,
    /// The language of every text; `None`: that of the locale.
    pub lang: Option<Language>,
    /// Marks and frames.
    pub glyphs: Glyphs,
    /// Columns that `●` takes on this terminal.
    pub ambiguous_width: Ambiguous,
    /// Whether the mouse is on at start.
    pub mouse: bool,
    /// Whether anything moves by itself.
    pub motion: bool,
    /// Whether the window title is set.
    pub title: bool,
    /// The columns of the table, each once.
    pub columns: Vec<Column>,
    /// What to sort by.
    pub sort: Sort,
}

impl Ui {
    /// The name of the theme: of the user's own, or of what is built in.
    pub fn theme_name(&self) -> &str {
        let built_in = || ThemeName::BUILT_IN.iter().find(|(_, theme)| *theme == self.theme).map_or("", |(name, _)| *name);
        self.own_theme.as_ref().map_or_else(built_in, |own| &own.name)
    }
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: ThemeName::Auto,
            own_theme: None,
            lang: None,
            glyphs: Glyphs::Auto,
            ambiguous_width: Ambiguous::One,
            mouse: false,
            motion: true,
            title: true,
            columns: COLUMNS.to_vec(),
            sort: Sort { column: Column::NAME, is_reversed: false },
        }
    }
}

/// A theme of the user's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnTheme {
    /// The name of its file, without the end.
    pub name: String,
    /// Its colours.
    pub colours: OwnColours,
}

/// A colour of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Red, green, blue.
    Rgb(u8, u8, u8),
    /// One of the terminal's own 16.
    Terminal(u8),
}

/// The colours of a theme; `None` is that of the theme it is based on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnColours {
    /// The theme that is built in and has colours of its own; `dark` if the file names none.
    pub base: Option<ThemeName>,
    /// The ground of the whole screen; without it the terminal's own stays.
    pub ground: Option<Colour>,
    /// Plain text.
    pub text: Option<Colour>,
    /// What has the focus.
    pub accent: Option<Colour>,
    /// Works, running.
    pub good: Option<Colour>,
    /// With a problem, changing.
    pub problem: Option<Colour>,
    /// Fails.
    pub bad: Option<Colour>,
    /// Not known.
    pub unknown: Option<Colour>,
    /// None, stopped, gone; frames and words of hints.
    pub faint: Option<Colour>,
    /// The ground of the row under the cursor.
    pub cursor: Option<Colour>,
}

/// The names of the themes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// The terminal's own 16 colours.
    #[default]
    Auto,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// Blue and orange on dark.
    ColorblindDark,
    /// Blue and orange on light.
    ColorblindLight,
    /// Strong contrast.
    HighContrast,
    /// No colour.
    Mono,
}

impl ThemeName {
    /// The themes that are built in, by their names.
    pub const BUILT_IN: [(&'static str, Self); 7] = [
        ("auto", Self::Auto),
        ("dark", Self::Dark),
        ("light", Self::Light),
        ("colorblind-dark", Self::ColorblindDark),
        ("colorblind-light", Self::ColorblindLight),
        ("high-contrast", Self::HighContrast),
        ("mono", Self::Mono),
    ];

    /// The theme of that name, if it is built in.
    pub fn built_in(name: &str) -> Option<Self> {
        Self::BUILT_IN.iter().find(|(own, _)| *own == name).map(|(_, theme)| *theme)
    }
}

/// Which marks and frames to draw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// By the locale and the terminal.
    #[default]
    Auto,
    /// `✓ ● ─`.
    Unicode,
    /// `ok o -`.
    Ascii,
}

/// Columns that characters of ambiguous width take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// One, as nearly everywhere.
    #[default]
    One,
    /// Two, as East Asian terminals may be set: ASCII marks are used.
    Two,
}

/// How to connect.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect {
    /// The preferred order.
    pub order: Vec<Method>,
    /// Which address to take.
    pub address: AddressChoice,
    /// sshd's port.
    pub port: u16,
    /// The login name; `None` is taken from the image.
    pub user: Option<Login>,
    /// Whether unknown host keys are taken.
    pub host_keys: HostKeys,
    /// Whether the agent is forwarded.
    pub agent_forwarding: bool,
    /// Whether the user's `~/.ssh/config` is read.
    pub use_ssh_config: bool,
    /// Longest life asked of an endpoint's tunnel.
    pub tunnel_limit: Duration,
    /// What runs in a shell of Session Manager, but on Windows: a rule says that.
    pub shell: SessionShell,
    /// Further folders to look for private keys in.
    pub key_dirs: Vec<PathBuf>,
    /// Seconds between signs of life.
    pub keepalive: u16,
    /// How long a broken session is tried to be resumed.
    pub reconnect: Duration,
    /// Where the serial consoles of a region are served, if not where AWS says.
    pub serial_hosts: BTreeMap<Region, Arc<SerialHost>>,
}

impl Default for Connect {
    fn default() -> Self {
        Self {
            order: Method::choosable(),
            address: AddressChoice::Auto,
            port: 22,
            user: None,
            host_keys: HostKeys::Verify,
            agent_forwarding: false,
            use_ssh_config: true,
            tunnel_limit: Duration::from_secs(LONGEST_TUNNEL),
            shell: SessionShell::Account,
            key_dirs: Vec::new(),
            keepalive: 15,
            reconnect: Duration::from_secs(600),
            serial_hosts: BTreeMap::new(),
        }
    }
}

/// Where sessions are opened beside the dashboard: `[panes] use`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Panes {
    /// Where the dashboard runs.
    #[default]
    Auto,
    /// Nowhere.
    Off,
    /// There, if the dashboard runs in it.
    In(Multiplexer),
}

/// What has panes, windows or tabs: the inner ones, which may run in the others, first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiplexer {
    /// tmux.
    Tmux,
    /// zellij.
    Zellij,
    /// WezTerm.
    Wezterm,
    /// kitty.
    Kitty,
    /// iTerm2.
    Iterm2,
    /// Windows Terminal, from WSL.
    WindowsTerminal,
    /// GNOME Terminal.
    GnomeTerminal,
}

impl Multiplexer {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Tmux, Self::Zellij, Self::Wezterm, Self::Kitty, Self::Iterm2, Self::WindowsTerminal, Self::GnomeTerminal];

    /// The word for it in the settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Zellij => "zellij",
            Self::Wezterm => "wezterm",
            Self::Kitty => "kitty",
            Self::Iterm2 => "iterm2",
            Self::WindowsTerminal => "windows-terminal",
            Self::GnomeTerminal => "gnome-terminal",
        }
    }
}

/// What to do with a host key that was never seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HostKeys {
    /// Compare it with what AWS tells; where nothing is told, take it, say so, and remember it.
    #[default]
    Verify,
    /// Take it and remember it.
    AcceptNew,
    /// Compare it with what AWS tells; where nothing is told, refuse it.
    Strict,
}

/// What to call an account, and whether it is dangerous.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts {
    /// A word for the title, such as `PROD`.
    pub label: Option<String>,
    /// Ask before connecting; red title.
    pub confirm: bool,
}

/// Settings for the instances that match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// What must hold, all of it.
    pub pattern: Pattern,
    /// Only these ways in, in this order.
    pub method: Option<Vec<Method>>,
    /// The login name.
    pub user: Option<Login>,
    /// Which address to take.
    pub address: Option<AddressChoice>,
    /// sshd's port.
    pub port: Option<u16>,
    /// Where connections to the address really go; it decides nothing else. What the simulated cloud writes of an instance to which the
    /// network is to be asked.
    pub simulated: Option<SocketAddr>,
    /// A private key file, `~` already resolved.
    pub key: Option<PathBuf>,
    /// A target to go through.
    pub jump: Option<String>,
    /// Longest life asked of an endpoint's tunnel.
    pub tunnel_limit: Option<Duration>,
    /// What runs in a shell of Session Manager.
    pub shell: Option<SessionShell>,
    /// The line of the file where the rule begins, from 1.
    pub line: usize,
}

/// What an instance must be for a rule to hold: all that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    /// `Key=Value`, the value a glob.
    pub tag: Option<(String, String)>,
    /// A glob over the tag `Name`.
    pub name: Option<String>,
    /// A whole id.
    pub id: Option<InstanceId>,
    /// A VPC's id.
    pub vpc: Option<String>,
    /// A region.
    pub region: Option<Region>,
    /// An account.
    pub account: Option<AccountId>,
    /// An operating system.
    pub os: Option<Os>,
}

/// A tunnel with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedTunnel {
    /// The instance.
    pub target: Target,
    /// The same, as it was written.
    pub typed: String,
    /// What it carries.
    pub carries: Carries,
    /// Where it listens.
    pub listens: Listens,
}

/// What a saved tunnel carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carries {
    /// Everything to one place.
    Forward(Forward),
    /// Everything to a socket in the file system of the instance.
    Socket {
        /// The port on this computer; 0 is any free one.
        local: u16,
        /// The socket.
        to: RemoteSocket,
    },
    /// SOCKS5 on this port: programs say where to go.
    Socks(u16),
}

/// Where a saved tunnel listens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Listens {
    /// On loopback.
    #[default]
    Loopback,
    /// On this address, for others too.
    Address(IpAddr),
    /// On a socket in the file system, `~` already resolved.
    Socket(PathBuf),
}
