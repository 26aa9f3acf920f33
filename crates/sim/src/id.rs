//! Ids that follow from what they name, so that they are the same in every run.

use sha2::{Digest as _, Sha256};

/// An id that is the same in every run: `prefix` and 17 hexadecimal digits made from `parts`.
pub(super) fn derived_id(prefix: &str, parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}0{hex}")
}

/// A uuid.
pub(super) fn derived_uuid(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let bytes = digest.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// An id of IAM: four letters and 17 more.
pub(super) fn derived_iam_id(prefix: &str, parts: &[&str]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let letters: String = digest.iter().take(17).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{prefix}{letters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_are_well_formed_and_the_same_in_every_run() {
        let id = derived_id("i-", &["prod", "web-1"]);

        assert_eq!(id.len(), 19);
        assert_eq!(id, derived_id("i-", &["prod", "web-1"]));
        assert_ne!(id, derived_id("i-", &["prod", "web-2"]));
        assert_eq!(derived_iam_id("AROA", &["x"]).len(), 21);
    }
}
