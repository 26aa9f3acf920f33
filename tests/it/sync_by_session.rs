//! `sync`, and what of `cp` asks about files, by a command session: equal trees, what is too much, what is unkind, and what was interrupted.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Output};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::files::{Disk, parts, parts_below, told, too_much};
use crate::files_by_session::{Bench, text, tree};
use crate::proxy::noise;

impl Bench {
    fn sync(&self, arguments: &[&str]) -> Output {
        self.command(&[&["sync", "-m", "ssm"], arguments].concat()).output().unwrap()
    }

    /// Both directions between folders of these names: from where, to where, and where that is.
    fn both_ways(&self, source: &str, up: &str, down: &str) -> [(String, String, PathBuf); 2] {
        let up = (source.to_owned(), self.there(up), self.path(up));
        [up, (self.there(source), down.to_owned(), self.path(down))]
    }

    /// Wait until a copy has left this much of a file in a folder.
    fn part_in(&self, folder: &str, least: u64, running: &mut Child) -> PathBuf {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some((part, _)) = parts(&self.path(folder)).into_iter().find(|(_, size)| *size >= least) {
                return part;
            }
            assert!(running.try_wait().unwrap().is_none() && Instant::now() < deadline, "nothing is copied");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Kill or stop the scripts that answer questions: those that the simulated agents of this process have started.
fn signal_scripts(signal: Signal) {
    let own = std::process::id().to_string();
    let mut killed = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw) else { continue };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if text(&line).contains("iflag=fullblock") && is_below(pid.as_raw_nonzero().get(), &own) {
            killed += usize::from(kill_process(pid, signal).is_ok());
        }
    }
    assert!(killed > 0, "no script runs");
}

fn is_below(pid: i32, ancestor: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:")).map(str::trim).unwrap_or_default().to_owned();
    parent == ancestor || parent.parse().is_ok_and(|parent| parent > 1 && is_below(parent, ancestor))
}

fn succeeded(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn trees_become_equal_in_both_directions_and_stay_so() {
    let bench = Bench::new(&[]).await;
    tree(&bench.path("tree"));
    fs::write(bench.path("tree/large"), noise(3_000_000)).unwrap();
    for byte in 0x80..=0xff_u8 {
        fs::write(bench.path("tree").join(std::ffi::OsStr::from_bytes(&[b'n', byte, b'\n'])), [byte]).unwrap();
    }
    symlink("-not there\n", bench.path("tree/odd link")).unwrap();

    for (source, target, copy) in bench.both_ways("tree", "up", "down") {
        let fresh = bench.sync(&[&source, &target]);
        assert_eq!((fresh.status.code(), text(&fresh.stdout)), (Some(0), String::new()), "{}", text(&fresh.stderr));
        assert!(told(&copy) == told(&bench.path("tree")), "{copy:?}: {}", text(&fresh.stderr));
        let node = |file: &str| fs::metadata(copy.join(file)).unwrap().ino();
        let nodes = [node("large"), node("nothing")];

        succeeded(&bench.sync(&[&source, &target]));
        assert_eq!([node("large"), node("nothing")], nodes, "what is the same was written again");
        assert_eq!(text(&bench.sync(&["--dry-run", "--delete", &source, &target]).stdout), "");
        assert_eq!(parts(&copy), []);
    }
    assert!(!bench.path("pwned").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_copied_and_what_is_too_much_removed_after_saying_how_many() {
    let bench = Bench::new(&[]).await;
    tree(&bench.path("source"));
    for (from, to, copy) in bench.both_ways("source", "up", "down") {
        succeeded(&bench.sync(&[&from, &to]));
        // One changes in size, one in content alone, one is too much, a folder too, and one is a folder there.
        let at = |name: &str| copy.join(name);
        fs::write(at("plain"), "another size").unwrap();
        let before = fs::metadata(at("deep/secret")).unwrap().modified().unwrap();
        let mut other = noise(300_001);
        other[5] ^= 1;
        fs::write(at("deep/secret"), &other).unwrap();
        File::open(at("deep/secret")).unwrap().set_modified(before).unwrap();
        fs::create_dir_all(at("extra/-rf\nin")).unwrap();
        fs::write(at("extra/-rf\nin/\u{fffd}x"), "x").unwrap();
        symlink(bench.path("source"), at("extra/link")).unwrap();
        fs::remove_file(at("-rf")).unwrap();
        fs::create_dir(at("-rf")).unwrap();
        fs::write(at("-rf/y"), "y").unwrap();
        let node = fs::metadata(at("deep/er/script")).unwrap().ino();

        let listed = bench.sync(&["--dry-run", "--delete", &from, &to]);
        succeeded(&listed);
        let removed = |line: &str| line.starts_with("remove ") && line.contains("extra");
        assert_eq!(text(&listed.stdout).lines().filter(|line| removed(line)).count(), 4, "{}", text(&listed.stdout));
        assert!(at("extra/-rf\nin").exists() && fs::read(at("plain")).unwrap() == b"another size");

        let kept = bench.sync(&[&from, &to]);
        assert_eq!(kept.status.code(), Some(1), "a folder is in the way of a file: {}", text(&kept.stderr));
        assert!(at("extra/-rf\nin").exists() && at("-rf/y").exists());
        // Size and time are the same.
        assert!(fs::read(at("deep/secret")).unwrap() == other);

        let whole = bench.sync(&["--delete", "--checksum", &from, &to]);
        succeeded(&whole);
        assert!(text(&whole.stderr).contains("4 things"), "{}", text(&whole.stderr));
        assert!(text(&whole.stderr).contains("-rf: 2 things"), "{}", text(&whole.stderr));
        assert!(told(&copy) == told(&bench.path("source")), "{copy:?}");
        assert_eq!(fs::metadata(at("deep/er/script")).unwrap().ino(), node, "what is the same was written again");
    }
    assert!(bench.path("source/plain").exists(), "removed through a link");
}

/// What an instance does not tell whole is not "nothing there", and no name of its leads out.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_cut_or_lies_removes_and_writes_nothing() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("there")).unwrap();
    fs::write(bench.path("there/one"), "one").unwrap();
    fs::write(bench.path("there/two"), "two").unwrap();
    fs::create_dir_all(bench.path("here/sub")).unwrap();
    fs::write(bench.path("here/mine"), "mine").unwrap();
    let lies = ["../x", ".", "..", "", "./../x", "sub/x"].map(|name| format!("printf '81a4 5 100 7 %s//\\n' \"$1/{name}\""));
    let lies = lies.iter().map(|lie| ("find", lie.as_str()));
    let cut = [
        ("find", "/usr/bin/find \"$@\" | head -c 40"),
        ("find", "/usr/bin/find \"$@\" | head -c 40; exit 1"),
        ("find", "exit 1"),
        ("find", "kill -9 $PPID"),
        ("base64", "[ \"$1\" = -d ] && exec /usr/bin/base64 -d; /usr/bin/base64 | head -c 20"),
        ("base64", "[ \"$1\" = -d ] && exec /usr/bin/base64 -d; cat >/dev/null"),
        ("stat", "exec /usr/bin/stat -c '%f %s //' \"$3\""),
    ];
    for (name, program) in cut.into_iter().chain(lies) {
        bench.programs(&[(name, program)], false);
        let down = bench.sync(&["--delete", &bench.there("there"), "here"]);
        let up = bench.sync(&["--delete", "here", &bench.there("there")]);
        for output in [&down, &up] {
            assert!(!text(&output.stderr).contains("removed"), "{program}: {}", text(&output.stderr));
        }
        assert_ne!(down.status.code(), Some(0), "{program}: {}", text(&down.stderr));
        assert_eq!((fs::read(bench.path("here/mine")).unwrap(), bench.path("here/sub").exists()), (b"mine".to_vec(), true));
        assert_eq!((fs::read(bench.path("there/one")).unwrap(), bench.path("there/two").exists()), (b"one".to_vec(), true));
        assert!(!bench.path("x").exists());
    }
}

/// Where the instance has no room to answer in, some programs do not say so; what came of the list is not all of it.
#[tokio::test(flavor = "multi_thread")]
async fn an_instance_without_room_for_its_answer_removes_nothing_here() {
    let bench = Bench::new(&[]).await;
    for (folder, name) in [("there", "one"), ("there", "two"), ("here", "mine"), ("here/sub", "too")] {
        fs::create_dir_all(bench.path(folder)).unwrap();
        fs::write(bench.path(folder).join(name), name).unwrap();
    }
    fs::create_dir(bench.path("small")).unwrap();
    let disk = Disk::mount(&bench.path("small"));
    let _ = fs::write(bench.path("small/full"), noise(5_000_000));
    // As that of busybox does.
    let stat = "/usr/bin/stat \"$@\" 2>/dev/null; exit 0";
    let mktemp = format!("exec /usr/bin/mktemp -d -p {}", bench.path("small").display());
    bench.programs(&[("stat", stat), ("mktemp", &mktemp)], false);

    let down = bench.sync(&["--delete", &bench.there("there"), "here"]);
    let up = bench.sync(&["--delete", "here", &bench.there("there")]);

    for output in [down, up] {
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains("no space left") && !told.contains("removed"), "{told}");
    }
    assert!(["here/mine", "here/sub/too", "there/one", "there/two"].iter().all(|name| bench.path(name).exists()));
    drop(disk);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_an_old_program_cannot_serve_says_which() {
    let bench = Bench::new(&[]).await;
    fs::write(bench.path("x"), "x").unwrap();
    for (name, program, missing) in [
        ("dd", "case \"$*\" in *fullblock*) exit 1;; esac; exec /usr/bin/dd \"$@\"", "dd(iflag=fullblock)"),
        ("touch", "case \"$*\" in *@*) exit 1;; esac; exec /usr/bin/touch \"$@\"", "touch(-m,-d@0)"),
    ] {
        bench.programs(&[(name, program)], false);
        let output = bench.sync(&["x", &bench.there("y")]);
        assert!(output.status.code() == Some(255) && text(&output.stderr).contains(missing), "{}", text(&output.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_keeps_no_part_of_any_file() {
    let bench = Bench::new(&[]).await;
    fs::create_dir(bench.path("tree")).unwrap();
    for name in ["one", "two", "three", "four"] {
        fs::write(bench.path("tree").join(name), noise(3_000_000)).unwrap();
    }
    fs::create_dir(bench.path("small")).unwrap();
    let disk = Disk::mount(&bench.path("small"));
    for (from, to, copy) in bench.both_ways("tree", "small", "small") {
        let output = bench.sync(&[&from, &to]);
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains("no space left") && !told.contains("goes on there"), "{told}");
        assert_eq!(parts(&copy), []);
    }
    drop(disk);
    too_much(&bench.path("many"));
    for (from, to, copy) in bench.both_ways("many", "small", "small") {
        for _ in 0..3 {
            let disk = Disk::mount(&bench.path("small"));
            let output = bench.sync(&[&from, &to]);
            assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
            assert_eq!(parts_below(&copy), Vec::<PathBuf>::new(), "{}", text(&output.stderr));
            drop(disk);
        }
    }
}

/// A folder that becomes a link between the list and the removal leads nobody out.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_removed_through_a_link() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("victim")).unwrap();
    fs::write(bench.path("victim/x"), "mine").unwrap();
    fs::create_dir(bench.path("source")).unwrap();
    fs::create_dir_all(bench.path("there/extra")).unwrap();
    fs::write(bench.path("there/extra/x"), "x").unwrap();
    let (extra, victim) = (bench.path("there/extra").display().to_string(), bench.path("victim").display().to_string());
    let swap = format!("rm -rf {extra}; ln -s {victim} {extra}; exec /usr/bin/xargs \"$@\"");
    bench.programs(&[("xargs", &swap)], false);

    let output = bench.sync(&["--delete", "source", &bench.there("there")]);

    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(bench.path("there/extra").is_symlink() && bench.path("victim/x").exists(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("not a directory"), "{}", text(&output.stderr));
}

/// Interrupt it when this much of the file is there; the target is as it was, and the part is named.
fn interrupted(bench: &Bench, arguments: &[&str], folder: &str, interrupt: impl Fn(&Child)) -> (Output, PathBuf) {
    let mut running = bench.command(arguments).spawn().unwrap();
    let part = bench.part_in(folder, 3_000_000, &mut running);
    interrupt(&running);
    let output = running.wait_with_output().unwrap();
    let told = text(&output.stderr);
    assert!(told.contains(&text(part.file_name().unwrap().as_bytes())) && told.contains("goes on there"), "{told}");
    (output, part)
}

fn with_signal(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_interrupted_goes_on_where_it_was_and_only_with_the_same_beginning() {
    let bench = Bench::new(&[]).await;
    let bytes = noise(20_000_000);
    fs::create_dir(bench.path("tree")).unwrap();
    fs::write(bench.path("tree/large"), &bytes).unwrap();
    for (from, to, copy) in bench.both_ways("tree", "up", "down") {
        let folder = copy.file_name().unwrap().to_str().unwrap();
        fs::create_dir(&copy).unwrap();
        fs::write(copy.join("large"), "old").unwrap();
        let sync = ["sync", "-m", "ssm", &from, &to];
        let old = |code: i32, output: &Output| {
            assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
            assert_eq!(fs::read(copy.join("large")).unwrap(), b"old");
        };
        let resumed = |is_resumed: bool| {
            let output = bench.sync(&[&from, &to]);
            succeeded(&output);
            assert_eq!(text(&output.stderr).contains("goes on at"), is_resumed, "{}", text(&output.stderr));
            assert!(fs::read(copy.join("large")).unwrap() == bytes && parts(&copy).is_empty());
            fs::write(copy.join("large"), "old").unwrap();
        };

        let (by_signal, _) = interrupted(&bench, &sync, folder, with_signal);
        old(130, &by_signal);
        resumed(true);

        let (by_death, _) = interrupted(&bench, &sync, folder, |_| signal_scripts(Signal::KILL));
        old(255, &by_death);
        resumed(true);

        let (_, part) = interrupted(&bench, &sync, folder, with_signal);
        let mut changed = fs::read(&part).unwrap();
        changed[1_000_000] ^= 1;
        fs::write(&part, changed).unwrap();
        resumed(false);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_named_though_the_instance_does_not_answer_any_more() {
    let bench = Bench::new(&[]).await;
    fs::create_dir_all(bench.path("tree")).unwrap();
    fs::create_dir(bench.path("up")).unwrap();
    fs::write(bench.path("tree/large"), noise(20_000_000)).unwrap();
    for number in 0..200 {
        fs::write(bench.path("tree").join(format!("small {number}")), noise(200_000)).unwrap();
    }

    let sync = ["sync", "-m", "ssm", "tree", &bench.there("up")];
    let (output, _) = interrupted(&bench, &sync, "up", |child| {
        signal_scripts(Signal::STOP);
        with_signal(child);
    });

    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_goes_on_sends_nothing_again_that_came_whole() {
    let bench = Bench::new(&[]).await;
    fs::create_dir(bench.path("tree")).unwrap();
    fs::write(bench.path("tree/a"), noise(800_000)).unwrap();
    fs::write(bench.path("tree/b"), noise(20_000_000)).unwrap();
    for (from, _, top) in bench.both_ways("tree", "up", "down") {
        fs::create_dir_all(top.join("tree")).unwrap();
        let name = top.file_name().unwrap().to_str().unwrap();
        let to = if from.contains(':') { name.to_owned() } else { bench.there(name) };
        let copy = ["cp", "-r", "--resume", "-m", "ssm", &from, &to];
        let (output, _) = interrupted(&bench, &copy, &format!("{name}/tree"), |child| {
            while !top.join("tree/a").exists() {
                std::thread::sleep(Duration::from_millis(5));
            }
            with_signal(child);
        });
        assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
        let node = fs::metadata(top.join("tree/a")).unwrap().ino();

        let resumed = bench.command(&copy).output().unwrap();

        succeeded(&resumed);
        assert!(text(&resumed.stderr).contains("goes on at"), "{}", text(&resumed.stderr));
        assert_eq!(fs::metadata(top.join("tree/a")).unwrap().ino(), node, "it was sent again");
        let content = |folder: &Path, name: &str| fs::read(folder.join(name)).unwrap();
        assert!(["a", "b"].iter().all(|name| content(&top.join("tree"), name) == content(&bench.path("tree"), name)));
        assert_eq!(parts(&top.join("tree")), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_comes_by_several_sessions_and_is_whole() {
    let bench = Bench::new(&[]).await;
    fs::write(bench.path("large"), noise(20_000_001)).unwrap();

    let output = bench.cp(&["--sessions", "3", &bench.there("large"), "copy"]);

    succeeded(&output);
    assert!(fs::read(bench.path("copy")).unwrap() == noise(20_000_001));
}
