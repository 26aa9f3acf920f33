//! Renewing: in time, without a browser, and with several programs at once that lose nothing by it.

use super::*;

/// What was renewed need not be renewed again.
const LONG: &str = "approval=given,interval=1s,limit=none";

#[tokio::test]
async fn a_token_that_is_due_is_renewed_once_for_all_and_written_down() {
    let corp = Corp::new(LONG).await;
    corp.sign_in("prod").await.unwrap();
    let (before, asked) = (corp.token(), corp.calls("CreateToken"));
    // It holds for a while, and is renewed before that has passed.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(10);
    corp.change_token(|token| token["expiresAt"] = soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into());
    let clouds = [corp.cloud("prod").await, corp.cloud("admin").await];

    let answers = futures_util::future::join_all(clouds.iter().map(Cloud::identity)).await;

    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let after = corp.token();
    assert_eq!(corp.calls("CreateToken"), asked + 1);
    assert_ne!((&after["accessToken"], &after["refreshToken"]), (&before["accessToken"], &before["refreshToken"]));
    assert_eq!((&after["clientId"], &after["startUrl"]), (&before["clientId"], &before["startUrl"]));
    assert_eq!(fs::metadata(corp.path(TOKEN)).unwrap().permissions().mode() & 0o777, 0o600);
}

/// The service voids a refresh token with its first use, so that the slower of two programs loses where nobody takes care.
#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_renew_at_once_both_go_on() {
    let corp = Corp::new(LONG).await;
    corp.sign_in("prod").await.unwrap();

    for round in 0..8 {
        let asked = corp.calls("CreateToken");
        corp.change_token(|token| token["expiresAt"] = "2020-01-01T00:00:00Z".into());
        let (one, other) = tokio::join!(corp.run(&["whoami", "--profile", "prod"]), corp.run(&["whoami", "--profile", "admin"]));

        for output in [&one, &other] {
            assert!(output.status.success(), "round {round}: {}", stderr(output));
        }
        assert_eq!(corp.calls("CreateToken"), asked + 1, "round {round}: the slower one takes what the other has written");
    }
}

#[tokio::test]
async fn what_another_program_renewed_without_asking_us_is_taken() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("prod").await.unwrap();
    let cloud = corp.cloud("prod").await;
    cloud.identity().await.unwrap();
    let old = corp.token();

    // It signs in again, and our token is worth nothing.
    corp.sim.revoke_sign_ins();
    corp.sign_in("prod").await.unwrap();
    let new = corp.token();
    cloud.forget_credentials();
    assert!(cloud.identity().await.is_ok());

    // It is about to write when we find that our refresh token is void.
    corp.change_token(|token| {
        *token = old;
        token["expiresAt"] = "2020-01-01T00:00:00Z".into();
    });
    let cloud = corp.cloud("prod").await;
    cloud.forget_credentials();
    let (outcome, ()) = tokio::join!(cloud.identity(), async {
        let calls = corp.calls("CreateToken");
        crate::support::waiting::wait_for(|| corp.calls("CreateToken") > calls).await;
        fs::write(corp.path(TOKEN), new.to_string()).unwrap();
    });
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[tokio::test]
async fn a_clock_that_was_wrong_at_the_sign_in_costs_one_renewal_more() {
    let corp = Corp::new("approval=given,interval=1s,token=3s").await;
    corp.sign_in("prod").await.unwrap();
    // As if it had been ten minutes ahead: the file says that the token holds, and it does not.
    corp.change_token(|token| token["expiresAt"] = "2099-01-01T00:00:00Z".into());
    let access = corp.token()["accessToken"].clone();
    let cloud = corp.cloud("prod").await;
    crate::support::waiting::eventually(async || {
        cloud.forget_credentials();
        cloud.identity().await.unwrap();
        (corp.token()["accessToken"] != access).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_was_behind_at_the_sign_in_costs_no_more_than_that() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("prod").await.unwrap();
    let access = corp.token()["accessToken"].clone();
    // The file says that it ended ten minutes ago, and it holds for an hour.
    let ago = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    corp.change_token(|token| token["expiresAt"] = ago.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into());
    let asked = corp.calls("CreateToken");

    for _ in 0..2 {
        corp.cloud("prod").await.identity().await.unwrap();
    }

    assert_ne!(corp.token()["accessToken"], access);
    assert_eq!(corp.calls("CreateToken"), asked + 1);
}

#[tokio::test]
async fn a_sign_in_of_the_old_form_is_used_and_never_renewed() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("legacy").await.unwrap();

    let cloud = corp.cloud("legacy").await;

    assert_eq!(cloud.identity().await.unwrap().account.as_str(), "555566667777");
    let (session, standing) = cloud.sign_in().await.unwrap();
    assert_eq!(session.shown().raw(), START_URL);
    assert!(matches!(standing, ec2dash::aws::SignIn::Valid { .. }), "{standing:?}");
    let (_, standing) = {
        corp.sign_in("prod").await.unwrap();
        corp.cloud("prod").await.sign_in().await.unwrap()
    };
    assert_eq!(standing, ec2dash::aws::SignIn::Renews);
}
