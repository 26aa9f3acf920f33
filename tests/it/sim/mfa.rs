//! Roles of the simulated cloud that want the code of an MFA device, and how long roles last.

use aws_credential_types::Credentials;
use aws_sdk_sts::types::Credentials as Given;

use super::{demo, http, keys_of, refusal, sdk, usual};
use ec2dash_sim::Sim;

const DEVICE: &str = "arn:aws:iam::210987654321:mfa/jiwoo";
const ROLE: &str = "arn:aws:iam::210987654321:role/BreakGlass";
const WRONG: &str = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
const UNKNOWN: &str = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
                       valid and associated with this user.";

fn client(sim: &Sim, keys: Credentials) -> aws_sdk_sts::Client {
    aws_sdk_sts::Client::new(&sdk(sim, "us-east-1", keys))
}

fn keys(given: Option<Given>) -> Credentials {
    let given = given.unwrap();
    Credentials::new(given.access_key_id(), given.secret_access_key(), Some(given.session_token().to_owned()), None, "sts")
}

/// Code and message of what `AssumeRole` says to this device, code and duration; nothing if it gives credentials.
async fn told(sim: &Sim, device: Option<&str>, code: Option<&str>, seconds: Option<i32>) -> Option<(String, String)> {
    let asked = client(sim, keys_of(sim)).assume_role().role_arn(ROLE).role_session_name("test");
    let asked = asked.set_serial_number(device.map(str::to_owned)).set_token_code(code.map(str::to_owned));
    let (code, message, _) = refusal(asked.set_duration_seconds(seconds).send().await.err()?);
    Some((code, message))
}

#[tokio::test]
async fn a_role_with_mfa_is_taken_with_a_code_that_is_good_once() {
    let sim = demo().await;
    let code = sim.mfa_code(DEVICE).unwrap();
    let denied = |message: &str| Some(("AccessDenied".to_owned(), message.to_owned()));
    let wrong = if code == "000000" { "000001" } else { "000000" };

    assert!(told(&sim, None, None, None).await.unwrap().1.contains("is not authorized to perform: sts:AssumeRole"));
    assert_eq!(told(&sim, Some(DEVICE), Some(wrong), None).await, denied(WRONG));
    assert_eq!(told(&sim, Some("arn:aws:iam::210987654321:mfa/somebody"), Some(&code), None).await, denied(UNKNOWN));
    assert_eq!(told(&sim, Some(DEVICE), Some("12345"), None).await.unwrap().0, "ValidationError");
    assert_eq!(told(&sim, Some(DEVICE), None, None).await.unwrap().0, "ValidationError");
    assert_eq!(told(&sim, Some(DEVICE), Some(&code), None).await, None);
    assert_eq!(told(&sim, Some(DEVICE), Some(&code), None).await, denied(WRONG));
    assert_eq!(told(&sim, Some(DEVICE), sim.mfa_code(DEVICE).as_deref(), None).await, None);
}

#[tokio::test]
async fn a_device_is_told_at_an_address_of_its_own_as_an_authenticator_needs_it() {
    let sim = demo().await;

    let answer = http(&sim, "/sim/mfa/arn:aws:iam::210987654321:mfa%2Fjiwoo").await;

    let body: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((body["serial"].as_str(), body["secret"].as_str().unwrap().len()), (Some(DEVICE), 32));
    assert!(body["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    assert_eq!(told(&sim, Some(DEVICE), body["code"].as_str(), None).await, None);
    assert!(http(&sim, "/sim/mfa/arn:aws:iam::210987654321:mfa%2Fnobody").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn a_session_token_carries_the_code_to_several_roles() {
    let sim = demo().await;
    let own = client(&sim, keys_of(&sim));

    let asked = own.get_session_token().serial_number(DEVICE).token_code(sim.mfa_code(DEVICE).unwrap());
    let with_code = keys(asked.send().await.unwrap().credentials);
    let without_code = keys(own.get_session_token().duration_seconds(900).send().await.unwrap().credentials);

    let taken = |keys: Credentials| client(&sim, keys).assume_role().role_arn(ROLE).role_session_name("test").send();
    for _ in 0..2 {
        assert!(taken(with_code.clone()).await.is_ok());
    }
    assert_eq!(refusal(taken(without_code).await.unwrap_err()).0, "AccessDenied");
    let me = client(&sim, with_code.clone()).get_caller_identity().send().await.unwrap();
    assert_eq!(me.arn(), Some("arn:aws:iam::210987654321:user/jiwoo"));
    let again = client(&sim, with_code).get_session_token().send().await.unwrap_err();
    assert_eq!(refusal(again).0, "AccessDenied");
}

#[tokio::test]
async fn a_role_lasts_as_long_as_it_may_and_an_hour_when_chained() {
    let sim = demo().await;
    let exceeds = Some((
        "ValidationError".to_owned(),
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.".to_owned(),
    ));
    let mut codes = (0..3).map(|_| sim.mfa_code(DEVICE));

    assert_eq!(told(&sim, Some(DEVICE), codes.next().flatten().as_deref(), Some(7_201)).await, exceeds);
    assert_eq!(told(&sim, Some(DEVICE), codes.next().flatten().as_deref(), Some(7_200)).await, None);

    let auditor = aws_sdk_sts::Client::new(&usual(&sim))
        .assume_role()
        .role_arn("arn:aws:iam::210987654321:role/Auditor")
        .role_session_name("first");
    let keys = keys(auditor.send().await.unwrap().credentials);
    sim.edit(|fleet| {
        let roles = fleet.accounts[0].roles.iter_mut();
        for role in roles.filter(|role| role.name == "Auditor") {
            role.trusts = vec!["*".to_owned()];
            role.longest = std::time::Duration::from_secs(7_200);
        }
    });
    let chained = |seconds| {
        let asked = client(&sim, keys.clone()).assume_role().role_arn("arn:aws:iam::210987654321:role/Auditor");
        asked.role_session_name("second").duration_seconds(seconds).send()
    };
    let (code, message, _) = refusal(chained(3_601).await.unwrap_err());
    assert_eq!(code, "ValidationError");
    assert!(message.contains("1 hour session limit for roles assumed by role chaining"), "{message}");
    assert!(chained(3_600).await.is_ok());
}
