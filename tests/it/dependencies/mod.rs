//! What the program is made of that is not ours: which crates, under which licences, and from where.

mod allowed;
mod licenses;
mod texts;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// One crate of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    /// The licences it may be used under, as its manifest says.
    license: String,
}

/// What becomes part of the program on one computer, with the default features: without what only tests and build scripts use.
fn shipped(target: Option<&str>) -> BTreeSet<Package> {
    let mut words = vec!["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"];
    match target {
        Some(target) => words.extend(["--target", target]),
        // This computer's: the build has downloaded all of it.
        None => words.push("--offline"),
    }
    let is_ours = |package: &Package| package.name.starts_with("ec2dash");
    cargo(&words).lines().filter_map(package).filter(|package| !is_ours(package)).collect()
}

/// A line of `cargo tree`: `serde v1.0.228|MIT OR Apache-2.0 (*)`, with `(proc-macro)` or a path behind the version.
fn package(line: &str) -> Option<Package> {
    let (package, license) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned());
    Some(Package { name, version, license: license.trim_end_matches(" (*)").to_owned() })
}

/// What cargo says of this package.
fn cargo(words: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(words).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).output().unwrap();
    assert!(output.status.success(), "cargo {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
