//! The documents say what the program does, and what they name is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ec2dash::cli::Exit;
use ec2dash::text::{Catalogue, Language, Value};

use crate::support::demo::environment;
use crate::support::tools::ec2dash;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

#[test]
fn the_key_table_is_the_one_the_program_prints() {
    let printed = String::from_utf8(Command::new(ec2dash()).args(["config", "keys"]).output().unwrap().stdout).unwrap();
    let mut lines = printed.lines();
    let head = lines.next().unwrap();
    let [keys, place, does] = ["KEYS", "WHERE", "DOES"].map(|title| head.find(title).unwrap());

    let rows = lines.map(|line| {
        let cell = |from: usize, to: usize| line.chars().skip(from).take(to - from).collect::<String>().trim().to_owned();
        let bound: Vec<String> = cell(keys, place).split(' ').map(|key| format!("`{key}`")).collect();
        format!("| {} | `{}` | {} | {} |\n", bound.join(" "), cell(0, keys), cell(place, does), cell(does, line.len()))
    });

    holds("docs/keys.md", "| Keys | Command | Where | Does |\n|---|---|---|---|\n", &rows.collect::<String>());
}

#[test]
fn the_policy_is_made_of_the_calls_and_where_each_is_declared_to_belong() {
    let policy = serde_json::to_string_pretty(&ec2dash::aws::policy()).unwrap();

    holds("docs/permissions.md", "```json\n", &format!("{policy}\n```\n"));
}

#[test]
fn every_call_but_the_one_that_everybody_may_make_is_in_the_policy_once() {
    let policy = serde_json::to_string(&ec2dash::aws::policy()).unwrap();

    for call in ec2dash::aws::CALLS {
        let count = policy.matches(&format!("\"{}\"", call.action)).count();
        assert_eq!(count, usize::from(call.action != "sts:GetCallerIdentity"), "{}", call.action);
    }
}

#[test]
fn the_exit_codes_are_those_of_the_manual() {
    let rows: String = Exit::MEANINGS.iter().map(|(code, meaning)| format!("| {code} | {meaning} |\n")).collect();

    holds("docs/configuration.md", "| Exit | Means |\n|---|---|\n", &rows);
}

#[test]
fn every_key_of_the_json_forms_is_told() {
    let told = fs::read_to_string(root().join("docs/json.md")).unwrap();
    let home = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 13] = [
        &["ls"],
        &["show", "web-1"],
        &["show", "vault-1"],
        &["profiles"],
        &["regions"],
        &["whoami"],
        &["exec", "web-1", "web-2", "--", "true"],
        &["exec", "--dry-run", "web-1", "batch-worker-1", "web-2", "--", "true"],
        &["exec", "--dry-run", "-m", "ssm", "web-1", "--", "true"],
        &["stop", "--dry-run", "web-1"],
        &["start", "--yes", "web-1"],
        &["connect", "--dry-run", "-m", "eic", "web-1"],
        &["connect", "--dry-run", "-m", "ssm", "web-1"],
    ];

    let mut keys = std::collections::BTreeSet::new();
    for arguments in commands {
        let mut command = Command::new(ec2dash());
        command.args(["--demo", "-o", "json"]).args(arguments);
        let output = command.env_clear().envs(environment(home.path(), &[])).output().unwrap();
        let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"));
        collect_keys(&value, &mut keys);
    }

    assert!(keys.contains("last_ping") && keys.contains("not_sent") && keys.contains("argv"), "{keys:?}");
    let untold: Vec<&String> = keys.iter().filter(|key| !told.contains(&format!("`{key}`"))).collect();
    assert_eq!(untold, Vec::<&String>::new());
}

/// The names in all objects of a value but those of the user's tags.
fn collect_keys(value: &serde_json::Value, keys: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, field) in fields {
                keys.insert(key.clone());
                if key != "tags" {
                    collect_keys(field, keys);
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

#[test]
fn every_message_is_told_with_what_to_do() {
    let english = English::read();
    let errors = english.rows("error-", &["-why", "-next", "-short"], |code| format!("error-{code}-next"));
    let reasons = english.rows("reason-", &["-short"], |code| {
        let command = format!("fix-{code}");
        if english.values.contains_key(&command) { command } else { format!("{command}-note") }
    });

    holds("docs/troubleshooting.md", "| Code | Says | What to do |\n|---|---|---|\n", &errors);
    holds("docs/troubleshooting.md", "| Reason | Says | What to do |\n|---|---|---|\n", &reasons);
}

/// The English sentences with the names of their values.
struct English {
    text: Catalogue,
    values: BTreeMap<String, Vec<&'static str>>,
}

impl English {
    fn read() -> Self {
        let mut values: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for file in fs::read_dir(root().join("assets/locales/en")).unwrap() {
            let source = fs::read_to_string(file.unwrap().path()).unwrap();
            let mut key = String::new();
            for line in source.lines() {
                if let Some((name, _)) = line.split_once(" =").filter(|(name, _)| !name.starts_with([' ', '#'])) {
                    name.clone_into(&mut key);
                }
                let names = line.split('$').skip(1).map(|rest| {
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>()
                });
                values.entry(key.clone()).or_default().extend(names.map(|name| &*name.leak()));
            }
        }
        Self { text: Catalogue::new(Language::ENGLISH), values }
    }

    /// A sentence on one line, `…` for what it names.
    fn say(&self, key: &str) -> String {
        let Some(names) = self.values.get(key).filter(|_| self.text.has(key)) else { return String::new() };
        let values: Vec<(&'static str, Value)> = names.iter().map(|name| (*name, "…".into())).collect();
        let sentence = self.text.say_with(key, &values);
        sentence.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
    }

    fn rows(&self, start: &str, parts: &[&str], next: impl Fn(&str) -> String) -> String {
        let is_part =
            |key: &str| parts.iter().any(|part| key.strip_suffix(part).is_some_and(|whole| self.values.contains_key(whole)));
        let codes = self.values.keys().filter(|key| !is_part(key)).filter_map(|key| key.strip_prefix(start));
        codes
            .map(|code| format!("| `{code}` | {} | {} |\n", self.say(&format!("{start}{code}")), self.say(&next(code))))
            .collect()
    }
}

#[test]
fn the_documents_that_open_the_door_are_short() {
    for (file, most) in [("README.md", 150), ("ARCHITECTURE.md", 130), ("CONTRIBUTING.md", 80)] {
        let lines = fs::read_to_string(root().join(file)).unwrap().lines().count();
        assert!(lines <= most, "{file} has {lines} lines");
    }
}

/// What a translation has in common with its original: headings by their level, blocks of code as they are, links in their order.
fn bones(file: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let blocks: Vec<&str> = text.split("```").collect();
    let prose: String = blocks.iter().step_by(2).copied().collect();
    let headings = prose.lines().filter(|line| line.starts_with('#')).map(|line| line.split(' ').next().unwrap().to_owned());
    let links = prose.split("](").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned());
    // Each names the other.
    let links = links.filter(|link| !link.starts_with("README"));
    (headings.collect(), blocks.iter().skip(1).step_by(2).map(|block| (*block).to_owned()).collect(), links.collect())
}

#[test]
fn the_korean_readme_mirrors_the_english_one() {
    let (english, korean) = (bones("README.md"), bones("README.ko.md"));

    assert!(!english.0.is_empty() && !english.1.is_empty() && !english.2.is_empty());
    assert_eq!(korean, english);
    let bullets =
        |file: &str| fs::read_to_string(root().join(file)).unwrap().lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(bullets("README.ko.md"), bullets("README.md"));
}

#[test]
fn every_link_inside_the_repository_leads_somewhere() {
    for file in documents() {
        let source = fs::read_to_string(&file).unwrap();
        let links = source.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.starts_with(['#', '$'])) {
            let target = link.split('#').next().unwrap_or_default();
            assert!(file.parent().unwrap().join(target).exists(), "{}: {link}", file.display());
        }
    }
}

#[test]
fn every_document_and_file_that_is_cited_exists() {
    let mut cited = 0;
    for file in sources().into_iter().chain(documents()) {
        let source = fs::read_to_string(&file).unwrap();
        let is_of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
        for word in source.split(|c: char| !is_of_path(c)).map(|word| word.trim_end_matches('.')) {
            let is_ours = ["src/", "docs/", "crates/", "tests/", "assets/", "benches/", "fuzz/"]
                .iter()
                .any(|start| word.starts_with(start));
            if is_ours && [".md", ".rs", ".toml", ".py", ".json", ".ftl", ".txt"].iter().any(|end| word.ends_with(end)) {
                cited += 1;
                let here = [root(), file.parent().unwrap().to_path_buf(), root().join("crates/ssm"), root().join("crates/sim")];
                assert!(here.iter().any(|base| base.join(word).exists()), "{}: {word}", file.display());
            }
        }
    }
    assert!(cited > 50, "{cited}");
}

/// The documents of the repository.
/// A test is named by its function: a word of four parts or more in code marks.
#[test]
fn every_test_that_the_faults_name_exists() {
    let faults = fs::read_to_string(root().join("docs/faults.md")).unwrap();
    let is_test =
        |word: &&str| word.matches('_').count() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let named: Vec<&str> = faults.split('`').skip(1).step_by(2).filter(is_test).collect();
    let sources: Vec<String> = sources().iter().map(|path| fs::read_to_string(path).unwrap()).collect();

    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let head = format!("fn {name}(");
        assert!(sources.iter().any(|text| text.contains(&head)), "{name} is no test");
    }
}

fn documents() -> Vec<PathBuf> {
    let places = ["", "docs", "crates/ssm", "crates/sim", "benches"].map(|place| root().join(place));
    let files = places.iter().filter_map(|place| fs::read_dir(place).ok()).flatten().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = ["src", "crates", "tests", "benches", "fuzz/fuzz_targets"].map(|place| root().join(place)).to_vec();
    while let Some(place) = open.pop() {
        for path in fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("snapshots") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "py") {
                found.push(path);
            }
        }
    }
    found
}

/// A document goes on with `right` after `head`. With `UPDATE_DOCS=1` in the environment that is written there.
fn holds(file: &str, head: &str, right: &str) {
    let path = root().join(file);
    let source = fs::read_to_string(&path).unwrap();
    let (before, rest) = source.split_once(head).unwrap_or_else(|| panic!("{file} has no {head:?}"));
    let lines_of_table = |rest: &str| rest.split_inclusive('\n').take_while(|line| line.starts_with('|')).collect::<String>();
    let told = match rest.split_once("\n```\n").filter(|_| head.starts_with("```")) {
        Some((told, _)) => format!("{told}\n```\n"),
        None => lines_of_table(rest),
    };
    if told != right && std::env::var_os("UPDATE_DOCS").is_some() {
        let after = rest.strip_prefix(told.as_str()).unwrap();
        fs::write(&path, format!("{before}{head}{right}{after}")).unwrap();
        return;
    }
    assert_eq!(told, right, "{file} is not what the program says: UPDATE_DOCS=1 ./tests/run docs writes it");
}
