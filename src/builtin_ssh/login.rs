//! The login by one key, which an agent holds.

use std::time::Duration;

use russh::client::{AuthResult, Handle, Handler};
use russh::keys::agent::client::AgentClient;
use russh::keys::{HashAlg, PublicKey};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::arguments::Call;
use super::trouble::{Trouble, complain};

/// How long an agent may take to list its keys: ours pushes the key again before it does.
const LIST_LIMIT: Duration = Duration::from_secs(30);

/// Log in. No password is asked for, nor anything else that a host may want after the key.
pub(super) async fn log_in<H: Handler<Error = Trouble>>(handle: &mut Handle<H>, call: &Call) -> Result<(), Trouble> {
    let mut methods = Vec::new();
    if let Some((key, mut agent)) = key_at_hand(call).await {
        for hash in hashes(&key, handle).await {
            let tried = handle.authenticate_publickey_with(&call.user, key.clone(), hash, &mut agent).await;
            match tried {
                Ok(AuthResult::Success) => return Ok(()),
                Ok(AuthResult::Failure { remaining_methods, partial_success }) => {
                    methods = remaining_methods.iter().map(|method| <&str>::from(method).to_owned()).collect();
                    if partial_success {
                        let remark = "The host takes the key and wants more, which the built-in SSH client does not give.";
                        return Err(Trouble::Denied { methods, remark: Some(remark.to_owned()) });
                    }
                }
                Err(error) => {
                    complain(&format!("sign_and_send_pubkey: signing failed: {error}"));
                    break;
                }
            }
        }
    }
    if handle.is_closed() {
        return Err(match handle.await {
            Ok(()) => Trouble::Lost,
            Err(trouble) => trouble,
        });
    }
    if methods.is_empty() {
        methods = match handle.authenticate_none(&call.user).await {
            Ok(AuthResult::Success) => return Ok(()),
            Ok(AuthResult::Failure { remaining_methods, .. }) => {
                remaining_methods.iter().map(|method| <&str>::from(method).to_owned()).collect()
            }
            Err(error) => return Err(Trouble::Cut(error)),
        };
    }
    Err(Trouble::Denied { methods, remark: None })
}

/// The public half of the key, and the agent that signs with it.
async fn key_at_hand(call: &Call) -> Option<(PublicKey, AgentClient<UnixStream>)> {
    let (identity, agent) = call.identity.as_ref().zip(call.agent.as_ref())?;
    let line = std::fs::read_to_string(identity).ok()?;
    let key = PublicKey::from_openssh(line.trim()).ok()?;
    let mut agent = AgentClient::connect_uds(agent).await.ok()?;
    // Ours pushes a key that is old once more before it answers this. Of others the answer is not needed, and may hold keys that are odd.
    match timeout(LIST_LIMIT, agent.request_identities()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::debug!("the agent does not list its keys: {error}"),
        Err(_) => return None,
    }
    Some((key, agent))
}

/// The hashes to sign with: of RSA's never SHA-1.
async fn hashes(key: &PublicKey, handle: &Handle<impl Handler>) -> Vec<Option<HashAlg>> {
    if !key.algorithm().is_rsa() {
        return vec![None];
    }
    match handle.best_supported_rsa_hash().await {
        Ok(Some(Some(hash))) => vec![Some(hash)],
        _ => vec![Some(HashAlg::Sha512), Some(HashAlg::Sha256)],
    }
}
