//! Reads a page of `DescribeInstances` in one pass, and of it only what a row needs.
//!
//! It takes what the SDK's reader takes (`src/aws/oracle.rs` holds the two against each other), and forgives more: a character that
//! XML does not allow, a reference that means nothing, and a number that is none cost themselves and not the page.
//!
//! The XML is taken apart here: nearly all elements of a page are passed over, and that costs a search for their ends. With an event for
//! each of them (`quick-xml`) a page takes twice the instructions.

use std::borrow::Cow;
use std::mem::size_of;
use std::sync::Arc;

use super::described::{Address, Association, Described, Interface, Ipv6, Operator, Reason, Text};
use super::texts::Texts;
use crate::model::{AccountId, Instance, Place};

const ROOT: &str = "DescribeInstancesResponse";
/// What stands around text without references.
const CDATA: (&str, &str) = ("<![CDATA[", "]]>");
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
    // Made anew only if it is not all text: the lossy reading is many times slower.
    let text = std::str::from_utf8(page).map_or_else(|_| String::from_utf8_lossy(page), Cow::Borrowed);
    Walk { ahead: &text, open: "", is_empty: false, kept: 0, texts: Texts::default() }.page(place)
}

/// A way through the elements of a page, one after the other.
struct Walk<'a> {
    /// What was not read yet.
    ahead: &'a str,
    /// The name of the element just entered.
    open: &'a str,
    /// Whether the element just entered was `<name/>`: it ends at once.
    is_empty: bool,
    /// Bytes that the parts found so far take.
    kept: usize,
    /// What rows have in common.
    texts: Texts,
}

/// What comes next.
enum Next<'a> {
    /// An element of this name begins.
    Start(&'a str),
    /// One of this name ends.
    End(&'a str),
    /// Text as it stands there, its references unread.
    Escaped(&'a str),
    /// Text that means itself.
    Plain(&'a str),
    /// For no reader of texts: a comment, an instruction, a declaration.
    Aside,
}

type Read<T> = Result<T, Unread>;

impl<'a> Walk<'a> {
    fn page(mut self, place: &Arc<Place>) -> Read<Page> {
        loop {
            match self.next()? {
                Next::Start(root) if local(root) == ROOT => break,
                Next::Start(_) | Next::End(_) => return Err(Unread::NotAList),
                Next::Escaped(_) | Next::Plain(_) | Next::Aside => {}
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
            match described.row(place, account.as_ref(), &mut self.texts) {
                Some(row) => page.rows.push(row),
                None => page.odd += 1,
            }
        }
        Ok(())
    }

    fn instance(&mut self) -> Read<Described<'a>> {
        let mut own = Described::default();
        self.children(|walk, name| match name {
            "instanceId" => walk.text_into(&mut own.id),
            "instanceState" => walk.child_into(&mut own.state, "name"),
            "stateReason" => walk.reason().map(|reason| own.state_reason = reason),
            "tagSet" => walk.list(&mut own.tags, |walk| walk.pair("key", "value")),
            "instanceType" => walk.text_into(&mut own.instance_type),
            "architecture" => walk.text_into(&mut own.architecture),
            "placement" => walk.child_into(&mut own.az, "availabilityZone"),
            "privateIpAddress" => walk.text_into(&mut own.private_ip),
            "ipAddress" => walk.text_into(&mut own.public_ip),
            "ipv6Address" => walk.text_into(&mut own.ipv6),
            "privateDnsName" => walk.text_into(&mut own.private_dns_name),
            "dnsName" => walk.text_into(&mut own.public_dns_name),
            "networkInterfaceSet" => walk.list(&mut own.interfaces, Self::interface),
            "imageId" => walk.text_into(&mut own.image),
            "keyName" => walk.text_into(&mut own.key_name),
            "vpcId" => walk.text_into(&mut own.vpc),
            "subnetId" => walk.text_into(&mut own.subnet),
            "groupSet" => walk.list(&mut own.security_groups, |walk| walk.pair("groupId", "groupName")),
            "launchTime" => walk.text().map(|time| own.launched = time.parse().ok()),
            "platform" => walk.text_into(&mut own.platform),
            "platformDetails" => walk.text_into(&mut own.platform_details),
            "metadataOptions" => walk.child_into(&mut own.metadata_endpoint, "httpEndpoint"),
            "instanceLifecycle" => walk.text_into(&mut own.lifecycle),
            "operator" => walk.operator().map(|operator| own.operator = operator),
            "rootDeviceType" => walk.text_into(&mut own.root_device),
            "hibernationOptions" => walk.child_into(&mut own.hibernation, "configured"),
            "iamInstanceProfile" => walk.child_into(&mut own.instance_profile_arn, "arn"),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn reason(&mut self) -> Read<Reason<'a>> {
        let mut own = Reason::default();
        self.children(|walk, name| match name {
            "code" => walk.text_into(&mut own.code),
            "message" => walk.text_into(&mut own.message),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn operator(&mut self) -> Read<Operator<'a>> {
        let mut own = Operator::default();
        self.children(|walk, name| match name {
            "managed" => walk.flag().map(|manages| own.manages = manages),
            "principal" => walk.text_into(&mut own.principal),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn interface(&mut self) -> Read<Interface<'a>> {
        let mut own = Interface::default();
        self.children(|walk, name| match name {
            "attachment" => {
                let mut index = None;
                walk.child_into(&mut index, "deviceIndex")?;
                own.device_index = index.and_then(|index| index.parse().ok());
                Ok(())
            }
            "networkInterfaceId" => walk.text_into(&mut own.id),
            "subnetId" => walk.text_into(&mut own.subnet),
            "groupSet" => walk.list(&mut own.groups, |walk| walk.pair("groupId", "groupName")),
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
            "privateIpAddress" => walk.text_into(&mut own.private_ip),
            "privateDnsName" => walk.text_into(&mut own.private_dns_name),
            "association" => walk.association().map(|association| own.association = association),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn association(&mut self) -> Read<Association<'a>> {
        let mut own = Association::default();
        self.children(|walk, name| match name {
            "publicIp" => walk.text_into(&mut own.public_ip),
            "publicDnsName" => walk.text_into(&mut own.public_dns_name),
            "carrierIp" | "customerOwnedIp" => walk.text_into(&mut own.carrier_ip),
            "ipOwnerId" => walk.text_into(&mut own.owner),
            _ => walk.pass(),
        })?;
        Ok(own)
    }

    fn ipv6(&mut self) -> Read<Ipv6<'a>> {
        let mut own = Ipv6::default();
        self.children(|walk, name| match name {
            "isPrimaryIpv6" => walk.flag().map(|is_primary| own.is_primary = is_primary),
            "ipv6Address" => walk.text_into(&mut own.address),
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
    fn child_into(&mut self, place: &mut Option<Text<'a>>, child: &str) -> Read<()> {
        *place = None;
        self.children(|walk, name| if name == child { walk.text_into(place) } else { walk.pass() })
    }

    fn text_into(&mut self, place: &mut Option<Text<'a>>) -> Read<()> {
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
        let own = self.open;
        loop {
            match self.next()? {
                Next::Start(child) => each(self, local(child))?,
                Next::End(name) => return ended(own, name),
                Next::Escaped(_) | Next::Plain(_) | Next::Aside => {}
            }
        }
    }

    /// The text of the element just entered, without that of elements in it.
    fn text(&mut self) -> Read<Text<'a>> {
        let own = self.open;
        let mut whole = Text::default();
        loop {
            match self.next()? {
                Next::Escaped(part) if !part.contains('&') => join(&mut whole, part),
                Next::Escaped(part) => refer(whole.to_mut(), part),
                Next::Plain(part) => join(&mut whole, part),
                Next::Start(_) => self.pass()?,
                Next::End(name) => return ended(own, name).map(|()| whole),
                Next::Aside => {}
            }
        }
    }

    /// Go behind the element just entered, without a look at what is in it.
    fn pass(&mut self) -> Read<()> {
        let own = self.open;
        if !self.is_empty {
            let inside = inside(self.ahead).ok_or(Unread::NotAList)?;
            self.take(inside);
        }
        if let Next::End(name) = self.next()? { ended(own, name) } else { Err(Unread::NotAList) }
    }

    /// Read on. A page that ends here is cut off: nothing is asked for behind the end of its first element.
    fn next(&mut self) -> Read<Next<'a>> {
        if std::mem::take(&mut self.is_empty) {
            return Ok(Next::End(self.open));
        }
        let markup = self.ahead;
        if !markup.starts_with('<') {
            let length = markup.bytes().position(|byte| byte == b'<').ok_or(Unread::NotAList)?;
            return Ok(Next::Escaped(self.take(length)));
        }
        let length = length(markup).ok_or(Unread::NotAList)?;
        let markup = self.take(length);
        let inner = markup.get(1..length - 1).unwrap_or_default();
        match inner.as_bytes().first() {
            Some(b'/') => Ok(Next::End(inner.get(1..).unwrap_or_default().trim_ascii_end())),
            Some(b'?') => Ok(Next::Aside),
            Some(b'!') => {
                let plain = markup.strip_prefix(CDATA.0).and_then(|rest| rest.strip_suffix(CDATA.1));
                Ok(plain.map_or(Next::Aside, Next::Plain))
            }
            _ => {
                let tag = inner.strip_suffix('/');
                self.is_empty = tag.is_some();
                let tag = tag.unwrap_or(inner);
                let name = tag.bytes().position(|byte| byte.is_ascii_whitespace()).and_then(|end| tag.get(..end));
                self.open = name.unwrap_or(tag);
                Ok(Next::Start(self.open))
            }
        }
    }

    /// Go on behind these bytes.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.ahead.split_at_checked(bytes).unwrap_or((self.ahead, ""));
        self.ahead = rest;
        taken
    }
}

/// Whether an element ends where it should: with its own name.
fn ended(own: &str, name: &str) -> Read<()> {
    if own == name { Ok(()) } else { Err(Unread::NotAList) }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.bytes().position(|byte| byte == b':').and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

/// How much of a text that begins inside an element is inside it.
fn inside(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'<')?;
        let markup = text.get(at..)?;
        let is_end = bytes.get(at + 1) == Some(&b'/');
        if is_end && depth == 0 {
            return Some(at);
        }
        let length = length(markup)?;
        match bytes.get(at + 1)? {
            b'/' => depth -= 1,
            b'!' | b'?' => {}
            _ => depth += usize::from(!markup.get(..length)?.ends_with("/>")),
        }
        at += length;
    }
}

/// How long the markup is that a text begins with.
fn length(markup: &str) -> Option<usize> {
    match markup.as_bytes().get(1)? {
        b'/' => markup.bytes().position(|byte| byte == b'>').map(|at| at + 1),
        b'?' => through(markup, "?>"),
        b'!' if markup.starts_with("<!--") => Some(4 + through(markup.get(4..)?, "-->")?),
        b'!' if markup.starts_with(CDATA.0) => through(markup, CDATA.1),
        b'!' => declaration(markup),
        _ => start_tag(markup),
    }
}

/// How long a start tag is; a `>` in the quotes of an attribute does not end it.
fn start_tag(markup: &str) -> Option<usize> {
    let bytes = markup.as_bytes();
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'>' | b'"' | b'\''))? + 1;
        let quote = *bytes.get(at - 1)?;
        if quote == b'>' {
            return Some(at);
        }
        at += bytes.get(at..)?.iter().position(|byte| *byte == quote)? + 1;
    }
}

/// How long a declaration is; brackets in it hold others.
fn declaration(markup: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let end = markup.bytes().position(|byte| {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        byte == b'>' && depth == 0
    })?;
    Some(end + 1)
}

/// How much of a text there is up to the end of `end`.
fn through(text: &str, end: &str) -> Option<usize> {
    text.find(end).map(|at| at + end.len())
}

fn set<T>(place: &mut Option<T>, told: Read<T>) -> Read<()> {
    *place = Some(told?);
    Ok(())
}

fn join<'a>(whole: &mut Text<'a>, part: &'a str) {
    if whole.is_empty() {
        *whole = Text::Borrowed(part);
    } else {
        whole.to_mut().push_str(part);
    }
}

/// Add a text with what its references stand for: one character each, or itself where it means nothing. Nothing is ever looked up in the
/// document.
fn refer(whole: &mut String, part: &str) {
    let mut sections = part.split('&');
    whole.extend(sections.next());
    for section in sections {
        let known = section.split_once(';').and_then(|(reference, rest)| Some((character(reference)?, rest)));
        match known {
            Some((character, rest)) => {
                whole.push(character);
                whole.push_str(rest);
            }
            None => whole.extend(["&", section]),
        }
    }
}

fn character(reference: &str) -> Option<char> {
    match reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = reference.strip_prefix('#')?;
            let number = match digits.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            Some(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
    }
}
