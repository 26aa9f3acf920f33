//! The private keys of this computer, and which of them is the key of an instance.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use ec2dash_keys::{Fingerprint, PublicKey};

use crate::model::{Instance, KeyPair, Untrusted};

/// A private key file on this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyFile {
    /// Where it is.
    pub path: PathBuf,
    /// What keeps OpenSSH from using it, if anything.
    pub problem: Option<KeyProblem>,
    /// The public half, where it is known without a passphrase.
    pub public: Option<PublicKey>,
    /// What EC2 may show of the key.
    pub fingerprints: Vec<Fingerprint>,
    /// Whether the private half is locked with a passphrase.
    pub is_locked: bool,
}

/// What keeps OpenSSH from using a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyProblem {
    /// There is no such file (only for a path that was asked for).
    Missing,
    /// The file cannot be read.
    Unreadable,
    /// Others may read it: OpenSSH refuses it (SSH-5).
    TooOpen,
    /// A PuTTY key (SSH-6).
    Putty,
    /// A key of OpenSSH's own format with carriage returns, or without its last line end: OpenSSH takes neither.
    LineEnds,
    /// An ed25519 key in PKCS#8: OpenSSH reads it since 9.6 only.
    Pkcs8,
    /// A public key was given where the private one belongs.
    Public,
}

/// A key that the user's agent holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentKey {
    /// The public half.
    pub public: PublicKey,
    /// What the agent calls it: often the path of its file.
    pub comment: Untrusted,
}

/// Every private key that was found, whatever it is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyring {
    files: Vec<KeyFile>,
    agent: Vec<AgentKey>,
    /// The files that rules and flags name.
    asked: BTreeMap<PathBuf, KeyFile>,
    by_public: HashMap<PublicKey, Vec<usize>>,
    by_fingerprint: HashMap<Fingerprint, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

/// How it was found out which key is the instance's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyMatch {
    /// Its public half is that of the key pair.
    PublicKey,
    /// Its fingerprint is that of the key pair.
    Fingerprint,
    /// The user's agent holds it, and no file does.
    Agent,
    /// Its file has the name of the key pair, about which nothing else is known.
    Name,
    /// The instance was told to take it, by a fix of the doctor.
    Added,
}

/// What somebody must do, or agree to, before a key can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyNeed {
    /// Its passphrase.
    Passphrase,
    /// That others may no longer read its file.
    Mode,
    /// Another format.
    Conversion,
}

/// The key of an instance, as far as one was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FoundKey<'a> {
    /// Its file.
    pub file: Option<&'a KeyFile>,
    /// The same key in the user's agent.
    pub agent: Option<&'a AgentKey>,
    /// Why it is this one; `None`: nothing says so but who asked for it.
    pub by: Option<KeyMatch>,
    /// A file that seemed to be it, and holds another key.
    pub other: Option<&'a KeyFile>,
}

impl KeyMatch {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::PublicKey => "public_key",
            Self::Fingerprint => "fingerprint",
            Self::Agent => "agent",
            Self::Name => "name",
            Self::Added => "added",
        }
    }
}

impl KeyNeed {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Mode => "mode",
            Self::Conversion => "conversion",
        }
    }
}

impl KeyFile {
    /// Whether it is read here and served by our agent, because OpenSSH cannot read it.
    pub fn is_opened_here(&self) -> bool {
        let is_unreadable = matches!(self.problem, Some(KeyProblem::Putty | KeyProblem::LineEnds | KeyProblem::Pkcs8));
        is_unreadable && self.public.as_ref().is_some_and(|own| matches!(own.algorithm(), "ssh-rsa" | "ssh-ed25519"))
    }
}

impl FoundKey<'_> {
    /// What it needs. With the agent a key needs nothing.
    pub fn needs(&self) -> Option<KeyNeed> {
        let file = self.file.filter(|_| self.agent.is_none())?;
        match file.problem {
            Some(KeyProblem::TooOpen) => Some(KeyNeed::Mode),
            Some(KeyProblem::Missing | KeyProblem::Unreadable | KeyProblem::Public) => None,
            _ if file.is_locked => Some(KeyNeed::Passphrase),
            Some(KeyProblem::Putty | KeyProblem::LineEnds | KeyProblem::Pkcs8) => Some(KeyNeed::Conversion),
            None => None,
        }
    }
}

impl Keyring {
    /// All of these. Of several files with the same key the first that is easiest to use counts.
    pub fn new(mut files: Vec<KeyFile>, agent: Vec<AgentKey>, asked: impl IntoIterator<Item = KeyFile>) -> Self {
        files.sort_by_key(hardship);
        let mut ring =
            Self { agent, asked: asked.into_iter().map(|file| (file.path.clone(), file)).collect(), ..Self::default() };
        for (at, file) in files.iter().enumerate() {
            if let Some(public) = &file.public {
                ring.by_public.entry(public.clone()).or_default().push(at);
            }
            for fingerprint in &file.fingerprints {
                ring.by_fingerprint.entry(*fingerprint).or_default().push(at);
            }
            for name in names(&file.path) {
                ring.by_name.entry(name).or_default().push(at);
            }
        }
        Self { files, ..ring }
    }

    /// How many key files were found, and how many keys the user's agent holds.
    pub fn counts(&self) -> (usize, usize) {
        (self.files.len(), self.agent.len())
    }

    /// The files that OpenSSH refuses because others may read them.
    pub fn too_open(&self) -> Vec<&Path> {
        let open = self.files.iter().filter(|file| file.problem == Some(KeyProblem::TooOpen));
        open.map(|file| file.path.as_path()).collect()
    }

    /// The key for logging in to an instance: the file that was asked for, else the one that is its key pair's.
    pub fn key_of(&self, instance: &Instance, asked: Option<&Path>) -> FoundKey<'_> {
        let pair = instance.key_pair.known().and_then(|pair| pair.as_deref());
        if let Some(path) = asked {
            let file = self.asked.get(path);
            let by = file.zip(pair).and_then(|(file, pair)| matches(file, pair));
            let is_other = file.zip(pair).is_some_and(|(file, pair)| is_another(file, pair));
            let agent = file.and_then(|file| self.in_agent(file.public.as_ref()?));
            return FoundKey { file, agent, by, other: file.filter(|_| is_other) };
        }
        let Some(name) = &instance.key_name else { return FoundKey::default() };
        let of_pair = pair.map(|pair| self.of_pair(pair)).unwrap_or_default();
        if of_pair.by.is_some() {
            return of_pair;
        }
        let named = || self.by_name.get(name.raw()).into_iter().flatten().filter_map(|at| self.files.get(*at));
        let is_another = |file: &&KeyFile| pair.is_some_and(|pair| is_another(file, pair));
        let file = named().find(|file| !is_another(file));
        let other = named().find(is_another).filter(|_| file.is_none());
        let in_agent = || {
            let bears_name = |key: &&AgentKey| names(Path::new(key.comment.raw())).any(|own| own == name.raw());
            self.agent.iter().filter(|_| pair.is_none()).find(bears_name)
        };
        match file {
            Some(file) => {
                let agent = file.public.as_ref().and_then(|public| self.in_agent(public));
                FoundKey { file: Some(file), agent, by: Some(KeyMatch::Name), other }
            }
            None => in_agent().map_or(FoundKey { other, ..FoundKey::default() }, |key| FoundKey { other, ..of_agent(key) }),
        }
    }

    /// The key that an instance was told to take.
    pub(super) fn of_public(&self, public: &PublicKey) -> FoundKey<'_> {
        let at = self.by_public.get(public).and_then(|all| all.first());
        let file =
            at.and_then(|at| self.files.get(*at)).or_else(|| self.asked.values().find(|own| own.public.as_ref() == Some(public)));
        let agent = self.in_agent(public);
        let by = (file.is_some() || agent.is_some()).then_some(KeyMatch::Added);
        FoundKey { file, agent, by, other: None }
    }

    /// The file that `ssh` tries by itself, the strongest kind first.
    pub(super) fn usual_file(&self) -> Option<&KeyFile> {
        let is = |file: &&KeyFile, name: &str| {
            let folder = file.path.parent().and_then(Path::file_name);
            folder.is_some_and(|folder| folder == ".ssh") && file.path.file_name().is_some_and(|own| own == name)
        };
        let usable = || self.files.iter().filter(|file| file.public.is_some() && file.problem.is_none());
        ["id_ed25519", "id_ecdsa", "id_rsa"].into_iter().find_map(|name| usable().find(|file| is(file, name)))
    }

    /// The key that the user's agent offers first.
    pub(super) fn first_of_agent(&self) -> Option<&AgentKey> {
        self.agent.iter().find(|key| !key.public.algorithm().contains("-cert-"))
    }

    fn of_pair(&self, pair: &KeyPair) -> FoundKey<'_> {
        let first = |found: Option<&Vec<usize>>| found.and_then(|all| self.files.get(*all.first()?));
        let (file, agent, by) = match (&pair.public, &pair.fingerprint) {
            (Some(public), _) => (first(self.by_public.get(public)), self.in_agent(public), KeyMatch::PublicKey),
            (None, Some(told)) => {
                let file = first(self.by_fingerprint.get(told));
                let is_it = |key: &&AgentKey| {
                    key.public.fingerprint() == Some(*told) || file.is_some_and(|file| file.public.as_ref() == Some(&key.public))
                };
                (file, self.agent.iter().find(is_it), KeyMatch::Fingerprint)
            }
            (None, None) => (None, None, KeyMatch::Name),
        };
        match (file, agent) {
            (Some(_), _) => FoundKey { file, agent, by: Some(by), other: None },
            (None, Some(key)) => of_agent(key),
            (None, None) => FoundKey::default(),
        }
    }

    fn in_agent(&self, public: &PublicKey) -> Option<&AgentKey> {
        self.agent.iter().find(|key| key.public == *public)
    }
}

fn of_agent(key: &AgentKey) -> FoundKey<'_> {
    FoundKey { agent: Some(key), by: Some(KeyMatch::Agent), ..FoundKey::default() }
}

/// By what a file is that of a key pair, if it surely is.
fn matches(file: &KeyFile, pair: &KeyPair) -> Option<KeyMatch> {
    match (&pair.public, &pair.fingerprint) {
        (Some(public), _) => (file.public.as_ref() == Some(public)).then_some(KeyMatch::PublicKey),
        (None, Some(told)) => file.fingerprints.contains(told).then_some(KeyMatch::Fingerprint),
        (None, None) => None,
    }
}

/// Whether a file surely holds another key than a pair's. Of a locked one it is not known which key EC2 would show as made there.
fn is_another(file: &KeyFile, pair: &KeyPair) -> bool {
    match (&pair.public, &pair.fingerprint) {
        (Some(public), _) => file.public.as_ref().is_some_and(|own| own != public),
        (None, Some(Fingerprint::Sha1(_))) => {
            let is_rsa = file.public.as_ref().is_none_or(|own| own.algorithm() == "ssh-rsa");
            !is_rsa || file.fingerprints.iter().any(|own| matches!(own, Fingerprint::Sha1(_))) && matches(file, pair).is_none()
        }
        (None, Some(_)) => file.public.is_some() && matches(file, pair).is_none(),
        (None, None) => false,
    }
}

#[cfg(test)]
impl Keyring {
    /// One file, found and asked for.
    pub(crate) fn of(file: KeyFile) -> std::sync::Arc<Self> {
        Self::new(vec![file.clone()], Vec::new(), [file]).into()
    }
}

/// The names of key pairs whose file this may be: with its ending, and without.
fn names(path: &Path) -> impl Iterator<Item = String> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let bare = [".pem", ".ppk"].iter().find_map(|ending| name.strip_suffix(ending));
    [Some(name), bare].into_iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The less, the easier a file is to use.
fn hardship(file: &KeyFile) -> u8 {
    let of_problem = match file.problem {
        None => 0,
        Some(KeyProblem::TooOpen) => 2,
        Some(KeyProblem::LineEnds | KeyProblem::Putty | KeyProblem::Pkcs8) => 4,
        Some(KeyProblem::Missing | KeyProblem::Unreadable | KeyProblem::Public) => 6,
    };
    of_problem + u8::from(file.is_locked)
}

#[cfg(test)]
mod tests;
