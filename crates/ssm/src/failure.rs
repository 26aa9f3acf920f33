//! Why a session ended that should not have.

use super::foreign::Foreign;

/// Each ends the session; none is repaired by waiting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing came for 20 s of being connected.
    #[error("the instance has not answered: its agent is stopped or cut off")]
    NoAnswer,
    /// The handshake began and stopped.
    #[error("the handshake stopped: still waiting for {step}")]
    HandshakeTimedOut {
        /// What did not come.
        step: Step,
    },
    /// A message of the handshake does not read.
    #[error("the agent's {step} does not read")]
    UnreadableHandshake {
        /// Which message.
        step: Step,
    },
    /// A message came where the handshake wants another.
    #[error("the agent sent something else where {step} was due")]
    OutOfStep {
        /// What was due.
        step: Step,
    },
    /// A type of session that no client knows, or none at all.
    #[error("the agent offers a session of an unknown type")]
    UnknownSessionType {
        /// What the agent calls it.
        session_type: Foreign,
    },
    /// Not the kind of session that was asked for.
    #[error("the agent offers another kind of session than was asked for")]
    UnexpectedSession {
        /// What the agent calls it.
        session_type: Foreign,
    },
    /// A request of the agent's that we do not know.
    #[error("the agent asks for something this client does not know")]
    UnsupportedAction {
        /// What the agent calls it.
        action_type: Foreign,
    },
    /// The session must be encrypted and KMS gave us no key.
    #[error("the session must be encrypted and there is no key for it: {reason}")]
    KeyRefused {
        /// The caller's own words for why.
        reason: String,
    },
    /// The agent's challenge is sealed with another key than ours, or is not sealed at all.
    #[error("the agent does not have this session's key")]
    WrongKey,
    /// The agent ended the handshake of an encrypted session without proof that it has the key.
    #[error("the agent skipped the proof that it has this session's key")]
    ChallengeSkipped,
    /// The agent sent clear text in an encrypted session.
    #[error("the agent sent clear text in an encrypted session")]
    ClearText,
    /// A message came damaged, or sealed with another key, again and again.
    #[error("message {sequence} arrives damaged each time")]
    Integrity {
        /// Which message.
        sequence: u64,
    },
    /// A message is larger than any can be.
    #[error("the far side sent a message of more than 1 MiB")]
    TooLarge,
    /// A message of ours was not acknowledged for five minutes of being connected.
    #[error("the instance stopped answering")]
    Unanswered,
    /// The far side breaks the protocol of multiplexed connections.
    #[error("the agent broke the protocol of multiplexed connections: {0}")]
    Multiplexing(super::streams::Broken),
}

/// A message of the handshake that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Of the agent's: what the session is.
    Request,
    /// Of the caller's: the data key.
    Key,
    /// Of the agent's: the encrypted challenge.
    Challenge,
    /// Of the agent's: the end of the handshake.
    Completion,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Request => "handshake request",
            Self::Key => "data key",
            Self::Challenge => "encryption challenge",
            Self::Completion => "end of the handshake",
        })
    }
}

impl Failure {
    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAnswer => "ssm-no-answer",
            Self::HandshakeTimedOut { .. } => "ssm-handshake-timed-out",
            Self::UnreadableHandshake { .. } => "ssm-handshake-unreadable",
            Self::OutOfStep { .. } => "ssm-handshake-out-of-step",
            Self::UnknownSessionType { .. } => "ssm-unknown-session-type",
            Self::UnexpectedSession { .. } => "ssm-unexpected-session",
            Self::UnsupportedAction { .. } => "ssm-unsupported-action",
            Self::KeyRefused { .. } => "ssm-key-refused",
            Self::WrongKey => "ssm-wrong-key",
            Self::ChallengeSkipped => "ssm-challenge-skipped",
            Self::ClearText => "ssm-clear-text",
            Self::Integrity { .. } => "ssm-integrity",
            Self::TooLarge => "ssm-message-too-large",
            Self::Unanswered => "ssm-unanswered",
            Self::Multiplexing(_) => "ssm-multiplexing",
        }
    }
}
