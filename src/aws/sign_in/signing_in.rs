//! Signing in from the beginning to the end, by the way that suits.

use std::io;

use tokio::sync::mpsc;

use super::cache::{Cache, FileName};
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
        self.may_keep().await?;
        self.find_portal(&told).await?;
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

    /// Whoever confirms a sign-in at its page is not told afterwards that it cannot be written down.
    async fn may_keep(&self) -> Result<(), Error> {
        let (cache, name) = self.place()?;
        let _lock = cache.lock(&name).await;
        cache.draft(&name).await.map(drop).map_err(|error| not_kept(cache, &name, &error))
    }

    /// Write a new sign-in down, for this program and all others.
    async fn keep(&self, token: &Token) -> Result<(), Error> {
        let (cache, name) = self.place()?;
        let _lock = cache.lock(&name).await;
        cache.write(&name, token.bytes()).await.map_err(|error| not_kept(cache, &name, &error))
    }

    /// Where it is written down.
    fn place(&self) -> Result<(&Cache, FileName), Error> {
        let name = FileName::of(self.session().key());
        let homeless = || Error::SignInNotKept { path: "~/.aws/sso/cache".into(), cause: "there is no home directory".into() };
        self.access.cache.as_ref().map(|cache| (cache, name)).ok_or_else(homeless)
    }
}

fn not_kept(cache: &Cache, name: &FileName, error: &io::Error) -> Error {
    let path = cache.path(name).to_string_lossy().into_owned();
    Error::SignInNotKept { path: path.into(), cause: error.to_string().into() }
}
