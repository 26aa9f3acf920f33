//! Names of sections: as a person writes them, and in the few letters that the SDK's parser takes.

use std::borrow::Cow;

use crate::text::shell_word;

/// Begins a name that the SDK would not take as it is.
const MARK: &str = "%%";

/// The name by which the SDK knows a section. Different names stay different.
pub(in crate::aws) fn regular(name: &str) -> Cow<'_, str> {
    if !name.is_empty() && !name.starts_with(MARK) && name.bytes().all(is_taken) {
        return Cow::Borrowed(name);
    }
    let mut regular = String::from(MARK);
    for byte in name.bytes() {
        if is_taken(byte) && byte != b'%' {
            regular.push(char::from(byte));
        } else {
            regular.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(regular)
}

/// The name that a person gave, of the one by which the SDK knows it.
pub(in crate::aws) fn written(regular: &str) -> Cow<'_, str> {
    match regular.strip_prefix(MARK) {
        Some(coded) => percent_encoding::percent_decode_str(coded).decode_utf8_lossy(),
        None => Cow::Borrowed(regular),
    }
}

/// What the SDK takes in the name of a section or a setting (aws-runtime 1.10, `validate_identifier`).
pub(super) fn is_taken(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte)
}

/// The words of a text, quoted as in a shell; `None` if a quote has no end.
pub(in crate::aws) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// A command line as the SDK takes it whole; `None` if a quote has no end.
///
/// The SDK gives the line to a shell, and cuts it where a `#` or `;` follows a blank; the AWS CLI runs its words as they are. So a
/// line that would be cut is given as those words, each quoted.
pub(super) fn command(line: &str) -> Option<Cow<'_, str>> {
    let is_cut = line.chars().zip(line.chars().skip(1)).any(|(one, next)| one.is_whitespace() && matches!(next, '#' | ';'));
    if !is_cut {
        return Some(Cow::Borrowed(line));
    }
    let words: Vec<String> = words(line)?.iter().map(|word| uncut(&shell_word(word))).collect();
    Some(Cow::Owned(words.join(" ")))
}

/// A quoted word in which no `#` or `;` follows a blank: the quotes are closed and opened between them.
fn uncut(quoted: &str) -> String {
    let mut uncut = String::with_capacity(quoted.len());
    let mut after_blank = false;
    for character in quoted.chars() {
        if after_blank && matches!(character, '#' | ';') {
            uncut.push_str("''");
        }
        uncut.push(character);
        after_blank = character.is_whitespace();
    }
    uncut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_name_stays_and_any_other_is_spelled_in_the_letters_that_the_sdk_takes() {
        assert_eq!(regular("corp/prod.admin@eu:1+%_-"), "corp/prod.admin@eu:1+%_-");
        assert_eq!(regular("q r"), "%%q%20r");
        assert_eq!(regular("이름"), "%%%EC%9D%B4%EB%A6%84");
        assert_eq!(regular(""), "%%");
    }

    #[test]
    fn words_are_quoted_as_in_a_shell() {
        let words = |text: &str| words(text).map(|words| words.join("|"));

        assert_eq!(words("profile a"), Some("profile|a".to_owned()));
        assert_eq!(words("profile\t \"q r\""), Some("profile|q r".to_owned()));
        assert_eq!(words("profile 'q \"r'"), Some("profile|q \"r".to_owned()));
        assert_eq!(words(r#"profile q\ r "\"x\\\y""#), Some(r#"profile|q r|"x\\y"#.to_owned()));
        assert_eq!(words("profile \"q"), None);
        assert_eq!(words("profile ''"), Some("profile|".to_owned()));
    }

    #[test]
    fn a_command_that_would_be_cut_is_given_in_its_words() {
        assert_eq!(command("creds --url https://x/#a | tail"), Some("creds --url https://x/#a | tail".into()));
        assert_eq!(command("sh -c 'true ; creds' #x"), Some("sh -c 'true ''; creds' '#x'".into()));
        assert_eq!(command("sh -c 'true ; creds"), None);
    }

    proptest! {
        #[test]
        fn no_command_is_cut_and_a_shell_reads_its_words(line in "[a-c \t;#$|&'\"]{0,16}") {
            let Some(words) = words(&line) else { return Ok(()) };
            let command = command(&line).unwrap();
            let is_cut = command.chars().zip(command.chars().skip(1)).any(|(one, next)| one.is_whitespace() && "#;".contains(next));

            prop_assert!(!is_cut, "{}", command);
            if command != line {
                prop_assert_eq!(super::words(&command), Some(words));
            }
        }

        #[test]
        fn a_name_comes_back_as_it_was_written(name in "\\PC{0,20}|%%[a-z%]{0,6}") {
            let regular = regular(&name).into_owned();

            prop_assert!(!regular.is_empty() && regular.bytes().all(is_taken));
            prop_assert_eq!(written(&regular), name);
        }
    }
}
