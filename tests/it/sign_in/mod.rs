//! Signing in to the company of the simulated cloud, and what is done with that: by the command line, in the dashboard, in the library.

mod boto3;
mod dashboard;
mod first_start;
mod hybrid_nodes;
mod listing;
mod logging_in;
mod no_profile;
mod not_kept;
mod own_domain;
mod places_in_trouble;
mod refusals;
mod renewal;
mod secrets;
mod sessions;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use ec2dash::aws::{Cloud, Environment, Error, Flow, IdentityCenter, Options};
use ec2dash::model::AllowedPrograms;
use ec2dash::text::{Catalogue, Language};
use ec2dash_sim::{Fault, FleetSource, SignInRules, Sim};
use serde_json::Value;

use crate::support::demo::environment;
use crate::support::tools::ec2dash;

const START_URL: &str = "https://corp.awsapps.com/start";
const PRODUCTION: &str = "444455556666";
/// `printf corp | sha1sum`
const TOKEN: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

const CONFIG: &str = "[profile prod]
region = ap-northeast-2
sso_session = corp
sso_account_id = 444455556666
sso_role_name = ReadOnly
[profile admin]
region = ap-northeast-2
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Admin
[profile stranger]
region = ap-northeast-2
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Nobody
[profile legacy]
region = ap-northeast-2
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 555566667777
sso_role_name = ReadOnly
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.awsapps.com/start
";

/// A company to sign in to, and a home of somebody who works there.
pub struct Corp {
    pub sim: Sim,
    home: tempfile::TempDir,
}

impl Corp {
    pub async fn new(rules: &str) -> Self {
        Self::with_faults(rules, &[]).await
    }

    pub async fn with_faults(rules: &str, faults: &[&str]) -> Self {
        let sign_in = rules.parse::<SignInRules>().unwrap();
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect();
        Self::of(ec2dash_sim::Options { fleet: FleetSource::Demo, faults, sign_in, ..ec2dash_sim::Options::default() }).await
    }

    pub async fn of(options: ec2dash_sim::Options) -> Self {
        let corp = Self { sim: Sim::start(options).await.unwrap(), home: tempfile::tempdir().unwrap() };
        fs::create_dir_all(corp.path(".aws")).unwrap();
        fs::write(corp.path(".aws/config"), CONFIG).unwrap();
        let state = corp.path(".local/state/ec2dash");
        fs::create_dir_all(&state).unwrap();
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
        // The card of the first start has no place here.
        fs::write(state.join("state.json"), "{\"first_run_seen\": true}").unwrap();
        corp
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn environment(&self, more: &[(&str, &str)]) -> Vec<(String, String)> {
        environment(self.home.path(), &[&[("AWS_ENDPOINT_URL", self.sim.endpoint())], more].concat())
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(ec2dash());
        command.args(arguments).env_clear().envs(self.environment(&[])).stdin(Stdio::null());
        command
    }

    /// Run it to its end, off the runtime that the cloud runs on.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    fn variables(&self) -> Environment {
        let home = self.home.path().to_str().unwrap();
        Environment::new([("HOME", home), ("AWS_ENDPOINT_URL", self.sim.endpoint()), ("AWS_EC2_METADATA_DISABLED", "true")])
    }

    pub async fn cloud(&self, profile: &str) -> Cloud {
        Cloud::open_in(&options(profile), self.variables()).await.unwrap()
    }

    pub async fn center(&self, profile: &str) -> IdentityCenter {
        IdentityCenter::of_profile_in(&options(profile), self.variables()).await.unwrap()
    }

    /// Sign in where everybody is let in.
    pub async fn sign_in(&self, profile: &str) -> Result<(), Error> {
        let center = self.center(profile).await;
        let (out, mut heard) = tokio::sync::mpsc::channel::<ec2dash::aws::Told>(1);
        let listening = async {
            while let Some(told) = heard.recv().await {
                let _ = told.opened.send(false);
            }
        };
        let text = Catalogue::new(Language::ENGLISH);
        tokio::join!(center.sign_in(Flow::DeviceCode, &text, out), listening).0
    }

    pub fn token(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path(TOKEN)).unwrap()).unwrap()
    }

    /// Change the token's file as somebody else would.
    pub fn change_token(&self, change: impl FnOnce(&mut Value)) {
        let mut token = self.token();
        change(&mut token);
        fs::write(self.path(TOKEN), token.to_string()).unwrap();
    }

    pub fn calls(&self, action: &str) -> usize {
        self.sim.calls().iter().filter(|call| call.action.ends_with(action)).count()
    }

    /// What a person does at the page: compare the code, and press a button.
    pub fn decide(&self, code: &str, decision: &str) {
        let body = format!("user_code={code}&decision={decision}");
        let origin = self.sim.endpoint();
        let head = format!("Origin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
        let answer = http(origin, "POST", "/device", &head, &body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

pub fn options(profile: &str) -> Options {
    Options {
        profile: Some(profile.to_owned()),
        region: None,
        timeout: Duration::from_secs(15),
        version: "0",
        programs: AllowedPrograms::default(),
        roles: Default::default(),
        sessions: Default::default(),
    }
}

/// One request of a browser.
fn http(origin: &str, method: &str, path: &str, head: &str, body: &str) -> String {
    let host = origin.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// `login`, as it goes on.
pub struct Login {
    child: Child,
    lines: BufReader<std::process::ChildStderr>,
    said: String,
}

impl Login {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap());
        Self { child, lines, said: String::new() }
    }

    /// The next line that is like this.
    pub fn line(&mut self, is_that: impl Fn(&str) -> bool) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "it ended: {}", self.said);
            self.said.push_str(&line);
            if is_that(line.trim_end()) {
                return line.trim_end().to_owned();
            }
        }
    }

    /// The code, which stands alone on its line.
    pub fn code(&mut self) -> String {
        self.line(|line| {
            let (one, other) = line.split_once('-').unwrap_or_default();
            [one, other].iter().all(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
        })
    }

    /// Its code, and all that it said on stderr.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.lines.read_to_string(&mut self.said).unwrap();
        (self.child.wait().unwrap().code(), self.said)
    }
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
