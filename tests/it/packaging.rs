//! What makes the packages holds together: workflows, scripts, recipes, and the files that the packages name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::tools::{ec2dash, python_tool, system_tool};

const WORKFLOWS: [&str; 3] = ["ci.yml", "fuzz.yml", "release.yml"];
const SCRIPTS: [&str; 5] = [".ci/run", "tests/run", "packaging/dist", "packaging/gather", "packaging/finish"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(&file)).unwrap_or_else(|error| panic!("{}: {error}", file.as_ref().display()))
}

fn manifest() -> toml::Table {
    read("Cargo.toml").parse().unwrap()
}

/// What `packaging/settings` says of a name, with nothing in the environment.
fn setting(name: &str) -> String {
    let script = format!("source packaging/settings; printf %s \"${name}\"");
    let said = Command::new("bash").args(["-c", &script]).env_clear().current_dir(root()).output().unwrap();
    assert!(said.status.success(), "{said:?}");
    String::from_utf8(said.stdout).unwrap()
}

/// A workflow, read by a YAML parser as GitHub's would.
fn workflow(name: &str) -> Value {
    let file = root().join(".github/workflows").join(name);
    let script = "import json, sys, yaml; json.dump(yaml.load(open(sys.argv[1]), yaml.BaseLoader), sys.stdout)";
    let parsed = Command::new(python_tool("python")).args(["-c", script]).arg(&file).output().unwrap();
    assert!(parsed.status.success(), "{name}: {}", String::from_utf8_lossy(&parsed.stderr));
    serde_json::from_slice(&parsed.stdout).unwrap()
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn every_workflow_has_the_least_permissions_and_keeps_no_credentials() {
    let there = files_in(&root().join(".github/workflows"));
    assert_eq!(there.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect::<Vec<_>>(), WORKFLOWS);

    for name in WORKFLOWS {
        let workflow = workflow(name);
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name}");
        for (job, said) in workflow["jobs"].as_object().unwrap() {
            let may = said["permissions"].as_object().unwrap_or_else(|| panic!("{name}: {job} says no permissions"));
            let writes: Vec<&str> = may.iter().filter(|(_, level)| *level == "write").map(|(scope, _)| scope.as_str()).collect();
            let expected: &[&str] =
                if (name, job.as_str()) == ("release.yml", "draft") { &["attestations", "contents", "id-token"] } else { &[] };
            let mut writes = writes;
            writes.sort_unstable();
            assert_eq!(writes, expected, "{name}: {job}");
            for step in said["steps"].as_array().into_iter().flatten() {
                if step["uses"].as_str().is_some_and(|action| action.starts_with("actions/checkout@")) {
                    assert_eq!(step["with"]["persist-credentials"], "false", "{name}: {job}");
                }
            }
        }
    }
}

#[test]
fn every_action_is_pinned_by_commit_with_its_version_beside_it() {
    let mut pinned = 0;
    for name in WORKFLOWS {
        for line in read(Path::new(".github/workflows").join(name)).lines() {
            let Some((_, action)) = line.split_once("uses: ").filter(|(_, action)| !action.starts_with("./")) else { continue };
            let (commit, version) =
                action.split_once('@').unwrap().1.split_once(" # v").unwrap_or_else(|| panic!("{name}: {line}"));
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {line}");
            assert!(version.split('.').count() == 3, "{name}: {line}");
            pinned += 1;
        }
    }
    assert!(pinned >= 8, "{pinned}");
}

#[test]
fn the_workflows_run_the_scripts_and_files_that_are_here() {
    let run = |name: &str, job: &str| {
        let workflow = workflow(name);
        let steps = workflow["jobs"][job]["steps"].as_array().unwrap().clone();
        steps.iter().filter_map(|step| step["run"].as_str()).collect::<Vec<_>>().join("\n")
    };

    assert!(run("ci.yml", "check").ends_with("RUSTUP_TOOLCHAIN=$RUST .ci/run\n"));
    assert!(run("ci.yml", "oldest-rust").contains("'s/^rust-version = \"\\(.*\\)\"$/\\1/p' Cargo.toml"));
    assert!(run("ci.yml", "dependencies").contains("cargo deny --locked check"));
    assert!(run("release.yml", "build").contains("packaging/dist \"$TARGET\""));
    assert!(run("release.yml", "draft").contains("packaging/finish dist"));
    assert!(run("release.yml", "draft").contains("gh release create \"$GITHUB_REF_NAME\" --draft"));
    let checked = run("ci.yml", "scripts");
    for script in SCRIPTS {
        assert!(root().join(script).exists() && checked.contains(script), "{script}");
    }
}

#[test]
fn the_scripts_are_bash_that_stops_at_the_first_failure() {
    let folder = files_in(&root().join("packaging"));
    let scripts = folder.iter().filter(|path| fs::read_to_string(path).is_ok_and(|text| text.starts_with("#!")));
    let named = SCRIPTS.iter().map(|script| root().join(script));
    for script in scripts.cloned().chain(named) {
        let text = fs::read_to_string(&script).unwrap();
        let bash = system_tool("bash", "apt-get install bash");
        let read = Command::new(bash).arg("-n").arg(&script).output().unwrap();
        assert!(read.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&read.stderr));
        assert!(text.contains("\nset -euo pipefail\n"), "{}", script.display());
        assert!(SCRIPTS.iter().any(|name| root().join(name) == script), "{} is checked by no workflow", script.display());
    }
}

#[test]
fn no_address_is_invented() {
    let address = setting("PUBLIC_ADDRESS");
    let package = &manifest()["package"];
    let said = |key: &str| package.get(key).map(|value| value.as_str().unwrap().to_owned()).unwrap_or_default();
    assert_eq!([said("repository"), said("homepage")], [address.clone(), address]);

    let workflows = WORKFLOWS.map(|name| root().join(".github/workflows").join(name));
    for file in files_in(&root().join("packaging")).into_iter().chain(workflows).chain([root().join("flake.nix")]) {
        let text = fs::read_to_string(&file).unwrap();
        let addresses: Vec<&str> = text
            .lines()
            .filter(|line| ["http://", "https://", "github.com", "git@"].iter().any(|start| line.contains(start)))
            .collect();
        assert_eq!(addresses, [""; 0], "{}", file.display());
    }
}

#[test]
fn one_version_of_rust_and_of_glibc_is_meant_everywhere() {
    let manifest = manifest();
    let package = &manifest["package"];
    let metadata = &package["metadata"];
    let glibc = setting("GLIBC");

    assert_eq!(metadata["deb"]["depends"].as_str(), Some(format!("libc6 (>= {glibc})").as_str()));
    assert_eq!(metadata["generate-rpm"]["requires"]["glibc"].as_str(), Some(format!(">= {glibc}").as_str()));
    assert!(setting("RUST").starts_with(package["rust-version"].as_str().unwrap()), "{}", setting("RUST"));
    for line in read("packaging/python-tools.txt").lines().filter(|line| !line.starts_with([' ', '#'])) {
        assert!(line.contains("==") && line.ends_with('\\'), "{line}: of any version, or without a sum");
    }
}

#[test]
fn every_file_of_the_packages_is_one_that_is_gathered_and_none_is_left_out() {
    let made = tempfile::tempdir().unwrap();
    let files = made.path().join("files");
    succeeds(Command::new(root().join("packaging/gather")).arg(ec2dash()).arg(&files));
    let gathered: Vec<PathBuf> = [".", "completions", "docs"]
        .iter()
        .flat_map(|folder| files_in(&files.join(folder)))
        .filter(|path| path.is_file())
        .collect();
    for name in ["ec2dash", "ec2dash.1", "completions/ec2dash.bash", "completions/_ec2dash", "completions/ec2dash.fish"] {
        assert!(fs::metadata(files.join(name)).is_ok_and(|file| file.len() > 100), "{name}");
    }

    let manifest = manifest();
    let metadata = &manifest["package"]["metadata"];
    let deb = metadata["deb"]["assets"].as_array().unwrap().iter().map(|asset| asset[0].as_str().unwrap());
    let rpm = metadata["generate-rpm"]["assets"].as_array().unwrap().iter().map(|asset| asset["source"].as_str().unwrap());
    for (package, assets) in [("deb", deb.collect::<Vec<_>>()), ("rpm", rpm.collect::<Vec<_>>())] {
        let mut taken = Vec::new();
        for asset in assets {
            let pattern = asset.strip_prefix("target/packaging/files/").unwrap_or_else(|| panic!("{package}: {asset}"));
            let fitting: Vec<&PathBuf> = gathered.iter().filter(|path| fits(pattern, path, &files)).collect();
            assert!(!fitting.is_empty(), "{package}: nothing is gathered for {asset}");
            taken.extend(fitting);
        }
        taken.sort();
        assert_eq!(
            taken,
            {
                let mut all: Vec<&PathBuf> = gathered.iter().collect();
                all.sort();
                all
            },
            "{package}"
        );
    }
}

/// Whether a path is meant by a pattern with at most one `*`, which stays within its folder.
fn fits(pattern: &str, path: &Path, below: &Path) -> bool {
    let folder = path.parent().unwrap().components().collect::<PathBuf>();
    let name = path.file_name().unwrap().to_str().unwrap();
    let wanted = Path::new(pattern);
    let (start, end) = wanted
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .split_once('*')
        .map_or_else(|| (wanted.file_name().unwrap().to_str().unwrap(), None), |(start, end)| (start, Some(end)));
    folder == below.join(wanted.parent().unwrap()).components().collect::<PathBuf>()
        && end.map_or(name == start, |end| name.starts_with(start) && name.ends_with(end))
}

#[test]
fn the_recipes_are_filled_in_with_the_sums_of_the_archives_and_only_with_an_address() {
    let version = manifest()["package"]["version"].as_str().unwrap().to_owned();
    let made = tempfile::tempdir().unwrap();
    for platform in ["x86_64-linux", "aarch64-linux", "x86_64-macos", "aarch64-macos"] {
        fs::write(made.path().join(format!("ec2dash-{version}-{platform}.tar.gz")), platform).unwrap();
    }
    let finish = |address: &str| {
        let mut command = Command::new(root().join("packaging/finish"));
        succeeds(command.arg(made.path()).env("PUBLIC_ADDRESS", address))
    };

    let without = finish("");
    assert!(String::from_utf8_lossy(&without.stderr).contains("no Homebrew formula"), "{without:?}");
    assert!(!made.path().join("PKGBUILD").exists());

    finish("https://forge.invalid/ec2dash");
    let sums = fs::read_to_string(made.path().join("SHA256SUMS")).unwrap();
    for recipe in ["ec2dash.rb", "PKGBUILD"] {
        let text = fs::read_to_string(made.path().join(recipe)).unwrap();
        assert!(text.contains("https://forge.invalid/ec2dash") && !text.contains('@'), "{text}");
        assert!(sums.contains(recipe), "{sums}");
        let platforms = if recipe == "PKGBUILD" { ["x86_64-linux", "aarch64-linux"] } else { ["x86_64-linux", "aarch64-macos"] };
        for platform in platforms {
            let line = sums.lines().find(|line| line.ends_with(&format!("-{platform}.tar.gz"))).unwrap();
            assert!(text.contains(line.split(' ').next().unwrap()), "{platform}: {text}");
        }
    }
    succeeds(Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(made.path()));

    fs::remove_file(made.path().join(format!("ec2dash-{version}-aarch64-linux.tar.gz"))).unwrap();
    fs::remove_file(made.path().join("PKGBUILD")).unwrap();
    finish("https://forge.invalid/ec2dash");
    assert!(!made.path().join("PKGBUILD").exists(), "a recipe names an archive that is not there");
}

#[track_caller]
fn succeeds(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}
