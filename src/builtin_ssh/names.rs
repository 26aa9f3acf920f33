//! The lines of known_hosts that are about one host.

use crate::model::HostKey;
use crate::ssh::HostLine;

/// A key that a line tells of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownKey {
    pub(super) key: HostKey,
    /// Whether it is never to be taken.
    pub(super) is_revoked: bool,
}

/// The keys that `text` tells of the host of this name. Lines that are none, and those of authorities, tell nothing.
pub(super) fn known_keys(text: &str, name: &str) -> Vec<KnownKey> {
    text.lines().filter_map(|line| known_key(line, name)).collect()
}

fn known_key(line: &str, name: &str) -> Option<KnownKey> {
    let line = HostLine::read(line).filter(|line| line.is_about(name))?;
    let is_revoked = match line.marker {
        None => false,
        Some("@revoked") => true,
        Some(_) => return None,
    };
    Some(KnownKey { key: HostKey::of(line.algorithm, line.base64)?, is_revoked })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJPHRWESHKgBE7OGwyM0PLvcB5TBGaYqhrct+grMqQ4I";
    const ID: &str = "i-0123456789abcdef0";

    const HASHED: &str = "|1|OnRt/HFQglm5ihZVunZexlHpPa0=|kXtN3yey7C9+nroCnHP0aq0S1mY=";

    #[test]
    fn lines_are_read_with_every_type_of_key_and_any_blanks() {
        for key in [
            KEY,
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHTdTW9S9xacf2pzqbQpK1tNVphtKm5oopyCgykPqq8nC4FYHiJI9cUjGlc+WfsDIe+UaaKmfF04MIQXZQ+k7cM=",
            "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBO66Rt7LDREEm3vIPy1qHi5ubCoWrTxMu7LpjjSKghnBrdxIcht7LSsWrMEkXWJK/YTO/Gb3yUQsoDxvaX5VY2CPSXPrlTaujyR/EQCgflg5lfz23CXga32pVggCXGIAGA==",
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEfE4gJ8GUZqVwfvJpwz93gscNvdQe62CVgtMkt/xlBaFJe/IR5ez9bcPNNoJ/6aHtDJsg8ucS7IabdhFD2INXuxQAiQI4TdcupjmHveyhJqFioVTBnu6PFtJO+HqLb43DXY6XO063MfJXoPD5jgOMT0d5lwOjDeWnsAbKNTHGi8l2n3g==",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCbPA62NBZrId0WM96Jzp+/pNvCNCqMQtzn/qby3qeAUg+LzBAwvxAwWPdZ7ymoBzyJrONzk6yz91/lIRbzdg+/52MnlfVzUKR42MAPhvHbYX7ojzlxMGnT6UpuVviGI3I/svlC2v1VKE48U+2cPu//MIiHVPinXRgKmcLrHbnW/Q==",
        ] {
            let bare = key.replace(' ', "\t");
            for (line, is_revoked) in [
                (format!("{ID} {key}"), false),
                (format!(" \t {ID}\t \t{bare}\tcomment \r"), false),
                (format!("{HASHED} {key}"), false),
                (format!("@revoked\t*\t{bare}"), true),
            ] {
                assert_eq!(known_keys(&line, ID), [KnownKey { key: HostKey::read(key).unwrap(), is_revoked }], "{line}");
            }
            for line in [format!("@cert-authority * {key}"), format!("@odd * {key}"), format!(" #{ID} {key}"), key.to_owned()] {
                assert_eq!(known_keys(&line, ID), [], "{line}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_takes_nothing_with_it() {
        let text = format!("# a comment\n\nnonsense\n{ID} ssh-foo AAAA\n{ID} ssh-rsa !!!\n{ID} {KEY} a comment\n");

        let known = known_keys(&text, ID);

        assert_eq!(known, [KnownKey { key: HostKey::read(KEY).unwrap(), is_revoked: false }]);
    }
}
