//! Whom ssh will talk to: what AWS tells of an instance's host keys, asked before its first contact.

use std::time::Duration;

use tokio::time::timeout;

use crate::aws::{self, Cloud};
use crate::model::{ConsoleKeys, Fact, HostKey, HostKeyOrigin, Instance, Os, SsmStatus, ToldFingerprint};
use crate::session::command;
use crate::text::Catalogue;

/// Longest time for the console, which is a call or two.
const CONSOLE_LIMIT: Duration = Duration::from_secs(20);
/// Longest time for reading the files on the instance.
const READING_LIMIT: Duration = Duration::from_secs(20);
/// Prints the public halves of all host keys; an instance may be without one kind or the other.
const READS: &str = "cat /etc/ssh/ssh_host_*_key.pub";
/// More than a handful of keys has.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What is told of the host keys of an instance: never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldKeys {
    /// Who tells it.
    pub origin: HostKeyOrigin,
    /// The keys, if they are told themselves.
    pub keys: Vec<HostKey>,
    /// Otherwise what they are known by.
    pub fingerprints: Vec<ToldFingerprint>,
    /// The console tells others, too, from an earlier start: the last count.
    pub has_changed: bool,
}

/// Why nothing is told that a key could be compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Untold {
    /// Why the console does not help; `None`: the machine has none.
    pub console: Option<Silence>,
    /// Why its agent does not; `None`: it was not asked, as it is not online.
    pub agent: Option<Silence>,
}

/// Why one of them tells nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Silence {
    /// There are no keys in what it says.
    Nothing,
    /// What it says is cut.
    Cut,
    /// It contradicts itself.
    Contradictory,
    /// Only fingerprints are told, and this ssh is too old to be asked about a key.
    NotComparable,
    /// AWS refuses it, or does not answer.
    Aws(Box<aws::Error>),
    /// The agent did not run it.
    Session(&'static str),
    /// It takes too long.
    Late,
}

/// What AWS tells of the host keys of `instance`: by its console, else by its agent. `can_ask`: whether ssh can compare fingerprints.
pub async fn told_keys(cloud: &Cloud, instance: &Instance, can_ask: bool) -> Result<ToldKeys, Untold> {
    let console = match instance.id.is_hybrid() {
        true => None,
        false => match timeout(CONSOLE_LIMIT, of_console(cloud, instance, can_ask)).await {
            Ok(Ok(told)) => return Ok(told),
            Ok(Err(silence)) => Some(silence),
            Err(_) => Some(Silence::Late),
        },
    };
    if !may_have_an_agent(cloud, instance).await {
        return Err(Untold { console, agent: None });
    }
    match timeout(READING_LIMIT, of_agent(cloud, instance)).await {
        Ok(Ok(told)) => Ok(told),
        Ok(Err(silence)) => Err(Untold { console, agent: Some(silence) }),
        Err(_) => Err(Untold { console, agent: Some(Silence::Late) }),
    }
}

/// The text that EC2 keeps, then what stands there now: the keys are printed at the first start, and may have come since.
async fn of_console(cloud: &Cloud, instance: &Instance, can_ask: bool) -> Result<ToldKeys, Silence> {
    let mut silence = Silence::Nothing;
    for latest in [false, true] {
        let output = match cloud.console_output(&instance.place.region, &instance.id, latest).await {
            Ok(output) => output.unwrap_or_default(),
            // Only Nitro has what stands there now: what was said before is the reason.
            Err(_) if latest => break,
            Err(error) => return Err(Silence::Aws(Box::new(error))),
        };
        match of_text(&output, can_ask) {
            Ok(told) => return Ok(told),
            Err(Silence::Nothing) if latest => {}
            Err(other) => silence = other,
        }
    }
    Err(silence)
}

fn of_text(output: &[u8], can_ask: bool) -> Result<ToldKeys, Silence> {
    let ConsoleKeys { keys, fingerprints, is_conflicting, is_incomplete, .. } = ConsoleKeys::read(output);
    if !keys.is_empty() || (!fingerprints.is_empty() && can_ask) {
        return Ok(ToldKeys { origin: HostKeyOrigin::Console, keys, fingerprints, has_changed: is_conflicting });
    }
    Err(match () {
        () if !fingerprints.is_empty() => Silence::NotComparable,
        () if is_conflicting => Silence::Contradictory,
        () if is_incomplete => Silence::Cut,
        () => Silence::Nothing,
    })
}

/// Whether its agent is online, as far as anybody knows.
async fn may_have_an_agent(cloud: &Cloud, instance: &Instance) -> bool {
    // There the files are elsewhere, and the shell is another.
    if instance.os == Os::Windows {
        return false;
    }
    let is_online = |ssm: &Fact<_>| matches!(ssm, Fact::Known(crate::model::Ssm { status: SsmStatus::Online, .. }));
    match &instance.ssm {
        Fact::Pending => is_online(&cloud.ssm_of(&instance.place.region, &instance.id).await),
        known => is_online(known),
    }
}

/// Read the files on the instance, through Session Manager.
async fn of_agent(cloud: &Cloud, instance: &Instance) -> Result<ToldKeys, Silence> {
    let started = command::start(cloud, &instance.place.region, &instance.id, READS, Duration::ZERO).await;
    let running = started.map_err(|ending| match ending.reason.aws() {
        Some(error) => Silence::Aws(Box::new(error.clone())),
        None => Silence::Session(ending.reason.code()),
    })?;
    let mut output = Vec::new();
    running.show(&mut output, tokio::io::sink(), None).await;
    output.truncate(LONGEST_ANSWER);
    let mut keys: Vec<HostKey> = Vec::new();
    for key in String::from_utf8_lossy(&output).lines().filter_map(HostKey::read) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return Err(Silence::Nothing);
    }
    Ok(ToldKeys { origin: HostKeyOrigin::SessionManager, keys, fingerprints: Vec::new(), has_changed: false })
}

impl ToldKeys {
    /// Whether `key` is one of those that are told.
    pub fn has(&self, key: &HostKey) -> bool {
        self.keys.contains(key) || (self.keys.is_empty() && self.fingerprints.iter().any(|told| key.has(&told.fingerprint)))
    }

    /// Fingerprints of what is told, those of the same type as `shown` alone, if there are any.
    pub fn fingerprints_beside(&self, shown: Option<&HostKey>) -> String {
        let of_keys = self.keys.iter().map(|key| (key.kind(), key.fingerprint()));
        let of_prints = self.fingerprints.iter().map(|told| (told.kind, told.fingerprint));
        let all: Vec<_> = if self.keys.is_empty() { of_prints.collect() } else { of_keys.collect() };
        let is_of_kind = |kind| shown.is_some_and(|shown| shown.kind() == kind);
        let alike = all.iter().any(|(kind, _)| is_of_kind(*kind));
        let chosen = all.iter().filter(|(kind, _)| !alike || is_of_kind(*kind));
        chosen.map(|(_, fingerprint)| fingerprint.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// The types of the keys of which only fingerprints are told, best first, for ssh's `HostKeyAlgorithms`: of others a host could show
    /// nothing that can be compared.
    pub(super) fn algorithms(&self) -> Option<String> {
        if !self.keys.is_empty() {
            return None;
        }
        let mut algorithms: Vec<&str> = Vec::new();
        for algorithm in self.fingerprints.iter().flat_map(|told| told.kind.signatures()) {
            if !algorithms.contains(algorithm) {
                algorithms.push(algorithm);
            }
        }
        (!algorithms.is_empty()).then(|| format!("^{}", algorithms.join(",")))
    }
}

impl Untold {
    /// Why, one idea a line.
    pub fn why(&self, text: &Catalogue) -> Vec<String> {
        let of = |who: &'static str, silence: &Silence| silence.why(who, text);
        self.console
            .iter()
            .map(|silence| of("console", silence))
            .chain(self.agent.iter().map(|silence| of("agent", silence)))
            .collect()
    }
}

impl Silence {
    /// Why, in a sentence without its stop.
    fn why(&self, who: &'static str, text: &Catalogue) -> String {
        let say = |what: &str| text.say(&format!("untold-{who}-{what}"));
        match self {
            Self::Nothing => say("nothing"),
            Self::Cut => say("cut"),
            Self::Contradictory => say("contradictory"),
            Self::NotComparable => say("old-ssh"),
            Self::Late => say("late"),
            Self::Aws(error) => {
                let why = error.what(text);
                text.say_with(&format!("untold-{who}-aws"), &[("why", why.trim_end_matches('.').to_owned().into())])
            }
            Self::Session(code) => text.say_with(&format!("untold-{who}-session"), &[("code", (*code).into())]),
        }
    }
}
