//! What goes wrong on purpose: `--fault [WHO/]ACTION=KIND[:VALUE][@N]`.
//!
//! Actions are those of policies. Two more stand for the messages on data channels, `ssmmessages:Up` (from the client)
//! and `ssmmessages:Down`; there `@N` counts connections, as it does for certificates.

mod certificate;
mod channel;
mod console;
mod reading;
mod table;
mod tunnel;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use super::service::Service;
pub(super) use certificate::Carried;
pub use certificate::CertificateFlaw;
pub use channel::{After, Chance, ChannelFault};
pub(super) use channel::{DOWN, UP};
pub use console::ConsoleFault;
use reading::percent;
pub(super) use reading::{duration, matches};
pub(super) use table::FaultTable;
pub use tunnel::TunnelFault;

/// One thing that goes wrong with the calls it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `ec2:DescribeInstances`, with `*` for any run of characters. Before it, with a `/`, may stand who calls: an account, a region, or the
    /// name of a role or user.
    pub action: String,
    /// What happens.
    pub kind: FaultKind,
    /// Only on this matching call, counted from 1.
    pub nth: Option<u64>,
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `deny`: refused for want of permission, naming the caller and the action.
    Deny,
    /// `throttle` or `throttle:30%`: so many of a hundred are refused because there are too many.
    Throttle(u8),
    /// `error:CODE`: refused with this code.
    Error(String),
    /// `delay:2s` or `delay:500ms`: answered later.
    Delay(Duration),
    /// `hang`: never answered; the connection stays open.
    Hang,
    /// `cut`: half an answer, then the connection closes.
    Cut,
    /// `corrupt`: status 200 and bytes that are neither XML nor JSON.
    Corrupt,
    /// `html`: status 200 and the page of a captive portal.
    Html,
    /// `clock:+10m` or `clock:-1d`: our clock is so far off, in the Date header and in the check of the signature.
    Clock(ClockOffset),
    /// `repeat-token`: each page names the same next token, for ever.
    RepeatToken,
    /// `empty-page`: an empty page that names a next page.
    EmptyPage,
    /// `no-token`: a resumed session has none, as when it timed out.
    NoToken,
    /// `other-url`: a resumed session is elsewhere, and the old place knows it no more.
    OtherUrl,
    /// `console:none`: a console tells something else than the host keys of its instance.
    Console(ConsoleFault),
    /// `certificate:expired`: TLS begins with a certificate that must not be taken.
    Certificate(CertificateFlaw),
    /// `tunnel:silent`: what happens in a tunnel of an endpoint.
    Tunnel(TunnelFault),
    /// What happens on data channels.
    Channel(ChannelFault),
}

/// How far a clock is ahead or behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockOffset {
    /// The clock shows a later time.
    Ahead(Duration),
    /// The clock shows an earlier time.
    Behind(Duration),
}

/// The words `KIND` may be, for messages.
const KINDS: &str = "deny, throttle:30%, error:CODE, delay:2s, hang, cut, corrupt, html, clock:+10m, repeat-token, empty-page, \
                     no-token, other-url, certificate:expired, console:none, tunnel:silent";
/// A certificate is shown before it is known which call is made: to data channels, or to everybody.
const OPENS: &str = "ssmmessages:OpenDataChannel";
const TELLS: &str = "ec2:GetConsoleOutput";

/// What opens tunnels.
const OPENS_TUNNELS: &str = "ec2-instance-connect:OpenTunnel";

/// A fault that cannot be read; the message names the part and what it may be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fault `{fault}`: {problem}")]
pub struct InvalidFault {
    fault: String,
    problem: String,
}

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let invalid = |problem: String| InvalidFault { fault: text.to_owned(), problem };
        let (action, rest) =
            text.split_once('=').ok_or_else(|| invalid("write ACTION=KIND, such as ec2:DescribeInstances=deny".to_owned()))?;
        let (_, named) = who(action);
        check_action(named).map_err(invalid)?;
        let (rest, nth) = match rest.rsplit_once('@') {
            None => (rest, None),
            Some((rest, number)) => match number.parse() {
                Ok(number) if number > 0 => (rest, Some(number)),
                _ => {
                    return Err(invalid(format!("`@{number}` is not @1, @2, …, the number of a call")));
                }
            },
        };
        let (word, value) = match rest.split_once(':') {
            Some((word, value)) => (word, Some(value)),
            None => (rest, None),
        };
        let kind = kind(word, value).map_err(invalid)?;
        check_fit(named, word, &kind).map_err(invalid)?;
        Ok(Self { action: action.to_owned(), kind, nth })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.action, self.kind)?;
        self.nth.map_or(Ok(()), |nth| write!(f, "@{nth}"))
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deny => f.write_str("deny"),
            Self::Throttle(percent) => write!(f, "throttle:{percent}%"),
            Self::Error(code) => write!(f, "error:{code}"),
            Self::Delay(delay) => write!(f, "delay:{}ms", delay.as_millis()),
            Self::Hang => f.write_str("hang"),
            Self::Cut => f.write_str("cut"),
            Self::Corrupt => f.write_str("corrupt"),
            Self::Html => f.write_str("html"),
            Self::Clock(ClockOffset::Ahead(by)) => write!(f, "clock:+{}s", by.as_secs()),
            Self::Clock(ClockOffset::Behind(by)) => write!(f, "clock:-{}s", by.as_secs()),
            Self::RepeatToken => f.write_str("repeat-token"),
            Self::EmptyPage => f.write_str("empty-page"),
            Self::NoToken => f.write_str("no-token"),
            Self::OtherUrl => f.write_str("other-url"),
            Self::Console(fault) => write!(f, "console:{fault}"),
            Self::Certificate(flaw) => write!(f, "certificate:{flaw}"),
            Self::Tunnel(fault) => write!(f, "tunnel:{fault}"),
            Self::Channel(fault) => fault.fmt(f),
        }
    }
}

impl ClockOffset {
    /// What such a clock shows when it is `now`.
    pub(super) fn shown(self, now: SystemTime) -> SystemTime {
        match self {
            Self::Ahead(by) => now + by,
            Self::Behind(by) => now - by,
        }
    }
}

/// Who calls, if that is said, and the action.
pub(crate) fn who(action: &str) -> (Option<&str>, &str) {
    action.split_once('/').map_or((None, action), |(who, action)| (Some(who), action))
}

fn check_action(action: &str) -> Result<(), String> {
    if action == "*" {
        return Ok(());
    }
    let names = Service::ALL.iter().map(|service| service.name()).collect::<Vec<_>>().join(", ");
    let (service, name) = action
        .split_once(':')
        .ok_or_else(|| format!("action `{action}` is not SERVICE:ACTION or *, such as ec2:DescribeInstances"))?;
    if !service.contains('*') && Service::named(service).is_none() {
        return Err(format!("unknown service `{service}`; it is one of {names}, *"));
    }
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'*') {
        return Err(format!("`{name}` is not the name of an action, such as DescribeInstances or *"));
    }
    Ok(())
}

/// Messages are not refused and calls are not reordered.
fn check_fit(action: &str, word: &str, kind: &FaultKind) -> Result<(), String> {
    let is_of_messages = matches(action, UP) || matches(action, DOWN);
    let is_exactly_that = action.eq_ignore_ascii_case(UP) || action.eq_ignore_ascii_case(DOWN);
    match kind {
        FaultKind::Channel(_) if !is_of_messages => Err(format!("`{word}` is for {UP} (from the client) and {DOWN}")),
        FaultKind::Channel(_) | FaultKind::Delay(_) => Ok(()),
        FaultKind::Console(_) if !matches(action, TELLS) => Err(format!("`{word}` is for {TELLS}")),
        FaultKind::Certificate(_) if !matches(action, OPENS) => Err(format!("`{word}` is for {OPENS}, or for * (calls as well)")),
        FaultKind::Tunnel(_) if !matches(action, OPENS_TUNNELS) => Err(format!("`{word}` is for {OPENS_TUNNELS}")),
        _ if is_exactly_that => Err(format!("`{word}` is for calls; with messages go {}, delay:300ms", channel::KINDS)),
        _ => Ok(()),
    }
}

fn kind(word: &str, value: Option<&str>) -> Result<FaultKind, String> {
    let plain = |kind: FaultKind| match value {
        None => Ok(kind),
        Some(value) => Err(format!("`{word}` takes no value, but there is `{value}`")),
    };
    let needed = |example: &str| value.ok_or_else(|| format!("`{word}` needs a value, such as {word}:{example}"));
    match word {
        "deny" => plain(FaultKind::Deny),
        "hang" => plain(FaultKind::Hang),
        "cut" => plain(FaultKind::Cut),
        "corrupt" => plain(FaultKind::Corrupt),
        "html" => plain(FaultKind::Html),
        "repeat-token" => plain(FaultKind::RepeatToken),
        "empty-page" => plain(FaultKind::EmptyPage),
        "no-token" => plain(FaultKind::NoToken),
        "other-url" => plain(FaultKind::OtherUrl),
        "throttle" => percent(value.unwrap_or("100%")).map(FaultKind::Throttle),
        "error" => {
            let code = needed("ExpiredToken")?;
            let well_formed = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
            if well_formed { Ok(FaultKind::Error(code.to_owned())) } else { Err(format!("`{code}` is not an error code")) }
        }
        "delay" => duration(needed("2s")?).map(FaultKind::Delay),
        "clock" => {
            let value = needed("+10m")?;
            match value.split_at_checked(1) {
                Some(("+", by)) => Ok(FaultKind::Clock(ClockOffset::Ahead(duration(by)?))),
                Some(("-", by)) => Ok(FaultKind::Clock(ClockOffset::Behind(duration(by)?))),
                _ => Err(format!("`{value}` does not start with + (ahead) or - (behind), as in clock:+10m")),
            }
        }
        "tunnel" => TunnelFault::read(needed("silent")?).map(FaultKind::Tunnel),
        "console" => ConsoleFault::read(needed("none")?).map(FaultKind::Console),
        "certificate" => CertificateFlaw::read(needed("expired")?).map(FaultKind::Certificate),
        _ => ChannelFault::read(word, value)
            .map(|fault| fault.map(FaultKind::Channel))
            .unwrap_or_else(|| Err(format!("unknown kind `{word}`; it is one of {KINDS}, {}", channel::KINDS))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        text.parse().unwrap()
    }

    #[test]
    fn every_kind_is_read_with_its_value() {
        let kinds = [
            ("deny", FaultKind::Deny),
            ("throttle", FaultKind::Throttle(100)),
            ("throttle:30%", FaultKind::Throttle(30)),
            ("error:ExpiredToken", FaultKind::Error("ExpiredToken".into())),
            ("error:InvalidInstanceID.NotFound", FaultKind::Error("InvalidInstanceID.NotFound".into())),
            ("delay:2s", FaultKind::Delay(Duration::from_secs(2))),
            ("delay:500ms", FaultKind::Delay(Duration::from_millis(500))),
            ("hang", FaultKind::Hang),
            ("cut", FaultKind::Cut),
            ("corrupt", FaultKind::Corrupt),
            ("html", FaultKind::Html),
            ("clock:+10m", FaultKind::Clock(ClockOffset::Ahead(Duration::from_secs(600)))),
            ("clock:-1d", FaultKind::Clock(ClockOffset::Behind(Duration::from_secs(86_400)))),
            ("repeat-token", FaultKind::RepeatToken),
            ("empty-page", FaultKind::EmptyPage),
            ("no-token", FaultKind::NoToken),
            ("other-url", FaultKind::OtherUrl),
        ];
        assert_eq!(fault("ec2:*=console:cut").kind, FaultKind::Console(ConsoleFault::Cut));
        assert_eq!(fault("*=certificate:wrong-name").kind, FaultKind::Certificate(CertificateFlaw::WrongName));
        for (text, kind) in kinds {
            assert_eq!(fault(&format!("ec2:DescribeInstances={text}")).kind, kind, "{text}");
        }
    }

    #[test]
    fn a_fault_is_printed_as_it_is_read() {
        for text in [
            "*=deny",
            "ec2:Describe*=delay:3000ms@2",
            "ssm:*=throttle:30%",
            "*=clock:-600s",
            "ssmmessages:Up=drop:5%:7",
            "ssmmessages:Up=drop:0.2%:7",
            "ssmmessages:*=reorder:64:1",
            "ssmmessages:Down=lose:HandshakeComplete@1",
            "ssmmessages:Down=close:2000ms",
            "ssmmessages:Up=reset:1000kB",
            "ssmmessages:*=stall:5000ms",
            "ssmmessages:*=pause:30000ms",
            "ssmmessages:Up=delay:300ms",
            "ec2:GetConsoleOutput=console:md5",
            "ssmmessages:OpenDataChannel=certificate:expired@2",
            "*=certificate:not-yet-valid",
        ] {
            assert_eq!(fault(text).to_string(), text);
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_words_that_can() {
        let problem = |text: &str| text.parse::<Fault>().unwrap_err().to_string();
        let cases = [
            ("deny", "ACTION=KIND"),
            ("ec3:DescribeInstances=deny", "unknown service `ec3`; it is one of ec2, ssm"),
            ("DescribeInstances=deny", "SERVICE:ACTION"),
            ("ec2:=deny", "not the name of an action"),
            ("ec2:*=explode", "unknown kind `explode`; it is one of deny, throttle:30%"),
            ("ec2:*=throttle:130%", "0% to 100%"),
            ("ec2:*=delay", "needs a value, such as delay:2s"),
            ("ec2:*=delay:2", "500ms, 2s"),
            ("ec2:*=delay:99999999999999999999d", "not a time"),
            ("ec2:*=delay:9999999999999999d", "too long"),
            ("ec2:*=clock:10m", "+ (ahead) or - (behind)"),
            ("ec2:*=hang:2s", "takes no value"),
            ("ec2:*=deny@0", "number of a call"),
            ("ec2:*=error:<x>", "not an error code"),
            ("ec2:*=drop:5%", "`drop` is for ssmmessages:Up"),
            ("ssmmessages:Up=deny", "`deny` is for calls; with messages go drop:5%"),
            ("ssmmessages:Up=drop", "needs a value, such as drop:5%"),
            ("ssmmessages:Up=drop:5%:x", "`x` is not a seed"),
            ("ssmmessages:Up=reorder:0", "from 1 to 1000"),
            ("ssmmessages:Up=reset:1", "neither a time such as 2s nor a size such as 1MB"),
            ("ssmmessages:Up=lose:Nothing", "one of Output, Size"),
            ("*=certificate", "needs a value, such as certificate:expired"),
            ("*=certificate:blue", "one of expired, not-yet-valid, wrong-name, unknown-issuer"),
            ("ec2:*=certificate:expired", "is for ssmmessages:OpenDataChannel, or for *"),
        ];
        for (text, part) in cases {
            assert!(problem(text).contains(part), "{text}: {}", problem(text));
        }
    }
}
