//! The remote desktop program of this computer, and how it is started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A program that shows desktops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopClient {
    program: PathBuf,
    kind: Kind,
}

/// How a program is told where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// FreeRDP: it asks for the password on the terminal.
    FreeRdp,
    /// Windows' own, from its Linux subsystem.
    Mstsc,
    /// Whatever macOS opens `.rdp` files with; it does not stay in the foreground.
    Open,
}

/// In the order in which they are preferred.
const FREE_RDP: [&str; 4] = ["xfreerdp3", "xfreerdp", "sdl-freerdp3", "wlfreerdp"];

impl DesktopClient {
    /// The one that is here and has a screen to show on. `variable` reads the environment.
    pub fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let path = variable("PATH").unwrap_or_default();
        let found = |name: &str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file());
        let of = |kind: Kind| move |program: PathBuf| Self { program, kind };
        if cfg!(target_os = "macos") {
            return found("open").map(of(Kind::Open));
        }
        if is_set("WSL_DISTRO_NAME")
            && let Some(program) = found("mstsc.exe")
        {
            return Some(of(Kind::Mstsc)(program));
        }
        let has_screen = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        FREE_RDP.iter().filter(|_| has_screen).find_map(|name| found(name)).map(of(Kind::FreeRdp))
    }

    /// What people call it.
    pub fn name(&self) -> String {
        self.program.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether it wants a `.rdp` file.
    pub fn wants_file(&self) -> bool {
        self.kind == Kind::Open
    }

    /// Whether the desktop is over when the program ends.
    pub fn stays(&self) -> bool {
        self.kind != Kind::Open
    }

    /// What it is asked to tell of itself, where that says whether it takes a [fingerprint](Self::takes_fingerprint).
    pub fn help_command(&self) -> Option<[OsString; 2]> {
        (self.kind == Kind::FreeRdp).then(|| [self.program.clone().into(), "/help".into()])
    }

    /// Whether it can be told, by what it says then, which certificate is the right one: FreeRDP can since 2.1.
    pub fn takes_fingerprint(help: &str) -> bool {
        help.contains("fingerprint:<hash>:<hash as hex>")
    }

    /// The program and its arguments. There is never a password among them. `sha256`: of the certificate that was checked, for one that
    /// takes it and asks nothing then.
    pub fn command(&self, address: &str, user: &str, file: Option<&Path>, sha256: Option<&str>) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec![self.program.clone().into()];
        match self.kind {
            Kind::FreeRdp => {
                let fingerprint = sha256.map(|sha256| format!("/cert:fingerprint:sha256:{sha256}"));
                words.extend([format!("/v:{address}"), format!("/u:{user}")].into_iter().chain(fingerprint).map(OsString::from));
            }
            Kind::Mstsc => words.push(format!("/v:{address}").into()),
            Kind::Open => words.extend(file.map(|file| file.as_os_str().to_owned())),
        }
        words
    }
}

/// A `.rdp` file: where to go and as whom, and that the password is asked for.
pub fn desktop_file(address: &str, user: &str) -> String {
    format!(
        "full address:s:{address}\r\nusername:s:{user}\r\nprompt for credentials:i:1\r\nauthentication level:i:2\r\nnegotiate security layer:i:1\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(programs: &[&str], variables: &[(&str, &str)]) -> Option<DesktopClient> {
        let folder = tempfile::tempdir().unwrap();
        programs.iter().for_each(|name| std::fs::write(folder.path().join(name), "").unwrap());
        DesktopClient::find(|name| match name {
            "PATH" => Some(folder.path().into()),
            name => variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into()),
        })
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_counts_only_where_it_has_a_screen() {
        let name = |client: Option<DesktopClient>| client.map(|client| client.name());
        let screen = [("DISPLAY", ":0")];

        assert_eq!(name(found(&["xfreerdp", "xfreerdp3"], &screen)).as_deref(), Some("xfreerdp3"));
        assert_eq!(name(found(&["wlfreerdp"], &[("WAYLAND_DISPLAY", "wayland-0")])).as_deref(), Some("wlfreerdp"));
        assert_eq!(name(found(&["xfreerdp"], &[("DISPLAY", "")])), None);
        assert_eq!(name(found(&[], &screen)), None);
        assert_eq!(name(found(&["mstsc.exe", "xfreerdp"], &[("WSL_DISTRO_NAME", "Debian")])).as_deref(), Some("mstsc.exe"));
    }

    #[test]
    fn a_client_is_told_where_and_as_whom_in_words_of_its_own() {
        let words = |kind| {
            let client = DesktopClient { program: "/bin/x".into(), kind };
            let words = client.command("127.0.0.1:4321", "Administrator", Some(Path::new("/run/a b.rdp")), Some("0a:1b"));
            words.into_iter().map(|word| word.into_string().unwrap()).collect::<Vec<_>>()
        };

        assert_eq!(words(Kind::FreeRdp), ["/bin/x", "/v:127.0.0.1:4321", "/u:Administrator", "/cert:fingerprint:sha256:0a:1b"]);
        assert_eq!(words(Kind::Mstsc), ["/bin/x", "/v:127.0.0.1:4321"]);
        assert_eq!(words(Kind::Open), ["/bin/x", "/run/a b.rdp"]);
        assert!(
            desktop_file("127.0.0.1:1", "A")
                .starts_with("full address:s:127.0.0.1:1\r\nusername:s:A\r\nprompt for credentials:i:1\r\n")
        );
    }
}
