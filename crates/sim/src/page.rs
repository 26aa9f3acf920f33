//! Cutting a long answer into pages with an opaque token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How the pages of one call go wrong, if they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Paging {
    #[default]
    Sound,
    /// Each page names the same next token.
    RepeatToken,
    /// The page is empty and names a next token that has not been seen before.
    EmptyPage,
}

/// A part of a list and the token of what follows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// A token that is not one of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownToken;

impl Paging {
    /// At most `size` of `items` from where `token` points to.
    pub(super) fn cut<T>(self, items: Vec<T>, size: usize, token: Option<&str>) -> Result<Page<T>, UnknownToken> {
        let offset = token.map(offset).transpose()?.unwrap_or(0);
        let all = items.len();
        if self == Self::EmptyPage {
            return Ok(Page { items: Vec::new(), next: Some(named(offset, &uuid::Uuid::new_v4().to_string())) });
        }
        let end = offset.saturating_add(size);
        let items = items.into_iter().skip(offset).take(size).collect();
        let next = match self {
            Self::RepeatToken => Some(named(0, "again")),
            _ => (end < all).then(|| named(end, "")),
        };
        Ok(Page { items, next })
    }
}

fn named(offset: usize, salt: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("page {offset} {salt}"))
}

fn offset(token: &str) -> Result<usize, UnknownToken> {
    let decoded = URL_SAFE_NO_PAD.decode(token).map_err(|_| UnknownToken)?;
    let text = String::from_utf8(decoded).map_err(|_| UnknownToken)?;
    let rest = text.strip_prefix("page ").ok_or(UnknownToken)?;
    rest.split(' ').next().and_then(|number| number.parse().ok()).ok_or(UnknownToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_together_are_the_list() {
        let list: Vec<u32> = (0..23).collect();
        let mut seen = Vec::new();
        let mut token = None;

        loop {
            let page = Paging::Sound.cut(list.clone(), 10, token.as_deref()).unwrap();
            seen.extend(page.items);
            token = page.next;
            if token.is_none() {
                break;
            }
        }

        assert_eq!(seen, list);
    }

    #[test]
    fn a_full_last_page_has_no_token() {
        assert_eq!(Paging::Sound.cut(vec![1, 2], 2, None).unwrap().next, None);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        assert_eq!(Paging::Sound.cut(vec![1], 1, Some("AAAA")), Err(UnknownToken));
    }

    #[test]
    fn a_repeated_token_never_changes_and_an_empty_page_never_repeats() {
        let repeated = |token: Option<&str>| Paging::RepeatToken.cut(vec![1, 2], 1, token).unwrap().next.unwrap();
        let first = repeated(None);
        assert_eq!(first, repeated(Some(&first)));

        let empty = |token: Option<&str>| Paging::EmptyPage.cut(vec![1, 2], 1, token).unwrap();
        let first = empty(None);
        let second = empty(first.next.as_deref());
        assert!(first.items.is_empty() && second.items.is_empty());
        assert_ne!(first.next, second.next);
    }
}
