//! Gathers the licence texts of crates, each text once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Package, cargo};

/// Of licences to choose from, the first of these. Under the Apache licence no text of the crate's own is needed.
const PREFERRED: [&str; 9] =
    ["Apache-2.0", "MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "Unicode-3.0", "Unicode-DFS-2016", "MPL-2.0"];

const HEAD: &str = "\
Other people's software in ec2dash
==================================

ec2dash itself is under the MIT or the Apache-2.0 licence, as you like. Built into it are the Rust standard library (MIT OR
Apache-2.0, https://www.rust-lang.org) and the crates below, from https://crates.io. Where a crate leaves a choice of licences, the
one it stands under here is the one it is used under.
";

/// A licence and who uses it: the notices of each crate, in the words of its own file.
#[derive(Default)]
struct Group {
    title: String,
    text: String,
    /// By their copyright lines.
    crates: BTreeMap<Vec<String>, BTreeSet<String>>,
}

/// The file that ships.
pub fn gathered(packages: &BTreeSet<Package>) -> String {
    let folders = folders();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for package in packages {
        let named = format!("{} {}", package.name, package.version);
        let folder = folders.get(&named).unwrap_or_else(|| panic!("cargo does not know where {named} is"));
        for (license, source) in texts(package, folder) {
            let (notices, text) = split(&source);
            let group = groups.entry(words(&text)).or_default();
            if group.text.is_empty() {
                (group.title, group.text) = (license, text);
            }
            group.crates.entry(notices).or_default().insert(named.clone());
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.crates.values().map(BTreeSet::len).sum::<usize>()), group.text.clone()));
    let told: Vec<String> = groups.iter().map(section).collect();
    format!("{HEAD}{}", told.concat())
}

fn section(group: &Group) -> String {
    let rule = "-".repeat(100);
    let mut section = format!("\n{rule}\n{}\n\n", group.title);
    for (notices, crates) in &group.crates {
        crates.iter().for_each(|named| section.push_str(&format!("  * {named}\n")));
        notices.iter().for_each(|notice| section.push_str(&format!("      {notice}\n")));
    }
    format!("{section}\n{}\n", group.text)
}

/// Where each crate of the lock file lies, by name and version.
fn folders() -> BTreeMap<String, PathBuf> {
    let metadata: serde_json::Value = serde_json::from_str(&cargo(&["metadata", "--locked", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let field = |package: &serde_json::Value, name: &str| package[name].as_str().unwrap().to_owned();
    packages
        .map(|package| {
            let manifest = PathBuf::from(field(package, "manifest_path"));
            (format!("{} {}", field(package, "name"), field(package, "version")), manifest.parent().unwrap().to_owned())
        })
        .collect()
}

/// The texts that come with a crate, under the licences chosen of those it offers.
fn texts(package: &Package, folder: &Path) -> Vec<(String, String)> {
    let chosen: BTreeSet<&str> = package.license.split(" AND ").map(choice).collect();
    let mut texts = Vec::new();
    if chosen.contains("Apache-2.0") {
        texts.push(("Apache-2.0".to_owned(), include_str!("../../../LICENSE-APACHE").to_owned()));
        texts.extend(files(folder, &["NOTICE"]).into_iter().map(|(_, text)| ("Notice".to_owned(), text)));
    }
    for license in chosen.into_iter().filter(|license| *license != "Apache-2.0") {
        let all = files(folder, &["LICENSE", "LICENCE", "COPYING"]);
        let short = license.split('-').next().unwrap().to_uppercase();
        let own: Vec<_> = all.iter().filter(|(name, _)| name.to_uppercase().contains(&short)).cloned().collect();
        let general: Vec<_> = all.into_iter().filter(|(name, _)| !name.to_uppercase().contains("APACHE")).collect();
        let found = if own.is_empty() { general } else { own };
        match found.is_empty() {
            true => texts.push((license.to_owned(), standard(license, package))),
            false => texts.extend(found.into_iter().map(|(_, text)| (license.to_owned(), text))),
        }
    }
    texts
}

/// The licence that is taken of `(A OR B)`, `A/B` or `A`.
fn choice(offered: &str) -> &str {
    let offered: Vec<&str> =
        offered.trim_matches(['(', ')']).split(" OR ").flat_map(|one| one.split('/')).map(str::trim).collect();
    let preferred = PREFERRED.into_iter().find(|license| offered.contains(license));
    preferred.unwrap_or_else(|| panic!("none of {offered:?} is a licence that we know: see deny.toml"))
}

fn files(folder: &Path, begins: &[&str]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| begins.iter().any(|begin| name.to_uppercase().starts_with(begin)))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The text of a licence whose crate has left it out.
fn standard(license: &str, package: &Package) -> String {
    assert_eq!(license, "MIT", "{} has no licence file: its text is missing here", package.name);
    let ours = include_str!("../../../LICENSE-MIT");
    let holder = format!("Copyright (c) the authors of {}", package.name);
    ours.lines().map(|line| if line.starts_with("Copyright") { holder.as_str() } else { line }).collect::<Vec<_>>().join("\n")
}

/// The copyright lines that a text begins with, and the rest of it, without its title.
fn split(source: &str) -> (Vec<String>, String) {
    let source = source.trim_start_matches('\u{feff}').replace('\r', "").replace(['\t', '\u{c}'], "    ");
    let says = |line: &str, words: &[&str]| words.iter().any(|word| line.trim().to_lowercase().starts_with(word));
    let is_title = |line: &str| line.len() < 40 && says(line, &["mit license", "the mit license", "isc license", "bsd 3-clause"]);
    let is_head = |line: &str| line.trim().is_empty() || is_title(line) || says(line, &["copyright", "all rights reserved"]);
    let body = source.lines().position(|line| !is_head(line)).expect("a licence is more than a notice");
    let notices = source.lines().take(body).filter(|line| !line.trim().is_empty() && !is_title(line));
    let text: Vec<&str> = source.lines().skip(body).map(str::trim_end).collect();
    (notices.map(|line| line.trim().to_owned()).collect(), text.join("\n").trim_end().to_owned())
}

/// Texts with the same words are the same text.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
