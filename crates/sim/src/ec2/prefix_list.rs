//! `DescribeManagedPrefixLists`, `GetManagedPrefixListEntries`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;
use super::listed::{self, Kind};
use super::paging::unknown_token;

/// Most entries on a page.
const MOST_PER_PAGE: usize = 100;

const LISTS: Kind = Kind { word: "PrefixListId", code: "InvalidPrefixListID.NotFound", noun: "prefix list ID", most: 100 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["prefix-list-id", "prefix-list-name", "owner-id"])?;
    let own = asking.account.vpcs.prefix_lists.iter().filter(|list| list.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &LISTS,
        own,
        |list| &list.id,
        |list| {
            filters.hold(|name| match name {
                "prefix-list-id" => vec![list.id.as_str()],
                "prefix-list-name" => vec![list.name.as_str()],
                _ => vec![asking.account.id.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("prefixListSet", page.items, |xml, list| {
            xml.text("prefixListId", &list.id);
            xml.text("prefixListName", &list.name);
            xml.text("state", "create-complete");
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

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
