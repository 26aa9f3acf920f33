//! The block of a PEM file that holds a private key: what stands around it does not matter, nor how its lines end.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::derive::Secret;

/// A private key as PEM writes it.
pub(crate) struct Block<'a> {
    /// Such as `RSA PRIVATE KEY`.
    pub(crate) label: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    pub(crate) bytes: Secret,
}

impl<'a> Block<'a> {
    /// The first private key in a text; none if there is no whole one.
    pub(crate) fn find(text: &'a str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        let label = lines.by_ref().find_map(|line| {
            let label = line.strip_prefix("-----BEGIN ")?.strip_suffix("-----")?;
            label.ends_with("PRIVATE KEY").then_some(label)
        })?;
        let mut headers = Vec::new();
        let mut encoded = Zeroizing::new(String::with_capacity(text.len()));
        let is_end = |line: &str| line.strip_prefix("-----END ").and_then(|line| line.strip_suffix("-----")) == Some(label);
        let mut has_end = false;
        for line in lines {
            if is_end(line) {
                has_end = true;
                break;
            }
            match line.split_once(':') {
                Some((name, value)) => headers.push((name.trim(), value.trim())),
                None => encoded.push_str(line),
            }
        }
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let bytes = GeneralPurpose::new(&STANDARD, config).decode(encoded.as_bytes()).ok()?;
        has_end.then(|| Self { label, headers, bytes: Zeroizing::new(bytes) })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }
}
