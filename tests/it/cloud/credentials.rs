//! Whose credentials are taken, and what is said where there are none.

use super::*;

#[tokio::test]
async fn what_the_files_cannot_do_is_said_before_any_call() {
    let sim = demo(&[]).await;

    let unknown = open(&sim, |options| options.profile = Some("nobody".to_owned())).await.err();
    assert_eq!(unknown, Some(Error::NoProfile { profile: "nobody".into() }));
    let mfa = open(&sim, |options| options.profile = Some("haneul-breakglass".to_owned())).await.err();
    assert!(matches!(&mfa, Some(Error::MfaNeeded { device, .. }) if device.serial.raw().contains(":mfa/")), "{mfa:?}");
    let mut variables = variables(&sim);
    variables.insert("AWS_ENDPOINT_URL".to_owned(), "http://attacker.example".to_owned());
    let plain = Cloud::open_in(&options(), Environment::new(variables)).await.err();
    assert_eq!(plain, Some(Error::PlainEndpoint { host: "attacker.example".to_owned() }));
    assert_eq!(sim.calls(), []);
}

#[tokio::test]
async fn no_credentials_anywhere_is_its_own_error() {
    let environment = Environment::new([("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_REGION", SEOUL)]);
    let cloud = Cloud::open_in(&options(), environment).await.unwrap();

    assert_eq!(cloud.identity().await, Err(Error::NoCredentials));
    assert_eq!(cloud.expires().await, Err(Error::NoCredentials));
    assert_eq!(cloud.profile(), None);
}

#[tokio::test]
async fn a_chosen_profile_beats_keys_in_the_environment() {
    let sim = demo(&[]).await;

    let keys = cloud(&sim).await;
    let chosen = open(&sim, |options| options.profile = Some("haneul-dev".to_owned())).await.unwrap();

    assert_eq!(keys.profile(), None);
    assert_eq!(chosen.profile().unwrap().raw(), "haneul-dev");
    assert_ne!(keys.identity().await.unwrap().account, chosen.identity().await.unwrap().account);
    assert_eq!(chosen.custom_endpoint(), Some(sim.endpoint()));
    assert_eq!(chosen.expires().await, Ok(None));
}

#[tokio::test]
async fn a_role_is_taken_with_its_source_profile() {
    let sim = demo(&[]).await;
    let cloud = open(&sim, |options| options.profile = Some("haneul-audit".to_owned())).await.unwrap();

    let identity = cloud.identity().await.unwrap();

    assert_eq!(identity.principal().raw(), "role Auditor");
    assert!(cloud.expires().await.unwrap().is_some_and(|end| end > Timestamp::now()));

    let sim = demo(&["sts:AssumeRole=deny"]).await;
    let cloud = open(&sim, |options| options.profile = Some("haneul-audit".to_owned())).await.unwrap();
    let error = cloud.identity().await.err();
    assert!(matches!(error, Some(Error::Denied { action: "sts:AssumeRole", .. })), "{error:?}");
}

#[tokio::test]
async fn mended_files_are_noticed_without_a_restart() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let keys = |secret: &str| {
        format!("[default]\naws_access_key_id = {}\naws_secret_access_key = {secret}\n", variables["AWS_ACCESS_KEY_ID"])
    };
    write(home.path(), &keys("wrong"));
    let own = [("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)];
    let cloud = Cloud::open_in(&options(), Environment::new(own)).await.unwrap();
    assert!(matches!(cloud.identity().await, Err(Error::InvalidCredentials { .. })));

    write(home.path(), &keys(&variables["AWS_SECRET_ACCESS_KEY"]));

    assert!(cloud.identity().await.is_ok(), "a failure about credentials forgets them");
    write(home.path(), &keys("wrong again"));
    assert!(cloud.identity().await.is_ok(), "what works is kept");
    cloud.forget_credentials();
    assert!(matches!(cloud.identity().await, Err(Error::InvalidCredentials { .. })));
}

#[tokio::test]
async fn a_credential_program_runs_when_it_is_needed_and_only_then() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let witness = home.path().join("ran");
    let program = home.path().join("program");
    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"}}"#,
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    );
    std::fs::write(&program, format!("echo ran >> {}; echo '{json}'\n", witness.display())).unwrap();
    let config = format!(
        "[profile good]\ncredential_process = sh {}\n[profile bad]\ncredential_process = sh -c 'echo no card >&2; exit 3'\n",
        program.display()
    );
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let environment =
        Environment::new([("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)]);
    let unasked = Options { profile: Some("good".to_owned()), ..options() };
    let of = |profile: &str| Options { profile: Some(profile.to_owned()), programs: AllowedPrograms::All, ..options() };

    let refused = Cloud::open_in(&unasked, environment.clone()).await.err();
    assert!(matches!(refused, Some(Error::ProgramUnasked { .. })), "{refused:?}");
    let good = Cloud::open_in(&of("good"), environment.clone()).await.unwrap();
    assert!(!witness.exists());
    survey(&good, FactKinds::ALL).await.unwrap();
    good.identity().await.unwrap();
    assert_eq!(std::fs::read_to_string(&witness).unwrap(), "ran\n");

    let error = Cloud::open_in(&of("bad"), environment).await.unwrap().identity().await.err();
    let Some(Error::ProgramFailed { profile, message }) = error else { panic!("{error:?}") };
    assert_eq!(profile.raw(), "bad");
    assert!(message.told().raw().contains("exit status: 3") && message.told().raw().contains("no card"), "{message:?}");
}

#[tokio::test]
async fn credentials_of_a_program_that_have_ended_are_not_used() {
    let sim = demo(&[]).await;
    let home = tempfile::tempdir().unwrap();
    let variables = variables(&sim);
    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}","SessionToken":"x","Expiration":"2020-01-01T00:00:00Z"}}"#,
        variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
    );
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join("keys"), json).unwrap();
    let config = format!("[profile late]\ncredential_process = cat {}\n", home.path().join("keys").display());
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let environment =
        Environment::new([("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)]);
    let of_profile = Options { profile: Some("late".to_owned()), programs: AllowedPrograms::All, ..options() };

    let error = Cloud::open_in(&of_profile, environment).await.unwrap().identity().await.err();

    assert_eq!(error, Some(Error::Expired { profile: "late".into() }));
    assert!(sim.calls().is_empty(), "nothing was signed with them");
}

#[tokio::test]
async fn a_profile_that_has_gone_or_gone_bad_gives_way_to_no_other_credentials() {
    let sim = demo(&[]).await;
    let variables = variables(&sim);
    for named in [false, true] {
        let profile = if named { "prod" } else { "default" };
        let heading = format!("[{profile}]\n");
        let keys = format!("aws_secret_access_key = {}\n", variables["AWS_SECRET_ACCESS_KEY"]);
        let whole = format!("{heading}aws_access_key_id = {}\n{keys}", variables["AWS_ACCESS_KEY_ID"]);
        let cases = [
            (String::new(), "no-profile"),
            (format!("{whole}oops\n"), "bad-profile"),
            (format!("{heading}region = us-east-1\n"), "no-credentials"),
            (format!("{heading}{keys}"), "bad-aws-files"),
        ];
        for (left, code) in cases {
            let home = tempfile::tempdir().unwrap();
            write(home.path(), &whole);
            let own = [("HOME", home.path().to_str().unwrap()), ("AWS_ENDPOINT_URL", sim.endpoint()), ("AWS_REGION", SEOUL)];
            let own = own.into_iter().chain([("AWS_EC2_METADATA_DISABLED", "true")]);
            let options = Options { profile: named.then(|| profile.to_owned()), ..options() };
            let cloud = Cloud::open_in(&options, Environment::new(own)).await.unwrap();
            assert!(cloud.identity().await.is_ok());

            write(home.path(), &left);
            cloud.forget_credentials();

            let error = cloud.identity().await.unwrap_err();
            assert_eq!(error.code(), code, "{profile} {left:?}: {error}");
            write(home.path(), &whole);
            cloud.forget_credentials();
            assert!(cloud.identity().await.is_ok(), "it is used again when it is back");
        }
    }
}
