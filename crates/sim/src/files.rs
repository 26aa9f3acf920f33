//! What lies in the directory of a simulation, as text.

use std::fmt::Write as _;
use std::path::Path;

use super::fleet::{Account, Fleet, Instance, State};

const STRING: &str = "writing to a String does not fail";

/// The AWS config file: the default profile is the first account's; roles with a profile assume it.
pub(super) fn aws_config(fleet: &Fleet, endpoint: &str, bundle: Option<&Path>) -> String {
    let mut text = String::new();
    let section = |text: &mut String, name: &str, region: &str| {
        section(text, name, region, endpoint);
        if let Some(bundle) = bundle {
            writeln!(text, "ca_bundle = {}", bundle.display()).expect(STRING);
        }
    };
    if let Some(first) = fleet.accounts.first() {
        section(&mut text, "default", &first.region);
    }
    for account in fleet.accounts.iter().filter(|account| account.has_keys) {
        section(&mut text, &format!("profile {}", account.profile), &account.region);
    }
    for account in &fleet.accounts {
        for role in &account.roles {
            let Some(profile) = &role.profile else {
                continue;
            };
            section(&mut text, &format!("profile {profile}"), &account.region);
            let source = source(fleet, account);
            writeln!(text, "role_arn = {}\nsource_profile = {source}", account.arn(&format!("role/{}", role.name)))
                .expect(STRING);
            if let Some(device) = &role.mfa {
                writeln!(text, "mfa_serial = {device}").expect(STRING);
            }
        }
    }
    if let Some(company) = &fleet.company {
        let (name, region) = (&company.name, &company.region);
        writeln!(
            text,
            "[sso-session {name}]\nsso_start_url = {endpoint}/start\nsso_region = {region}\nsso_registration_scopes = \
             sso:account:access"
        )
        .expect(STRING);
        for assignment in &company.assignments {
            let named = fleet.account(&assignment.account).filter(|account| !account.has_keys && !account.profile.is_empty());
            let Some(account) = named else { continue };
            for role in &assignment.roles {
                section(&mut text, &format!("profile {}-{}", account.profile, role.to_lowercase()), &account.region);
                writeln!(text, "sso_session = {name}\nsso_account_id = {}\nsso_role_name = {role}", account.id).expect(STRING);
            }
        }
    }
    text
}

/// The AWS credentials file.
pub(super) fn aws_credentials(fleet: &Fleet) -> String {
    let mut text = String::new();
    let default = fleet.accounts.first().map(|first| ("default", first));
    let accounts = fleet.accounts.iter().filter(|account| account.has_keys).map(|account| (account.profile.as_str(), account));
    for (profile, account) in default.into_iter().chain(accounts) {
        let keys = &account.credentials;
        writeln!(text, "[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}", keys.access_key, keys.secret)
            .expect(STRING);
        if let Some(token) = &keys.session_token {
            writeln!(text, "aws_session_token = {token}").expect(STRING);
        }
    }
    text
}

/// Where an instance's SSH server is come to on this computer.
#[derive(Clone, Copy)]
pub(super) enum Door {
    /// As through a port that somebody has forwarded.
    Here(u16),
    /// In place of its public address.
    Internet(u16),
}

/// The config of ec2dash: where the SSH servers of running instances really listen.
pub(super) fn config(fleet: &Fleet, directory: &Path, door: impl Fn(&str) -> Option<Door>, is_shared: bool) -> String {
    let mut text = "# Where the instances of the simulated cloud really listen.\n[connect]\nuse_ssh_config = false\n".to_owned();
    let callers = fleet.accounts.iter().flat_map(|account| &account.instances).filter_map(|instance| instance.caller);
    if let Some(caller) = callers.min() {
        // So that no page is asked for it.
        write!(text, "\n[doctor]\nsource = \"{caller}\"\n").expect(STRING);
    }
    if is_shared {
        let pair = fleet.accounts.first().and_then(|account| account.key_pairs.first());
        if let Some(door) = door("*") {
            rule(&mut text, "name = \"*\"", door, directory, pair.filter(|pair| pair.has_file()).map(|pair| pair.name.as_str()));
        }
        return text;
    }
    for account in &fleet.accounts {
        for instance in account.instances.iter().filter(|instance| matches!(instance.state, State::Running | State::Stopped)) {
            let key = key_file(account, instance);
            let door = door(&instance.id);
            let Some(door) = door.filter(|_| instance.hybrid.is_none()) else {
                if door.is_none() && key.is_none() {
                    continue;
                }
                // Only a session leads there: it has no address here. The key of Windows is for its password.
                write!(text, "\n[[rule]]\nmatch = {{ id = \"{}\" }}\n", instance.id).expect(STRING);
                key_line(&mut text, directory, key);
                continue;
            };
            rule(&mut text, &format!("id = \"{}\"", instance.id), door, directory, key);
        }
    }
    text
}

/// Where the serial consoles of all its regions really are.
pub(super) fn serial_hosts(fleet: &Fleet, port: u16, fingerprint: &str) -> String {
    let mut text = String::new();
    for region in &fleet.regions {
        write!(
            text,
            "\n[serial_console.{}]\nhost = \"127.0.0.1\"\nport = {port}\nfingerprint = \"{fingerprint}\"\n",
            region.name
        )
        .expect(STRING);
    }
    text
}

fn key_file<'a>(account: &'a Account, instance: &Instance) -> Option<&'a str> {
    let name = instance.key_name.as_ref()?;
    let pair = account.key_pairs.iter().find(|pair| pair.name == *name && pair.has_file())?;
    Some(&pair.name)
}

fn rule(text: &mut String, matched: &str, door: Door, directory: &Path, key: Option<&str>) {
    write!(text, "\n[[rule]]\nmatch = {{ {matched} }}\n").expect(STRING);
    match door {
        Door::Here(port) => write!(text, "address = \"127.0.0.1\"\nport = {port}\n"),
        Door::Internet(port) => writeln!(text, "simulated = \"127.0.0.1:{port}\""),
    }
    .expect(STRING);
    key_line(text, directory, key);
}

fn key_line(text: &mut String, directory: &Path, key: Option<&str>) {
    if let Some(key) = key {
        let path = directory.join("keys").join(key);
        writeln!(text, "key = {}", toml::Value::from(path.to_string_lossy().as_ref())).expect(STRING);
    }
}

fn section(text: &mut String, name: &str, region: &str, endpoint: &str) {
    // The endpoint is here too because the clients inside a credential chain see only environment and profile.
    write!(text, "[{name}]\nregion = {region}\nendpoint_url = {endpoint}\n").expect(STRING);
}

/// Whose credentials assume the roles of `account`: its own caller's.
fn source<'a>(fleet: &'a Fleet, account: &'a Account) -> &'a str {
    let own = fleet.accounts.iter().find(|known| known.id == account.id);
    own.map_or("default", |own| own.profile.as_str())
}
