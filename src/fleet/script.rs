//! From the words of a command line to what `/bin/sh` runs.

use crate::text::shell_word;

/// One word is a command line already; several are quoted so that they arrive as exactly these words.
pub fn script(words: &[String]) -> String {
    match words {
        [line] => line.clone(),
        words => words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_word_is_a_command_line_and_several_are_words() {
        assert_eq!(script(&["df -h | tail -1".to_owned()]), "df -h | tail -1");
        assert_eq!(script(&["echo".to_owned(), "a b; rm -rf /".to_owned()]), "echo 'a b; rm -rf /'");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn several_words_arrive_as_they_are(words in proptest::collection::vec("[^\\x00]{0,12}", 1..6)) {
            let mut all = vec!["printf".to_owned(), "%s\\0".to_owned()];
            all.extend(words.iter().cloned());

            let output = Command::new("/bin/sh").arg("-c").arg(script(&all)).output().unwrap();

            let mut expected: Vec<u8> = Vec::new();
            for word in &words {
                expected.extend(word.as_bytes());
                expected.push(0);
            }
            prop_assert_eq!(output.stdout, expected);
        }
    }
}
