//! Names of sections: as a person writes them, and in the few letters that the SDK's parser takes.

use std::borrow::Cow;

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
pub(super) fn words(text: &str) -> Option<Vec<String>> {
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

    proptest! {
        #[test]
        fn a_name_comes_back_as_it_was_written(name in "\\PC{0,20}|%%[a-z%]{0,6}") {
            let regular = regular(&name).into_owned();

            prop_assert!(!regular.is_empty() && regular.bytes().all(is_taken));
            prop_assert_eq!(written(&regular), name);
        }
    }
}
