//! Signing in to the company of the simulated cloud: what a program asks, and what a browser is shown.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{refusal, sdk};
use ec2dash_sim::{Options, SignInRules, Sim};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const BACK: &str = "http://127.0.0.1:49152/oauth/callback";

async fn company(rules: &str) -> Sim {
    Sim::start(Options { sign_in: rules.parse::<SignInRules>().unwrap(), ..Options::default() }).await.unwrap()
}

/// An answer over HTTP.
struct Heard {
    status: u16,
    head: String,
    body: String,
}

impl Heard {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The error in the header and in the body, and the status.
    fn error(&self) -> (&str, String, u16) {
        let body = self.json();
        let word = body["error"].as_str().or_else(|| body["message"].as_str()).unwrap_or_default().to_owned();
        (self.header("x-amzn-errortype").unwrap_or_default(), word, self.status)
    }
}

async fn send(sim: &Sim, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Heard {
    let address = sim.endpoint().trim_start_matches("http://");
    let host = if headers.iter().any(|(name, _)| *name == "host") { String::new() } else { format!("host: {address}\r\n") };
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let request =
        format!("{method} {path} HTTP/1.1\r\n{host}{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Heard { status, head: head.replace('\r', ""), body: body.to_owned() }
}

async fn post(sim: &Sim, path: &str, body: &Value) -> Heard {
    send(sim, "POST", path, &[("content-type", "application/json")], &body.to_string()).await
}

/// What a browser sends when a button is pressed.
async fn press(sim: &Sim, path: &str, fields: &[(&str, &str)]) -> Heard {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", sim.endpoint())];
    send(sim, "POST", path, &headers, &form).await
}

async fn portal(sim: &Sim, path: &str, token: &str) -> Heard {
    send(sim, "GET", path, &[("x-amz-sso_bearer_token", token)], "").await
}

/// A program that has registered.
struct Program {
    id: String,
    secret: String,
}

impl Program {
    async fn register(sim: &Sim, with: &Value) -> Self {
        let mut body = json!({ "clientName": "a <b>program</b>", "clientType": "public", "scopes": ["sso:account:access"] });
        body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        let answer = post(sim, "/client/register", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Self { id: text("clientId"), secret: text("clientSecret") }
    }

    async fn with_browser(sim: &Sim) -> Self {
        let grants = ["authorization_code", "refresh_token"];
        Self::register(sim, &json!({ "grantTypes": grants, "redirectUris": ["http://127.0.0.1/oauth/callback"] })).await
    }

    fn body(&self, with: &Value) -> Value {
        let mut body = json!({ "clientId": self.id, "clientSecret": self.secret });
        body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
        body
    }

    async fn code(&self, sim: &Sim) -> Value {
        let answer = post(sim, "/device_authorization", &self.body(&json!({ "startUrl": sim.start_url() }))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn token(&self, sim: &Sim, with: Value) -> Heard {
        post(sim, "/token", &self.body(&with)).await
    }

    async fn poll(&self, sim: &Sim, code: &Value) -> Heard {
        self.token(sim, json!({ "grantType": DEVICE, "deviceCode": code["deviceCode"] })).await
    }

    /// The whole way: the token of who is signed in.
    async fn signed_in(sim: &Sim) -> (Self, Value) {
        let program = Self::register(sim, &json!({})).await;
        let code = program.code(sim).await;
        let pressed = press(sim, "/device", &[("user_code", code["userCode"].as_str().unwrap()), ("decision", "approve")]).await;
        assert_eq!(pressed.status, 200, "{}", pressed.body);
        let answer = program.poll(sim, &code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        (program, answer.json())
    }

    fn authorize(&self) -> Vec<(&str, &str)> {
        vec![
            ("response_type", "code"),
            ("client_id", &self.id),
            ("redirect_uri", BACK),
            ("state", "6f1d1c0e"),
            ("code_challenge_method", "S256"),
            ("scopes", "sso:account:access"),
            ("code_challenge", CHALLENGE),
        ]
    }
}

/// What the portal gives for a role.
async fn credentials(sim: &Sim, token: &str, account: &str, role: &str) -> Credentials {
    let answer = portal(sim, &format!("/federation/credentials?account_id={account}&role_name={role}"), token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let keys = &answer.json()["roleCredentials"];
    let text = |name: &str| keys[name].as_str().unwrap().to_owned();
    let ends = SystemTime::UNIX_EPOCH + Duration::from_millis(keys["expiration"].as_u64().unwrap());
    Credentials::new(text("accessKeyId"), text("secretAccessKey"), Some(text("sessionToken")), Some(ends), "portal")
}

async fn names(sim: &Sim, region: &str, credentials: Credentials) -> Vec<String> {
    let answer = aws_sdk_ec2::Client::new(&sdk(sim, region, credentials)).describe_instances().send().await.unwrap();
    let instances = answer.reservations().iter().flat_map(|reservation| reservation.instances());
    let name = |instance: &aws_sdk_ec2::types::Instance| instance.tags()[0].value().unwrap().to_owned();
    let mut names: Vec<String> = instances.map(name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_code_that_is_approved_leads_to_every_account_and_to_what_runs_there() {
    let sim = company("interval=0s").await;
    let program = Program::register(&sim, &json!({})).await;
    let code = program.code(&sim).await;
    let shown = code["userCode"].as_str().unwrap();

    assert_eq!(code["verificationUri"], format!("{}/device", sim.endpoint()));
    assert_eq!((&code["expiresIn"], &code["interval"]), (&json!(600), &json!(0)));
    assert_eq!(program.poll(&sim, &code).await.error(), ("AuthorizationPendingException", "authorization_pending".into(), 400));
    let complete = code["verificationUriComplete"].as_str().unwrap().trim_start_matches(sim.endpoint());
    let page = send(&sim, "GET", complete, &[], "").await;
    assert!(page.status == 200 && page.body.contains(shown), "{}", page.body);
    assert!(page.body.contains("a &lt;b&gt;program&lt;/b&gt;") && page.body.contains("action=\"/device\""), "{}", page.body);
    press(&sim, "/device", &[("user_code", &shown.to_lowercase()), ("decision", "approve")]).await;
    let tokens = program.poll(&sim, &code).await.json();
    assert_eq!((&tokens["tokenType"], &tokens["expiresIn"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(program.poll(&sim, &code).await.error(), ("InvalidGrantException", "invalid_grant".into(), 400));

    let token = tokens["accessToken"].as_str().unwrap();
    let first = portal(&sim, "/assignment/accounts?max_result=2", token).await.json();
    let next = first["nextToken"].as_str().unwrap();
    let second = portal(&sim, &format!("/assignment/accounts?max_result=2&next_token={next}"), token).await.json();
    let accounts = |page: &Value| page["accountList"].as_array().unwrap().clone();
    let all: Vec<Value> = accounts(&first).into_iter().chain(accounts(&second)).collect();
    let listed: Vec<(&str, &str)> =
        all.iter().map(|own| (own["accountId"].as_str().unwrap(), own["accountName"].as_str().unwrap())).collect();
    assert_eq!(listed, [("444455556666", "Corp Production"), ("555566667777", "Corp Staging"), ("666677778888", "Corp Data")]);
    let roles = portal(&sim, "/assignment/roles?account_id=666677778888", token).await.json();
    let role = |name: &str| json!({ "roleName": name, "accountId": "666677778888" });
    assert_eq!(roles["roleList"], json!([role("Admin"), role("ReadOnly")]));

    let admin = credentials(&sim, token, "666677778888", "Admin").await;
    let reader = credentials(&sim, token, "444455556666", "ReadOnly").await;
    let identity = aws_sdk_sts::Client::new(&sdk(&sim, "us-east-1", admin.clone())).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("666677778888"));
    let arn = identity.arn().unwrap();
    assert!(arn.starts_with("arn:aws:sts::666677778888:assumed-role/AWSReservedSSO_Admin_") && arn.ends_with("/jiwoo"), "{arn}");
    assert_eq!(names(&sim, "us-east-1", admin.clone()).await, ["lake-1"]);
    assert_eq!(names(&sim, "us-west-2", admin).await, ["lake-2"]);
    assert_eq!(names(&sim, "ap-northeast-2", reader).await, ["orders-1", "orders-2"]);
}

#[tokio::test]
async fn who_may_only_read_starts_no_session_and_changes_nothing() {
    let sim = company("interval=0s").await;
    let (_, tokens) = Program::signed_in(&sim).await;
    let token = tokens["accessToken"].as_str().unwrap();
    let of = |role| credentials(&sim, token, "444455556666", role);
    let (reader, admin) = (of("ReadOnly").await, of("Admin").await);
    let instance = sim.fleet().instances().find(|own| own.name() == "orders-1").unwrap().id.clone();
    let start = |keys: Credentials| {
        let client = aws_sdk_ssm::Client::new(&sdk(&sim, "ap-northeast-2", keys));
        client.start_session().target(&instance).send()
    };

    let (code, message, status) = refusal(start(reader.clone()).await.unwrap_err());

    assert_eq!((code.as_str(), status), ("AccessDeniedException", 400));
    assert!(message.contains("assumed-role/AWSReservedSSO_ReadOnly_") && message.contains("ssm:StartSession"), "{message}");
    let stop =
        aws_sdk_ec2::Client::new(&sdk(&sim, "ap-northeast-2", reader)).stop_instances().instance_ids(&instance).send().await;
    assert_eq!(refusal(stop.unwrap_err()).0, "UnauthorizedOperation");
    assert!(start(admin).await.is_ok());
}

#[tokio::test]
async fn a_browser_brings_a_code_back_that_only_the_program_which_sent_it_can_use() {
    let sim = company("interval=0s").await;
    let program = Program::with_browser(&sim).await;
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(program.authorize()).finish();

    let page = send(&sim, "GET", &format!("/authorize?{query}"), &[], "").await;

    assert!(
        page.status == 200 && page.body.contains("a &lt;b&gt;program&lt;/b&gt;") && page.body.contains(BACK),
        "{}",
        page.body
    );
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    let allow = || async {
        let answer = press(&sim, "/authorize", &[program.authorize(), vec![("decision", "approve")]].concat()).await;
        let location = answer.header("location").unwrap().to_owned();
        assert_eq!(answer.status, 303);
        let (_, query) = location.split_once('?').unwrap();
        let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert!(location.starts_with(&format!("{BACK}?code=")), "{location}");
        assert_eq!(fields[1], ("state".to_owned(), "6f1d1c0e".to_owned()));
        fields[0].1.clone()
    };
    let token = |code: String, redirect: &str, verifier: &str| {
        let with = json!({ "grantType": "authorization_code", "code": code, "redirectUri": redirect, "codeVerifier": verifier });
        program.token(&sim, with)
    };
    let bad = ("InvalidGrantException", "invalid_grant".to_owned(), 400);
    assert_eq!(token(allow().await, BACK, &VERIFIER.replace('d', "e")).await.error(), bad);
    assert_eq!(token(allow().await, "http://127.0.0.1:49153/oauth/callback", VERIFIER).await.error(), bad);
    let code = allow().await;
    let tokens = token(code.clone(), BACK, VERIFIER).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(token(code, BACK, VERIFIER).await.error(), bad);
    assert_eq!(portal(&sim, "/assignment/accounts", tokens.json()["accessToken"].as_str().unwrap()).await.status, 200);
    assert_eq!(program.poll(&sim, &json!({ "deviceCode": "x" })).await.error().0, "UnauthorizedClientException");
}

#[tokio::test]
async fn a_browser_is_sent_back_only_to_the_program_that_registered_and_with_a_refusal_if_so() {
    let sim = company("interval=0s").await;
    let program = Program::with_browser(&sim).await;
    let with = |name: &'static str, value: &'static str| {
        let fields = program.authorize().into_iter().map(|(known, old)| (known, if known == name { value } else { old }));
        fields.chain([("decision", "approve")]).collect::<Vec<_>>()
    };

    for (name, value) in [
        ("redirect_uri", "http://127.0.0.1:49152/other"),
        ("redirect_uri", "https://evil.example/oauth/callback"),
        ("client_id", "unknown"),
    ] {
        let answer = press(&sim, "/authorize", &with(name, value)).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{value}");
    }
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
    ] {
        let answer = press(&sim, "/authorize", &with(name, value)).await;
        assert!(answer.header("location").unwrap().starts_with(&format!("{BACK}?error={error}&")), "{}", answer.head);
    }
    let refused = press(&sim, "/authorize", &[program.authorize(), vec![("decision", "refuse")]].concat()).await;
    let location = refused.header("location").unwrap();
    assert!(location.starts_with(&format!("{BACK}?error=access_denied&")) && location.ends_with("&state=6f1d1c0e"), "{location}");
    let unknown = json!({ "clientName": "x", "clientType": "public", "redirectUris": ["http://evil.example/"] });
    assert_eq!(post(&sim, "/client/register", &unknown).await.error().0, "InvalidRedirectUriException");
}

#[tokio::test]
async fn a_code_is_refused_runs_out_is_asked_for_too_often_or_belongs_to_no_company() {
    let refusing = company("interval=0s,approval=refused").await;
    let program = Program::register(&refusing, &json!({})).await;
    let code = program.code(&refusing).await;
    assert_eq!(program.poll(&refusing, &code).await.error(), ("AccessDeniedException", "access_denied".into(), 400));

    let quick = company("code=0s").await;
    let program = Program::register(&quick, &json!({})).await;
    let code = program.code(&quick).await;
    assert_eq!(program.poll(&quick, &code).await.error(), ("ExpiredTokenException", "expired_token".into(), 400));
    let gone = press(&quick, "/device", &[("user_code", code["userCode"].as_str().unwrap()), ("decision", "approve")]).await;
    assert!(gone.status == 404 && gone.body.contains("run out"), "{}", gone.body);

    let slow = company("interval=1h").await;
    let program = Program::register(&slow, &json!({})).await;
    let code = program.code(&slow).await;
    assert_eq!(program.poll(&slow, &code).await.error().0, "AuthorizationPendingException");
    assert_eq!(program.poll(&slow, &code).await.error(), ("SlowDownException", "slow_down".into(), 400));
    let elsewhere = program.body(&json!({ "startUrl": format!("{}/begin", slow.endpoint()) }));
    assert_eq!(
        post(&slow, "/device_authorization", &elsewhere).await.error(),
        ("InvalidRequestException", "invalid_request".into(), 400)
    );

    let forgetful = company("registration=0s").await;
    let program = Program::register(&forgetful, &json!({})).await;
    let body = program.body(&json!({ "startUrl": forgetful.start_url() }));
    assert_eq!(
        post(&forgetful, "/device_authorization", &body).await.error(),
        ("InvalidClientException", "invalid_client".into(), 401)
    );
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_nothing_is_after_signing_out() {
    let sim = company("interval=0s").await;
    let (program, tokens) = Program::signed_in(&sim).await;
    let refresh = |token: Value| program.token(&sim, json!({ "grantType": "refresh_token", "refreshToken": token }));

    let renewed = refresh(tokens["refreshToken"].clone()).await.json();

    assert_eq!(refresh(tokens["refreshToken"].clone()).await.error(), ("InvalidGrantException", "invalid_grant".into(), 400));
    let token = renewed["accessToken"].as_str().unwrap();
    assert_eq!(portal(&sim, "/assignment/accounts", token).await.status, 200);
    let out = send(&sim, "POST", "/logout", &[("x-amz-sso_bearer_token", token)], "").await;
    assert_eq!(out.status, 200);
    let ended = ("UnauthorizedException", "Session token not found or invalid".to_owned(), 401);
    for token in [token, tokens["accessToken"].as_str().unwrap(), "never-given"] {
        assert_eq!(portal(&sim, "/assignment/accounts", token).await.error(), ended);
    }
    assert_eq!(refresh(renewed["refreshToken"].clone()).await.error().0, "InvalidGrantException");

    let (_, tokens) = Program::signed_in(&sim).await;
    sim.revoke_sign_ins();
    assert_eq!(portal(&sim, "/assignment/accounts", tokens["accessToken"].as_str().unwrap()).await.error(), ended);
}

#[tokio::test]
async fn what_a_sign_in_brings_ends_when_told() {
    let sim = company("interval=0s,token=0s").await;
    let (_, tokens) = Program::signed_in(&sim).await;
    assert_eq!(tokens["expiresIn"], 0);
    assert_eq!(portal(&sim, "/assignment/accounts", tokens["accessToken"].as_str().unwrap()).await.status, 401);

    let sim = company("interval=0s,credentials=0s").await;
    let (_, tokens) = Program::signed_in(&sim).await;
    let keys = credentials(&sim, tokens["accessToken"].as_str().unwrap(), "444455556666", "Admin").await;
    let answer = aws_sdk_sts::Client::new(&sdk(&sim, "us-east-1", keys)).get_caller_identity().send().await;
    assert_eq!(refusal(answer.unwrap_err()).0, "ExpiredToken");
}

#[tokio::test]
async fn a_role_that_is_not_assigned_is_refused_and_so_is_an_account_that_has_vanished() {
    let sim = company("interval=0s").await;
    let (_, tokens) = Program::signed_in(&sim).await;
    let token = tokens["accessToken"].as_str().unwrap();
    sim.edit(|fleet| {
        let company = fleet.company.as_mut().unwrap();
        company.assignments[1].is_gone = true;
        company.assignments[2].name = Some("Data\x1b[2J".to_owned());
    });

    let listed = portal(&sim, "/assignment/accounts", token).await.json();

    let no_access = ("ForbiddenException", "No access".to_owned(), 403);
    for place in [
        "account_id=444455556666&role_name=Auditor",
        "account_id=555566667777&role_name=Admin",
        "account_id=210987654321&role_name=Admin",
    ] {
        assert_eq!(portal(&sim, &format!("/federation/credentials?{place}"), token).await.error(), no_access, "{place}");
    }
    assert_eq!(listed["accountList"].as_array().unwrap().len(), 3);
    assert_eq!(listed["accountList"][2]["accountName"], "Data\x1b[2J");
    assert_eq!(portal(&sim, "/assignment/accounts?max_result=101", token).await.error().0, "InvalidRequestException");
}

#[tokio::test]
async fn the_portal_answers_so_many_calls_a_second_and_no_more() {
    let sim = company("interval=0s,limit=3").await;
    let (_, tokens) = Program::signed_in(&sim).await;
    let token = tokens["accessToken"].as_str().unwrap();

    let mut refused = None;
    // As many as go into one second on a slow computer are more than three.
    for _ in 0..200 {
        let answer = portal(&sim, "/assignment/accounts", token).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }

    assert_eq!(refused.unwrap().error(), ("TooManyRequestsException", "HTTP 429 Unknown Code".into(), 429));
}

#[tokio::test]
async fn faults_of_a_sign_in_are_refused_in_its_own_words() {
    let sim = company("interval=0s").await;
    let (program, tokens) = Program::signed_in(&sim).await;
    let token = tokens["accessToken"].as_str().unwrap();
    let code = program.code(&sim).await;
    let set = |fault: &str| sim.set_faults(vec![fault.parse().unwrap()]);

    let cases = [
        ("throttle", "SlowDownException", 400),
        ("deny", "AccessDeniedException", 400),
        ("error:ExpiredTokenException", "ExpiredTokenException", 400),
        ("error:InvalidClientException", "InvalidClientException", 401),
        ("error:InternalServerException", "InternalServerException", 500),
    ];
    for (kind, name, status) in cases {
        set(&format!("sso-oauth:CreateToken={kind}"));
        let answer = program.poll(&sim, &code).await;
        assert_eq!((answer.error().0, answer.status), (name, status));
    }
    let cases = [
        ("throttle", "TooManyRequestsException", 429),
        ("deny", "ForbiddenException", 403),
        ("error:UnauthorizedException", "UnauthorizedException", 401),
    ];
    for (kind, name, status) in cases {
        set(&format!("sso:ListAccounts={kind}"));
        let answer = portal(&sim, "/assignment/accounts", token).await;
        assert_eq!((answer.error().0, answer.status), (name, status));
    }
    let calls = sim.calls();
    assert!(calls.iter().any(|call| call.action == "sso-oauth:RegisterClient"));
    assert!(calls.iter().any(|call| call.action == "sso:ListAccounts"));
}

#[tokio::test]
async fn only_this_page_decides_and_only_at_this_address() {
    let sim = company("interval=0s").await;
    let program = Program::register(&sim, &json!({})).await;
    let code = program.code(&sim).await;
    let shown = code["userCode"].as_str().unwrap();
    let form = format!("user_code={shown}&decision=approve");

    let rebound = send(&sim, "POST", "/device", &[("host", "evil.example")], &form).await;
    let foreign = send(&sim, "POST", "/device", &[("origin", "https://evil.example")], &form).await;
    let read = send(&sim, "GET", &format!("/device?user_code={shown}"), &[("host", "evil.example")], "").await;
    let undecided = press(&sim, "/device", &[("user_code", shown)]).await;

    assert_eq!([rebound.status, foreign.status, read.status, undecided.status], [421, 403, 421, 400]);
    assert!(!read.body.contains(shown));
    assert_eq!(program.poll(&sim, &code).await.error().0, "AuthorizationPendingException");
    let start = send(&sim, "GET", "/start", &[], "").await;
    assert!(start.body.contains("Corp Staging") && start.body.contains(&sim.start_url()), "{}", start.body);
}
