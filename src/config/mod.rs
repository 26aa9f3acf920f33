//! Settings: defaults, then the file, the environment, the flags.

mod settings;

pub use settings::{Accounts, Ambiguous, Connect, Glyphs, HostKeys, Pattern, Rule, Settings, ThemeName, Ui};
