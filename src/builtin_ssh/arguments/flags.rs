//! The flags of a command line, and what all of it asks for.

use super::call::{Call, Checking, ForwardedAgent, HostKeyAlgorithms, Terminal, Work};
use super::forward::{self, Forward};
use super::option::Options;
use super::unsupported::Unsupported;

/// What stands for itself.
#[derive(Debug, Default)]
pub(super) struct Flags {
    forwards: Vec<Forward>,
    stdio: Option<(String, u16)>,
    runs_nothing: bool,
    is_subsystem: bool,
    reads_nothing: bool,
    terminals: usize,
    has_no_terminal: bool,
}

impl Flags {
    pub(super) fn note(&mut self, letter: u8, options: &mut Options) {
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

    pub(super) fn take(&mut self, letter: u8, value: &[u8], options: &mut Options) -> Result<(), Unsupported> {
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

    pub(super) fn call(self, options: &Options, destination: &[u8], command: Vec<u8>) -> Result<Call, Unsupported> {
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
            algorithms: host_key_algorithms(options)?,
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
            forwarded: match options.paths("forwardagent")?.pop() {
                None => ForwardedAgent::No,
                Some(word) if word.as_os_str() == "yes" => ForwardedAgent::Own,
                Some(path) => ForwardedAgent::At(path),
            },
        })
    }
}

/// `^` sets to the head, as in OpenSSH; its `+` and `-` are of no use here.
fn host_key_algorithms(options: &Options) -> Result<HostKeyAlgorithms, Unsupported> {
    let Some(value) = options.text("hostkeyalgorithms") else { return Ok(HostKeyAlgorithms::First(Vec::new())) };
    let names = |list: &str| list.split(',').map(str::to_owned).collect();
    match value.strip_prefix('^') {
        Some(list) => Ok(HostKeyAlgorithms::First(names(list))),
        None if value.starts_with(['+', '-']) => Err(Unsupported(format!("-o HostKeyAlgorithms={value}"))),
        None => Ok(HostKeyAlgorithms::Only(names(&value))),
    }
}
