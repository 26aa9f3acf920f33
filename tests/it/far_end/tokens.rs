//! Who may connect to a session: the right token, once, and a good signature if there is one.

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use ec2dash_sim::Sim;
use ec2dash_ssm::Expected;
use futures_util::StreamExt;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::Request;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::client::{Access, Client, WEB, connect, demo, ssm, start};

#[tokio::test]
async fn a_token_opens_one_connection() {
    let sim = demo(&[]).await;
    let access = start(&sim, WEB, None, &[]).await;
    let mut client = Client::open(WEB, &access, Expected::Terminal).await;
    client.until_shown("$ ").await;

    assert!(is_shut_out(&access).await);

    client.type_in("echo still'-'here\r");
    client.until_shown("still-here").await;
}

#[tokio::test]
async fn a_wrong_token_and_that_of_another_session_are_shut_out() {
    let sim = demo(&[]).await;
    let (mine, other) = (start(&sim, WEB, None, &[]).await, start(&sim, WEB, None, &[]).await);

    assert_ne!(mine.token, other.token);
    assert!(is_shut_out(&Access { token: other.token.clone(), ..mine.clone() }).await);
    assert!(is_shut_out(&Access { token: "x".to_owned(), ..mine.clone() }).await);
    assert!(is_shut_out(&Access { url: mine.url.replace(&mine.id, "nobody-1"), ..mine.clone() }).await);

    Client::open(WEB, &mine, Expected::Terminal).await.until_shown("$ ").await;
}

#[tokio::test]
async fn a_resume_makes_a_new_token_and_takes_the_old_one_back() {
    let sim = demo(&[]).await;
    let access = start(&sim, WEB, None, &[]).await;

    let resumed = ssm(&sim).resume_session().session_id(&access.id).send().await.unwrap();

    assert!(is_shut_out(&access).await);
    let access = Access { token: resumed.token_value.unwrap(), ..access };
    Client::open(WEB, &access, Expected::Terminal).await.until_shown("$ ").await;
}

#[tokio::test]
async fn a_second_connection_takes_the_place_of_the_first() {
    let sim = demo(&[]).await;
    let access = start(&sim, WEB, None, &[]).await;
    let mut first = connect(&access).await.unwrap();
    let resumed = ssm(&sim).resume_session().session_id(&access.id).send().await.unwrap();

    let mut second = Client::open(WEB, &Access { token: resumed.token_value.unwrap(), ..access }, Expected::Terminal).await;

    second.until_shown("$ ").await;
    while let Some(Ok(message)) = first.next().await {
        assert!(!matches!(message, Message::Text(_)));
    }
}

#[tokio::test]
async fn a_signed_upgrade_is_taken_when_the_signature_is_good() {
    let sim = demo(&[]).await;
    let access = start(&sim, WEB, None, &[]).await;

    assert_eq!(status_of(signed(&sim, &access, None)).await, 101);
    assert_eq!(status_of(signed(&sim, &access, Some("wrong"))).await, 403);
    let calls = sim.calls().into_iter().filter(|call| call.action == "ssmmessages:OpenDataChannel");
    assert_eq!(calls.count(), 2);
}

#[tokio::test]
async fn a_denied_data_channel_is_told_with_its_action() {
    let sim = demo(&["ssmmessages:OpenDataChannel=deny@1"]).await;
    let access = start(&sim, WEB, None, &[]).await;

    let denied = connect_async(signed(&sim, &access, None)).await.unwrap_err();

    let Error::Http(response) = denied else { panic!("{denied}") };
    assert_eq!(response.status(), 403);
    let body = String::from_utf8(response.body().clone().unwrap()).unwrap();
    assert!(body.contains("not authorized to perform: ssmmessages:OpenDataChannel"), "{body}");
    Client::open(WEB, &access, Expected::Terminal).await.until_shown("$ ").await;
}

#[tokio::test]
async fn a_request_that_is_no_upgrade_is_refused() {
    let sim = demo(&[]).await;
    let access = start(&sim, WEB, None, &[]).await;
    let mut request = access.url.as_str().into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-version", "12".parse().unwrap());

    assert_eq!(status_of(request).await, 400);
}

/// Whether the connection closes without a word.
async fn is_shut_out(access: &Access) -> bool {
    let mut socket = connect(access).await.unwrap();
    let next = tokio::time::timeout(std::time::Duration::from_secs(5), socket.next()).await.unwrap();
    matches!(next, None | Some(Ok(Message::Close(_)) | Err(_)))
}

async fn status_of(request: Request<()>) -> u16 {
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

fn signed(sim: &Sim, access: &Access, secret: Option<&str>) -> Request<()> {
    let fleet = sim.fleet();
    let account = &fleet.accounts[0];
    let secret = secret.unwrap_or(&account.credentials.secret);
    let identity = aws_credential_types::Credentials::new(&account.credentials.access_key, secret, None, None, "test").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&account.region)
        .name("ssmmessages")
        .time(std::time::SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let mut request = access.url.as_str().into_client_request().unwrap();
    let url = access.url.replacen("ws://", "http://", 1);
    let host = request.headers()["host"].to_str().unwrap().to_owned();
    let signable = SignableRequest::new("GET", &url, [("host", host.as_str())].into_iter(), SignableBody::Bytes(&[])).unwrap();
    let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
    for (name, value) in instructions.headers() {
        request.headers_mut().insert(
            tokio_tungstenite::tungstenite::http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            value.parse().unwrap(),
        );
    }
    request
}
