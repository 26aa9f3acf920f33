//! The text of a configuration file as settings, with everything that is wrong or odd about it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use toml::de::DeTable;

use super::commands::read_commands;
use super::filters::read_filters;
use super::places::read_places;
use super::section::{Notes, Quoted, Section, nearest};
use super::serial_hosts::read_serial_hosts;
use super::tunnels::read_tunnels;
use super::value::{parsed, path};
use super::{
    Accounts, AddressSource, Ambiguous, Connect, Glyphs, HostKeys, Loaded, Multiplexer, OwnTheme, Panes, Pattern, Refused, Rule,
    Settings, ThemeName, Ui,
};
use crate::access::{AddressChoice, LONGEST_TUNNEL, Login, Method, SessionShell};
use crate::columns::{Column, Sort};
use crate::model::{AccountId, InstanceId, Os, Region, Untrusted};
use crate::text::Language;

const GLYPHS: [(&str, Glyphs); 3] = [("auto", Glyphs::Auto), ("unicode", Glyphs::Unicode), ("ascii", Glyphs::Ascii)];
const HOST_KEYS: [(&str, HostKeys); 3] =
    [("verify", HostKeys::Verify), ("accept-new", HostKeys::AcceptNew), ("strict", HostKeys::Strict)];
const ADDRESSES: [(&str, AddressChoice); 4] = [
    ("auto", AddressChoice::Auto),
    ("public", AddressChoice::Public),
    ("private", AddressChoice::Private),
    ("ipv6", AddressChoice::Ipv6),
];
const SYSTEMS: [(&str, Os); 3] = [("linux", Os::Linux), ("windows", Os::Windows), ("macos", Os::MacOs)];

/// Read a file's text. `home` resolves `~`. All that is wrong or odd is told at once.
pub fn parse(source: &str, home: Option<&Path>) -> Result<Loaded, Box<Refused>> {
    parse_among(source, home, &[])
}

/// The same where there are themes of the user's own.
pub(super) fn parse_among(source: &str, home: Option<&Path>, own_themes: &[String]) -> Result<Loaded, Box<Refused>> {
    let notes = Notes::new(source);
    let (document, errors) = DeTable::parse_recoverable(source);
    for error in errors {
        let message = super::section::shown(error.message());
        notes.object(error.span().unwrap_or_default(), "config-syntax", vec![("message", message)]);
    }
    let (settings, key_positions) = read(Section::new(&notes, document.get_ref()), home, own_themes);
    let (warnings, problems) = notes.finish();
    if problems.is_empty() {
        return Ok(Loaded { settings, warnings, key_positions, theme_problems: None });
    }
    let mut findings = [problems, warnings].concat();
    findings.sort_by_key(|finding| (finding.line, finding.column));
    let read = Loaded { settings, warnings: Vec::new(), key_positions, theme_problems: None };
    Err(Box::new(Refused { findings, read }))
}

type KeyPositions = BTreeMap<String, (usize, usize)>;

fn read(file: Section<'_, '_>, home: Option<&Path>, own_themes: &[String]) -> (Settings, KeyPositions) {
    let mut settings = Settings::default();
    if let Some(profile) = file.text("profile").filter(|profile| !matches!(profile.text, "" | "auto")) {
        settings.profiles = vec![profile.text.to_owned()];
    }
    if let Some(regions) = file.texts("regions") {
        (settings.regions, settings.all_regions) = read_regions(&file, &regions);
    }
    set(&mut settings.refresh, file.number("refresh", 0..=86_400));
    set(&mut settings.read_only, file.boolean("read_only"));
    set(&mut settings.hybrid, file.boolean("hybrid"));
    if let Some(favourites) = file.texts("favourites") {
        settings.favourites = favourites.iter().map(|favourite| favourite.text.to_owned()).collect();
    }
    if let Some(ui) = file.section("ui") {
        settings.ui = read_ui(ui, own_themes);
    }
    if let Some(panes) = file.section("panes") {
        let named = Multiplexer::ALL.map(|one| (one.word(), Panes::In(one)));
        let words = [("auto", Panes::Auto), ("none", Panes::Off)].into_iter().chain(named);
        set(&mut settings.panes, panes.word("use", &words.collect::<Vec<_>>()));
    }
    if let Some(aws) = file.section("aws") {
        set(&mut settings.share_role_cache, aws.boolean("share_role_cache"));
    }
    if let Some(doctor) = file.section("doctor") {
        set(&mut settings.doctor.network, doctor.boolean("network"));
        if let Some(quoted) = doctor.text("source") {
            const WORDS: [(&str, AddressSource); 2] = [("ask", AddressSource::Ask), ("off", AddressSource::Off)];
            set(&mut settings.doctor.source, quoted.text.parse().ok().or_else(|| doctor.pick("source", &quoted, &WORDS)));
        }
        if let Some(quoted) = doctor.text("address_service") {
            set(&mut settings.doctor.address_service, parsed(&doctor, &quoted, "config-not-a-page"));
        }
    }
    if let Some(connect) = file.section("connect") {
        settings.connect = read_connect(connect, home);
    }
    if let Some(hosts) = file.section("serial_console") {
        settings.connect.serial_hosts = read_serial_hosts(&hosts);
    }
    if let Some(accounts) = file.section("accounts") {
        settings.accounts = read_accounts(&accounts);
    }
    settings.rules = file.sections("rule").into_iter().map(|(line, rule)| read_rule(line, rule, home)).collect();
    settings.commands = read_commands(&file);
    if let Some(tunnels) = file.section("tunnels") {
        settings.tunnels = read_tunnels(&tunnels, home);
    }
    if let Some(filters) = file.section("filters") {
        settings.filters = read_filters(&filters);
    }
    if let Some(places) = file.section("places") {
        settings.places = read_places(&places);
    }
    let mut key_positions = KeyPositions::new();
    for (command, keys) in file.section("keys").map(|keys| keys.named_texts()).unwrap_or_default() {
        key_positions.insert(command.text.to_owned(), file.notes().position(command.span.start));
        settings.keys.insert(command.text.to_owned(), keys.iter().map(|key| key.text.to_owned()).collect());
    }
    file.finish();
    (settings, key_positions)
}

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

pub(super) fn read_regions(file: &Section<'_, '_>, list: &[Quoted<'_>]) -> (Vec<Region>, bool) {
    let all = list.iter().any(|region| region.text == "all");
    let named = list.iter().filter(|region| !matches!(region.text, "auto" | "all"));
    let regions = named.filter_map(|region| parsed(file, region, "config-not-a-region")).collect();
    (regions, all)
}

fn read_ui(section: Section<'_, '_>, own_themes: &[String]) -> Ui {
    let mut ui = Ui::default();
    if let Some(quoted) = section.text("theme") {
        read_theme_name(&section, &quoted, own_themes, &mut ui);
    }
    let spoken = Language::all().map(|language| (language.tag(), Some(language)));
    set(&mut ui.lang, section.word("lang", &std::iter::once(("auto", None)).chain(spoken).collect::<Vec<_>>()));
    set(&mut ui.mouse, section.boolean("mouse"));
    set(&mut ui.glyphs, section.word("glyphs", &GLYPHS));
    match section.number("ambiguous_width", 1..=2) {
        Some(2_i64) => ui.ambiguous_width = Ambiguous::Two,
        Some(_) => ui.ambiguous_width = Ambiguous::One,
        None => {}
    }
    set(&mut ui.mouse, section.boolean("mouse"));
    set(&mut ui.motion, section.boolean("motion"));
    set(&mut ui.title, section.boolean("title"));
    if let Some(columns) = section.some_texts("columns") {
        ui.columns.clear();
        for column in columns.iter().filter_map(|name| column(&section, name, name.text)) {
            if !ui.columns.contains(&column) {
                ui.columns.push(column);
            }
        }
    }
    if let Some(sort) = section.text("sort") {
        let (name, is_reversed) = Sort::split(sort.text);
        if let Some(column) = column(&section, &sort, name) {
            ui.sort = Sort { column, is_reversed };
        }
    }
    section.finish();
    ui
}

/// The name of a theme that is built in, or of a file of the user's; its colours are read afterwards.
fn read_theme_name(section: &Section<'_, '_>, quoted: &Quoted<'_>, own_themes: &[String], ui: &mut Ui) {
    if let Some(theme) = ThemeName::built_in(quoted.text) {
        ui.theme = theme;
    } else if own_themes.iter().any(|name| name == quoted.text) {
        ui.own_theme = Some(OwnTheme { name: quoted.text.to_owned(), ..OwnTheme::default() });
    } else {
        let built_in = ThemeName::BUILT_IN.iter().map(|(name, _)| *name);
        let known: Vec<&str> = built_in.chain(own_themes.iter().map(String::as_str)).collect();
        section.wrong_word("theme", quoted, nearest(quoted.text, known.iter().copied()), &known);
    }
}

fn column(section: &Section<'_, '_>, quoted: &Quoted<'_>, name: &str) -> Option<Column> {
    match Column::parse(name) {
        Ok(column) => Some(column),
        Err(unknown) => {
            let name = Quoted { text: name, span: quoted.span.clone() };
            section.wrong_word("column", &name, unknown.nearest, &Column::names().collect::<Vec<_>>());
            None
        }
    }
}

fn read_connect(section: Section<'_, '_>, home: Option<&Path>) -> Connect {
    let mut connect = Connect::default();
    set(&mut connect.order, methods(&section, "order"));
    set(&mut connect.address, address(&section));
    set(&mut connect.port, section.number("port", 1..=65_535));
    if let Some(user) = section.text("user").filter(|user| user.text != "auto") {
        connect.user = parsed(&section, &user, "config-not-a-login");
    }
    set(&mut connect.host_keys, section.word("host_keys", &HOST_KEYS));
    set(&mut connect.agent_forwarding, section.boolean("agent_forwarding"));
    set(&mut connect.use_ssh_config, section.boolean("use_ssh_config"));
    set(&mut connect.tunnel_limit, tunnel_limit(&section));
    set(&mut connect.shell, shell(&section));
    let folders = section.texts("key_dirs").unwrap_or_default();
    connect.key_dirs = folders.iter().filter_map(|folder| path(&section, folder, home)).collect();
    set(&mut connect.keepalive, section.number("keepalive", 0..=3_600));
    if let Some(quoted) = section.text("reconnect") {
        set(&mut connect.reconnect, span(quoted.text));
        if span(quoted.text).is_none() {
            section.notes().object(quoted.span.clone(), "config-not-a-span", vec![("value", quoted.shown())]);
        }
    }
    section.finish();
    connect
}

/// How long an endpoint's tunnel may live: a second to an hour.
fn tunnel_limit(section: &Section<'_, '_>) -> Option<Duration> {
    let quoted = section.text("tunnel_limit")?;
    let limit = tunnel_span(quoted.text);
    if limit.is_none() {
        section.notes().object(quoted.span.clone(), "config-not-a-tunnel-limit", vec![("value", quoted.shown())]);
    }
    limit
}

fn shell(section: &Section<'_, '_>) -> Option<SessionShell> {
    section.text("shell").and_then(|shell| parsed(section, &shell, "config-not-a-shell"))
}

/// The life of an endpoint's tunnel: `90s`, `10m` or `1h`, and no longer.
pub fn tunnel_span(text: &str) -> Option<Duration> {
    span(text).filter(|span| (1..=LONGEST_TUNNEL).contains(&span.as_secs()))
}

/// `90s`, `10m` or `2h`, up to a day.
fn span(text: &str) -> Option<Duration> {
    let (unit, seconds) = [("s", 1), ("m", 60), ("h", 3_600)].into_iter().find(|(unit, _)| text.ends_with(unit))?;
    let number: u32 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
    let span = Duration::from_secs(u64::from(number).checked_mul(seconds)?);
    (span <= Duration::from_secs(86_400)).then_some(span)
}

fn methods(section: &Section<'_, '_>, key: &'static str) -> Option<Vec<Method>> {
    let words: Vec<(&str, Method)> = Method::choosable().into_iter().map(|method| (method.id(), method)).collect();
    let list = section.some_texts(key)?;
    let mut methods = Vec::new();
    for word in &list {
        let method = section.pick("method", word, &words)?;
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    Some(methods)
}

fn address(section: &Section<'_, '_>) -> Option<AddressChoice> {
    let quoted = section.text("address")?;
    match quoted.text.parse() {
        Ok(choice) => Some(choice),
        Err(()) => section.pick("address", &quoted, &ADDRESSES),
    }
}

fn read_accounts(section: &Section<'_, '_>) -> BTreeMap<AccountId, Accounts> {
    let mut accounts = BTreeMap::new();
    for (id, account) in section.named_sections() {
        let mut entry = Accounts { label: account.text("label").map(|label| label.text.to_owned()), ..Accounts::default() };
        set(&mut entry.confirm, account.boolean("confirm"));
        if let Some(id) = parsed(section, &id, "config-not-an-account") {
            accounts.insert(id, entry);
        }
        account.finish();
    }
    accounts
}

fn read_rule(line: usize, section: Section<'_, '_>, home: Option<&Path>) -> Rule {
    let rule = Rule {
        pattern: section.section("match").map(read_pattern).unwrap_or_default(),
        method: methods(&section, "method"),
        user: section.text("user").and_then(|user| rule_user(&section, &user)),
        address: address(&section),
        port: section.number("port", 1..=65_535),
        simulated: section.text("simulated").and_then(|place| parsed(&section, &place, "config-not-a-socket-address")),
        key: section.text("key").and_then(|key| path(&section, &key, home)),
        tunnel_limit: tunnel_limit(&section),
        shell: shell(&section),
        jump: section.text("jump").map(|jump| jump.text.to_owned()),
        line,
    };
    section.finish();
    rule
}

fn rule_user(section: &Section<'_, '_>, user: &Quoted<'_>) -> Option<Login> {
    if user.text == "auto" {
        section.notes().object(user.span.clone(), "config-rule-user-auto", Vec::new());
        return None;
    }
    parsed(section, user, "config-not-a-login")
}

fn read_pattern(section: Section<'_, '_>) -> Pattern {
    let pattern = Pattern {
        tag: section.text("tag").and_then(|tag| tag_pattern(&section, &tag)),
        name: section.text("name").map(|name| Untrusted::from(name.text).composed()),
        id: section.text("id").and_then(|id| parsed::<InstanceId>(&section, &id, "config-not-an-instance")),
        vpc: section.text("vpc").map(|vpc| vpc.text.to_owned()),
        region: section.text("region").and_then(|region| parsed(&section, &region, "config-not-a-region")),
        account: section.text("account").and_then(|account| parsed(&section, &account, "config-not-an-account")),
        os: section.word("os", &SYSTEMS),
    };
    section.finish_strictly();
    pattern
}

fn tag_pattern(section: &Section<'_, '_>, tag: &Quoted<'_>) -> Option<(String, String)> {
    match tag.text.split_once('=').filter(|(key, _)| !key.is_empty()) {
        Some((key, value)) => Some((Untrusted::from(key).composed(), Untrusted::from(value).composed())),
        None => {
            section.notes().object(tag.span.clone(), "config-not-a-tag", vec![("value", tag.shown())]);
            None
        }
    }
}

#[cfg(test)]
mod tests;
