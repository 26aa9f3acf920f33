//! Where the directory of sign-ins takes nothing: nothing is used up that cannot be kept, and what must be is told.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use super::*;

const NOBODY: u32 = 65_534;
const DIRECTORY: &str = ".aws/sso/cache";
/// Every token has less time left than we leave it.
const DUE: &str = "approval=given,interval=1s,token=10m,limit=none";

/// Run it as somebody who can write in all of this home but that directory.
async fn run_beside_closed(corp: &Corp, arguments: &[&str]) -> Output {
    let program = corp.path("ec2dash");
    if !program.exists() {
        // The way to where it was built may be closed to others.
        fs::hard_link(ec2dash(), &program).or_else(|_| fs::copy(ec2dash(), &program).map(drop)).unwrap();
    }
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        given(&corp.path(""), NOBODY);
    }
    fs::create_dir_all(corp.path(DIRECTORY)).unwrap();
    fs::set_permissions(corp.path(DIRECTORY), fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(corp.environment(&[])).stdin(Stdio::null()).current_dir("/");
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    fs::set_permissions(corp.path(DIRECTORY), fs::Permissions::from_mode(0o755)).unwrap();
    output
}

/// Another one's from here on downwards, but for the program.
fn given(path: &Path, user: u32) {
    let metadata = fs::symlink_metadata(path).unwrap();
    if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            given(&entry.unwrap().path(), user);
        }
    }
    // A hard link is the file itself.
    if metadata.uid() != user && metadata.nlink() == 1 || metadata.is_dir() {
        chown(path, Some(user), Some(user)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_is_not_renewed_before_it_must_be_and_then_told() {
    let corp = Corp::new(DUE).await;
    corp.sign_in("prod").await.unwrap();
    let (calls, before) = (corp.calls("CreateToken"), corp.token());

    for round in 0..2 {
        let output = run_beside_closed(&corp, &["whoami", "--profile", "prod"]).await;
        assert!(output.status.success(), "round {round}: {}", stderr(&output));
        assert_eq!(stderr(&output).matches("warning").count(), 0, "{}", stderr(&output));
    }
    assert_eq!(corp.calls("CreateToken"), calls, "the token holds, and what renews it is not used up");

    corp.change_token(|token| token["expiresAt"] = "2020-01-01T00:00:00Z".into());
    let output = run_beside_closed(&corp, &["whoami", "--profile", "prod"]).await;
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    assert_eq!(corp.calls("CreateToken"), calls + 1);
    let directory = corp.path(DIRECTORY);
    let said = format!("warning[not-kept]: {}: the sign-in of corp was renewed and cannot be kept there (", directory.display());
    assert!(told.contains(&said) && told.contains("Permission denied"), "{told}");
    assert_eq!(corp.token()["refreshToken"], before["refreshToken"]);
    assert_eq!(
        fs::read_dir(directory)
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().extension() == Some("new".as_ref()))
            .count(),
        0
    );

    let quiet = run_beside_closed(&corp, &["whoami", "--profile", "prod", "--quiet"]).await;
    assert_eq!(quiet.status.code(), Some(4), "what renews it is used up, as was said: {}", stderr(&quiet));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_confirms_a_sign_in_that_cannot_be_written_down() {
    let corp = Corp::new("approval=given,interval=1s").await;

    let output = run_beside_closed(&corp, &["login", "--profile", "prod", "--no-browser"]).await;

    let told = stderr(&output);
    assert!(!output.status.success() && told.contains("cannot be written down") && told.contains(DIRECTORY), "{told}");
    assert_eq!(corp.calls("StartDeviceAuthorization") + corp.calls("CreateToken"), 0, "{told}");
}
