//! Reading a list page by page without ever going round in a circle.

use std::collections::HashSet;
use std::future::Future;

use super::Error;

/// Empty pages in a row after which a list counts as broken. AWS may send one where a filter left nothing.
const EMPTY_IN_A_ROW: usize = 3;

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Ask for the page of this token.
    Page(String),
    /// That was the last one.
    Done,
    /// The list leads nowhere: a page came twice, or nothing but empty pages.
    Broken,
}

/// A list whose pages lead nowhere is not whole: what is missing in it may be there all the same.
pub(super) fn endless(action: &'static str) -> Error {
    Error::Garbled { action, cause: "its pages do not end".into() }
}

/// All entries of a list, whose page behind a token `page` asks for.
pub(super) async fn whole<T, F>(action: &'static str, mut page: impl FnMut(Option<String>) -> F) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), Error>>,
{
    let mut pages = Pages::default();
    let mut token = None;
    let mut all = Vec::new();
    loop {
        let (entries, next) = page(token.take()).await?;
        let next = pages.after(next, entries.is_empty());
        all.extend(entries);
        match next {
            Next::Page(next) => token = Some(next),
            Next::Done => return Ok(all),
            Next::Broken => return Err(endless(action)),
        }
    }
}

/// The tokens of one list.
#[derive(Debug, Default)]
pub(super) struct Pages {
    seen: HashSet<String>,
    empty: usize,
}

impl Pages {
    /// Decide by the token that came with a page.
    pub(super) fn after(&mut self, token: Option<String>, is_empty: bool) -> Next {
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        match token.filter(|token| !token.is_empty()) {
            None => Next::Done,
            Some(_) if self.empty >= EMPTY_IN_A_ROW => Next::Broken,
            Some(token) if self.seen.insert(token.clone()) => Next::Page(token),
            Some(_) => Next::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_seen_before_ends_the_list() {
        let mut pages = Pages::default();

        assert_eq!(pages.after(Some("a".into()), false), Next::Page("a".into()));
        assert_eq!(pages.after(Some("b".into()), false), Next::Page("b".into()));
        assert_eq!(pages.after(Some("a".into()), false), Next::Broken);
    }

    #[test]
    fn one_empty_page_is_passed_over_and_many_end_the_list() {
        let mut pages = Pages::default();

        assert_eq!(pages.after(Some("a".into()), true), Next::Page("a".into()));
        assert_eq!(pages.after(Some("b".into()), false), Next::Page("b".into()));
        assert_eq!(pages.after(Some("c".into()), true), Next::Page("c".into()));
        assert_eq!(pages.after(Some("d".into()), true), Next::Page("d".into()));
        assert_eq!(pages.after(Some("e".into()), true), Next::Broken);
    }

    #[test]
    fn no_token_ends_the_list_however_full_the_page() {
        assert_eq!(Pages::default().after(None, false), Next::Done);
        assert_eq!(Pages::default().after(Some(String::new()), false), Next::Done);
    }
}
