//! IAM Identity Center: signing in to a company, and its portal with the accounts and roles that a sign-in leads to.

mod authorization_code;
mod authorize;
mod clients;
mod desk;
mod device;
mod html;
mod ledger;
mod oidc;
mod pages;
mod portal;
mod redirect;
mod rules;
mod sign_ins;
mod start_url;
mod visit;

pub(super) use desk::answer;
pub(super) use html::Page;
pub(super) use ledger::Ledger;
pub(super) use pages::page;
pub use rules::{Approval, InvalidSignInRules, SignInRules};
