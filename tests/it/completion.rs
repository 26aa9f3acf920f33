//! What the shell is told when Tab is pressed, in a bash that really asks.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::pty::Terminal;
use crate::support::tools::{ec2dash, system_tool};

/// Names that a shell would act on, turn into files, or show as something else.
const HOSTILE: &str = "[profile '$(touch pwned)']\n[profile $(id)]\n[profile '`touch pwned`']\n[profile 'x;touch pwned']\n[profile x;id]\n\
    [profile *]\n[profile ~]\n[profile 'with space']\n[profile 'quo\"ted']\n[profile esc\u{1b}]2;x\u{7}]\n[profile -flag]\n";
const PROFILES: &str = "[default]\nregion = us-east-1\n[profile prod-admin]\nregion = eu-west-1\n\
    [profile prod-read]\ncredential_process = touch pwned\n[profile 프로드]\nregion = us-east-1\n";

/// A home with profiles and saved tunnels, in which nothing that is called answers.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join(".aws")).unwrap();
        fs::create_dir_all(home.path().join(".config/ec2dash")).unwrap();
        fs::write(home.path().join(".aws/config"), format!("{PROFILES}{HOSTILE}")).unwrap();
        let config = "[tunnels.db]\ntarget = \"bastion\"\nforward = \"5432:db.internal:5432\"\n[tunnels.web]\ntarget = \"web-1\"\nforward = \"80\"\n";
        fs::write(home.path().join(".config/ec2dash/config.toml"), config).unwrap();
        fs::create_dir(home.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(ec2dash(), home.path().join("bin/ec2dash")).unwrap();
        Self { home }
    }

    fn environment(&self) -> Vec<(String, String)> {
        let path = format!("{}:/usr/bin:/bin", self.home.path().join("bin").display());
        let home = self.home.path().to_str().unwrap().to_owned();
        // A call to AWS would be one to nowhere, and tell.
        let variables = [
            ("PATH", path),
            ("HOME", home),
            ("LANG", "C.UTF-8".to_owned()),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1".to_owned()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    /// What bash has to offer for the last of `words`, by the function that it has registered for the program.
    fn offered(&self, words: &[&str]) -> Vec<String> {
        let script = r#"
            source <(ec2dash completions bash)
            function_of_program=$(complete -p ec2dash | sed 's/.* -F \([^ ]*\) .*/\1/')
            COMP_WORDS=(ec2dash "$@") COMP_CWORD=$# COMP_TYPE=9 COMP_LINE="ec2dash $*"; COMP_POINT=${#COMP_LINE}
            "$function_of_program" ec2dash "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\n' "${COMPREPLY[@]}"
        "#;
        let bash = system_tool("bash", "apt-get install bash");
        let output = Command::new(bash)
            .args(["--norc", "-c", script, "bash"])
            .args(words)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{words:?}");
        assert!(!self.home.path().join("pwned").exists());
        let mut offered: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        offered.retain(|word| !word.is_empty());
        offered
    }
}

#[test]
fn a_shell_is_offered_what_is_there() {
    let desk = Desk::new();

    assert_eq!(desk.offered(&["--profile", "prod"]), ["prod-admin", "prod-read"]);
    assert_eq!(desk.offered(&["ls", "--profile", ""]), ["default", "prod-admin", "prod-read", "프로드"]);
    assert_eq!(desk.offered(&["--region", "eu-west"]), ["eu-west-1", "eu-west-2", "eu-west-3"]);
    assert_eq!(desk.offered(&["--region", "us-east-1,eu-s"]), ["us-east-1,eu-south-1", "us-east-1,eu-south-2"]);
    assert_eq!(desk.offered(&["tunnel", "@"]), ["@db", "@web"]);
    assert_eq!(desk.offered(&["ls", "--columns", "id,private_"]), ["id,private_ip"]);
    assert_eq!(desk.offered(&["connect", "--method", "ssm"]), ["ssm", "ssm-ssh"]);
    assert_eq!(desk.offered(&["known-h"]), ["known-hosts"]);
    assert!(desk.offered(&["connect", "--"]).contains(&"--record".to_owned()));
}

#[test]
fn the_places_that_a_session_gave_last_are_offered_without_asking_it() {
    let desk = Desk::new();
    let folder = desk.home.path().join(".cache/ec2dash/sso");
    fs::create_dir_all(&folder).unwrap();
    let listing = r#"{"version":1,"whose":"corp https://corp.example/start eu-central-1 portal.example","told":0,
        "accounts":[{"id":"444455556666","name":"Corp $(touch pwned)","roles":["ReadOnly","Admin","a,b","$(id)"]}]}"#;
    let path = folder.join("one.json");
    fs::write(&path, listing).unwrap();
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();

    assert_eq!(desk.offered(&["--profile", "corp/4444"]), ["corp/444455556666/Admin", "corp/444455556666/ReadOnly"]);
    assert_eq!(desk.offered(&["--profile", "prod"]), ["prod-admin", "prod-read"], "beside the profiles");
}

#[test]
fn what_cannot_be_read_offers_nothing_and_says_nothing() {
    let desk = Desk::new();
    let aws = desk.home.path().join(".aws/config");

    fs::write(desk.home.path().join(".config/ec2dash/config.toml"), "nonsense = [").unwrap();
    assert_eq!(desk.offered(&["tunnel", "@"]), [""; 0]);
    fs::remove_file(&aws).unwrap();
    assert_eq!(desk.offered(&["--profile", ""]), [""; 0]);
    // A pipe in its place that nobody ever writes to.
    rustix::fs::mknodat(rustix::fs::CWD, &aws, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert_eq!(desk.offered(&["--profile", ""]), [""; 0]);
}

#[test]
fn hostile_file_names_are_left_to_bash_which_quotes_them() {
    let desk = Desk::new();
    fs::write(desk.home.path().join("$(touch pwned)"), "").unwrap();
    fs::write(desk.home.path().join("plain.toml"), "").unwrap();

    let offered = desk.offered(&["--config", ""]);

    assert!(offered.contains(&"plain.toml".to_owned()), "{offered:?}");
    assert!(offered.iter().all(|word| !word.contains('$')), "{offered:?}");
}

#[test]
fn tab_in_an_interactive_bash_completes_words_that_bash_splits() {
    let desk = Desk::new();
    let bash = interactive(&desk);

    for (typed, whole) in [
        ("tunnel @d", "tunnel @db "),
        ("tunnel @w", "tunnel @web "),
        ("--profile=prod-a", "--profile=prod-admin "),
        ("--region us-east-1,eu-south-1 connect --method=ssm-", "--method=ssm-ssh "),
        ("ls --columns=id,private_", "--columns=id,private_ip "),
    ] {
        bash.type_text(&format!("ec2dash {typed}\t"));
        bash.wait_for(whole);
        // Ctrl-U: an empty line.
        bash.type_text("\u{15}");
    }
    bash.type_text("exit\r");
    bash.end();
}

fn interactive(desk: &Desk) -> Terminal {
    fs::write(desk.home.path().join(".bashrc"), "PS1='ready> '\nsource <(COMPLETE=bash ec2dash)\n").unwrap();
    let mut environment = desk.environment();
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    environment.push(("INPUTRC".to_owned(), "/dev/null".to_owned()));
    let bash = Terminal::start(&system_tool("bash", "apt-get install bash"), &["-i"], &environment, (100, 30));
    bash.wait_for("ready>");
    bash
}

#[test]
fn tab_in_an_interactive_bash_completes_a_profile() {
    let desk = Desk::new();
    let bash = interactive(&desk);

    bash.type_text("echo ec2dash; ec2dash --profile prod-a\t");
    bash.wait_for("--profile prod-admin");
    bash.type_text("-V\r");

    bash.wait_for(concat!("ec2dash ", env!("CARGO_PKG_VERSION")));
    bash.type_text("exit\r");
    bash.end();
}

#[test]
fn a_variable_that_names_no_shell_is_told_of_and_never_while_somebody_types() {
    let home = tempfile::tempdir().unwrap();
    let said = |shell: &str, words: &[&str]| {
        let mut program = Command::new(ec2dash());
        program.env_clear().env("HOME", home.path()).env("COMPLETE", shell).args(words).stdin(Stdio::null());
        let output = program.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };

    let (code, _, told) = said("nosuchshell", &["ls"]);
    assert!(code == 2 && told.contains("nosuchshell") && told.contains("bash"), "{told}");
    assert_eq!(said("nosuchshell", &["--", "ec2dash", "l"]), (2, String::new(), String::new()));
    let (code, version, _) = said("", &["-V"]);
    assert!(code == 0 && version.starts_with("ec2dash "), "{version}");
    assert_eq!(fs::read_dir(Path::new(home.path())).unwrap().count(), 0);
}
