//! `GetManagedPrefixListEntries`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::paging::unknown_token;

/// Most entries on a page.
const MOST_PER_PAGE: usize = 100;

pub(super) fn entries(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.text("PrefixListId").unwrap_or_default();
    let own = asking.account.vpcs.prefix_lists.iter().find(|list| list.id == id && list.region == asking.region);
    let missing = || Refusal::new(400, "InvalidPrefixListID.NotFound", format!("The prefix list ID '{id}' does not exist"));
    let list = own.ok_or_else(missing)?;
    let size = match parameters.number("MaxResults")? {
        Some(size) => asking.page_size(size, 1, MOST_PER_PAGE)?,
        None => MOST_PER_PAGE,
    };
    let page = asking.paging.cut(list.entries.iter().collect(), size, parameters.text("NextToken")).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("entrySet", page.items, |xml, block| {
            xml.text("cidr", &block.to_string());
            xml.text("description", "");
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}
