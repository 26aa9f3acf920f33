//! Profiles for the places of sessions, appended to the config file that all AWS tools read: what stands there stays.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::Environment;
use super::files::{names_in, paths};
use crate::model::{Region, SessionPlace, Untrusted};

/// A larger file is none of the AWS CLI's.
const LARGEST: u64 = 8 * 1024 * 1024;
/// How often a lock that another program holds is asked for, and how long in between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// A profile for a place of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProfile {
    /// The place; the profile is called as it is.
    pub place: SessionPlace,
    /// What the account is called, for a comment.
    pub account_name: Option<Untrusted>,
    /// The profile's region.
    pub region: Region,
    /// Where people sign in.
    pub start_url: Untrusted,
    /// Where the session's services are.
    pub sso_region: Region,
}

/// What would be appended, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSections {
    wanted: Vec<NewProfile>,
    config: PathBuf,
    credentials: PathBuf,
    /// The sections.
    pub text: String,
    /// How many profiles are among them.
    pub profiles: usize,
    /// Those that have no section because a name cannot stand in every reader's file.
    pub left_out: Vec<SessionPlace>,
}

impl NewSections {
    /// What the files of this process do not have yet. Fails if a file cannot be read.
    pub fn missing(wanted: Vec<NewProfile>) -> io::Result<Self> {
        Self::missing_in(wanted, &Environment::of_process())
    }

    /// As [`NewSections::missing`], with these variables in place of the process's.
    pub fn missing_in(wanted: Vec<NewProfile>, environment: &Environment) -> io::Result<Self> {
        let (config, credentials) = paths(environment).ok_or_else(|| io::Error::other("there is no home directory"))?;
        let (wanted, left_out): (Vec<_>, Vec<_>) = wanted.into_iter().partition(can_stand);
        let mut sections = Self {
            wanted,
            config,
            credentials,
            text: String::new(),
            profiles: 0,
            left_out: left_out.into_iter().map(|own| own.place).collect(),
        };
        (sections.text, sections.profiles) = sections.made_for(&read(&sections.config)?)?;
        Ok(sections)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.config
    }

    /// Append them: what another program has written since they were shown is not written again.
    pub fn append(&self) -> io::Result<usize> {
        // A symbolic link stays, and its target is replaced.
        let path = match fs::canonicalize(&self.config) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.config.clone(),
            Err(error) => return Err(error),
        };
        let directory = path.parent().filter(|own| !own.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let _lock = lock(&path.with_added_extension("lock"))?;
        let before = read(&path)?;
        let (text, profiles) = self.made_for(&before)?;
        if !text.is_empty() {
            let between = match before.as_bytes() {
                [] => "",
                [.., b'\n'] => "\n",
                _ => "\n\n",
            };
            replace(&path, format!("{before}{between}{text}").as_bytes())?;
        }
        Ok(profiles)
    }

    /// The sections that are in neither of the files, and how many of them are profiles.
    fn made_for(&self, config: &str) -> io::Result<(String, usize)> {
        let (mut profiles, mut sessions) = names_in(config, &read(&self.credentials)?);
        let mut made = Vec::new();
        let mut count = 0;
        for own in &self.wanted {
            let session = own.place.session();
            if sessions.insert(session.to_owned()) {
                made.push(format!(
                    "[sso-session {}]\nsso_start_url = {}\nsso_region = {}\nsso_registration_scopes = sso:account:access\n",
                    quoted(session),
                    own.start_url.raw(),
                    own.sso_region
                ));
            }
            let name = own.place.to_string();
            if profiles.insert(name.clone()) {
                let (account, role) = (own.place.account(), own.place.role());
                let comment = own.account_name.as_ref().map(|name| format!("# {}\n", name.shown_in(100))).unwrap_or_default();
                made.push(format!(
                    "{comment}[profile {}]\nsso_session = {session}\nsso_account_id = {account}\nsso_role_name = {role}\nregion = {}\n",
                    quoted(&name),
                    own.region
                ));
                count += 1;
            }
        }
        Ok((made.join("\n"), count))
    }
}

/// Whether every reader of the file takes its names for what they are.
fn can_stand(own: &NewProfile) -> bool {
    let is_taken = |character: char| character.is_alphanumeric() || "_-/.%@:+=, ".contains(character);
    let is_url = own.start_url.raw().starts_with("http") && own.start_url.raw().bytes().all(|byte| byte.is_ascii_graphic());
    own.place.to_string().chars().all(is_taken) && is_url
}

/// A name as it stands in a heading: with quotes where a blank would end it.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}

fn read(path: &Path) -> io::Result<String> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no file, or larger than 8 MiB"));
    }
    fs::read_to_string(path)
}

fn lock(path: &Path) -> io::Result<File> {
    // A pipe in its place is not waited for.
    let no_wait = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).custom_flags(no_wait).open(path)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "another program holds the lock"))
}

/// The old file or the new one, never half of either; readable by whom the old one was. The lock is held.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mode = fs::metadata(path).map_or(0o600, |metadata| metadata.permissions().mode() & 0o777);
    let fresh = path.with_added_extension(format!("{}.new", std::process::id()));
    // What a killed process of the same number left behind.
    let _ = fs::remove_file(&fresh);
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::super::files::tests::{Home, home};
    use super::*;

    fn profile(name: &str, account_name: &str) -> NewProfile {
        NewProfile {
            place: name.parse().unwrap(),
            account_name: Some(account_name.into()),
            region: "eu-west-1".parse().unwrap(),
            start_url: "https://corp.awsapps.com/start#/".into(),
            sso_region: "eu-central-1".parse().unwrap(),
        }
    }

    fn config(home: &Home) -> String {
        fs::read_to_string(home.directory.path().join(".aws/config")).unwrap()
    }

    #[test]
    fn what_stands_there_stays_and_what_is_there_is_not_written_again() {
        let before = "\u{feff}[default]\r\nregion = us-east-1 # mine\r\n\r\n[sso-session corp]\nsso_region=x\n[profile spoilt]\noops\n# no end";
        let home = home(before, "[corp/444455556666/Admin]\naws_access_key_id = A\n", &[]);
        let wanted = ["corp/444455556666/ReadOnly", "corp/444455556666/Admin", "other/444455556666/ReadOnly"];
        let wanted: Vec<NewProfile> = wanted.map(|name| profile(name, "Corp Production")).to_vec();

        let sections = NewSections::missing_in(wanted.clone(), &home.environment).unwrap();
        assert_eq!(config(&home), before, "nothing is written before somebody says so");
        assert_eq!((sections.profiles, sections.append().unwrap()), (2, 2));

        let after = config(&home);
        assert_eq!(after, format!("{before}\n\n{}", sections.text));
        assert_eq!(after.matches("[sso-session corp]").count(), 1);
        assert!(!after.contains("Admin"), "{after}");
        let again = NewSections::missing_in(wanted, &home.environment).unwrap();
        assert_eq!((again.text.as_str(), again.append().unwrap()), ("", 0));
        assert_eq!(config(&home), after);
    }

    #[test]
    fn what_an_account_is_called_stays_in_its_comment() {
        let home = home("", "", &[]);
        let hostile = "x]\n[profile evil]\r\ncredential_process = touch pwned\u{2028}\u{85}#\"'\u{1b}[2J";

        let sections = NewSections::missing_in(vec![profile("corp/444455556666/ReadOnly", hostile)], &home.environment).unwrap();
        sections.append().unwrap();

        let (profiles, _) = names_in(&config(&home), "");
        assert_eq!(profiles.into_iter().collect::<Vec<_>>(), ["corp/444455556666/ReadOnly"]);
        assert_eq!(sections.text.lines().filter(|line| line.starts_with("# x]·[profile evil]")).count(), 1, "{}", sections.text);
        assert!(sections.text.chars().all(|character| character == '\n' || !character.is_control()));
    }

    #[test]
    fn a_name_that_a_reader_would_take_for_another_is_left_out() {
        let home = home("", "", &[]);
        let names =
            ["a\"b/444455556666/x", "a]b/444455556666/x", "a'b/444455556666/x", "a\\b/444455556666/x", "my corp/444455556666/x"];

        let sections = NewSections::missing_in(names.map(|name| profile(name, "A")).to_vec(), &home.environment).unwrap();

        assert_eq!((sections.profiles, sections.left_out.len()), (1, 4));
        assert!(
            sections.text.contains("[sso-session \"my corp\"]\n")
                && sections.text.contains("[profile \"my corp/444455556666/x\"]\n")
        );
    }

    #[test]
    fn a_pipe_in_place_of_the_lock_is_not_waited_for() {
        let home = home("", "", &[]);
        let sections = NewSections::missing_in(vec![profile("corp/444455556666/x", "A")], &home.environment).unwrap();
        let lock = home.directory.path().join(".aws/config.lock");
        rustix::fs::mknodat(rustix::fs::CWD, &lock, rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600), 0)
            .unwrap();

        sections.append().unwrap_err();

        assert_eq!(config(&home), "");
    }

    #[test]
    fn a_link_stays_a_link_and_the_files_mode_is_kept() {
        let home = home("", "", &[]);
        let target = home.directory.path().join("dotfiles");
        fs::write(&target, "[default]\n").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
        let link = home.directory.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let environment = Environment::new([("AWS_CONFIG_FILE", link.to_str().unwrap()), ("HOME", "/nowhere")]);

        NewSections::missing_in(vec![profile("corp/444455556666/x", "A")], &environment).unwrap().append().unwrap();

        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o644);
        assert!(fs::read_to_string(&target).unwrap().starts_with("[default]\n\n[sso-session corp]\n"));
    }
}
