//! Signing in from the beginning to the end, by the way that suits.

use tokio::sync::mpsc;

use super::cache::FileName;
use super::flow::Flow;
use super::identity_center::{IdentityCenter, Progress, Told, tell};
use super::return_page::page;
use super::token::Token;
use super::{code, device};
use crate::aws::Error;
use crate::text::Catalogue;

impl IdentityCenter {
    /// Sign in. `told` hears what happens, and opens the browser.
    pub async fn sign_in(&self, flow: Flow, text: &Catalogue, told: mpsc::Sender<Told>) -> Result<(), Error> {
        let token = match flow {
            Flow::DeviceCode => None,
            Flow::AuthorizationCode => code::token(self, &page(text), &told).await?,
        };
        let token = match token {
            Some(token) => token,
            None => {
                if flow == Flow::AuthorizationCode {
                    tell(&told, Progress::FellBack).await;
                }
                device::token(self, &told).await?
            }
        };
        self.keep(&token).await?;
        self.access.forget_roles();
        Ok(())
    }

    /// Write a new sign-in down, for this program and all others.
    async fn keep(&self, token: &Token) -> Result<(), Error> {
        let not_kept = |path: String, cause: String| Error::SignInNotKept { path: path.into(), cause: cause.into() };
        let Some(cache) = &self.access.cache else {
            return Err(not_kept("~/.aws/sso/cache".to_owned(), "there is no home directory".to_owned()));
        };
        let name = FileName::of(self.session().key());
        let _lock = cache.lock(&name).await;
        let path = cache.path(&name).to_string_lossy().into_owned();
        cache.write(&name, token.bytes()).await.map_err(|error| not_kept(path, error.to_string()))
    }
}
