//! Where a fuzzer throws text at the AWS files, a role's policies and a page of instances; each function panics when a promise is broken.

use std::sync::Arc;

use super::files::regular_text;
use super::page::read;
use super::policy::{CORE, Documents, matches_action};
use crate::model::{Grant, Instance, Place};

/// Between the two AWS files of one input.
const BETWEEN: &str = "\n=====\n";
/// Longest pattern that is matched the slow way, too.
const SLOW: usize = 12;

/// Any text as the two AWS files: what is made of it has regular lines alone.
pub fn aws_files(bytes: &[u8]) {
    for line in regular(bytes).lines() {
        // What is indented stands below a setting, and nobody reads it but whom it is for.
        assert!(line.starts_with(' ') || is_heading(line) || is_setting(line), "{line:?} is neither a section nor a setting");
    }
}

/// What is made of the two files.
fn regular(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let (config, credentials) = text.split_once(BETWEEN).unwrap_or((&text, ""));
    regular_text(config, credentials)
}

fn is_heading(line: &str) -> bool {
    let inside = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    let name = inside.and_then(|inside| inside.split_once(' '));
    name.is_some_and(|(kind, name)| matches!(kind, "profile" | "sso-session" | "services") && is_name(name))
}

fn is_setting(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| is_name(key.trim_end()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte))
}

/// Any text as a policy document, and its beginning as the pattern of an action: no document grants what another one denies, and
/// the quick match is the plain one.
pub fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let verdict = |documents: &[&str]| {
        let mut all = Documents::default();
        documents.iter().for_each(|document| all.add(document));
        all.verdict()
    };
    assert_eq!(verdict(&[&text, &text]), verdict(&[&text]), "said twice it is the same");
    let denied = verdict(&[&text, r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#]);
    assert_ne!(denied, Some(Grant::Sessions), "what is denied is not granted");

    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= SLOW).last().unwrap_or_default();
    let pattern = text.get(..end).unwrap_or_default();
    for action in CORE {
        assert_eq!(matches_action(pattern, action), fits(pattern.as_bytes(), action.as_bytes()), "{pattern:?} {action}");
    }
}

/// Any text as a page of instances: what is kept of it is no longer than it is, and what follows its end changes nothing.
pub fn page(bytes: &[u8]) {
    let place = Arc::new(Place { profile: None, region: "us-east-1".parse().expect("a region") });
    let page = read(bytes, &place);
    for beginning in [bytes.len() / 2, bytes.len() * 3 / 4, bytes.len() - bytes.len().min(1)] {
        if let Ok(short) = read(bytes.get(..beginning).unwrap_or_default(), &place) {
            assert_eq!(Ok(&short), page.as_ref(), "a page read whole from its first {beginning} bytes reads otherwise from all");
        }
    }
    // A byte that is no text becomes a character of three.
    let most = 3 * bytes.len();
    let kept: usize = page.iter().flat_map(|page| &page.rows).map(kept).sum();
    assert!(kept <= most, "{kept} bytes kept of {}", bytes.len());
}

/// Bytes of the texts of a row.
fn kept(row: &Instance) -> usize {
    let tags = row.tags.iter().flat_map(|(key, value)| [key, value]);
    let groups = row.security_groups.iter().flat_map(|group| [&group.id, &group.name]);
    let single =
        [&row.state_reason, &row.instance_type, &row.az, &row.image, &row.key_name, &row.vpc, &row.subnet, &row.platform];
    let own = single.into_iter().flatten().chain(&row.managed_by).chain(&row.instance_profile).chain(&row.dns_names);
    tags.chain(groups).chain(own).map(|text| text.raw().len()).sum()
}

/// Whether an action fits a pattern, in the plainest way there is.
fn fits(pattern: &[u8], action: &[u8]) -> bool {
    match (pattern.split_first(), action.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((b'*', after)), None) => fits(after, action),
        (Some((b'*', after)), Some((_, rest))) => fits(after, action) || fits(pattern, rest),
        (Some((own, after)), Some((byte, rest))) => (*own == b'?' || own.eq_ignore_ascii_case(byte)) && fits(after, rest),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use aws_config::profile::load;
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};

    use crate::inputs::throw;

    /// Beside its own promises: the SDK, which a fuzzer does without, takes what is made.
    #[test]
    fn any_text_as_the_aws_files_is_made_regular_and_the_sdk_takes_it() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/aws-files"), |bytes| {
            super::aws_files(bytes);
            let sources = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, super::regular(bytes)).build();
            let loaded = runtime.block_on(load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &sources, None));
            assert!(loaded.is_ok(), "{loaded:?}");
        });
    }

    #[test]
    fn any_text_as_a_page_of_instances_is_read_within_its_bounds() {
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/page"), super::page);
    }

    #[test]
    fn any_text_as_a_policy_grants_nothing_that_is_denied() {
        throw(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/policy"), super::policy);
    }
}
