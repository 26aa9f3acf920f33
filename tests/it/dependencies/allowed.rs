//! The dependencies keep to `deny.toml`: its licences, its bans, its registry. What `cargo deny` would say, where it is not installed.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::cargo;

/// `deny.toml`, as JSON.
fn policy() -> Value {
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    toml::from_str(&source).unwrap()
}

fn words(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// What the tests, the build and the program use on this computer, by name and version. `cargo metadata` alone names more: what a
/// feature that nobody switches on would bring.
fn used() -> BTreeSet<(String, String)> {
    let edges = ["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}"];
    let tree = cargo(&[&["tree", "--workspace", "--locked", "--offline"], edges.as_slice()].concat());
    let package = |line: &str| {
        let (name, version) = line.split_once(" v")?;
        Some((name.to_owned(), version.split(' ').next()?.to_owned()))
    };
    tree.lines().filter_map(package).collect()
}

/// The same as `cargo metadata` describes it.
fn packages() -> Vec<Value> {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let told = cargo(&["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&told).unwrap();
    let used = used();
    let field = |package: &Value, name: &str| package[name].as_str().unwrap().to_owned();
    let is_used = |package: &&Value| used.contains(&(field(package, "name"), field(package, "version")));
    let packages: Vec<Value> = metadata["packages"].as_array().unwrap().iter().filter(is_used).cloned().collect();
    assert_eq!(packages.len(), used.len());
    packages
}

/// Whether what a crate may be used under is among `allowed`: `(MIT OR Apache-2.0) AND Unicode-3.0`, and `MIT/Apache-2.0` as of old.
fn may_be_used(license: &str, allowed: &[String]) -> bool {
    let alternatives = |all: &str| {
        let all = all.trim_matches(['(', ')']).replace('/', " OR ");
        all.split(" OR ").any(|one| allowed.iter().any(|allowed| allowed == one.trim()))
    };
    license.split(" AND ").all(alternatives)
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let allowed = words(&policy()["licenses"]["allow"]);
    let told = |package: &Value| format!("{} {}", package["name"].as_str().unwrap(), package["license"]);

    let packages = packages();
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|license| may_be_used(license, &allowed)))
        .map(told)
        .collect();

    assert!(packages.len() > 300);
    assert_eq!(refused, [""; 0]);
}

#[test]
fn an_expression_is_allowed_when_each_part_of_it_is() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];

    for (license, may) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 / MIT", true),
        ("GPL-3.0 OR MIT", true),
        ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-2.0 OR GPL-3.0) AND MIT", false),
        ("Apache-2.0", false),
        ("MIT-0", false),
    ] {
        assert_eq!(may_be_used(license, &allowed), may, "{license}");
    }
}

#[test]
fn everything_comes_from_one_registry() {
    let registries = words(&policy()["sources"]["allow-registry"]);

    let sources: BTreeSet<String> =
        packages().iter().filter_map(|package| Some(package["source"].as_str()?.to_owned())).collect();

    assert_eq!(sources, registries.iter().map(|registry| format!("registry+{registry}")).collect());
}

#[test]
fn what_is_banned_is_in_no_build() {
    let banned = policy()["bans"]["deny"].as_array().unwrap().clone();
    let used = used();

    assert!(used.iter().any(|(name, _)| name == "hyper") && banned.len() > 3);
    for ban in banned {
        let (name, below) = match ban["crate"].as_str().unwrap().split_once(":<") {
            Some((name, below)) => (name, below.parse::<u32>().unwrap()),
            None => (ban["crate"].as_str().unwrap(), u32::MAX),
        };
        let major = |version: &str| version.split('.').next().unwrap().parse::<u32>().unwrap();
        let found: Vec<_> = used.iter().filter(|(used, version)| used == name && major(version) < below).collect();
        assert!(found.is_empty(), "{found:?}: {}", ban["reason"]);
    }
}
