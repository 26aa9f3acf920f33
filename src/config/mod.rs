//! Settings: defaults, then the file, the environment, the flags.

mod applying;
mod commands;
mod directories;
mod example;
mod favourites;
mod file;
mod filters;
mod finding;
#[cfg(test)]
mod hostile;
mod inventory_cache;
mod loaded;
mod origin;
mod parse;
mod places;
mod section;
mod serial_hosts;
mod session_listings;
mod settings;
mod sources;
mod state;
mod theme;
mod tunnels;
mod value;
pub mod whole_file;

pub use applying::{Applying, ConnectFlags, applying, connect_options};
pub use commands::{OnRows, OwnCommand, Placeholder, Template, Unfilled};
pub use directories::{Directories, Environment, account_home, create, process_environment};
pub use example::EXAMPLE;
pub use favourites::Favourites;
pub use file::{Presence, load, read_theme};
pub use finding::Finding;
pub use inventory_cache::{InventoryCache, Recalled, Unusable};
pub use loaded::{Loaded, Problems, Refused};
pub use origin::Origin;
pub use parse::{parse, tunnel_span};
pub use session_listings::{SessionListing, SessionListings};
pub use settings::{
    Accounts, AddressSource, Ambiguous, Carries, Colour, Connect, Glyphs, HostKeys, Listens, Multiplexer, OwnColours, OwnTheme,
    Panes, Pattern, PlaceSet, Rule, SavedTunnel, Settings, ThemeName, Ui, may_be_seen,
};
pub use sources::{Flags, apply, is_set};
pub use state::{Favourite, KnownRequest, KnownSession, Last, Memory, State};
pub use theme::{own_themes, parse_theme};
