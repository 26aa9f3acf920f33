//! The scripts, run by the shells of this computer against real files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::*;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS";
const BUSYBOX: &str = "/usr/bin/busybox";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIRV3uJfyk5e+4GuQy6q3ZmRtyVm5UBP3dFmBPmQzjRk bob@desk";

fn line() -> KeyLine {
    format!("{KEY} ec2dash-20261130T080500Z").parse().unwrap()
}

/// An instance's system: its users' homes, and the programs that tell of them.
struct System {
    folder: tempfile::TempDir,
    shell: &'static [&'static str],
}

/// What `/bin/sh` is here, which may be dash; bash as that; BusyBox with its own programs.
fn systems() -> Vec<System> {
    let shells: [&[&str]; 3] = [&["/bin/sh"], &["bash", "--posix"], &[BUSYBOX, "sh"]];
    shells.into_iter().map(|shell| System { folder: tempfile::tempdir().unwrap(), shell }).collect()
}

/// Those whose shell runs what comes first in PATH: BusyBox's runs its own before.
fn systems_by_path() -> impl Iterator<Item = System> {
    systems().into_iter().filter(|system| system.shell[0] != BUSYBOX)
}

impl System {
    fn home(&self) -> PathBuf {
        self.folder.path().join("home of ec2-user")
    }

    fn file(&self) -> PathBuf {
        self.home().join(".ssh/authorized_keys")
    }

    fn with(&self, contents: &str) {
        fs::create_dir_all(self.home().join(".ssh")).unwrap();
        fs::write(self.file(), contents).unwrap();
    }

    fn contents(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn run(&self, errand: Errand) -> Option<Answer> {
        self.run_as("ec2-user", errand)
    }

    fn run_as(&self, user: &str, errand: Errand) -> Option<Answer> {
        let script = script(&user.parse().unwrap(), &line(), errand);
        let Output { status, stdout, stderr } = self.sh(&script);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        answer(&text(&stdout), &text(&stderr), status.success())
    }

    fn bin(&self) -> PathBuf {
        let bin = self.folder.path().join("bin");
        fs::create_dir_all(&bin).unwrap();
        bin
    }

    /// A program of this name comes first.
    fn has(&self, name: &str, body: &str) {
        let path = self.bin().join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn sh(&self, script: &str) -> Output {
        fs::create_dir_all(self.home()).unwrap();
        let bin = self.bin();
        let home = self.home();
        let getent = format!("[ \"$2\" = ec2-user ] && echo \"ec2-user:x:1:1::{}:/bin/sh\"", home.display());
        let runuser = "shift 4; exec SHELL \"$@\"".replace("SHELL", &self.shell.join(" "));
        for (name, body) in [("getent", getent), ("runuser", runuser), ("sshd", "exit 1".to_owned())] {
            self.has(name, &body);
        }
        if self.shell[0] == BUSYBOX {
            assert!(Path::new(BUSYBOX).exists(), "apt-get install busybox");
            for name in ["cp", "cut", "find", "head", "mkdir", "mv", "readlink", "rm", "rmdir", "sed", "tail", "wc"] {
                let _ = std::os::unix::fs::symlink(BUSYBOX, bin.join(name));
            }
        }
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let (program, words) = self.shell.split_first().unwrap();
        Command::new(program).args(words).args(["-c", script]).env("PATH", path).env("HOME", "/").output().unwrap()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_line_is_added_once_and_taken_out_and_all_bytes_are_as_before() {
    for before in [
        String::new(),
        format!("{OTHER}\n"),
        OTHER.to_owned(),
        format!("# {KEY}\n\n{OTHER}\n\n"),
        format!("# caf\u{e9} \\n %s $HOME `id`\n\t{OTHER}\r\n"),
    ] {
        for system in systems() {
            system.with(&before);
            fs::set_permissions(system.file(), fs::Permissions::from_mode(0o640)).unwrap();
            let made = if before.is_empty() || before.ends_with('\n') { MadeFor::Line } else { MadeFor::Newline };

            assert_eq!(system.run(Errand::Look), Some(Answer::Absent), "{:?} {before:?}", system.shell);
            assert_eq!(system.run(Errand::Add), Some(Answer::Added(made)), "{:?} {before:?}", system.shell);

            let start = if made == MadeFor::Newline { "\n" } else { "" };
            assert_eq!(system.contents(), format!("{before}{start}{}\n", line()), "{:?}", system.shell);
            assert_eq!(system.run(Errand::Look), Some(Answer::There));
            assert_eq!(system.run(Errand::Add), Some(Answer::Added(MadeFor::Line)), "a lost answer is asked for once more");
            assert_eq!(system.contents().matches("ec2dash-").count(), 1);
            assert_eq!(system.run(Errand::Remove(made)), Some(Answer::Removed));
            assert_eq!(system.contents(), before, "{:?}", system.shell);
            assert_eq!(mode(&system.file()), 0o640);
            assert_eq!(system.run(Errand::Remove(made)), Some(Answer::Removed), "and that, too");
            assert_eq!(fs::read_dir(system.home().join(".ssh")).unwrap().count(), 1, "nothing stays beside it");
        }
    }
}

#[test]
fn what_was_made_for_the_line_goes_with_it_unless_somebody_else_uses_it() {
    for system in systems() {
        assert_eq!(system.run(Errand::Add), Some(Answer::Added(MadeFor::Folder)), "{:?}", system.shell);
        assert_eq!((mode(&system.home().join(".ssh")), mode(&system.file())), (0o700, 0o600));
        assert_eq!(system.run(Errand::Remove(MadeFor::Folder)), Some(Answer::Removed));
        assert!(!system.home().join(".ssh").exists(), "{:?}", system.shell);

        fs::create_dir(system.home().join(".ssh")).unwrap();
        assert_eq!(system.run(Errand::Add), Some(Answer::Added(MadeFor::File)));
        fs::write(system.file(), format!("{}{OTHER}\n", system.contents())).unwrap();
        assert_eq!(system.run(Errand::Remove(MadeFor::File)), Some(Answer::Removed));
        assert_eq!(system.contents(), format!("{OTHER}\n"), "another's line keeps the file");

        system.with(OTHER);
        assert_eq!(system.run(Errand::Add), Some(Answer::Added(MadeFor::Newline)));
        fs::write(system.file(), format!("{}{OTHER}", system.contents())).unwrap();
        assert_eq!(system.run(Errand::Remove(MadeFor::Newline)), Some(Answer::Removed));
        assert_eq!(system.contents(), format!("{OTHER}\n{OTHER}"), "the line before it needs its end now");
    }
}

#[test]
fn what_somebody_has_edited_stays_and_is_shown() {
    for system in systems() {
        for now in [
            format!("from=\"10.0.0.0/8\" {}\n", line()),
            format!("{} x\n", line()),
            format!("{OTHER} ec2dash-20261130T080500Z\n"),
            format!("{}\n{}\n", line(), line()),
        ] {
            system.with(&now);
            let Some(Answer::Edited(shown)) = system.run(Errand::Look) else { panic!("{:?} {now}", system.shell) };
            assert!(shown.raw().contains("ec2dash-20261130T080500Z"), "{shown:?}");
            let Some(Answer::Edited(_)) = system.run(Errand::Remove(MadeFor::Line)) else { panic!("{:?} {now}", system.shell) };
            assert_eq!(system.contents(), now);
        }
        system.with(&format!("{KEY} mine\n"));
        assert_eq!(system.run(Errand::Look), Some(Answer::Renamed), "{:?}", system.shell);
        assert_eq!(system.run(Errand::Remove(MadeFor::Line)), Some(Answer::Removed));
        assert_eq!(system.contents(), format!("{KEY} mine\n"));
    }
}

#[test]
fn a_key_that_is_there_is_not_added_again_and_one_with_conditions_is_no_way_in() {
    let limited = format!("no-pty,command=\"echo 'Please login as \\\"ubuntu\\\"'\" {KEY} x\n");
    for system in systems() {
        for (before, expected) in [
            (format!("{KEY}\n"), None),
            (format!("{KEY} me\n{limited}"), None),
            (format!(" \t {KEY} me\n"), None),
            (format!("\t# {KEY}\n {KEY}\n"), None),
            (limited.clone(), Some(())),
            (format!("  {limited}"), Some(())),
        ] {
            system.with(&before);
            let told = system.run(Errand::Add);
            match expected {
                None => assert_eq!(told, Some(Answer::WasThere), "{before}"),
                Some(()) => assert_eq!(refused(told), RefusalKind::Limited, "{before}"),
            }
            assert_eq!(system.contents(), before);
        }
    }
}

fn refused(answer: Option<Answer>) -> RefusalKind {
    let Some(Answer::Refused(refusal)) = answer else { panic!("{answer:?}") };
    refusal.why
}

#[test]
fn where_nothing_can_be_written_nothing_is() {
    for system in systems() {
        assert_eq!(refused(system.run_as("nobody-here", Errand::Add)), RefusalKind::NoUser, "{:?}", system.shell);
        fs::create_dir_all(system.file()).unwrap();
        assert_eq!(refused(system.run(Errand::Add)), RefusalKind::Unreadable);
        fs::remove_dir(system.file()).unwrap();
        std::os::unix::fs::symlink("nowhere", system.file()).unwrap();
        assert_eq!(refused(system.run(Errand::Add)), RefusalKind::Unreadable, "a link to nothing makes no file there");
        fs::remove_file(system.file()).unwrap();
        fs::write(system.file(), "").unwrap();
        for path in [system.home(), system.home().join(".ssh"), system.file()] {
            let own = mode(&path);
            fs::set_permissions(&path, fs::Permissions::from_mode(own | 0o002)).unwrap();
            assert_eq!(refused(system.run(Errand::Add)), RefusalKind::Open, "{}", path.display());
            fs::set_permissions(&path, fs::Permissions::from_mode(own)).unwrap();
        }
        assert_eq!(system.contents(), "");
        let elsewhere = script(&"ec2-user".parse().unwrap(), &line(), Errand::Add);
        let elsewhere = format!("sshd() {{ echo authorizedkeysfile /etc/ssh/keys/%u; }}\n{elsewhere}");
        let told = system.sh(&elsewhere);
        let answer = answer(&String::from_utf8_lossy(&told.stdout), "", told.status.success());
        assert_eq!(refused(answer), RefusalKind::Elsewhere);
    }
}

#[test]
fn who_else_may_write_there_is_no_group_of_the_users_own_on_debian_and_any_group_elsewhere() {
    for system in systems() {
        let debian = system.folder.path().join("debian_version");
        let add = script(&"ec2-user".parse().unwrap(), &line(), Errand::Add);
        let add = add.replace("/etc/debian_version", debian.to_str().unwrap());
        let added = || {
            let told = system.sh(&add);
            answer(&String::from_utf8_lossy(&told.stdout), "", told.status.success())
        };
        system.with("");
        let paths = [system.home(), system.home().join(".ssh"), system.file()];
        for path in &paths {
            let own = mode(path);
            fs::set_permissions(path, fs::Permissions::from_mode(own | 0o020)).unwrap();
            assert_eq!(refused(added()), RefusalKind::Open, "{:?} {}", system.shell, path.display());
        }
        assert_eq!(system.contents(), "");

        fs::write(&debian, "12.0\n").unwrap();
        if system.shell[0] != BUSYBOX {
            system.has("id", "echo 4242424");
            assert_eq!(refused(added()), RefusalKind::Open, "{:?}: another group", system.shell);
            fs::remove_file(system.bin().join("id")).unwrap();
        }
        assert_eq!(added(), Some(Answer::Added(MadeFor::Line)), "{:?}", system.shell);
    }
}

#[test]
fn of_a_script_that_was_killed_after_it_wrote_nobody_says_that_nothing_was_done() {
    for system in systems() {
        system.has("restorecon", "kill -9 $PPID");

        assert_eq!(system.run(Errand::Add), None, "{:?}", system.shell);

        assert_eq!(system.contents(), format!("{}\n", line()));
        assert_eq!(system.run(Errand::Look), Some(Answer::There));
    }
}

#[test]
fn a_program_that_fails_or_loses_something_takes_no_other_key_away() {
    let before = format!("{OTHER}\n{}\n{OTHER}\n", line());
    for body in ["exit 137", "exit 0", "cat \"$2\"; exit 1", "echo \"$2\"", "head -n 1 \"$2\"", "cat \"$2\""] {
        for system in systems_by_path() {
            system.with(&before);
            system.has("sed", body);

            let told = system.run(Errand::Remove(MadeFor::File));

            assert_eq!(refused(told), RefusalKind::Unwritable, "{:?} {body}", system.shell);
            assert_eq!(system.contents(), before, "{:?} {body}", system.shell);
            assert_eq!(fs::read_dir(system.home().join(".ssh")).unwrap().count(), 1, "nothing stays beside it");
        }
    }
}

#[test]
fn a_last_line_without_its_end_is_taken_out_alike() {
    for system in systems() {
        system.with(&format!("{OTHER}\n{}", line()));
        assert_eq!(system.run(Errand::Remove(MadeFor::Line)), Some(Answer::Removed), "{:?}", system.shell);
        assert_eq!(system.contents(), format!("{OTHER}\n"));
        system.with(&format!("{}\n{OTHER}", line()));
        assert_eq!(system.run(Errand::Remove(MadeFor::Newline)), Some(Answer::Removed), "{:?}", system.shell);
        assert_eq!(system.contents(), OTHER);
    }
}

#[test]
fn a_link_leads_where_the_user_may_write_and_stays_a_link() {
    for system in systems() {
        let real = system.folder.path().join("real");
        fs::create_dir_all(&real).unwrap();
        fs::write(real.join("keys"), OTHER).unwrap();
        fs::create_dir_all(system.home()).unwrap();
        std::os::unix::fs::symlink(&real, system.home().join(".ssh")).unwrap();
        std::os::unix::fs::symlink("keys", real.join("authorized_keys")).unwrap();

        assert_eq!(system.run(Errand::Add), Some(Answer::Added(MadeFor::Newline)), "{:?}", system.shell);
        assert_eq!(fs::read_to_string(real.join("keys")).unwrap(), format!("{OTHER}\n{}\n", line()));
        assert_eq!(system.run(Errand::Remove(MadeFor::Newline)), Some(Answer::Removed));
        assert_eq!(fs::read_to_string(real.join("keys")).unwrap(), OTHER);
        assert!(fs::symlink_metadata(system.file()).unwrap().is_symlink());
    }
}

#[test]
fn a_script_is_of_plain_words_and_no_parameter_of_a_document() {
    for errand in [Errand::Add, Errand::Look, Errand::Remove(MadeFor::Folder)] {
        let script = script(&"svc.web-1".parse().unwrap(), &line(), errand);
        assert!(!script.contains("{{") && script.is_ascii(), "AWS would put something in its place");
        assert!(script.contains("\n[ -n \"$home\" ] || home=~svc.web-1\n"), "{script}");
    }
}

#[test]
fn a_word_and_an_exit_code_that_differ_are_no_answer() {
    for (said, is_done, expected) in [
        ("noise\nec2dash there\n", true, Some(Answer::There)),
        ("ec2dash there\n", false, None),
        ("ec2dash no-user bob\n", true, None),
        ("ec2dash added nonsense\n", true, None),
        ("", true, None),
        ("ec2dash begun\n", true, None),
        ("ec2dash begun\n", false, None),
        ("ec2dash begun\nec2dash there\n", true, Some(Answer::There)),
    ] {
        assert_eq!(answer(said, "", is_done), expected, "{said}");
    }
    let Some(Answer::Refused(other)) = answer("", "su: cannot\nmore", false) else { panic!() };
    assert_eq!((other.why, other.about.raw()), (RefusalKind::Other, "su: cannot"));
}
