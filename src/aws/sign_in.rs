//! Signing in with a browser: what the files on this computer tell of it, and doing it.

mod access;
mod cache;
mod callback;
mod code;
mod device;
mod directory;
mod flow;
mod identity_center;
mod link;
mod loss;
mod names;
mod oidc;
mod pkce;
mod portal;
mod registration;
mod return_page;
mod sign_out;
mod signing_in;
mod sso_session;
mod standing;
mod token;
mod token_source;

pub(super) use access::{RoleOfSession, SsoAccess};
pub use access::{SignInFile, SignInStamp, settled};
pub(super) use cache::{Cache, FileName, Found};
pub use flow::{Flow, FlowWishes};
pub use identity_center::{IdentityCenter, Progress, SignInPage, Told};
pub use link::SignInLink;
pub(super) use loss::Loss;
pub use names::region_in_start_url;
pub(super) use registration::quoted;
pub use sign_out::SignedOut;
pub use sso_session::SsoSession;
pub use standing::SignIn;
pub(super) use standing::of;
