//! The simulated cloud as AWS's own SDK sees it.

mod ec2;
mod faults;
mod services;

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::Filter;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use ec2dash_sim::{FleetSource, Options, Sim};

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
    assert!(!read("config.toml").contains("i-0bb22cc33dd44ee55"), "Windows has no SSH server");
    let names: Vec<&str> = sim.environment().iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "AWS_ENDPOINT_URL",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "EC2DASH_CONFIG"
        ]
    );
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
