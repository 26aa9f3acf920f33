//! What rules and flags ask for one instance.

use std::path::PathBuf;
use std::time::Duration;

use super::{Pattern, Rule, Settings};
use crate::access::{AddressChoice, Channel, ConnectOptions, Jump, Login, Method, SessionShell, serial_host};
use crate::model::{EndpointId, Instance, Os, glob_fits};

/// What the flags of a connecting command ask for: each beats every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectFlags {
    /// `--method`; empty is `auto`.
    pub methods: Vec<Method>,
    /// `--user`.
    pub user: Option<Login>,
    /// `--identity`.
    pub identity: Option<PathBuf>,
    /// `--port`.
    pub port: Option<u16>,
    /// `--address`.
    pub address: Option<AddressChoice>,
    /// `--ssh-config`.
    pub use_ssh_config: Option<bool>,
    /// `--endpoint`.
    pub endpoint: Option<EndpointId>,
    /// `--tunnel-limit`.
    pub tunnel_limit: Option<Duration>,
    /// `--jump`, `none` included.
    pub jump: Option<String>,
}

/// Which rule decides each setting for one instance; `None` where no rule does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Applying<'s> {
    /// The ways in.
    pub method: Option<&'s Rule>,
    /// The login name.
    pub user: Option<&'s Rule>,
    /// The address.
    pub address: Option<&'s Rule>,
    /// The port.
    pub port: Option<&'s Rule>,
    /// Where a simulated instance really listens.
    pub simulated: Option<&'s Rule>,
    /// The key.
    pub key: Option<&'s Rule>,
    /// The target to go through.
    pub jump: Option<&'s Rule>,
    /// The life of an endpoint's tunnel.
    pub tunnel_limit: Option<&'s Rule>,
    /// What runs in a shell of Session Manager.
    pub shell: Option<&'s Rule>,
}

/// The rules that count for an instance: for each setting the first that matches and sets it.
pub fn applying<'s>(settings: &'s Settings, instance: &Instance) -> Applying<'s> {
    let matching: Vec<&Rule> = settings.rules.iter().filter(|rule| holds(&rule.pattern, instance)).collect();
    let first = |sets: fn(&Rule) -> bool| matching.iter().copied().find(|rule| sets(rule));
    Applying {
        method: first(|rule| rule.method.is_some()),
        user: first(|rule| rule.user.is_some()),
        address: first(|rule| rule.address.is_some()),
        port: first(|rule| rule.port.is_some()),
        simulated: first(|rule| rule.simulated.is_some()),
        key: first(|rule| rule.key.is_some()),
        jump: first(|rule| rule.jump.is_some()),
        tunnel_limit: first(|rule| rule.tunnel_limit.is_some()),
        shell: first(|rule| rule.shell.is_some()),
    }
}

/// How to get into an instance, after flags, rules and defaults.
pub fn connect_options(settings: &Settings, instance: &Instance, flags: &ConnectFlags) -> ConnectOptions {
    let rules = applying(settings, instance);
    let connect = &settings.connect;
    let listed = rules.method.and_then(|rule| rule.method.as_ref());
    let asked = (!flags.methods.is_empty()).then_some(&flags.methods);
    let ordered = asked.or(listed);
    let through = through_jump(flags).then(|| by_address(ordered.unwrap_or(&connect.order)));
    let address = flags.address.or(rules.address.and_then(|rule| rule.address)).unwrap_or(connect.address);
    // What is set for all is meant for what most are: Windows has no `bash -l`.
    let usual_shell = || if instance.os == Os::Windows { SessionShell::Account } else { connect.shell.clone() };
    ConnectOptions {
        only: ordered.is_some() || through.is_some(),
        order: through.unwrap_or_else(|| ordered.unwrap_or(&connect.order).clone()),
        user: flags.user.clone().or_else(|| rules.user.and_then(|rule| rule.user.clone())).or_else(|| connect.user.clone()),
        address,
        // Whoever names an address knows a way to it that AWS cannot see, such as a VPN.
        address_is_forced: address != AddressChoice::Auto,
        port: flags.port.or(rules.port.and_then(|rule| rule.port)).unwrap_or(connect.port),
        simulated: rules.simulated.and_then(|rule| rule.simulated),
        key: flags.identity.clone().or_else(|| rules.key.and_then(|rule| rule.key.clone())),
        jump: Jump::named(flags.jump.as_deref().or(rules.jump.and_then(|rule| rule.jump.as_deref()))),
        endpoint: flags.endpoint.clone(),
        tunnel_limit: flags
            .tunnel_limit
            .or(rules.tunnel_limit.and_then(|rule| rule.tunnel_limit))
            .unwrap_or(connect.tunnel_limit),
        forward: None,
        shell: rules.shell.and_then(|rule| rule.shell.clone()).unwrap_or_else(usual_shell),
        serial: connect.serial_hosts.get(&instance.place.region).cloned().or_else(|| serial_host(&instance.place.region)),
    }
}

/// Whether a jump host was asked for on the command line: then only what goes to an address is meant.
fn through_jump(flags: &ConnectFlags) -> bool {
    Jump::named(flags.jump.as_deref()) != Jump::None
}

/// Those of the ways that go to an address and so may pass a jump host, in their order; all such where there is none among them.
fn by_address(methods: &[Method]) -> Vec<Method> {
    let goes_there = |method: &Method| method.channel() == Channel::Address;
    let some: Vec<Method> = methods.iter().copied().filter(goes_there).collect();
    if some.is_empty() { Method::ALL.iter().copied().filter(goes_there).collect() } else { some }
}

/// Whether an instance is what a rule asks for: all keys of its `match` must hold.
fn holds(pattern: &Pattern, instance: &Instance) -> bool {
    let Pattern { tag, name, id, vpc, region, account, os } = pattern;
    let tag_fits = tag.as_ref().is_none_or(|(key, value)| {
        instance.tags.iter().any(|(own, text)| own.composed() == *key && glob_fits(value, &text.composed()))
    });
    let name_fits = name.as_ref().is_none_or(|glob| instance.name().is_some_and(|name| glob_fits(glob, &name.composed())));
    tag_fits
        && name_fits
        && id.as_ref().is_none_or(|id| *id == instance.id)
        && vpc.as_ref().is_none_or(|vpc| instance.vpc.as_ref().is_some_and(|own| own.raw() == vpc))
        && region.as_ref().is_none_or(|region| *region == instance.place.region)
        && account.as_ref().is_none_or(|account| instance.account.as_ref() == Some(account))
        && os.is_none_or(|os| os == instance.os)
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use crate::model::row as example_row;

    fn settings(source: &str) -> Settings {
        parse(source, Some("/home/jane".as_ref())).unwrap().settings
    }

    #[test]
    fn the_first_rule_that_matches_wins_for_each_setting() {
        let settings = settings(
            r#"
            [[rule]]
            match = { name = "db-*" }
            port = 1
            [[rule]]
            match = { name = "web-*" }
            user = "deploy"
            [[rule]]
            user = "other"
            port = 2222
            "#,
        );
        let instance = example_row("i-0aaaaaaaaaaaaaaa1", "web-1");

        let options = connect_options(&settings, &instance, &ConnectFlags::default());

        assert_eq!(options.user.unwrap().as_str(), "deploy");
        assert_eq!(options.port, 2222);
        assert_eq!(applying(&settings, &instance).port.unwrap().line, 8);
    }

    #[test]
    fn all_keys_of_match_must_hold() {
        let instance = example_row("i-0aaaaaaaaaaaaaaa1", "web-1");
        for (pattern, expected) in [
            (r#"name = "web-*", os = "linux", region = "ap-northeast-2""#, 7),
            (r#"tag = "Name=web-1", vpc = "vpc-0aa1", account = "123456789012""#, 7),
            (r#"id = "i-0aaaaaaaaaaaaaaa1""#, 7),
            (r#"name = "web-*", os = "windows""#, 22),
            (r#"tag = "Name=web-2""#, 22),
            (r#"vpc = "vpc-0aa""#, 22),
        ] {
            let settings = settings(&format!("[[rule]]\nmatch = {{ {pattern} }}\nport = 7\n"));

            assert_eq!(connect_options(&settings, &instance, &ConnectFlags::default()).port, expected, "{pattern}");
        }
    }

    #[test]
    fn a_flag_beats_every_rule_and_the_list_of_a_rule_is_the_whole_list() {
        let settings = settings("[[rule]]\nmethod = [\"eic\"]\nport = 7\naddress = \"private\"\n");
        let instance = example_row("i-0aaaaaaaaaaaaaaa1", "web-1");
        let flags = ConnectFlags { methods: vec![Method::Ssh], port: Some(9), ..ConnectFlags::default() };

        let by_rule = connect_options(&settings, &instance, &ConnectFlags::default());
        let by_flag = connect_options(&settings, &instance, &flags);

        assert_eq!((by_rule.order, by_rule.only, by_rule.address_is_forced), (vec![Method::Eic], true, true));
        assert_eq!((by_flag.order, by_flag.only, by_flag.port), (vec![Method::Ssh], true, 9));
    }

    #[test]
    fn a_shell_of_the_settings_is_not_for_windows_and_one_of_a_rule_is() {
        let settings = settings(
            "[connect]\nshell = \"bash -l\"\n[[rule]]\nmatch = { name = \"old-*\" }\nshell = \"auto\"\n[[rule]]\nmatch = { name = \"ad-*\" }\nshell = \"cmd\"\n",
        );
        for (name, os, expected) in [
            ("web-1", Os::Linux, "bash -l"),
            ("old-1", Os::Linux, "auto"),
            ("win-1", Os::Windows, "auto"),
            ("ad-1", Os::Windows, "cmd"),
        ] {
            let instance = Instance { os, ..(*example_row("i-0aaaaaaaaaaaaaaa1", name)).clone() };

            assert_eq!(connect_options(&settings, &instance, &ConnectFlags::default()).shell.to_string(), expected, "{name}");
        }
    }

    #[test]
    fn a_jump_host_of_the_command_line_beats_the_rule_and_leaves_the_ways_that_pass_it() {
        let settings = settings("[[rule]]\nmethod = [\"ssm\", \"ssh\"]\njump = \"bastion\"\n");
        let instance = example_row("i-0aaaaaaaaaaaaaaa1", "web-1");
        let named = |typed: &str| Jump::Named(typed.to_owned());
        for (settings, flag, jump, order) in [
            (&settings, None, named("bastion"), vec![Method::Ssm, Method::Ssh]),
            (&settings, Some("none"), Jump::None, vec![Method::Ssm, Method::Ssh]),
            (&settings, Some("other"), named("other"), vec![Method::Ssh]),
            (&Settings::default(), Some("other"), named("other"), vec![Method::Eic, Method::Ssh]),
        ] {
            let flags = ConnectFlags { jump: flag.map(str::to_owned), ..ConnectFlags::default() };

            let options = connect_options(settings, &instance, &flags);

            assert_eq!((options.jump, options.order), (jump, order), "{flag:?}");
        }
    }

    #[test]
    fn without_rules_and_flags_the_settings_count() {
        let instance = example_row("i-0aaaaaaaaaaaaaaa1", "web-1");

        let serial = serial_host(&instance.place.region);
        let expected = ConnectOptions { serial, ..ConnectOptions::default() };
        assert_eq!(connect_options(&Settings::default(), &instance, &ConnectFlags::default()), expected);
    }
}
