//! `[tunnels.NAME]`: tunnels with a name.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use super::section::{Quoted, Section};
use super::value::{parsed, path};
use super::{Carries, Listens, SavedTunnel};
use crate::model::{Forwarding, Target};

/// The longest name; it is typed after an `@`.
const LONGEST_NAME: usize = 40;

/// All tables under `[tunnels]`.
pub(super) fn read_tunnels(section: &Section<'_, '_>, home: Option<&Path>) -> BTreeMap<String, SavedTunnel> {
    let mut tunnels = BTreeMap::new();
    for (name, tunnel) in section.named_sections() {
        if !is_name(name.text) {
            section.notes().object(name.span.clone(), "config-not-a-tunnel-name", vec![("value", name.shown())]);
        }
        let target = tunnel.text("target");
        let carries = carries(&name, &tunnel);
        let listens = listens(&tunnel, home);
        let is_named = target.is_some();
        let target = target.and_then(|typed| Some((self::target(&tunnel, &typed)?, typed.text.to_owned())));
        if !is_named {
            section.notes().object(name.span.clone(), "config-tunnel-without-target", vec![("name", name.shown())]);
        }
        tunnel.finish();
        if let (Some((target, typed)), Some(carries), Some(listens)) = (target, carries, listens) {
            tunnels.insert(name.text.to_owned(), SavedTunnel { target, typed, carries, listens });
        }
    }
    tunnels
}

fn is_name(name: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(fits)
}

/// An instance; not the last one or a favourite, which may be another one tomorrow.
fn target(section: &Section<'_, '_>, typed: &Quoted<'_>) -> Option<Target> {
    let target = typed.text.parse().ok().filter(|target| !matches!(target, Target::Last | Target::Favourite(_)));
    if target.is_none() {
        section.notes().object(typed.span.clone(), "config-not-a-target", vec![("value", typed.shown())]);
    }
    target
}

fn carries(name: &Quoted<'_>, section: &Section<'_, '_>) -> Option<Carries> {
    let forward = section.text("forward");
    let socks = section.has("socks");
    match (&forward, socks) {
        (Some(_), Some(span)) => {
            section.notes().object(span, "config-tunnel-both", vec![("name", name.shown())]);
            None
        }
        (Some(typed), None) => parsed::<Forwarding>(section, typed, "config-not-a-forward").map(|forwarding| match forwarding {
            Forwarding::Port(forward) => Carries::Forward(forward),
            Forwarding::Socket { local, to } => Carries::Socket { local, to },
        }),
        (None, Some(_)) => section.number("socks", 0..=65_535).map(Carries::Socks),
        (None, None) => {
            if section.has("forward").is_none() {
                section.notes().object(name.span.clone(), "config-tunnel-without-forward", vec![("name", name.shown())]);
            }
            None
        }
    }
}

fn listens(section: &Section<'_, '_>, home: Option<&Path>) -> Option<Listens> {
    let (bind, socket) = (section.text("bind"), section.text("socket"));
    match (bind, socket) {
        (None, None) => (section.has("bind").is_none() && section.has("socket").is_none()).then_some(Listens::Loopback),
        (Some(address), None) => parsed::<IpAddr>(section, &address, "config-not-an-ip").map(Listens::Address),
        (None, Some(socket)) if section.has("socks").is_none() => path(section, &socket, home).map(Listens::Socket),
        (_, Some(socket)) => {
            section.notes().object(socket.span, "config-tunnel-socket", Vec::new());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use crate::text::Catalogue;

    fn problems(source: &str) -> Vec<String> {
        let text = Catalogue::english();
        let found = parse(source, Some("/home/jane".as_ref())).unwrap_err();
        found.findings.iter().map(|finding| finding.located(&text)).collect()
    }

    #[test]
    fn a_saved_tunnel_says_all_that_the_command_line_can() {
        let source = r#"
            [tunnels.db]
            target = "bastion"
            forward = "15432:db.internal:5432"
            [tunnels.wiki]
            target = "tag:Role=bastion"
            socks = 1080
            bind = "0.0.0.0"
            [tunnels.cache]
            target = "i-0123456789abcdef0"
            forward = "6379"
            socket = "~/cache.sock"
            [tunnels.docker]
            target = "web-1"
            forward = "2375:/var/run/docker.sock"
        "#;

        let loaded = parse(source, Some("/home/jane".as_ref())).unwrap();

        assert_eq!(loaded.warnings, []);
        let tunnels = &loaded.settings.tunnels;
        assert_eq!(tunnels.keys().collect::<Vec<_>>(), ["cache", "db", "docker", "wiki"]);
        assert_eq!(tunnels["db"].typed, "bastion");
        assert_eq!(tunnels["db"].carries, Carries::Forward("15432:db.internal:5432".parse().unwrap()));
        assert_eq!(tunnels["db"].listens, Listens::Loopback);
        assert_eq!(tunnels["wiki"].carries, Carries::Socks(1080));
        assert_eq!(tunnels["wiki"].listens, Listens::Address("0.0.0.0".parse().unwrap()));
        assert_eq!(tunnels["docker"].carries, Carries::Socket { local: 2375, to: "/var/run/docker.sock".parse().unwrap() });
        assert_eq!(tunnels["cache"].listens, Listens::Socket("/home/jane/cache.sock".into()));
    }

    #[test]
    fn what_is_wrong_with_a_saved_tunnel_is_told_with_its_line() {
        for (source, expected) in [
            ("[tunnels.db]\nforward = \"5432\"\n", "line 1, column 10: the tunnel \"db\" needs a target"),
            (
                "[tunnels.db]\ntarget = \"bastion\"\n",
                "line 1, column 10: the tunnel \"db\" needs forward = \"[LOCAL:][HOST:]PORT\", or socks = PORT",
            ),
            (
                "[tunnels.db]\ntarget = \"bastion\"\nforward = \"0\"\n",
                "line 3, column 11: \"0\" is not [LOCAL:]PORT, [LOCAL:]HOST:PORT or [LOCAL:]/SOCKET, such as \"15432:5432\", \"5432:db.internal:5432\" or \"2375:/var/run/docker.sock\"",
            ),
            (
                "[tunnels.db]\ntarget = \"bastion\"\nforward = 5432\n",
                "line 3, column 11: forward must be a text in quotes, not a whole number",
            ),
            (
                "[tunnels.db]\ntarget = \"bastion\"\nsocks = 70000\n",
                "line 3, column 9: socks must be a whole number from 0 to 65535",
            ),
            (
                "[tunnels.db]\ntarget = \"-oX\"\nforward = \"5432\"\n",
                "line 2, column 10: \"-oX\" is no instance: an id, a name, ip:ADDRESS or tag:KEY=VALUE",
            ),
            (
                "[tunnels.db]\ntarget = \"@db\"\nforward = \"5432\"\n",
                "line 2, column 10: \"@db\" is no instance: an id, a name, ip:ADDRESS or tag:KEY=VALUE",
            ),
            (
                "[tunnels.db]\ntarget = \"b\"\nforward = \"1\"\nsocks = 2\n",
                "line 4, column 9: the tunnel \"db\" is either a forward or socks",
            ),
            (
                "[tunnels.db]\ntarget = \"b\"\nforward = \"1\"\nbind = \"everywhere\"\n",
                "line 4, column 8: \"everywhere\" is not an IP address",
            ),
            (
                "[tunnels.db]\ntarget = \"b\"\nforward = \"1\"\nsocket = \"db.sock\"\n",
                "line 4, column 10: \"db.sock\" is not a path: it begins with / or ~/ and holds no control character",
            ),
            (
                "[tunnels.db]\ntarget = \"b\"\nsocks = 1080\nsocket = \"/tmp/x\"\n",
                "line 4, column 10: a socket is for forward, and takes the place of bind",
            ),
            (
                "[tunnels.\"a b\"]\ntarget = \"b\"\nforward = \"1\"\n",
                "line 1, column 10: \"a b\" is no name for a tunnel: letters, digits, - _ and . only, at most 40",
            ),
        ] {
            assert_eq!(problems(source), [expected], "{source}");
        }
    }

    #[test]
    fn a_mistyped_key_of_a_saved_tunnel_is_told_with_the_nearest() {
        let source = "[tunnels.db]\ntarget = \"b\"\nforward = \"1\"\nbindd = \"::1\"\n";

        let loaded = parse(source, None).unwrap();

        let text = Catalogue::english();
        let warnings: Vec<String> = loaded.warnings.iter().map(|finding| finding.located(&text)).collect();
        assert_eq!(warnings, ["line 4, column 1: unknown key \"bindd\". Did you mean \"bind\"?"]);
    }
}
