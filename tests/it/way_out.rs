//! The way to AWS itself: proxies and certificates that the environment names, and what is said of those that do not work.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use crate::support::tools::ClosedPort;

/// `whoami` with keys that are never sent anywhere: every way there ends at this computer.
fn whoami(variables: &[(&str, &str)]) -> (Output, String) {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ec2dash"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home.path());
    command
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00");
    // Whatever a variable under test comes to, no connection leaves.
    command.env("AWS_SECRET_ACCESS_KEY", "example").env("HTTPS_PROXY", "http://127.0.0.1:9");
    let output = command.envs(variables.iter().copied()).arg("whoami").stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    (output, said)
}

/// A proxy that gives one answer to everybody, and its address.
fn proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                match stream.read(&mut byte) {
                    Ok(1) => asked.extend(byte),
                    _ => break,
                }
            }
            // The client may have gone.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_proxy_that_does_not_let_us_through_is_named() {
    let closed = ClosedPort::new();
    let cases = [
        (proxy("HTTP/1.1 403 Forbidden\r\n\r\n"), "it refuses to"),
        (proxy("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "it does not take the user name and the password"),
        (format!("127.0.0.1:{}", closed.number()), "connection refused"),
    ];
    for (address, cause) in cases {
        let (output, said) = whoami(&[("HTTPS_PROXY", &format!("http://user:canary@{address}"))]);

        assert_eq!(output.status.code(), Some(1), "{said}");
        let expected = format!("error[proxy]: The proxy {address} does not connect to sts.us-east-1.amazonaws.com: {cause}");
        assert!(said.starts_with(&expected), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn what_names_no_proxy_is_an_error_and_nothing_goes_past_it() {
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let (output, said) =
            whoami(&[("HTTPS_PROXY", "http//user:canary@proxy:3128"), (variable, "http//user:canary@proxy:3128")]);

        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error[bad-variable]: HTTPS_PROXY cannot be used"), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

#[test]
fn a_variable_is_blamed_as_a_variable() {
    for (variable, value) in [("AWS_CA_BUNDLE", "/nowhere/ca.pem"), ("AWS_ENDPOINT_URL_STS", "ftp://x")] {
        let (output, said) = whoami(&[(variable, value)]);

        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(&format!("error[bad-variable]: {variable} cannot be used")), "{said}");
        assert!(!said.contains(".aws/config"), "{said}");
    }
}

#[test]
fn what_breaks_behind_a_proxy_that_let_us_through_is_not_its_doing() {
    let address = proxy("HTTP/1.1 200 Connection established\r\n\r\n");

    let (output, said) = whoami(&[("HTTPS_PROXY", &format!("http://{address}"))]);

    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("error[unreachable]: Cannot reach sts.us-east-1.amazonaws.com"), "{said}");
}

#[test]
fn a_variable_that_does_not_count_stops_nothing() {
    let address = proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
    let through = format!("http://{address}");
    let cases: [&[(&str, &str)]; 3] = [
        &[("HTTPS_PROXY", &through), ("all_proxy", "socks://127.0.0.1:1080/"), ("ALL_PROXY", "://")],
        &[("HTTPS_PROXY", ""), ("https_proxy", "://"), ("ALL_PROXY", &through)],
        &[("HTTPS_PROXY", "socks4://127.0.0.1:9"), ("NO_PROXY", "*"), ("AWS_ENDPOINT_URL_STS", "https://127.0.0.1:9")],
    ];
    for variables in cases {
        let (output, said) = whoami(variables);

        assert_eq!(output.status.code(), Some(1), "{variables:?}: {said}");
        assert!(said.starts_with("error[proxy]") || said.starts_with("error[unreachable]"), "{variables:?}: {said}");
    }
}
