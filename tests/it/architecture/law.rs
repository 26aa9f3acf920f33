//! Who may use whom, and what has to stay pure: the tables, and what breaks them.

use std::collections::BTreeSet;

use super::code::Modules;
use super::names::{Mention, Place, circles, mentions};

/// What the files of a crate may do.
pub struct Law {
    /// A folder or the start of a file's path, and the folders and files that it may use besides its own room.
    pub may_use: &'static [(&'static str, &'static [&'static str])],
    /// Folders and files that wait for nothing and look at nothing.
    pub pure: &'static [&'static str],
    /// Those among them that do.
    pub touches_the_world: &'static [&'static str],
}

/// What only touching the world needs.
const WORLD: &[&str] = &[
    "tokio",
    "tokio_util",
    "rustix",
    "std::env",
    "std::fs",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::os::unix::net",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::tz::TimeZone::system",
];

/// Methods that look at the clock or at files.
const WORLDLY_METHODS: &[&str] = &["elapsed", "exists", "is_file", "is_dir", "canonicalize", "read_dir", "symlink_metadata"];

/// What in a crate breaks the law, one line each.
pub fn broken(modules: &Modules, law: &Law) -> Vec<String> {
    let mentions = mentions(modules);
    let strangers = mentions.iter().filter_map(|mention| stranger(mention, law));
    let worldly = mentions.iter().filter_map(|mention| worldly(mention, law));
    let methods = modules.values().filter(|module| is_pure(&module.file, law)).flat_map(|module| {
        let called = WORLDLY_METHODS.iter().filter(|method| module.methods.contains(**method));
        called.map(|method| format!("{} is pure, and calls {method}", module.file))
    });
    let found: BTreeSet<String> = strangers.chain(worldly).chain(methods).collect();
    found.into_iter().collect()
}

/// Which of `strangers`, folders or files that must know nothing of each other, know another of them.
pub fn acquaintances(modules: &Modules, strangers: &[&str]) -> Vec<String> {
    let one_of = |file: &str| strangers.iter().find(|start| is_within(file, start)).copied();
    let found: BTreeSet<String> = mentions(modules)
        .into_iter()
        .filter_map(|Mention { file, written, place, .. }| {
            let Place::Ours(used) = place else { return None };
            let (from, to) = (one_of(&file)?, one_of(&used)?);
            (from != to).then(|| format!("{file} knows {used}: {written}"))
        })
        .collect();
    found.into_iter().collect()
}

/// The circles of files in a crate, each with the imports that make it one.
pub fn circles_of_files(modules: &Modules) -> Vec<(BTreeSet<String>, Vec<String>)> {
    let mentions = mentions(modules);
    let with_imports = |circle: BTreeSet<String>| {
        let imports: BTreeSet<String> = mentions
            .iter()
            .filter(|mention| !mention.is_handed_on && circle.contains(&mention.file))
            .filter_map(|mention| match &mention.place {
                Place::Ours(file) if circle.contains(file) => Some(format!("{} uses {file}: {}", mention.file, mention.written)),
                _ => None,
            })
            .collect();
        (circle, imports.into_iter().collect())
    };
    circles(&mentions).into_iter().map(with_imports).collect()
}

/// A mention of a room that its file may not use.
fn stranger(mention: &Mention, law: &Law) -> Option<String> {
    let Mention { file, written, place, .. } = mention;
    let used = match place {
        Place::Ours(used) => used.clone(),
        Place::Foreign(path) => path.first()?.strip_prefix("ec2dash_")?.to_owned(),
    };
    let may = law.may_use.iter().filter(|(start, _)| is_within(file, start)).flat_map(|(_, may)| *may);
    let is_allowed = room(&used) == room(file) || may.into_iter().any(|start| is_within(&used, start));
    (!is_allowed).then(|| format!("{file} may not use {used}: {written}"))
}

/// A mention of the world in a file that has to be pure.
fn worldly(mention: &Mention, law: &Law) -> Option<String> {
    let Mention { file, written, place, .. } = mention;
    let Place::Foreign(path) = place else { return None };
    let path = path.join("::");
    let is_worldly =
        WORLD.iter().any(|word| path.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")));
    (is_worldly && is_pure(file, law)).then(|| format!("{file} is pure, and uses {path}: {written}"))
}

fn is_pure(file: &str, law: &Law) -> bool {
    let names = |list: &[&str]| list.iter().any(|start| is_within(file, start));
    names(law.pure) && !names(law.touches_the_world)
}

/// Whether `file` is `start`, `start.rs` or lies in the folder `start`.
fn is_within(file: &str, start: &str) -> bool {
    let rest = file.strip_prefix(start);
    start == "." || rest.is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

/// The first folder, or the file at the top.
fn room(file: &str) -> &str {
    file.split_once('/').map_or(file, |(room, _)| room)
}
