//! Reads a page of `DescribeInstances` in one pass, and of it only what a row needs.
//!
//! It takes what the SDK's reader takes (`src/aws/oracle.rs` holds the two against each other), and forgives more: a character that
//! XML does not allow, a reference that means nothing, and a number that is none cost themselves and not the page.

use std::borrow::Cow;
use std::mem::size_of;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;

use super::described::{Address, Association, Described, Interface, Ipv6, Operator, Reason, Text};
use crate::model::{AccountId, Instance, Place};

const ROOT: &str = "DescribeInstancesResponse";
/// Elements inside one another. EC2 nests nine; the SDK's own reader ends at 128.
const DEEPEST: usize = 128;
/// Bytes that the parts of a page may take beside their texts: more than a thousand instances with every address that EC2 lets them have.
const MOST_KEPT: usize = 128 << 20;

/// What a page says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) rows: Vec<Instance>,
    /// Rows left out because AWS gave no id we can use.
    pub(super) odd: usize,
    pub(super) token: Option<String>,
}

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    /// No list of instances, or one with an error in it or cut off: for the SDK to say what it is.
    #[error("not a whole list of instances")]
    NotAList,
    /// No list of EC2 is like this.
    #[error("more in one answer than EC2 ever sends")]
    TooMuch,
}

/// Read a page.
pub(super) fn read(page: &[u8], place: &Arc<Place>) -> Result<Page, Unread> {
    let text = String::from_utf8_lossy(page);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    Walk { reader, kept: 0 }.page(place)
}

/// A way through the elements of a page, one after the other.
struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    /// Bytes that the parts found so far take.
    kept: usize,
}

type Read<T> = Result<T, Unread>;

impl<'a> Walk<'a> {
    fn page(mut self, place: &Arc<Place>) -> Read<Page> {
        loop {
            match self.next()? {
                Event::Start(root) if root.local_name().as_ref() == ROOT => break,
                Event::Start(_) | Event::Eof => return Err(Unread::NotAList),
                _ => {}
            }
        }
        let mut page = Page::default();
        self.children(|walk, name| match name {
            "reservationSet" => {
                // Told twice, the last one counts, as everywhere below.
                (page.rows, page.odd) = (Vec::new(), 0);
                walk.items(|walk| walk.reservation(place, &mut page))
            }
            "nextToken" => set(&mut page.token, walk.text().map(Cow::into_owned)),
            "Errors" | "Error" => Err(Unread::NotAList),
            _ => walk.pass(),
        })?;
        Ok(page)
    }

    fn reservation(&mut self, place: &Arc<Place>, page: &mut Page) -> Read<()> {
        let mut account: Option<AccountId> = None;
        let mut all = Vec::new();
        self.children(|walk, name| match name {
            // It may stand behind the instances that are its own.
            "ownerId" => walk.text().map(|id| account = id.parse().ok()),
            "instancesSet" => walk.list(&mut all, Self::instance),
            _ => walk.pass(),
        })?;
        for described in all {
            match described.row(place, account.as_ref()) {
                Some(row) => page.rows.push(row),
                None => page.odd += 1,
            }
        }
        Ok(())
    }

    fn instance(&mut self) -> Read<Described<'a>> {
        let mut own = Described::default();
        self.children(|walk, name| match name {
            "instanceId" => walk.into_text(&mut own.id),
            "instanceState" => walk.into_child(&mut own.state, "name"),
            "stateReason" => walk.reason().map(|reason| own.state_reason = reason),
            "tagSet" => walk.list(&mut own.tags, |walk| walk.pair("key", "value")),
            "instanceType" => walk.into_text(&mut own.instance_type),
            "architecture" => walk.into_text(&mut own.architecture),
            "placement" => walk.into_child(&mut own.az, "availabilityZone"),
            "privateIpAddress" => walk.into_text(&mut own.private_ip),
            "ipAddress" => walk.into_text(&mut own.public_ip),
            "ipv6Address" => walk.into_text(&mut own.ipv6),
            "privateDnsName" => walk.into_text(&mut own.private_dns_name),
            "dnsName" => walk.into_text(&mut own.public_dns_name),
            "networkInterfaceSet" => walk.list(&mut own.interfaces, Self::interface),
            "imageId" => walk.into_text(&mut own.image),
            "keyName" => walk.into_text(&mut own.key_name),
            "vpcId" => walk.into_text(&mut own.vpc),
            "subnetId" => walk.into_text(&mut own.subnet),
            "groupSet" => walk.list(&mut own.security_groups, |walk| walk.pair("groupId", "groupName")),
            "launchTime" => walk.text().map(|time| own.launched = time.parse().ok()),
            "platform" => walk.into_text(&mut own.platform),
            "platformDetails" => walk.into_text(&mut own.platform_details),
            "metadataOptions" => walk.into_child(&mut own.metadata_endpoint, "httpEndpoint"),
            "instanceLifecycle" => walk.into_text(&mut own.lifecycle),
            "operator" => walk.operator().map(|operator| own.operator = operator),
            "rootDeviceType" => walk.into_text(&mut own.root_device),
            "hibernationOptions" => walk.into_child(&mut own.hibernation, "configured"),
            "iamInstanceProfile" => walk.into_child(&mut own.instance_profile_arn, "arn"),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn reason(&mut self) -> Read<Reason<'a>> {
        let mut own = Reason::default();
        self.children(|walk, name| match name {
            "code" => walk.into_text(&mut own.code),
            "message" => walk.into_text(&mut own.message),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn operator(&mut self) -> Read<Operator<'a>> {
        let mut own = Operator::default();
        self.children(|walk, name| match name {
            "managed" => walk.flag().map(|manages| own.manages = manages),
            "principal" => walk.into_text(&mut own.principal),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn interface(&mut self) -> Read<Interface<'a>> {
        let mut own = Interface::default();
        self.children(|walk, name| match name {
            "attachment" => {
                let mut index = None;
                walk.into_child(&mut index, "deviceIndex")?;
                own.device_index = index.and_then(|index| index.parse().ok());
                Ok(())
            }
            "privateIpAddressesSet" => walk.list(&mut own.addresses, Self::address),
            "ipv6AddressesSet" => walk.list(&mut own.ipv6, Self::ipv6),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn address(&mut self) -> Read<Address<'a>> {
        let mut own = Address::default();
        self.children(|walk, name| match name {
            "primary" => walk.flag().map(|is_primary| own.is_primary = is_primary),
            "privateIpAddress" => walk.into_text(&mut own.private_ip),
            "privateDnsName" => walk.into_text(&mut own.private_dns_name),
            "association" => walk.association().map(|association| own.association = association),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn association(&mut self) -> Read<Association<'a>> {
        let mut own = Association::default();
        self.children(|walk, name| match name {
            "publicIp" => walk.into_text(&mut own.public_ip),
            "publicDnsName" => walk.into_text(&mut own.public_dns_name),
            "ipOwnerId" => walk.into_text(&mut own.owner),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn ipv6(&mut self) -> Read<Ipv6<'a>> {
        let mut own = Ipv6::default();
        self.children(|walk, name| match name {
            "isPrimaryIpv6" => walk.flag().map(|is_primary| own.is_primary = is_primary),
            "ipv6Address" => walk.into_text(&mut own.address),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    /// Two texts of one element; what is missing is empty.
    fn pair(&mut self, one: &str, other: &str) -> Read<(Text<'a>, Text<'a>)> {
        let (mut first, mut second) = (Text::default(), Text::default());
        self.children(|walk, name| {
            if name == one {
                walk.text().map(|text| first = text)
            } else if name == other {
                walk.text().map(|text| second = text)
            } else {
                walk.pass()
            }
        })?;
        Ok((first, second))
    }

    /// The text of the child of this name, if there is one.
    fn into_child(&mut self, place: &mut Option<Text<'a>>, child: &str) -> Read<()> {
        *place = None;
        self.children(|walk, name| if name == child { walk.into_text(place) } else { walk.pass() })
    }

    fn into_text(&mut self, place: &mut Option<Text<'a>>) -> Read<()> {
        set(place, self.text())
    }

    fn flag(&mut self) -> Read<bool> {
        Ok(self.text()? == "true")
    }

    /// The `item`s of a list, in place of those of an earlier one.
    fn list<T>(&mut self, all: &mut Vec<T>, mut each: impl FnMut(&mut Self) -> Read<T>) -> Read<()> {
        all.clear();
        self.items(|walk| {
            walk.kept += size_of::<T>();
            if walk.kept > MOST_KEPT {
                return Err(Unread::TooMuch);
            }
            each(walk).map(|own| all.push(own))
        })
    }

    fn items(&mut self, mut each: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.children(|walk, name| if name == "item" { each(walk) } else { walk.pass() })
    }

    /// Give the children of the element just entered to `each`, by name and whatever the prefix, which reads to the child's end.
    fn children(&mut self, mut each: impl FnMut(&mut Self, &str) -> Read<()>) -> Read<()> {
        loop {
            match self.next()? {
                Event::Start(child) => each(self, child.local_name().as_ref())?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(Unread::NotAList),
                _ => {}
            }
        }
    }

    /// The text of the element just entered, without that of elements in it.
    fn text(&mut self) -> Read<Text<'a>> {
        let mut whole = Text::default();
        loop {
            match self.next()? {
                Event::Text(part) => join(&mut whole, part.into_inner()),
                Event::CData(part) => join(&mut whole, part.into_inner()),
                Event::GeneralRef(reference) => refer(whole.to_mut(), &reference),
                Event::Start(_) => self.pass()?,
                Event::End(_) => return Ok(whole),
                Event::Eof => return Err(Unread::NotAList),
                _ => {}
            }
        }
    }

    /// Go to the end of the element just entered.
    fn pass(&mut self) -> Read<()> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) if depth == DEEPEST => return Err(Unread::TooMuch),
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(Unread::NotAList),
                _ => {}
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Read<Event<'a>> {
        self.reader.read_event().map_err(|_| Unread::NotAList)
    }
}

fn set<T>(place: &mut Option<T>, told: Read<T>) -> Read<()> {
    *place = Some(told?);
    Ok(())
}

fn join<'a>(whole: &mut Text<'a>, part: Text<'a>) {
    if whole.is_empty() {
        *whole = part;
    } else {
        whole.to_mut().push_str(&part);
    }
}

/// What `&reference;` stands for: one character, or itself where it means nothing. Nothing is ever looked up in the document.
fn refer(whole: &mut String, reference: &str) {
    let number = reference.strip_prefix('#').and_then(|digits| match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    });
    match (resolve_predefined_entity(reference), number) {
        (Some(text), _) => whole.push_str(text),
        (None, Some(number)) => whole.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)),
        (None, None) => whole.extend(["&", reference, ";"]),
    }
}
