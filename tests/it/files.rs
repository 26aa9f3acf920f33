//! `cp` between this computer and instances: against OpenSSH's own sshd, and into the simulated instances.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::openssh::Host;
use crate::proxy::{Desk, noise};
use crate::support::pty::Terminal;
use crate::support::tools::{SimulatedCloud, ec2dash, free_port};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A host, and a folder to work in.
pub struct Bench {
    pub host: Host,
    at: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self { host: Host::start(), at: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.at.path().join(name)
    }

    /// The same path on the instance: it is this computer.
    pub fn there(&self, name: &str) -> String {
        format!("web-1:{}", self.path(name).display())
    }

    pub fn command(&self, method: &str, arguments: &[&str]) -> Command {
        let arguments = [&["cp", "--method", method], arguments].concat();
        let mut command = self.host.program(ec2dash(), &arguments);
        command.current_dir(self.at.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn cp(&self, method: &str, arguments: &[&str]) -> Output {
        self.command(method, arguments).output().unwrap()
    }

    /// Wait until a part in `folder` has this many bytes.
    pub fn part_in(&self, folder: &Path, bytes: u64, running: &mut Child) -> PathBuf {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some((part, _)) = parts(folder).into_iter().find(|(_, size)| *size >= bytes) {
                return part;
            }
            assert!(running.try_wait().unwrap().is_none(), "it ended before it could be interrupted");
            assert!(Instant::now() < deadline, "nothing is copied");
            std::thread::yield_now();
        }
    }
}

pub fn parts(folder: &Path) -> Vec<(PathBuf, u64)> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let is_part = |path: &Path| path.as_os_str().as_bytes().ends_with(b".ec2dash-part");
    entries
        .filter(|entry| is_part(&entry.path()))
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.len())))
        .collect()
}

/// Every name that a careless program stumbles over.
pub fn odd_tree(top: &Path) {
    fs::create_dir_all(top.join("deep/er")).unwrap();
    fs::create_dir(top.join("empty")).unwrap();
    let names: [&[u8]; 10] = [
        b"plain",
        b"-rf",
        b"two\nlines",
        b"$(touch pwned)",
        b"a'b\"c;*?[x]",
        b"\xff\xfe not text",
        "\u{1112}\u{1161}\u{11ab}".as_bytes(),
        &[b'x'; 255],
        b"...",
        b"C:x",
    ];
    for (number, name) in names.iter().enumerate() {
        fs::write(top.join(OsStr::from_bytes(name)), noise(number * 40_000)).unwrap();
    }
    fs::write(top.join("deep/er/script"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(top.join("deep/er/script"), fs::Permissions::from_mode(0o751)).unwrap();
    fs::write(top.join("deep/secret"), noise(300_001)).unwrap();
    fs::set_permissions(top.join("deep/secret"), fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("er/script", top.join("deep/link")).unwrap();
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    File::open(top.join("deep/secret")).unwrap().set_modified(old).unwrap();
    fs::set_permissions(top.join("empty"), fs::Permissions::from_mode(0o750)).unwrap();
    File::open(top.join("empty")).unwrap().set_modified(old).unwrap();
}

/// Every file below with its content, or where its link leads, its mode and when it was changed.
pub fn told(top: &Path) -> Vec<(PathBuf, Vec<u8>, u32, i64)> {
    let mut found = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let (path, metadata) = (entry.path(), entry.metadata().unwrap());
            let (content, changed) = match entry.file_type().unwrap() {
                kind if kind.is_dir() => (Vec::new(), metadata.mtime()),
                kind if kind.is_symlink() => (fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec(), 0),
                _ => (fs::read(&path).unwrap(), metadata.mtime()),
            };
            found.push((path.strip_prefix(top).unwrap().to_owned(), content, metadata.mode(), changed));
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_tree_arrives_as_it_is_in_both_directions() {
    let bench = Bench::new();
    odd_tree(&bench.path("tree"));

    for method in ["eic", "ssm-ssh"] {
        let up = bench.cp(method, &["-rp", "tree", &bench.there(&format!("up-{method}"))]);
        let down = bench.cp(method, &["-rp", &bench.there("tree"), &format!("down-{method}")]);

        for (output, copy) in [(up, format!("up-{method}")), (down, format!("down-{method}"))] {
            assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()), "{}", text(&output.stderr));
            assert!(told(&bench.path(&copy)) == told(&bench.path("tree")), "{copy}: {:#?}", bench.path(&copy));
        }
    }
    assert!(!bench.path("pwned").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulated_instances_take_and_give_files_too() {
    let desk = Desk::new(&[]).await;
    let tree = desk.home.path().join("tree");
    odd_tree(&tree);

    for method in ["ssh", "eic", "ssm-ssh"] {
        let back = desk.home.path().join(method);
        // Its home is where a path begins that is none.
        let up = desk.command(&["cp", "-rp", "-m", method, &tree.display().to_string(), "web-1:"]).output().unwrap();
        let down = desk.command(&["cp", "-rp", "-m", method, "web-1:~/tree", &back.display().to_string()]).output().unwrap();

        assert_eq!(up.status.code(), Some(0), "{method}: {}", text(&up.stderr));
        assert_eq!(down.status.code(), Some(0), "{method}: {}", text(&down.stderr));
        assert!(told(&back) == told(&tree), "{method}");
    }
}

#[test]
fn from_one_instance_to_another_it_goes_through_this_computer() {
    let bench = Bench::new();
    odd_tree(&bench.path("tree"));
    let there = bench.there("copy").replace("web-1", "i-0123456789abcdef0");

    let output = bench.cp("eic", &["-rp", &bench.there("tree"), &there]);

    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(told(&bench.path("copy")) == told(&bench.path("tree")));
}

#[test]
fn a_folder_needs_r_and_what_is_there_decides_the_name() {
    let bench = Bench::new();
    fs::create_dir_all(bench.path("from/in")).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::write(bench.path("from/in/x"), "x").unwrap();
    fs::write(bench.path("a"), "a").unwrap();

    let refused = bench.cp("eic", &["from", "a", &bench.there("to")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("from: ") && text(&refused.stderr).contains("-r"), "{}", text(&refused.stderr));
    // The others went.
    assert_eq!(fs::read(bench.path("to/a")).unwrap(), b"a");
    assert!(!bench.path("to/from").exists());

    for (source, target, file) in [
        ("from", "to", "to/from/in/x"),
        ("from", "new", "new/in/x"),
        ("from/.", "to", "to/in/x"),
        ("from/in/x", "to", "to/x"),
        ("from/in/x", "other", "other"),
    ] {
        let output = bench.cp("eic", &["-r", source, &bench.there(target)]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(fs::read(bench.path(file)).unwrap(), b"x", "{source} {target}");
    }
    let into_itself = bench.cp("eic", &["-r", &bench.there("from"), &bench.there("from/in")]);
    assert_eq!(into_itself.status.code(), Some(1), "{}", text(&into_itself.stderr));
}

#[test]
fn the_systems_words_stay_and_name_the_path_that_they_are_of() {
    let bench = Bench::new();
    fs::write(bench.path("file"), "x").unwrap();
    let nowhere = bench.there("none/file");
    let words = |arguments: &[&str], word: &str, path: &str| {
        let output = bench.cp("eic", arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(word) && told.contains(path), "{told}");
    };

    words(&[&bench.there("none"), "."], "no such file", "/none: ");
    words(&["none", &bench.there("x")], "no such file", "none: ");
    words(&["file", &nowhere], "no such file", &format!("{nowhere}: "));
    words(&["file", &bench.there("none/")], "no such file", "/none/: ");
    words(&["/dev/null", &bench.there("x")], "not a regular file", "/dev/null: ");
    words(&[&bench.there("file"), "/dev/null"], "not a regular file", "/dev/null: ");
    assert!(fs::symlink_metadata("/dev/null").unwrap().mode() & 0o170_000 == 0o020_000);
}

#[test]
fn what_keeps_the_connection_away_is_255_and_wrong_use_2() {
    let bench = Bench::new();
    fs::write(bench.path("file"), "x").unwrap();

    let closed = bench.cp("eic", &["--port", &free_port().to_string(), "file", "web-1:x"]);
    assert_eq!(closed.status.code(), Some(255), "{}", text(&closed.stderr));

    let nowhere = bench.cp("eic", &["file", "other"]);
    assert_eq!(nowhere.status.code(), Some(2), "{}", text(&nowhere.stderr));

    let read_only = bench.cp("eic", &["--read-only", "file", &bench.there("to")]);
    assert_eq!(read_only.status.code(), Some(2), "{}", text(&read_only.stderr));
    assert!(!bench.path("to").exists());
    let down = bench.cp("eic", &["--read-only", &bench.there("file"), "to"]);
    assert_eq!(down.status.code(), Some(0), "{}", text(&down.stderr));
}

#[test]
fn an_instance_that_serves_no_files_is_told_as_one() {
    let host = Host::without_files();
    let file = host.home().join("file");
    fs::write(&file, "x").unwrap();

    let output = host.program(ec2dash(), &["cp", "-m", "eic", &file.display().to_string(), "web-1:x"]).output().unwrap();

    assert_eq!(output.status.code(), Some(255), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("serves no files"), "{}", text(&output.stderr));
}

/// Ctrl-C in the middle: the target is as before, the part stays and is named, and the next copy goes on with it.
#[test]
fn an_interrupted_copy_leaves_the_target_as_it_was_and_is_gone_on_with() {
    let bench = Bench::new();
    let bytes = noise(400_000_000);
    fs::write(bench.path("large"), &bytes).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    let to = bench.path("to/large");

    for is_up in [true, false] {
        fs::write(&to, "old").unwrap();
        let (source, target) =
            if is_up { ("large".to_owned(), bench.there("to")) } else { (bench.there("large"), "to".to_owned()) };
        let mut running = bench.command("eic", &[&source, &target]).spawn().unwrap();
        // More than may be under way unanswered: what nobody has answered for is no part to go on with.
        let part = bench.part_in(&bench.path("to"), 50_000_000, &mut running);
        rustix::process::kill_process(rustix::process::Pid::from_child(&running), rustix::process::Signal::INT).unwrap();
        let interrupted = running.wait_with_output().unwrap();

        let told = text(&interrupted.stderr);
        assert_eq!(interrupted.status.code(), Some(130), "{told}");
        assert!(told.contains(&text(part.file_name().unwrap().as_bytes())) && told.contains("--resume"), "{told}");
        assert_eq!(fs::read(&to).unwrap(), b"old");
        let there = parts(&bench.path("to"));
        let [(_, size)] = there.as_slice() else { panic!("{there:?}") };
        assert!((1_000_000..400_000_000).contains(size), "{size}");

        let resumed = bench.cp("eic", &["--resume", &source, &target]);
        assert_eq!(resumed.status.code(), Some(0), "{}", text(&resumed.stderr));
        assert!(text(&resumed.stderr).contains("goes on at"), "{}", text(&resumed.stderr));
        assert!(fs::read(&to).unwrap() == bytes);
        assert_eq!(parts(&bench.path("to")), []);
    }
}

/// A part of a source that is another one now is no beginning of it.
#[test]
fn a_part_of_another_state_of_the_source_is_not_gone_on_with() {
    let bench = Bench::new();
    fs::write(bench.path("large"), noise(200_000_000)).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    let target = bench.there("to");
    let mut running = bench.command("eic", &["large", &target]).spawn().unwrap();
    bench.part_in(&bench.path("to"), 1_000_000, &mut running);
    running.kill().unwrap();
    running.wait().unwrap();
    let other: Vec<u8> = noise(200_000_000).into_iter().map(|byte| !byte).collect();
    fs::write(bench.path("large"), &other).unwrap();

    let resumed = bench.cp("eic", &["--resume", "large", &target]);

    assert_eq!(resumed.status.code(), Some(0), "{}", text(&resumed.stderr));
    assert!(fs::read(bench.path("to/large")).unwrap() == other);
    assert_eq!(parts(&bench.path("to")), []);
}

#[test]
fn a_full_disk_keeps_nothing_and_is_told_in_its_words() {
    let bench = Bench::new();
    fs::write(bench.path("large"), noise(8_000_000)).unwrap();
    fs::create_dir(bench.path("small")).unwrap();
    let disk = Disk::mount(&bench.path("small"));
    fs::write(bench.path("small/large"), "old").unwrap();

    for (source, target) in [("large".to_owned(), bench.there("small")), (bench.there("large"), "small".to_owned())] {
        let output = bench.cp("eic", &[&source, &target]);

        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("no space left"), "{}", text(&output.stderr));
        assert_eq!(fs::read(bench.path("small/large")).unwrap(), b"old");
        assert_eq!(fs::read_dir(bench.path("small")).unwrap().count(), 1);
    }
    drop(disk);
}

/// Files of all sizes in folders, more than such a disk has room for: many are under way when it is full.
pub fn too_much(top: &Path) {
    fs::create_dir_all(top.join("sub/deep")).unwrap();
    for (folder, size) in [("", 2_000_000), ("sub", 3_000), ("sub/deep", 500_000)] {
        for number in 0..if size < 10_000 { 60 } else { 4 } {
            fs::write(top.join(folder).join(format!("f{number}")), noise(size)).unwrap();
        }
    }
}

/// What is left of unfinished files, however deep.
pub fn parts_below(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let deeper: Vec<_> = folders.flat_map(|folder| parts_below(&folder)).collect();
    parts(folder).into_iter().map(|(path, _)| path).chain(deeper).collect()
}

#[test]
fn a_full_disk_keeps_none_of_the_many_files_under_way() {
    let bench = Bench::new();
    too_much(&bench.path("tree"));
    fs::create_dir(bench.path("small")).unwrap();
    for (source, target) in [("tree".to_owned(), bench.there("small")), (bench.there("tree"), "small".to_owned())] {
        for _ in 0..3 {
            let disk = Disk::mount(&bench.path("small"));

            let output = bench.cp("eic", &["-r", &source, &target]);

            let told = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert_eq!(told.matches("no space left").count(), 1, "{told}");
            assert_eq!(parts_below(&bench.path("small")), Vec::<PathBuf>::new(), "{told}");
            drop(disk);
        }
    }
}

/// A file system of four megabytes; only root can make one, and the tests run as root where they are to be whole.
pub struct Disk(PathBuf);

impl Disk {
    pub fn mount(at: &Path) -> Self {
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(at).status().unwrap();
        assert!(made.success(), "a small file system needs root: run the tests as root, or in a container");
        Self(at.to_owned())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_source_that_changes_while_it_is_read_replaces_nothing() {
    let bench = Bench::new();
    fs::write(bench.path("log"), noise(30_000_000)).unwrap();
    fs::write(bench.path("old"), "old").unwrap();
    let path = bench.path("log");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        use std::io::Write as _;
        let mut log = File::options().append(true).open(path).unwrap();
        while stopped.recv_timeout(Duration::from_millis(1)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            log.write_all(b"more\n").unwrap();
        }
    });

    let up = bench.cp("eic", &["log", &bench.there("old")]);
    let down = bench.cp("eic", &[&bench.there("log"), "old"]);

    drop(stop);
    writer.join().unwrap();
    for output in [up, down] {
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("changed while"), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read(bench.path("old")).unwrap(), b"old");
    assert_eq!(parts(bench.at.path()), []);
}

#[test]
fn what_has_no_content_is_left_out_and_told() {
    let bench = Bench::new();
    fs::create_dir(bench.path("tree")).unwrap();
    fs::write(bench.path("tree/file"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", bench.path("tree/out")).unwrap();
    let sparse = File::create(bench.path("tree/sparse")).unwrap();
    sparse.set_len(50_000_000).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, b"end", 49_999_997).unwrap();
    assert!(Command::new("mkfifo").arg(bench.path("tree/pipe")).status().unwrap().success());

    let output = bench.cp("eic", &["-r", "tree", &bench.there("copy")]);

    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    for name in ["tree/pipe: ", "tree/out: ", "tree/sparse: "] {
        assert!(told.contains(name), "{told}");
    }
    assert!(!bench.path("copy/pipe").exists());
    assert_eq!(fs::read_link(bench.path("copy/out")).unwrap(), Path::new("/etc/passwd"));
    let (copy, original) = (fs::read(bench.path("copy/sparse")).unwrap(), fs::read(bench.path("tree/sparse")).unwrap());
    assert!(copy == original);
    assert!(fs::metadata(bench.path("copy/sparse")).unwrap().blocks() < 1_000);
}

#[test]
fn an_earlier_copys_part_and_somebody_elses_link_in_its_place_are_taken_away_and_never_followed() {
    let bench = Bench::new();
    fs::write(bench.path("large"), noise(2_000_000)).unwrap();
    fs::create_dir(bench.path("to")).unwrap();
    fs::write(bench.path("victim"), "mine").unwrap();
    // What the part is called is known to everybody.
    let first = bench.cp("eic", &["large", &bench.there("probe/x")]);
    assert_eq!(first.status.code(), Some(1));
    let mut running = bench.command("eic", &["large", &bench.there("to")]).spawn().unwrap();
    let part = bench.part_in(&bench.path("to"), 0, &mut running);
    running.kill().unwrap();
    running.wait().unwrap();
    let _ = fs::remove_file(&part);
    std::os::unix::fs::symlink(bench.path("victim"), &part).unwrap();

    for more in [&["--resume"][..], &[]] {
        let output = bench.cp("eic", &[more, &["large", &bench.there("to")]].concat());

        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(fs::read(bench.path("victim")).unwrap(), b"mine");
        assert!(fs::read(bench.path("to/large")).unwrap() == noise(2_000_000));
    }
}

#[test]
fn sync_makes_the_destination_like_the_source_and_touches_nothing_else() {
    let bench = Bench::new();
    odd_tree(&bench.path("source"));
    let sync = |arguments: &[&str]| {
        let arguments = [&["sync", "--method", "eic"], arguments].concat();
        let mut command = bench.host.program(ec2dash(), &arguments);
        command.current_dir(bench.at.path()).output().unwrap()
    };
    let modified = |name: &str| fs::metadata(bench.path(name)).unwrap().modified().unwrap();

    for (from, to, copy) in [
        ("source".to_owned(), bench.there("up"), "up"),
        (bench.there("source"), "down".to_owned(), "down"),
        (bench.there("source"), bench.there("across"), "across"),
    ] {
        let first = sync(&[&from, &to]);
        assert_eq!((first.status.code(), text(&first.stdout)), (Some(0), String::new()), "{}", text(&first.stderr));
        assert!(told(&bench.path(copy)) == told(&bench.path("source")), "{copy}");

        // One changes in size, one in content alone, one is too much, a folder too, and one is a folder there.
        let at = |name: &str| bench.path(copy).join(name);
        fs::write(at("plain"), "another size").unwrap();
        let before = modified(&format!("{copy}/deep/secret"));
        let mut other = noise(300_001);
        other[5] ^= 1;
        fs::write(at("deep/secret"), &other).unwrap();
        File::open(at("deep/secret")).unwrap().set_modified(before).unwrap();
        fs::create_dir_all(at("extra/in")).unwrap();
        fs::write(at("extra/in/x"), "x").unwrap();
        fs::remove_file(at("-rf")).unwrap();
        fs::create_dir(at("-rf")).unwrap();
        fs::write(at("-rf/y"), "y").unwrap();
        let inode = fs::metadata(at("deep/er/script")).unwrap().ino();

        let listed = sync(&["--dry-run", "--delete", &from, &to]);
        assert_eq!(listed.status.code(), Some(0), "{}", text(&listed.stderr));
        let lines = text(&listed.stdout);
        assert!(
            lines.contains("copy ") && lines.lines().any(|line| line.starts_with("remove ") && line.ends_with("extra/in/x")),
            "{lines}"
        );
        assert!(at("extra/in/x").exists() && fs::read(at("plain")).unwrap() == b"another size");

        let kept = sync(&[&from, &to]);
        assert_eq!(kept.status.code(), Some(1), "a folder is in the way of a file: {}", text(&kept.stderr));
        assert!(at("extra/in/x").exists() && at("-rf/y").exists());
        // Size and time are the same.
        assert!(fs::read(at("deep/secret")).unwrap() == other);

        let whole = sync(&["--delete", "--checksum", &from, &to]);
        assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
        assert!(text(&whole.stderr).contains("3 things"), "{}", text(&whole.stderr));
        assert!(told(&bench.path(copy)) == told(&bench.path("source")), "{copy}");
        assert_eq!(fs::metadata(at("deep/er/script")).unwrap().ino(), inode, "what is the same was written again");
    }
}

#[test]
fn with_checksum_what_has_the_same_content_is_not_written_again() {
    let bench = Bench::new();
    for folder in ["from", "to", "back"] {
        fs::create_dir(bench.path(folder)).unwrap();
        for (name, last) in [("same", 1), ("other", u8::from(folder == "from"))] {
            let bytes = [noise(700_000), vec![last]].concat();
            fs::write(bench.path(folder).join(name), bytes).unwrap();
        }
    }
    for (source, target, copy) in
        [("from/.".to_owned(), bench.there("to"), "to"), (bench.there("from/."), "back".to_owned(), "back")]
    {
        let inode = |name: &str| fs::metadata(bench.path(copy).join(name)).unwrap().ino();
        let before = (inode("same"), inode("other"));

        let output = bench.cp("eic", &["-rp", "--checksum", &source, &target]);

        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(told(&bench.path(copy)) == told(&bench.path("from")), "{copy}");
        assert!(inode("same") == before.0 && inode("other") != before.1, "{copy}");
    }
}

/// What could not be read is not what the source lacks.
#[test]
fn sync_removes_nothing_where_the_source_could_not_be_read_whole() {
    let bench = Bench::new();
    fs::create_dir_all(bench.path("source")).unwrap();
    fs::create_dir_all(bench.path("copy")).unwrap();
    fs::write(bench.path("copy/extra"), "x").unwrap();
    fs::write(bench.path("source/large"), noise(30_000_000)).unwrap();
    let path = bench.path("source/large");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        use std::io::Write as _;
        let mut log = File::options().append(true).open(path).unwrap();
        while stopped.recv_timeout(Duration::from_millis(1)) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            log.write_all(b"more\n").unwrap();
        }
    });

    let arguments = ["sync", "--delete", "--method", "eic", "source", &bench.there("copy")];
    let output = bench.host.program(ec2dash(), &arguments).current_dir(bench.at.path()).output().unwrap();

    drop(stop);
    writer.join().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(bench.path("copy/extra").exists(), "{}", text(&output.stderr));
}

/// Each session has a pace of its own: a large file comes by all of them, and is the same.
#[test]
fn a_file_that_comes_by_several_sessions_is_whole() {
    let bench = Bench::new();
    fs::write(bench.path("large"), noise(60_000_001)).unwrap();

    for method in ["eic", "ssm-ssh"] {
        let output = bench.cp(method, &["--sessions", "3", &bench.there("large"), method]);

        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(fs::read(bench.path(method)).unwrap() == noise(60_000_001), "{method}");
    }
}

#[test]
fn the_two_panes_want_a_terminal_and_say_what_does_without() {
    let bench = Bench::new();

    let output = bench.host.program(ec2dash(), &["files", "web-1"]).output().unwrap();

    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("ec2dash cp"), "{}", text(&output.stderr));
}

#[test]
fn what_is_left_of_a_copy_that_is_stopped_in_the_panes_is_shown() {
    let cloud = SimulatedCloud::start(&[]);
    let from = tempfile::tempdir().unwrap();
    fs::write(from.path().join("large"), noise(300_000_000)).unwrap();
    let script = format!("cd {} && exec {} files web-1 -m eic", from.path().display(), ec2dash().display());
    let mut terminal = Terminal::start(Path::new("/bin/sh"), &["-c", &script], &cloud.environment, (120, 32));
    terminal.wait_for("large");

    terminal.type_text("\tc");
    terminal.wait_until("some of it is there", |screen| screen.contains(" MB of 300 MB"));
    terminal.type_text("\x1b");
    let screen = terminal.wait_until("what is left", |screen| screen.matches(".ec2dash-part").count() == 2);

    assert!(screen.contains("stopped; a part stays: .large."), "{screen}");
    terminal.type_text("q");
    assert_eq!(terminal.wait().code(), Some(0));
}
