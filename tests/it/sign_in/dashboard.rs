//! Signing in from the dashboard, and going on where it stopped.

use super::*;
use crate::support::pty::Terminal;

const SIZE: (u16, u16) = (120, 32);

fn dashboard(corp: &Corp) -> Terminal {
    Terminal::start(ec2dash(), &["--profile", "admin"], &corp.environment(&[]), SIZE)
}

/// The code on the screen, which stands alone on its line.
pub fn code(screen: &str) -> Option<String> {
    let words = screen.lines().map(|line| line.trim_matches(|character: char| !character.is_ascii_alphanumeric()));
    let is_code = |word: &&str| {
        word.len() == 9
            && word.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_uppercase() })
    };
    words.into_iter().find(is_code).map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_waits_for_a_sign_in_goes_on_after_it_without_a_restart() {
    let corp = Corp::new("interval=1s").await;
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp);
        let screen = terminal.wait_for("Not signed in to SSO session \"corp\".");
        assert!(screen.contains("L signs in again (opens the browser; a code is shown to compare)."), "{screen}");

        terminal.type_text("L");
        let screen = terminal.wait_until("the code", |screen| code(screen).is_some() && screen.contains("Waiting, "));
        let shown = code(&screen).unwrap();
        assert!(screen.contains(&format!("Open {}/device and check that the code is {shown}.", corp.sim.endpoint())), "{screen}");
        terminal.type_text("y");
        terminal.wait_for("Sent to the terminal's clipboard: link ");
        terminal.type_text("\x1b");
        terminal.wait_until("the end of the dialog", |screen| code(screen).is_none());

        terminal.type_text("L");
        let screen = terminal.wait_until("another code", |screen| code(screen).is_some_and(|code| code != shown));
        corp.decide(&code(&screen).unwrap(), "approve");
        terminal.wait_for("orders-1");
        assert!(corp.path(TOKEN).exists());
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_and_a_sign_in_of_another_program_is_noticed() {
    let corp = Corp::new("interval=1s").await;
    // Nothing is asked again by itself: what is noticed is the sign-in.
    fs::create_dir_all(corp.path(".config/ec2dash")).unwrap();
    fs::write(corp.path(".config/ec2dash/config.toml"), "refresh = 0\n").unwrap();
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp);
        terminal.wait_for("Not signed in to SSO session \"corp\".");
        terminal.type_text("L");
        let screen = terminal.wait_until("the code", |screen| code(screen).is_some());
        corp.decide(&code(&screen).unwrap(), "refuse");
        terminal.wait_for("Sign-in was refused in the browser.");
        terminal.type_text("\x1b");
        terminal.wait_until("the end of the dialog", |screen| !screen.contains("refused in the browser."));

        let mut login = Login::start(&mut corp.command(&["login", "--profile", "prod", "--no-browser"]));
        let other = login.code();
        corp.decide(&other, "approve");
        assert_eq!(login.end().0, Some(0));

        terminal.wait_for("orders-1");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_sign_in_that_nobody_renews_is_said_before_it_comes() {
    let corp = Corp::new("approval=given,interval=1s,token=9m").await;
    corp.sign_in("prod").await.unwrap();
    corp.change_token(|token| {
        token.as_object_mut().unwrap().remove("refreshToken");
    });
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp);
        terminal.wait_for("orders-1");
        let screen = terminal.wait_for("Sign-in for SSO session \"corp\" ends in 8 min.");
        assert!(screen.contains("L signs in again."), "{screen}");

        terminal.type_text("L");
        terminal.wait_for("Signed in to SSO session \"corp\".");
        terminal.wait_until("no word of its end", |screen| !screen.contains("ends in"));
        assert!(corp.token()["refreshToken"].is_string());
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn in_plain_mode_the_code_is_said_when_it_comes() {
    let corp = Corp::new("interval=1s").await;
    tokio::task::block_in_place(|| {
        let terminal = Terminal::start(ec2dash(), &["--plain", "--profile", "admin"], &corp.environment(&[]), SIZE);
        terminal.wait_for("Not signed in to SSO session \"corp\".");
        terminal.type_text("sign-in\r");
        let screen = terminal.wait_until("the code", |screen| code(screen).is_some());
        corp.decide(&code(&screen).unwrap(), "approve");
        terminal.wait_for("Signed in to SSO session \"corp\".");
        terminal.type_text("quit\r");
        assert!(terminal.end().success());
    });
}
