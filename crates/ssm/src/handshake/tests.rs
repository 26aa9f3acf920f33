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
        let (_, acts) = complete(state);

        assert!(matches!(&acts[..], [Act::Begin(session)] if session.kind == SessionKind::Port(mode)), "{version}: {acts:?}");
    }
}

#[test]
fn an_unknown_session_type_is_refused_in_the_references_words() {
    let (state, acts) = request("3.3.987.0", &[&SHELL.replace("Standard_Stream", "Foo")], Expected::Any);

    let response = response(&acts);
    assert_eq!(response.actions[0].status, ActionStatus::Failed);
    assert_eq!(response.actions[0].error, "Failed to process action SessionType: Unknown session type Foo");
    assert_eq!(response.errors, ["Unknown session type Foo"]);
    assert!(matches!(acts[1], Act::Fail(Failure::UnknownSessionType { .. })));
    assert!(state.is_over());
}

#[test]
fn another_kind_of_session_than_asked_for_is_refused() {
    let (_, acts) = request("3.3.987.0", &[PORT], Expected::Terminal);

    assert_eq!(response(&acts).actions[0].status, ActionStatus::Failed);
    assert!(matches!(acts[1], Act::Fail(Failure::UnexpectedSession { .. })));
}

#[test]
fn an_unknown_action_is_unsupported_and_ends_the_session() {
    let dance = r#"{"ActionType":"Dance","ActionParameters":{}}"#;

    let (_, acts) = request("3.3.987.0", &[SHELL, dance], Expected::Any);

    let response = response(&acts);
    assert_eq!(response.actions[0].status, ActionStatus::Success);
    assert_eq!(response.actions[1].status, ActionStatus::Unsupported);
    assert_eq!(response.actions[1].error, "Unsupported action Dance");
    assert!(matches!(acts[1], Act::Fail(Failure::UnsupportedAction { .. })));
}

#[test]
fn a_key_is_asked_for_with_the_challenge_as_received() {
    let (state, acts) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);

    let [Act::AskKey(wanted)] = &acts[..] else { panic!("{acts:?}") };
    assert_eq!(wanted.key_id.as_str(), "alias/session");
    assert_eq!(
        wanted.context,
        BTreeMap::from([
            ("aws:ssm:SessionId".to_owned(), "alice-1".to_owned()),
            ("aws:ssm:TargetId".to_owned(), "i-1".to_owned()),
            ("aws:ssm:RandomChallenge".to_owned(), "MDEy".to_owned()),
        ])
    );
    let (_, acts) = state.key(vec![1, 2, 3]);
    let key = response(&acts).actions[1].result.clone().unwrap();
    assert_eq!(key, SealedKey { ciphertext: vec![1, 2, 3], challenge_acknowledged: Some(true) });
}

#[test]
fn without_a_challenge_none_is_bound_and_none_acknowledged() {
    let (state, acts) = request("3.0.0.0", &[SHELL, KMS_WITHOUT_CHALLENGE], Expected::Terminal);

    let [Act::AskKey(wanted)] = &acts[..] else { panic!("{acts:?}") };
    assert!(!wanted.context.contains_key("aws:ssm:RandomChallenge"));
    let (_, acts) = state.key(vec![1]);
    assert_eq!(response(&acts).actions[1].result.as_ref().unwrap().challenge_acknowledged, None);
}

#[test]
fn a_refused_key_is_told_to_the_agent_and_ends_the_session() {
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);

    let (state, acts) = state.key_refused("kms:GenerateDataKey is denied".to_owned());

    let response = response(&acts);
    assert_eq!(response.actions[1].status, ActionStatus::Failed);
    assert_eq!(response.actions[1].result, None);
    assert!(matches!(acts[1], Act::Fail(Failure::KeyRefused { .. })));
    assert!(state.is_over());
}

#[test]
fn a_challenge_sealed_with_another_key_is_refused() {
    let state = keyed();
    let mut agent = Cipher::agent(&DataKey::new(&[2; 64]).unwrap(), [0; 12]);
    let challenge = Challenge { sealed: agent.seal(&[7; 64]) }.to_payload();

    let acts = hear_sealed(state, PayloadType::ChallengeRequest, &challenge);

    assert!(matches!(acts[..], [Act::Fail(Failure::WrongKey)]), "{acts:?}");
}

#[test]
fn a_challenge_that_is_none_is_refused() {
    for challenge in [&b"{\"Challenge\":\"!\"}"[..], b"x", b"{\"Challenge\":7}"] {
        let acts = hear_sealed(keyed(), PayloadType::ChallengeRequest, challenge);

        assert!(matches!(acts[..], [Act::Fail(Failure::UnreadableHandshake { step: Step::Challenge })]), "{acts:?}");
    }
    let acts = hear_sealed(keyed(), PayloadType::ChallengeRequest, b"{\"Challenge\":\"AAAA\"}");
    assert!(matches!(acts[..], [Act::Fail(Failure::WrongKey)]), "{acts:?}");
}

#[test]
fn a_handshake_that_skips_the_challenge_is_refused() {
    let acts = hear_sealed(keyed(), PayloadType::HandshakeComplete, b"{}");

    assert!(matches!(acts[..], [Act::Fail(Failure::ChallengeSkipped)]), "{acts:?}");
}

#[test]
fn data_before_the_end_of_the_handshake_is_refused() {
    let acts = hear_sealed(keyed(), PayloadType::Output, b"clear text");

    assert!(matches!(acts[..], [Act::Fail(Failure::OutOfStep { step: Step::Challenge })]), "{acts:?}");
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);
    let (_, acts) = state.hear(PayloadType::Output, b"clear text", None, &terms(Expected::Terminal));
    assert!(matches!(acts[..], [Act::Fail(Failure::OutOfStep { step: Step::Key })]), "{acts:?}");
}

#[test]
fn output_without_a_handshake_is_a_shell_if_one_is_expected() {
    for (expected, begins) in
        [(Expected::Any, true), (Expected::Terminal, true), (Expected::Command, false), (Expected::Port, false)]
    {
        let (_, acts) = Handshake::Waiting.hear(PayloadType::Output, b"$ ", None, &terms(expected));

        assert_eq!(matches!(acts[..], [Act::Begin(_)]), begins, "{expected:?}");
    }
}

#[test]
fn any_other_first_message_changes_nothing() {
    for payload_type in [PayloadType::StdErr, PayloadType::HandshakeComplete, PayloadType::Flag] {
        let (state, acts) = Handshake::Waiting.hear(payload_type, b"x", None, &terms(Expected::Any));

        assert!(state.is_waiting() && acts.is_empty());
    }
}

#[test]
fn a_request_that_does_not_read_or_names_no_session_is_refused() {
    let (_, acts) = Handshake::Waiting.hear(PayloadType::HandshakeRequest, b"{", None, &terms(Expected::Any));
    assert!(matches!(acts[..], [Act::Fail(Failure::UnreadableHandshake { step: Step::Request })]));

    let (_, acts) = request("3.3.987.0", &[KMS], Expected::Any);
    assert!(matches!(acts[..], [Act::Send(..), Act::Fail(Failure::UnknownSessionType { .. })]), "{acts:?}");
}

fn request(agent_version: &str, actions: &[&str], expected: Expected) -> (Handshake, Vec<Act>) {
    let payload = format!(r#"{{"AgentVersion":"{agent_version}","RequestedClientActions":[{}]}}"#, actions.join(","));
    Handshake::Waiting.hear(PayloadType::HandshakeRequest, payload.as_bytes(), None, &terms(expected))
}

fn complete(state: Handshake) -> (Handshake, Vec<Act>) {
    let payload = br#"{"HandshakeTimeToComplete":1,"CustomerMessage":""}"#;
    state.hear(PayloadType::HandshakeComplete, payload, None, &terms(Expected::Any))
}

/// A handshake that waits for the proof that the agent has the key.
fn keyed() -> Handshake {
    let (state, _) = request("3.3.987.0", &[SHELL, KMS], Expected::Terminal);
    state.key(vec![1]).0
}

fn hear_sealed(state: Handshake, payload_type: PayloadType, payload: &[u8]) -> Vec<Act> {
    let mut cipher = Cipher::client(&DataKey::new(&[1; 64]).unwrap(), [0; 12]);
    let (after, acts) = state.hear(payload_type, payload, Some(&mut cipher), &terms(Expected::Terminal));
    assert!(after.is_over());
    acts
}

fn response(acts: &[Act]) -> HandshakeResponse {
    let Some(Act::Send(PayloadType::HandshakeResponse, payload)) = acts.first() else { panic!("{acts:?}") };
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
