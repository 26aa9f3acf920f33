//! One connection pool for everything that is called with the same trust.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::contents::{contents, refuse_odd};
use super::endpoints::Endpoint;
use super::files::bad_files;
use super::{Error, proxied, proxies};
use crate::outbound::Proxies;

/// What names the certificates to trust for all programs.
const CERTIFICATES: &str = "SSL_CERT_FILE";

/// The two ways out: to the world, and to this computer.
#[derive(Debug, Clone)]
pub(super) struct Http {
    secure: SharedHttpClient,
    plain: SharedHttpClient,
    bundle: Option<Bundle>,
    tls: OnceLock<Arc<ClientConfig>>,
}

/// A PEM file to trust in place of the system's certificates.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Bundle {
    pub(super) path: PathBuf,
    /// Whether `AWS_CA_BUNDLE` names it, and not the profile.
    pub(super) is_of_variable: bool,
}

impl Http {
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` are read by the libraries below. `leaves`: whether anything is called that is not on this
    /// computer, so that a proxy matters.
    pub(super) fn new(bundle: Option<Bundle>, leaves: bool) -> Result<Self, Error> {
        let proxies = match proxies::of_process() {
            Err(_) if !leaves => Proxies::default(),
            proxies => proxies?,
        };
        if bundle.is_none()
            && let Some(file) = std::env::var_os(CERTIFICATES).map(PathBuf::from)
        {
            refuse_odd(&file).map_err(|error| {
                let cause = format!("{}: {error}", file.display());
                Error::BadVariable { variable: CERTIFICATES.to_owned(), cause: cause.into() }
            })?;
        }
        let trust = match &bundle {
            Some(bundle) => TrustStore::empty().with_pem_certificate(bundle.certificates()?),
            None => TrustStore::default(),
        };
        let context = TlsContext::builder().with_trust_store(trust).build().map_err(|error| bad_files(error.to_string()))?;
        let secure = Builder::new().build_with_connector_fn(move |settings, components| {
            let mut builder = Connector::builder();
            builder.set_connector_settings(settings.cloned());
            builder.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
            // Each client of each region asks for one without settings when it is made, only to see that it can be made.
            // Parsing all root certificates for that costs milliseconds a client, and there may be none on this computer.
            if settings.is_none() {
                return builder.build_http();
            }
            builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context.clone()).build()
        });
        let mut http = Self { secure, plain: Builder::new().build_http(), bundle, tls: OnceLock::new() };
        if proxies.is_empty() {
            return Ok(http);
        }
        match http.tls() {
            Err(_) if !leaves => {}
            tls => http.secure = proxied::client(proxies, tls?),
        }
        Ok(http)
    }

    /// TLS for a WebSocket, with the same certificates as every other call; made at its first use and then shared.
    pub(super) fn tls(&self) -> Result<Arc<ClientConfig>, Error> {
        if let Some(tls) = self.tls.get() {
            return Ok(Arc::clone(tls));
        }
        let mut roots = RootCertStore::empty();
        match &self.bundle {
            Some(bundle) => {
                let bytes = bundle.certificates()?;
                roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&bytes).flatten());
            }
            None => {
                let found = rustls_native_certs::load_native_certs();
                for error in &found.errors {
                    tracing::debug!("a root certificate is left out: {error}");
                }
                roots.add_parsable_certificates(found.certs);
            }
        }
        if roots.is_empty() {
            let cause = "it names no root certificate, and this computer has none of its own".into();
            return Err(Error::BadVariable { variable: CERTIFICATES.to_owned(), cause });
        }
        // The provider is named: the plain builder panics as soon as any crate switches on a second one.
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| bad_files(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }

    /// The way to an endpoint; `None` is AWS's own.
    pub(super) fn to(&self, endpoint: Option<&Endpoint>) -> SharedHttpClient {
        self.way(endpoint.is_some_and(|endpoint| endpoint.is_plain))
    }

    /// The way to whatever is spoken to so.
    pub(super) fn way(&self, is_plain: bool) -> SharedHttpClient {
        if is_plain { self.plain.clone() } else { self.secure.clone() }
    }
}

impl Bundle {
    /// Its bytes, after making sure of what the TLS layer would panic about.
    fn certificates(&self) -> Result<Vec<u8>, Error> {
        let bad = |cause: &str| self.bad(cause);
        let bytes = contents(&self.path).map_err(|error| bad(&error.to_string()))?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&bytes) {
            let certificate = certificate.map_err(|_| bad("not a list of PEM certificates"))?;
            roots.add(certificate).map_err(|_| bad("holds a certificate that cannot be read"))?;
        }
        if roots.is_empty() { Err(bad("holds no certificate")) } else { Ok(bytes) }
    }

    /// What names the file is what must be mended.
    fn bad(&self, cause: &str) -> Error {
        let cause = format!("{}: {cause}", self.path.display());
        match self.is_of_variable {
            true => Error::BadVariable { variable: "AWS_CA_BUNDLE".to_owned(), cause: cause.into() },
            false => bad_files(format!("ca_bundle {cause}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_a_usable_certificate_is_an_error_and_no_panic() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bundle.pem");
        let of =
            |path: &std::path::Path, is_of_variable| Http::new(Some(Bundle { path: path.to_owned(), is_of_variable }), false);
        for bad in
            ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\n!!\n"]
        {
            std::fs::write(&path, bad).unwrap();

            assert!(matches!(of(&path, false), Err(Error::BadFiles { .. })), "{bad:?}");
        }
        let missing = of(&directory.path().join("missing"), true).err();
        assert!(matches!(missing, Some(Error::BadVariable { variable, .. }) if variable == "AWS_CA_BUNDLE"));
        assert!(Http::new(None, false).is_ok());
    }
}
