//! The ASCII form of every mark and line we draw.

use std::borrow::Cow;

/// A mark and what stands for it on a terminal that draws only ASCII. `✓` takes two columns then, so texts are turned before
/// they are measured.
const ASCII: [(char, &str); 32] = [
    ('✓', "ok"),
    ('✗', "X"),
    ('●', "o"),
    ('○', "-"),
    ('◐', "+"),
    ('◑', "~"),
    ('×', "x"),
    ('–', "-"),
    ('★', "#"),
    ('…', "~"),
    ('·', "."),
    ('▸', ">"),
    ('▾', "v"),
    ('▲', "^"),
    ('▼', "v"),
    ('─', "-"),
    ('│', "|"),
    ('┌', "+"),
    ('┐', "+"),
    ('└', "+"),
    ('┘', "+"),
    ('⋮', ":"),
    ('↑', "^"),
    ('↓', "v"),
    ('←', "<"),
    ('→', ">"),
    ('“', "\""),
    ('”', "\""),
    ('’', "'"),
    ('⠋', "-"),
    ('█', "#"),
    ('┃', "#"),
];

/// The text in ASCII marks; letters of names stay as they are.
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut turned = String::with_capacity(text.len());
    for character in text.chars() {
        match ASCII.iter().find(|(mark, _)| *mark == character) {
            Some((_, form)) => turned.push_str(form),
            None => turned.push(character),
        }
    }
    Cow::Owned(turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_turn_and_names_stay() {
        assert_eq!(ascii("✓ online · ● running… 결제"), "ok online . o running~ 결제");
        assert!(matches!(ascii("plain"), Cow::Borrowed("plain")));
    }
}
