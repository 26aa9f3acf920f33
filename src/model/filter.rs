//! The filter language: words joined by AND (`web !old state:running Role=web|db @prod ~wbprd`).

mod fields;
mod haystack;
mod haystacks;
mod invalid;
mod parse;
mod pattern;
mod word;

use std::str::FromStr;

#[cfg(test)]
pub(crate) use self::fields::WAYS;
pub use self::fields::{FIELDS, OTHER_NAMES};
pub use self::haystack::Haystack;
pub use self::haystacks::Haystacks;
pub use self::invalid::InvalidFilter;
use self::parse::Parser;
pub use self::parse::SavedFilters;
use self::word::{Look, Word, score};
use super::Instance;

/// A parsed filter. The empty one matches every row.
///
/// ```text
/// FILTER  = { WORD }                    all of them must fit
/// WORD    = [ "!" ] EITHER              "!" turns it round
/// EITHER  = CHOICE { "|" CHOICE }       one of them must fit; one without a field takes that of the one before it
/// CHOICE  = [ "!" ] TEST
/// TEST    = TEXT                        in the id, the value or key of a tag, an address
///         | QUOTED                      nothing in quotes means anything but itself
///         | "~" TEXT                    these letters of the name, in this order
///         | "@" NAME                    what the saved filter of that name asks for
///         | FIELD ":" TEXT              in one of the fields of FIELDS
///         | "ip:" ADDRESS "/" BITS      an address in that block
///         | [ "tag:" ] KEY "=" [ TEXT ] a tag of that key: with that value, or with any
///         | "tag:" KEY                  a tag of that key
/// ```
///
/// `state`, `ssm`, `iam`, `via` and `ip` are compared from their beginning, `az` from its end, a tag's value whole, and all
/// others anywhere. A `*` stands for any text, and then all of the value must fit. Upper-case letters in a word make case count.
/// A value that `state`, `ssm`, `iam` and `via` never have is a mistake, as a field that there is not.
///
/// ```
/// # use std::sync::Arc;
/// use ec2dash::model::{Filter, InvalidFilter};
/// # use ec2dash::model::{Instance, InstanceState, Place};
///
/// // web-1: running, a c6i.large in ap-northeast-2a at 10.0.3.21, with a tag Role=web
/// # let place = Place { profile: None, region: "ap-northeast-2".parse().unwrap() };
/// # let row = Instance {
/// #     state: InstanceState::Running,
/// #     tags: [("Name".into(), "web-1".into()), ("Role".into(), "web".into())].into(),
/// #     instance_type: Some("c6i.large".into()), az: Some("ap-northeast-2a".into()),
/// #     private_ip: Some("10.0.3.21".parse().unwrap()),
/// #     ..Instance::untold("i-0123456789abcdef0".parse().unwrap(), Arc::new(place))
/// # };
/// let passes = |filter: &str| -> Result<bool, InvalidFilter> { Ok(filter.parse::<Filter>()?.matches(&row, "eic")) };
///
/// for filter in [
///     "", "web", "web state:run", "web !old", "via:eic", "az:2a", "type:c6i.*", "ip:10.0.3.", "ip:10.0.0.0/16",
///     "Role=web", "Role=w*", "Role=", "tag:Role", "!Role=db", "\"web-1\"", "db|web", "Role=db|web", "state:stopped|running",
///     "!db|api", "~wb1", "instance_type:c6i",
/// ] {
///     assert!(passes(filter)?, "{filter}");
/// }
/// for filter in ["db", "Web", "WEB", "web db", "!web", "state:stop", "type:large*", "ip:10.0.4.0/24", "Role=we", "tag:Owner", "db|api", "~1web"] {
///     assert!(!passes(filter)?, "{filter}");
/// }
///
/// let Err(InvalidFilter::UnknownField { nearest, .. }) = "stat:running".parse::<Filter>() else { panic!("a field?") };
/// assert_eq!(nearest, Some("state"));
/// let Err(InvalidFilter::UnknownValue { nearest, .. }) = "state:runing".parse::<Filter>() else { panic!("a state?") };
/// assert_eq!(nearest, Some("running"));
/// assert!("ip:10.0.0.0/99".parse::<Filter>().is_err());
/// # Ok::<(), InvalidFilter>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    words: Vec<Word>,
}

impl FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        Self::parse(text, &SavedFilters::new())
    }
}

impl Filter {
    /// The filter of a line, in which `@name` is one of those saved.
    pub fn parse(text: &str, saved: &SavedFilters) -> Result<Self, InvalidFilter> {
        Parser::new(saved).line(text).map(|words| Self { words })
    }

    /// The filter of words that were told apart before, as a shell does: each is one word, whatever blanks it has.
    pub fn of_words(words: &[String], saved: &SavedFilters) -> Result<Self, InvalidFilter> {
        Parser::new(saved).words(words).map(|words| Self { words })
    }

    /// What is wrong with one of the saved filters. What is wrong with those that it uses is said of them.
    pub fn check(name: &str, saved: &SavedFilters) -> Option<InvalidFilter> {
        let (name, _) = saved.get_key_value(name)?;
        Parser::new(saved).check(name)
    }

    /// Whether the filter lets every row pass.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a word asks about this field: what is not asked about need not be fetched.
    pub fn asks(&self, field: &str) -> bool {
        self.words.iter().any(|word| word.asks(field))
    }

    /// Whether some rows fit better than others: a word asks for letters in their order.
    pub fn ranks(&self) -> bool {
        self.words.iter().any(Word::ranks)
    }

    /// Both filters at once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.words.extend(other.words);
        self
    }

    /// Whether a row passes. `via` is the id of the best way in, or an empty text.
    pub fn matches(&self, row: &Instance, via: &str) -> bool {
        self.score(row, via).is_some()
    }

    /// How well a row fits, the more the better; `None`: it does not pass.
    pub fn score(&self, row: &Instance, via: &str) -> Option<u32> {
        score(&self.words, Look { row, via, haystack: None })
    }

    /// The same answer as [`Self::score`], sooner: for rows that are filtered again with every key.
    pub fn score_with(&self, row: &Instance, via: &str, haystack: &Haystack<'_>) -> Option<u32> {
        score(&self.words, Look { row, via, haystack: Some(haystack) })
    }

    /// Whether no row passes that does not pass `before`: then only those need be looked at.
    pub fn narrows(&self, before: &Self) -> bool {
        self.words.len() >= before.words.len() && self.words.iter().zip(&before.words).all(|(word, before)| word.narrows(before))
    }
}

#[cfg(test)]
pub(crate) mod tests;
