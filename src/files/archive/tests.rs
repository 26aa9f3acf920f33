//! Tar streams that an instance could send to reach what is not its own, and their broken kin.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

use tar::{Builder, EntryType, Header};

use super::{Pack, Unpack};
use crate::files::{Meter, Trouble, What};

/// An archive, entry by entry, with names as they are.
#[derive(Default)]
struct Stream(Vec<u8>);

impl Stream {
    fn entry(mut self, kind: EntryType, name: &str, link: &str, content: &[u8]) -> Self {
        self.0.extend(header(kind, name, link, content.len() as u64).as_bytes());
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, name: &str, content: &str) -> Self {
        self.entry(EntryType::Regular, name, "", content.as_bytes())
    }
}

fn header(kind: EntryType, name: &str, link: &str, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(size);
    let gnu = header.as_gnu_mut().unwrap();
    gnu.name[..name.len()].copy_from_slice(name.as_bytes());
    gnu.linkname[..link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    header
}

/// A place to unpack in, with something outside of it that must not change.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let at = tempfile::tempdir().unwrap();
        fs::create_dir_all(at.path().join("in")).unwrap();
        fs::create_dir(at.path().join("out")).unwrap();
        fs::write(at.path().join("out/kept"), "kept").unwrap();
        Self(at)
    }

    fn unpack(&self, stream: &[u8]) -> (Result<(), Trouble>, Vec<(String, What)>) {
        let mut told = Vec::new();
        let stage = self.0.path().join("in");
        let unpack = Unpack { stage: &stage, only: None, meter: &Meter::default() };
        let outcome = unpack.read(stream, |path, what| told.push((path.display().to_string(), what)));
        let outside: Vec<_> = fs::read_dir(self.0.path().join("out")).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!((outside, fs::read(self.0.path().join("out/kept")).unwrap()), (vec!["kept".into()], b"kept".to_vec()));
        let beside = fs::read_dir(self.0.path()).unwrap().count();
        assert_eq!(beside, 2);
        (outcome, told)
    }

    fn content(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.0.path().join("in").join(name)).ok()
    }
}

#[test]
fn nothing_is_written_outside_whatever_its_name() {
    for name in ["../out/x", "/tmp/ec2dash-never", "a/../../out/x", "..", "./../out/kept"] {
        let bench = Bench::new();
        let (outcome, told) = bench.unpack(&Stream::default().file(name, "x").file("./good", "good").0);

        assert_eq!((outcome, bench.content("good").as_deref()), (Ok(()), Some("good")), "{name}");
        assert_eq!(told, [(name.to_owned(), What::Failed(Trouble::BadName))]);
        assert!(!Path::new("/tmp/ec2dash-never").exists());
    }
}

#[test]
fn nothing_is_written_or_read_through_a_link() {
    let bench = Bench::new();
    let out = bench.0.path().join("out").display().to_string();
    let stream = Stream::default()
        .entry(EntryType::Symlink, "./door", &out, b"")
        .file("./door/kept", "changed")
        .entry(EntryType::Directory, "./door", "", b"")
        .file("./door", "changed")
        .entry(EntryType::Symlink, "./file", &format!("{out}/kept"), b"")
        .file("./file", "changed")
        .entry(EntryType::Link, "./hard", "./file", b"")
        .entry(EntryType::Link, "./through", "./door/kept", b"")
        .entry(EntryType::Link, "./above", "../out/kept", b"")
        .entry(EntryType::Link, "./absolute", &format!("{out}/kept"), b"")
        .file("./one", "one")
        .entry(EntryType::Link, "./two", "./one", b"");
    let (outcome, told) = bench.unpack(&stream.0);

    assert_eq!(outcome, Ok(()));
    let failed: Vec<_> = told.iter().filter(|(_, what)| matches!(what, What::Failed(_))).map(|(name, _)| name.as_str()).collect();
    let expected = ["./door/kept", "./door", "./door", "./file", "./hard", "./through", "./above", "./absolute"];
    assert_eq!(failed, expected, "{told:#?}");
    assert_eq!(told.iter().filter(|(_, what)| matches!(what, What::LeadsOut(_))).count(), 2);
    assert_eq!(bench.content("two").as_deref(), Some("one"));
    for name in ["hard", "through", "above", "absolute"] {
        assert_ne!(bench.content(name).as_deref(), Some("kept"), "{name}");
    }
}

#[test]
fn devices_and_what_nobody_asked_for_are_left_out_and_told() {
    let bench = Bench::new();
    let stream = Stream::default()
        .entry(EntryType::Char, "./null", "", b"")
        .entry(EntryType::Block, "./disk", "", b"")
        .entry(EntryType::Fifo, "./pipe", "", b"")
        .entry(EntryType::new(b'V'), "./volume", "", b"x")
        .file("./good", "good");
    let (outcome, told) = bench.unpack(&stream.0);

    assert_eq!(outcome, Ok(()));
    let special = |name: &str| (name.to_owned(), What::Special);
    let unsupported = ("./volume".to_owned(), What::Failed(Trouble::Unsupported));
    assert_eq!(told, [special("./null"), special("./disk"), special("./pipe"), unsupported]);
    assert_eq!(fs::read_dir(bench.0.path().join("in")).unwrap().count(), 1);
}

#[test]
fn what_is_cut_or_promises_too_much_ends_it() {
    let huge = header(EntryType::Regular, "./huge", "", 1 << 60).as_bytes().to_vec();
    let name = header(EntryType::GNULongName, "./long", "", 1 << 40).as_bytes().to_vec();
    let endless = [name, vec![b'x'; 3 << 20]].concat();
    let cut = Stream::default().file("./a", &"x".repeat(2_000)).0;
    for stream in [huge.as_slice(), &endless, cut.get(..1_500).unwrap(), &[7; 2_000]] {
        let (outcome, _) = Bench::new().unpack(stream);
        assert_eq!(outcome, Err(Trouble::Lost));
    }
}

#[test]
fn only_the_file_that_was_asked_for_is_taken() {
    let bench = Bench::new();
    let stream =
        Stream::default().file("./.bashrc", "x").file("./asked", "asked").entry(EntryType::Directory, "./asked", "", b"");
    let stage = bench.0.path().join("in");
    let mut told = Vec::new();
    let unpack = Unpack { stage: &stage, only: Some(Path::new("asked")), meter: &Meter::default() };
    unpack.read(stream.0.as_slice(), |path, what| told.push((path.to_owned(), what))).unwrap();

    assert_eq!((bench.content(".bashrc"), bench.content("asked").as_deref()), (None, Some("asked")));
    assert_eq!(told.len(), 2);
}

#[test]
fn no_bytes_lead_out() {
    let mut seed = std::env::var("EC2DASH_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    let mut random = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap()
    };
    let good = Stream::default()
        .entry(EntryType::Symlink, "./door", "../out", b"")
        .file("./door/x", "x")
        .entry(EntryType::GNULongName, "././@LongLink", "", b"../out/kept\0")
        .file("./y", "y")
        .entry(EntryType::XHeader, "./pax", "", b"20 path=../out/kept\n")
        .file("./z", "z")
        .0;
    let bench = Bench::new();
    for _ in 0..300 {
        let mut stream = good.clone();
        for _ in 0..random() % 6 {
            let at = random() % stream.len();
            stream[at] = u8::try_from(random() % 256).unwrap();
            // A header whose sum is right again is read.
            let at = at / 512 * 512;
            let block: &mut [u8] = &mut stream[at..at + 512];
            let sum: u32 =
                block.iter().enumerate().map(|(i, byte)| if (148..156).contains(&i) { 32 } else { u32::from(*byte) }).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        drop(bench.unpack(&stream));
    }
}

#[test]
fn what_is_packed_here_is_unpacked_as_it_was() {
    let bench = Bench::new();
    let from = bench.0.path().join("out");
    let names: [&[u8]; 5] = [b"-rf", b"two\nlines", b"\xff\xfe", &[b'x'; 255], "\u{1112}\u{1161}\u{11ab}".as_bytes()];
    let other = tempfile::tempdir().unwrap();
    for name in names {
        fs::create_dir(other.path().join("deep")).ok();
        fs::write(other.path().join("deep").join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
    }
    std::os::unix::fs::symlink("x".repeat(150), other.path().join("link")).unwrap();
    let (mut stream, mut told) = (Vec::new(), Vec::new());
    let pack = Pack { keeps: true, umask: 0o22, meter: &Arc::default() };
    pack.write(other.path(), &mut stream, |path, what| told.push((path.to_owned(), what))).unwrap();

    assert_eq!((bench.unpack(&stream), told), ((Ok(()), vec![]), vec![]));
    for name in names {
        let path = bench.0.path().join("in/n/deep").join(std::ffi::OsStr::from_bytes(name));
        assert_eq!(fs::read(path).unwrap(), name);
    }
    assert_eq!(fs::read_link(bench.0.path().join("in/n/link")).unwrap().as_os_str().len(), 150);
    assert!(from.exists());
    // Cut anywhere, it is told as cut.
    let half = stream.get(..stream.len() / 2).unwrap();
    assert!(Builder::new(Vec::new()).finish().is_ok() && Bench::new().unpack(half).0 == Err(Trouble::Lost));
}
