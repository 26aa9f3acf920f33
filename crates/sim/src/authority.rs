//! The certificate authority of a simulated cloud, and the certificates it shows.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use super::fault::CertificateFlaw;

/// Columns of a PEM file (RFC 7468).
const COLUMNS: usize = 64;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be made.
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
    /// The TLS library does not take it.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// An authority that nobody else trusts; its keys are in memory alone.
pub(super) struct Authority {
    certificate: CertificateDer<'static>,
    sound: Arc<ServerConfig>,
    flawed: Vec<(CertificateFlaw, Arc<ServerConfig>)>,
}

/// What signs, as long as certificates are made.
struct Signer {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one. Each has a name of its own, so that a file left of another is an unknown issuer and not a bad signature.
    pub(super) fn new(now: SystemTime) -> Result<Self, Error> {
        let today = Timestamp::try_from(now).unwrap_or_default().to_zoned(TimeZone::UTC).date();
        let (own, stranger) = (Signer::new(today)?, Signer::new(today)?);
        let here = Ipv4Addr::LOCALHOST.to_string();
        let flawed = CertificateFlaw::ALL.iter().map(|&flaw| {
            let config = match flaw {
                CertificateFlaw::Expired => own.config(&here, today, -2, -1),
                CertificateFlaw::NotYetValid => own.config(&here, today, 2, 3),
                CertificateFlaw::WrongName => own.config("elsewhere.example", today, -1, 365),
                CertificateFlaw::UnknownIssuer => stranger.config(&here, today, -1, 365),
            };
            Ok((flaw, config?))
        });
        let flawed = flawed.collect::<Result<_, Error>>()?;
        Ok(Self { sound: own.config(&here, today, -1, 365)?, flawed, certificate: own.certificate })
    }

    /// The certificate that clients have to trust.
    pub(super) fn pem(&self) -> String {
        let encoded = STANDARD.encode(&self.certificate);
        let mut lines = vec!["-----BEGIN CERTIFICATE-----"];
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, next) = rest.split_at(rest.len().min(COLUMNS));
            lines.push(line);
            rest = next;
        }
        lines.push("-----END CERTIFICATE-----\n");
        lines.join("\n")
    }

    /// What shows the certificate, as it should be or not.
    pub(super) fn acceptor(&self, flaw: Option<CertificateFlaw>) -> TlsAcceptor {
        let of_flaw = |flaw| self.flawed.iter().find(|(known, _)| *known == flaw).map(|(_, config)| config);
        TlsAcceptor::from(Arc::clone(flaw.and_then(of_flaw).unwrap_or(&self.sound)))
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Signer {
    fn new(today: Date) -> Result<Self, Error> {
        let mut parameters = valid(CertificateParams::default(), today, -1, 365);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        parameters.distinguished_name = named(&format!("ec2dash sim {}", Uuid::new_v4().simple()));
        let key = KeyPair::generate()?;
        let certificate = parameters.self_signed(&key)?.der().clone();
        Ok(Self { certificate, issuer: Issuer::new(parameters, key) })
    }

    /// A server with a certificate for `name`, good from `first` to `last`, in days from today.
    fn config(&self, name: &str, today: Date, first: i32, last: i32) -> Result<Arc<ServerConfig>, Error> {
        let mut parameters = valid(CertificateParams::new([name.to_owned()])?, today, first, last);
        parameters.distinguished_name = named("ec2dash sim");
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let certificate = parameters.signed_by(&key, &self.issuer)?.der().clone();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        // The provider is named: the plain builder panics as soon as any crate switches on a second one.
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn valid(mut parameters: CertificateParams, today: Date, first: i32, last: i32) -> CertificateParams {
    let day = |days: i32| {
        let date = today.saturating_add(days.days());
        let part = |number: i8| u8::try_from(number).expect("months and days count from 1");
        rcgen::date_time_ymd(date.year().into(), part(date.month()), part(date.day()))
    };
    parameters.not_before = day(first);
    parameters.not_after = day(last);
    parameters
}
