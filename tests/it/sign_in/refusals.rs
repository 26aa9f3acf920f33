//! What is said where a sign-in does not come about, or does not open what is wanted.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_comes_to_nothing_says_why_in_its_exit_code() {
    let corp = Corp::new("approval=refused,interval=1s").await;
    let refused = corp.run(&["login", "--profile", "prod", "--no-browser"]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("refused in the browser"), "{}", stderr(&refused));

    let corp = Corp::new("code=1s,interval=1s").await;
    let late = corp.run(&["login", "--profile", "prod", "--no-browser"]).await;
    assert_eq!(late.status.code(), Some(4), "{}", stderr(&late));
    assert!(stderr(&late).contains("error[sign-in-timed-out]"), "{}", stderr(&late));

    let unknown = ["login", "--start-url", "https://nobody.awsapps.com/start", "--sso-region", "eu-west-1", "--no-browser"];
    let unknown = corp.run(&unknown).await;
    let said = stderr(&unknown);
    assert_eq!(unknown.status.code(), Some(4), "{said}");
    assert!(said.contains("https://nobody.awsapps.com/start") && said.contains("eu-west-1"), "{said}");
    fs::write(corp.path(".aws/config"), CONFIG.replace("corp.awsapps.com", "gone.awsapps.com")).unwrap();
    let of_file = corp.run(&["login", "--profile", "prod", "--no-browser"]).await;
    assert!(stderr(&of_file).contains("[sso-session corp]"), "{}", stderr(&of_file));
    assert!(!corp.path(TOKEN).exists());
}

#[tokio::test]
async fn a_service_that_asks_to_slow_down_is_asked_five_seconds_later_each_time() {
    let corp = Corp::with_faults("approval=given,interval=1s", &["sso-oauth:CreateToken=throttle:100%@1"]).await;

    corp.sign_in("prod").await.unwrap();

    let calls = corp.sim.calls();
    let asked: Vec<_> = calls.iter().filter(|call| call.action.ends_with("CreateToken")).map(|call| call.at).collect();
    let [first, second] = asked[..] else { panic!("{calls:?}") };
    assert!(second.duration_since(first).unwrap() >= Duration::from_secs(6), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_gives_nothing_says_which_of_the_reasons_it_is() {
    let corp = Corp::new("approval=given,interval=1s").await;
    let whoami = async |profile: &str| {
        let output = corp.run(&["whoami", "--profile", profile]).await;
        (output.status.code().unwrap(), stderr(&output))
    };

    let (exit, said) = whoami("prod").await;
    assert!(exit == 4 && said.contains("Not signed in to SSO session \"corp\"."), "{said}");
    assert!(said.contains("ec2dash login --profile prod") && !said.contains("aws sso"), "{said}");

    corp.sign_in("prod").await.unwrap();
    assert_eq!(whoami("prod").await.0, 0);
    let (exit, said) = whoami("stranger").await;
    assert!(exit == 5 && said.contains("role Nobody in account 444455556666"), "{said}");
    assert!(said.contains("ec2dash login"), "{said}");

    fs::set_permissions(corp.path(TOKEN), fs::Permissions::from_mode(0o644)).unwrap();
    let (exit, said) = whoami("prod").await;
    assert!(exit == 0 && said.contains("others may read it"), "{said}");

    let whole = corp.token();
    corp.change_token(|token| {
        token["expiresAt"] = "2020-01-01T00:00:00Z".into();
        token.as_object_mut().unwrap().remove("refreshToken");
    });
    let (exit, said) = whoami("prod").await;
    assert!(exit == 4 && said.contains("ended") && said.contains("days ago"), "{said}");

    fs::write(corp.path(TOKEN), "{\"accessToken\":\"sec").unwrap();
    let (exit, said) = whoami("prod").await;
    assert!(exit == 4 && said.contains("cannot be read") && !said.contains("sec\""), "{said}");

    fs::write(corp.path(TOKEN), whole.to_string()).unwrap();
    corp.sim.revoke_sign_ins();
    let (exit, said) = whoami("prod").await;
    assert!(exit == 4 && said.contains("no longer taken") && said.contains("sso_region = eu-central-1"), "{said}");
}

#[tokio::test]
async fn a_role_is_asked_for_once_however_many_places_want_it_and_a_refusal_is_not_asked_again() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("prod").await.unwrap();
    let clouds = futures_util::future::join_all((0..17).map(|_| corp.cloud("prod"))).await;

    let answers = futures_util::future::join_all(clouds.iter().map(Cloud::identity)).await;

    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(corp.calls("GetRoleCredentials"), 1);
    let strangers = futures_util::future::join_all((0..5).map(|_| corp.cloud("stranger"))).await;
    for stranger in &strangers {
        let refused = stranger.identity().await;
        assert!(matches!(refused, Err(Error::RoleNotAssigned { .. })), "{refused:?}");
    }
    assert_eq!(corp.calls("GetRoleCredentials"), 2);
    clouds[0].forget_credentials();
    clouds[0].identity().await.unwrap();
    assert_eq!(corp.calls("GetRoleCredentials"), 3, "R asks anew");
}

#[tokio::test]
async fn a_portal_that_asks_to_slow_down_is_waited_for() {
    let corp = Corp::new("approval=given,interval=1s,limit=1").await;
    corp.sign_in("prod").await.unwrap();
    let clouds = [corp.cloud("prod").await, corp.cloud("admin").await];

    let answers = futures_util::future::join_all(clouds.iter().map(Cloud::identity)).await;

    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}
