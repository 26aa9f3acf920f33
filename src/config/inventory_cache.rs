//! The last inventory of each place, kept in the cache directory: it is on the screen before AWS has answered, and completes targets.

mod kept_row;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use self::kept_row::KeptRow;
use super::create;
use crate::model::{Instance, Place};

/// Raised with every change of the form; a file of another version is left alone.
const VERSION: u32 = 1;
/// The largest file that is read: 50,000 instances take about a quarter of it.
const LARGEST: u64 = 256 << 20;
/// The folder in the cache directory.
const FOLDER: &str = "inventory";
/// Most files that are looked at for names.
const FILES: usize = 500;

/// The files of all places.
#[derive(Debug, Clone, Default)]
pub struct InventoryCache {
    directory: Option<PathBuf>,
}

/// What was kept of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalled {
    /// The rows as they were.
    pub rows: Vec<Instance>,
    /// When AWS told them.
    pub told: Timestamp,
}

/// Why a file was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It cannot be read, or is no file of ours.
    Damaged,
    /// Another version of the program wrote it.
    OtherVersion,
    /// Others may have written it: it belongs to another user, or others may write it.
    OthersFile,
}

impl Unusable {
    /// The key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Damaged => "cache-damaged",
            Self::OtherVersion => "cache-other-version",
            Self::OthersFile => "cache-others-file",
        }
    }
}

/// A file, generic in how its rows are there: read, or yet to be written.
#[derive(Serialize, Deserialize)]
struct Kept<R = Vec<KeptRow>> {
    version: u32,
    whose: String,
    profile: Option<String>,
    region: String,
    told: i64,
    rows: R,
}

/// Rows that are written one after the other: all of them made first would be as much memory as the list itself.
struct Writing<'r>(&'r [Arc<Instance>]);

impl Serialize for Writing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|row| KeptRow::of(row)))
    }
}

/// What every version says.
#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl InventoryCache {
    /// The files below this directory; `None`: nothing is kept.
    pub fn new(cache: Option<PathBuf>) -> Self {
        Self { directory: cache.map(|cache| cache.join(FOLDER)) }
    }

    /// What was kept of a place. `whose` tells apart what has the same profile and region and is not the same: another endpoint, other keys.
    pub fn read(&self, place: &Place, whose: &str) -> Result<Option<Recalled>, Unusable> {
        let Some(path) = self.path(place, whose) else { return Ok(None) };
        let Some(kept) = read(&path)? else { return Ok(None) };
        let profile = place.profile.as_ref().map(|profile| profile.raw());
        if kept.whose != whose || kept.profile.as_deref() != profile || kept.region != place.region.as_str() {
            return Err(Unusable::Damaged);
        }
        let place = Arc::new(place.clone());
        let rows = kept.rows.into_iter().map(|row| row.restored(&place)).collect::<Option<Vec<_>>>();
        let told = Timestamp::from_millisecond(kept.told).map_err(|_| Unusable::Damaged)?;
        Ok(Some(Recalled { rows: rows.ok_or(Unusable::Damaged)?, told }))
    }

    /// Keep the rows of a place, whole or not at all.
    pub fn write(&self, place: &Place, whose: &str, rows: &[Arc<Instance>], told: Timestamp) -> io::Result<()> {
        let (Some(path), Some(directory)) = (self.path(place, whose), &self.directory) else { return Ok(()) };
        create(directory)?;
        let kept = Kept {
            version: VERSION,
            whose: whose.to_owned(),
            profile: place.profile.as_ref().map(|profile| profile.raw().to_owned()),
            region: place.region.to_string(),
            told: told.as_millisecond(),
            rows: Writing(rows),
        };
        // A name of this process: two that write the same place do not write into one file.
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let written = write_new(&new, &kept).and_then(|()| fs::rename(&new, &path));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }

    /// Names and ids of all that is kept, for a shell that completes a target. A file that cannot be used holds none.
    pub fn targets(&self) -> Vec<String> {
        let Some(files) = self.directory.as_ref().and_then(|directory| fs::read_dir(directory).ok()) else { return Vec::new() };
        let paths = files.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "json"));
        let rows = paths.take(FILES).filter_map(|path| read(&path).ok().flatten()).flat_map(|kept| kept.rows);
        let mut targets: Vec<String> = rows.flat_map(|row| [row.name().map(str::to_owned), Some(row.id)]).flatten().collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    fn path(&self, place: &Place, whose: &str) -> Option<PathBuf> {
        let profile = place.profile.as_ref().map_or("", |profile| profile.raw());
        let name = file_name(&format!("{whose}\0{profile}\0{}", place.region));
        self.directory.as_ref().map(|directory| directory.join(name))
    }
}

/// The name of the file for this text. Names of profiles and sessions may hold anything: the file is called by what they come to, and
/// holds them.
pub(super) fn file_name(text: &str) -> String {
    let half = |seed: u64| text.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{:016x}{:016x}.json", half(0xcbf2_9ce4_8422_2325), half(0x6c62_272e_07bb_0142))
}

/// What stands in a file that nobody else may write.
pub(super) fn bytes_of(path: &Path, largest: u64) -> Result<Option<Vec<u8>>, Unusable> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    let file = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|_| Unusable::Damaged)?,
    };
    let metadata = file.metadata().map_err(|_| Unusable::Damaged)?;
    if !metadata.is_file() || metadata.len() > largest {
        return Err(Unusable::Damaged);
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o022 != 0 {
        return Err(Unusable::OthersFile);
    }
    let mut bytes = Vec::new();
    BufReader::new(file).take(largest).read_to_end(&mut bytes).map_err(|_| Unusable::Damaged)?;
    Ok(Some(bytes))
}

fn read(path: &Path) -> Result<Option<Kept>, Unusable> {
    let Some(text) = bytes_of(path, LARGEST)? else { return Ok(None) };
    match serde_json::from_slice::<Kept>(&text) {
        Ok(kept) if kept.version == VERSION => Ok(Some(kept)),
        _ => match serde_json::from_slice::<Head>(&text) {
            Ok(head) if head.version != VERSION => Err(Unusable::OtherVersion),
            _ => Err(Unusable::Damaged),
        },
    }
}

fn write_new(path: &Path, kept: &Kept<Writing<'_>>) -> io::Result<()> {
    // Whatever else has this name is of a run that was killed.
    let _ = fs::remove_file(path);
    let file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let mut out = BufWriter::new(file);
    serde_json::to_writer(&mut out, kept)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use tempfile::TempDir;

    use super::*;
    use crate::model::{Fact, Grant, Image, ProfileName, ProfileRole, SecurityGroup, Ssm, SsmStatus, row};

    fn place() -> Place {
        Place { profile: Some(ProfileName::new("prod/../../admin")), region: "us-east-1".parse().unwrap() }
    }

    fn rows() -> Vec<Arc<Instance>> {
        let mut first = (*row("i-0aaaaaaaaaaaaaaa1", "web\u{1b}[2J-1")).clone();
        first.place = Arc::new(place());
        first.tags.insert("env".into(), "prod".into());
        first.security_groups = vec![SecurityGroup { id: "sg-1".into(), name: "web".into() }];
        first.instance_profile = Some("web".into());
        first.role = Fact::Known(ProfileRole {
            role: Some("web-role".into()),
            grant: Fact::Known(Grant::Sessions),
            has_retired_policy: false,
        });
        first.ssm = Fact::Known(Ssm { status: SsmStatus::Online, agent_version: Some("3.3".into()), ..Ssm::unmanaged() });
        first.image = Some("ami-1".into());
        first.image_name = Fact::Known(Some(Image { name: "al2023".into(), owner: None, owner_alias: Some("amazon".into()) }));
        let mut second = (*row("i-0aaaaaaaaaaaaaaa2", "")).clone();
        (second.place, second.ssm) = (Arc::new(place()), Fact::Pending);
        vec![Arc::new(first), Arc::new(second)]
    }

    fn kept() -> (TempDir, InventoryCache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = InventoryCache::new(Some(directory.path().to_owned()));
        cache.write(&place(), "here", &rows(), Timestamp::UNIX_EPOCH).unwrap();
        (directory, cache)
    }

    fn file(directory: &TempDir) -> PathBuf {
        let mut files = fs::read_dir(directory.path().join(FOLDER)).unwrap();
        let file = files.next().unwrap().unwrap().path();
        assert!(files.next().is_none(), "one file, and nothing left beside it");
        file
    }

    #[test]
    fn what_was_kept_comes_back_row_by_row_and_nobody_else_may_read_it() {
        let (directory, cache) = kept();

        let recalled = cache.read(&place(), "here").unwrap().unwrap();

        // What the VPC has is asked for anew.
        let expected = rows().iter().map(|row| Instance { network: Fact::Pending, ..(**row).clone() }).collect();
        assert_eq!(recalled, Recalled { rows: expected, told: Timestamp::UNIX_EPOCH });
        assert_eq!(fs::metadata(file(&directory)).unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn another_place_endpoint_or_key_has_nothing() {
        let (_directory, cache) = kept();
        let other = Place { region: "us-west-2".parse().unwrap(), ..place() };

        assert_eq!(cache.read(&place(), "elsewhere"), Ok(None));
        assert_eq!(cache.read(&other, "here"), Ok(None));
        assert_eq!(InventoryCache::default().read(&place(), "here"), Ok(None));
    }

    #[test]
    fn a_file_that_is_not_ours_is_left_alone_with_a_word() {
        let (directory, cache) = kept();
        let path = file(&directory);
        let text = fs::read_to_string(&path).unwrap();
        let read = |text: &str, mode: u32| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            cache.read(&place(), "here")
        };

        assert_eq!(read(&text.replace("\"version\":1", "\"version\":2"), 0o600), Err(Unusable::OtherVersion));
        assert_eq!(read("{\"version\":7}", 0o600), Err(Unusable::OtherVersion));
        assert_eq!(read(&text, 0o666), Err(Unusable::OthersFile));
        for bad in
            ["", "{", "[]", "null", "{\"version\":1}", &text[..text.len() / 2], &text.replace("i-0aaaaaaaaaaaaaaa1", "../x")]
        {
            assert_eq!(read(bad, 0o600), Err(Unusable::Damaged), "{bad}");
        }
        assert_eq!(read(&text.replace("us-east-1", "us-west-2"), 0o600), Err(Unusable::Damaged), "of another place");
        assert!(read(&text, 0o600).is_ok());
    }

    #[test]
    fn targets_are_names_and_ids() {
        let (_directory, cache) = kept();

        assert_eq!(cache.targets(), ["i-0aaaaaaaaaaaaaaa1", "i-0aaaaaaaaaaaaaaa2", "web\u{1b}[2J-1"]);
    }
}
