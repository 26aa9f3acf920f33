//! `~/.aws/config` and `~/.aws/credentials` as people write them, read by the program against the simulated cloud.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ec2dash_sim::{FleetSource, Options, Sim};
use serde_json::Value;
use tempfile::TempDir;

/// A home with AWS files, and a simulated cloud that takes the keys in them.
struct Desk {
    sim: Sim,
    home: TempDir,
}

impl Desk {
    /// `@KEYS@` stands for two settings: keys that the cloud takes.
    async fn with(config: &str, credentials: &str) -> Self {
        let sim = Sim::start(Options { fleet: FleetSource::Demo, ..Options::default() }).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".aws")).unwrap();
        let desk = Self { sim, home };
        let keys = format!("aws_access_key_id = {}\naws_secret_access_key = {}", desk.key(), desk.secret());
        fs::write(desk.home.path().join(".aws/config"), config.replace("@KEYS@", &keys)).unwrap();
        fs::write(desk.home.path().join(".aws/credentials"), credentials.replace("@KEYS@", &keys)).unwrap();
        desk
    }

    fn key(&self) -> String {
        self.variable("AWS_ACCESS_KEY_ID")
    }

    fn secret(&self) -> String {
        self.variable("AWS_SECRET_ACCESS_KEY")
    }

    fn variable(&self, name: &str) -> String {
        self.sim.environment().into_iter().find(|(own, _)| *own == name).unwrap().1
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ec2dash"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.home.path());
        command.env("LANG", "C.UTF-8").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ENDPOINT_URL", self.variable("AWS_ENDPOINT_URL"));
        command.envs(variables.iter().copied()).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Who the cloud says we are, or what went wrong.
    fn identity(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Result<Value, String> {
        let output = self.run(&[&["whoami", "-o", "json"], arguments].concat(), variables);
        if output.status.success() { Ok(serde_json::from_slice(&output.stdout).unwrap()) } else { Err(stderr(&output)) }
    }
}

/// A container's credentials, as everybody who asks is given them: the address, and how many asked.
fn container(status: &'static str, body: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/credentials", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                request.extend(byte);
            }
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
            // Whoever asked may have gone.
            let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes());
        }
    });
    (address, asked)
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_aws_cli_reads_without_a_word_is_read() {
    let configs = [
        "[default]\n  region = ap-northeast-2\n@KEYS@\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\n[profile other]\n    region = us-east-1\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\n[profile team] /* the team's */\nregion = us-east-1\n",
        "[default]   # the first\nregion = ap-northeast-2\n@KEYS@\n",
        "[default]\n   # a note\nregion = ap-northeast-2\n@KEYS@\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\ns3 =\n  max_concurrent_requests = 20\n  # a note\n",
        "\u{feff}[default]\r\nregion: ap-northeast-2\r\n@KEYS@\r\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\n   # rotated in January\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\naws_session_token =\n",
        "[default]\nregion = ap-northeast-2\n@KEYS@\nca_bundle =\nrole_arn =\ncredential_process =\n",
    ];
    for config in configs {
        let desk = Desk::with(config, "").await;

        let identity = desk.identity(&[], &[]);

        assert!(identity.as_ref().is_ok_and(|own| own["region"] == "ap-northeast-2"), "{config:?}: {identity:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_token_of_a_credential_program_is_none() {
    let desk = Desk::with("", "").await;
    let program = desk.home.path().join("program");
    let (key, secret) = (desk.key(), desk.secret());
    let answer = format!(r#"{{"Version":1,"AccessKeyId":"{key}","SecretAccessKey":"{secret}","SessionToken":""}}"#);
    fs::write(&program, format!("#!/bin/sh\necho '{answer}'\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!("[default]\nregion = ap-northeast-2\ncredential_process = {}\n", program.display());
    fs::write(desk.home.path().join(".aws/config"), config).unwrap();

    let identity = desk.identity(&[], &[]);

    assert!(identity.is_ok(), "{identity:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_section_fails_its_own_profile_and_is_told_once_by_line() {
    let desk = Desk::with("[default]\nregion = ap-northeast-2\n@KEYS@\n[profile bad]\nCANARY secret\n", "").await;

    let good = desk.run(&["whoami"], &[]);
    let bad = desk.run(&["whoami", "--profile", "bad"], &[]);

    assert!(good.status.success());
    let told = stderr(&good);
    assert_eq!(told.matches("warning[bad-aws-files]").count(), 1, "{told}");
    assert!(told.contains(".aws/config line 6: the line is neither a section nor a setting"), "{told}");
    assert_eq!(bad.status.code(), Some(2));
    assert!(stderr(&bad).contains("error[bad-profile]"), "{}", stderr(&bad));
    assert!(!told.contains("CANARY") && !stderr(&bad).contains("CANARY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_passed_over_is_among_the_warnings_of_json_also_for_the_quiet() {
    let desk = Desk::with("[default]\nregion = ap-northeast-2\n@KEYS@\n[profile bad]\nCANARY secret\n", "").await;

    for arguments in [&["ls", "-o", "json"][..], &["ls", "-o", "json", "--quiet"], &["show", "web-1", "-o", "json"]] {
        let output = desk.run(arguments, &[]);

        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let warnings = told["warnings"].as_array().unwrap();
        let of_files: Vec<_> = warnings.iter().filter(|warning| warning["code"] == "bad-aws-files").collect();
        assert_eq!(of_files.len(), 1, "{told}");
        let (words, region) = (of_files[0]["text"].as_str().unwrap(), &of_files[0]["region"]);
        assert!(words.ends_with(".aws/config line 6: the line is neither a section nor a setting (key = value)"), "{words}");
        assert!(region.is_null() && !told.to_string().contains("CANARY"));
        let is_quiet = arguments.contains(&"--quiet");
        assert_eq!(stderr(&output).matches("warning[bad-aws-files]").count(), usize::from(!is_quiet));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_in_the_environment_work_whatever_the_files_hold() {
    let desk = Desk::with("[default]\nregion = eu-west-1\nCANARY\n", "").await;
    let (key, secret) = (desk.key(), desk.secret());
    let keys = [("AWS_ACCESS_KEY_ID", key.as_str()), ("AWS_SECRET_ACCESS_KEY", &secret), ("AWS_REGION", "ap-northeast-2")];

    assert!(desk.identity(&[], &keys).is_ok(), "a bad default profile");
    fs::write(desk.home.path().join(".aws/config"), b"[default]\nregion = \xff\n").unwrap();
    let told = desk.run(&["whoami"], &keys);
    assert!(told.status.success(), "{}", stderr(&told));
    assert!(stderr(&told).contains(".aws/config: not UTF-8"), "{}", stderr(&told));
    let without_keys = desk.run(&["whoami"], &[]);
    assert_eq!(without_keys.status.code(), Some(2), "a file that cannot be read may hold what decides the account");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_section_that_looks_like_a_profile_is_listed_with_what_is_wrong() {
    let config = "[profile fine]\nregion = us-east-1\n[profile a]\nrole_arn = arn:aws:iam::123456789012:role/one\nsource_profile = b\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/two\nsource_profile = a\n[root]\nregion = eu-west-1\n";
    let desk = Desk::with(config, "").await;

    let listed = desk.run(&["profiles", "-o", "json"], &[]);
    let table = desk.run(&["profiles"], &[]);
    let asked = desk.run(&["ls", "--profile", "root"], &[]);

    let object: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let told: Vec<_> =
        object["profiles"].as_array().unwrap().iter().map(|own| (own["name"].as_str(), own["problem"].as_str())).collect();
    let names: Vec<_> = told.iter().filter_map(|(name, _)| *name).collect();
    assert_eq!(names, ["a", "b", "fine", "root"]);
    assert!(told[0].1.unwrap().contains("circle: a, b, a") && told[1].1.unwrap().contains("circle: b, a, b"), "{told:?}");
    assert_eq!(told[2].1, None);
    assert!(told[3].1.unwrap().contains("it must be [profile root]"), "{told:?}");
    assert!(String::from_utf8(table.stdout).unwrap().contains("PROBLEM"));
    assert!(stderr(&asked).contains("line 9: [root] is no profile there; it must be [profile root]"), "{}", stderr(&asked));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quoted_name_is_a_name_in_both_files() {
    let desk = Desk::with("[profile \"q r\"]\nregion = ap-northeast-2\n", "[q r]\n@KEYS@\n").await;

    let identity = desk.identity(&["--profile", "q r"], &[]).unwrap();

    assert_eq!((&identity["profile"], &identity["region"]), (&"q r".into(), &"ap-northeast-2".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sso_session_said_twice_alike_is_fine_and_said_differently_is_told() {
    let config = |region: &str| {
        format!(
            "[profile p]\nsso_session = corp\nsso_start_url = https://corp.example/start\nsso_region = {region}\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n"
        )
    };

    let same = Desk::with(&config("us-east-1"), "").await.identity(&["--profile", "p"], &[]).unwrap_err();
    let other = Desk::with(&config("eu-west-1"), "").await.identity(&["--profile", "p"], &[]).unwrap_err();

    assert!(same.contains("error[sign-in-ended]"), "nobody signed in: {same}");
    assert!(other.contains("sso_region is eu-west-1 here and us-east-1 in [sso-session corp]"), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_is_the_one_that_the_aws_cli_would_take() {
    let desk =
        Desk::with("[default]\nregion = us-east-1\n@KEYS@\n[profile internal]\nregion = ap-northeast-2\n@KEYS@\n", "").await;
    let older = ("AWS_DEFAULT_PROFILE", "internal");

    assert_eq!(desk.identity(&[], &[older]).unwrap()["profile"], "internal");
    assert_eq!(desk.identity(&[], &[older, ("AWS_PROFILE", "default")]).unwrap()["profile"], "default");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_program_that_fails_runs_once_for_all_regions() {
    let desk = Desk::with("", "").await;
    let witness = desk.home.path().join("ran");
    let program = desk.home.path().join("program");
    fs::write(&program, format!("#!/bin/sh\necho ran >> {}\nexit 3\n", witness.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!("[default]\ncredential_process = {}\n", program.display());
    fs::write(desk.home.path().join(".aws/config"), config).unwrap();
    // More than are asked at the same time.
    let regions: Vec<&str> = ec2dash::aws::known_regions().iter().map(|(name, _)| *name).take(30).collect();

    let output = desk.run(&["ls", "--region", &regions.join(",")], &[]);

    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&witness).unwrap(), "ran\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_cannot_be_taken_does_not_give_way_to_the_container() {
    let role = "role_arn = arn:aws:iam::210987654321:role/Auditor\ncredential_source = Environment\n";
    let desk = Desk::with(&format!("[profile role]\nregion = ap-northeast-2\n{role}"), "").await;
    let keys = format!(
        r#"{{"AccessKeyId":"{}","SecretAccessKey":"{}","Token":"t","Expiration":"2099-01-01T00:00:00Z"}}"#,
        desk.key(),
        desk.secret()
    );
    let (address, asked) = container("200 OK", keys);

    let output = desk.run(&["whoami", "--profile", "role"], &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &address)]);

    assert_eq!((output.status.code(), asked.load(Ordering::SeqCst)), (Some(4), 0), "{}", stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_container_refuses_is_a_matter_of_credentials() {
    let desk = Desk::with("", "").await;
    let (address, asked) = container("403 Forbidden", r#"{"code":"AccessDenied","message":"not yours"}"#.to_owned());
    let variables = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", address.as_str()), ("AWS_REGION", "ap-northeast-2")];

    let output = desk.run(&["whoami"], &variables);

    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.starts_with("error[credentials-failed]") && !told.contains("sts:"), "{told}");
    assert!(asked.load(Ordering::SeqCst) > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_credential_program_says_is_told_whatever_words_it_uses() {
    for said in ["the request to https://idp.example timed out; run corp-login", "ThrottlingException: slow down"] {
        let desk = Desk::with("", "").await;
        let program = desk.home.path().join("program");
        fs::write(&program, format!("#!/bin/sh\necho '{said}' >&2\nexit 1\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let config = format!("[default]\nregion = ap-northeast-2\ncredential_process = {}\n", program.display());
        fs::write(desk.home.path().join(".aws/config"), config).unwrap();

        let output = desk.run(&["whoami"], &[]);

        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(4), "{told}");
        assert!(told.contains("error[credential-program-failed]") && told.contains(said), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_profile_with_keys_is_taken_by_its_keys() {
    let role = "role_arn = arn:aws:iam::210987654321:role/Auditor\n";
    let config = format!(
        "[profile a]\nregion = ap-northeast-2\n{role}source_profile = b\n\
         [profile b]\n@KEYS@\n{role}mfa_serial = arn:aws:iam::123456789012:mfa/jane\nsource_profile = c\n\
         [profile c]\ncredential_process = touch pwned\n"
    );
    let desk = Desk::with(&config, "").await;

    let identity = desk.identity(&["--profile", "a", "--no-input"], &[]);
    let own = desk.identity(&["--profile", "b", "--no-input"], &[]);

    assert!(identity.as_ref().is_ok_and(|own| own["arn"].as_str().unwrap().contains("assumed-role/")), "{identity:?}");
    // Its own role comes first, and behind it stands the program of the other.
    let refused = own.unwrap_err();
    assert!(refused.contains("error[credential-program-not-allowed]"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_program_is_run_as_the_aws_cli_runs_it() {
    let desk = Desk::with("", "").await;
    let program = desk.home.path().join("program");
    let answer = format!(r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"}}"#, desk.key(), desk.secret());
    fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > $0.words\necho '{answer}'\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let path = program.display();
    let cases = [
        (format!("{path} one\n  two"), "one\ntwo\n"),
        (format!("{path} 'one ; two' #three"), "one ; two\n#three\n"),
        (format!("sh -c 'true ; exec {path} one'"), "one\n"),
        (format!("{path} one ; touch pwned"), "one\n;\ntouch\npwned\n"),
    ];
    for (line, words) in cases {
        fs::write(
            desk.home.path().join(".aws/config"),
            format!("[default]\nregion = ap-northeast-2\ncredential_process = {line}\n"),
        )
        .unwrap();

        let identity = desk.identity(&[], &[]);

        assert!(identity.is_ok(), "{line}: {identity:?}");
        assert_eq!(fs::read_to_string(format!("{path}.words")).unwrap(), words, "{line}");
    }
    fs::write(desk.home.path().join(".aws/config"), "[default]\ncredential_process = sh -c 'true ; exec\n").unwrap();
    let open = desk.run(&["whoami"], &[]);
    assert_eq!(open.status.code(), Some(2), "{}", stderr(&open));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_beside_a_program_in_the_credentials_file_come_before_it() {
    let credentials =
        ["[p]\n@KEYS@\ncredential_process = false\n", "[p]\ncredential_process = false\n@KEYS@\nlogin_session = arn\n"];
    for credentials in credentials {
        let desk = Desk::with("[profile p]\nregion = ap-northeast-2\n", credentials).await;

        let identity = desk.identity(&["--profile", "p", "--no-input"], &[]);

        assert!(identity.is_ok(), "{identity:?}");
    }
}
