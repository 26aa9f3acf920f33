//! `login`, `whoami` and `logout` from the outside.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_approved_signs_every_profile_of_the_session_in() {
    let corp = Corp::new("interval=1s").await;
    let mut login = Login::start(corp.command(&["login", "--profile", "prod", "--no-browser", "-vv"]).env("RUST_BACKTRACE", "1"));

    let link = login.line(|line| line.starts_with("http"));
    let code = login.code();
    assert_eq!(link, format!("{}/device?user_code={code}", corp.sim.endpoint()));
    corp.decide(&code, "approve");
    let (exit, said) = tokio::task::spawn_blocking(|| login.end()).await.unwrap();

    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("Signed in to SSO session \"corp\"."), "{said}");
    let token = corp.token();
    let mode = |path: &str| fs::metadata(corp.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(TOKEN), mode(".aws/sso/cache"), mode(".aws/sso")), (0o600, 0o700, 0o700));
    assert_eq!((&token["startUrl"], &token["region"]), (&START_URL.into(), &"eu-central-1".into()));
    for name in ["expiresAt", "registrationExpiresAt"] {
        let time = token[name].as_str().unwrap();
        assert!(time.len() == 20 && time.ends_with('Z'), "{name} {time}");
    }
    // What stands in the file, and what was sent on the way to it, was written nowhere else.
    for secret in ["accessToken", "refreshToken", "clientSecret"] {
        assert!(!said.contains(token[secret].as_str().unwrap()), "{secret} is in the log");
    }
    assert!(!said.contains("sim-device-"), "the device code is in the log: {said}");
    let mut names: Vec<String> = fs::read_dir(corp.path(".aws/sso/cache"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.iter().filter(|name| name.ends_with(".json")).count(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.ends_with(".json") || name.ends_with(".lock")), "{names:?}");

    for (profile, role) in [("prod", "ReadOnly"), ("admin", "Admin")] {
        let who = corp.run(&["whoami", "--profile", profile, "-o", "json"]).await;
        let who: Value = serde_json::from_slice(&who.stdout).unwrap_or_else(|_| panic!("{}", stderr(&who)));
        assert_eq!(who["account"], PRODUCTION);
        assert!(who["arn"].as_str().unwrap().contains(&format!("AWSReservedSSO_{role}_")), "{who}");
    }
    let told = corp.run(&["whoami", "--profile", "prod"]).await;
    assert!(stdout(&told).contains("corp, renews itself") && stdout(&told).contains(" left)"), "{}", stdout(&told));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_of_this_computer_comes_back_with_a_code() {
    let corp = Corp::new("approval=given").await;
    let (browser, link) = (corp.path("browser"), corp.path("link"));
    fs::write(&browser, format!("#!/bin/sh\necho \"$#:$1\" > {0}.part && mv {0}.part {0}\n", link.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = corp.command(&["login", "--profile", "prod"]);
    let login = Login::start(command.env("BROWSER", &browser));

    crate::support::waiting::wait_for(|| link.exists()).await;
    let opened = fs::read_to_string(&link).unwrap();
    let url = opened.trim_end().strip_prefix("1:").unwrap_or_else(|| panic!("more than one argument: {opened}")).to_owned();
    let path = url.strip_prefix(corp.sim.endpoint()).unwrap().to_owned();
    assert!(
        path.starts_with("/authorize?response_type=code&client_id=") && path.contains("&scopes=sso%3Aaccount%3Aaccess&"),
        "{path}"
    );
    let (sent, page) = tokio::task::spawn_blocking({
        let origin = corp.sim.endpoint().to_owned();
        move || {
            let sent = http(&origin, "GET", &path, "", "");
            let back = sent.lines().find_map(|line| line.to_lowercase().starts_with("location: ").then(|| line[10..].to_owned()));
            let back = back.unwrap_or_else(|| panic!("{sent}"));
            let (origin, path) = back.split_at(back.find("/oauth").unwrap());
            (sent.clone(), http(origin, "GET", path, "", ""))
        }
    })
    .await
    .unwrap();
    let (exit, said) = tokio::task::spawn_blocking(|| login.end()).await.unwrap();

    assert_eq!(exit, Some(0), "{said}{sent}");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Signed in") && !page.contains("script"), "{page}");
    assert!(said.lines().any(|line| line == url), "the address is printed, too: {said}");
    assert!(corp.run(&["whoami", "--profile", "prod"]).await.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_url_is_all_that_a_fresh_computer_needs() {
    let corp = Corp::new("approval=given,interval=1s").await;
    fs::remove_file(corp.path(".aws/config")).unwrap();
    let arguments = ["login", "--start-url", START_URL, "--sso-region", "eu-central-1", "--no-browser"];

    let login = corp.run(&arguments).await;

    assert!(login.status.success(), "{}", stderr(&login));
    assert!(corp.path(TOKEN).exists(), "it is called by its host");
    assert!(!corp.path(".aws/config").exists(), "the user's files stay as they are");
    let state: Value = serde_json::from_slice(&fs::read(corp.path(".local/state/ec2dash/state.json")).unwrap()).unwrap();
    assert_eq!(state["sso_sessions"]["corp"]["start_url"], START_URL);
    // By its name from now on, and by nothing where it is the only one.
    for again in [&["login", "--session", "corp", "--no-browser"][..], &["login", "--no-browser"]] {
        let login = corp.run(again).await;
        assert!(login.status.success(), "{again:?} {}", stderr(&login));
    }
    assert_eq!(corp.calls("RegisterClient"), 1, "the registration is kept");
    let none = corp.run(&["login", "--session", "other"]).await;
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_a_start_url_at_the_address_of_the_endpoint_alone() {
    let corp = Corp::new("approval=given,interval=1s").await;
    fs::remove_file(corp.path(".aws/config")).unwrap();
    let start_url = format!("{}/start", corp.sim.endpoint());
    let login = async |url: &str| corp.run(&["login", "--start-url", url, "--sso-region", "eu-central-1", "--no-browser"]).await;

    let at_localhost = start_url.replace("127.0.0.1", "localhost");
    let plain = ["http://127.0.0.1:1/start", "http://corp.awsapps.com/start", &at_localhost];
    let none = ["corp.awsapps.com/start", "javascript:alert(1)", "file:///etc/passwd", "https://you@corp.awsapps.com/start"];
    for elsewhere in plain.into_iter().chain(none) {
        let refused = login(elsewhere).await;
        assert_eq!(refused.status.code(), Some(4), "{elsewhere} {}", stderr(&refused));
        assert!(stderr(&refused).contains("unknown-start-url") && stderr(&refused).contains(elsewhere), "{}", stderr(&refused));
    }
    assert_eq!(corp.sim.calls().len(), 0);
    let signed_in = login(&start_url).await;

    assert!(signed_in.status.success(), "{}", stderr(&signed_in));
    assert!(stderr(&signed_in).contains("Signed in to SSO session \"127.0.0.1\"."), "{}", stderr(&signed_in));
    let who = corp.run(&["whoami", "--profile", "127.0.0.1/444455556666/ReadOnly", "--region", "ap-northeast-2"]).await;
    assert!(who.status.success(), "{}", stderr(&who));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_it_at_aws_and_here() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("prod").await.unwrap();
    corp.sign_in("legacy").await.unwrap();
    let token = corp.token();
    let cli = corp.path(".aws/cli/cache");
    fs::create_dir_all(&cli).unwrap();
    let of_role = |name: &str| cli.join(format!("{name}.json"));
    fs::write(of_role("other"), r#"{"ProviderType":"sso"}"#).unwrap();
    fs::write(of_role("role"), r#"{"Credentials":{}}"#).unwrap();

    let out = corp.run(&["logout", "--profile", "prod"]).await;

    assert!(out.status.success() && stderr(&out).contains("Signed out of corp."), "{}", stderr(&out));
    assert!(!corp.path(TOKEN).exists() && of_role("other").exists());
    fs::write(corp.path(TOKEN), token.to_string()).unwrap();
    let after = corp.run(&["whoami", "--profile", "prod"]).await;
    assert_eq!(after.status.code(), Some(4), "a copy is worth nothing: {}", stderr(&after));
    let all = corp.run(&["logout", "--all"]).await;
    assert!(all.status.success(), "{}", stderr(&all));
    let left = fs::read_dir(corp.path(".aws/sso/cache")).unwrap().map(|entry| entry.unwrap().path());
    let left: Vec<PathBuf> = left.filter(|path| fs::read_to_string(path).unwrap().contains("accessToken")).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert!(!of_role("other").exists() && of_role("role").exists());
    let nobody = corp.run(&["logout", "--profile", "prod"]).await;
    assert!(nobody.status.success() && stderr(&nobody).contains("Nobody was signed in."), "{}", stderr(&nobody));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_url_that_names_a_page_of_the_portal_is_tried_without_it() {
    let corp = Corp::with_faults("approval=given", &["sso-oauth:RegisterClient=error:InvalidRequestException@1"]).await;
    let link = corp.path("link");
    let browser = corp.path("browser");
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > {0}.part && mv {0}.part {0}\n", link.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let login = |url: &str| {
        let mut command = corp.command(&["login", "--start-url", url, "--sso-region", "eu-central-1", "--session", "page"]);
        Login::start(command.env("BROWSER", &browser))
    };

    let mut waiting = login("https://corp.awsapps.com/start#/");

    waiting.line(|line| line.contains("/authorize?"));
    assert_eq!(corp.calls("RegisterClient"), 2);
    crate::support::waiting::wait_for(|| link.exists()).await;
    waiting.child.kill().unwrap();
    waiting.child.wait().unwrap();
}
