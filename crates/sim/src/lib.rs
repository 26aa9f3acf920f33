//! A cloud on loopback, for the demo and the tests.

mod access_requests;
mod accounts;
mod agents;
mod answer;
mod api_call;
mod asking;
mod authentication;
mod authority;
mod company;
mod console;
mod data_channel;
mod directory;
mod doors;
mod ec2;
mod eic;
mod far_end;
pub mod fault;
mod files;
pub mod fleet;
mod fleet_file;
mod fleet_table;
mod generate;
mod habits;
mod iam;
mod id;
mod identity;
mod identity_center;
mod internet;
mod json;
mod key_pair;
pub mod keys;
mod kms;
mod later;
mod machine;
mod managed_policy;
mod mfa;
mod network;
mod numbers;
mod origin;
mod page;
mod permissions;
mod power;
mod query;
mod refusal;
mod request;
mod response;
mod rsa;
mod run_command;
mod seal;
mod serial;
mod server;
mod service;
mod services;
mod sessions;
mod signature;
pub mod ssh;
mod ssm;
mod stream;
mod sts;
mod switches;
mod tunnel;
mod upgrade;
mod vpc;
mod world;
mod xml;

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use authority::Authority;
pub use authority::Error as AuthorityError;
use console::HostKeyLines;
pub use directory::Directory;
use doors::Doors;
use far_end::{FarEnd, Ground};
pub use far_end::{Habits, Preferences, SessionEnd, SessionReport};
use fault::FaultTable;
pub use fault::{CertificateFlaw, Fault, FaultKind, InvalidFault};
use files::Door;
use fleet::{Account, Instance, State};
pub use fleet::{Fleet, Interface};
pub use fleet_file::InvalidFleet;
pub use habits::InvalidHabits;
pub use identity_center::{Approval, InvalidSignInRules, SignInRules};
use keys::EVERY_INSTANCE;
pub use keys::KeyStore;
pub use power::PowerTimes;
use serial::SerialServer;
use ssh::{Host, Servers};
pub use world::Call;
use world::{Rules, World};

/// The demo's fleet, which is also the description of the format.
const DEMO: &str =
    concat!(include_str!("../../../assets/demo/fleet.toml"), "\n", include_str!("../../../assets/demo/doctor.toml"));

/// What to simulate.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What exists.
    pub fleet: FleetSource,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Where the private directory is made; by default `$XDG_RUNTIME_DIR`, else `$TMPDIR`, else `/tmp`.
    pub directory: Option<PathBuf>,
    /// How the SSM agents work.
    pub agents: Habits,
    /// How long starting and stopping an instance takes.
    pub power: PowerTimes,
    /// How many accounts the company has besides those of the fleet. Generated instances are spread over so many.
    pub accounts: usize,
    /// How signing in at IAM Identity Center goes.
    pub sign_in: SignInRules,
    /// Whether calls and data channels are served over TLS, with a certificate authority of its own.
    pub tls: bool,
    /// Whether consoles and agents tell the host keys of the instances' SSH servers. Without it they tell none: whoever puts a server of
    /// their own behind an instance has other keys.
    pub tells_host_keys: bool,
    /// Whether Windows instances have OpenSSH's server, too.
    pub windows_sshd: bool,
}

/// Where the fleet comes from.
#[derive(Clone, Debug, Default)]
pub enum FleetSource {
    /// The small company of `assets/demo`.
    #[default]
    Demo,
    /// A file of the same format.
    File(PathBuf),
    /// Made up, the same for the same seed but for what opens it.
    Generated {
        /// How many instances.
        instances: usize,
        /// Where they are, in turn; the first is the default region.
        regions: Vec<String>,
        /// What makes it this fleet and not another; no secret follows from it.
        seed: u64,
    },
}

/// Why a simulation did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is taken, or there is none.
    #[error("cannot listen on 127.0.0.1 port {port}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// Only loopback is ever bound.
    #[error("{address} is not an address of 127.0.0.1")]
    NotLoopback {
        /// The address of the listener that was handed in.
        address: SocketAddr,
    },
    /// The private directory cannot be made or written.
    #[error("cannot write the directory of the simulated cloud")]
    Directory(#[from] io::Error),
    /// The fleet file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The fleet file says something that cannot be.
    #[error("{}: {problem}", path.display())]
    Fleet {
        /// The file.
        path: PathBuf,
        /// What and where.
        problem: InvalidFleet,
    },
    /// The certificate authority cannot be made.
    #[error("cannot make a certificate authority")]
    Authority(#[from] AuthorityError),
    /// Without TLS no certificate is shown that could be wrong.
    #[error("fault `{fault}` needs TLS (--tls)")]
    FaultOfTls {
        /// The fault.
        fault: Box<Fault>,
    },
    /// A key pair cannot be made.
    #[error("cannot make a key pair")]
    Key(#[from] ssh_key::Error),
    /// The instances' SSH servers cannot be started.
    #[error("cannot start the SSH servers of the instances")]
    Ssh(#[from] ssh::Error),
}

/// A running simulated cloud; it ends, and its directory goes, when this is dropped.
#[derive(Debug)]
pub struct Sim {
    endpoint: String,
    bundle: Option<PathBuf>,
    world: Arc<World>,
    tasks: JoinSet<()>,
    _running: Running,
    servers: Servers,
    _serial: SerialServer,
    // Last, because what runs in the servers lives in it.
    directory: Directory,
}

/// Ends the sessions and the commands of a simulation when it is dropped.
#[derive(Debug)]
struct Running(Arc<World>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.far_end.cut();
        self.0.commands.cut();
    }
}

impl Sim {
    /// Starts one; all its ports listen when this returns.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let port = options.port;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        Self::start_on(listener.map_err(|source| Error::Listen { port, source })?, options).await
    }

    /// Starts one on a listener of 127.0.0.1 that is already bound, whose endpoint is therefore known beforehand.
    pub async fn start_on(listener: std::net::TcpListener, options: Options) -> Result<Self, Error> {
        let directory = Directory::new(options.directory.as_deref())?;
        Self::start_in(directory, listener, options).await
    }

    /// The same in a directory that is already made, whose files' places are therefore known beforehand, too.
    pub async fn start_in(directory: Directory, listener: std::net::TcpListener, options: Options) -> Result<Self, Error> {
        let address = listener.local_addr()?;
        if !address.ip().is_loopback() {
            return Err(Error::NotLoopback { address });
        }
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let is_of_tls = |fault: &&Fault| matches!(fault.kind, FaultKind::Certificate(_));
        if let Some(fault) = options.faults.iter().find(is_of_tls).filter(|_| !options.tls) {
            return Err(Error::FaultOfTls { fault: Box::new(fault.clone()) });
        }
        let is_shared = matches!(options.fleet, FleetSource::Generated { .. });
        let mut fleet = fleet(options.fleet)?;
        match (is_shared, options.accounts) {
            (_, 0) => {}
            (true, count) => accounts::spread(&mut fleet, count),
            (false, count) => accounts::add(&mut fleet, count),
        }
        let keys = KeyStore::default();
        let hosts = if is_shared { vec![shared_host(&fleet)] } else { hosts(&fleet, options.windows_sshd) };
        let serial = SerialServer::start(keys.clone()).await?;
        let servers = ssh::serve_in(&directory.path().join("homes"), hosts, keys.clone()).await?;
        let faults = FaultTable::new(options.faults);
        let host_keys = if options.tells_host_keys { servers.host_keys() } else { HostKeyLines::default() };
        let ground = Ground::new(servers.machine(), options.agents, servers.ports().clone(), host_keys, faults);
        let doors = match options.tls {
            false => Doors::open(listener, address),
            true => Doors::tls(listener, address, Authority::new(SystemTime::now())?, &directory).await?,
        };
        let tunnels = doors.channels.rsplit("://").next().unwrap_or_default().to_owned();
        let rules = Rules {
            endpoint: doors.endpoint.clone(),
            tunnels,
            power: options.power,
            sign_in: options.sign_in,
            serial: serial.sessions.clone(),
            outages: servers.outages(),
        };
        let mut from_internet = Vec::new();
        for instance in fleet.accounts.iter().flat_map(|account| &account.instances).filter(|instance| instance.caller.is_some())
        {
            from_internet.push((instance.id.clone(), TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?));
        }
        let world = Arc::new(World::new(fleet, keys, FarEnd::new(doors.channels, ground.clone()), ground, rules));
        let aws_config = files::aws_config(&world.fleet(), &doors.endpoint, doors.bundle.as_deref());
        directory.write("aws-config", &aws_config)?;
        let internet = from_internet.iter().map(|(id, listener)| Ok((id.clone(), listener.local_addr()?.port())));
        let internet = internet.collect::<io::Result<HashMap<_, _>>>()?;
        write_files(&directory, &world.fleet(), &Listening { servers: &servers, internet, serial: &serial }, is_shared)?;
        world.commands.begin(machine::Shells::of(servers.machine()));
        let mut tasks = JoinSet::new();
        for (id, listener) in from_internet {
            tasks.spawn(internet::serve(listener, id, Arc::clone(&world)));
        }
        for (listener, door) in doors.all {
            tasks.spawn(server::serve(listener, door, Arc::clone(&world)));
        }
        Ok(Self {
            endpoint: doors.endpoint,
            bundle: doors.bundle,
            _running: Running(Arc::clone(&world)),
            world,
            tasks,
            servers,
            _serial: serial,
            directory,
        })
    }

    /// `http://127.0.0.1:41234`, or `https://…`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where the people of the company sign in.
    pub fn start_url(&self) -> String {
        format!("{}/start", self.endpoint)
    }

    /// Ends every sign-in, as an administrator does: nothing is renewed, and the portal knows no token that it gave.
    pub fn revoke_sign_ins(&self) {
        self.world.identity_center.revoke_all();
    }

    /// A code of this MFA device that would be taken now.
    pub fn mfa_code(&self, serial: &str) -> Option<String> {
        mfa::owner(&self.fleet(), serial)?;
        self.world.mfa.unused_code(serial, SystemTime::now())
    }

    /// The private directory with the AWS files, `config.toml` and `keys`.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What another AWS client needs in its environment, in the order in which `ec2dash sim` prints it.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let fleet = self.world.fleet();
        let file = |name: &str| self.directory().join(name).to_string_lossy().into_owned();
        let mut variables = vec![("AWS_ENDPOINT_URL", self.endpoint.clone())];
        variables.extend(self.bundle.as_ref().map(|bundle| ("AWS_CA_BUNDLE", bundle.to_string_lossy().into_owned())));
        if let Some(first) = fleet.accounts.first() {
            variables.push(("AWS_REGION", first.region.clone()));
            variables.push(("AWS_DEFAULT_REGION", first.region.clone()));
            variables.push(("AWS_ACCESS_KEY_ID", first.credentials.access_key.clone()));
            variables.push(("AWS_SECRET_ACCESS_KEY", first.credentials.secret.clone()));
        }
        variables.push(("AWS_EC2_METADATA_DISABLED", "true".to_owned()));
        variables.push(("AWS_CONFIG_FILE", file("aws-config")));
        variables.push(("AWS_SHARED_CREDENTIALS_FILE", file("aws-credentials")));
        variables.push(("EC2DASH_CONFIG", file("config.toml")));
        variables
    }

    /// The calls so far, oldest first; only the last 100,000 are kept.
    pub fn calls(&self) -> Vec<Call> {
        self.world.calls()
    }

    /// Replaces what goes wrong; counting starts again.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.world.set_faults(FaultTable::new(faults));
    }

    /// What exists now.
    pub fn fleet(&self) -> Arc<Fleet> {
        self.world.fleet()
    }

    /// Changes what exists: later calls see it.
    pub fn edit(&self, change: impl FnOnce(&mut Fleet)) {
        self.world.edit(change);
    }

    /// The keys pushed by `SendSSHPublicKey`.
    pub fn keys(&self) -> KeyStore {
        self.world.keys.clone()
    }

    /// The sessions so far, oldest first; of those that ended, the last 1,000.
    pub fn sessions(&self) -> Vec<SessionReport> {
        self.world.far_end.reports()
    }

    /// From now a tunnel of an endpoint to this port, 22 or 3389, of whatever instance leads to `here`, a port of this computer; so does a
    /// port that an agent forwards.
    pub fn lead_tunnels(&self, port: u16, here: u16) {
        self.world.open_tunnels.lead(port, here);
        self.world.far_end.lead(port, here);
    }

    /// The port on 127.0.0.1 where the SSH server of this instance listens, if it had one at the start.
    pub fn ssh_port(&self, instance: &str) -> Option<u16> {
        self.servers.port(instance)
    }

    /// Ends it, sessions included, and waits until nothing of it runs.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
        self.world.far_end.stop().await;
        self.world.commands.cut();
        self.servers.stop().await;
    }
}

/// The instances somebody can log in to: those that are not Windows, and run or may be started.
fn hosts(fleet: &Fleet, windows_sshd: bool) -> Vec<Host> {
    let of_account = |account: &Account| {
        let may_run = |instance: &&Instance| {
            matches!(instance.state, State::Running | State::Stopped) && (windows_sshd || !instance.is_windows())
        };
        let those = account.instances.iter().filter(may_run);
        those.map(|instance| host(fleet, account, instance)).collect::<Vec<_>>()
    };
    fleet.accounts.iter().flat_map(of_account).collect()
}

fn host(fleet: &Fleet, account: &Account, instance: &Instance) -> Host {
    let pair = instance.key_name.as_ref().and_then(|name| account.key_pairs.iter().find(|pair| pair.name == *name));
    Host {
        instance: instance.id.clone(),
        name: if instance.name().is_empty() { &instance.id } else { instance.name() }.to_owned(),
        users: fleet.user(instance).into_iter().collect(),
        authorized: pair.map(|pair| pair.told().0.to_owned()).into_iter().collect(),
        is_windows: instance.is_windows(),
    }
}

/// The one server behind all instances of a generated fleet.
fn shared_host(fleet: &Fleet) -> Host {
    let users: BTreeSet<String> = fleet.images.iter().map(|image| image.user.clone()).collect();
    let pairs = fleet.accounts.iter().flat_map(|account| &account.key_pairs);
    Host {
        instance: EVERY_INSTANCE.to_owned(),
        name: "generated".to_owned(),
        users: users.into_iter().collect(),
        authorized: pairs.map(|pair| pair.told().0.to_owned()).collect(),
        is_windows: false,
    }
}

fn fleet(source: FleetSource) -> Result<Fleet, Error> {
    let started = SystemTime::now();
    match source {
        FleetSource::Demo => fleet_file::read(DEMO, started)
            .map_err(|problem| Error::Fleet { path: PathBuf::from("assets/demo/fleet.toml"), problem }),
        FleetSource::File(path) => match std::fs::read_to_string(&path) {
            Ok(text) => fleet_file::read(&text, started).map_err(|problem| Error::Fleet { path, problem }),
            Err(source) => Err(Error::Read { path, source }),
        },
        FleetSource::Generated { instances, regions, seed } => Ok(generate::fleet(instances, &regions, seed, started)?),
    }
}

/// Where all that a login may lead to listens.
struct Listening<'a> {
    servers: &'a Servers,
    /// The ports in front of which the network is asked, by instance.
    internet: HashMap<String, u16>,
    serial: &'a SerialServer,
}

fn write_files(directory: &Directory, fleet: &Fleet, listening: &Listening<'_>, is_shared: bool) -> Result<(), Error> {
    let Listening { servers, internet, serial } = listening;
    directory.write("aws-credentials", &files::aws_credentials(fleet))?;
    directory.make("keys")?;
    for pair in fleet.accounts.iter().flat_map(|account| &account.key_pairs) {
        let name = format!("keys/{}", pair.name);
        if let Some(private) = pair.private_file(&directory.path().join(&name)) {
            directory.write(&name, &private?)?;
        }
    }
    let door = |instance: &str| {
        let from_internet = internet.get(instance).map(|port| Door::Internet(*port));
        from_internet.or_else(|| servers.port(instance).map(Door::Here))
    };
    let config = files::config(fleet, directory.path(), door, is_shared);
    let config = config + &files::serial_hosts(fleet, serial.port, &serial.fingerprint);
    directory.write("config.toml", &config)?;
    Ok(())
}
