//! What a console tells instead of the host keys of its instance: `ec2:GetConsoleOutput=console:none`.

use std::fmt;

/// What is wrong with a console's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleFault {
    /// `none`: there is no text.
    None,
    /// `cut`: it ends within the host keys.
    Cut,
    /// `contradictory`: the fingerprints are of other keys.
    Contradictory,
    /// `other`: the keys of another instance.
    Other,
    /// `fingerprints`: no keys, only their SHA-256.
    Fingerprints,
    /// `md5`: no keys, only their MD5.
    Md5,
}

const ALL: [(&str, ConsoleFault); 6] = [
    ("none", ConsoleFault::None),
    ("cut", ConsoleFault::Cut),
    ("contradictory", ConsoleFault::Contradictory),
    ("other", ConsoleFault::Other),
    ("fingerprints", ConsoleFault::Fingerprints),
    ("md5", ConsoleFault::Md5),
];

impl ConsoleFault {
    pub(super) fn read(word: &str) -> Result<Self, String> {
        let found = ALL.into_iter().find(|(name, _)| *name == word).map(|(_, fault)| fault);
        found.ok_or_else(|| {
            let words = ALL.map(|(name, _)| name).join(", ");
            format!("`{word}` is nothing a console tells; it is one of {words}")
        })
    }
}

impl fmt::Display for ConsoleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = ALL.into_iter().find(|(_, fault)| fault == self).map(|(name, _)| name);
        f.write_str(name.unwrap_or_default())
    }
}
