//! Commands without a shell around them: streams, exit codes, and what the documents say of both.

use ec2dash_sim::Sim;
use ec2dash_sim::fleet::SessionDocument;
use ec2dash_ssm::{End, Event, Expected, SessionKind};

use super::client::{Client, WEB, demo, ssm, start};

const PLAIN: &str = "AWS-StartNonInteractiveCommand";
const SEPARATE: &str = r#"{"schemaVersion":"1.0","sessionType":"NonInteractiveCommands",
    "parameters":{"command":{"type":"String"}},
    "properties":{"linux":{"commands":"{{ command }}","separateOutputStream":true,"stdErrSeparatorPrefix":"E:"}}}"#;

#[tokio::test]
async fn a_command_is_split_into_words_and_told_at_its_end() {
    let sim = demo(&[]).await;

    let client = run(&sim, PLAIN, "echo a; echo b").await;

    assert_eq!(text(&client.output), "a; echo b\n");
    assert_eq!(client.exit_code, None);
    assert_eq!(client.channel.session().unwrap().kind, SessionKind::Command);
}

#[tokio::test]
async fn both_streams_are_one_unless_the_document_separates_them() {
    let sim = demo(&[]).await;
    let line = "sh -c 'echo out; echo err >&2; exit 42'";

    let merged = run(&sim, PLAIN, line).await;
    let separate = run(&sim, "own-exec", line).await;

    assert_eq!(text(&merged.output), "out\nerr\n", "in the order in which they were said");
    assert_eq!((text(&separate.output).as_str(), text(&separate.error_output).as_str()), ("out\n", "E:err\n"));
    assert_eq!(separate.exit_code, Some(42));
}

#[tokio::test]
async fn exit_codes_and_signals_come_through() {
    let sim = demo(&[]).await;
    for (line, code) in [("true", 0), ("false", 1), ("sh -c 'exit 255'", 255), ("sh -c 'kill -TERM $$'", 143)] {
        assert_eq!(run(&sim, "own-exec", line).await.exit_code, Some(code), "{line}");
    }
}

#[tokio::test]
async fn a_command_that_does_not_exist_says_so_on_standard_error() {
    let sim = demo(&[]).await;

    let client = run(&sim, "own-exec", "no-such-command x").await;

    assert!(text(&client.error_output).starts_with("Unable to start command: "), "{client:?}");
    assert_eq!(client.exit_code, Some(1));
}

#[tokio::test]
async fn all_of_a_long_output_comes() {
    let sim = demo(&[]).await;

    let separate = run(&sim, "own-exec", "seq 1 300000").await;
    let merged = run(&sim, PLAIN, "seq 1 300000").await;

    let expected: String = (1..=300_000).map(|number| format!("{number}\n")).collect();
    assert!(text(&separate.output) == expected && text(&merged.output) == expected);
}

#[tokio::test]
async fn ctrl_c_interrupts_a_command_that_reads_nothing() {
    let sim = demo(&[]).await;
    let mut client = open(&sim, "own-exec", "sh -c 'echo started; exec sleep 600'").await;
    client.until_shown("started").await;

    client.type_in("\x03");
    client.until_ended().await;

    assert_eq!(client.exit_code, Some(130));
}

#[tokio::test]
async fn an_interactive_command_has_a_terminal_and_a_shell() {
    let sim = demo(&[]).await;
    let access =
        start(&sim, WEB, Some("AWS-StartInteractiveCommand"), &[("command", "tty > /dev/null && echo yes; read x; echo $x")])
            .await;
    let mut client = Client::open(WEB, &access, Expected::Terminal).await;
    client.until_shown("yes").await;

    client.type_in("typed'-'in\r");
    client.until_ended().await;

    assert!(client.has_shown("typed'-'in\r\ntyped'-'in\r\n"), "{client:?}");
}

#[tokio::test]
async fn documents_are_served_with_their_parameters() {
    let sim = demo(&[]).await;

    let document = ssm(&sim).get_document().name(PLAIN).send().await.unwrap();
    let missing = ssm(&sim).get_document().name("SSM-SessionManagerRunShell").send().await.unwrap_err();

    assert!(document.content().unwrap().contains("\"sessionType\": \"NonInteractiveCommands\""));
    assert!(missing.into_service_error().is_invalid_document());
}

async fn open(sim: &Sim, document: &str, line: &str) -> Client {
    sim.edit(|fleet| {
        fleet.accounts[0].documents = vec![SessionDocument { name: "own-exec".to_owned(), content: SEPARATE.to_owned() }];
    });
    Client::open(WEB, &start(sim, WEB, Some(document), &[("command", line)]).await, Expected::Command).await
}

async fn run(sim: &Sim, document: &str, line: &str) -> Client {
    let mut client = open(sim, document, line).await;
    client.until_ended().await;
    assert!(matches!(client.events.as_slice(), [Event::Ready(_)]), "{client:?}");
    assert!(matches!(&client.end, Some(End::Closed { output, .. }) if output.as_str().is_empty()), "{client:?}");
    client
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
