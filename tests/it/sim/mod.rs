//! The simulated cloud as AWS's own SDK sees it.

mod ec2;
mod faults;
mod internet;
mod mfa;
mod nodes;
mod power;
mod services;
mod sign_in;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::Filter;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use ec2dash_sim::{FleetSource, Options, Sim};

use crate::support::tools::SIM_VARIABLES;

async fn demo() -> Sim {
    Sim::start(Options::default()).await.unwrap()
}

async fn demo_with(faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    Sim::start(Options { faults, ..Options::default() }).await.unwrap()
}

fn keys_of(sim: &Sim) -> Credentials {
    let fleet = sim.fleet();
    let keys = &fleet.accounts[0].credentials;
    Credentials::new(&keys.access_key, &keys.secret, None, None, "test")
}

fn sdk(sim: &Sim, region: &str, credentials: Credentials) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
        .endpoint_url(sim.endpoint())
        .region(Region::new(region.to_owned()))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
        .build()
}

fn usual(sim: &Sim) -> SdkConfig {
    sdk(sim, "ap-northeast-2", keys_of(sim))
}

fn ec2_client(sim: &Sim) -> aws_sdk_ec2::Client {
    aws_sdk_ec2::Client::new(&usual(sim))
}

/// Code, message and HTTP status of a refusal.
fn refusal<E: ProvideErrorMetadata + std::fmt::Debug>(
    error: SdkError<E, aws_smithy_runtime_api::client::orchestrator::HttpResponse>,
) -> (String, String, u16) {
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (error.code().unwrap_or("none").to_owned(), error.message().unwrap_or_default().to_owned(), status)
}

#[tokio::test]
async fn a_generated_fleet_is_paged_by_a_thousand() {
    let source = FleetSource::Generated { instances: 2500, regions: vec!["eu-west-1".to_owned()], seed: 1 };
    let sim = Sim::start(Options { fleet: source, ..Options::default() }).await.unwrap();
    let client = aws_sdk_ec2::Client::new(&sdk(&sim, "eu-west-1", keys_of(&sim)));

    let mut pages = client.describe_instances().into_paginator().page_size(1000).send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().reservations().iter().map(|r| r.instances().len()).sum::<usize>());
    }

    assert_eq!(sizes, [1000, 1000, 500]);
    let config = std::fs::read_to_string(sim.directory().join("config.toml")).unwrap();
    let port = sim.ssh_port("*").unwrap();
    assert!(config.contains(&format!("match = {{ name = \"*\" }}\naddress = \"127.0.0.1\"\nport = {port}\n")));
}

/// Access keys, secrets and private SSH keys: all that opens this simulation.
fn secrets(sim: &Sim) -> Vec<String> {
    let fleet = sim.fleet();
    let credentials = fleet.accounts.iter().map(|account| &account.credentials);
    let of_accounts = credentials.flat_map(|keys| [keys.access_key.clone(), keys.secret.clone()]);
    let files = std::fs::read_dir(sim.directory().join("keys")).unwrap();
    let of_files = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    of_accounts.chain(of_files).collect()
}

#[tokio::test]
async fn what_opens_one_simulation_opens_no_other_of_the_same_fleet() {
    let generated = FleetSource::Generated { instances: 3, regions: Vec::new(), seed: 1 };
    for source in [generated, FleetSource::Demo] {
        let start = || async { Sim::start(Options { fleet: source.clone(), ..Options::default() }).await.unwrap() };
        let (first, second) = (start().await, start().await);
        let region = first.fleet().accounts[0].region.clone();

        let stranger = sdk(&second, &region, keys_of(&first));
        let answer = aws_sdk_sts::Client::new(&stranger).get_caller_identity().send().await;

        assert_eq!(refusal(answer.unwrap_err()).0, "InvalidClientTokenId");
        let ids = |sim: &Sim| sim.fleet().instances().map(|instance| instance.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&first), ids(&second));
        let (mine, yours) = (secrets(&first), secrets(&second));
        assert!(mine.len() >= 3 && mine.len() == yours.len());
        assert!(mine.iter().all(|secret| !yours.contains(secret)), "a secret follows from what everybody knows");
        assert_ne!(host_key(&first).await, host_key(&second).await);
    }
}

/// The host key that the first SSH server of the fleet shows.
async fn host_key(sim: &Sim) -> String {
    struct Witness(tokio::sync::mpsc::UnboundedSender<String>);
    impl russh::client::Handler for Witness {
        type Error = russh::Error;

        async fn check_server_key(&mut self, key: &russh::keys::PublicKeyOrCertificate) -> Result<bool, russh::Error> {
            self.0.send(format!("{key:?}")).unwrap();
            Ok(true)
        }
    }
    let port = sim.fleet().instances().find_map(|instance| sim.ssh_port(&instance.id)).unwrap();
    let (seen, mut keys) = tokio::sync::mpsc::unbounded_channel();
    let _connection = russh::client::connect(Arc::default(), ("127.0.0.1", port), Witness(seen)).await.unwrap();
    keys.recv().await.unwrap()
}

#[tokio::test]
async fn the_directory_serves_the_sdk_and_goes_with_the_simulation() {
    let parent = tempfile::tempdir().unwrap();
    let options = Options { directory: Some(parent.path().to_path_buf()), ..Options::default() };
    let sim = Sim::start(options).await.unwrap();
    let read = |name: &str| std::fs::read_to_string(sim.directory().join(name)).unwrap();

    let config = read("aws-config");
    assert!(config.starts_with("[default]\nregion = ap-northeast-2\n"));
    assert!(config.contains("[profile haneul-dev]") && config.contains("source_profile = haneul-prod"));
    assert!(read("aws-credentials").contains("[haneul-dev]\naws_access_key_id = AKIASIM"));
    let keys = sim.directory().join("keys/team-prod").display().to_string();
    let port = sim.ssh_port("i-0123456789abcdef0").unwrap();
    let rule = format!(
        "[[rule]]\nmatch = {{ id = \"i-0123456789abcdef0\" }}\naddress = \"127.0.0.1\"\nport = {port}\nkey = \"{keys}\"\n"
    );
    assert!(read("config.toml").contains(&rule), "{}", read("config.toml"));
    let windows = "i-0bb22cc33dd44ee55";
    assert!(read("config.toml").contains(&format!("[[rule]]\nmatch = {{ id = \"{windows}\" }}\nkey = \"")), "for its password");
    assert!(sim.ssh_port(windows).is_none(), "Windows has no SSH server");
    let names: Vec<&str> = sim.environment().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, SIM_VARIABLES);
    sim.stop().await;
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
}

/// What an unsigned `GET` brings, as far as it comes.
async fn http(sim: &Sim, path: &str) -> String {
    let address = sim.endpoint().trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A cut connection ends in an error; what came before it counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
