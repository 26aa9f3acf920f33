//! Where a browser is sent after a sign-in: a program on this computer, and nowhere else.

/// An address of a program that listens on loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    host: String,
    port: Option<u16>,
    path: String,
}

impl Redirect {
    /// Reads `http://127.0.0.1:49152/oauth/callback`, with or without the port.
    pub(super) fn read(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("http://")?;
        let (authority, path) = rest.split_at(rest.find('/')?);
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port != 0)?)),
            None => (authority, None),
        };
        let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\\"<>".contains(&byte));
        (matches!(host, "127.0.0.1" | "localhost") && is_plain).then(|| Self {
            host: host.to_owned(),
            port,
            path: path.to_owned(),
        })
    }

    /// Whether this is what was registered: the port is free, as the program takes one when it needs it.
    pub(super) fn fits(&self, registered: &Self) -> bool {
        self.host == registered.host
            && self.path == registered.path
            && (registered.port.is_none() || self.port == registered.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_over_http_without_a_query_is_an_address() {
        assert!(Redirect::read("http://127.0.0.1:49152/oauth/callback").is_some());
        for text in [
            "https://127.0.0.1/oauth/callback",
            "http://127.0.0.1",
            "http://127.0.0.1:0/x",
            "http://127.0.0.1:99999/x",
            "http://127.0.0.1:80@evil.example/x",
            "http://evil.example/oauth/callback",
            "http://127.0.0.1.evil.example/x",
            "http://127.0.0.1/x?y",
            "http://127.0.0.1/x\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
        ] {
            assert_eq!(Redirect::read(text), None, "{text}");
        }
    }

    #[test]
    fn the_port_is_free_and_the_path_is_not() {
        let registered = Redirect::read("http://127.0.0.1/oauth/callback").unwrap();
        let fits = |text: &str| Redirect::read(text).unwrap().fits(&registered);

        assert!(fits("http://127.0.0.1:49152/oauth/callback") && fits("http://127.0.0.1/oauth/callback"));
        assert!(!fits("http://127.0.0.1:49152/other") && !fits("http://localhost/oauth/callback"));
    }
}
