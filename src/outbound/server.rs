//! Whom a connection leads to.

/// Whom to connect to.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// The host, without the brackets of an IPv6 address.
    pub host: &'a str,
    /// The port.
    pub port: u16,
}

impl Server<'_> {
    /// `host:port`, an IPv6 address in brackets.
    pub(super) fn authority(&self) -> String {
        match self.host {
            address if address.contains(':') => format!("[{address}]:{}", self.port),
            name => format!("{name}:{}", self.port),
        }
    }
}
