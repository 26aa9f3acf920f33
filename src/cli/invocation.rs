//! One run of the program: what was asked for, and what it works with.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Form, Global, RegionChoice};
use super::output::Table;
use super::terminal::Terminal;
use super::{Exit, Failure};
use zeroize::Zeroizing;

use crate::aws::{self, Cloud};
use crate::config::{self, Directories, Environment, Flags, Loaded, Memory, Origin, Presence, Problems};
use crate::model::{AllowedPrograms, CredentialProgram, Filter, MfaCode, Region, Untrusted};
use crate::terminal::Standard;
use crate::text::Catalogue;
use crate::tui::ascii;

/// What is wrong with files of AWS tools, one line each.
pub fn tell_flaws(flaws: &[aws::Flaw], text: &Catalogue) {
    let label = text.say("message-warning");
    for flaw in flaws {
        // Without a stderr there is nobody to tell.
        let _ = writeln!(Standard::error(), "{label}[{}]: {}", flaw.code(), flaw.said(text));
    }
}

/// What was asked for, and what it works with.
#[derive(Debug)]
pub struct Invocation {
    /// Flags of every command.
    pub global: Global,
    /// The environment of the process.
    pub environment: Environment,
    /// The three streams.
    pub terminal: Terminal,
    /// Where our files are.
    pub directories: Directories,
    /// What is remembered between runs.
    pub memory: Memory,
    /// What the file says, with flags and environment over it.
    pub loaded: Loaded,
    /// Every sentence.
    pub text: Arc<Catalogue>,
    /// What MFA codes gave, for all of this run.
    pub roles: aws::RoleCache,
}

impl Invocation {
    /// An invocation with the built-in settings, for what must work whatever the file says.
    pub fn bare(global: Global, environment: Environment, text: Arc<Catalogue>) -> Self {
        let terminal = Terminal::of(&environment, global.color, global.no_input);
        let directories = Directories::of(&environment, config::account_home().as_deref());
        let memory = Memory::new(directories.state.clone());
        Self {
            global,
            environment,
            terminal,
            directories,
            memory,
            loaded: Loaded::default(),
            text,
            roles: aws::RoleCache::default(),
        }
    }

    /// The same with the settings of the file, the environment and the flags.
    pub fn with_settings(mut self) -> Result<Self, Failure> {
        self.loaded = self.load().map_err(|problems| Failure::config(&problems, &self.text))?;
        let flags = self.flags();
        config::apply(&mut self.loaded.settings, &flags, &self.environment)
            .map_err(|finding| Failure::variable(&finding, &self.text))?;
        self.roles = aws::RoleCache::new(self.loaded.settings.share_role_cache);
        if let Some(path) = self.config_path() {
            let path = Untrusted::from(path.to_string_lossy().into_owned()).shown_in(200);
            for warning in &self.loaded.warnings {
                self.note(&format!("{path}: {}", warning.located(&self.text)));
            }
        }
        Ok(self)
    }

    /// Read the file; a place nobody named may be empty.
    pub fn load(&self) -> Result<Loaded, Problems> {
        let presence = if self.global.config.is_some() { Presence::Required } else { Presence::Optional };
        match self.config_path() {
            Some(path) => config::load(&path, presence, self.directories.home.as_deref()),
            None => Ok(Loaded::default()),
        }
    }

    /// Where the configuration file is; `None` without a home.
    pub fn config_path(&self) -> Option<PathBuf> {
        self.global.config.clone().or_else(|| self.directories.config_file())
    }

    /// Where the settings come from.
    pub fn origin(&self) -> Origin {
        Origin {
            path: self.config_path(),
            home: self.directories.home.clone(),
            flags: self.flags(),
            environment: self.environment.clone(),
        }
    }

    fn flags(&self) -> Flags {
        let named = |choice: &RegionChoice| match choice {
            RegionChoice::All => None,
            RegionChoice::One(region) => Some(region.clone()),
        };
        Flags {
            profiles: self.global.profiles.iter().filter(|profile| !profile.is_empty()).cloned().collect(),
            places: self.global.places.clone().filter(|name| !name.is_empty()),
            regions: self.global.regions.iter().filter_map(named).collect(),
            all_regions: self.global.regions.contains(&RegionChoice::All),
            read_only: self.global.read_only,
        }
    }

    /// The form of the output.
    pub fn form(&self) -> Form {
        self.global.output.unwrap_or(Form::Table)
    }

    /// The filter of `--filter`, which is a line, and of `words`, which the shell has told apart, together.
    pub fn filter(&self, words: &[String]) -> Result<Filter, Failure> {
        let saved = &self.loaded.settings.filters;
        let line = Filter::parse(self.global.filter.as_deref().unwrap_or_default(), saved);
        let both = line.and_then(|line| Ok(line.and(Filter::of_words(words, saved)?)));
        both.map_err(|error| Failure::filter(&error, &self.text))
    }

    /// How AWS is reached, with the profile in use if it is one.
    pub fn options(&self) -> aws::Options {
        let profile = match self.loaded.settings.profiles.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        aws::Options {
            profile,
            region: self.loaded.settings.regions.first().cloned(),
            timeout: Duration::from_secs(self.global.api_timeout),
            version: env!("CARGO_PKG_VERSION"),
            programs: if self.global.allow_credential_process { AllowedPrograms::All } else { AllowedPrograms::default() },
            roles: self.roles.clone(),
            sessions: self.remembered_sessions(),
        }
    }

    /// The SSO sessions that were signed in to by their start URL.
    fn remembered_sessions(&self) -> aws::NamedSessions {
        let known = self.memory.read().0.sso_sessions.into_iter();
        known.filter_map(|(name, known)| Some((name, known.start_url, known.region.parse().ok()?))).collect()
    }

    /// The cloud of the profile in use. Calls nothing.
    pub async fn open(&self) -> Result<Cloud, Failure> {
        let mut profiles = self.profiles().await?;
        if profiles.len() > 1 {
            return Err(self.failure("one-profile", Exit::Usage, &[("count", profiles.len().into())]));
        }
        let cloud = self.open_with(aws::Options { profile: profiles.pop().flatten(), ..self.options() }).await?;
        self.tell_endpoint(&cloud);
        Ok(cloud)
    }

    /// That the calls go elsewhere. A program that reads our stderr knows its own environment.
    pub fn tell_endpoint(&self, cloud: &Cloud) {
        if let Some(endpoint) = cloud.custom_endpoint().filter(|_| self.terminal.stderr && !self.global.demo) {
            let endpoint = Untrusted::from(endpoint).shown_in(100);
            self.note(&self.text.say_with("note-endpoint", &[("endpoint", endpoint.into())]));
        }
    }

    /// The cloud that these options name. The user is asked for programs that were not allowed yet, if there is somebody to ask.
    pub async fn open_with(&self, options: aws::Options) -> Result<Cloud, Failure> {
        let cloud = self.try_open(options, None).await.map_err(|error| self.failed(&error))?;
        self.tell_flaws(cloud.flaws());
        Ok(cloud)
    }

    /// As [`Self::open_with`], beside another cloud, and without a word of what was passed over.
    pub async fn try_open(&self, mut options: aws::Options, beside: Option<&Cloud>) -> Result<Cloud, aws::Error> {
        let open = async |options: &aws::Options| match beside {
            Some(cloud) => cloud.open_beside(options).await,
            None => Cloud::open(options).await,
        };
        let opened = match open(&options).await {
            Err(aws::Error::ProgramUnasked { profile, programs }) => {
                if !self.lets_run(&profile, &programs) {
                    return Err(aws::Error::ProgramUnasked { profile, programs });
                }
                options.programs.allow(&programs);
                open(&options).await
            }
            opened => opened,
        };
        match opened {
            Err(wanted @ aws::Error::MfaNeeded { .. }) => self.open_with_code(&options, beside, wanted).await,
            opened => opened,
        }
    }

    /// Ask for the code of a device until AWS takes one, or the user gives up.
    async fn open_with_code(
        &self,
        options: &aws::Options,
        beside: Option<&Cloud>,
        wanted: aws::Error,
    ) -> Result<Cloud, aws::Error> {
        let Some(device) = wanted.mfa_device() else { return Err(wanted) };
        let question = self.text.say_with("ask-mfa-code", &[("device", device.serial.shown_in(200).into())]);
        if !self.terminal.may_ask {
            return Err(wanted);
        }
        loop {
            let Some(answer) = self.terminal.ask(&question).map(Zeroizing::new).filter(|answer| !answer.is_empty()) else {
                return Err(wanted);
            };
            let Ok(code) = answer.parse::<MfaCode>() else {
                self.note(&self.text.say("ask-mfa-code-digits"));
                continue;
            };
            self.roles.give(device.clone(), code);
            let cloud = match beside {
                Some(cloud) => cloud.open_beside(options).await,
                None => Cloud::open(options).await,
            }?;
            match cloud.expires().await {
                Ok(_) => return Ok(cloud),
                Err(refused @ aws::Error::CodeRefused { .. }) => self.note(&refused.what(&self.text)),
                Err(error) => return Err(error),
            }
        }
    }

    /// What was passed over in the AWS files, one line each, unless `--quiet`.
    pub fn tell_flaws(&self, flaws: &[aws::Flaw]) {
        if !self.global.quiet {
            tell_flaws(flaws, &self.text);
        }
    }

    /// Whether programs may run. A script that nobody sits at has chosen its profile, as for the AWS CLI: there they are named, and run;
    /// with `--no-input` only what was allowed before does.
    fn lets_run(&self, profile: &Untrusted, programs: &[CredentialProgram]) -> bool {
        let told = programs.iter().map(|program| {
            let values = [
                ("profile", profile.shown_in(64).into()),
                ("of", program.profile.shown().into()),
                ("program", program.line.shown_in(1_000).into()),
            ];
            let is_its_own = program.profile.raw() == profile.raw();
            self.text.say_with(if is_its_own { "program-runs" } else { "program-runs-through" }, &values)
        });
        if self.memory.read().0.allowed_programs().cover(programs) {
            return true;
        }
        if self.global.no_input {
            return false;
        }
        if !self.terminal.may_ask {
            told.for_each(|sentence| self.note(&sentence));
            return true;
        }
        let question = told.chain([self.text.say("ask-program")]).collect::<Vec<_>>().join("\n");
        match self.terminal.ask(&question).unwrap_or_default().to_lowercase().as_str() {
            "y" | "yes" => true,
            "a" | "always" => {
                if let Some(finding) = self.memory.change(|state| state.allow_programs(programs)) {
                    self.note(&finding.text(&self.text));
                }
                true
            }
            _ => false,
        }
    }

    /// The regions asked for; "all" asks AWS which are enabled.
    pub async fn regions(&self, cloud: &Cloud) -> Result<Vec<Region>, Failure> {
        self.try_regions(cloud).await.map_err(|error| self.failed(&error))
    }

    /// As [`Self::regions`].
    pub async fn try_regions(&self, cloud: &Cloud) -> Result<Vec<Region>, aws::Error> {
        let settings = &self.loaded.settings;
        if settings.all_regions {
            let enabled = cloud.enabled_regions().await?;
            return Ok(enabled.into_iter().filter(aws::EnabledRegion::is_enabled).map(|region| region.name).collect());
        }
        if !settings.regions.is_empty() {
            let mut regions: Vec<Region> = Vec::new();
            for region in &settings.regions {
                if !regions.contains(region) {
                    regions.push(region.clone());
                }
            }
            return Ok(regions);
        }
        if let Some(region) = cloud.region() {
            return Ok(vec![region.clone()]);
        }
        let profile = cloud.profile().map(|profile| Untrusted::from(profile.raw())).unwrap_or_default();
        let known = aws::profiles().await.map(|profiles| profiles.list).unwrap_or_default();
        let having = known.into_iter().filter(|profile| profile.region.is_some() && profile.problem.is_none());
        Err(aws::Error::NoRegion { profile, having: having.map(|profile| profile.name).collect() })
    }

    /// A failed call in words.
    pub fn failed(&self, error: &aws::Error) -> Failure {
        Failure::aws(error, &self.text)
    }

    /// A failure of the command line with its values.
    pub fn failure(&self, code: &'static str, exit: Exit, values: &[(&'static str, crate::text::Value)]) -> Failure {
        Failure::new(code, exit, &self.text, values)
    }

    /// Write a table as this terminal can show it.
    pub fn write_table(&self, table: Table, out: &mut dyn Write) -> io::Result<()> {
        let draws_unicode = self.terminal.look.draws_unicode(&self.loaded.settings.ui);
        let table = if draws_unicode { table } else { table.in_ascii() };
        table.write(out, self.terminal.width(), self.terminal.colour)
    }

    /// Write lines for people as this terminal can show them.
    pub fn write_page(&self, page: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let page = String::from_utf8_lossy(page);
        let draws_unicode = self.terminal.look.draws_unicode(&self.loaded.settings.ui);
        let page = if draws_unicode { page } else { ascii(&page).into_owned().into() };
        out.write_all(page.as_bytes())
    }

    /// Say something beside the data, unless `--quiet`.
    pub fn note(&self, sentence: &str) {
        if !self.global.quiet {
            // Without a stderr there is nobody to tell.
            let _ = writeln!(Standard::error(), "ec2dash: {sentence}");
        }
    }
}
