//! What a client answers to each request of an agent.

use super::*;

const PORT: &str = r#"{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port",
    "Properties":{"portNumber":"8080","localPortNumber":"0","type":"LocalPortForwarding"}}}"#;
const SHELL: &str = r#"{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}}"#;
const KMS: &str = r#"{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/session","Challenge":"MDEy"}}"#;
const KMS_WITHOUT_CHALLENGE: &str = r#"{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/session"}}"#;

#[test]
fn the_agents_version_and_properties_decide_how_a_port_is_carried() {
    let ssh = PORT.replace(r#","type":"LocalPortForwarding""#, "");

    for (version, action, mode) in [
        ("3.3.987.0", PORT, PortMode::Multiplexed),
        ("3.0.197.0", PORT, PortMode::Multiplexed),
        ("3.0.196.0", PORT, PortMode::OneByOne),
        ("2.3.700.0", PORT, PortMode::OneByOne),
        ("3.3.987", PORT, PortMode::OneByOne),
        ("3.3.987.0", ssh.as_str(), PortMode::Single),
    ] {
        let (state, _) = request(version, &[action], Expected::Port);
        let (_, effects) = complete(state);

        assert!(
            matches!(&effects[..], [Effect::Begin(session)] if session.kind == SessionKind::Port(mode)),
            "{version}: {effects:?}"
        );
    }
}

#[test]
fn an_unknown_session_type_is_refused_in_the_references_words() {
    let (state, effects) = request("3.3.987.0", &[&SHELL.replace("Standard_Stream", "Foo")], Expected::Any);

    let response = response(&effects);
    assert_eq!(response.actions[0].status, ActionStatus::Failed);
    assert_eq!(response.actions[0].error, "Failed to process action SessionType: Unknown session type Foo");
    assert_eq!(response.errors, ["Unknown session type Foo"]);
    assert!(matches!(effects[1], Effect::Fail(Failure::UnknownSessionType { .. })));
    assert!(state.is_over());
}

#[test]
fn another_kind_of_session_than_asked_for_is_refused() {
    let (_, effects) = request("3.3.987.0", &[PORT], Expected::Terminal);

    assert_eq!(response(&effects).actions[0].status, ActionStatus::Failed);
    assert!(matches!(effects[1], Effect::Fail(Failure::UnexpectedSession { .. })));
}

#[test]
fn an_unknown_action_is_unsupported_and_ends_the_session() {
    let dance = r#"{"ActionType":"Dance","ActionParameters":{}}"#;

    let (_, effects) = request("3.3.987.0", &[SHELL, dance], Expected::Any);

    let response = response(&effects);
    assert_eq!(response.actions[0].status, ActionStatus::Success);
    assert_eq!(response.actions[1].status, ActionStatus::Unsupported);
    assert_eq!(response.actions[1].error, "Unsupported action Dance");
    assert!(matches!(effects[1], Effect::Fail(Failure::UnsupportedAction { .. })));
}

#[test]
fn a_key_is_asked_for_with_the_challenge_as_received() {
    let (state, effects) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);

    let [Effect::AskKey(wanted)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(wanted.key_id.as_str(), "alias/session");
    assert_eq!(
        wanted.context,
        BTreeMap::from([
            ("aws:ssm:SessionId".to_owned(), "alice-1".to_owned()),
            ("aws:ssm:TargetId".to_owned(), "i-1".to_owned()),
            ("aws:ssm:RandomChallenge".to_owned(), "MDEy".to_owned()),
        ])
    );
    let (_, effects) = state.key(vec![1, 2, 3]);
    let key = response(&effects).actions[1].result.clone().unwrap();
    assert_eq!(key, SealedKey { ciphertext: vec![1, 2, 3], challenge_acknowledged: Some(true) });
}

#[test]
fn without_a_challenge_none_is_bound_and_none_acknowledged() {
    let (state, effects) = request("3.0.0.0", &[SHELL, KMS_WITHOUT_CHALLENGE], Expected::Terminal);

    let [Effect::AskKey(wanted)] = &effects[..] else { panic!("{effects:?}") };
    assert!(!wanted.context.contains_key("aws:ssm:RandomChallenge"));
    let (_, effects) = state.key(vec![1]);
    assert_eq!(response(&effects).actions[1].result.as_ref().unwrap().challenge_acknowledged, None);
}

#[test]
fn a_refused_key_is_told_to_the_agent_and_ends_the_session() {
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);

    let (state, effects) = state.key_refused("kms:GenerateDataKey is denied".to_owned());

    let response = response(&effects);
    assert_eq!(response.actions[1].status, ActionStatus::Failed);
    assert_eq!(response.actions[1].result, None);
    assert!(matches!(effects[1], Effect::Fail(Failure::KeyRefused { .. })));
    assert!(state.is_over());
}

#[test]
fn a_challenge_sealed_with_another_key_is_refused() {
    let state = keyed();
    let mut agent = Cipher::agent(&DataKey::new(&[2; 64]).unwrap(), [0; 12]);
    let challenge = Challenge { sealed: agent.seal(&[7; 64]) }.to_payload();

    let effects = handle_sealed(state, PayloadType::ChallengeRequest, &challenge);

    assert!(matches!(effects[..], [Effect::Fail(Failure::WrongKey)]), "{effects:?}");
}

#[test]
fn a_challenge_that_is_none_is_refused() {
    for challenge in [&b"{\"Challenge\":\"!\"}"[..], b"x", b"{\"Challenge\":7}"] {
        let effects = handle_sealed(keyed(), PayloadType::ChallengeRequest, challenge);

        assert!(matches!(effects[..], [Effect::Fail(Failure::UnreadableHandshake { step: Step::Challenge })]), "{effects:?}");
    }
    let effects = handle_sealed(keyed(), PayloadType::ChallengeRequest, b"{\"Challenge\":\"AAAA\"}");
    assert!(matches!(effects[..], [Effect::Fail(Failure::WrongKey)]), "{effects:?}");
}

#[test]
fn a_handshake_that_skips_the_challenge_is_refused() {
    let effects = handle_sealed(keyed(), PayloadType::HandshakeComplete, b"{}");

    assert!(matches!(effects[..], [Effect::Fail(Failure::ChallengeSkipped)]), "{effects:?}");
}

#[test]
fn data_before_the_end_of_the_handshake_is_refused() {
    let effects = handle_sealed(keyed(), PayloadType::Output, b"clear text");

    assert!(matches!(effects[..], [Effect::Fail(Failure::OutOfStep { step: Step::Challenge })]), "{effects:?}");
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);
    let (_, effects) = state.handle_message(PayloadType::Output, b"clear text", None, &terms(Expected::Terminal));
    assert!(matches!(effects[..], [Effect::Fail(Failure::OutOfStep { step: Step::Key })]), "{effects:?}");
}

#[test]
fn a_request_that_comes_again_is_answered_the_same() {
    let (state, first) = request("3.3.987.0", &[SHELL], Expected::Terminal);
    let again = format!(r#"{{"AgentVersion":"3.3.987.0","RequestedClientActions":[{SHELL}]}}"#);

    let (state, second) = state.handle_message(PayloadType::HandshakeRequest, again.as_bytes(), None, &terms(Expected::Terminal));

    assert_eq!(response(&second), response(&first));
    let (_, effects) = complete(state);
    assert!(matches!(effects[..], [Effect::Begin(_)]), "{effects:?}");
    let (mut state, mut effects) = request("3.3.987.0", &[SHELL], Expected::Terminal);
    for _ in 0..=MOST_REPEATED {
        assert!(matches!(effects[..], [Effect::Send(..)]), "{effects:?}");
        (state, effects) =
            state.handle_message(PayloadType::HandshakeRequest, again.as_bytes(), None, &terms(Expected::Terminal));
    }
    assert!(matches!(effects[..], [Effect::Fail(Failure::OutOfStep { .. })]), "{effects:?}");
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);
    let (state, effects) =
        state.handle_message(PayloadType::HandshakeRequest, again.as_bytes(), None, &terms(Expected::Terminal));
    assert!(effects.is_empty(), "the key is still to come: {effects:?}");
    assert!(matches!(state.key(vec![1]).1[..], [Effect::Send(PayloadType::HandshakeResponse, _)]));
}

#[test]
fn output_without_a_handshake_is_a_shell_if_one_is_expected() {
    for (expected, begins) in
        [(Expected::Any, true), (Expected::Terminal, true), (Expected::Command, false), (Expected::Port, false)]
    {
        let (_, effects) = Handshake::Waiting.handle_message(PayloadType::Output, b"$ ", None, &terms(expected));

        assert_eq!(matches!(effects[..], [Effect::Begin(_)]), begins, "{expected:?}");
    }
}

#[test]
fn any_other_first_message_changes_nothing() {
    for payload_type in [PayloadType::StdErr, PayloadType::HandshakeComplete, PayloadType::Flag] {
        let (state, effects) = Handshake::Waiting.handle_message(payload_type, b"x", None, &terms(Expected::Any));

        assert!(state.is_waiting() && effects.is_empty());
    }
}

#[test]
fn a_request_that_does_not_read_or_names_no_session_is_refused() {
    let (_, effects) = Handshake::Waiting.handle_message(PayloadType::HandshakeRequest, b"{", None, &terms(Expected::Any));
    assert!(matches!(effects[..], [Effect::Fail(Failure::UnreadableHandshake { step: Step::Request })]));

    let (_, effects) = request("3.3.987.0", &[KMS], Expected::Any);
    assert!(matches!(effects[..], [Effect::Send(..), Effect::Fail(Failure::UnknownSessionType { .. })]), "{effects:?}");
}

fn request(agent_version: &str, actions: &[&str], expected: Expected) -> (Handshake, Vec<Effect>) {
    let payload = format!(r#"{{"AgentVersion":"{agent_version}","RequestedClientActions":[{}]}}"#, actions.join(","));
    Handshake::Waiting.handle_message(PayloadType::HandshakeRequest, payload.as_bytes(), None, &terms(expected))
}

fn complete(state: Handshake) -> (Handshake, Vec<Effect>) {
    let payload = br#"{"HandshakeTimeToComplete":1,"CustomerMessage":""}"#;
    state.handle_message(PayloadType::HandshakeComplete, payload, None, &terms(Expected::Any))
}

/// A handshake that waits for the proof that the agent has the key.
fn keyed() -> Handshake {
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);
    state.key(vec![1]).0
}

fn handle_sealed(state: Handshake, payload_type: PayloadType, payload: &[u8]) -> Vec<Effect> {
    let mut cipher = Cipher::client(&DataKey::new(&[1; 64]).unwrap(), [0; 12]);
    let (after, effects) = state.handle_message(payload_type, payload, Some(&mut cipher), &terms(Expected::Terminal));
    assert!(after.is_over());
    effects
}

fn response(effects: &[Effect]) -> HandshakeResponse {
    let Some(Effect::Send(PayloadType::HandshakeResponse, payload)) = effects.first() else { panic!("{effects:?}") };
    HandshakeResponse::from_payload(payload).unwrap()
}

fn terms(expected: Expected) -> Terms {
    Terms {
        expected,
        session_id: "alice-1".to_owned(),
        target: "i-1".to_owned(),
        client_version: super::super::CLIENT_VERSION.to_owned(),
    }
}
