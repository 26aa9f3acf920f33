//! Commands of the user's own: what `[[command]]` says, and the arguments that it comes to for one instance.

use std::ffi::OsString;

use super::section::{Quoted, Section};

/// Most columns of a name: it stands in the palette and in the help.
const LONGEST_NAME: usize = 40;

/// A command of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCommand {
    /// What it is called.
    pub name: String,
    /// The key that runs it, as the file has it.
    pub key: Option<String>,
    /// The program and its arguments; never a line for a shell.
    pub run: Vec<Template>,
    /// On which rows.
    pub rows: OnRows,
    /// Whether it has the terminal, as a session has; otherwise it runs beside the dashboard.
    pub terminal: bool,
    /// Whether the credentials of the place are in its environment.
    pub credentials: bool,
    /// The line of the file that it begins in.
    pub line: usize,
}

/// On which rows a command runs, once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRows {
    /// The one under the cursor.
    Cursor,
    /// The selected ones; without a selection the one under the cursor.
    Selected,
}

/// One argument: text, and places for values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Placeholder),
}

/// What can stand in an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    /// `{id}`
    Id,
    /// `{name}`: the tag `Name`, the only tag there is
    Name,
    /// `{private_ip}`
    PrivateIp,
    /// `{public_ip}`
    PublicIp,
    /// `{region}`
    Region,
    /// `{profile}`
    Profile,
    /// `{account}`
    Account,
    /// `{user}`: who is logged in by ssh
    User,
}

const PLACEHOLDERS: [(&str, Placeholder); 8] = [
    ("id", Placeholder::Id),
    ("name", Placeholder::Name),
    ("private_ip", Placeholder::PrivateIp),
    ("public_ip", Placeholder::PublicIp),
    ("region", Placeholder::Region),
    ("profile", Placeholder::Profile),
    ("account", Placeholder::Account),
    ("user", Placeholder::User),
];

/// Why an instance makes no arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfilled {
    /// Nothing is known for this.
    Missing(Placeholder),
    /// The value begins with `-` and would be an option of the program.
    LikeAnOption(Placeholder),
    /// The value holds characters that nobody sees.
    Hidden(Placeholder),
}

impl Placeholder {
    /// `{public_ip}`, without the braces.
    pub fn word(self) -> &'static str {
        PLACEHOLDERS.iter().find(|(_, own)| *own == self).map_or("", |(word, _)| *word)
    }
}

impl Unfilled {
    /// Key of the sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Missing(_) => "own-missing",
            Self::LikeAnOption(_) => "own-like-an-option",
            Self::Hidden(_) => "own-hidden",
        }
    }

    /// Which value it is about.
    pub fn placeholder(self) -> Placeholder {
        match self {
            Self::Missing(own) | Self::LikeAnOption(own) | Self::Hidden(own) => own,
        }
    }
}

impl OwnCommand {
    /// The program and its arguments. `value` tells what is known of the instance.
    pub fn arguments(&self, value: &dyn Fn(Placeholder) -> Option<String>) -> Result<Vec<OsString>, Unfilled> {
        self.run.iter().map(|template| template.filled(value)).collect()
    }
}

impl Template {
    fn filled(&self, value: &dyn Fn(Placeholder) -> Option<String>) -> Result<OsString, Unfilled> {
        let mut whole = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => whole.push_str(text),
                Piece::Value(placeholder) => {
                    let own = value(*placeholder).filter(|own| !own.is_empty()).ok_or(Unfilled::Missing(*placeholder))?;
                    if own.chars().any(crate::model::is_hidden) {
                        return Err(Unfilled::Hidden(*placeholder));
                    }
                    if own.starts_with('-') && self.0.len() == 1 {
                        return Err(Unfilled::LikeAnOption(*placeholder));
                    }
                    whole.push_str(&own);
                }
            }
        }
        Ok(whole.into())
    }

    fn has_values(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Value(_)))
    }
}

/// Every `[[command]]`. What is wrong is told at its place.
pub(super) fn read_commands(file: &Section<'_, '_>) -> Vec<OwnCommand> {
    let mut commands: Vec<OwnCommand> = Vec::new();
    for (line, section) in file.sections("command") {
        let named = section.text("name");
        let key = section.text("key");
        let run = section.some_texts("run");
        let rows = section.word("where", &[("cursor", OnRows::Cursor), ("selected", OnRows::Selected)]);
        let terminal = section.boolean("terminal");
        let credentials = section.boolean("credentials");
        let arguments = run.as_ref().and_then(|run| templates(&section, run));
        for (missing, is_there) in [("name", section.has("name").is_some()), ("run", section.has("run").is_some())] {
            if !is_there {
                let place = section.has("name").or(section.has("run")).or_else(|| file.has("command"));
                let values = vec![("key", missing.to_owned())];
                section.notes().object(place.unwrap_or_default(), "config-command-lacks", values);
            }
        }
        if let (Some(name), Some(run)) = (named, arguments)
            && is_name(&section, &name, &commands)
        {
            commands.push(OwnCommand {
                name: name.text.to_owned(),
                key: key.map(|key| key.text.to_owned()),
                run,
                rows: rows.unwrap_or(OnRows::Cursor),
                terminal: terminal.unwrap_or(true),
                credentials: credentials.unwrap_or(false),
                line,
            });
        }
        section.finish_strictly();
    }
    commands
}

fn is_name(section: &Section<'_, '_>, name: &Quoted<'_>, others: &[OwnCommand]) -> bool {
    let fits = !name.text.trim().is_empty()
        && name.text.chars().count() <= LONGEST_NAME
        && !name.text.chars().any(crate::model::is_hidden);
    let code = if !fits {
        "config-command-name"
    } else if others.iter().any(|other| other.name == name.text) {
        "config-command-twice"
    } else {
        return true;
    };
    section.notes().object(name.span.clone(), code, vec![("name", name.shown())]);
    false
}

fn templates(section: &Section<'_, '_>, run: &[Quoted<'_>]) -> Option<Vec<Template>> {
    let all: Vec<Template> = run.iter().map(|word| template(section, word)).collect::<Option<_>>()?;
    let program = run.first()?;
    let is_named = all.first().is_some_and(|first| !first.has_values()) && !program.text.is_empty();
    if !is_named {
        section.notes().object(program.span.clone(), "config-command-program", vec![("value", program.shown())]);
    }
    is_named.then_some(all)
}

/// `vim`, `scp://{user}@{id}/`; `{{` and `}}` are the braces themselves.
fn template(section: &Section<'_, '_>, word: &Quoted<'_>) -> Option<Template> {
    let wrong = || {
        section.notes().object(word.span.clone(), "config-command-braces", vec![("value", word.shown())]);
    };
    if word.text.contains('\0') {
        wrong();
        return None;
    }
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = word.text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            text.push_str(&from[..1]);
            rest = after;
            continue;
        }
        let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
            wrong();
            return None;
        };
        let quoted = Quoted { text: name, span: word.span.clone() };
        let placeholder = section.pick("placeholder", &quoted, &PLACEHOLDERS)?;
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Value(placeholder));
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(Template(pieces))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use crate::text::Catalogue;

    fn problems(source: &str) -> Vec<String> {
        let text = Catalogue::english();
        parse(source, None).unwrap_err().findings.iter().map(|finding| finding.located(&text)).collect()
    }

    fn command(run: &str) -> OwnCommand {
        let source = format!("[[command]]\nname = \"x\"\nrun = {run}\n");
        parse(&source, None).unwrap().settings.commands.remove(0)
    }

    fn filled(run: &str, name: &str) -> Result<Vec<String>, Unfilled> {
        let value = |placeholder| match placeholder {
            Placeholder::Id => Some("i-0123456789abcdef0".to_owned()),
            Placeholder::Name => Some(name.to_owned()),
            Placeholder::User => Some("ec2-user".to_owned()),
            _ => None,
        };
        let arguments = command(run).arguments(&value)?;
        Ok(arguments.into_iter().map(|own| own.into_string().unwrap()).collect())
    }

    #[test]
    fn a_value_stays_within_its_argument_whatever_is_in_it() {
        let hostile = "a b; rm -rf / $(id) `id` {id} \"";

        assert_eq!(
            filled(r#"["vim", "scp://{user}@{id}/", "{name}", "{{id}}"]"#, hostile).unwrap(),
            ["vim", "scp://ec2-user@i-0123456789abcdef0/", hostile, "{id}"]
        );
    }

    #[test]
    fn a_value_that_would_be_an_option_is_refused_unless_the_argument_holds_more() {
        assert_eq!(filled(r#"["x", "{name}"]"#, "-oProxyCommand=id"), Err(Unfilled::LikeAnOption(Placeholder::Name)));
        assert_eq!(filled(r#"["x", "name={name}"]"#, "-o").unwrap(), ["x", "name=-o"]);
        assert_eq!(filled(r#"["x", "{name}"]"#, "a\u{1b}[2J"), Err(Unfilled::Hidden(Placeholder::Name)));
        assert_eq!(filled(r#"["x", "{name}"]"#, "a\0b"), Err(Unfilled::Hidden(Placeholder::Name)));
        assert_eq!(filled(r#"["x", "{public_ip}"]"#, "a"), Err(Unfilled::Missing(Placeholder::PublicIp)));
        assert_eq!(filled(r#"["x", "{name}"]"#, ""), Err(Unfilled::Missing(Placeholder::Name)));
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let command = command(r#"["top"]"#);

        assert_eq!((command.rows, command.terminal, command.credentials, command.line), (OnRows::Cursor, true, false, 1));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_the_nearest_word() {
        for (source, expected) in [
            ("name = \"x\"\n", "line 2, column 8: a [[command]] needs run"),
            ("run = [\"x\"]\n", "line 2, column 7: a [[command]] needs name"),
            ("name = \"x\"\nrun = []\n", "line 3, column 7: run is empty: name at least one, or leave the line out"),
            ("name = \"x\"\nrun = [\"x\", \"{idd}\"]\n", "line 3, column 13: unknown placeholder \"idd\". Did you mean \"id\"?"),
            (
                "name = \"x\"\nrun = [\"{id}\"]\n",
                "line 3, column 8: \"{id}\" is no program: it is named here, and never by a value",
            ),
            (
                "name = \"x\"\nrun = [\"x\", \"a}\"]\n",
                "line 3, column 13: \"a}\" has a brace alone: a value is {id}, a brace is {{ or }}",
            ),
            (
                "name = \"x\"\nrun = [\"x\"]\nwhere = \"selectd\"\n",
                "line 4, column 9: unknown where \"selectd\". Did you mean \"selected\"?",
            ),
            (
                "name = \"x\"\nrun = [\"x\"]\ncredential = true\n",
                "line 4, column 1: unknown key \"credential\". Did you mean \"credentials\"?",
            ),
            (
                "name = \"a\\u001b\"\nrun = [\"x\"]\n",
                "line 2, column 8: \"a·\" is no name for a command: at most 40 characters that are seen",
            ),
        ] {
            assert_eq!(problems(&format!("[[command]]\n{source}")), [expected], "{source}");
        }
        let twice = "[[command]]\nname = \"x\"\nrun = [\"x\"]\n".repeat(2);
        assert_eq!(problems(&twice), ["line 5, column 8: another command is called \"x\""]);
    }
}
