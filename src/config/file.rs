//! The configuration file on disk: whether it may be trusted, and what it says.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::loaded::{Loaded, Refused};
use super::parse::parse_among;
use super::theme::{directory, is_name, own_themes, parse_theme};
use super::{Finding, OwnColours, OwnTheme, Problems};
use crate::model::Untrusted;

/// Most bytes of a file.
const MOST_BYTES: u64 = 1024 * 1024;
/// Permission bits that let group or others write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Whether the file must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The user named it.
    Required,
    /// It is the usual place, and may be empty.
    Optional,
}

/// Read the settings in `path`. `home` resolves `~`; it is an argument so that tests need no environment.
pub fn load(path: &Path, presence: Presence, home: Option<&Path>) -> Result<Loaded, Problems> {
    let problems = |findings| Problems { path: path.to_owned(), findings, read: Box::default() };
    let source = match read(path) {
        Ok(Some(source)) => source,
        Ok(None) if presence == Presence::Optional => return Ok(Loaded::default()),
        Ok(None) => return Err(problems(vec![Finding::of_file("config-not-found", Vec::new())])),
        Err(finding) => return Err(problems(vec![finding])),
    };
    let mut loaded = parse_among(&source, home, &own_themes(path)).map_err(|refused| {
        let Refused { findings, read } = *refused;
        Problems { path: path.to_owned(), findings, read: Box::new(read) }
    })?;
    if let Some(theme) = loaded.settings.ui.own_theme.take() {
        let (colours, problems) = read_theme(path, &theme.name);
        loaded.settings.ui.own_theme = colours.map(|colours| OwnTheme { colours, ..theme });
        loaded.theme_problems = problems;
    }
    Ok(loaded)
}

/// Read a theme of the user's: its colours as far as they are right, and what is wrong with the others. Nothing, if the file cannot be
/// used at all.
pub fn read_theme(settings_file: &Path, name: &str) -> (Option<OwnColours>, Option<Problems>) {
    let path = directory(settings_file).join(format!("{name}.toml"));
    let problems = |findings: Vec<Finding>| {
        (!findings.is_empty()).then_some(Problems { path: path.clone(), findings, read: Box::default() })
    };
    let source = match read(&path) {
        _ if !is_name(name) => Err(Finding::of_file("config-not-found", Vec::new())),
        Ok(Some(source)) => Ok(source),
        Ok(None) => Err(Finding::of_file("config-not-found", Vec::new())),
        Err(finding) => Err(finding),
    };
    match source {
        Ok(source) => {
            let (colours, findings) = parse_theme(&source);
            (colours, problems(findings))
        }
        Err(finding) => (None, problems(vec![finding])),
    }
}

/// The text of the file, `None` if there is none. The checks are made on the open file, so that it cannot be exchanged in between.
fn read(path: &Path) -> Result<Option<String>, Finding> {
    let unreadable = |error: io::Error| Finding::of_file("config-unreadable", vec![("cause", error.to_string())]);
    // A pipe in the file's place must not make us wait for its writer.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let opened = std::os::unix::fs::OpenOptionsExt::custom_flags(File::options().read(true), flags).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    trust(path, &file.metadata().map_err(unreadable)?)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Finding::of_file("config-too-large", Vec::new()));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Finding::of_file("config-not-utf8", vec![("line", line.to_string())])
    })
}

/// The file names programs' arguments, keys and addresses: who may write it decides what runs as us.
fn trust(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Finding> {
    if !metadata.is_file() {
        return Err(Finding::of_file("config-not-a-file", Vec::new()));
    }
    let us = rustix::process::geteuid().as_raw();
    let shown = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200);
    if metadata.uid() != us && metadata.uid() != 0 {
        return Err(Finding::of_file("config-foreign-owner", vec![("path", shown), ("user", us.to_string())]));
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(Finding::of_file("config-writable", vec![("path", shown)]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::PathBuf;

    use super::*;
    use crate::text::Catalogue;

    fn refusal(bytes: &[u8], mode: u32) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let problems = load(&path, Presence::Optional, None).unwrap_err();
        problems.findings[0].text(&Catalogue::english())
    }

    #[test]
    fn a_file_that_others_may_write_is_refused_with_the_chmod() {
        assert!(refusal(b"", 0o664).contains("chmod go-w /"));
        assert!(refusal(b"", 0o602).contains("chmod go-w /"));
    }

    #[test]
    fn a_file_of_more_than_a_mebibyte_is_refused() {
        assert!(refusal(&vec![b'#'; 1024 * 1024 + 1], 0o600).contains("larger than 1 MiB"));
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_with_the_line() {
        assert!(refusal(b"a = 1\n\xff", 0o600).contains("line 2"));
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting() {
        let directory = tempfile::tempdir().unwrap();

        let problems = load(directory.path(), Presence::Optional, None).unwrap_err();

        assert_eq!(problems.findings[0].code, "config-not-a-file");
    }

    #[test]
    fn the_theme_of_the_settings_is_read_beside_them_and_its_faults_leave_the_rest() {
        let (directory, settings) = place();
        fs::write(&settings, "[ui]\ntheme = \"sea\"\n").unwrap();
        let theme = directory.path().join("themes/sea.toml");
        let text = Catalogue::english();

        let missing = load(&settings, Presence::Required, None).unwrap_err();
        assert!(missing.findings[0].located(&text).starts_with("line 2, column 9: unknown theme \"sea\""), "{missing:?}");

        fs::write(&theme, "good = \"#0000ff\"\ngod = \"red\"\n").unwrap();
        let loaded = load(&settings, Presence::Required, None).unwrap();
        let own = loaded.settings.ui.own_theme.unwrap();
        assert_eq!((own.name.as_str(), own.colours.good), ("sea", Some(super::super::Colour::Rgb(0, 0, 255))));
        let problems = loaded.theme_problems.unwrap();
        assert_eq!(problems.path, theme);
        assert_eq!(problems.findings[0].located(&text), "line 2, column 1: unknown key \"god\". Did you mean \"good\"?");

        fs::write(&theme, "good =").unwrap();
        let loaded = load(&settings, Presence::Required, None).unwrap();
        assert_eq!((loaded.settings.ui.own_theme, loaded.theme_problems.is_some()), (None, true));
    }

    #[test]
    fn only_the_usual_place_may_be_empty() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");

        assert_eq!(load(&path, Presence::Optional, None), Ok(Loaded::default()));
        assert_eq!(load(&path, Presence::Required, None).unwrap_err().findings[0].code, "config-not-found");
    }

    /// A directory with settings, and `themes` beside them.
    fn place() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("themes")).unwrap();
        let settings = directory.path().join("config.toml");
        (directory, settings)
    }

    #[test]
    fn a_file_that_cannot_be_used_is_told_and_nothing_is_waited_for() {
        let (directory, settings) = place();
        let themes = directory.path().join("themes");
        fs::write(themes.join("huge.toml"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
        fs::write(themes.join("open.toml"), "").unwrap();
        fs::set_permissions(themes.join("open.toml"), fs::Permissions::from_mode(0o666)).unwrap();
        fs::write(themes.join("bytes.toml"), b"\n\xff").unwrap();
        symlink("cycle.toml", themes.join("cycle.toml")).unwrap();
        fs::create_dir(themes.join("folder.toml")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            themes.join("pipe.toml"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();

        for (name, code) in [
            ("missing", "config-not-found"),
            ("../config", "config-not-found"),
            ("a/b", "config-not-found"),
            ("", "config-not-found"),
            ("huge", "config-too-large"),
            ("open", "config-writable"),
            ("bytes", "config-not-utf8"),
            ("cycle", "config-unreadable"),
            ("folder", "config-not-a-file"),
            ("pipe", "config-not-a-file"),
        ] {
            let (colours, problems) = read_theme(&settings, name);

            assert_eq!(colours, None, "{name}");
            assert_eq!(problems.unwrap().findings[0].code, code, "{name}");
        }
    }

    #[test]
    fn a_file_without_read_permission_is_told() {
        let (directory, settings) = place();
        let path = directory.path().join("themes/shut.toml");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();

        // The superuser reads it all the same.
        let may_read = fs::read(&path).is_ok();
        let (colours, problems) = read_theme(&settings, "shut");

        assert_eq!((colours.is_some(), problems.is_none()), (may_read, may_read));
    }
}
