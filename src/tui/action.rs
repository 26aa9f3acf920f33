//! Everything a user can ask of the dashboard, each with its name and its help text.

use strum::{EnumIter, EnumMessage, EnumString, IntoStaticStr};

use crate::text::Catalogue;

/// What the user wants. The name in the keymap is the kebab-case of the variant; the first line of its comment is the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, EnumMessage, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// one row down
    Down,
    /// one row up
    Up,
    /// first row
    First,
    /// last row
    Last,
    /// half page down
    HalfPageDown,
    /// half page up
    HalfPageUp,
    /// page down
    PageDown,
    /// page up
    PageUp,
    /// into the row
    Open,
    /// out of the page
    Back,
    /// all fields, tags
    Details,
    /// filter
    Filter,
    /// sort
    Sort,
    /// reverse the order
    ReverseSort,
    /// profile
    Profile,
    /// region
    Region,
    /// ask AWS again
    Refresh,
    /// problems
    Problems,
    /// choose a way in
    ConnectMenu,
    /// connect, best way
    Connect,
    /// copy …
    Copy,
    /// select the row
    Select,
    /// select all shown
    SelectAll,
    /// select a range
    SelectRange,
    /// run a command
    Exec,
    /// open a tunnel
    Tunnel,
    /// the instances
    Instances,
    /// open tunnels
    Tunnels,
    /// end the tunnel
    EndTunnel,
    /// copy its address
    CopyAddress,
    /// next list or field
    NextField,
    /// previous list or field
    PreviousField,
    /// one step back
    Cancel,
    /// this help
    Help,
    /// leave, or quit
    Quit,
    /// stop; twice quits
    Interrupt,
    /// suspend
    Suspend,
    /// draw again
    Redraw,
    /// first way in
    #[strum(serialize = "choose-1")]
    Choose1,
    /// second way in
    #[strum(serialize = "choose-2")]
    Choose2,
    /// third way in
    #[strum(serialize = "choose-3")]
    Choose3,
    /// fourth way in
    #[strum(serialize = "choose-4")]
    Choose4,
    /// fifth way in
    #[strum(serialize = "choose-5")]
    Choose5,
    /// log in as another user
    User,
    /// copy the command of this way in
    CopyCommand,
    /// as JSON
    Json,
    /// id
    CopyId,
    /// name
    CopyName,
    /// private IP
    CopyPrivateIp,
    /// public IP
    CopyPublicIp,
    /// command that connects
    CopySsh,
    /// JSON
    CopyJson,
    /// yes
    Yes,
    /// no
    No,
    /// yes, and do not ask again
    Always,
}

impl Action {
    /// The name in `[keys]` of the settings: `connect-menu`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What it does, in the language of the catalogue: its entry `action-<name>`, else the English of this file.
    pub fn help(self, text: &Catalogue) -> String {
        let key = format!("action-{}", self.name());
        if text.has(&key) { text.say(&key) } else { self.get_documentation().unwrap_or_default().to_owned() }
    }

    /// Which way in a digit chooses, from 0.
    pub fn chosen_way(self) -> Option<usize> {
        match self {
            Self::Choose1 => Some(0),
            Self::Choose2 => Some(1),
            Self::Choose3 => Some(2),
            Self::Choose4 => Some(3),
            Self::Choose5 => Some(4),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_action_has_a_name_that_leads_back_and_a_help_text() {
        let text = Catalogue::english();
        for action in Action::iter() {
            assert_eq!(Action::from_str(action.name()), Ok(action));
            assert!(!action.help(&text).is_empty(), "{}", action.name());
        }
    }
}
