//! What may have been meant by a target that no instance is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::target::{PREFIX_DIGITS, Target};
use super::{Instance, InstanceState, Untrusted};

/// Most letters that may be wrong, added or missing.
const MOST_LETTERS: usize = 2;

/// What may have been meant by a target that no instance is, the nearest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// The text is a part of these names.
    PartOfName(Vec<Arc<Instance>>),
    /// The names or ids of these differ in a few letters.
    Alike(Vec<Arc<Instance>>),
    /// The ids of these begin so; each with the shortest start that is its own. The text is too short for one.
    StartOfId(Vec<(String, Arc<Instance>)>),
    /// An address of these begins so.
    StartOfAddress(Vec<Arc<Instance>>),
    /// The tag has these values.
    OtherValues {
        /// The key of the tag.
        key: Untrusted,
        /// Its values.
        values: Vec<Untrusted>,
    },
    /// Nothing is near.
    Nothing,
}

/// What may have been meant by `typed`, which is none of these rows.
pub fn near(typed: &str, rows: &[Arc<Instance>]) -> Near {
    let is_there = |row: &&Arc<Instance>| !matches!(row.state, InstanceState::Terminated | InstanceState::ShuttingDown);
    let rows: Vec<&Arc<Instance>> = rows.iter().filter(is_there).collect();
    if let Ok(Target::Tag(key, value) | Target::NameOrTag { key, value, .. }) = typed.parse() {
        let values = values(&key, &value, &rows);
        if !values.is_empty() {
            return Near::OtherValues { key, values };
        }
    }
    let sought = folded(&Untrusted::from(typed));
    let starts = starts(&sought, &rows);
    if !starts.is_empty() {
        return Near::StartOfId(starts);
    }
    let address = sought.strip_prefix("ip:").unwrap_or(&sought);
    if address.contains(['.', ':']) && address.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':')) {
        let begins = |row: &&&Arc<Instance>| row.addresses().any(|own| own.to_string().starts_with(address));
        let rows: Vec<_> = rows.iter().filter(begins).map(|row| Arc::clone(row)).collect();
        return if rows.is_empty() { Near::Nothing } else { Near::StartOfAddress(rows) };
    }
    let names = |row: &Instance| row.name().map(folded).unwrap_or_default();
    let holds = |row: &&&Arc<Instance>| sought.chars().count() > 1 && names(row).contains(&sought);
    let mut parts: Vec<_> = rows.iter().filter(holds).map(|row| Arc::clone(row)).collect();
    if !parts.is_empty() {
        parts.sort_by_cached_key(|row| (!names(row).starts_with(&sought), names(row), row.id.clone()));
        return Near::PartOfName(parts);
    }
    // What is longer than any name is near none, and comparing it takes a while.
    let most = (sought.chars().count() / 3).min(MOST_LETTERS);
    if most == 0 || sought.len() > 256 {
        return Near::Nothing;
    }
    let distance = |row: &Instance| {
        let by = |own: &str| strsim::damerau_levenshtein(own, &sought);
        // Who mistypes the beginning of a name has typed no more than that.
        let by_beginning = |name: &str| by(&name.chars().take(sought.chars().count()).collect::<String>());
        let by_name = |name: String| by(&name).min(by_beginning(&name));
        row.name().map(folded).map(by_name).into_iter().chain([by(row.id.as_str())]).min()
    };
    let mut alike: Vec<_> =
        rows.iter().filter_map(|row| Some((distance(row)?, Arc::clone(row)))).filter(|(far, _)| *far <= most).collect();
    alike.sort_by_cached_key(|(far, row)| (*far, names(row), row.id.clone()));
    if alike.is_empty() { Near::Nothing } else { Near::Alike(alike.into_iter().map(|(_, row)| row).collect()) }
}

/// As names are compared here: composed, without regard to case.
fn folded(name: &Untrusted) -> String {
    name.composed().to_lowercase()
}

/// The ids that begin with a text which is too short for it, with the least that would do for each.
fn starts(sought: &str, rows: &[&Arc<Instance>]) -> Vec<(String, Arc<Instance>)> {
    let Some(digits) = sought.strip_prefix("i-").filter(|digits| !digits.is_empty() && digits.len() < PREFIX_DIGITS) else {
        return Vec::new();
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Vec::new();
    }
    let mut ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    ids.sort_unstable();
    let common = |one: &str, other: &str| one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let least = |id: &str| {
        let at = ids.partition_point(|other| *other < id);
        let neighbours = [at.checked_sub(1).and_then(|before| ids.get(before)), ids.get(at + 1)];
        let shared = neighbours.into_iter().flatten().map(|other| common(id, other)).max().unwrap_or_default();
        let length = (shared + 1).max("i-".len() + PREFIX_DIGITS);
        id.get(..length).unwrap_or(id).to_owned()
    };
    let mut starts: Vec<_> = rows
        .iter()
        .filter(|row| row.id.as_str().starts_with(sought))
        .map(|row| (least(row.id.as_str()), Arc::clone(row)))
        .collect();
    starts.sort_by(|one, other| one.1.id.cmp(&other.1.id));
    starts
}

/// The values of a tag, those like what was typed first.
fn values(key: &Untrusted, typed: &Untrusted, rows: &[&Arc<Instance>]) -> Vec<Untrusted> {
    let key = key.composed();
    let own = |row: &&Arc<Instance>| row.tags.iter().find(|(own, _)| own.composed() == key).map(|(_, value)| value.clone());
    let sought = folded(typed);
    let distinct: BTreeSet<Untrusted> = rows.iter().filter_map(own).collect();
    let mut values: Vec<Untrusted> = distinct.into_iter().collect();
    values.sort_by_cached_key(|value| {
        let value = folded(value);
        (!value.contains(&sought), if value.len() > 256 { usize::MAX } else { strsim::damerau_levenshtein(&value, &sought) })
    });
    values
}

#[cfg(test)]
mod tests {
    use super::super::filter::tests::row;
    use super::*;

    fn rows() -> Vec<Arc<Instance>> {
        let mut tagged = (*row("i-0123456789abcdef0", "web-1")).clone();
        tagged.tags.insert("team".into(), "shop".into());
        let mut gone = (*row("i-0dddddddddddddddd", "web-9")).clone();
        gone.state = InstanceState::Terminated;
        let others = [
            row("i-0123456789abcde00", "Web-2"),
            row("i-0bbbbbbbbbbbbbbbb", "db-replica (do not touch)"),
            row("i-0cccccccccccccccc", "결제-api-1"),
        ];
        [Arc::new(tagged), Arc::new(gone)].into_iter().chain(others).collect()
    }

    fn names(rows: &[Arc<Instance>]) -> Vec<&str> {
        rows.iter().map(|row| row.name().unwrap().raw()).collect()
    }

    #[test]
    fn a_part_of_a_name_finds_the_names() {
        let rows = rows();
        for (typed, expected) in [
            ("web", vec!["web-1", "Web-2"]),
            ("db-replica", vec!["db-replica (do not touch)"]),
            ("touch", vec!["db-replica (do not touch)"]),
            ("결제", vec!["결제-api-1"]),
        ] {
            let Near::PartOfName(found) = near(typed, &rows) else { panic!("{typed}: {:?}", near(typed, &rows)) };
            assert_eq!(names(&found), expected, "{typed}");
        }
    }

    #[test]
    fn a_name_with_wrong_letters_finds_the_nearest() {
        let rows = rows();
        let Near::Alike(found) = near("wbe-1", &rows) else { panic!() };
        assert_eq!(names(&found), ["web-1"], "the one that is gone is not offered");
        let Near::Alike(found) = near("webb", &rows) else { panic!() };
        assert_eq!(names(&found), ["web-1", "Web-2"], "their beginning is alike");
        let Near::Alike(found) = near("i-0123456789abcdee0", &rows) else { panic!() };
        assert_eq!(names(&found), ["web-1", "Web-2"]);
        for nothing in ["zz", "x", "completely-other", "mi-0", &"w".repeat(100_000)] {
            assert_eq!(near(nothing, &rows), Near::Nothing, "{nothing:.20}");
        }
    }

    #[test]
    fn the_start_of_an_id_that_is_too_short_is_told_with_the_least_that_would_do() {
        let Near::StartOfId(found) = near("I-0123", &rows()) else { panic!() };

        let starts: Vec<&str> = found.iter().map(|(start, _)| start.as_str()).collect();
        assert_eq!(starts, ["i-0123456789abcde0", "i-0123456789abcdef"]);
        let Near::StartOfId(found) = near("i-0b", &rows()) else { panic!() };
        assert_eq!(found[0].0, "i-0bbbbb");
        assert_eq!(near("i-0123456", &[]), Near::Nothing);
    }

    #[test]
    fn addresses_and_tags_are_told_by_what_there_is() {
        let Near::StartOfAddress(found) = near("10.0.0.", &rows()) else { panic!() };
        assert_eq!(found.len(), 4);
        assert_eq!(near("10.9.9.9", &rows()), Near::Nothing);
        for typed in ["team=shpo", "tag:team=shpo"] {
            let Near::OtherValues { key, values } = near(typed, &rows()) else { panic!() };
            assert_eq!((key.raw(), values), ("team", vec!["shop".into()]));
        }
        assert_eq!(near("owner=x", &rows()), Near::Nothing);
    }
}
