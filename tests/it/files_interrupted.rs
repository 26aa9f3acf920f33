//! `cp` that is stopped half-way: what stays, and where the same command with `--resume` goes on.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Output};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::files::{Bench, parts_below, told};
use crate::proxy::noise;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn interrupted(running: Child) -> Output {
    kill_process(Pid::from_child(&running), Signal::INT).unwrap();
    running.wait_with_output().unwrap()
}

fn assert_done(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// A large file among small ones.
fn tree(top: &Path) {
    fs::create_dir_all(top.join("sub")).unwrap();
    fs::write(top.join("large"), noise(300_000_000)).unwrap();
    for number in 0..20 {
        fs::write(top.join("sub").join(format!("f{number}")), noise(3_000)).unwrap();
    }
}

/// As for scp, a folder that is not there is a new name. When it is there because the first half made it, it still is one.
#[test]
fn a_folder_under_a_new_name_is_gone_on_with_in_that_folder() {
    let bench = Bench::new();
    tree(&bench.path("site"));
    for (name, is_up) in [("up", true), ("down", false)] {
        let (source, target) =
            if is_up { ("site".to_owned(), bench.there(name)) } else { (bench.there("site"), format!("{name}/")) };
        let mut running = bench.command("eic", &["-rp", &source, &target]).spawn().unwrap();
        let new = bench.path(name);
        while !new.exists() {
            assert!(running.try_wait().unwrap().is_none());
            std::thread::yield_now();
        }
        let part = bench.part_in(&new, 50_000_000, &mut running);
        let node = || fs::metadata(new.join("sub/f7")).unwrap().ino();
        let begun = Instant::now();
        while !parts_below(&new.join("sub")).is_empty() || fs::read_dir(new.join("sub")).unwrap().count() != 20 {
            assert!(begun.elapsed() < Duration::from_secs(60), "the small files never come");
            std::thread::yield_now();
        }
        let first = interrupted(running);
        let before = node();
        assert_eq!(first.status.code(), Some(130), "{}", text(&first.stderr));
        assert!(text(&first.stderr).contains(part.file_name().unwrap().to_str().unwrap()), "{}", text(&first.stderr));
        assert!(text(&first.stderr).contains("not whole yet"), "{}", text(&first.stderr));

        let resumed = bench.cp("eic", &["-rp", "--resume", &source, &target]);

        assert_done(&resumed);
        assert!(text(&resumed.stderr).contains("goes on at"), "{}", text(&resumed.stderr));
        assert!(told(&new) == told(&bench.path("site")), "{name}");
        // What came whole with its time does not come again.
        assert_eq!(node(), before);
        // What is whole is a folder like any other.
        assert_done(&bench.cp("eic", &["-rp", "--resume", &source, &target]));
        assert!(told(&new.join("site")) == told(&bench.path("site")), "{name}");
    }
}

/// Who begins anew means what is there now, and so does who goes on with that.
#[test]
fn a_folder_that_was_left_unfinished_is_one_that_is_there_for_a_copy_that_begins_anew() {
    let bench = Bench::new();
    tree(&bench.path("site"));
    let target = bench.there("new");
    for arguments in [&["-r", "site", &target][..], &["-r", "site", &target]] {
        let mut running = bench.command("eic", arguments).spawn().unwrap();
        let folder = if bench.path("new").exists() { bench.path("new/site") } else { bench.path("new") };
        while !folder.exists() {
            assert!(running.try_wait().unwrap().is_none());
            std::thread::yield_now();
        }
        bench.part_in(&folder, 50_000_000, &mut running);
        assert_eq!(interrupted(running).status.code(), Some(130));
    }

    let resumed = bench.cp("eic", &["-r", "--resume", "site", &target]);

    assert_done(&resumed);
    assert!(text(&resumed.stderr).contains("goes on at"), "{}", text(&resumed.stderr));
    assert!(fs::read(bench.path("new/site/large")).unwrap() == noise(300_000_000));
    assert_eq!(parts_below(&bench.path("new/site")), Vec::<std::path::PathBuf>::new());
}

/// A Ctrl-C reaches every program at the terminal, ssh and what it runs, too: they carry on until all is put away.
#[test]
fn a_ctrl_c_at_the_terminal_leaves_no_part_by_any_way() {
    let bench = Bench::new();
    many(&bench.path("many"));
    for method in ["eic", "ssm-ssh"] {
        for round in 0..2 {
            let name = format!("{method}-{round}");
            let (source, target) = (bench.path("many").display().to_string(), bench.there(&name));
            let arguments = ["--config", bench.host.config(), "cp", "-rm", method, &source, &target];
            let mut terminal = Terminal::start(ec2dash(), &arguments, &bench.host.environment(), (80, 24));
            wait_for_files(&bench.path(&name), 200);

            terminal.type_text("\x03");

            assert_eq!(terminal.wait().code(), Some(130), "{}", terminal.shown());
            let left = parts_below(&bench.path(&name));
            // But for the mark of the folder, which is not whole.
            assert_eq!(left.len(), 1, "{left:?}");
            assert!(fs::read_dir(bench.path(&name)).unwrap().count() < 4_000, "it was done already");
        }
    }
}

fn many(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for number in 0..4_000 {
        fs::write(folder.join(format!("f{number}")), noise(3_000)).unwrap();
    }
}

fn wait_for_files(folder: &Path, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !folder.exists() || fs::read_dir(folder).unwrap().count() < count {
        assert!(Instant::now() < deadline, "nothing is copied");
        std::thread::yield_now();
    }
}

/// What is not worth going on with goes, also what was asked for just then.
#[test]
fn of_many_small_files_no_part_stays() {
    let bench = Bench::new();
    many(&bench.path("many"));
    for round in 0..6 {
        for is_up in [true, false] {
            let name = format!("to-{round}-{is_up}");
            fs::create_dir(bench.path(&name)).unwrap();
            let (source, target) =
                if is_up { ("many".to_owned(), bench.there(&name)) } else { (bench.there("many"), name.clone()) };
            let running = bench.command("eic", &["-r", &source, &target]).spawn().unwrap();
            let folder = bench.path(&name).join("many");
            wait_for_files(&folder, 300);

            let output = interrupted(running);

            assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
            assert_eq!(parts_below(&folder), Vec::<std::path::PathBuf>::new(), "{}", text(&output.stderr));
            assert!(fs::read_dir(&folder).unwrap().count() < 4_000, "it was done already");
        }
    }
}

/// As `timeout`, systemd and CI end a program: with all that it has started.
#[test]
fn a_signal_to_the_whole_group_leaves_no_part_either() {
    let bench = Bench::new();
    many(&bench.path("many"));
    for method in ["eic", "ssm-ssh"] {
        for is_up in [true, false] {
            let name = format!("{method}-{is_up}");
            fs::create_dir(bench.path(&name)).unwrap();
            let (source, target) =
                if is_up { ("many".to_owned(), bench.there(&name)) } else { (bench.there("many"), name.clone()) };
            let running = bench.command(method, &["-r", &source, &target]).process_group(0).spawn().unwrap();
            let folder = bench.path(&name).join("many");
            wait_for_files(&folder, 300);

            kill_process_group(Pid::from_child(&running), Signal::TERM).unwrap();
            let output = running.wait_with_output().unwrap();

            assert_eq!(output.status.code(), Some(143), "{}", text(&output.stderr));
            assert_eq!(parts_below(&folder), Vec::<std::path::PathBuf>::new(), "{method} {is_up}: {}", text(&output.stderr));
            assert!(fs::read_dir(&folder).unwrap().count() < 4_000, "it was done already");
        }
    }
}

/// The same copy, begun twice: whoever says that it is done has given the whole file its name, whatever becomes of the other.
#[test]
fn of_two_that_copy_the_same_file_at_once_none_gives_it_its_name_before_it_is_whole() {
    let bench = Bench::new();
    let content = noise(300_000_000);
    fs::write(bench.path("large"), &content).unwrap();
    fs::create_dir(bench.path("to")).unwrap();

    for (from, to) in [("large".to_owned(), bench.there("to")), (bench.there("large"), "to".to_owned())] {
        let copy = || bench.command("eic", &[&from, &to]).spawn().unwrap();
        let mut first = copy();
        bench.part_in(&bench.path("to"), 1_000_000, &mut first);
        let second = copy();

        let mut are_done = 0;
        for child in [first, second] {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            match output.status.code() {
                Some(0) => are_done += 1,
                code => assert!(code == Some(1) && said.contains("another copy"), "{code:?}: {said}"),
            }
            let there = fs::read(bench.path("to/large")).ok();
            assert!(are_done == 0 || there.is_some_and(|there| there == content), "it is not whole");
        }
        assert_ne!(are_done, 0);
        assert_eq!(fs::read_dir(bench.path("to")).unwrap().count(), 1);
        fs::remove_file(bench.path("to/large")).unwrap();
    }
}
