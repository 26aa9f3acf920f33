//! Which key asks for which action: the defaults, changed by `[keys]` of the settings.

use std::collections::BTreeMap;
use std::str::FromStr;

use strum::IntoEnumIterator;

pub use super::action::Page;

use super::action::Action;
use super::key::Key;
use super::own_keys::{OwnKeyProblem, OwnKeys};
use crate::config::{Finding, Loaded, OwnCommand};
use crate::model::Untrusted;
use crate::text::Catalogue;

/// Which key asks for which action, by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: BTreeMap<(Page, Action), Vec<Key>>,
    own: OwnKeys,
}

/// Something in `[keys]` that cannot be done; the default keys of that command stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyProblem {
    /// No command has this name.
    UnknownCommand {
        /// The name in the file, fit for a screen.
        command: String,
        /// The nearest name there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// No key has this name.
    UnknownKey {
        /// The command.
        command: &'static str,
        /// The key in the file, fit for a screen.
        key: String,
    },
    /// The key already asks for something else on the same page.
    Taken {
        /// The command.
        command: &'static str,
        /// The key.
        key: String,
        /// The command that has it.
        by: &'static str,
    },
    /// Without a key for `quit` nobody gets out.
    NoKeyForQuit,
}

impl KeyProblem {
    /// The command it is about, as it stands in the file (fit for a screen).
    pub fn command(&self) -> &str {
        match self {
            Self::UnknownCommand { command, .. } => command,
            Self::UnknownKey { command, .. } | Self::Taken { command, .. } => command,
            Self::NoKeyForQuit => Action::Quit.name(),
        }
    }

    /// The sentence for the user.
    pub fn text(&self, text: &Catalogue) -> String {
        match self {
            Self::UnknownCommand { command, nearest: None } => {
                text.say_with("keys-unknown-command", &[("command", command.clone().into())])
            }
            Self::UnknownCommand { command, nearest: Some(nearest) } => {
                text.say_with("keys-unknown-command-near", &[("command", command.clone().into()), ("nearest", (*nearest).into())])
            }
            Self::UnknownKey { command, key } => {
                text.say_with("keys-unknown-key", &[("command", (*command).into()), ("key", key.clone().into())])
            }
            Self::Taken { command, key, by } => {
                text.say_with("keys-taken", &[("command", (*command).into()), ("key", key.clone().into()), ("by", (*by).into())])
            }
            Self::NoKeyForQuit => text.say("keys-no-quit"),
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        let mut bindings = BTreeMap::new();
        for page in Page::iter() {
            for action in Action::iter() {
                let keys: Vec<Key> = action.default_keys(page).filter_map(|key| key.parse().ok()).collect();
                if action.can_have_keys_on(page) {
                    bindings.insert((page, action), keys);
                }
            }
        }
        Self { bindings, own: OwnKeys::default() }
    }
}

impl Keymap {
    /// The keys of a file, and what could not be done of them, each at its line.
    pub fn of(loaded: &Loaded, text: &Catalogue) -> (Self, Vec<Finding>) {
        let (keymap, problems) = Self::new(&loaded.settings.keys);
        let finding = |problem: &KeyProblem| {
            let (line, column) = loaded.key_positions.get(problem.command()).copied().unwrap_or_default();
            Finding { line, column, code: "config-key", values: vec![("text", problem.text(text))] }
        };
        let (keymap, own) = keymap.with_own(&loaded.settings.commands);
        let of_own = |problem: &OwnKeyProblem| Finding {
            line: problem.line,
            column: 1,
            code: "config-key",
            values: vec![("text", problem.text(text))],
        };
        let findings = problems.iter().map(finding).chain(own.iter().map(of_own)).collect();
        (keymap, findings)
    }

    /// The same with the keys of the user's own commands, which take none from ours.
    pub fn with_own(self, commands: &[OwnCommand]) -> (Self, Vec<OwnKeyProblem>) {
        let (own, problems) = OwnKeys::new(commands, |key| self.action(Page::Everywhere, key).map(Action::name));
        (Self { own, ..self }, problems)
    }

    /// The command of the user's own that this key runs, by its place in the settings.
    pub fn own_command(&self, key: Key) -> Option<usize> {
        self.own.command(key)
    }

    /// The key of a command of the user's own.
    pub fn own_key(&self, at: usize) -> Option<Key> {
        self.own.key(at)
    }

    /// The default keys with the user's changes, and what could not be done. Problems leave the command its default keys.
    pub fn new(changes: &BTreeMap<String, Vec<String>>) -> (Self, Vec<KeyProblem>) {
        let defaults = Self::default();
        let mut keymap = defaults.clone();
        let mut problems = Vec::new();
        for (command, keys) in changes {
            match parse(command, keys) {
                Ok((action, keys)) => keymap.rebind(action, &keys),
                Err(problem) => problems.push(problem),
            }
        }
        keymap.settle_conflicts(&defaults, changes, &mut problems);
        (keymap, problems)
    }

    /// What `key` asks for on `page`.
    pub fn action(&self, page: Page, key: Key) -> Option<Action> {
        self.bound(page, key).or_else(|| self.bound(Page::Everywhere, key))
    }

    /// The keys of an action on a page.
    pub fn keys(&self, page: Page, action: Action) -> &[Key] {
        self.bindings.get(&(page, action)).map_or(&[], Vec::as_slice)
    }

    /// The first key of an action, on whichever page has it: what hints show. Empty if it has none: a sentence about that key
    /// is left out (`World::say_if_whole`).
    pub fn hint(&self, action: Action) -> String {
        let mut bound = self.bindings.iter().filter(|((_, own), _)| *own == action);
        bound.find_map(|(_, keys)| keys.first()).map(Key::to_string).unwrap_or_default()
    }

    /// All pages, actions and keys, in the order of pages and actions.
    pub fn all(&self) -> impl Iterator<Item = (Page, Action, &[Key])> {
        let is_told = |((page, action), keys): &(&(Page, Action), &Vec<Key>)| {
            !keys.is_empty() || action.default_keys(*page).next().is_some()
        };
        self.bindings.iter().filter(is_told).map(|((page, action), keys)| (*page, *action, keys.as_slice()))
    }

    fn bound(&self, page: Page, key: Key) -> Option<Action> {
        self.bindings.iter().find(|((own, _), keys)| *own == page && keys.contains(&key)).map(|((_, action), _)| *action)
    }

    fn rebind(&mut self, action: Action, keys: &[Key]) {
        for ((_, own), bound) in &mut self.bindings {
            if *own == action {
                *bound = keys.to_vec();
            }
        }
    }

    /// A key that two actions of one page have goes back to the defaults: the changed action loses its change.
    fn settle_conflicts(&mut self, defaults: &Self, changes: &BTreeMap<String, Vec<String>>, problems: &mut Vec<KeyProblem>) {
        let changed: Vec<Action> = changes.keys().filter_map(|name| Action::from_str(name).ok()).collect();
        // Taking one change back can bring a default key into conflict with another change: until nothing moves.
        while let Some((page, action, by, key)) = self.conflict(&changed) {
            problems.push(KeyProblem::Taken { command: action.name(), key: key.to_string(), by: by.name() });
            self.rebind(action, defaults.keys(page, action));
            if defaults.keys(page, by).contains(&key) || !changed.contains(&by) {
                continue;
            }
            self.rebind(by, defaults.keys(page, by));
        }
    }

    /// A changed action, another one on its page, and the key they share.
    fn conflict(&self, changed: &[Action]) -> Option<(Page, Action, Action, Key)> {
        for ((page, action), keys) in self.bindings.iter().filter(|((_, action), _)| changed.contains(action)) {
            for key in keys {
                let other = self
                    .bindings
                    .iter()
                    .find(|((own, other), bound)| own == page && other != action && bound.contains(key))
                    .map(|((_, other), _)| *other);
                if let Some(by) = other {
                    return Some((*page, *action, by, *key));
                }
            }
        }
        None
    }
}

fn parse(command: &str, keys: &[String]) -> Result<(Action, Vec<Key>), KeyProblem> {
    let Ok(action) = Action::from_str(command) else {
        let nearest = Action::iter()
            .map(|action| (strsim::damerau_levenshtein(action.name(), command), action.name()))
            .min()
            .filter(|(distance, _)| *distance <= 3)
            .map(|(_, name)| name);
        return Err(KeyProblem::UnknownCommand { command: Untrusted::from(command).shown_in(40), nearest });
    };
    let keys = keys
        .iter()
        .map(|key| {
            key.parse()
                .map_err(|_| KeyProblem::UnknownKey { command: action.name(), key: Untrusted::from(key.as_str()).shown_in(40) })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if action == Action::Quit && keys.is_empty() {
        return Err(KeyProblem::NoKeyForQuit);
    }
    Ok((action, keys))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn changed(changes: &[(&str, &[&str])]) -> (Keymap, Vec<KeyProblem>) {
        let changes = changes
            .iter()
            .map(|(command, keys)| ((*command).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect()))
            .collect();
        Keymap::new(&changes)
    }

    #[test]
    fn every_action_has_a_key_and_no_page_has_a_key_twice() {
        for page in Page::iter() {
            let mut seen = BTreeMap::new();
            for action in Action::iter() {
                for key in action.default_keys(page) {
                    let key: Key = key.parse().unwrap_or_else(|_| panic!("{}: no key is called {key}", action.name()));
                    assert_eq!(seen.insert(key, action), None, "{}: {key}", page.name());
                }
            }
        }
        // These change the account: they are found by their names, and have a key only if the user gives them one.
        let by_name = [Action::Start, Action::Stop, Action::Reboot];
        for action in Action::iter() {
            let has_key = !Keymap::default().hint(action).is_empty();
            assert_eq!(has_key, !by_name.contains(&action), "{}", action.name());
        }
    }

    #[test]
    fn a_command_takes_the_keys_it_is_given() {
        let (keymap, problems) = changed(&[("connect", &["z", "Ctrl-O"])]);

        assert_eq!(problems, []);
        assert_eq!(keymap.action(Page::Everywhere, Key::character('z')), Some(Action::Connect));
        assert_eq!(keymap.action(Page::Everywhere, Key::ctrl('o')), Some(Action::Connect));
        assert_eq!(keymap.action(Page::Everywhere, Key::character('c')), None);
    }

    #[test]
    fn a_key_that_is_taken_leaves_both_commands_their_defaults() {
        let (keymap, problems) = changed(&[("connect", &["j"])]);

        assert_eq!(problems, [KeyProblem::Taken { command: "connect", key: "j".into(), by: "down" }]);
        assert_eq!(keymap, Keymap::default());
    }

    #[test]
    fn two_commands_may_swap_their_keys() {
        let (keymap, problems) = changed(&[("profile", &["r"]), ("region", &["p"])]);

        assert_eq!(problems, []);
        assert_eq!(keymap.action(Page::Everywhere, Key::character('r')), Some(Action::Profile));
    }

    #[test]
    fn one_key_for_two_changed_commands_is_reported_and_defaults_stay() {
        let (keymap, problems) = changed(&[("connect", &["x"]), ("details", &["x"])]);

        assert_eq!(problems.len(), 1);
        assert_eq!(keymap, Keymap::default());
    }

    #[test]
    fn quit_keeps_a_key_whatever_the_file_says() {
        let (keymap, problems) = changed(&[("quit", &[])]);

        assert_eq!(problems, [KeyProblem::NoKeyForQuit]);
        assert_eq!(keymap.action(Page::Everywhere, Key::character('q')), Some(Action::Quit));
    }

    #[test]
    fn a_wrong_name_is_told_with_the_nearest_one() {
        let (_, problems) = changed(&[("conect", &["x"]), ("details", &["Hyper-X"])]);

        assert_eq!(
            problems,
            [
                KeyProblem::UnknownCommand { command: "conect".into(), nearest: Some("connect") },
                KeyProblem::UnknownKey { command: "details", key: "Hyper-X".into() },
            ]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_bound_no_page_has_a_key_twice_and_quit_has_one(
            changes in proptest::collection::btree_map(
                proptest::sample::select(Action::iter().map(Action::name).collect::<Vec<_>>()).prop_map(str::to_owned),
                proptest::collection::vec(proptest::sample::select(vec!["x", "j", "q", "c", "Enter", "Ctrl-C", "1"]).prop_map(str::to_owned), 0..3),
                0..6,
            )
        ) {
            let (keymap, _) = Keymap::new(&changes);

            let mut seen = BTreeMap::new();
            for (page, action, keys) in keymap.all() {
                for key in keys {
                    let other = seen.insert((page, *key), action);
                    prop_assert!(other.is_none_or(|other| other == action));
                }
            }
            prop_assert!(!keymap.keys(Page::Everywhere, Action::Quit).is_empty());
        }
    }
}
