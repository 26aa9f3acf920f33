//! The keys of the user's own commands, and what they take from nobody.

use super::key::Key;
use crate::config::OwnCommand;
use crate::model::Untrusted;
use crate::text::Catalogue;

/// Which key runs which command of the user's own, by its place in the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnKeys(Vec<(Key, usize)>);

/// A key that cannot be a command's; the command is without a key then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKeyProblem {
    /// The line of the command.
    pub line: usize,
    name: String,
    key: String,
    /// What has the key; `None`: there is no such key.
    by: Option<String>,
}

impl OwnKeys {
    /// The keys of these commands, and what could not be done. `taken` says what of ours has a key.
    pub fn new(commands: &[OwnCommand], taken: impl Fn(Key) -> Option<&'static str>) -> (Self, Vec<OwnKeyProblem>) {
        let mut keys: Vec<(Key, usize)> = Vec::new();
        let mut problems = Vec::new();
        for (at, command) in commands.iter().enumerate() {
            let Some(typed) = &command.key else { continue };
            let shown = |text: &str| Untrusted::from(text).shown_in(40);
            let problem = |by| OwnKeyProblem { line: command.line, name: shown(&command.name), key: shown(typed), by };
            let Ok(key) = typed.parse::<Key>() else {
                problems.push(problem(None));
                continue;
            };
            let of_ours = taken(key).map(str::to_owned);
            let of_another = keys.iter().find(|(own, _)| *own == key).and_then(|(_, other)| commands.get(*other));
            match of_ours.or_else(|| of_another.map(|other| shown(&other.name))) {
                Some(by) => problems.push(problem(Some(by))),
                None => keys.push((key, at)),
            }
        }
        (Self(keys), problems)
    }

    /// The command that a key runs.
    pub fn command(&self, key: Key) -> Option<usize> {
        self.0.iter().find(|(own, _)| *own == key).map(|(_, at)| *at)
    }

    /// The key of a command.
    pub fn key(&self, at: usize) -> Option<Key> {
        self.0.iter().find(|(_, own)| *own == at).map(|(key, _)| *key)
    }
}

impl OwnKeyProblem {
    /// The sentence for the user.
    pub fn text(&self, text: &Catalogue) -> String {
        let (name, key) = (("name", self.name.clone().into()), ("key", self.key.clone().into()));
        match &self.by {
            None => text.say_with("own-key-unknown", &[name, key]),
            Some(by) => text.say_with("own-key-taken", &[name, key, ("by", by.clone().into())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_something_else_has_is_told_with_the_line_and_runs_that_still() {
        let source = "[[command]]\nname = \"a\"\nkey = \"Ctrl-T\"\nrun = [\"x\"]\n\
                      [[command]]\nname = \"b\"\nkey = \"Ctrl-T\"\nrun = [\"x\"]\n\
                      [[command]]\nname = \"c\"\nkey = \"c\"\nrun = [\"x\"]\n\
                      [[command]]\nname = \"d\"\nkey = \"Hyper-X\"\nrun = [\"x\"]\n";
        let commands = crate::config::parse(source, None).unwrap().settings.commands;
        let c: Key = "c".parse().unwrap();

        let (keys, problems) = OwnKeys::new(&commands, |key| (key == c).then_some("connect"));

        assert_eq!(keys.command("Ctrl-T".parse().unwrap()), Some(0));
        assert_eq!((keys.key(0).map(|key| key.to_string()), keys.key(1)), (Some("Ctrl-T".to_owned()), None));
        let text = Catalogue::english();
        let told: Vec<(usize, String)> = problems.iter().map(|problem| (problem.line, problem.text(&text))).collect();
        assert_eq!(
            told,
            [
                (5, "Your command \"b\" has no key: Ctrl-T runs a.".to_owned()),
                (9, "Your command \"c\" has no key: c runs connect.".to_owned()),
                (13, "Your command \"d\" has no key: there is none called Hyper-X.".to_owned()),
            ]
        );
    }
}
