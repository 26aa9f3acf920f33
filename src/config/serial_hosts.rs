//! `[serial_console.REGION]`: where the serial consoles of a region are served, for regions that the table of AWS's hosts lacks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::section::{Quoted, Section};
use super::value::parsed;
use crate::access::SerialHost;
use crate::model::{Fingerprint, Region};

/// The port if none is given.
const SSH: u16 = 22;

/// All tables under `[serial_console]`.
pub(super) fn read_serial_hosts(section: &Section<'_, '_>) -> BTreeMap<Region, Arc<SerialHost>> {
    let mut hosts = BTreeMap::new();
    for (name, table) in section.named_sections() {
        let region: Option<Region> = parsed(section, &name, "config-not-a-region");
        let host = table.text("host").filter(|host| {
            let fits = is_host(host.text);
            if !fits {
                table.notes().object(host.span.clone(), "config-not-a-host", vec![("value", host.shown())]);
            }
            fits
        });
        let fingerprint = table.text("fingerprint").and_then(|told| fingerprint(&table, &told));
        let port = table.number("port", 1..=65_535).unwrap_or(SSH);
        if table.has("host").is_none() || table.has("fingerprint").is_none() {
            section.notes().object(name.span.clone(), "config-serial-incomplete", vec![("name", name.shown())]);
        }
        // Nothing may be left unsaid of whom to trust.
        table.finish_strictly();
        if let (Some(region), Some(host), Some(fingerprint)) = (region, host, fingerprint) {
            hosts.insert(region, Arc::new(SerialHost { host: host.text.to_owned(), port, fingerprint }));
        }
    }
    hosts
}

fn fingerprint(table: &Section<'_, '_>, told: &Quoted<'_>) -> Option<Fingerprint> {
    let read = Fingerprint::read(told.text).filter(|read| matches!(read, Fingerprint::Sha256(_)));
    if read.is_none() {
        table.notes().object(told.span.clone(), "config-not-a-fingerprint", vec![("value", told.shown())]);
    }
    read
}

/// A name or an address, which ssh cannot take for anything else.
fn is_host(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == ':') && text.len() <= 253 && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use crate::text::Catalogue;

    const SHA: &str = "SHA256:FoqWXNX+DZ++GuNTztg9PK49WYMqBX+FrcZM2dSrqrI";

    #[test]
    fn a_region_has_a_host_and_the_key_it_is_known_by() {
        let source = format!("[serial_console.ap-northeast-2]\nhost = \"127.0.0.1\"\nport = 4022\nfingerprint = \"{SHA}\"\n");

        let hosts = parse(&source, None).unwrap().settings.connect.serial_hosts;

        let host = &hosts[&"ap-northeast-2".parse().unwrap()];
        assert_eq!((host.host.as_str(), host.port, host.fingerprint.to_string().as_str()), ("127.0.0.1", 4022, SHA));
    }

    #[test]
    fn what_leaves_it_open_whom_to_trust_is_refused() {
        let text = Catalogue::english();
        for (lines, word) in [
            ("host = \"a\"".to_owned(), "fingerprint"),
            (format!("fingerprint = \"{SHA}\""), "host"),
            (format!("host = \"-oProxyCommand=x\"\nfingerprint = \"{SHA}\""), "-oProxyCommand"),
            ("host = \"a\"\nfingerprint = \"MD5:35:9c:7c:33:90:eb:fc:26:4d:c1:ea:6e:21:11:99:54\"".to_owned(), "MD5"),
            (format!("host = \"a\"\nfingerprint = \"{SHA}\"\nporrt = 3"), "porrt"),
        ] {
            let refused = parse(&format!("[serial_console.us-east-1]\n{lines}\n"), None).unwrap_err();
            let said: String = refused.findings.iter().map(|finding| finding.located(&text)).collect();
            assert!(said.contains(word), "{lines}: {said}");
        }
    }
}
