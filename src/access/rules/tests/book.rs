//! The rule book against its tests: which rule can come to which outcome, and which test sees it come to that (docs/rules.md).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// The tests that name findings: `code RULE outcome`, or `RULE code outcome`.
const FOLDERS: [&str; 2] = ["src/access/rules/tests", "tests/it/doctor"];
/// What stands where a test names the same finding of several rules.
const ANY_RULE: &str = "{rule}";

/// A rule, and what it may find.
type Outcomes = BTreeMap<(String, &'static str), BTreeSet<String>>;

/// Every outcome of every rule, each with the codes that come to it.
fn possible() -> Outcomes {
    let mut all = Outcomes::new();
    for facts in all_kinds_of_facts() {
        for reason in facts.examined().list.iter().flat_map(|way| way.reasons.iter().chain(&way.passes)) {
            let at = (reason.rule.to_owned(), reason.outcome.word());
            all.entry(at).or_default().insert(reason.code.to_owned());
        }
    }
    all
}

/// The tests that name an outcome of a rule, by the function's name.
fn tested(possible: &Outcomes) -> Outcomes {
    let mut all = Outcomes::new();
    for source in sources() {
        let text = fs::read_to_string(&source).unwrap();
        let rules: Vec<&str> = literals(&text).filter(|literal| is_rule(literal)).collect();
        let items = items(&text);
        for item in &items {
            // What stands in a table or a helper is tested by the tests that name it.
            let uses =
                |test: &&Item<'_>| test.is_test && (test.name == item.name || !item.is_test && test.text.contains(item.name));
            let tests: Vec<String> = items.iter().filter(uses).map(|test| test.name.to_owned()).collect();
            for literal in item.text.lines().flat_map(literals).flat_map(|literal| literal.split(", ")) {
                let words: Vec<&str> = literal.split(' ').collect();
                let [one, two, outcome] = words.as_slice() else { continue };
                let (named, code) = if is_rule(one) || *one == ANY_RULE { (*one, *two) } else { (*two, *one) };
                let named: Vec<&str> = if named == ANY_RULE { rules.clone() } else { vec![named] };
                for ((rule, word), codes) in possible {
                    if named.contains(&rule.as_str()) && word == outcome && codes.contains(code) {
                        all.entry((rule.clone(), word)).or_default().extend(tests.iter().cloned());
                    }
                }
            }
        }
    }
    all
}

/// A function or a table of a file of tests.
struct Item<'a> {
    name: &'a str,
    is_test: bool,
    text: &'a str,
}

fn items(text: &str) -> Vec<Item<'_>> {
    let starts = |line: &&str| ["fn ", "async fn ", "pub(super) fn ", "const "].iter().any(|start| line.starts_with(start));
    let mut lines = text.split_inclusive('\n').peekable();
    let (mut all, mut at, mut is_test) = (Vec::new(), 0, false);
    while let Some(line) = lines.next() {
        let begins = at;
        at += line.len();
        is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
        if !starts(&line) {
            continue;
        }
        while let Some(next) = lines.next_if(|next| !starts(next) && !next.starts_with("#[")) {
            at += next.len();
        }
        let name = line.split([' ']).find(|word| !["fn", "async", "pub(super)", "const"].contains(word)).unwrap_or_default();
        let name = name.split(['(', '<', ':']).next().unwrap_or_default();
        all.push(Item { name, is_test, text: text.get(begins..at).unwrap_or_default() });
        is_test = false;
    }
    all
}

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = FOLDERS.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap()).map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "rs")).collect();
    files.push(root.join("src/access/rules/tests.rs"));
    files.sort();
    files
}

/// What stands between quotation marks.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

fn is_rule(word: &str) -> bool {
    word.split_once('-').is_some_and(|(kind, number)| {
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_uppercase())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[test]
fn every_outcome_that_a_rule_can_have_is_seen_by_a_test() {
    let possible = possible();
    let tested = tested(&possible);

    let unseen: Vec<String> = possible
        .iter()
        .filter(|(at, _)| !tested.contains_key(*at))
        .map(|((rule, outcome), codes)| format!("{rule} {outcome}: {}", codes.iter().cloned().collect::<Vec<_>>().join(", ")))
        .collect();

    assert_eq!(unseen, Vec::<String>::new());
}

#[test]
fn every_rule_of_the_book_is_one_that_speaks() {
    let speaking: BTreeSet<String> = possible().into_keys().map(|(rule, _)| rule).collect();

    let book: BTreeSet<String> = crate::access::rules_of_the_book().map(str::to_owned).collect();
    assert_eq!(book, speaking);
}

#[test]
fn each_id_of_the_book_is_in_one_of_the_two_tables() {
    let text = |name: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let (ids, in_book, manual) = (text("tests/access-rules.txt"), text("docs/access-rules.md"), text("docs/rules.md"));
    let ids: Vec<&str> = ids.lines().collect();
    let (_, rules) = in_book.split_once("### 1.1 GEN").unwrap();
    let (rules, _) = rules.split_once("### 1.15 ").unwrap();
    let of_book = rules.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).filter(|word| is_rule(word));
    assert_eq!(of_book.collect::<Vec<_>>(), ids, "the list in tests is that of the book");

    let (_, others) = manual.split_once("| Id | Where it is |\n|---|---|\n").unwrap();
    let elsewhere: Vec<&str> = others.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
    let own: Vec<&str> = crate::access::rules_of_the_book().collect();

    let misplaced: Vec<(&str, usize)> = ids
        .iter()
        .map(|id| (*id, own.iter().chain(&elsewhere).filter(|other| *other == id).count()))
        .filter(|(_, tables)| *tables != 1)
        .collect();
    assert_eq!(misplaced, [], "ids, and in how many tables");
    let unknown: Vec<&&str> = own.iter().chain(&elsewhere).filter(|id| !ids.contains(id)).collect();
    assert_eq!(unknown, Vec::<&&str>::new(), "ids that the book has not");
}

#[test]
fn the_table_of_rules_and_their_tests_is_that_of_the_manual() {
    const HEAD: &str = "| Rule | | Outcome | Codes | Tests |\n|---|---|---|---|---|\n";
    let possible = possible();
    let tested = tested(&possible);
    let mut order: Vec<&(String, &'static str)> = possible.keys().collect();
    order.sort_by_key(|(rule, outcome)| {
        let (kind, number) = rule.split_once('-').unwrap_or((rule, "0"));
        (kind.to_owned(), number.parse::<u32>().unwrap_or(0), *outcome)
    });
    let shown = |words: Option<&BTreeSet<String>>| {
        let words = words.into_iter().flatten().map(|word| format!("`{word}`"));
        words.collect::<Vec<_>>().join(", ")
    };
    let row = |at: &(String, &'static str)| {
        let (rule, outcome) = at;
        let severity = crate::access::severity(rule).map_or("", |severity| severity.letter());
        format!("| {rule} | {severity} | {outcome} | {} | {} |\n", shown(possible.get(at)), shown(tested.get(at)))
    };
    let table: String = order.into_iter().map(row).collect();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(HEAD).unwrap();
    let after = rest.find("\n\n").map_or("", |end| &rest[end + 1..]);
    let expected = format!("{before}{HEAD}{table}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "UPDATE_DOCS=1 ./tests/run rules writes it");
}
