//! What is remembered between runs: small, and whole at every moment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::whole_file::{NO_WAIT, lock, replace};
use super::{Finding, create};
use crate::columns::Column;
use crate::model::{AllowedPrograms, CredentialProgram, InstanceId, Place, ProfileName, Region, Untrusted};

const FILE: &str = "state.json";
const LOCK: &str = "state.lock";
/// Most bytes we read back.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// So many files that could not be read are kept; then nothing is remembered until somebody looks at them.
const MOST_ASIDE: u32 = 20;
/// So many access requests are remembered.
const MOST_REQUESTS: usize = 50;

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// Whether the card of the first start was seen.
    pub first_run_seen: bool,
    /// The region last chosen for a profile; the empty name is "no profile".
    pub regions: BTreeMap<String, String>,
    /// The instance last connected to: the target `-`.
    pub last: Option<Last>,
    /// The columns of the dashboard's table by their names, if they were chosen there.
    pub columns: Option<Vec<String>>,
    /// The instances that the user marked, by id: the target `@name`.
    pub favourites: BTreeMap<String, Favourite>,
    /// Filters that were typed, the latest last.
    pub filters: Vec<String>,
    /// What was chosen in the palette by its name, the latest last.
    pub recent: Vec<String>,
    /// Marks of the programs that may give credentials without a question.
    pub programs: BTreeSet<String>,
    /// The SSO sessions that were signed in to by their start URL, by name.
    pub sso_sessions: BTreeMap<String, KnownSession>,
    /// Requests for just-in-time access that were made, by instance: whoever decides is not asked twice.
    pub access_requests: BTreeMap<String, KnownRequest>,
    /// What a later version remembers, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// A request for access to an instance. Its id gives nothing to whoever did not make it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownRequest {
    /// Its id.
    pub id: String,
    /// The region of the instance.
    pub region: String,
    /// The profile it was made with.
    pub profile: Option<String>,
    /// When, in seconds since 1970.
    pub made: i64,
    /// What a later version remembers of it, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

impl State {
    /// An SSO session was signed in to by its start URL: from now on its name is enough.
    pub fn know_session(&mut self, name: &str, start_url: &str, region: &Region) {
        let known = self.sso_sessions.entry(name.to_owned()).or_default();
        (known.start_url, known.region) = (start_url.to_owned(), region.to_string());
    }
}

/// An SSO session that no AWS file names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownSession {
    /// Its start URL.
    pub start_url: String,
    /// Where its services are.
    pub region: String,
    /// What a later version remembers of it, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// An instance that the user marked, and where it was then.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Favourite {
    /// Its name when it was marked.
    pub name: Option<String>,
    /// Its region.
    pub region: String,
    /// The profile that listed it.
    pub profile: Option<String>,
    /// What a later version remembers of it, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// The instance last connected to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// Its id.
    pub id: String,
    /// Its region.
    pub region: String,
    /// The profile that listed it.
    pub profile: Option<String>,
    /// What a later version remembers of it, kept as it is.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

impl State {
    /// The region last chosen for a profile.
    pub fn region(&self, profile: Option<&str>) -> Option<Region> {
        self.regions.get(profile.unwrap_or_default())?.parse().ok()
    }

    /// The columns that were chosen in the dashboard: those of them that there are.
    pub fn chosen_columns(&self) -> Option<Vec<Column>> {
        let columns: Vec<Column> = self.columns.iter().flatten().filter_map(|name| Column::parse(name).ok()).collect();
        (!columns.is_empty()).then_some(columns)
    }

    /// The request that was made for this instance in this place.
    pub fn access_request(&self, id: &InstanceId, place: &Place) -> Option<&KnownRequest> {
        let profile = place.profile.as_ref().map(ProfileName::raw);
        let known = self.access_requests.get(id.as_str())?;
        (known.profile.as_deref() == profile && known.region == place.region.as_str()).then_some(known)
    }

    /// A request was made for this instance. Of many the oldest are forgotten.
    pub fn keep_access_request(&mut self, id: &InstanceId, place: &Place, request: &str, made: i64) {
        let profile = place.profile.as_ref().map(|profile| profile.raw().to_owned());
        let known =
            KnownRequest { id: request.to_owned(), region: place.region.to_string(), profile, made, other: BTreeMap::new() };
        self.access_requests.insert(id.to_string(), known);
        while self.access_requests.len() > MOST_REQUESTS
            && let Some(oldest) = self.access_requests.iter().min_by_key(|(_, known)| known.made).map(|(id, _)| id.clone())
        {
            self.access_requests.remove(&oldest);
        }
    }

    /// It is decided, and of no use any more; one that was made meanwhile stays.
    pub fn forget_access_request(&mut self, id: &InstanceId, request: &str) {
        if self.access_requests.get(id.as_str()).is_some_and(|known| known.id == request) {
            self.access_requests.remove(id.as_str());
        }
    }

    /// Let these programs run from now on.
    pub fn allow_programs(&mut self, programs: &[CredentialProgram]) {
        self.programs.extend(programs.iter().map(|program| program.mark.clone()));
    }

    /// The programs that the user once allowed for good.
    pub fn allowed_programs(&self) -> AllowedPrograms {
        AllowedPrograms::These(self.programs.clone())
    }
}

impl Last {
    /// Id and region, if they are what they should be: the file may have been edited.
    pub fn parsed(&self) -> Option<(InstanceId, Region)> {
        Some((self.id.parse().ok()?, self.region.parse().ok()?))
    }
}

/// The file that remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    directory: Option<PathBuf>,
}

impl Memory {
    /// The memory in a state directory; without one nothing is remembered.
    pub fn new(directory: Option<PathBuf>) -> Self {
        Self { directory }
    }

    /// What is remembered. A file that cannot be understood is put aside, once, and the rest starts anew; one that cannot be read is
    /// left as it is: the reason may pass.
    pub fn read(&self) -> (State, Option<Finding>) {
        let Some(directory) = &self.directory else { return (State::default(), None) };
        let path = directory.join(FILE);
        match read(&path) {
            Ok(state) => (state, None),
            Err(Unread::Missing) => (State::default(), None),
            Err(Unread::Failed(error)) => (State::default(), Some(unreadable(&path, &error))),
            // Under the lock: what is put aside must be what was found broken, not what another program has mended since.
            Err(Unread::Corrupt) => match lock(&directory.join(LOCK)).and_then(|_lock| current(&path)) {
                Ok(read) => read,
                Err(error) => (State::default(), Some(unreadable(&path, &error))),
            },
        }
    }

    /// Change what is remembered: read, change and write under a lock, so that many programs at once lose nothing. Never writes over
    /// what could not be read: that is kept beside the new file, or nothing is remembered. What there is to say about it, if anything.
    #[must_use = "the user is to know what is not remembered"]
    pub fn change(&self, change: impl FnOnce(&mut State)) -> Option<Finding> {
        let Some(directory) = &self.directory else { return Some(Finding::of_file("state-no-home", Vec::new())) };
        match change_in(directory, change) {
            Ok(finding) => finding,
            Err(error) => Some(unwritable(&directory.join(FILE), &error)),
        }
    }
}

fn change_in(directory: &Path, change: impl FnOnce(&mut State)) -> io::Result<Option<Finding>> {
    create(directory)?;
    let _lock = lock(&directory.join(LOCK))?;
    let path = directory.join(FILE);
    let (mut state, finding) = current(&path)?;
    change(&mut state);
    let mut bytes = serde_json::to_vec_pretty(&state)?;
    bytes.push(b'\n');
    replace(&path, &bytes)?;
    Ok(finding)
}

/// What the file holds, with the lock held. What cannot be read is out of the way afterwards; fails if it cannot be moved there.
fn current(path: &Path) -> io::Result<(State, Option<Finding>)> {
    let (code, cause) = match read(path) {
        Ok(state) => return Ok((state, None)),
        Err(Unread::Missing) => return Ok((State::default(), None)),
        Err(Unread::Corrupt) => ("state-corrupt", String::new()),
        Err(Unread::Failed(error)) => ("state-put-aside", error.to_string()),
    };
    let aside = free_name(path, if code == "state-corrupt" { "corrupt" } else { "unread" })?;
    fs::rename(path, &aside)?;
    Ok((State::default(), Some(Finding::of_file(code, vec![("path", shown(&aside)), ("cause", cause)]))))
}

/// `state.json.corrupt`, `state.json.corrupt.2` …: the first that nothing has, so that what was put aside before stays too.
fn free_name(path: &Path, why: &str) -> io::Result<PathBuf> {
    let named = |number: u32| match number {
        1 => path.with_added_extension(why),
        _ => path.with_added_extension(format!("{why}.{number}")),
    };
    for name in (1..=MOST_ASIDE).map(named) {
        match fs::symlink_metadata(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(name),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many files were put aside"))
}

enum Unread {
    Missing,
    Corrupt,
    Failed(io::Error),
}

fn read(path: &Path) -> Result<State, Unread> {
    let file = match File::options().read(true).custom_flags(NO_WAIT).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unread::Missing),
        Err(error) => return Err(Unread::Failed(error)),
    };
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Err(Unread::Failed(io::Error::new(io::ErrorKind::InvalidInput, "not a file")));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(Unread::Failed)?;
    serde_json::from_slice(&bytes).map_err(|_| Unread::Corrupt)
}

fn unreadable(path: &Path, error: &io::Error) -> Finding {
    Finding::of_file("state-unreadable", vec![("path", shown(path)), ("cause", error.to_string())])
}

fn unwritable(path: &Path, error: &io::Error) -> Finding {
    Finding::of_file("state-unwritable", vec![("path", shown(path)), ("cause", error.to_string())])
}

fn shown(path: &Path) -> String {
    Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::thread;

    use tempfile::TempDir;

    use super::*;

    fn memory() -> (TempDir, Memory) {
        let directory = tempfile::tempdir().unwrap();
        let memory = Memory::new(Some(directory.path().join("ec2dash")));
        (directory, memory)
    }

    #[test]
    fn what_is_changed_is_read_again_and_private() {
        let (directory, memory) = memory();

        assert_eq!(memory.change(|state| state.first_run_seen = true), None);

        assert!(memory.read().0.first_run_seen);
        let mode = |name: &str| fs::metadata(directory.path().join(name)).unwrap().mode() & 0o777;
        assert_eq!((mode("ec2dash"), mode("ec2dash/state.json"), mode("ec2dash/state.lock")), (0o700, 0o600, 0o600));
    }

    #[test]
    fn an_access_request_is_found_in_its_place_alone_and_forgotten_by_its_id() {
        let mut state = State::default();
        let id: InstanceId = "i-0a1b2c3d".parse().unwrap();
        let place = |profile: &str| Place { profile: Some(ProfileName::new(profile)), region: "us-east-1".parse().unwrap() };
        for number in 0..60 {
            state.keep_access_request(&format!("i-{number:08x}").parse().unwrap(), &place("a"), "oi-1", number);
        }
        state.keep_access_request(&id, &place("a"), "oi-2", 99);

        assert_eq!((state.access_requests.len(), state.access_requests.contains_key("i-00000000")), (MOST_REQUESTS, false));
        assert_eq!(state.access_request(&id, &place("a")).map(|known| known.id.as_str()), Some("oi-2"));
        assert_eq!(state.access_request(&id, &place("b")), None);
        state.forget_access_request(&id, "oi-1");
        assert!(state.access_request(&id, &place("a")).is_some());
        state.forget_access_request(&id, "oi-2");
        assert_eq!(state.access_request(&id, &place("a")), None);
    }

    #[test]
    fn many_changes_at_once_lose_nothing() {
        let (_directory, memory) = memory();

        thread::scope(|scope| {
            for number in 0..20 {
                let memory = &memory;
                scope.spawn(move || {
                    let _ = memory.change(|state| {
                        state.regions.insert(format!("p{number}"), "us-east-1".to_owned());
                    });
                });
            }
        });

        assert_eq!(memory.read().0.regions.len(), 20);
    }

    #[test]
    fn a_broken_file_is_put_aside_and_told() {
        let (directory, memory) = memory();
        assert_eq!(memory.change(|_| ()), None);
        fs::write(directory.path().join("ec2dash/state.json"), "{").unwrap();

        let (state, finding) = memory.read();

        assert_eq!(state, State::default());
        assert_eq!(finding.unwrap().code, "state-corrupt");
        assert_eq!(fs::read_to_string(directory.path().join("ec2dash/state.json.corrupt")).unwrap(), "{");
        assert_eq!(memory.read().1, None);
    }

    #[test]
    fn what_was_put_aside_before_is_not_replaced_by_the_next() {
        let (directory, memory) = memory();
        assert_eq!(memory.change(|_| ()), None);
        for text in ["{1", "{2"] {
            fs::write(directory.path().join("ec2dash/state.json"), text).unwrap();
            assert_eq!(memory.read().1.unwrap().code, "state-corrupt");
        }

        let kept = |name: &str| fs::read_to_string(directory.path().join("ec2dash").join(name)).unwrap();
        assert_eq!((kept("state.json.corrupt"), kept("state.json.corrupt.2")), ("{1".to_owned(), "{2".to_owned()));
    }

    /// A file whose reading fails with EIO, also for root: the memory of a process at its address 0.
    #[cfg(target_os = "linux")]
    fn unreadable_file(directory: &TempDir) -> PathBuf {
        let path = directory.path().join("ec2dash/state.json");
        create(&directory.path().join("ec2dash")).unwrap();
        symlink("/proc/self/mem", &path).unwrap();
        path
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn reading_leaves_a_file_that_cannot_be_read_where_it_is_and_says_so() {
        let (directory, memory) = memory();
        let path = unreadable_file(&directory);

        let (state, finding) = memory.read();

        assert_eq!((state, finding.unwrap().code), (State::default(), "state-unreadable"));
        assert_eq!(fs::read_link(path).unwrap(), Path::new("/proc/self/mem"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_change_keeps_a_file_that_cannot_be_read_aside_and_says_where() {
        let (directory, memory) = memory();
        let path = unreadable_file(&directory);

        let finding = memory.change(|state| state.first_run_seen = true).unwrap();

        let aside = path.with_added_extension("unread");
        assert_eq!(finding.code, "state-put-aside");
        assert!(finding.values.contains(&("path", shown(&aside))), "{finding:?}");
        assert_eq!(fs::read_link(aside).unwrap(), Path::new("/proc/self/mem"));
        assert!(memory.read().0.first_run_seen);
    }

    #[test]
    fn what_cannot_be_put_aside_is_not_written_over() {
        let (directory, memory) = memory();
        let state = directory.path().join("ec2dash");
        create(&state).unwrap();
        fs::write(state.join("state.json"), "{").unwrap();
        for number in 2..=MOST_ASIDE {
            fs::write(state.join(format!("state.json.corrupt.{number}")), "").unwrap();
        }
        fs::write(state.join("state.json.corrupt"), "").unwrap();

        let told = [memory.read().1.unwrap().code, memory.change(|_| ()).unwrap().code];

        assert_eq!(told, ["state-unreadable", "state-unwritable"]);
        assert_eq!(fs::read_to_string(state.join("state.json")).unwrap(), "{");
    }

    #[test]
    fn what_a_later_version_remembers_is_kept() {
        let (directory, memory) = memory();
        assert_eq!(memory.change(|_| ()), None);
        let text = r#"{"marked": ["web-1"], "last": {"id": "i-0a1b2c3d", "region": "us-east-1", "method": "eic"}}"#;
        fs::write(directory.path().join("ec2dash/state.json"), text).unwrap();

        assert_eq!(memory.change(|state| state.first_run_seen = true), None);

        let text = fs::read_to_string(directory.path().join("ec2dash/state.json")).unwrap();
        assert!(text.contains("web-1") && text.contains("first_run_seen") && text.contains("\"method\": \"eic\""), "{text}");
    }

    #[test]
    fn nothing_is_remembered_without_a_home_and_that_is_said() {
        let memory = Memory::new(None);

        assert_eq!(memory.read(), (State::default(), None));
        assert_eq!(memory.change(|_| ()).unwrap().code, "state-no-home");
    }

    #[test]
    fn an_edited_last_target_must_still_be_an_id() {
        let last = Last { id: "-oX".to_owned(), region: "us-east-1".to_owned(), ..Last::default() };

        assert_eq!(last.parsed(), None);
    }
}
