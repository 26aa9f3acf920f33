//! Where the settings come from: enough to read them again while the program runs.

use std::path::PathBuf;

use super::{Environment, Flags, Loaded, Presence, Problems, apply, load};

/// The file, and what goes over it.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The file; `None` without a home.
    pub path: Option<PathBuf>,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
    /// What the flags ask for.
    pub flags: Flags,
    /// What the environment asks for.
    pub environment: Environment,
}

impl Origin {
    /// The settings as they are now.
    pub fn read(&self) -> Result<Loaded, Problems> {
        let Some(path) = &self.path else { return Ok(Loaded::default()) };
        let mut loaded = load(path, Presence::Optional, self.home.as_deref())?;
        apply(&mut loaded.settings, &self.flags, &self.environment).map_err(|finding| Problems {
            path: path.clone(),
            findings: vec![finding],
            read: Box::default(),
        })?;
        Ok(loaded)
    }
}
