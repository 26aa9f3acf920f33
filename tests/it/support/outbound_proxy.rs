//! Proxies as companies run them: of HTTP, of HTTP under TLS and of SOCKS5, which lead where the test says.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How a proxy is spoken to.
#[derive(Clone)]
pub enum Speech {
    Http,
    Https(Arc<ServerConfig>),
    Socks,
}

/// What a proxy does with whom it lets in.
#[derive(Clone, Copy)]
pub enum Conduct {
    /// Connects to this port of this computer, whatever it is asked.
    LeadsTo(u16),
    /// Says no: the status of HTTP, the reply of SOCKS5.
    Refuses(u16, u8),
}

/// A proxy on loopback.
pub struct OutboundProxy {
    port: u16,
    scheme: &'static str,
    asked: Arc<Mutex<Vec<String>>>,
    serving: tokio::task::JoinHandle<()>,
}

/// `user:word`, if it asks for that.
type Login = Option<&'static str>;

impl OutboundProxy {
    pub async fn start(speech: Speech, login: Login, conduct: Conduct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let scheme = match speech {
            Speech::Http => "http",
            Speech::Https(_) => "https",
            Speech::Socks => "socks5h",
        };
        let seen = Arc::clone(&asked);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served(stream, speech.clone(), login, conduct, Arc::clone(&seen)));
            }
        });
        Self { port, scheme, asked, serving }
    }

    /// Its address with this login (`user:word@`).
    pub fn url(&self, login: &str) -> String {
        format!("{}://{login}127.0.0.1:{}", self.scheme, self.port)
    }

    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What was asked of it by whom it let in: `host:port`, names as names.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for OutboundProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn served(stream: TcpStream, speech: Speech, login: Login, conduct: Conduct, asked: Arc<Mutex<Vec<String>>>) {
    // Whoever hangs up in the middle is a client under test.
    let _ = match speech {
        Speech::Http => of_http(stream, login, conduct, asked).await,
        Speech::Socks => of_socks(stream, login, conduct, asked).await,
        Speech::Https(config) => match TlsAcceptor::from(config).accept(stream).await {
            Ok(stream) => of_http(stream, login, conduct, asked).await,
            Err(error) => Err(error),
        },
    };
}

type Asked = Arc<Mutex<Vec<String>>>;

async fn of_http<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    login: Login,
    conduct: Conduct,
    asked: Asked,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    let wanted = login.map(|login| format!("Proxy-Authorization: Basic {}\r\n", STANDARD.encode(login)));
    if wanted.is_some_and(|wanted| !head.contains(&wanted)) {
        return stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    }
    let mut words = head.split(' ');
    assert_eq!(words.next(), Some("CONNECT"), "{head}");
    let target = words.next().unwrap().to_owned();
    asked.lock().unwrap().push(target.clone());
    if let Conduct::Refuses(status, _) = conduct {
        return stream.write_all(format!("HTTP/1.1 {status} Not today\r\n\r\n").as_bytes()).await;
    }
    let mut server = dialled(&target, conduct).await?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut stream, &mut server).await.map(drop)
}

/// RFC 1928 and RFC 1929, the server's side.
async fn of_socks(mut stream: TcpStream, login: Login, conduct: Conduct, asked: Asked) -> std::io::Result<()> {
    assert_eq!(stream.read_u8().await?, 5);
    let mut methods = vec![0; stream.read_u8().await?.into()];
    stream.read_exact(&mut methods).await?;
    let method = if login.is_some() { 2 } else { 0 };
    if !methods.contains(&method) {
        return stream.write_all(&[5, 0xff]).await;
    }
    stream.write_all(&[5, method]).await?;
    if let Some(login) = login {
        assert_eq!(stream.read_u8().await?, 1);
        let mut said = Vec::new();
        for _ in 0..2 {
            let mut part = vec![0; stream.read_u8().await?.into()];
            stream.read_exact(&mut part).await?;
            said.push(String::from_utf8(part).unwrap());
        }
        let is_right = said.join(":") == login;
        stream.write_all(&[1, u8::from(!is_right)]).await?;
        if !is_right {
            return Ok(());
        }
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await?;
    assert_eq!(request[..3], [5, 1, 0]);
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            stream.read_exact(&mut address).await?;
            Ipv4Addr::from(address).to_string()
        }
        3 => {
            let mut name = vec![0; stream.read_u8().await?.into()];
            stream.read_exact(&mut name).await?;
            String::from_utf8(name).unwrap()
        }
        kind => panic!("an address of the kind {kind}"),
    };
    let target = format!("{host}:{}", stream.read_u16().await?);
    asked.lock().unwrap().push(target.clone());
    if let Conduct::Refuses(_, reply) = conduct {
        return stream.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).await;
    }
    let mut server = dialled(&target, conduct).await?;
    // A name as the bound address: of any length, and still not one byte of the server's.
    stream.write_all(&[5, 0, 0, 3, 4, b'h', b'e', b'r', b'e', 0, 1]).await?;
    copy_bidirectional(&mut stream, &mut server).await.map(drop)
}

async fn dialled(target: &str, conduct: Conduct) -> std::io::Result<TcpStream> {
    let Conduct::LeadsTo(port) = conduct else { panic!("{target} is refused") };
    TcpStream::connect(("127.0.0.1", port)).await
}

/// A certificate for this name, signed by itself, which is added to the bundle.
pub fn certificate(name: &str, bundle: &Path) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new([name.to_owned()]).unwrap();
    // Of its own name, so that one that is not known is an unknown issuer and not a bad signature.
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let own = format!("proxy {}", NUMBER.fetch_add(1, Ordering::Relaxed));
    parameters.distinguished_name.push(DnType::CommonName, own);
    let certificate = parameters.self_signed(&key).unwrap();
    let encoded = STANDARD.encode(certificate.der());
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    let mut known = std::fs::read_to_string(bundle).unwrap_or_default();
    known.push_str(&pem);
    std::fs::write(bundle, known).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}
