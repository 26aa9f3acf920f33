//! A cloud that we did not write: `moto_server`, and scripts that build in it and read it by boto3.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::Duration;

use ec2dash::aws::{Cloud, Environment, Options};
use ec2dash::model::AllowedPrograms;
use serde_json::Value;

use super::tools::{Service, free_port, python_tool, wait_for_port};

/// A `moto_server` that ends with this.
pub struct Moto {
    pub endpoint: String,
    _server: Service,
}

impl Moto {
    /// One that knows AWS's own policies, too.
    pub fn start() -> Self {
        let port = free_port();
        let mut server = Command::new(python_tool("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Service::start(&mut server);
        wait_for_port(port);
        Self { endpoint: format!("http://127.0.0.1:{port}"), _server: server }
    }

    /// The program's own way there.
    pub async fn cloud(&self) -> Cloud {
        let keys =
            [("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing"), ("AWS_EC2_METADATA_DISABLED", "true")];
        let variables = keys.into_iter().chain([("AWS_ENDPOINT_URL", self.endpoint.as_str())]);
        let variables = variables.map(|(name, value)| (name, value.to_owned()));
        let options = Options {
            profile: None,
            region: Some("us-east-1".parse().unwrap()),
            timeout: Duration::from_secs(15),
            version: "0",
            programs: AllowedPrograms::default(),
            roles: Default::default(),
            sessions: Default::default(),
        };
        Cloud::open_in(&options, Environment::new(variables)).await.unwrap()
    }

    /// What a script of `tests/second_opinion` says, which is given the endpoint and these words.
    pub fn boto3<T: AsRef<OsStr>>(&self, script: &str, words: impl IntoIterator<Item = T>) -> Value {
        let script = second_opinion(script);
        let told = Command::new(python_tool("python")).args([&script, &self.endpoint]).args(words).output().unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        serde_json::from_slice(&told.stdout).unwrap()
    }
}

/// A file of `tests/second_opinion`.
pub fn second_opinion(name: &str) -> String {
    format!("{}/tests/second_opinion/{name}", env!("CARGO_MANIFEST_DIR"))
}
