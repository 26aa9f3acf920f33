//! Lists whose things are asked for by id, by filters, or all of them, page by page.

use crate::asking::Asking;
use crate::page::Page;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::paging::unknown_token;

/// What a list is of.
pub(super) struct Kind {
    /// The parameter that ids come in.
    pub(super) word: &'static str,
    /// What is answered to an id that nothing has.
    pub(super) code: &'static str,
    /// What EC2 calls one in that answer.
    pub(super) noun: &'static str,
    /// Most on a page, and as many if nothing is said of it.
    pub(super) most: usize,
}

/// A page of those of `all` that the call asks for and `holds` leaves.
pub(super) fn page<'a, T>(
    asking: &Asking<'a>,
    parameters: &Parameters,
    kind: &Kind,
    mut all: Vec<&'a T>,
    id: impl Fn(&T) -> &String,
    holds: impl Fn(&T) -> bool,
) -> Result<Page<&'a T>, Refusal> {
    let ids = parameters.list(kind.word);
    if let Some(missing) = ids.iter().find(|wanted| all.iter().all(|own| id(own) != **wanted)) {
        return Err(Refusal::new(400, kind.code, format!("The {} ID '{missing}' does not exist", kind.noun)));
    }
    all.retain(|own| (ids.is_empty() || ids.contains(&id(own).as_str())) && holds(own));
    let size = match parameters.number("MaxResults")? {
        Some(size) => asking.page_size(size, 5, kind.most)?,
        None => kind.most,
    };
    asking.paging.cut(all, size, parameters.text("NextToken")).map_err(unknown_token)
}
