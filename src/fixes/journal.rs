//! The records of fixes: a file each, 0600, whole at every moment, and locked by whoever works on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::change::Change;
use super::record::{Record, Standing, StepState};
use crate::access::AddedKey;
use crate::config::create;
use crate::config::whole_file::{lock, lock_now, replace};
use crate::model::InstanceId;

const FOLDER: &str = "fixes";
/// Held while a number is given.
const LOCK: &str = "lock";
/// Most bytes of a record.
const MOST_BYTES: u64 = 256 * 1024;
/// So many records of which nothing is left are kept.
const MOST_ENDED: usize = 200;

/// The folder of the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    folder: PathBuf,
}

/// A record that nobody else works on as long as this lives.
#[derive(Debug)]
pub struct OpenRecord {
    record: Record,
    path: PathBuf,
    _lock: File,
}

/// A record that is there and cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its number.
    pub number: u32,
    /// Why not.
    pub cause: io::Error,
}

/// Why a record is not ours to work on.
#[derive(Debug)]
pub enum NotOpened {
    /// There is none of this number.
    Missing,
    /// Another program works on it.
    Busy,
    /// It cannot be read.
    Unreadable(io::Error),
}

impl Journal {
    /// The journal in a state directory. Nothing is made before something is written.
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join(FOLDER) }
    }

    /// Write a record down under the next number, before anything is asked of AWS.
    pub fn begin(&self, mut record: Record) -> io::Result<OpenRecord> {
        create(&self.folder)?;
        let _numbers = lock(&self.folder.join(LOCK))?;
        record.number = self.numbers()?.last().map_or(1, |last| last.saturating_add(1));
        let lock = lock_now(&self.lock_of(record.number))?;
        let lock = lock.ok_or_else(|| io::Error::new(io::ErrorKind::WouldBlock, "another program holds the lock"))?;
        let open = OpenRecord { path: self.path_of(record.number), record, _lock: lock };
        open.write()?;
        self.forget_old_ones();
        Ok(open)
    }

    /// Take a record to work on it.
    pub fn open(&self, number: u32) -> Result<OpenRecord, NotOpened> {
        let path = self.path_of(number);
        if !path.exists() {
            return Err(NotOpened::Missing);
        }
        let lock = lock_now(&self.lock_of(number)).map_err(NotOpened::Unreadable)?.ok_or(NotOpened::Busy)?;
        // Read under the lock: what it says now is what holds.
        let record = read(&path).map_err(NotOpened::Unreadable)?;
        Ok(OpenRecord { record, path, _lock: lock })
    }

    /// All records, the latest first.
    pub fn list(&self) -> io::Result<Vec<Result<Record, Unreadable>>> {
        let record = |number| read(&self.path_of(number)).map_err(|cause| Unreadable { number, cause });
        Ok(self.numbers()?.into_iter().rev().map(record).collect())
    }

    /// The records that a program which has ended was to take back, the latest first.
    pub fn orphans(&self) -> Vec<Record> {
        let all = self.list().unwrap_or_default().into_iter().flatten();
        let is_left = |record: &Record| record.until_exit && record.standing().is_open() && !self.is_busy(record.number);
        all.filter(is_left).collect()
    }

    /// The keys that instances were told to take, as far as that was not taken back, or that they took already.
    pub fn added_keys(&self) -> BTreeMap<InstanceId, Vec<AddedKey>> {
        let mut keys: BTreeMap<InstanceId, Vec<AddedKey>> = BTreeMap::new();
        for step in self.list().unwrap_or_default().into_iter().flatten().flat_map(|record| record.steps) {
            let Change::AddKey { instance, user, line } = step.change else { continue };
            let Ok(id) = instance.as_str().parse() else { continue };
            if matches!(step.state, StepState::Done | StepState::WasThere) {
                keys.entry(id).or_default().push(AddedKey { user, public: line.public().clone() });
            }
        }
        keys
    }

    /// Whether a program works on it.
    pub fn is_busy(&self, number: u32) -> bool {
        matches!(lock_now(&self.lock_of(number)), Ok(None))
    }

    fn path_of(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number}.json"))
    }

    fn lock_of(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{number}.lock"))
    }

    /// The numbers that are given.
    fn numbers(&self) -> io::Result<BTreeSet<u32>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(error),
        };
        let mut numbers = BTreeSet::new();
        for entry in entries {
            let name = entry?.file_name();
            numbers.extend(name.to_str().and_then(|name| name.strip_suffix(".json")?.parse::<u32>().ok()));
        }
        Ok(numbers)
    }

    /// Of what is over the oldest go. That they stay is no reason to carry nothing out.
    fn forget_old_ones(&self) {
        let ended = |record: &Record| matches!(record.standing(), Standing::TakenBack | Standing::NotMade);
        let known = self.list().unwrap_or_default().into_iter().flatten().filter(ended);
        for record in known.skip(MOST_ENDED).filter(|record| !self.is_busy(record.number)) {
            let _ = fs::remove_file(self.path_of(record.number));
            let _ = fs::remove_file(self.lock_of(record.number));
        }
    }
}

impl OpenRecord {
    /// What it says.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The change of a step, about what the steps before it made: from here on it says so.
    pub fn settle(&mut self, at: usize) -> Option<Change> {
        let made: Vec<Option<String>> = self.record.steps.iter().map(|step| step.made.clone()).collect();
        let step = self.record.steps.get_mut(at)?;
        for id in step.change.ids_mut() {
            let told = id.step().and_then(|step| made.get(step.checked_sub(1)?)?.as_deref()?.parse().ok());
            *id = told.unwrap_or_else(|| id.clone());
        }
        Some(step.change.clone())
    }

    /// Write down how far a step came, at `now`. `made`: the id of what was made, where one was told.
    pub fn note(&mut self, at: usize, state: StepState, made: Option<String>, now: i64) -> io::Result<()> {
        if let Some(step) = self.record.steps.get_mut(at) {
            (step.state, step.at) = (state, now);
            step.made = made.or(step.made.take());
        }
        self.write()
    }

    fn write(&self) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(&self.record)?;
        bytes.push(b'\n');
        replace(&self.path, &bytes)
    }
}

fn read(path: &Path) -> io::Result<Record> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes)?;
    let record: Record = serde_json::from_slice(&bytes)?;
    let number = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok());
    if number != Some(record.number) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is the record of another number"));
    }
    Ok(record)
}
