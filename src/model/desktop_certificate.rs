//! The certificate of a Windows desktop, as EC2Launch prints it on the console (docs/instance-connect.md 8.2).

use std::fmt;

const THUMBPRINT: &str = "RDPCERTIFICATE-THUMBPRINT:";

/// SHA-1 of a certificate's DER, which Windows calls its thumbprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thumbprint([u8; 20]);

impl Thumbprint {
    /// That of the certificate with this hash.
    pub fn new(sha1: [u8; 20]) -> Self {
        Self(sha1)
    }

    /// The last one that the text of `GetConsoleOutput` tells: each start may make a new certificate.
    pub fn of_console(output: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(output);
        text.lines().rev().find_map(|line| Self::read(line.split_once(THUMBPRINT)?.1))
    }

    /// Forty hexadecimal digits.
    fn read(text: &str) -> Option<Self> {
        let digits = text.trim();
        let mut hash = [0; 20];
        if digits.len() != 40 || !digits.is_ascii() {
            return None;
        }
        for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(hash))
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "2026/11/29 10:00:01Z: RDPCERTIFICATE-THUMBPRINT: 0123456789ABCDEF0123456789abcdef01234567\r\n";
    const OTHER: &str = "2026/11/29 11:00:01Z: RDPCERTIFICATE-THUMBPRINT: FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\r\n";

    fn told(text: &str) -> Option<String> {
        Thumbprint::of_console(text.as_bytes()).map(|told| told.to_string())
    }

    #[test]
    fn the_last_whole_thumbprint_counts() {
        assert_eq!(told(ONE).as_deref(), Some("0123456789ABCDEF0123456789ABCDEF01234567"));
        assert_eq!(told(&format!("{OTHER}{ONE}")), told(ONE));
        assert_eq!(told(&format!("{ONE}2026/11/29 11:00:01Z: RDPCERTIFICATE-THUMBPRINT: FFFF")), told(ONE), "cut");
        for nothing in
            ["", "Message: Windows is Ready to use", "RDPCERTIFICATE-THUMBPRINT: +1234567890123456789012345678901234567 9"]
        {
            assert_eq!(told(nothing), None, "{nothing}");
        }
    }
}
