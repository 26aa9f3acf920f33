//! Signing in with a browser: what the files on this computer tell of it, and doing it.

mod standing;

pub use standing::SignIn;
pub(super) use standing::of;
