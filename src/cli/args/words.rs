//! The words of the command line in another language: what clap and the declarations of this folder say in English.
//!
//! The English stands beside what it tells of, or in clap. Another language has an entry for each in its catalogue:
//!
//! | entry | says |
//! |---|---|
//! | `command-ls`, `command-ls-before`, `-after`, `-after-long` | what a command does, and what stands around its help (without `-before`, the English examples under `heading-examples`); `command-ec2dash` is the program |
//! | `flag-ls-columns` | a flag or a value of one command; `flag-profiles` is one of every command |
//! | `heading-usage`, `heading-options`, `heading-everywhere` | a heading of the help; `heading-default` and `heading-values` stand behind a flag |
//! | `usage-unknown-argument` | a way of wrong use ([`KINDS`]); `usage-similar` and `usage-more` follow it |

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::model::Untrusted;
use crate::text::{Catalogue, Value};

/// The ways of wrong use that a command line can have here, and their entries.
const KINDS: [(ErrorKind, &str); 10] = [
    (ErrorKind::InvalidValue, "usage-invalid-value"),
    (ErrorKind::UnknownArgument, "usage-unknown-argument"),
    (ErrorKind::InvalidSubcommand, "usage-unknown-command"),
    (ErrorKind::ValueValidation, "usage-value"),
    (ErrorKind::TooManyValues, "usage-too-many-values"),
    (ErrorKind::WrongNumberOfValues, "usage-number-of-values"),
    (ErrorKind::ArgumentConflict, "usage-conflict"),
    (ErrorKind::MissingRequiredArgument, "usage-missing"),
    (ErrorKind::MissingSubcommand, "usage-missing-command"),
    (ErrorKind::InvalidUtf8, "usage-not-text"),
];

/// `command` with the help of another language. English stands in the command already.
pub fn localised(mut command: Command, text: &Catalogue) -> Command {
    if !text.has("command-ec2dash") {
        return command;
    }
    // clap's own flags and commands (`--help`, `help`) are there only after this.
    command.build();
    let usage = text.find("heading-usage");
    translated(command, &Path::default(), usage.as_deref(), &mut |key, _| text.find(key))
}

/// Where a command stands: the way to it, and the way that its inner commands go on. `help ls` is told as `ls` is.
#[derive(Debug, Default)]
struct Path {
    own: String,
    inner: String,
}

impl Path {
    fn to(&self, name: &str) -> Self {
        let joined = if self.inner.is_empty() { name.to_owned() } else { format!("{}-{name}", self.inner) };
        if name == "help" {
            return Self { own: name.to_owned(), inner: self.inner.clone() };
        }
        Self { own: joined.clone(), inner: joined }
    }
}

/// `command` as `say` tells it, from the key of a text and its English; what it does not tell stays.
fn translated(command: Command, path: &Path, usage: Option<&str>, say: &mut dyn FnMut(&str, &str) -> Option<String>) -> Command {
    let own = format!("command-{}", if path.own.is_empty() { "ec2dash" } else { &path.own });
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let examples = examples.strip_prefix("Examples:");
    let before = match examples {
        // They are commands, in every language the same; what the program's own say of them is not.
        Some(lines) if !path.own.is_empty() => say("heading-examples", "Examples").map(|heading| format!("{heading}:{lines}")),
        Some(lines) => say(&format!("{own}-before"), lines),
        None => None,
    };
    let mut part =
        |suffix: &str, english: Option<&clap::builder::StyledStr>| say(&format!("{own}{suffix}"), &english?.to_string());
    let about = part("", command.get_about());
    let after = part("-after", command.get_after_help());
    let after_long = part("-after-long", command.get_after_long_help());
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    let commands = (!names.is_empty()).then(|| say("heading-commands", "Commands")).flatten();

    let mut command = command.mut_args(|arg| of_arg(arg, &path.own, say));
    if let Some(about) = about {
        command = command.about(about.clone()).long_about(about);
    }
    if let Some(before) = before {
        command = command.before_help(before);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    if let Some(after) = after_long {
        command = command.after_long_help(after);
    }
    if let Some(heading) = commands {
        command = command.subcommand_help_heading(heading);
    }
    if let Some(heading) = usage {
        let style = *command.get_styles().get_usage();
        let template =
            format!("{{before-help}}{{about-with-newline}}\n{style}{heading}:{style:#} {{usage}}\n\n{{all-args}}{{after-help}}");
        command = command.help_template(template);
    }
    for name in names {
        let inner = path.to(&name);
        command = command.mut_subcommand(name, |command| translated(command, &inner, usage, say));
    }
    command
}

fn of_arg(arg: Arg, path: &str, say: &mut dyn FnMut(&str, &str) -> Option<String>) -> Arg {
    let is_of_all = path.is_empty() || arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str());
    let key = if is_of_all { format!("flag-{}", arg.get_id()) } else { format!("flag-{path}-{}", arg.get_id()) };
    let help = arg.get_help().and_then(|help| say(&key.replace('_', "-"), &help.to_string()));
    let own = arg.get_help_heading().map(str::to_owned);
    let heading = own.unwrap_or_else(|| if arg.is_positional() { "Arguments" } else { "Options" }.to_owned());
    let heading = say(&format!("heading-{}", heading.to_lowercase().replace(' ', "-")), &heading);
    let mut arg = arg;
    if let Some(help) = help {
        let help = help + &choices(&arg, say);
        arg = arg.help(help.clone()).long_help(help).hide_default_value(true).hide_possible_values(true);
    }
    if let Some(heading) = heading {
        arg = arg.help_heading(heading);
    }
    arg
}

/// What a flag takes and what it is without, as clap tells it in English.
fn choices(arg: &Arg, say: &mut dyn FnMut(&str, &str) -> Option<String>) -> String {
    if !arg.get_action().takes_values() {
        return String::new();
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
    let mut told = String::new();
    for (key, english, words) in
        [("heading-default", "default", defaults.join(", ")), ("heading-values", "possible values", values.join(", "))]
    {
        if let Some(heading) = (!words.is_empty()).then(|| say(key, english)).flatten() {
            told.push_str(&format!(" [{heading}: {words}]"));
        }
    }
    told
}

/// What was wrong with the command line, without the control characters that an argument may have brought along.
pub fn message(error: &clap::Error, text: &Catalogue) -> String {
    let key = KINDS.iter().find(|(kind, _)| *kind == error.kind()).map(|(_, key)| *key);
    let lines = match key {
        Some(key) if text.has(key) => in_words(error, key, text),
        _ => error.render().to_string(),
    };
    let variable = match error.get(ContextKind::Custom) {
        Some(ContextValue::String(variable)) => {
            format!("\n{}", text.say_with("usage-variable", &[("variable", variable.clone().into())]))
        }
        _ => String::new(),
    };
    format!("{}{variable}", lines.trim_end())
        .lines()
        .map(|line| Untrusted::from(line).shown_in(400))
        .collect::<Vec<_>>()
        .join("\n")
}

fn in_words(error: &clap::Error, key: &str, text: &Catalogue) -> String {
    let context = |kind| {
        error.get(kind).map(|value| match value {
            ContextValue::Strings(several) => several.join(", "),
            other => other.to_string(),
        })
    };
    let first = |kinds: &[ContextKind]| kinds.iter().find_map(|kind| context(*kind)).filter(|words| !words.is_empty());
    let value = |words: Option<String>| -> Value { words.unwrap_or_else(|| "–".to_owned()).into() };
    let argument = first(&[ContextKind::InvalidArg, ContextKind::InvalidSubcommand]);
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let values = [
        ("argument", value(argument)),
        ("value", value(first(&[ContextKind::InvalidValue]))),
        ("other", value(first(&[ContextKind::PriorArg]))),
        ("known", value(first(&[ContextKind::ValidValue, ContextKind::ValidSubcommand]))),
        ("cause", value(cause)),
    ];
    let mut lines = vec![format!("{}: {}", text.say("message-error"), text.say_with(key, &values))];
    let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(similar) = first(&similar) {
        lines.push(format!("\n  {}", text.say_with("usage-similar", &[("similar", similar.into())])));
    }
    if let Some(usage) = context(ContextKind::Usage) {
        // clap's own heading, in the language of the help.
        let usage = usage.trim().strip_prefix("Usage:").map_or(usage.as_str(), str::trim).to_owned();
        lines.push(format!("\n{}: {usage}", text.say("heading-usage")));
    }
    lines.push(format!("\n{}", text.say("usage-more")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args;
    use crate::config::Environment;

    const ESPERANTO: &str = "\
command-ec2dash = Eniru EC2-instancojn
command-ls = Listigi instancojn
heading-examples = Ekzemploj
heading-default = sen ĝi
heading-values = eblaj
flag-color = Koloroj
flag-ls-words = Vortoj
flag-profiles = Profilo de AWS
flag-help = Montri helpon
heading-usage = Uzado
heading-arguments = Argumentoj
heading-options = Opcioj
heading-commands = Komandoj
heading-everywhere = Ĉie
message-error = eraro
usage-unknown-argument = nekonata: { $argument }
usage-unknown-command = nekonata komando: { $argument }
usage-similar = ĉu { $similar }?
usage-more = Vidu: --help
";

    fn told(words: &[&str], text: &Catalogue) -> clap::Error {
        args::parse(words.iter().map(Into::into), &Environment::default(), text).unwrap_err()
    }

    #[test]
    fn help_is_told_in_the_language_of_the_catalogue() {
        let text = Catalogue::invented(ESPERANTO);
        let help = |words: &[&str]| told(words, &text).render().to_string();

        let all = help(&["ec2dash", "--help"]);
        for words in
            ["Eniru EC2-instancojn", "Uzado: ec2dash [OPTIONS]", "Komandoj:", "Listigi instancojn", "Ĉie:", "Profilo de AWS"]
        {
            assert!(all.contains(words), "{words}: {all}");
        }
        let one = help(&["ec2dash", "ls", "-h"]);
        for words in [
            "Ekzemploj:\n  ec2dash ls web",
            "Uzado: ec2dash ls",
            "Argumentoj:",
            "Vortoj",
            "Opcioj:",
            "Montri helpon",
            "Profilo de AWS",
            "Koloroj [sen ĝi: auto] [eblaj: auto, always, never]",
        ] {
            assert!(one.contains(words), "{words}: {one}");
        }
        for english in ["Usage:", "Options:", "Arguments:", "Everywhere:", "Commands:"] {
            assert!(!all.contains(english) && !one.contains(english), "{english}");
        }
    }

    #[test]
    fn wrong_use_is_told_in_the_language_of_the_catalogue() {
        let text = Catalogue::invented(ESPERANTO);
        let said = |words: &[&str]| message(&told(words, &text), &text);

        assert_eq!(
            said(&["ec2dash", "ls", "--foo\u{1b}"]),
            "eraro: nekonata: --foo·\n\nUzado: ec2dash ls [OPTIONS] [FILTER]...\n\nVidu: --help"
        );
        assert!(said(&["ec2dash", "conect", "x"]).starts_with("eraro: nekonata komando: conect\n\n  ĉu connect?\n"));
    }

    #[test]
    fn english_is_told_as_clap_tells_it() {
        let text = Catalogue::english();
        let error = told(&["ec2dash", "ls", "--foo"], &text);

        assert_eq!(message(&error, &text), error.render().to_string().trim_end());
    }

    /// Every entry that another language needs for the command line.
    fn needed() -> Vec<String> {
        let mut keys: Vec<String> = KINDS.iter().map(|(_, key)| (*key).to_owned()).collect();
        keys.extend(["heading-usage", "usage-similar", "usage-more", "heading-default", "heading-values"].map(str::to_owned));
        let mut command = args::command(&Environment::default(), &Catalogue::english());
        command.build();
        translated(command, &Path::default(), None, &mut |key, _| {
            keys.push(key.to_owned());
            None
        });
        keys
    }

    #[test]
    fn every_other_language_tells_the_whole_command_line() {
        let lacks = |text: &Catalogue| needed().into_iter().filter(|key| !text.has(key)).collect::<Vec<_>>();
        for language in crate::text::Language::all().filter(|language| *language != crate::text::Language::ENGLISH) {
            assert_eq!(lacks(&Catalogue::new(language)), [""; 0], "{}", language.tag());
        }
        let some = lacks(&Catalogue::invented(ESPERANTO));
        assert!(some.contains(&"flag-connect-user".to_owned()) && some.contains(&"command-connect".to_owned()), "{some:?}");
        assert!(!some.contains(&"command-ls".to_owned()));
    }
}
