//! The way out to a server: its name, and the proxy on the way that the environment names.

mod address;
mod connect;
mod denied;
mod proxies;
mod proxy;
mod refusal;
mod route;
mod server;
mod socks;
mod wire;

pub use proxies::{BadProxy, Proxies};
pub use proxy::Proxy;
pub use refusal::{Unconnected, deepest};
pub use route::connected;
pub use server::Server;
pub use wire::Wire;
