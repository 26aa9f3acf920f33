//! A fleet of any size, made from a seed.

use std::time::{Duration, SystemTime};

use super::fleet::{
    Account, Agent, Caller, Fleet, GroupRule, GroupRules, Image, Instance, InstanceProfile, InternetGateway, KeyKind, KeyPair,
    OptIn, Ping, Region, Role, SecurityGroup, State, Vpcs,
};
use super::id::{derived_iam_id, derived_id};
use super::identity::random_credentials;
use super::numbers::Numbers;

const ACCOUNT: &str = "100000000001";
const DEFAULT_REGION: &str = "us-east-1";
const SYSTEMS: [System; 3] = [
    System {
        image: "al2023-ami-2023.6.20241010.0-kernel-6.1-x86_64",
        owner: "137112412989",
        user: "ec2-user",
        serves_pushed_keys: true,
        agent_platform: ["Linux", "Amazon Linux", "2023"],
    },
    System {
        image: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20240927",
        owner: "099720109477",
        user: "ubuntu",
        serves_pushed_keys: true,
        agent_platform: ["Linux", "Ubuntu", "24.04"],
    },
    System {
        image: "debian-12-amd64-20241004-1890",
        owner: "136693071363",
        user: "admin",
        serves_pushed_keys: false,
        agent_platform: ["Linux", "Debian GNU/Linux", "12"],
    },
];
const SERVICES: [&str; 8] = ["web", "api", "worker", "batch", "cache", "search", "queue", "db"];
const ENVIRONMENTS: [&str; 4] = ["prod", "staging", "dev", "load"];
const TYPES: [&str; 5] = ["t3.micro", "t3.medium", "m6i.large", "c6i.large", "r6i.xlarge"];

/// `count` instances spread over `regions` in turn; the same for the same arguments but for what opens them.
pub(super) fn fleet(count: usize, regions: &[String], seed: u64, started: SystemTime) -> Result<Fleet, ssh_key::Error> {
    let usual = [DEFAULT_REGION.to_owned()];
    let regions = if regions.is_empty() { &usual } else { regions };
    let mut random = Numbers::of_seed(seed);
    let images = regions.iter().flat_map(|region| SYSTEMS.iter().map(|system| system.image_in(region, started))).collect();
    let mut account = account(regions.first().map_or(DEFAULT_REGION, String::as_str), started)?;
    account.instances = (0..count)
        .zip(regions.iter().cycle())
        .map(|(index, region)| instance(index, region, seed, &mut random, started))
        .collect();
    account.groups = regions.iter().flat_map(|region| SERVICES.map(|service| group(region, service))).collect();
    account.vpcs.gateways = regions.iter().map(|region| gateway(region)).collect();
    account.complete_vpcs();
    Ok(Fleet { started, regions: enabled(regions), images, accounts: vec![account], company: None })
}

fn enabled(regions: &[String]) -> Vec<Region> {
    regions.iter().map(|name| Region { name: name.clone(), opt_in: OptIn::OptInNotRequired }).collect()
}

/// An operating system of the fleet.
struct System {
    image: &'static str,
    owner: &'static str,
    user: &'static str,
    serves_pushed_keys: bool,
    agent_platform: [&'static str; 3],
}

impl System {
    fn image_in(&self, region: &str, started: SystemTime) -> Image {
        Image {
            id: derived_id("ami-", &[region, self.image]),
            region: region.to_owned(),
            name: self.image.to_owned(),
            owner: self.owner.to_owned(),
            alias: Some("amazon".to_owned()),
            platform_details: "Linux/UNIX".to_owned(),
            architecture: "x86_64".to_owned(),
            created: started - days(60),
            is_deregistered: false,
            user: self.user.to_owned(),
            serves_pushed_keys: self.serves_pushed_keys,
            agent_platform: self.agent_platform.map(str::to_owned),
        }
    }
}

fn account(region: &str, started: SystemTime) -> Result<Account, ssh_key::Error> {
    let role = |name: &str, policy: &str| Role {
        name: name.to_owned(),
        description: None,
        attached: vec![format!("arn:aws:iam::aws:policy/{policy}")],
        inline: Vec::new(),
        trusts: Vec::new(),
        mfa: None,
        longest: Duration::from_secs(3_600),
        profile: None,
    };
    let profile = |name: &str, role: Option<&str>| InstanceProfile {
        name: name.to_owned(),
        role: role.map(str::to_owned),
        known_from: None,
    };
    Ok(Account {
        id: ACCOUNT.to_owned(),
        profile: "generated".to_owned(),
        region: region.to_owned(),
        has_keys: true,
        caller: Caller { arn: format!("arn:aws:iam::{ACCOUNT}:user/jane"), user_id: derived_iam_id("AIDA", &[ACCOUNT, "jane"]) },
        credentials: random_credentials("AKIASIM"),
        key_pairs: vec![KeyPair::new("team-prod", KeyKind::Ed25519, true, started - days(200))?],
        roles: vec![role("app-role", "AmazonSSMManagedInstanceCore"), role("metrics-role", "CloudWatchAgentServerPolicy")],
        instance_profiles: vec![
            profile("app-profile", Some("app-role")),
            profile("metrics-profile", Some("metrics-role")),
            profile("empty-profile", None),
        ],
        policies: Vec::new(),
        session_preferences: None,
        documents: Vec::new(),
        kms_keys: Vec::new(),
        has_advanced_instances: true,
        host_management: None,
        just_in_time: None,
        serial_console: true,
        addresses: Vec::new(),
        endpoints: Vec::new(),
        groups: Vec::new(),
        vpcs: Vpcs::default(),
        instances: Vec::new(),
    })
}

/// What the instances of a service let in.
fn group(region: &str, service: &str) -> GroupRules {
    let ssh = GroupRule { ports: Some((22, 22)), ..GroupRule::everything() };
    GroupRules {
        description: None,
        id: derived_id("sg-", &[region, service]),
        name: service.to_owned(),
        region: region.to_owned(),
        vpc: derived_id("vpc-", &[region, "main"]),
        ingress: vec![ssh],
        egress: vec![GroupRule::everything()],
    }
}

fn gateway(region: &str) -> InternetGateway {
    InternetGateway {
        id: derived_id("igw-", &[region, "main"]),
        region: region.to_owned(),
        vpc: Some(derived_id("vpc-", &[region, "main"])),
        state: "available".to_owned(),
    }
}

fn instance(index: usize, region: &str, seed: u64, random: &mut Numbers, started: SystemTime) -> Instance {
    let number = index + 1;
    let service = random.one_of(&SERVICES);
    let environment = random.one_of(&ENVIRONMENTS);
    let system = &SYSTEMS[random.below(SYSTEMS.len())];
    let unique = format!("{seed} {index}");
    let id = derived_id("i-", &[region, &unique]);
    let state = match random.below(20) {
        0 => State::Stopped,
        1 => State::Terminated,
        _ => State::Running,
    };
    let is_up = state == State::Running;
    let octets = (index >> 16 & 0xff, index >> 8 & 0xff, index & 0xff);
    let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let online = Ping::Online(Duration::from_secs(random.below(280) as u64));
    let ping = if random.below(15) == 0 { Ping::Lost(started - days(2)) } else { online };
    Instance {
        region: region.to_owned(),
        zone: format!("{region}{}", random.one_of(&["a", "b", "c"])),
        reservation: derived_id("r-", &[region, &seed.to_string(), &(index / 5).to_string()]),
        tags: vec![
            tag("Name", &format!("{service}-{number}")),
            tag("env", environment),
            tag("service", service),
            tag("team", random.one_of(&["payments", "shop", "platform", "data"])),
            tag("cost-center", &format!("{}", 1000 + random.below(50))),
            tag("managed-by", "terraform"),
            tag("backup", random.one_of(&["daily", "weekly", "none"])),
            tag("index", &number.to_string()),
        ],
        state,
        state_reason: (!is_up)
            .then(|| tag("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown")),
        transition_reason: String::new(),
        image: derived_id("ami-", &[region, system.image]),
        instance_type: random.one_of(&TYPES).to_owned(),
        platform_details: "Linux/UNIX".to_owned(),
        architecture: "x86_64".to_owned(),
        vpc: Some(derived_id("vpc-", &[region, "main"])),
        subnet: Some(derived_id("subnet-", &[region, environment])),
        private_ip: Some(format!("10.{}.{}.{}", octets.0, octets.1, octets.2)),
        public_ip: (is_up && random.below(3) == 0).then(|| format!("100.{}.{}.{}", 64 + octets.0 % 64, octets.1, octets.2)),
        caller: None,
        elastic_ip: false,
        hibernates: false,
        ipv6: Vec::new(),
        further_interfaces: Vec::new(),
        security_groups: vec![SecurityGroup { id: derived_id("sg-", &[region, service]), name: service.to_owned() }],
        key_name: Some("team-prod".to_owned()),
        instance_profile: match random.below(10) {
            0 => None,
            1 => Some("metrics-profile".to_owned()),
            2 => Some("empty-profile".to_owned()),
            _ => Some("app-profile".to_owned()),
        },
        launched: started - Duration::from_secs(3_600 + random.below(400 * 86_400) as u64),
        checks: None,
        has_metadata: true,
        asks_metadata_tokens: true,
        lifecycle: (random.below(25) == 0).then(|| "spot".to_owned()),
        console_text: None,
        password: None,
        operator: None,
        hybrid: None,
        agent: (is_up && random.below(10) > 0).then(|| Agent {
            has_channel: true,
            ping,
            version: "3.3.1611.0".to_owned(),
            platform: system.agent_platform.map(str::to_owned),
        }),
        id,
    }
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_fleet() {
        let regions = ["us-east-1".to_owned(), "ap-northeast-2".to_owned()];
        let make = |seed| {
            let fleet = fleet(500, &regions, seed, SystemTime::UNIX_EPOCH + days(20_000)).unwrap();
            fleet.instances().map(|instance| format!("{instance:?}")).collect::<Vec<_>>()
        };

        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
        assert_eq!(make(1).len(), 500);
    }

    #[test]
    fn every_instance_has_its_own_id_and_address() {
        let fleet = fleet(20_000, &[], 1, SystemTime::now()).unwrap();
        let ids: std::collections::BTreeSet<_> = fleet.instances().map(|instance| &instance.id).collect();
        let addresses: std::collections::BTreeSet<_> =
            fleet.instances().filter_map(|instance| instance.private_ip.as_ref()).collect();

        assert_eq!((ids.len(), addresses.len()), (20_000, 20_000));
    }
}
