//! Reading a fleet from its TOML file, whose format the first lines of `assets/demo/fleet.toml` describe.

mod network;
mod vpc;
mod way_out;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use toml::Spanned;

use super::fault;
use super::fleet::{
    Account, Agent, Assignment, Caller, Company, Fleet, Hybrid, Image, Instance, InstanceProfile, JustInTime, KeyPair, KmsKey,
    PermissionSet, Permissions, Ping, Policy, Preferences, Region, Role, SecurityGroup, SessionDocument, State, Vpcs,
};
use super::fleet_table::{
    AgentTable, AssignmentTable, CompanyTable, File, HybridNodeTable, ImageTable, InstanceTable, RegionTable, SubnetTable,
};
use super::id::{derived_iam_id, derived_id, derived_uuid};
use super::identity::random_credentials;

/// What is wrong with a fleet file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFleet {
    line: usize,
    problem: String,
}

impl fmt::Display for InvalidFleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for InvalidFleet {}

/// The fleet that `text` describes, in a simulation that started at `started`.
pub(super) fn read(text: &str, started: SystemTime) -> Result<Fleet, InvalidFleet> {
    let at = |span: Range<usize>, problem: String| {
        let before = text.get(..span.start).unwrap_or(text);
        InvalidFleet { line: before.matches('\n').count() + 1, problem }
    };
    let file: File =
        toml::from_str(text).map_err(|error| at(error.span().unwrap_or(0..0), error.message().trim().replace('\n', "; ")))?;
    file.fleet(started).map_err(|Problem(span, problem)| at(span, problem))
}

/// A problem and the bytes it is about.
struct Problem(Range<usize>, String);

impl File {
    fn fleet(mut self, started: SystemTime) -> Result<Fleet, Problem> {
        let mut accounts = self.empty_accounts()?;
        self.add_permissions(&mut accounts, started)?;
        self.add_sessions(&mut accounts)?;
        let images = self.add_instances(&mut accounts, started)?;
        self.add_hybrid_nodes(&mut accounts, started)?;
        self.add_networks(&mut accounts)?;
        self.add_vpcs(&mut accounts)?;
        let company = self.company.take().map(|table| table.company(&mut accounts, &self.region)).transpose()?;
        let regions = self.region.into_iter().map(|region| Region { name: region.name, opt_in: region.opt_in });
        Ok(Fleet { started, regions: regions.collect(), images, accounts, company })
    }

    /// Gives the accounts their key pairs, roles, policies and instance profiles.
    fn add_permissions(&mut self, accounts: &mut [Account], started: SystemTime) -> Result<(), Problem> {
        for pair in self.key_pair.drain(..) {
            let account = named(accounts, &pair.account)?;
            let made = KeyPair::new(&pair.name, pair.kind, pair.private_file, started - pair.created.0);
            account.key_pairs.push(made.map_err(|error| Problem(pair.account.span(), error.to_string()))?);
        }
        for role in self.role.drain(..) {
            let account = named(accounts, &role.account)?;
            let attached = role.attached.iter().map(|policy| policy_arn(policy, &account.id)).collect();
            account.roles.push(Role {
                name: role.name,
                description: None,
                attached,
                inline: role.inline.into_iter().collect(),
                trusts: role.trusts,
                mfa: role.mfa,
                longest: role.longest.map_or(Duration::from_secs(3_600), |span| span.0),
                profile: role.profile,
            });
        }
        for policy in self.policy.drain(..) {
            let account = named(accounts, &policy.account)?;
            account.policies.push(Policy { name: policy.name, document: policy.document });
        }
        for profile in self.instance_profile.drain(..) {
            let account = named(accounts, &profile.account)?;
            if let Some(role) = &profile.role {
                must_exist("role", role, account.roles.iter().map(|role| role.name.as_str()))?;
            }
            let role = profile.role.map(Spanned::into_inner);
            account.instance_profiles.push(InstanceProfile { name: profile.name, role, known_from: None });
        }
        Ok(())
    }

    /// Gives the accounts what sessions depend on.
    fn add_sessions(&mut self, accounts: &mut [Account]) -> Result<(), Problem> {
        for key in self.kms_key.drain(..) {
            let account = named(accounts, &key.account)?;
            let alias = format!("alias/{}", key.alias.trim_start_matches("alias/"));
            account.kms_keys.push(KmsKey { id: derived_uuid(&[&account.id, &alias]), alias, is_enabled: !key.disabled });
        }
        for table in self.session_preferences.drain(..) {
            let account = named(accounts, &table.account)?;
            account.session_preferences = Some(Preferences {
                kms_key: table.kms_key,
                idle: table.idle.map(|span| span.0),
                longest: table.longest.map(|span| span.0),
                s3_bucket: table.s3_bucket,
                log_group: table.log_group,
                run_as: table.run_as,
                shell_profile: table.shell_profile,
            });
        }
        for table in self.session_document.drain(..) {
            let account = named(accounts, &table.account)?;
            account.documents.push(SessionDocument { name: table.name, content: table.content });
        }
        Ok(())
    }

    /// Gives the accounts their instances; the images these were started from, each in its region.
    fn add_instances(&mut self, accounts: &mut [Account], started: SystemTime) -> Result<Vec<Image>, Problem> {
        let mut images: Vec<Image> = Vec::new();
        let mut ids = BTreeSet::new();
        for table in std::mem::take(&mut self.instance) {
            let subnet = self.subnet.iter().find(|subnet| subnet.key == *table.subnet.as_ref());
            let keys = || self.subnet.iter().map(|subnet| subnet.key.as_str());
            let subnet = subnet.ok_or_else(|| unknown("subnet", &table.subnet, keys()))?;
            must_exist("region", &subnet.region, self.region.iter().map(|region| region.name.as_str()))?;
            let account = named(accounts, &subnet.account)?;
            let image = self.image.iter().find(|image| image.key == *table.image.as_ref());
            let keys = || self.image.iter().map(|image| image.key.as_str());
            let image = image.ok_or_else(|| unknown("image", &table.image, keys()))?;
            let image = image.in_region(account, subnet, started);
            let span = table.subnet.span();
            let instance = table.instance(account, subnet, &self.subnet, &image, started)?;
            if !ids.insert(instance.id.clone()) {
                return Err(Problem(span, format!("there are two instances with the id {}", instance.id)));
            }
            if images.iter().all(|known| known.id != image.id) {
                images.push(image);
            }
            account.instances.push(instance);
        }
        Ok(images)
    }

    /// Gives the accounts the machines outside EC2 that are registered with Systems Manager.
    fn add_hybrid_nodes(&mut self, accounts: &mut [Account], started: SystemTime) -> Result<(), Problem> {
        for table in std::mem::take(&mut self.hybrid_node) {
            must_exist("region", &table.region, self.region.iter().map(|region| region.name.as_str()))?;
            let account = named(accounts, &table.account)?;
            if let Some(key) = &table.key {
                must_exist("key pair", key, account.key_pairs.iter().map(|pair| pair.name.as_str()))?;
            }
            let node = table.node(account, started);
            account.instances.push(node);
        }
        Ok(())
    }

    fn empty_accounts(&self) -> Result<Vec<Account>, Problem> {
        if self.account.is_empty() {
            return Err(Problem(0..0, "a fleet needs an [[account]]".to_owned()));
        }
        self.account
            .iter()
            .map(|table| {
                let id = table.id.as_ref();
                if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Problem(table.id.span(), format!("`{id}` is not the twelve digits of an account")));
                }
                must_exist("region", &table.region, self.region.iter().map(|region| region.name.as_str()))?;
                Ok(Account {
                    id: id.clone(),
                    profile: table.profile.clone(),
                    region: table.region.as_ref().clone(),
                    has_keys: table.caller.is_some(),
                    caller: caller(id, table.caller.as_deref().unwrap_or("root")),
                    credentials: random_credentials("AKIASIM"),
                    key_pairs: Vec::new(),
                    roles: Vec::new(),
                    instance_profiles: Vec::new(),
                    policies: Vec::new(),
                    session_preferences: None,
                    documents: Vec::new(),
                    kms_keys: Vec::new(),
                    has_advanced_instances: table.advanced_instances,
                    serial_console: table.serial_console,
                    host_management: table.host_management.clone(),
                    just_in_time: table.just_in_time.as_ref().map(|feature| JustInTime {
                        is_needed: feature.needed,
                        approved_after: feature.approved_after.map(|span| span.0),
                    }),
                    addresses: Vec::new(),
                    endpoints: Vec::new(),
                    groups: Vec::new(),
                    vpcs: Vpcs::default(),
                    instances: Vec::new(),
                })
            })
            .collect()
    }
}

impl CompanyTable {
    fn company(self, accounts: &mut [Account], regions: &[RegionTable]) -> Result<Company, Problem> {
        must_exist("region", &self.region, regions.iter().map(|region| region.name.as_str()))?;
        let permission_sets: Vec<PermissionSet> = self
            .permission_set
            .into_iter()
            .map(|table| PermissionSet {
                name: table.name,
                permissions: Permissions::on_anything(table.allows.iter().map(String::as_str)),
            })
            .collect();
        let assignment = |table: AssignmentTable| {
            let account = named(accounts, &table.account)?.id.clone();
            for role in &table.roles {
                must_exist("permission set", role, permission_sets.iter().map(|set| set.name.as_str()))?;
            }
            let roles = table.roles.into_iter().map(Spanned::into_inner).collect();
            Ok(Assignment { account, name: table.name, email: table.email, roles, is_gone: table.gone })
        };
        let assignments = self.assignment.into_iter().map(assignment).collect::<Result<_, Problem>>()?;
        Ok(Company { name: self.name, region: self.region.into_inner(), user: self.user, permission_sets, assignments })
    }
}

impl ImageTable {
    fn in_region(&self, account: &Account, subnet: &SubnetTable, started: SystemTime) -> Image {
        let region = subnet.region.as_ref();
        Image {
            id: derived_id("ami-", &[region, &self.name]),
            region: region.clone(),
            name: self.name.clone(),
            owner: if self.owner == "self" { account.id.clone() } else { self.owner.clone() },
            alias: self.alias.clone(),
            platform_details: self.platform.clone(),
            architecture: self.architecture.clone(),
            created: started - self.created.0,
            is_deregistered: self.deregistered,
            user: self.user.clone(),
            serves_pushed_keys: self.eic,
            agent_platform: self.runs.clone(),
        }
    }
}

impl InstanceTable {
    fn instance(
        self,
        account: &Account,
        subnet: &SubnetTable,
        subnets: &[SubnetTable],
        image: &Image,
        started: SystemTime,
    ) -> Result<Instance, Problem> {
        if let Some(key) = &self.key {
            must_exist("key pair", key, account.key_pairs.iter().map(|pair| pair.name.as_str()))?;
        }
        if let Some(profile) = &self.profile {
            let known = account.instance_profiles.iter().map(|profile| profile.name.as_str());
            must_exist("instance profile", profile, known)?;
        }
        let region = subnet.region.as_ref();
        let name = self.name.map(Spanned::into_inner);
        let unique = [name.as_deref(), self.private_ip.as_deref()].map(Option::unwrap_or_default);
        let id = self.id.unwrap_or_else(|| derived_id("i-", &[&account.id, region, unique[0], unique[1]]));
        let named = name.map(|name| ("Name".to_owned(), name));
        let group = |name: String| SecurityGroup { id: derived_id("sg-", &[&account.id, region, &subnet.vpc, &name]), name };
        let further = self.further_interfaces.into_iter().map(|own| own.interface(&account.id, subnet, subnets));
        let further_interfaces = further.collect::<Result<_, Problem>>()?;
        Ok(Instance {
            zone: format!("{region}{}", subnet.zone),
            region: region.clone(),
            reservation: derived_id("r-", &[&account.id, region, self.reservation.as_deref().unwrap_or(&id)]),
            tags: named.into_iter().chain(self.tags).collect(),
            state: self.state,
            state_reason: self.reason.map(|[code, message]| (code, message)),
            transition_reason: dated(&self.transition, started),
            image: image.id.clone(),
            instance_type: self.r#type,
            platform_details: image.platform_details.clone(),
            architecture: image.architecture.clone(),
            vpc: Some(derived_id("vpc-", &[&account.id, region, &subnet.vpc])),
            subnet: Some(derived_id("subnet-", &[&account.id, region, &subnet.key])),
            private_ip: self.private_ip,
            public_ip: self.public_ip,
            caller: self.caller,
            elastic_ip: self.elastic,
            hibernates: self.hibernation,
            ipv6: self.ipv6,
            further_interfaces,
            security_groups: self.security_groups.into_iter().map(group).collect(),
            key_name: self.key.map(Spanned::into_inner),
            instance_profile: self.profile.map(Spanned::into_inner),
            launched: started - self.launched.0,
            checks: self.checks.map(|checks| checks.checks(started)),
            has_metadata: self.metadata,
            asks_metadata_tokens: self.metadata_tokens,
            lifecycle: self.lifecycle,
            console_text: self.console_text,
            password: self.password,
            operator: self.operator,
            hybrid: None,
            agent: self.agent.map(|agent| agent.agent(&id, &image.agent_platform, started)),
            id,
        })
    }
}

impl HybridNodeTable {
    fn node(self, account: &Account, started: SystemTime) -> Instance {
        let region = self.region.into_inner();
        let id = derived_id("mi-", &[&account.id, &region, &self.computer, &self.address]);
        let is_windows = self.runs[0] == "Windows";
        let registered = started - self.registered.0;
        let activation = derived_uuid(&["activation", &account.id, &region]);
        let named = self.name.map(|name| ("Name".to_owned(), name));
        Instance {
            zone: String::new(),
            reservation: String::new(),
            tags: named.into_iter().chain(self.tags).collect(),
            state: State::Running,
            state_reason: None,
            transition_reason: String::new(),
            image: String::new(),
            instance_type: String::new(),
            platform_details: if is_windows { "Windows" } else { "Linux/UNIX" }.to_owned(),
            architecture: self.architecture,
            vpc: None,
            subnet: None,
            private_ip: Some(self.address),
            public_ip: None,
            caller: None,
            elastic_ip: false,
            hibernates: false,
            ipv6: Vec::new(),
            checks: None,
            further_interfaces: Vec::new(),
            security_groups: Vec::new(),
            key_name: self.key.map(Spanned::into_inner),
            instance_profile: None,
            launched: registered,
            has_metadata: false,
            asks_metadata_tokens: true,
            lifecycle: None,
            console_text: None,
            password: None,
            operator: None,
            agent: Some(self.agent.agent(&id, &self.runs, started)),
            hybrid: Some(Hybrid {
                activation,
                role: self.role.unwrap_or_else(|| "SSMServiceRole".to_owned()),
                computer: self.computer,
                registered,
                user: self.user,
            }),
            region,
            id,
        }
    }
}

impl AgentTable {
    fn agent(self, instance: &str, platform: &[String; 3], started: SystemTime) -> Agent {
        // Agents report about every five minutes, each at its own time.
        let silence = instance.bytes().map(u64::from).sum::<u64>() % 280;
        let ping = match self.lost {
            Some(age) => Ping::Lost(started - age.0),
            None => Ping::Online(Duration::from_secs(silence)),
        };
        Agent { ping, version: self.version, platform: platform.clone(), has_channel: self.channel }
    }
}

/// `User initiated {2d ago}` with the time AWS would write there.
fn dated(transition: &str, started: SystemTime) -> String {
    let parts = transition.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (age, after))) = parts else {
        return transition.to_owned();
    };
    let age = age.strip_suffix(" ago").and_then(|age| fault::duration(age).ok()).unwrap_or_default();
    let at = Timestamp::try_from(started - age).map(|at| at.strftime("%Y-%m-%d %H:%M:%S GMT").to_string());
    format!("{before}({}){after}", at.unwrap_or_default())
}

fn caller(account: &str, name: &str) -> Caller {
    match name.strip_prefix("assumed-role/") {
        Some(role_and_session) => {
            let (role, session) = role_and_session.split_once('/').unwrap_or((role_and_session, "session"));
            Caller {
                arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
                user_id: format!("{}:{session}", derived_iam_id("AROA", &[account, role])),
            }
        }
        None => Caller { arn: format!("arn:aws:iam::{account}:{name}"), user_id: derived_iam_id("AIDA", &[account, name]) },
    }
}

/// The arn of a policy named as in the file: a bare name is AWS's own, `own/NAME` the account's.
fn policy_arn(name: &str, account: &str) -> String {
    match name.strip_prefix("own/") {
        Some(own) => format!("arn:aws:iam::{account}:policy/{own}"),
        None => format!("arn:aws:iam::aws:policy/{name}"),
    }
}

fn named<'a>(accounts: &'a mut [Account], profile: &Spanned<String>) -> Result<&'a mut Account, Problem> {
    let place = accounts.iter().position(|account| account.profile == *profile.as_ref());
    match place {
        Some(place) => Ok(&mut accounts[place]),
        None => Err(unknown("account", profile, accounts.iter().map(|account| account.profile.as_str()))),
    }
}

fn must_exist<'a>(what: &str, name: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Result<(), Problem> {
    let mut names = known.clone();
    if names.any(|known| known == name.as_ref()) { Ok(()) } else { Err(unknown(what, name, known)) }
}

fn unknown<'a>(what: &str, name: &Spanned<String>, known: impl Iterator<Item = &'a str>) -> Problem {
    let known: Vec<&str> = known.collect();
    let known = if known.is_empty() { "there is none".to_owned() } else { format!("it is one of {}", known.join(", ")) };
    Problem(name.span(), format!("unknown {what} `{}`; {known}", name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::OptIn;

    const SMALL: &str = r#"
[[region]]
name = "us-east-1"
[[account]]
id = "210987654321"
profile = "prod"
region = "us-east-1"
caller = "user/jane"
[[image]]
key = "al2023"
name = "al2023-ami-2023"
owner = "137112412989"
user = "ec2-user"
runs = ["Linux", "Amazon Linux", "2023"]
[[subnet]]
key = "a"
account = "prod"
region = "us-east-1"
zone = "a"
vpc = "main"
[[instance]]
name = "web-1"
subnet = "a"
image = "al2023"
type = "t3.micro"
launched = "2d ago"
"#;

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000)
    }

    fn problem(text: &str) -> String {
        read(text, now()).unwrap_err().to_string()
    }

    #[test]
    fn a_small_fleet_is_read_with_its_defaults() {
        let fleet = read(SMALL, now()).unwrap();
        let instance = fleet.instances().next().unwrap();

        assert_eq!((instance.name(), instance.state, instance.zone.as_str()), ("web-1", State::Running, "us-east-1a"));
        assert_eq!(instance.launched, now() - Duration::from_secs(2 * 86_400));
        assert_eq!(fleet.image(&instance.image).unwrap().name, "al2023-ami-2023");
        assert!(instance.has_metadata && instance.agent.is_none());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let changed = |from: &str, to: &str| problem(&SMALL.replacen(from, to, 1));

        assert_eq!(changed("image = \"al2023\"", "image = \"al2024\""), "line 24: unknown image `al2024`; it is one of al2023");
        assert!(changed("launched = \"2d ago\"", "launched = \"recently\"").starts_with("line 26: `recently` is not a time"));
        assert!(changed("type = ", "typ = ").contains("typ"));
        assert!(changed("210987654321", "21").starts_with("line 5: `21` is not the twelve digits"));
        assert!(changed("account = \"prod\"", "account = \"dev\"").ends_with("unknown account `dev`; it is one of prod"));
        assert!(changed("launched = ", "state = \"asleep\"\nlaunched = ").starts_with("line 26: unknown variant `asleep`"));
        let company = "[company]\nname = \"corp\"\nregion = \"us-east-1\"\nuser = \"jane\"\n[[company.assignment]]\n\
                       account = \"prod\"\nroles = [\"Admin\"]\n";
        assert!(problem(&format!("{SMALL}{company}")).ends_with("unknown permission set `Admin`; there is none"));
        assert!(changed("launched = ", "key = \"x\"\nlaunched = ").contains("unknown key pair `x`; there is none"));
        assert!(problem("[[region").starts_with("line 1:"));
    }

    #[test]
    fn what_sessions_depend_on_is_read() {
        let text = format!(
            "{SMALL}\n[[kms_key]]\naccount = \"prod\"\nalias = \"sessions\"\n[[session_preferences]]\naccount = \"prod\"\n\
             kms_key = \"alias/sessions\"\nidle = \"90s\"\nrun_as = \"admin\"\n"
        );

        let fleet = read(&text, now()).unwrap();

        let account = &fleet.accounts[0];
        let preferences = account.session_preferences.as_ref().unwrap();
        assert_eq!((preferences.idle, preferences.run_as.as_deref()), (Some(Duration::from_secs(90)), Some("admin")));
        assert_eq!(account.kms_keys[0].alias, preferences.kms_key.clone().unwrap());
        assert!(problem(&text.replace("90s", "soon")).contains("`soon` is not a time"));
    }

    #[test]
    fn the_date_of_a_transition_counts_from_the_start() {
        assert_eq!(dated("User initiated {1d ago}", now()), "User initiated (2027-01-14 08:00:00 GMT)");
        assert_eq!(dated("", now()), "");
    }

    #[test]
    fn the_demo_has_a_case_for_each_reason() {
        let fleet = read(include_str!("../../../assets/demo/fleet.toml"), now()).unwrap();
        let instances: Vec<&Instance> = fleet.instances().collect();
        let any = |case: &dyn Fn(&Instance) -> bool| instances.iter().any(|instance| case(instance));
        let web: Vec<&&Instance> = instances.iter().filter(|instance| instance.name().starts_with("web-")).collect();

        assert_eq!(web[0].name(), "web-1");
        let good = |instance: &&&&Instance| {
            instance.state == State::Running && instance.public_ip.is_some() && fleet.serves_pushed_keys(instance)
        };
        assert!(web.iter().filter(good).count() >= 3);
        assert!(any(&|instance| !instance.has_metadata));
        assert!(any(&|instance| instance.key_name.is_none() && instance.state == State::Running));
        assert!(any(&|instance| instance.instance_profile.is_none()));
        assert!(any(&|instance| instance.private_ip.is_none() && !instance.ipv6.is_empty()));
        assert!(any(&|instance| matches!(&instance.agent, Some(agent) if matches!(agent.ping, Ping::Lost(_)))));
        assert!(any(&|instance| instance.is_windows()) && any(&|instance| instance.architecture == "arm64_mac"));
        assert!(any(&|instance| instance.operator.is_some()) && any(&|instance| instance.lifecycle.is_some()));
        let pairs: Vec<&KeyPair> = fleet.accounts.iter().flat_map(|account| &account.key_pairs).collect();
        let has_key = |instance: &Instance| {
            let pair = instance.key_name.as_ref().and_then(|name| pairs.iter().find(|pair| pair.name == *name));
            pair.is_some_and(|pair| pair.has_file())
        };
        assert!(any(&|instance| {
            let is_online = matches!(&instance.agent, Some(agent) if matches!(agent.ping, Ping::Online(_)) && agent.version.starts_with("3."));
            is_online && !instance.is_windows() && !has_key(instance) && !fleet.serves_pushed_keys(instance)
        }));
        for state in [State::Pending, State::Stopping, State::Stopped, State::ShuttingDown, State::Terminated] {
            assert!(any(&|instance| instance.state == state), "{state:?}");
        }
        assert!(fleet.regions.iter().any(|region| region.opt_in == OptIn::NotOptedIn));
        let company = fleet.company.as_ref().unwrap();
        assert_eq!((fleet.accounts.len(), company.assignments.len()), (5, 3));
        assert!(company.assignments.iter().all(|own| own.roles == ["Admin", "ReadOnly"]));
        assert!(fleet.accounts.iter().all(|account| account.has_keys != account.profile.starts_with("corp-")));
    }
}
