//! The lines of an AWS file as sections and settings, read as the AWS CLI reads them.

use super::name;
use crate::aws::flaw::Fault;

/// One section of a file.
#[derive(Debug)]
pub(super) struct Section {
    /// What stands between the brackets, or all after the first if there is no second.
    pub(super) heading: String,
    pub(super) line: usize,
    pub(super) settings: Vec<Setting>,
    /// What keeps the section from being used, with its line.
    pub(super) flaw: Option<(usize, Fault)>,
}

/// One setting: its key in lower case, what stands beside it, and the indented lines below.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) below: Vec<(usize, String)>,
    line: usize,
    indent: usize,
}

/// The setting whose value is a command line: a `#` or `;` in it is no note.
const COMMAND: &str = "credential_process";

/// Values of one line: an indented line below them is a mistake in every reader's eyes.
const ONE_LINE: [&str; 20] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "region",
    "role_arn",
    "source_profile",
    "credential_source",
    "role_session_name",
    "external_id",
    "mfa_serial",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_account_id",
    "sso_role_name",
    "login_session",
    "services",
    "endpoint_url",
    "ca_bundle",
];

/// Read a file's text: its sections in their order, and what stands above the first one.
///
/// The rules are those of Python's configparser, which the AWS CLI reads with: a line is indented if it begins further right
/// than the setting above it, `=` and `:` both end a key, and a line whose first visible character is `#` or `;` is a comment.
pub(super) fn read(text: &str) -> (Vec<Section>, Vec<(usize, Fault)>) {
    let mut sections: Vec<Section> = Vec::new();
    let mut stray = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Whether the last line that counts was a setting, so that an indented one goes on with it.
    let mut is_open = false;
    for (number, line) in lines(text) {
        let visible = line.trim();
        if visible.is_empty() || visible.starts_with(['#', ';']) {
            continue;
        }
        let indent = line.chars().take_while(|character| character.is_whitespace()).count();
        let section = sections.last_mut();
        if let Some(above) =
            section.and_then(|section| section.settings.last_mut()).filter(|above| is_open && indent > above.indent)
        {
            above.below.push((number, visible.to_owned()));
        } else if visible.starts_with('[') {
            sections.push(section_of(number, visible));
            is_open = false;
        } else {
            let setting = setting(number, indent, visible);
            is_open = setting.is_some();
            match (sections.last_mut(), setting) {
                (Some(section), Some(setting)) => section.settings.push(setting),
                (Some(section), None) => section.mark(number, Fault::NoSetting),
                (None, _) if stray.is_empty() => stray.push((number, Fault::NoSection)),
                (None, _) => {}
            }
        }
    }
    for section in &mut sections {
        section.finish();
    }
    (sections, stray)
}

impl Section {
    fn mark(&mut self, line: usize, fault: Fault) {
        self.flaw.get_or_insert((line, fault));
    }

    /// Judge the lines below each value, and let go of what is empty.
    fn finish(&mut self) {
        let mut flaws = Vec::new();
        for setting in &mut self.settings {
            if setting.key == COMMAND && !setting.value.is_empty() {
                // The AWS CLI takes the lines of a command together and splits them into words.
                let lines = setting.below.drain(..).map(|(_, line)| line);
                setting.value = std::iter::once(std::mem::take(&mut setting.value)).chain(lines).collect::<Vec<_>>().join(" ");
                if name::command(&setting.value).is_none() {
                    flaws.push((setting.line, Fault::OpenCommand(setting.key.clone())));
                }
            }
            if setting.value.is_empty() {
                setting.below.retain(|(line, text)| match pair(text) {
                    Some((_, value)) => !value.is_empty(),
                    None => {
                        flaws.push((*line, Fault::NoSetting));
                        false
                    }
                });
            }
            if let Some((line, _)) = setting.below.first().filter(|_| ONE_LINE.contains(&setting.key.as_str())) {
                flaws.push((*line, Fault::Joined(setting.key.clone())));
            }
        }
        for (line, fault) in flaws {
            self.mark(line, fault);
        }
        self.settings.retain(|setting| !setting.value.is_empty() || !setting.below.is_empty());
    }
}

impl Setting {
    /// Whether the SDK takes its key.
    pub(super) fn is_known_to_sdk(&self) -> bool {
        self.key.bytes().all(name::is_taken)
    }
}

/// Lines with their numbers; a lone carriage return ends one as well.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    lines.enumerate().map(|(at, line)| (at + 1, line))
}

fn section_of(line: usize, visible: &str) -> Section {
    let inside = visible.strip_prefix('[').unwrap_or(visible);
    let (heading, flaw) = match heading(inside) {
        Some("") => (String::new(), Some((line, Fault::NoName))),
        Some(heading) => (heading.to_owned(), None),
        None => (inside.trim().to_owned(), Some((line, Fault::NoEnd))),
    };
    Section { heading, line, settings: Vec::new(), flaw }
}

/// What stands before the first `]` that is not quoted; what follows is a note.
fn heading(inside: &str) -> Option<&str> {
    let mut quote = None;
    for (at, character) in inside.char_indices() {
        match (quote, character) {
            (None, ']') => return Some(inside.get(..at)?.trim()),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), character) if open == character => quote = None,
            _ => {}
        }
    }
    // A quote without an end, or an apostrophe: `[jane's]`.
    inside.split_once(']').map(|(heading, _)| heading.trim())
}

fn setting(line: usize, indent: usize, visible: &str) -> Option<Setting> {
    let (key, value) = visible.split_once(['=', ':'])?;
    let key = key.trim().to_lowercase();
    let without_note = without_note(value).trim();
    let value = if key == COMMAND && !without_note.is_empty() { value.trim() } else { without_note }.to_owned();
    (!key.is_empty()).then_some(Setting { key, value, below: Vec::new(), line, indent })
}

/// A setting within a block, such as those below `s3 =`: only `=` ends its key, and both must be left when a note is cut off.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, value) = without_note(text).split_once('=')?;
    Some((key.trim(), value.trim())).filter(|(key, _)| !key.is_empty())
}

/// The SDK cuts a value at a `#` or `;` after a blank; so it must be cut before it is judged to be empty.
fn without_note(value: &str) -> &str {
    let mut after_blank = false;
    for (at, character) in value.char_indices() {
        if matches!(character, '#' | ';') && after_blank {
            return value.get(..at).unwrap_or(value);
        }
        after_blank = character.is_whitespace();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[heading] key=value\below…`, each section in a line.
    fn read_as(text: &str) -> String {
        let (sections, stray) = read(text);
        let mut told: Vec<String> = stray.iter().map(|(line, fault)| format!("{line}:{fault:?}")).collect();
        for section in sections {
            let mut words = vec![format!("[{}]", section.heading)];
            words.extend(section.settings.iter().map(|own| {
                let below: String = own.below.iter().map(|(_, text)| format!("\\{text}")).collect();
                format!("{}={}{below}", own.key, own.value)
            }));
            words.extend(section.flaw.map(|(line, fault)| format!("!{line}:{fault:?}")));
            told.push(words.join(" "));
        }
        told.join("\n")
    }

    #[test]
    fn what_the_aws_cli_reads_is_read_alike() {
        let table = [
            ("[default]\n  region = a\n  output = json\n", "[default] region=a output=json"),
            ("[default] # the first\nregion = a\n", "[default] region=a"),
            ("[default]\n  # note\nregion = a\n", "[default] region=a"),
            ("[default]\nregion = a\n   # note\n\t; note\noutput = b\n", "[default] region=a output=b"),
            ("[default]\ns3 =\n  a = 1\n  # note\n  b = 2\n", "[default] s3=\\a = 1\\b = 2"),
            ("\u{feff}[default]\r\nRegion: a\r\n", "[default] region=a"),
            ("[default]\rregion=a\r", "[default] region=a"),
            ("[default]\nurl = https://x/#/\n", "[default] url=https://x/#/"),
            ("[default]\nkey: a = b\n", "[default] key=a = b"),
            ("[default]\na = 1\n\n  2\n", "[default] a=1\\2"),
            ("[a]\ncredential_process = run 'a ; b' #c\n  d # e\n  # f\n", "[a] credential_process=run 'a ; b' #c d # e"),
            ("[a]\ncredential_process = # none\n", "[a]"),
            ("  [profile a]\n  region = x\n  [profile b]\n", "[profile a] region=x\n[profile b]"),
            ("[profile \"a]b\"]\n[profile jane's]\n", "[profile \"a]b\"]\n[profile jane's]"),
        ];
        for (text, expected) in table {
            assert_eq!(read_as(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_empty_value_is_no_setting() {
        for text in ["[a]\nregion =\n", "[a]\nregion = \t\n", "[a]\nregion = # none\n", "[a]\ns3 =\n  b =\n"] {
            assert_eq!(read_as(text), "[a]", "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_no_setting_spoils_its_own_section_alone() {
        assert_eq!(read_as("[a]\nx = 1\nsecret\n[b]\nx = 1\n"), "[a] x=1 !3:NoSetting\n[b] x=1");
        assert_eq!(read_as("[a]\n= 1\n"), "[a] !2:NoSetting");
        assert_eq!(read_as("[a]\ns3 =\n  secret\n"), "[a] !3:NoSetting");
        assert_eq!(read_as("[a]\nregion = x\n  output = y\n"), "[a] region=x\\output = y !3:Joined(\"region\")");
        assert_eq!(
            read_as("[a]\ncredential_process = sh -c 'a ; b\n"),
            "[a] credential_process=sh -c 'a ; b !2:OpenCommand(\"credential_process\")"
        );
        assert_eq!(read_as("[a\nx = 1\n[b]\n"), "[a] x=1 !1:NoEnd\n[b]");
        assert_eq!(read_as("[]\n[profile \"a]\n"), "[] !1:NoName\n[profile \"a]");
        assert_eq!(read_as("x = 1\ny = 2\n[b]\n"), "1:NoSection\n[b]");
    }
}
