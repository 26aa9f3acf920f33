//! Words as a shell would take them, for command lines that are shown to be copied.

/// `word` in a form that `sh`, `bash`, `zsh` and `fish` read as exactly this one word.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':' | '=' | '@' | '%' | '+' | ',');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // fish reads `\\` and `\'` inside single quotes as escapes, so a backslash stands outside of them, too.
    let mut quoted = String::with_capacity(word.len() + 2);
    quoted.push('\'');
    for character in word.chars() {
        match character {
            '\'' => quoted.push_str(r"'\''"),
            '\\' => quoted.push_str(r"'\\'"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_plain_word_stays_and_another_is_quoted() {
        for (word, quoted) in [
            ("ec2-user@10.0.0.1", "ec2-user@10.0.0.1"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(touch pwned)", "'$(touch pwned)'"),
            ("~x", "'~x'"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
    }

    #[test]
    fn a_shell_reads_back_the_same_word() {
        for word in ["a b", "it's", r"back\slash'\", "`x`;|&<>*?[]{}#!~$", "결제\tapi", "-n", "\"quoted\""] {
            let output = Command::new("sh").arg("-c").arg(format!("printf %s {}", shell_word(word))).output().unwrap();

            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
