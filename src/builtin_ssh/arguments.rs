//! The command line of OpenSSH as far as our plans make it and the built-in client does it. Whatever else stands there is refused.

mod forward;
mod option;
mod unsupported;

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

pub use forward::{Far, Forward, Near};
use option::Options;
pub use unsupported::Unsupported;

/// The first argument of this program when it is the client. No command of users has such a name.
pub const BUILT_IN: &str = "--built-in-ssh";

/// Flags with a value, and without, that are understood.
const WITH_VALUE: &[u8] = b"DFLWop";
const WITHOUT_VALUE: &[u8] = b"NTanqstx";

/// What the client is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The login name.
    pub user: String,
    /// An address or a name.
    pub host: String,
    /// sshd's port.
    pub port: u16,
    /// The name under which host keys are kept, if it is not the host's own.
    pub alias: Option<String>,
    /// The files of host keys; a new one is written to the first.
    pub known_hosts: Vec<PathBuf>,
    /// What of a host that has no key there.
    pub checking: Checking,
    /// What is asked for host keys besides: a command line.
    pub ask: Option<Vec<u8>>,
    /// The host's keys to ask for, by the names of their signatures; all, where there are none.
    pub algorithms: Vec<String>,
    /// The socket of the agent that signs.
    pub agent: Option<PathBuf>,
    /// The file with the public half of the key.
    pub identity: Option<PathBuf>,
    /// The program that leads to the host, as a shell reads it.
    pub proxy: Option<Vec<u8>>,
    /// Time between signs of life, and how many may stay unanswered.
    pub keepalive: Option<Duration>,
    /// See `keepalive`.
    pub unanswered: usize,
    /// How long the connection may take to come about.
    pub connect_timeout: Option<Duration>,
    /// Whether a terminal is wanted there.
    pub terminal: Terminal,
    /// What runs there.
    pub work: Work,
    /// What listens here.
    pub forwards: Vec<Forward>,
    /// Whether a place that cannot be listened at ends it.
    pub needs_forwards: bool,
    /// Whether only errors are said.
    pub is_quiet: bool,
    /// Whether nothing is read from stdin.
    pub reads_nothing: bool,
    /// Whether the user's agent is wished for there, which is not done.
    pub wants_agent: bool,
}

/// What of a host whose key is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checking {
    /// It is refused.
    Yes,
    /// It is kept.
    AcceptNew,
}

/// Whether a terminal is wanted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    /// For a shell, where there is one here.
    Auto,
    /// Never.
    No,
    /// Where there is one here.
    Yes,
    /// Always.
    Force,
}

/// What runs there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// The login's shell.
    Shell,
    /// A command, as the shell there reads it.
    Command(Vec<u8>),
    /// A subsystem.
    Subsystem(String),
    /// Stdin and stdout are led on to this place.
    Stdio {
        /// As the instance names it.
        host: String,
        /// Its port.
        port: u16,
    },
    /// Nothing.
    Nothing,
}

/// The first of these options of ssh's that the client does not take, as a user would give them.
pub fn unsupported(options: &[OsString]) -> Option<Unsupported> {
    let words = options.iter().cloned().chain(["--", "user@host"].map(OsString::from));
    Call::read(words.collect()).err()
}

impl Call {
    /// Read the arguments of `ssh`.
    pub fn read(words: Vec<OsString>) -> Result<Self, Unsupported> {
        let mut options = Options::default();
        let mut flags = Flags::default();
        let mut words = words.into_iter().map(OsString::into_vec);
        let destination = loop {
            let word = words.next().ok_or_else(|| Unsupported::of(b"no destination"))?;
            if word == b"--" {
                break words.next().ok_or_else(|| Unsupported::of(b"no destination"))?;
            }
            let Some(letters) = word.strip_prefix(b"-").filter(|letters| !letters.is_empty()) else { break word };
            for (at, letter) in letters.iter().enumerate() {
                if WITH_VALUE.contains(letter) {
                    let rest = letters.get(at + 1..).unwrap_or_default();
                    let value = if rest.is_empty() { words.next() } else { Some(rest.to_vec()) };
                    flags.take(*letter, &value.ok_or_else(|| Unsupported::of(&word))?, &mut options)?;
                    break;
                }
                if !WITHOUT_VALUE.contains(letter) {
                    return Err(Unsupported::of(&word));
                }
                flags.note(*letter, &mut options);
            }
        };
        let command = words.collect::<Vec<_>>().join(b" ".as_slice());
        flags.call(&options, &destination, command)
    }

    /// The name under which its keys are kept.
    pub(super) fn known_as(&self) -> String {
        let host = || if self.port == 22 { self.host.clone() } else { format!("[{}]:{}", self.host, self.port) };
        self.alias.clone().unwrap_or_else(host)
    }

    /// Host and port as OpenSSH says them: it knows neither where a program leads there.
    pub(super) fn shown_place(&self) -> (&str, u16) {
        if self.proxy.is_some() { ("UNKNOWN", u16::MAX) } else { (&self.host, self.port) }
    }
}

/// What stands for itself.
#[derive(Debug, Default)]
struct Flags {
    forwards: Vec<Forward>,
    stdio: Option<(String, u16)>,
    runs_nothing: bool,
    is_subsystem: bool,
    reads_nothing: bool,
    terminals: usize,
    has_no_terminal: bool,
}

impl Flags {
    fn note(&mut self, letter: u8, options: &mut Options) {
        match letter {
            b'N' => self.runs_nothing = true,
            b'n' => self.reads_nothing = true,
            b's' => self.is_subsystem = true,
            b't' => self.terminals += 1,
            b'T' => self.has_no_terminal = true,
            b'q' => options.set("loglevel", "QUIET"),
            // Neither the agent nor a display is forwarded anyway.
            _ => {}
        }
    }

    fn take(&mut self, letter: u8, value: &[u8], options: &mut Options) -> Result<(), Unsupported> {
        let odd = || Unsupported(format!("-{} {}", char::from(letter), Unsupported::of(value).0));
        match letter {
            b'o' => options.read(value)?,
            b'p' => options.set("port", &String::from_utf8_lossy(value)),
            b'L' => self.forwards.push(Forward::local(value).ok_or_else(odd)?),
            b'D' => self.forwards.push(Forward::dynamic(value).ok_or_else(odd)?),
            b'W' => self.stdio = Some(forward::place(value).ok_or_else(odd)?),
            // There is no ssh_config to be left out.
            b'F' if value == b"none" || value == b"/dev/null" => {}
            _ => return Err(odd()),
        }
        Ok(())
    }

    fn call(self, options: &Options, destination: &[u8], command: Vec<u8>) -> Result<Call, Unsupported> {
        let odd = || Unsupported::of(destination);
        let whole = std::str::from_utf8(destination).map_err(|_| odd())?;
        let (user, host) = whole.rsplit_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty()).ok_or_else(odd)?;
        let work = match (self.stdio, command.is_empty()) {
            (Some((host, port)), _) => Work::Stdio { host, port },
            _ if self.runs_nothing => Work::Nothing,
            (None, false) if self.is_subsystem => Work::Subsystem(String::from_utf8_lossy(&command).into_owned()),
            (None, true) => Work::Shell,
            (None, false) => Work::Command(command),
        };
        let terminal = match self.terminals {
            _ if self.has_no_terminal => Terminal::No,
            0 => Terminal::Auto,
            1 => Terminal::Yes,
            _ => Terminal::Force,
        };
        Ok(Call {
            user: user.to_owned(),
            host: host.to_owned(),
            port: options.number("port")?.unwrap_or(22),
            alias: options.text("hostkeyalias"),
            known_hosts: options.paths("userknownhostsfile")?,
            checking: if options.is("stricthostkeychecking", "accept-new") { Checking::AcceptNew } else { Checking::Yes },
            ask: options.bytes("knownhostscommand"),
            algorithms: options.list("hostkeyalgorithms"),
            agent: options.paths("identityagent")?.pop(),
            identity: options.paths("identityfile")?.pop(),
            proxy: options.bytes("proxycommand"),
            keepalive: options.seconds("serveraliveinterval")?,
            unanswered: options.number("serveralivecountmax")?.unwrap_or(3).into(),
            connect_timeout: options.seconds("connecttimeout")?,
            terminal,
            work,
            forwards: if options.is("clearallforwardings", "yes") { Vec::new() } else { self.forwards },
            needs_forwards: options.is("exitonforwardfailure", "yes"),
            is_quiet: ["ERROR", "FATAL", "QUIET"].iter().any(|level| options.is("loglevel", level)),
            reads_nothing: self.reads_nothing,
            wants_agent: options.text("forwardagent").is_some_and(|value| value != "no"),
        })
    }
}

#[cfg(test)]
mod tests;
