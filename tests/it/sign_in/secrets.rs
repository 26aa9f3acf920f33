//! What a sign-in is made of stays in memory, and in the files that hold it for every AWS tool: by each flow, renewed, with an MFA code, and
//! when we crash.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::secrets::{Watch, files_below};
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;

/// Every token is renewed at once: it has less time left than we leave it.
const RULES: &str = "approval=given,interval=1s,token=10m,limit=none";
const DEVICE: &str = "arn:aws:iam::210987654321:mfa/jiwoo";
/// Where a sign-in is at home.
const OWN_FILES: [&str; 2] = [".aws/sso/cache/", ".aws/cli/cache/"];

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_sign_in_is_seen_outside_of_memory_and_its_own_files() {
    let corp = Corp::new(RULES).await;
    let keys: BTreeMap<_, _> = corp.sim.environment().into_iter().collect();
    let (id, secret) = (&keys["AWS_ACCESS_KEY_ID"], &keys["AWS_SECRET_ACCESS_KEY"]);
    let of_device = format!(
        "{CONFIG}[profile mfa]\nregion = ap-northeast-2\nrole_arn = arn:aws:iam::210987654321:role/BreakGlass\nmfa_serial = {DEVICE}\n\
         source_profile = user\n[profile user]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"
    );
    fs::write(corp.path(".aws/config"), of_device).unwrap();
    let browser = corp.path("browser");
    fs::write(&browser, "#!/bin/sh\ncurl -sL \"$1\" >/dev/null 2>&1 &\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let carried = Arc::default();
    let endpoint = relay(corp.sim.endpoint(), &carried).await;
    let log = corp.path("log").display().to_string();
    let variables = |more: &[(&str, &str)]| {
        let mut variables = corp.environment(more);
        variables.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
        variables.push(("AWS_ENDPOINT_URL".to_owned(), endpoint.clone()));
        variables
    };
    let watch = Watch::begin(corp.home.path());
    let mut shown = Vec::new();
    for (arguments, more) in [
        (&["login", "--profile", "prod", "--no-browser"][..], &[][..]),
        (&["login", "--profile", "prod"], &[("BROWSER", browser.to_str().unwrap())]),
        (&["whoami", "--profile", "prod"], &[]),
        (&["ls", "--profile", "admin"], &[]),
    ] {
        let mut command = Command::new(ec2dash());
        command.args(["--log-file", log.as_str(), "-vv"]).args(arguments).env_clear().envs(variables(more)).stdin(Stdio::null());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        shown.extend([output.stdout, output.stderr].concat());
    }
    let code = corp.sim.mfa_code(DEVICE).unwrap();
    tokio::task::block_in_place(|| {
        let arguments = ["--log-file", log.as_str(), "-vv", "whoami", "--profile", "mfa"];
        let mut terminal = Terminal::start(ec2dash(), &arguments, &variables(&[]), LARGE);
        terminal.wait_for("MFA code of");
        terminal.type_text(&format!("{code}\r"));
        assert_eq!(terminal.wait().code(), Some(0), "{}", terminal.shown());
        shown.extend(terminal.raw());

        let arguments = ["--log-file", log.as_str(), "--profile", "admin"];
        let mut terminal = Terminal::start(ec2dash(), &arguments, &variables(&[("EC2DASH_TEST_PANIC", "session")]), LARGE);
        terminal.wait_for("orders-1");
        // It is written by itself once everything is told, and what breaks off a moment later must not come before that.
        let is_kept = || files_below(corp.home.path()).iter().any(|path| path.display().to_string().contains("inventory"));
        let deadline = Instant::now() + Duration::from_secs(60);
        while !is_kept() {
            assert!(Instant::now() < deadline, "{}", terminal.shown());
            std::thread::sleep(Duration::from_millis(50));
        }
        terminal.type_text("/orders-1\r");
        terminal.type_text("\r");
        terminal.wait_for("1 ssm");
        terminal.type_text("1\r");
        assert_eq!(terminal.wait().code(), Some(101), "{}", terminal.shown());
        shown.extend(terminal.raw());
    });

    let (samples, seen) = watch.end();
    let canaries = canaries(&carried.lock().unwrap());
    let kinds: Vec<_> = canaries.keys().copied().collect();
    assert_eq!(
        kinds,
        ["accessToken", "clientSecret", "code", "codeVerifier", "deviceCode", "refreshToken", "secretAccessKey", "sessionToken"]
    );
    let last = files_below(corp.home.path()).into_iter().map(|path| (path.display().to_string(), fs::read(&path).unwrap()));
    let files: Vec<_> = seen.into_iter().chain(last).collect();
    for wanted in ["crash-", "/log", "inventory"] {
        assert!(files.iter().any(|(path, bytes)| path.contains(wanted) && !bytes.is_empty()), "no file {wanted}");
    }
    let of_processes = samples.iter().flat_map(|sample| {
        [("an argument".to_owned(), sample.arguments.clone()), ("an environment".to_owned(), sample.environment.clone())]
    });
    let at_home = files.iter().filter(|(path, _)| path.contains(OWN_FILES[0])).map(|(_, bytes)| String::from_utf8_lossy(bytes));
    assert!(
        at_home.into_iter().any(|text| canaries["refreshToken"].iter().any(|value| text.contains(value))),
        "it would be found"
    );
    let mut looked_at = 0;
    for (place, bytes) in of_processes.chain([("what was shown".to_owned(), shown)]).chain(files) {
        let text = String::from_utf8_lossy(&bytes);
        let is_at_home = OWN_FILES.iter().any(|own| place.contains(own));
        for (kind, values) in &canaries {
            let may_be_there = is_at_home && !["code", "codeVerifier", "deviceCode"].contains(kind);
            assert!(may_be_there || !values.iter().any(|value| text.contains(value)), "{kind} is in {place}");
        }
        // A terminal echoes it to whoever types it.
        assert!(place == "what was shown" || !holds_number(&text, &code), "the MFA code is in {place}");
        looked_at += 1;
    }
    assert!(looked_at > 20, "{looked_at}");
}

/// The secrets that went over the wire, by the names of their fields.
fn canaries(carried: &[u8]) -> BTreeMap<&'static str, Vec<String>> {
    let text = String::from_utf8_lossy(carried);
    let values = |field: &str| -> Vec<String> {
        let before = format!("\"{field}\":\"");
        text.split(&before)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|value| value.len() >= 16)
            .map(str::to_owned)
            .collect()
    };
    let fields =
        ["accessToken", "clientSecret", "code", "codeVerifier", "deviceCode", "refreshToken", "secretAccessKey", "sessionToken"];
    fields.into_iter().map(|field| (field, values(field))).filter(|(_, values)| !values.is_empty()).collect()
}

/// Whether this number stands there by itself, and not as a part of a longer one or of a second.
fn holds_number(text: &str, number: &str) -> bool {
    text.match_indices(number).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + number.len()..].chars().next();
        !before.is_some_and(|character| character.is_ascii_alphanumeric() || character == '.')
            && !after.is_some_and(|character| character.is_ascii_alphanumeric())
    })
}

/// A way to the cloud that keeps what goes through it, and is what the cloud's pages are at; its address.
async fn relay(endpoint: &str, carried: &Arc<Mutex<Vec<u8>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().to_string();
    let target = endpoint.trim_start_matches("http://").to_owned();
    // So that what is replaced is as long as before.
    assert_eq!(own.len(), target.len());
    let (address, carried) = (format!("http://{own}"), Arc::clone(carried));
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = tokio::net::TcpStream::connect(&target).await else { continue };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(copy(near_in, far_out, Arc::clone(&carried), (own.clone(), target.clone()), |piece| {
                piece.starts_with(b"GET /authorize")
            }));
            tokio::spawn(copy(far_in, near_out, Arc::clone(&carried), (target.clone(), own.clone()), |_| true));
        }
    });
    address
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    carried: Arc<Mutex<Vec<u8>>>,
    (old, new): (String, String),
    is_replaced: fn(&[u8]) -> bool,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let mut piece = buffer[..count].to_vec();
        // The page is served at its own address alone; a signed call keeps the address that it was signed for.
        if is_replaced(&piece) {
            while let Some(at) = piece.windows(old.len()).position(|window| window == old.as_bytes()) {
                piece[at..at + old.len()].copy_from_slice(new.as_bytes());
            }
        }
        carried.lock().unwrap().extend_from_slice(&piece);
        if to.write_all(&piece).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
