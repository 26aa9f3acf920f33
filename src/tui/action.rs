//! Everything a user can ask of the dashboard, each declared once: words, keys by page, where it is told.

use strum::{EnumIter, EnumMessage, EnumProperty, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::text::Catalogue;

/// What the user wants, in the order in which it is told. The name in the keymap is the kebab-case of the variant; the first line of
/// its comment is the help. Its properties:
///
/// - the name of a [`Page`]: its default keys there
/// - `group`: the heading under which the help tells it (`Group`); without one its dialog does
/// - `of = "table"`: it has a meaning in the table alone; without it, on every page
/// - `bar`: its place in the table's bar of hints, whose word for it is `hint-<name>` in the catalogue
/// - `needs`: what must be there for the bar to show it (`Need`)
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, EnumMessage, EnumProperty, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// one row down
    #[strum(props(everywhere = "j Down", group = "move"))]
    Down,
    /// one row up
    #[strum(props(everywhere = "k Up", group = "move"))]
    Up,
    /// first row
    #[strum(props(everywhere = "g Home", group = "move"))]
    First,
    /// last row
    #[strum(props(everywhere = "G End", group = "move"))]
    Last,
    /// half page down
    #[strum(props(everywhere = "Ctrl-D", group = "move"))]
    HalfPageDown,
    /// half page up
    #[strum(props(everywhere = "Ctrl-U", group = "move"))]
    HalfPageUp,
    /// page down
    #[strum(props(everywhere = "PgDn", group = "move"))]
    PageDown,
    /// page up
    #[strum(props(everywhere = "PgUp", group = "move"))]
    PageUp,
    /// next hit
    #[strum(props(everywhere = "n", group = "move"))]
    NextHit,
    /// previous hit
    #[strum(props(everywhere = "N", group = "move"))]
    PreviousHit,
    /// into the row
    #[strum(props(everywhere = "l Right", group = "move"))]
    Open,
    /// out of the page
    #[strum(props(everywhere = "h Left", group = "move"))]
    Back,
    /// the instances
    #[strum(props(everywhere = "1", group = "look"))]
    Instances,
    /// open sessions
    #[strum(props(everywhere = "2", group = "look", of = "table", bar = 30, needs = "tunnel"))]
    Tunnels,
    /// filter
    #[strum(props(everywhere = "/", group = "look", of = "table", bar = 20))]
    Filter,
    /// all fields, tags
    #[strum(props(everywhere = "i", group = "look", of = "table", bar = 105, needs = "row"))]
    Details,
    /// why, why not
    #[strum(props(everywhere = "d", group = "look", of = "table", bar = 15, needs = "row"))]
    Doctor,
    /// sort
    #[strum(props(everywhere = "s", group = "look", of = "table", bar = 110))]
    Sort,
    /// reverse the order
    #[strum(props(everywhere = "S", group = "look", of = "table"))]
    ReverseSort,
    /// sort by the left
    #[strum(props(everywhere = "<", group = "look", of = "table"))]
    SortLeft,
    /// sort by the right
    #[strum(props(everywhere = ">", group = "look", of = "table"))]
    SortRight,
    /// columns
    #[strum(props(everywhere = "w", group = "look", of = "table"))]
    Columns,
    /// group by …
    #[strum(props(everywhere = "v", group = "look", of = "table"))]
    Group,
    /// colours
    #[strum(props(everywhere = "Ctrl-T", group = "look", of = "table"))]
    Theme,
    /// profile
    #[strum(props(everywhere = "p", group = "look", of = "table", bar = 90))]
    Profile,
    /// region
    #[strum(props(everywhere = "r", group = "look", of = "table", bar = 100))]
    Region,
    /// only favourites
    #[strum(props(everywhere = "F", group = "look", of = "table"))]
    OnlyFavourites,
    /// mouse on, off
    #[strum(props(everywhere = "M", group = "look", of = "table"))]
    Mouse,
    /// ask AWS again
    #[strum(props(everywhere = "R Ctrl-R", group = "look", of = "table", bar = 120))]
    Refresh,
    /// sign in (SSO)
    #[strum(props(everywhere = "L", group = "look", of = "table"))]
    SignIn,
    /// problems
    #[strum(props(everywhere = "! 3", group = "look"))]
    Problems,
    /// all commands
    #[strum(props(everywhere = ": Ctrl-P", group = "look", bar = 125))]
    Palette,
    /// this help
    #[strum(props(everywhere = "? F1", group = "look", bar = 130))]
    Help,
    /// choose a way in
    #[strum(props(everywhere = "Enter", group = "do", of = "table", bar = 10, needs = "row"))]
    ConnectMenu,
    /// connect, best way
    #[strum(props(everywhere = "c", group = "do", of = "table"))]
    Connect,
    /// copy …
    #[strum(props(everywhere = "y", group = "do", of = "table", bar = 50, needs = "row"))]
    Copy,
    /// favourite
    #[strum(props(everywhere = "f", group = "do", of = "table"))]
    Favourite,
    /// open the console
    #[strum(props(everywhere = "o", group = "do", of = "table"))]
    Console,
    /// select the row
    #[strum(props(everywhere = "Space", group = "do", of = "table", bar = 60, needs = "row"))]
    Select,
    /// select all shown
    #[strum(props(everywhere = "Ctrl-A", group = "do", of = "table"))]
    SelectAll,
    /// select a range
    #[strum(props(everywhere = "V", group = "do", of = "table"))]
    SelectRange,
    /// run a command
    #[strum(props(everywhere = "x", group = "do", of = "table", bar = 70, needs = "row"))]
    Exec,
    /// copy files
    #[strum(props(everywhere = "m", group = "do", of = "table"))]
    Files,
    /// open in a pane
    #[strum(props(everywhere = "O", group = "do", of = "table"))]
    ConnectBeside,
    /// start
    #[strum(props(everywhere = "", of = "table"))]
    Start,
    /// stop
    #[strum(props(everywhere = "", of = "table"))]
    Stop,
    /// reboot
    #[strum(props(everywhere = "", of = "table"))]
    Reboot,
    /// end the tunnel
    #[strum(props(tunnels = "x", group = "do"))]
    EndTunnel,
    /// copy its address
    #[strum(props(tunnels = "y", group = "do"))]
    CopyAddress,
    /// open a tunnel
    #[strum(props(everywhere = "t", group = "do", bar = 80, needs = "row"))]
    Tunnel,
    /// one step back
    #[strum(props(everywhere = "Esc", group = "do"))]
    Cancel,
    /// leave, or quit
    #[strum(props(everywhere = "q", group = "do", bar = 140))]
    Quit,
    /// stop; twice quits
    #[strum(props(everywhere = "Ctrl-C", group = "do"))]
    Interrupt,
    /// suspend
    #[strum(props(everywhere = "Ctrl-Z", group = "do"))]
    Suspend,
    /// draw again
    #[strum(props(everywhere = "Ctrl-L", group = "do"))]
    Redraw,
    /// next list or field
    #[strum(props(everywhere = "Tab"))]
    NextField,
    /// previous list or field
    #[strum(props(everywhere = "Shift-Tab"))]
    PreviousField,
    /// first way in
    #[strum(serialize = "choose-1", props(picker = "1", group = "do"))]
    Choose1,
    /// second way in
    #[strum(serialize = "choose-2", props(picker = "2", group = "do"))]
    Choose2,
    /// third way in
    #[strum(serialize = "choose-3", props(picker = "3", group = "do"))]
    Choose3,
    /// fourth way in
    #[strum(serialize = "choose-4", props(picker = "4", group = "do"))]
    Choose4,
    /// fifth way in
    #[strum(serialize = "choose-5", props(picker = "5", group = "do"))]
    Choose5,
    /// sixth way in
    #[strum(serialize = "choose-6", props(picker = "6", group = "do"))]
    Choose6,
    /// seventh way in
    #[strum(serialize = "choose-7", props(picker = "7", group = "do"))]
    Choose7,
    /// log in as another user
    #[strum(props(picker = "u", group = "do"))]
    User,
    /// copy its command
    #[strum(props(picker = "y", group = "do"))]
    CopyCommand,
    /// ask for access
    #[strum(props(picker = "a", group = "do"))]
    RequestAccess,
    /// as JSON
    #[strum(props(details = "J", group = "look"))]
    Json,
    /// test the ways in
    #[strum(props(details = "T", group = "do"))]
    TestWays,
    /// id
    #[strum(props(copy = "i"))]
    CopyId,
    /// name
    #[strum(props(copy = "n"))]
    CopyName,
    /// private IP
    #[strum(props(copy = "p"))]
    CopyPrivateIp,
    /// public IP
    #[strum(props(copy = "P"))]
    CopyPublicIp,
    /// command that connects
    #[strum(props(copy = "s"))]
    CopySsh,
    /// JSON
    #[strum(props(copy = "j"))]
    CopyJson,
    /// what mends the first way
    #[strum(props(copy = "f"))]
    CopyFix,
    /// ARN
    #[strum(props(copy = "a"))]
    CopyArn,
    /// console link
    #[strum(props(copy = "o"))]
    CopyConsole,
    /// those of config
    #[strum(props(columns = "R", group = "do"))]
    ResetColumns,
    /// replace host key
    #[strum(props(refused = "R", group = "do"))]
    ReplaceHostKey,
    /// copy its output
    #[strum(props(results = "y"))]
    CopyOutput,
    /// copy all outputs
    #[strum(props(results = "Y"))]
    CopyOutputs,
    /// write to a file
    #[strum(props(results = "w"))]
    WriteOutputs,
    /// yes
    #[strum(props(question = "y"))]
    Yes,
    /// no
    #[strum(props(question = "n"))]
    No,
    /// yes, and do not ask again
    #[strum(props(question = "a"))]
    Always,
    /// yes, typed into together
    #[strum(props(question = "t"))]
    Together,
}

/// Where a key is pressed. A page's own keys come before those of everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Page {
    /// The table, and every dialog without keys of its own.
    Everywhere,
    /// The ways into one instance.
    Picker,
    /// All fields of one instance.
    Details,
    /// What to copy.
    Copy,
    /// The columns of the table.
    Columns,
    /// The open tunnels.
    Tunnels,
    /// What a command has said.
    Results,
    /// A question to answer.
    Question,
    /// A host that was refused for its key.
    Refused,
}

impl Page {
    /// The name in the list of keys.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The headings of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Group {
    /// About in rows and texts.
    Move,
    /// What is shown, and of whom.
    Look,
    /// What is done.
    Do,
}

impl Group {
    /// Key of the heading in the catalogue.
    pub fn heading(self) -> String {
        format!("help-{}", <&'static str>::from(self))
    }

    /// What the help of a page tells under this heading.
    pub fn actions(self, page: Page) -> impl Iterator<Item = Action> {
        Action::iter().filter(move |action| action.group() == Some(self) && action.is_of(page))
    }
}

/// What an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Need {
    /// A row under the cursor.
    Row,
    /// A tunnel.
    Tunnel,
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

    /// The keys that ask for it on a page unless the settings say otherwise.
    pub fn default_keys(self, page: Page) -> impl Iterator<Item = &'static str> {
        self.get_str(page.name()).unwrap_or_default().split_ascii_whitespace()
    }

    /// Whether it can have keys on a page; it may have none by default: then the palette has it.
    pub fn can_have_keys_on(self, page: Page) -> bool {
        self.get_str(page.name()).is_some()
    }

    /// The heading under which the help tells it.
    pub fn group(self) -> Option<Group> {
        self.get_str("group")?.parse().ok()
    }

    /// Whether it has a meaning on a page: keys of its own there, or such as are not for the table alone.
    fn is_of(self, page: Page) -> bool {
        self.get_str(page.name()).is_some()
            || self.get_str(Page::Everywhere.name()).is_some() && self.get_str("of") != Some("table")
    }

    /// Whether it has no meaning on any other page than the table.
    pub fn is_for_table_alone(self) -> bool {
        self.get_str("of") == Some("table")
    }

    /// Whether it has a meaning in the table: it has keys there, and is not for lists and fields of dialogs.
    pub fn is_of_table(self) -> bool {
        let is_of_dialogs = matches!(self, Self::NextField | Self::PreviousField | Self::NextHit | Self::PreviousHit);
        self.get_str(Page::Everywhere.name()).is_some() && !is_of_dialogs
    }

    /// What the bar of hints shows in the table, in its order.
    pub fn in_bar() -> Vec<Self> {
        let mut shown: Vec<Self> = Self::iter().filter(|action| action.get_int("bar").is_some()).collect();
        shown.sort_by_key(|action| action.get_int("bar"));
        shown
    }

    /// Key of the bar's word for it in the catalogue.
    pub fn hint(self) -> String {
        format!("hint-{}", self.name())
    }

    /// What must be there for it to do anything.
    pub fn needs(self) -> Option<Need> {
        self.get_str("needs")?.parse().ok()
    }

    /// Which way in a digit chooses, from 0.
    pub fn chosen_way(self) -> Option<usize> {
        match self {
            Self::Choose1 => Some(0),
            Self::Choose2 => Some(1),
            Self::Choose3 => Some(2),
            Self::Choose4 => Some(3),
            Self::Choose5 => Some(4),
            Self::Choose6 => Some(5),
            Self::Choose7 => Some(6),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::text::Language;

    #[test]
    fn every_action_has_a_name_that_leads_back_and_a_help_text() {
        let text = Catalogue::english();
        for action in Action::iter() {
            assert_eq!(Action::from_str(action.name()), Ok(action));
            assert!(!action.help(&text).is_empty(), "{}", action.name());
        }
    }

    #[test]
    fn every_other_language_tells_every_action() {
        for language in Language::all().filter(|language| *language != Language::ENGLISH) {
            let text = Catalogue::new(language);
            for action in Action::iter() {
                assert!(text.has(&format!("action-{}", action.name())), "{} does not tell {}", language.tag(), action.name());
            }
        }
    }

    #[test]
    fn every_property_says_something_that_is_known() {
        let text = Catalogue::english();
        for action in Action::iter() {
            let name = action.name();
            assert_eq!(action.get_str("group").is_some(), action.group().is_some(), "{name}");
            assert_eq!(action.get_str("needs").is_some(), action.needs().is_some(), "{name}");
            assert!(action.get_str("of").is_none_or(|page| page == "table"), "{name}");
            assert!(action.get_int("bar").is_none() || text.has(&action.hint()), "{name} has no word for the bar");
        }
        for group in Group::iter() {
            assert!(text.has(&group.heading()), "{group:?}");
        }
    }

    #[test]
    fn the_help_tells_every_key_but_those_of_dialogs() {
        for action in Action::iter().filter(|action| action.default_keys(Page::Everywhere).next().is_some()) {
            // Tab moves between the lists of a dialog, whose frame says so.
            let is_of_dialogs = matches!(action, Action::NextField | Action::PreviousField);
            assert_ne!(action.group().is_some(), is_of_dialogs, "{}", action.name());
        }
    }
}
