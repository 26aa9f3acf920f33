//! Both AWS files as one text that the SDK's parser takes whole, and what had to be passed over.
//!
//! The SDK refuses a whole file for one line that the AWS CLI reads without a word, and reads some lines otherwise. So the files
//! are read here, by the AWS CLI's rules where it reads them and section by section where it would give up, and the SDK gets
//! what was understood. Where the two differ in what they make of it, the AWS CLI is followed: both stand in the same shell.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::name::{self, regular};
use super::sections::{self, Section, Setting};
use crate::aws::flaw::{Fault, Flaw};
use crate::model::Untrusted;

/// Sections of the AWS CLI's own in the config file that nobody takes for a profile.
const NO_PROFILES: [&str; 2] = ["plugins", "preview"];
/// Settings that belong to an SSO session and may be repeated in a profile, for older programs.
const OF_SESSIONS: [&str; 2] = ["sso_start_url", "sso_region"];

/// What a pair of keys consists of.
const KEYS: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
/// Settings that `[DEFAULT]` gives in all, at most: each stands in every section that it is given to.
const MOST_GIVEN: usize = 200_000;

/// One of the two files.
pub(super) struct Source<'a> {
    /// Its path, for messages.
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

/// What the two files come to.
#[derive(Debug, Default)]
pub(super) struct Regular {
    /// All that was understood, as a config file. Names are the SDK's ([`name::regular`]).
    pub(super) text: String,
    /// What was passed over, in the order of the files.
    pub(super) flaws: Vec<Flaw>,
    /// The profiles, by their written names, that cannot be used and why; none of them is in the text.
    pub(super) bad: BTreeMap<String, Flaw>,
}

/// Make the text regular. Whatever the files hold, the SDK's parser takes the result.
pub(super) fn make(config: &Source<'_>, credentials: &Source<'_>) -> Regular {
    let mut files = Files::default();
    files.take_config(config);
    files.take_credentials(credentials);
    files.settle_sessions();
    files.finish()
}

/// The settings of one section by key.
type Settings = BTreeMap<String, Setting>;

/// A profile as it comes together from both files.
#[derive(Default)]
struct Profile {
    settings: Settings,
    /// Where it stands first.
    place: Option<Flaw>,
}

#[derive(Default)]
struct Files {
    profiles: BTreeMap<String, Profile>,
    sso_sessions: BTreeMap<String, Settings>,
    services: BTreeMap<String, Settings>,
    flaws: Vec<Flaw>,
    noted: HashSet<Flaw>,
    bad: BTreeMap<String, Flaw>,
    bad_sso_sessions: BTreeMap<String, Flaw>,
    bad_services: BTreeMap<String, Flaw>,
    /// What looks like a profile and is none for any reader: told when it is asked for, and in lists.
    misplaced: BTreeMap<String, Flaw>,
}

/// What a heading stands for.
enum Heading {
    /// `[DEFAULT]`: settings that every other section of the file begins with.
    Defaults,
    Profile(String),
    SsoSession(String),
    Services(String),
    /// A profile for a person, and none for any reader.
    Misplaced(String, Fault),
    /// Nothing we read.
    Other,
    Unreadable(Fault),
}

impl Files {
    fn take_config(&mut self, source: &Source<'_>) {
        let sections = self.sections(source);
        // The later writing of the default profile counts, whole.
        let default = sections.iter().rev().map(|section| section.heading.as_str()).find(|heading| is_default(heading));
        let default = default.map(str::to_owned);
        let mut seen = BTreeSet::new();
        for section in sections {
            if is_default(&section.heading) && Some(&section.heading) != default.as_ref() {
                self.tell(source, section.line, Fault::TwoDefaults);
                continue;
            }
            let heading = config_heading(&section.heading);
            self.tell_twice(source, &section, &heading, &mut seen);
            self.take(source, section, heading);
        }
    }

    fn take_credentials(&mut self, source: &Source<'_>) {
        let mut seen = BTreeSet::new();
        let mut keys: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for section in self.sections(source) {
            let heading = credentials_heading(&section.heading);
            self.tell_twice(source, &section, &heading, &mut seen);
            if let Heading::Profile(name) = &heading {
                let held = KEYS.into_iter().filter(|key| section.settings.iter().any(|setting| setting.key == *key));
                keys.entry(name.clone()).or_default().extend(held);
            }
            self.take(source, section, heading);
        }
        for (name, _) in keys.iter().filter(|(_, held)| held.len() == KEYS.len()) {
            self.put_keys_first(name);
        }
    }

    /// The sections of a file, each with what `[DEFAULT]` gives to all.
    fn sections(&mut self, source: &Source<'_>) -> Vec<Section> {
        let (sections, stray) = sections::read(source.text);
        for (line, fault) in stray {
            self.tell(source, line, fault);
        }
        let (defaults, mut sections): (Vec<_>, Vec<_>) =
            sections.into_iter().partition(|section| matches!(config_heading(&section.heading), Heading::Defaults));
        let given: usize = defaults.iter().map(|defaults| defaults.settings.len()).sum();
        if let Some(first) = defaults.first().filter(|_| given.saturating_mul(sections.len()) > MOST_GIVEN) {
            for section in &mut sections {
                section.flaw = Some((first.line, Fault::TooMuchGiven));
            }
            return sections;
        }
        for section in &mut sections {
            let own = std::mem::take(&mut section.settings);
            section.settings = defaults.iter().flat_map(|defaults| defaults.settings.iter().cloned()).chain(own).collect();
            if section.flaw.is_none() {
                section.flaw = defaults.iter().find_map(|defaults| defaults.flaw.clone());
            }
        }
        sections
    }

    /// For the AWS CLI, keys in the credentials file come before a sign-in with `aws login` and a program; for the SDK, after.
    fn put_keys_first(&mut self, name: &str) {
        if let Some(profile) = self.profiles.get_mut(name) {
            profile.settings.remove("login_session");
            profile.settings.remove("credential_process");
        }
    }

    fn take(&mut self, source: &Source<'_>, section: Section, heading: Heading) {
        let Section { line, mut settings, flaw, .. } = section;
        if matches!(heading, Heading::Services(_)) {
            // The AWS CLI has `sso_oidc` where the SDK looks for `sso-oidc`.
            settings.iter_mut().for_each(|setting| setting.key = setting.key.replace('_', "-"));
        }
        let flaw = flaw.map(|(line, fault)| flaw_at(source, line, fault));
        if let Some(flaw) = &flaw {
            self.note(flaw.clone());
        }
        let (into, bad, name) = match heading {
            Heading::Profile(name) => {
                let profile = self.profiles.entry(name.clone()).or_default();
                profile.place.get_or_insert_with(|| flaw_at(source, line, Fault::NoSetting));
                (&mut profile.settings, &mut self.bad, name)
            }
            Heading::SsoSession(name) => (self.sso_sessions.entry(name.clone()).or_default(), &mut self.bad_sso_sessions, name),
            Heading::Services(name) => (self.services.entry(name.clone()).or_default(), &mut self.bad_services, name),
            Heading::Misplaced(name, fault) => {
                self.misplaced.entry(name).or_insert_with(|| flaw_at(source, line, fault));
                return;
            }
            Heading::Unreadable(fault) => {
                if flaw.is_none() {
                    self.tell(source, line, fault);
                }
                return;
            }
            Heading::Other | Heading::Defaults => return,
        };
        match flaw {
            Some(flaw) => {
                bad.entry(name).or_insert(flaw);
            }
            None => into.extend(settings.into_iter().map(|setting| (setting.key.clone(), setting))),
        }
    }

    /// What a profile says of its SSO session must be what the session says; then it is said once, which is what the SDK takes.
    fn settle_sessions(&mut self) {
        let mut bad = Vec::new();
        for (profile, own) in &mut self.profiles {
            let value = |key: &str| own.settings.get(key).map(|setting| setting.value.clone());
            let spoiled = value("services").and_then(|name| self.bad_services.get(&name));
            if let Some(flaw) = spoiled.or_else(|| self.bad_sso_sessions.get(&value("sso_session")?)) {
                bad.push((profile.clone(), flaw.clone()));
                continue;
            }
            let Some(session_name) = value("sso_session") else { continue };
            let Some(session) = self.sso_sessions.get_mut(&session_name) else { continue };
            let place = own.place.clone();
            let mut mark = |fault: Fault| bad.extend(place.clone().map(|place| (profile.clone(), Flaw { fault, ..place })));
            for key in OF_SESSIONS {
                let Some(here) = own.settings.remove(key) else { continue };
                let there = session.entry(key.to_owned()).or_insert_with(|| here.clone());
                if there.value != here.value {
                    let (session, here, there) = (session_name.as_str().into(), here.value.into(), there.value.clone().into());
                    mark(Fault::Differs { key, session, here, there });
                }
            }
        }
        for (name, flaw) in bad {
            self.note(flaw.clone());
            self.bad.entry(name).or_insert(flaw);
        }
    }

    fn finish(mut self) -> Regular {
        for (name, flaw) in std::mem::take(&mut self.misplaced) {
            if !self.profiles.contains_key(&name) {
                self.bad.entry(name).or_insert(flaw);
            }
        }
        let mut text = String::new();
        for (name, profile) in self.profiles.iter().filter(|(name, _)| !self.bad.contains_key(*name)) {
            write_section(&mut text, &format!("profile {}", regular(name)), &profile.settings);
        }
        for (name, settings) in &self.sso_sessions {
            write_section(&mut text, &format!("sso-session {}", regular(name)), settings);
        }
        for (name, settings) in &self.services {
            write_section(&mut text, &format!("services {}", regular(name)), settings);
        }
        Regular { text, flaws: self.flaws, bad: self.bad }
    }

    fn tell(&mut self, source: &Source<'_>, line: usize, fault: Fault) {
        self.note(flaw_at(source, line, fault));
    }

    /// Keep a flaw, once.
    fn note(&mut self, flaw: Flaw) {
        if self.noted.insert(flaw.clone()) {
            self.flaws.push(flaw);
        }
    }

    fn tell_twice(&mut self, source: &Source<'_>, section: &Section, heading: &Heading, seen: &mut BTreeSet<String>) {
        if !matches!(heading, Heading::Profile(_) | Heading::SsoSession(_) | Heading::Services(_)) {
            return;
        }
        if !seen.insert(section.heading.clone()) {
            self.tell(source, section.line, Fault::Twice(Untrusted::from(section.heading.as_str())));
        }
    }
}

fn flaw_at(source: &Source<'_>, line: usize, fault: Fault) -> Flaw {
    Flaw { file: source.file.into(), line: Some(line), fault }
}

fn is_default(heading: &str) -> bool {
    matches!(config_heading(heading), Heading::Profile(name) if name == "default")
}

fn config_heading(heading: &str) -> Heading {
    match heading {
        "default" => return Heading::Profile("default".to_owned()),
        "DEFAULT" => return Heading::Defaults,
        _ => {}
    }
    let Some(words) = name::words(heading) else { return Heading::Unreadable(Fault::OpenQuote) };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["profile", ""] | ["profile"] => Heading::Unreadable(Fault::NoName),
        ["profile", name] => Heading::Profile(name.to_owned()),
        ["profile", ..] => {
            let name = heading.strip_prefix("profile").unwrap_or(heading).trim();
            Heading::Misplaced(name.to_owned(), Fault::NotQuoted(name.into()))
        }
        ["sso-session", name] => Heading::SsoSession(name.to_owned()),
        ["services", name] => Heading::Services(name.to_owned()),
        [name] if !NO_PROFILES.contains(&name) => Heading::Misplaced(name.to_owned(), Fault::WordMissing(name.into())),
        _ => Heading::Other,
    }
}

fn credentials_heading(heading: &str) -> Heading {
    let words = name::words(heading).unwrap_or_default();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["profile", name] => Heading::Misplaced(name.to_owned(), Fault::WordTooMuch(name.into())),
        ["sso-session" | "services", _] => Heading::Other,
        // Quoted as in the config file; the AWS CLI itself writes no quotes here.
        [name] if heading.starts_with(['"', '\'']) && !name.is_empty() => Heading::Profile(name.to_owned()),
        _ if heading == "DEFAULT" => Heading::Defaults,
        _ => Heading::Profile(heading.to_owned()),
    }
}

fn write_section(text: &mut String, heading: &str, settings: &Settings) {
    text.push_str(&format!("[{heading}]\n"));
    for setting in settings.values().filter(|setting| setting.is_known_to_sdk()) {
        let value = match setting.key.as_str() {
            "source_profile" | "services" => regular(&setting.value),
            "credential_process" => name::command(&setting.value).unwrap_or_else(|| setting.value.as_str().into()),
            _ => setting.value.as_str().into(),
        };
        // Without a blank, after which the SDK would take a `#` for a note.
        text.push_str(&format!("{}={value}\n", setting.key));
        for (_, line) in &setting.below {
            text.push_str(&format!(" {line}\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_config::profile::load;
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};
    use proptest::prelude::*;

    use super::*;

    fn made(config: &str, credentials: &str) -> Regular {
        make(&Source { file: "config", text: config }, &Source { file: "credentials", text: credentials })
    }

    /// `file:line:fault` of what was passed over.
    fn told(regular: &Regular) -> Vec<String> {
        let told = |flaw: &Flaw| format!("{}:{}:{:?}", flaw.file.raw(), flaw.line.unwrap_or_default(), flaw.fault);
        regular.flaws.iter().map(told).collect()
    }

    fn names(regular: &Regular) -> Vec<&str> {
        regular.bad.keys().map(String::as_str).collect()
    }

    #[test]
    fn what_was_understood_is_written_plainly() {
        let config = "[profile \"q r\"] # mine\n  Region: a\n[profile b]\nsource_profile = q r\ns3 =\n  x = 1\n  # note\n";
        let credentials = "[b]\naws_access_key_id = A\n   # old\naws_session_token =\n";

        let regular = made(config, credentials);

        assert_eq!(
            regular.text,
            "[profile b]\naws_access_key_id=A\ns3=\n x = 1\nsource_profile=%%q%20r\n[profile %%q%20r]\nregion=a\n"
        );
        assert!(regular.flaws.is_empty() && regular.bad.is_empty());
    }

    #[test]
    fn a_value_may_begin_with_the_sign_of_a_note() {
        assert_eq!(made("[default]\nregion=#a\n", "").text, "[profile default]\nregion=#a\n");
    }

    #[test]
    fn a_bad_section_takes_only_its_own_profile() {
        let regular = made("[profile a]\nregion = x\noops\n[profile b]\nregion = y\n", "[a]\naws_access_key_id = A\n");

        assert_eq!(regular.text, "[profile b]\nregion=y\n");
        assert_eq!(told(&regular), ["config:3:NoSetting"]);
        assert_eq!(names(&regular), ["a"]);
    }

    #[test]
    fn what_a_bad_section_gives_to_profiles_spoils_those_that_use_it() {
        let config = "[profile a]\nsso_session = s\n[profile b]\nservices = v\n[profile c]\nregion = x\n[sso-session s]\noops\n[services v]\noops\n";

        assert_eq!(names(&made(config, "")), ["a", "b"]);
    }

    #[test]
    fn a_section_that_a_person_takes_for_a_profile_is_told_and_how_to_write_it() {
        let config = "[root]\nregion = x\n[profile a b]\nregion = x\n[plugins]\nx = y\n[sso-session s]\n";
        let regular = made(config, "[profile c]\naws_access_key_id = A\n");

        assert!(regular.flaws.is_empty(), "the AWS CLI passes over them as well");
        assert_eq!(names(&regular), ["a b", "c", "root"]);
        assert_eq!(regular.bad["root"].fault, Fault::WordMissing("root".into()));
        assert_eq!(regular.bad["a b"].fault, Fault::NotQuoted("a b".into()));
        assert_eq!(regular.bad["c"].fault, Fault::WordTooMuch("c".into()));
        let regular = made(config, "[root]\naws_access_key_id = A\n");
        assert!(!regular.bad.contains_key("root"), "a profile of that name in the other file is the one that is meant");
    }

    #[test]
    fn the_later_default_counts_whole_and_capitals_give_to_all() {
        let regular = made("[profile default]\nregion = x\n[default]\noutput = json\n", "");
        assert_eq!(regular.text, "[profile default]\noutput=json\n");
        assert_eq!(told(&regular), ["config:1:TwoDefaults"]);

        let regular = made("[DEFAULT]\nregion = x\n[profile a]\n[profile b]\nregion = y\n", "");
        assert_eq!(regular.text, "[profile a]\nregion=x\n[profile b]\nregion=y\n");
    }

    #[test]
    fn a_section_that_stands_twice_is_joined_and_told() {
        let regular = made("[profile a]\nregion = x\noutput = json\n[profile a]\nregion = y\n", "");

        assert_eq!(regular.text, "[profile a]\noutput=json\nregion=y\n");
        assert_eq!(told(&regular), ["config:4:Twice(\"profile a\")"]);
    }

    #[test]
    fn a_profile_may_repeat_what_its_sso_session_says_and_must_not_contradict_it() {
        let profile = "[profile a]\nsso_session = s\nsso_region = x-1\nsso_start_url = https://x\n[sso-session s]\nsso_region = ";

        let same = made(&format!("{profile}x-1\n"), "");
        assert_eq!(same.text, "[profile a]\nsso_session=s\n[sso-session s]\nsso_region=x-1\nsso_start_url=https://x\n");
        assert!(same.bad.is_empty());

        let other = made(&format!("{profile}x-2\n"), "");
        assert_eq!(
            other.bad["a"].fault,
            Fault::Differs { key: "sso_region", session: "s".into(), here: "x-1".into(), there: "x-2".into() }
        );
    }

    #[test]
    fn a_service_may_be_spelled_as_the_aws_cli_does() {
        let regular = made(
            "[services s]
ec2_instance_connect =
  endpoint_url = https://x
",
            "",
        );

        assert_eq!(
            regular.text,
            "[services s]
ec2-instance-connect=
 endpoint_url = https://x
"
        );
    }

    #[test]
    fn keys_in_the_credentials_file_come_before_a_program_as_in_the_aws_cli() {
        let config = "[profile a]\ncredential_process = run\nlogin_session = arn\n";

        let both = made(config, "[a]\naws_access_key_id = A\naws_secret_access_key = B\n");
        let half = made(config, "[a]\naws_access_key_id = A\naws_secret_access_key =\n");

        assert_eq!(both.text, "[profile a]\naws_access_key_id=A\naws_secret_access_key=B\n");
        assert!(half.text.contains("credential_process=run"));
        for beside in ["[a]\ncredential_process = run\nKEYS", "[a]\nKEYS[a]\ncredential_process = run\n"] {
            let beside = beside.replace("KEYS", "aws_access_key_id = A\naws_secret_access_key = B\n");
            assert_eq!(made("", &beside).text, "[profile a]\naws_access_key_id=A\naws_secret_access_key=B\n", "{beside}");
        }
    }

    #[test]
    fn what_would_be_given_to_too_many_is_given_to_none_and_told_once() {
        let given: String = (0..1_000).map(|number| format!("k{number} = v\n")).collect();
        let sections: String = (0..1_000).map(|number| format!("[profile p{number}]\n")).collect();

        let regular = made(&format!("[DEFAULT]\n{given}{sections}"), "");

        assert_eq!((regular.text.as_str(), regular.bad.len()), ("", 1_000));
        assert_eq!(told(&regular), ["config:1:TooMuchGiven"]);
    }

    /// Texts that look like AWS files, with all that goes wrong in them.
    fn texts() -> impl Strategy<Value = String> {
        let heading =
            prop_oneof!["\\[(profile |sso-session |services )?[a-c\"' ]{0,4}\\]?( #.{0,3})?", Just("[DEFAULT]".to_owned())];
        let key = "[a-c =:#;]{0,3}|region|s3|sso_session|sso_region|source_profile|services|aws_secret_access_key";
        let setting = (key, "[ \t]?[=:]?", "[a-z#; =\\[\\]\"\r\u{a0}]{0,6}").prop_map(|(key, sign, value)| key + &sign + &value);
        let line = (prop_oneof!["", " ", "\t", "    "], prop_oneof![heading, setting, "\\PC{0,12}"]).prop_map(|(a, b)| a + &b);
        let joined = prop::collection::vec((line, prop_oneof!["\n", "\r\n", "\r"]), 0..24);
        joined.prop_map(|lines| lines.into_iter().map(|(line, end)| line + &end).collect())
    }

    proptest! {
        #[test]
        fn whatever_the_files_hold_the_sdk_takes_the_result(config in texts(), credentials in texts(), any in any::<String>()) {
            for (config, credentials) in [(&config, &credentials), (&any, &config)] {
                let regular = made(config, credentials);

                let sources = EnvConfigFiles::builder()
                    .with_contents(EnvConfigFileKind::Config, regular.text.clone())
                    .with_contents(EnvConfigFileKind::Credentials, String::new())
                    .build();
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                let parsed = runtime.block_on(load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &sources, None));

                let parsed = parsed.map_err(|error| TestCaseError::fail(format!("{error:?}\n{}", regular.text)))?;
                // No section is lost on the way: each that was written is one that the SDK knows.
                let written = regular.text.lines().filter(|line| line.starts_with("[profile ")).count();
                prop_assert_eq!(parsed.profiles().count(), written, "{}", regular.text);
                prop_assert!(regular.bad.keys().all(|name| parsed.get_profile(&super::regular(name)).is_none()));
            }
        }
    }
}
