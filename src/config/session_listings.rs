//! The accounts and roles that SSO sessions gave last, kept in the cache directory: a list of them is there at once, with its age.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::create;
use super::inventory_cache::{bytes_of, file_name};
use crate::model::{AccountId, SessionPlace, SsoAccount};

/// Raised with every change of the form; a file of another version is left alone.
const VERSION: u32 = 1;
/// The largest file that is read: 10,000 accounts take about a megabyte.
const LARGEST: u64 = 64 << 20;
/// The folder in the cache directory.
const FOLDER: &str = "sso";

/// The files of all sessions.
#[derive(Debug, Clone, Default)]
pub struct SessionListings {
    directory: Option<PathBuf>,
}

/// What a session gave, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionListing {
    /// The accounts with their roles.
    pub accounts: Vec<SsoAccount>,
    /// When the portal told them.
    pub told: Timestamp,
}

impl SessionListing {
    /// Whether it was told no longer ago than this. A time to come is no age.
    pub fn is_younger(&self, than: SignedDuration, now: Timestamp) -> bool {
        let age = now.duration_since(self.told);
        age >= SignedDuration::ZERO && age < than
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    whose: String,
    told: i64,
    accounts: Vec<KeptAccount>,
}

#[derive(Serialize, Deserialize)]
struct KeptAccount {
    id: String,
    name: Option<String>,
    roles: Vec<String>,
}

impl SessionListings {
    /// The files below this directory; `None`: nothing is kept.
    pub fn new(cache: Option<PathBuf>) -> Self {
        Self { directory: cache.map(|cache| cache.join(FOLDER)) }
    }

    /// What was kept of a session. A file that cannot be used holds nothing: the session can be asked again.
    pub fn read(&self, whose: &str) -> Option<SessionListing> {
        let kept = kept(&self.path(whose)?).filter(|kept| kept.whose == whose)?;
        let account =
            |own: KeptAccount| Some(SsoAccount { id: own.id.parse().ok()?, name: own.name.map(Into::into), roles: own.roles });
        let accounts = kept.accounts.into_iter().filter_map(account).collect();
        Some(SessionListing { accounts, told: Timestamp::from_millisecond(kept.told).ok()? })
    }

    /// The places of all sessions that have a name, as far as they were told.
    pub fn places(&self) -> Vec<SessionPlace> {
        let files = self.directory.as_ref().and_then(|directory| fs::read_dir(directory).ok()).into_iter().flatten().flatten();
        let kept = files.filter_map(|file| kept(&file.path()));
        let places = kept.flat_map(|Kept { whose, accounts, .. }| {
            // What it is kept under begins with its name.
            let session = whose.rsplitn(4, ' ').nth(3).unwrap_or_default().to_owned();
            let of = move |own: KeptAccount| {
                let (session, id) = (session.clone(), own.id.parse::<AccountId>().ok());
                own.roles.into_iter().filter_map(move |role| SessionPlace::new(&session, id.clone()?, &role))
            };
            accounts.into_iter().flat_map(of)
        });
        let mut places: Vec<SessionPlace> = places.collect();
        places.sort();
        places
    }

    /// Keep what a session gave, whole or not at all.
    pub fn write(&self, whose: &str, accounts: &[SsoAccount], told: Timestamp) -> io::Result<()> {
        let (Some(path), Some(directory)) = (self.path(whose), &self.directory) else { return Ok(()) };
        create(directory)?;
        let account = |own: &SsoAccount| KeptAccount {
            id: own.id.to_string(),
            name: own.name.as_ref().map(|name| name.raw().to_owned()),
            roles: own.roles.clone(),
        };
        let accounts = accounts.iter().map(account).collect();
        let kept = Kept { version: VERSION, whose: whose.to_owned(), told: told.as_millisecond(), accounts };
        // A name of this process: two that write the same listing do not write into one file.
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(&serde_json::to_vec(&kept)?)?;
            fs::rename(&new, &path)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written
    }

    /// Somebody else may be signed in now.
    pub fn forget(&self, whose: &str) {
        if let Some(path) = self.path(whose) {
            // What is not there is forgotten.
            let _ = fs::remove_file(path);
        }
    }

    fn path(&self, whose: &str) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| directory.join(file_name(whose)))
    }
}

/// What a file holds, if it is one of this version.
fn kept(path: &Path) -> Option<Kept> {
    let bytes = bytes_of(path, LARGEST).ok()??;
    serde_json::from_slice(&bytes).ok().filter(|kept: &Kept| kept.version == VERSION)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_listing_is_read_as_it_was_told_and_by_nobody_else() {
        let directory = tempfile::tempdir().unwrap();
        let listings = SessionListings::new(Some(directory.path().to_owned()));
        let account = |name: Option<&str>| SsoAccount {
            id: "444455556666".parse().unwrap(),
            name: name.map(Into::into),
            roles: vec!["Admin".to_owned(), "ReadOnly".to_owned()],
        };
        let accounts = [account(Some("a\u{1b}[2J\nb")), account(None)];

        assert_eq!(listings.read("corp"), None);
        listings.write("corp", &accounts, Timestamp::UNIX_EPOCH).unwrap();

        let read = listings.read("corp").unwrap();
        assert_eq!((read.accounts.as_slice(), read.told), (&accounts[..], Timestamp::UNIX_EPOCH));
        assert_eq!(listings.read("other"), None);
        fs::copy(listings.path("corp").unwrap(), listings.path("other").unwrap()).unwrap();
        assert_eq!(listings.read("other"), None, "the file says whose it is");
        listings.forget("other");
        listings
            .write("my corp https://corp.example/start eu-west-1 portal.example", &accounts[..1], Timestamp::UNIX_EPOCH)
            .unwrap();
        let places: Vec<String> = listings.places().iter().map(ToString::to_string).collect();
        assert_eq!(places, ["my corp/444455556666/Admin", "my corp/444455556666/ReadOnly"]);
        listings.forget("my corp https://corp.example/start eu-west-1 portal.example");
        let file = fs::read_dir(directory.path().join(FOLDER)).unwrap().next().unwrap().unwrap().path();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        assert_eq!(listings.read("corp"), None, "others may have written it");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, fs::read_to_string(&file).unwrap().replace("\"version\":1", "\"version\":2")).unwrap();
        assert_eq!(listings.read("corp"), None, "another version");
        listings.forget("corp");
        assert!(!file.exists());
        assert!(SessionListings::default().write("corp", &accounts, Timestamp::UNIX_EPOCH).is_ok());
    }

    #[test]
    fn a_listing_of_the_future_is_not_young() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let listing = SessionListing { accounts: Vec::new(), told: at(1_000) };
        let hour = SignedDuration::from_hours(1);

        assert_eq!([1_000, 4_599, 4_600, 999].map(|now| listing.is_younger(hour, at(now))), [true, true, false, false]);
    }
}
