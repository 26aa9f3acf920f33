//! `cp` by a command session, where no key lets ssh in: tar streams to and from the simulated instances, and what is unkind about them.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use ec2dash_sim::fleet::SessionDocument;
use rustix::process::{Pid, Signal, kill_process};

use crate::files::{Disk, odd_tree, told};
use crate::proxy::{Desk, WEB, noise};

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A cloud, and a folder to work in; the instance's files are this computer's.
pub struct Bench {
    pub desk: Desk,
    at: PathBuf,
}

impl Bench {
    pub async fn new(faults: &[&str]) -> Self {
        let desk = Desk::new(faults).await;
        let at = desk.home.path().join("work");
        fs::create_dir(&at).unwrap();
        Self { desk, at }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.at.join(name)
    }

    pub fn there(&self, name: &str) -> String {
        format!("web-1:{}", self.path(name).display())
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = self.desk.plain(arguments);
        command.current_dir(&self.at);
        command
    }

    pub fn cp(&self, arguments: &[&str]) -> Output {
        self.command(&[&["cp", "-m", "ssm"], arguments].concat()).output().unwrap()
    }

    /// Nothing of ours is left in a folder.
    pub fn is_clean(&self, folder: &str) -> bool {
        let names: Vec<_> =
            fs::read_dir(self.path(folder)).unwrap().flatten().map(|entry| text(entry.file_name().as_encoded_bytes())).collect();
        !names.iter().any(|name| name.contains("ec2dash"))
    }

    /// From now on these programs stand before those of the instance, or in place of all of them.
    pub fn programs(&self, programs: &[(&str, &str)], is_all: bool) {
        let folder = self.path("bin");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        for (name, script) in programs {
            let path = folder.join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let path = if is_all { folder.display().to_string() } else { format!("{}:$PATH", folder.display()) };
        let content = serde_json::json!({
            "schemaVersion": "1.0", "sessionType": "InteractiveCommands", "parameters": {"command": {"type": "String"}},
            "properties": {"linux": {"commands": format!("PATH={path}; export PATH; {{{{ command }}}}")}},
        });
        self.desk.sim.edit(|fleet| {
            for account in &mut fleet.accounts {
                account.documents.retain(|document| document.name != "AWS-StartInteractiveCommand");
                let name = "AWS-StartInteractiveCommand".to_owned();
                account.documents.push(SessionDocument { name, content: content.to_string() });
            }
        });
    }
}

/// Names that a careless program stumbles over, and bytes that the agent takes for text.
pub fn tree(top: &Path) {
    odd_tree(top);
    fs::write(top.join("no text"), ["\u{fffd}".repeat(10_000).as_bytes(), b"\xff\xfe\xef\xbf\xbd\xff"].concat()).unwrap();
    fs::write(top.join("nothing"), "").unwrap();
    fs::set_permissions(top.join("deep/er"), fs::Permissions::from_mode(0o555)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_arrives_as_it_is_in_both_directions_and_over_what_is_there() {
    let bench = Bench::new(&[]).await;
    tree(&bench.path("tree"));
    fs::create_dir_all(bench.path("there/tree/deep")).unwrap();
    fs::write(bench.path("there/tree/plain"), "an older one").unwrap();
    fs::write(bench.path("there/tree/deep/other"), "stays").unwrap();

    let fresh = bench.cp(&["-rp", "tree", &bench.there("up")]);
    let merged = bench.cp(&["-rp", "tree", &bench.there("there")]);
    let down = bench.cp(&["-rp", &bench.there("tree"), "down"]);
    let again = bench.cp(&["-rp", &bench.there("tree/."), "down"]);

    for output in [fresh, merged, down, again] {
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("command session"), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read(bench.path("there/tree/deep/other")).unwrap(), b"stays");
    fs::remove_file(bench.path("there/tree/deep/other")).unwrap();
    File::open(bench.path("there/tree/deep"))
        .unwrap()
        .set_modified(fs::metadata(bench.path("tree/deep")).unwrap().modified().unwrap())
        .unwrap();
    for copy in ["up", "there/tree", "down"] {
        assert!(told(&bench.path(copy)) == told(&bench.path("tree")), "{copy}");
    }
    assert!(!bench.path("pwned").exists() && bench.is_clean("there") && bench.is_clean("."));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_key_is_to_be_had_it_is_chosen_by_itself() {
    let bench = Bench::new(&[]).await;
    bench.desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == WEB) {
            instance.has_metadata = false;
            instance.key_name = Some("nobodys".to_owned());
        }
    });
    fs::write(bench.path("file"), noise(200_000)).unwrap();

    // Without a path it is where a session begins: the home of its user.
    let up = bench.command(&["cp", "file", "web-1:"]).output().unwrap();
    let down = bench.command(&["cp", "web-1:~/file", "back"]).output().unwrap();
    assert_eq!((up.status.code(), down.status.code()), (Some(0), Some(0)), "{}{}", text(&up.stderr), text(&down.stderr));
    assert!(fs::read(bench.path("back")).unwrap() == noise(200_000));

    // Questions about files are answered there, too; and from one instance to itself they go through this computer.
    for (arguments, file) in [(["sync", "file", "web-1:~/synced"], "synced"), (["cp", "web-1:file", "web-1:other"], "other")] {
        let output = bench.command(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        let back = bench.command(&["cp", &format!("web-1:{file}"), file]).output().unwrap();
        assert_eq!(back.status.code(), Some(0), "{arguments:?}: {}", text(&back.stderr));
        assert!(fs::read(bench.path(file)).unwrap() == noise(200_000));
    }
    let clean = bench.command(&["exec", "web-1", "--", "rm -f file synced other"]).output().unwrap();
    assert!(clean.status.success(), "{}", text(&clean.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_decides_the_name_and_the_systems_words_stay() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("from/in")).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::create_dir(bench.path("back")).unwrap();
    fs::write(bench.path("from/in/x"), "x").unwrap();
    fs::set_permissions(bench.path("from/in/x"), fs::Permissions::from_mode(0o755)).unwrap();
    for (source, target, file) in [
        ("from", "to", "from/in/x"),
        ("from/.", "to", "in/x"),
        ("from/in/x", "to", "x"),
        ("from/in/x", "to/other", "other"),
        ("from/in/..", "to", "from/in/x"),
    ] {
        let up = bench.cp(&["-r", source, &bench.there(target)]);
        let down = bench.cp(&["-r", &bench.there(source), &target.replace("to", "back")]);
        assert_eq!((up.status.code(), down.status.code()), (Some(0), Some(0)), "{}{}", text(&up.stderr), text(&down.stderr));
        for top in ["to", "back"] {
            let path = bench.path(top).join(file);
            assert_eq!(fs::read(&path).unwrap(), b"x", "{source} {target}");
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o755);
            fs::remove_file(path).unwrap();
        }
    }
    symlink(bench.path("to"), bench.path("to/door")).unwrap();
    fs::create_dir_all(bench.path("doors/door")).unwrap();
    fs::write(bench.path("doors/door/through"), "x").unwrap();
    for (arguments, word) in [
        (vec!["none".to_owned(), bench.there("to")], "no such file"),
        (vec![bench.there("none"), "to".to_owned()], "no such file"),
        (vec!["from".to_owned(), bench.there("to")], "-r"),
        (vec![bench.there("from"), "back".to_owned()], "-r"),
        (vec!["from/in/x".to_owned(), bench.there("none/x/y")], "no such file"),
        (vec!["from/in/x".to_owned(), "/dev/null".to_owned().replace("/dev", "web-1:/dev")], "not a regular file"),
        (vec!["/dev/null".to_owned(), bench.there("to")], "not a regular file"),
        (vec!["web-1:/dev/null".to_owned(), "back".to_owned()], "not a regular file"),
        (vec!["-r".to_owned(), "doors/.".to_owned(), bench.there("to")], "door"),
    ] {
        let output = bench.cp(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(word), "{arguments:?}: {}", text(&output.stderr));
    }
    assert!(!bench.path("to/through").exists() && bench.is_clean("to") && bench.is_clean("back"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_copy_leaves_the_target_as_it_was_and_nothing_beside_it() {
    let bench = Bench::new(&[]).await;
    fs::write(bench.path("large"), noise(120_000_000)).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::write(bench.path("to/large"), "old").unwrap();

    let interrupt = |from: &str, to: &str| {
        let mut running = bench.command(&["cp", "-m", "ssm", from, to]).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while bench.is_clean("to") {
            assert!(running.try_wait().unwrap().is_none() && Instant::now() < deadline, "nothing is copied");
            std::thread::sleep(Duration::from_millis(2));
        }
        kill_process(Pid::from_child(&running), Signal::INT).unwrap();
        let output = running.wait_with_output().unwrap();

        assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
        assert_eq!(fs::read(bench.path("to/large")).unwrap(), b"old");
        // There the script ends with its terminal.
        let deadline = Instant::now() + Duration::from_secs(60);
        while !bench.is_clean("to") {
            let left: Vec<_> = fs::read_dir(bench.path("to")).unwrap().flatten().map(|entry| entry.file_name()).collect();
            assert!(Instant::now() < deadline, "{from} to {to}: {left:?} is left");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    interrupt("large", &bench.there("to"));
    interrupt(&bench.there("large"), "to");
    // Not all hear that the terminal hangs up: what is just being started does not.
    let deaf = |program: &str| format!("trap '' HUP; exec /usr/bin/{program} \"$@\"");
    bench.programs(&[("sed", &deaf("sed")), ("tar", &deaf("tar"))], false);
    interrupt("large", &bench.there("to"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_nothing_and_is_told_in_its_words() {
    let bench = Bench::new(&[]).await;
    fs::write(bench.path("large"), noise(8_000_000)).unwrap();
    fs::create_dir(bench.path("small")).unwrap();
    let disk = Disk::mount(&bench.path("small"));
    fs::write(bench.path("small/large"), "old").unwrap();

    for arguments in [["large".to_owned(), bench.there("small")], [bench.there("large"), "small".to_owned()]] {
        let output = bench.cp(&[&arguments[0], &arguments[1]]);

        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("no space left"), "{}", text(&output.stderr));
        assert_eq!(fs::read(bench.path("small/large")).unwrap(), b"old");
        assert_eq!(fs::read_dir(bench.path("small")).unwrap().count(), 1);
    }
    drop(disk);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_changes_while_it_is_read_replaces_nothing() {
    let bench = Bench::new(&[]).await;
    fs::create_dir(bench.path("tree")).unwrap();
    fs::write(bench.path("tree/log"), noise(20_000_000)).unwrap();
    fs::write(bench.path("tree/still"), "still").unwrap();
    fs::write(bench.path("old"), "old").unwrap();
    let path = bench.path("tree/log");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut log = File::options().append(true).open(path).unwrap();
        while stopped.recv_timeout(Duration::from_millis(1)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            log.write_all(b"more\n").unwrap();
        }
    });

    let up = bench.cp(&["tree/log", &bench.there("old")]);
    let down = bench.cp(&[&bench.there("tree/log"), "old"]);
    let tree = bench.cp(&["-r", &bench.there("tree"), "copy"]);

    drop(stop);
    writer.join().unwrap();
    for output in [up, down, tree] {
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("changed while"), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read(bench.path("old")).unwrap(), b"old");
    assert!(bench.path("copy/still").exists() && !bench.path("copy/log").exists());
    assert!(bench.is_clean("."));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_lies_or_lacks_something_changes_nothing_here() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("tree/in")).unwrap();
    fs::write(bench.path("tree/in/x"), "x").unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::write(bench.path("to/x"), "old").unwrap();
    let old = |bench: &Bench| {
        assert_eq!(fs::read(bench.path("to/x")).unwrap(), b"old");
        assert!(bench.is_clean("to") && fs::read_dir(bench.path("to")).unwrap().count() == 1);
    };

    bench.programs(&[("tar", "exec /usr/bin/tar -cPf - --transform 's,^\\./in/x,../../to/x,' ./in/x")], false);
    let above = bench.cp(&["-r", &bench.there("tree"), "to/new"]);
    assert_eq!(above.status.code(), Some(1), "{}", text(&above.stderr));
    assert!(text(&above.stderr).contains("a name that no file may have"), "{}", text(&above.stderr));
    fs::remove_dir(bench.path("to/new")).unwrap();
    old(&bench);

    bench.programs(&[("sha256sum", "cat >/dev/null; printf '%064d  -\\n' 0")], false);
    for arguments in [["tree/in/x".to_owned(), bench.there("to")], [bench.there("tree/in/x"), "to".to_owned()]] {
        let other = bench.cp(&[&arguments[0], &arguments[1]]);
        assert_eq!(other.status.code(), Some(1), "{}", text(&other.stderr));
        assert!(text(&other.stderr).contains("not what was sent"), "{}", text(&other.stderr));
        old(&bench);
    }

    bench.programs(&[("base64", "cat >/dev/null; echo '!!!'")], false);
    let garbled = bench.cp(&[&bench.there("tree/in/x"), "to"]);
    assert!(!garbled.status.success() && !text(&garbled.stderr).is_empty());
    old(&bench);

    let all = ["base64", "sha256sum", "mkfifo", "mktemp", "stty", "rm", "sh"];
    let scripts: Vec<_> = all.iter().map(|name| (*name, format!("exec /usr/bin/{name} \"$@\""))).collect();
    bench.programs(&scripts.iter().map(|(name, script)| (*name, script.as_str())).collect::<Vec<_>>(), true);
    let lacking = bench.cp(&["tree/in/x", &bench.there("to")]);
    assert_eq!(lacking.status.code(), Some(255), "{}", text(&lacking.stderr));
    assert!(text(&lacking.stderr).contains("lacks what a copy by a command session needs: tar"), "{}", text(&lacking.stderr));
    old(&bench);
}

/// A path from the home there, into a folder that is there: merged, and nothing of ours is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_from_the_home_there_is_merged_and_left_clean() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("n1/new")).unwrap();
    fs::write(bench.path("n1/a"), "one").unwrap();
    fs::write(bench.path("n1/new/b"), "two").unwrap();
    let there = |script: &str| {
        let output = bench.command(&["exec", "web-1", "-m", "ssm", "--", script]).output().unwrap();
        text(&output.stdout).replace('\r', "")
    };
    there("rm -rf dst lone; mkdir -p dst/n1");

    for arguments in [&["-r", "n1", "web-1:dst"][..], &["n1/a", "web-1:lone"], &["n1/a", "web-1:dst/n1/"]] {
        let output = bench.cp(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    }

    assert_eq!(there("cat dst/n1/a dst/n1/new/b lone; ls -a . dst dst/n1 | grep -c ec2dash-part").trim(), "onetwoone0");
    let back = bench.cp(&["-r", "web-1:dst/n1", "back"]);
    assert_eq!(back.status.code(), Some(0), "{}", text(&back.stderr));
    assert_eq!(fs::read(bench.path("back/new/b")).unwrap(), b"two");
    there("rm -rf dst lone");
}

/// An instance names what its tar could not read: no name of its leads out of what has come, and a cut stream replaces nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_deletes_nothing_outside_and_a_stream_that_broke_off_replaces_nothing() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("tree/in")).unwrap();
    fs::write(bench.path("tree/in/x"), "x").unwrap();
    fs::write(bench.path("tree/y"), "y".repeat(200_000)).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::write(bench.path("to/victim"), "mine").unwrap();
    fs::create_dir(bench.path("to/tree")).unwrap();
    fs::write(bench.path("to/tree/y"), "old").unwrap();

    let lie = "/usr/bin/tar \"$@\"; for p in ./../../victim ./../victim; do echo \"tar: $p: file changed as we read it\" >&2; done; exit 1";
    bench.programs(&[("tar", lie)], false);
    let lied = bench.cp(&["-r", &bench.there("tree"), "to"]);
    assert_eq!(lied.status.code(), Some(1), "{}", text(&lied.stderr));
    assert_eq!(fs::read(bench.path("to/victim")).unwrap(), b"mine");

    let cut = "/usr/bin/tar \"$@\" | head -c 100000; echo 'tar: ./in: Cannot open: Permission denied' >&2; exit 137";
    bench.programs(&[("tar", cut)], false);
    let broken = bench.cp(&["-r", &bench.there("tree"), "to"]);
    assert_eq!(broken.status.code(), Some(1), "{}", text(&broken.stderr));
    assert!(text(&broken.stderr).contains("tar: 137"), "{}", text(&broken.stderr));
    assert_eq!(fs::read(bench.path("to/tree/y")).unwrap(), b"old");
    assert!(bench.is_clean("to") && bench.is_clean("to/tree"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_may_not_be_used_is_named() {
    let bench = Bench::new(&["ssm:StartSession=deny"]).await;
    fs::write(bench.path("x"), "x").unwrap();

    let output = bench.cp(&["x", "web-1:"]);

    assert_eq!(output.status.code(), Some(255), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("ssm:StartSession"), "{}", text(&output.stderr));
}
