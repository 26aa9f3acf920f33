//! A command line as the words the agent makes of it: quotes and backslashes, and nothing else of a shell.

/// The words; none if a quote is not closed.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            quote @ ('\'' | '"') => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        end if end == quote => break,
                        '\\' if quote == '"' => word.push(letters.next()?),
                        inside => word.push(inside),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(letters.next()?),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_without_a_shells_meaning() {
        let cases: [(&str, &[&str]); 6] = [
            ("echo a; echo b", &["echo", "a;", "echo", "b"]),
            ("sh -c 'echo $HOME; exit 3'", &["sh", "-c", "echo $HOME; exit 3"]),
            (r#"a "b \"c\" d" e\ f"#, &["a", "b \"c\" d", "e f"]),
            ("sh -c 'it'\\''s'", &["sh", "-c", "it's"]),
            ("x '' \"\"", &["x", "", ""]),
            ("  ", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(words(line).unwrap(), expected, "{line}");
        }
        assert_eq!(words("sh -c 'open"), None);
        assert_eq!(words("open \\"), None);
    }
}
