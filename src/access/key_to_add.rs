//! Which key of this computer an instance would be told to take.

use std::path::PathBuf;

use ec2dash_keys::PublicKey;

use super::users::login;
use super::{ConnectOptions, KeyProblem, Local, Login};
use crate::model::{Instance, Os};

/// A key of this computer, and the user of an instance who would take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyToAdd {
    /// Who would take it.
    pub user: Login,
    /// Its public half.
    pub public: PublicKey,
    /// Where its private half is; `None`: with the user's agent.
    pub file: Option<PathBuf>,
}

/// Who would take a key: a user of a Linux. What a domain's directory knows has its keys where that says.
pub fn taker(instance: &Instance, options: &ConnectOptions) -> Option<Login> {
    let (user, _) = login(instance, options);
    (instance.os == Os::Linux && !user.as_str().contains(['@', '$'])).then_some(user)
}

/// The key that somebody asked for, else the one that `ssh` tries by itself, as far as one can be used: none is sent anywhere whose private
/// half is not here.
pub fn key_to_add(instance: &Instance, options: &ConnectOptions, local: &Local) -> Option<KeyToAdd> {
    let user = taker(instance, options)?;
    let of_file = |file: &super::KeyFile| {
        let is_usable = file.is_opened_here() || matches!(file.problem, None | Some(KeyProblem::TooOpen));
        let public = file.public.clone().filter(|_| is_usable)?;
        Some(KeyToAdd { user: user.clone(), public, file: Some(file.path.clone()) })
    };
    if options.key.is_some() {
        return of_file(local.keys.key_of(instance, options.key.as_deref()).file?);
    }
    let own = local.keys.usual_file().and_then(of_file);
    own.or_else(|| {
        let public = local.keys.first_of_agent()?.public.clone();
        Some(KeyToAdd { user: user.clone(), public, file: None })
    })
}
