//! `man` and `licenses`: what the program says about itself.

use std::io::Write;

use super::{Exit, Failure, args};
use crate::config::Environment;
use crate::text::Catalogue;
use crate::tui::{Keymap, Page};

/// `ec2dash man`: one page with every command, the keys of the dashboard and the exit codes.
pub fn man(text: &Catalogue, out: &mut dyn Write) -> Result<Exit, Failure> {
    let command = args::command(&Environment::default(), text);
    let page = clap_mangen::Man::new(command.clone());
    let mut roff = Vec::new();
    page.render_title(&mut roff)?;
    page.render_name_section(&mut roff)?;
    page.render_synopsis_section(&mut roff)?;
    page.render_description_section(&mut roff)?;
    page.render_options_section(&mut roff)?;
    writeln!(roff, ".SH COMMANDS")?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        write_command(&mut roff, subcommand, "")?;
    }
    writeln!(roff, ".SH KEYS")?;
    for (page, action, keys) in Keymap::default().all() {
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let place = if page == Page::Everywhere { String::new() } else { format!(" ({})", page.name()) };
        let does = format!("{}: {}{place}", action.name(), action.help(text));
        writeln!(roff, ".TP\n.B {}\n{}", escaped(&keys.join(" ")), escaped(&does))?;
    }
    writeln!(roff, ".SH EXIT STATUS")?;
    for (code, meaning) in Exit::MEANINGS {
        let meaning = text.find(&format!("exit-{}", code.replace('+', "-"))).unwrap_or_else(|| meaning.to_owned());
        writeln!(roff, ".TP\n.B {code}\n{}", escaped(&meaning))?;
    }
    out.write_all(with_headings(&String::from_utf8_lossy(&roff), text).as_bytes())?;
    Ok(Exit::Done)
}

/// The page with the headings of another language: its entries `manual-name`, `manual-exit-status`, ….
fn with_headings(page: &str, text: &Catalogue) -> String {
    let told = |line: &str| {
        let heading = line.strip_prefix(".SH ")?.trim_matches('"').to_lowercase().replace(' ', "-");
        Some(format!(".SH {}", text.find(&format!("manual-{heading}"))?))
    };
    page.lines().map(|line| told(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

/// `ec2dash licenses`: whose work is in the program, and under which licences.
pub fn licenses(out: &mut dyn Write) -> Result<Exit, Failure> {
    // Gathered and held by tests/it/dependencies.
    out.write_all(include_bytes!("../../assets/third-party-licenses.txt"))?;
    Ok(Exit::Done)
}

fn write_command(roff: &mut Vec<u8>, command: &clap::Command, before: &str) -> std::io::Result<()> {
    let name = format!("{before}{}", command.get_name());
    let positionals =
        command.get_positionals().map(|arg| arg.get_value_names().map_or("", |names| names.first().map_or("", |n| n)));
    let words: String = positionals.map(|word| format!(" {word}")).collect();
    writeln!(
        roff,
        ".TP\n.B {}\n{}",
        escaped(&format!("{name}{words}")),
        escaped(&command.get_about().map(ToString::to_string).unwrap_or_default())
    )?;
    // Not `get_opts`: whether that names a switch depends on whether the command was built before.
    let own = command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set());
    let flags: Vec<String> = own.filter_map(|arg| Some(format!("--{}: {}", arg.get_long()?, arg.get_help()?))).collect();
    for flag in flags.iter().filter(|flag| !flag.starts_with("--help") && !flag.starts_with("--version")) {
        writeln!(roff, ".br\n{}", escaped(flag))?;
    }
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        write_command(roff, inner, &format!("{name} "))?;
    }
    Ok(())
}

/// A line of text that roff takes for nothing else.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_names_every_command_and_every_exit_code() {
        let mut bytes = Vec::new();
        man(&Catalogue::english(), &mut bytes).unwrap();
        let page = String::from_utf8(bytes).unwrap();

        let simulated = cfg!(feature = "demo").then_some(".B sim\n");
        for command in ["ls", "show", "\\-\\-csv\\-raw", "known\\-hosts forget", "KEYS", "connect\\-menu", "EXIT STATUS", "255"]
            .into_iter()
            .chain(simulated)
        {
            assert!(page.contains(command), "{command}");
        }
    }
}
