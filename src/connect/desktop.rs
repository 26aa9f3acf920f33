//! The certificate that a Windows desktop shows, read before anybody types a password into it.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme};
use sha1::{Digest, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::model::Thumbprint;

/// How long all of it may take: an endpoint needs seconds to find out that nobody listens.
const PATIENCE: Duration = Duration::from_secs(20);
/// An X.224 connection request that asks for TLS or CredSSP ([MS-RDPBCGR] 2.2.1.1).
const REQUEST: [u8; 19] = [3, 0, 0, 0x13, 0x0e, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0];
/// Longest confirmation that is read.
const MOST: usize = 512;

/// What came of asking.
#[derive(Debug)]
pub enum DesktopAnswer {
    /// A desktop, with this certificate.
    Certificate(Shown),
    /// A desktop whose certificate could not be read.
    Unread(io::Error),
    /// No desktop.
    Nothing(io::Error),
}

/// A certificate that was shown, by its hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// As Windows tells it on the console.
    pub thumbprint: Thumbprint,
    sha256: [u8; 32],
}

impl Shown {
    fn of(certificate: &[u8]) -> Self {
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest::digest(&digest::SHA256, certificate).as_ref());
        Self { thumbprint: Thumbprint::new(Sha1::digest(certificate).into()), sha256 }
    }

    /// SHA-256 as FreeRDP asks about it: `a1:b2:…`.
    pub fn sha256(&self) -> String {
        let bytes: Vec<String> = self.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        bytes.join(":")
    }
}

/// Connect to `address`, where a desktop is or a tunnel leads to one, and see its certificate. Nobody logs in.
pub async fn desktop_answer(address: SocketAddr) -> DesktopAnswer {
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let stream = match timeout(PATIENCE, asked(address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return DesktopAnswer::Nothing(error),
        Err(_) => return DesktopAnswer::Nothing(late()),
    };
    match timeout(PATIENCE, certificate(stream)).await {
        Ok(Ok(shown)) => DesktopAnswer::Certificate(shown),
        Ok(Err(error)) => DesktopAnswer::Unread(error),
        Err(_) => DesktopAnswer::Unread(late()),
    }
}

/// A connection whose far side has said that it is a desktop.
async fn asked(address: SocketAddr) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&REQUEST).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let odd = || io::Error::new(io::ErrorKind::InvalidData, "no desktop speaks there");
    let [3, _, high, low] = head else { return Err(odd()) };
    let rest = usize::from(u16::from_be_bytes([high, low])).checked_sub(head.len()).filter(|rest| (1..=MOST).contains(rest));
    let mut confirm = vec![0; rest.ok_or_else(odd)?];
    stream.read_exact(&mut confirm).await?;
    Ok(stream)
}

async fn certificate(stream: TcpStream) -> io::Result<Shown> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let seen = Arc::new(Seen { shown: Mutex::default(), provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config =
        config.map_err(io::Error::other)?.dangerous().with_custom_certificate_verifier(seen.clone()).with_no_client_auth();
    let name = ServerName::try_from("desktop.invalid").map_err(io::Error::other)?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let shown = *seen.shown.lock().unwrap_or_else(PoisonError::into_inner);
    match (connected, shown) {
        // Only who holds the key comes to the end of the handshake.
        (Ok(_), Some(shown)) => Ok(shown),
        (Ok(_), None) => Err(io::Error::other("no certificate")),
        (Err(error), _) => Err(error),
    }
}

/// Notes the certificate that is shown. Windows signs its own, so that nothing but its thumbprint says whose it is; that it comes from who
/// holds its key is checked.
#[derive(Debug)]
struct Seen {
    shown: Mutex<Option<Shown>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(Shown::of(end_entity));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
